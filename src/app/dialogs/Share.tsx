import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { SavedRun } from '../../protocol/index.ts';
import { exportRun } from '../engine.ts';
import { count } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { copyText } from '../panels/Notices.tsx';
import { linkOf, longestLink } from '../share.ts';
import { useSettings } from '../stores/settings.ts';

/** Saves the run as a file. */
function download(run: SavedRun): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(run, null, 1)], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = `run-${Math.round(run.at / 1000)}s.kubarium.json`;
  anchor.click();
  // The browser has taken the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The run as a link or a file. */
export function Share(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const [made, setMade] = useState<{ link: string; run: SavedRun } | 'failed' | null>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    let stale = false;
    const make = async (): Promise<void> => {
      try {
        const run = { ...(await exportRun()), lang };
        const link = `${location.href.split('#')[0]!.split('?')[0]!}${await linkOf(run)}`;
        if (stale) return;
        setMade({ link, run });
        // Whoever asks for a link wants it in the clipboard; where the browser refuses, the button is there.
        if (link.length <= longestLink && (await copyText(link)) && !stale) setCopied(true);
      } catch {
        if (!stale) setMade('failed');
      }
    };
    void make();
    return () => {
      stale = true;
    };
  }, [lang]);
  return (
    <div className="dialog-body">
      <p className="prose">{t('share.about')}</p>
      {made === null && <p className="muted">{t('share.making')}</p>}
      {made === 'failed' && <p className="failed-text">{t('share.failed')}</p>}
      {made !== null && made !== 'failed' && (
        <>
          <div className="row">
            <input
              ref={field}
              className="field m"
              readOnly
              value={made.link}
              aria-label={t('share.link')}
              onFocus={(event) => event.currentTarget.select()}
            />
            <button
              type="button"
              className={`btn ${made.link.length > longestLink ? '' : 'primary'}`}
              onClick={() => {
                field.current?.select();
                void copyText(made.link).then(setCopied);
              }}
            >
              {t(copied ? 'share.copied' : 'share.copy')}
            </button>
          </div>
          <p className={made.link.length > longestLink ? 'waiting-text' : 'muted'} role="status">
            {made.link.length > longestLink
              ? t('share.long', { length: count(made.link.length) })
              : t('share.length', { length: count(made.link.length) })}
            {copied === false && ` ${t('share.copy.failed')}`}
          </p>
          <div className="row">
            <button
              type="button"
              className={`btn ${made.link.length > longestLink ? 'primary' : ''}`}
              onClick={() => download(made.run)}
            >
              {t('share.file')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
