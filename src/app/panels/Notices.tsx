import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { restartEngine } from '../engine.ts';
import { clock } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { dismissToast, useNotices } from '../stores/notices.ts';
import { useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';

/** Time that "Rewind" goes back, so that the same trouble does not strike at once. */
const rewindMs = 10_000;

/** Copies a text; where the browser refuses, the caller shows it instead. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The simulation stands still: what happened, the report to copy, and the way back. */
export function HaltStrip(): ReactNode {
  const t = useT();
  const halt = useNotices((s) => s.halt);
  const now = useTimeline((s) => s.now);
  const [copied, setCopied] = useState<boolean | null>(null);
  if (!halt) return null;
  const { seed } = useSettings.getState();
  const report = JSON.stringify(
    {
      error: halt.error,
      engine: halt.run?.engine,
      seed: halt.run?.world.seed ?? seed,
      at: now,
      journal: halt.run?.journal ?? null,
    },
    null,
    1,
  );
  return (
    <div className="strip" role="alert">
      <p>
        <b>{t(halt.kind === 'halted' ? 'halt.halted' : 'halt.died', { time: clock(now) })}</b>{' '}
        <span className="m">{halt.error}</span>
        {copied === false && (
          <textarea readOnly value={report} aria-label={t('halt.report')} rows={3} style={{ width: '100%' }} />
        )}
      </p>
      <button type="button" className="btn" onClick={() => void copyText(report).then(setCopied)}>
        {t(copied ? 'halt.copied' : 'halt.copy')}
      </button>
      <button
        type="button"
        className="btn primary"
        onClick={() => void restartEngine(halt.kind === 'halted' ? rewindMs : 0)}
      >
        {t(halt.kind === 'halted' ? 'halt.rewind' : 'halt.restart')}
      </button>
    </div>
  );
}

/** A shared run that was replayed but ended otherwise than recorded: it can be used, but it must be said. */
export function OtherEnd(): ReactNode {
  const t = useT();
  const broken = useNotices((s) => s.broken);
  if (broken?.why !== 'other-end' && broken?.why !== 'other-engine') return null;
  return (
    <div className="strip" role="alert">
      <p>{t(`open.${broken.why}`, { engine: broken.detail })}</p>
      <button type="button" className="btn" onClick={() => useNotices.setState({ broken: null })}>
        {t('close')}
      </button>
    </div>
  );
}

/** Refusals of the API server, in its own words. They stay until closed. */
export function Toasts(): ReactNode {
  const t = useT();
  const toasts = useNotices((s) => s.toasts);
  return (
    <div className="toasts" role="group" aria-label={t('toast.region')} aria-live="assertive">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <div>
            <b>{toast.title}</b>
            <pre className="m">{toast.detail}</pre>
          </div>
          <button type="button" className="icon-btn" aria-label={t('close')} onClick={() => dismissToast(toast.id)}>
            <X size={16} strokeWidth={1.75} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The one polite voice. */
export function LiveRegion(): ReactNode {
  const { text, count } = useNotices((s) => s.spoken);
  return (
    <div className="hidden" role="status" aria-live="polite">
      <span key={count}>{text}</span>
    </div>
  );
}
