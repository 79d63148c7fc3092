import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { clock, latency } from '../i18n/format.ts';
import { useT, type Key } from '../i18n/index.ts';
import { hopTableKo } from '../i18n/ko/hops.ts';
import { useSettings } from '../stores/settings.ts';
import type { Hop } from '../../protocol/index.ts';
import { selectByRef, useSelection } from '../stores/selection.ts';

/** What happened at a stop, in the page's language. */
function hopText(hop: Hop, lang: string): string {
  const template = lang === 'ko' && hop.code ? hopTableKo[hop.code] : undefined;
  return template?.replace(/\{(\w+)\}/g, (whole, name: string) => String(hop.params?.[name] ?? whole)) ?? hop.detail;
}

const told = new Set(['client', 'dns', 'service', 'kube-proxy', 'policy', 'pod', 'ingress', 'container', 'reply']);
const failures = new Set(['dns', 'no-endpoints', 'refused', 'reset', 'timeout', 'policy', 'status']);

const close = (): void => useSelection.setState({ request: null });

/** The way of a clicked request: every stop with its time. */
export function RequestPanel(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const shown = useSelection((s) => s.request);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.focus();
    const leave = (event: KeyboardEvent): void => {
      if (event.code === 'Escape') close();
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [shown]);
  if (!shown) return null;
  const { record, x, y } = shown;
  const left = Math.max(8, Math.min(x + 14, innerWidth - 348));
  const top = Math.max(52, Math.min(y - 30, innerHeight - 330));
  return (
    <div
      ref={panel}
      className="request"
      role="dialog"
      aria-label={t('request.label', { target: record.target })}
      tabIndex={-1}
      style={{ left, top }}
    >
      <header>
        <b className="m">{record.target}</b>
        <span className={record.ok ? 'ready-text' : 'failed-text'}>
          {record.status > 0 ? record.status : t('request.none')} · {latency(record.endedAt - record.startedAt)}
        </span>
        <button type="button" className="icon-btn" aria-label={t('close')} onClick={close}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </header>
      {record.failure && failures.has(record.failure) && (
        <p className="failed-text">{t(`request.failure.${record.failure}` as Key)}</p>
      )}
      <ol>
        {record.hops.map((hop, i) => (
          <li key={i}>
            <time className="m">+{Math.round(hop.at - record.startedAt)}</time>
            <span>
              <b>{told.has(hop.what) ? t(`request.hop.${hop.what}` as Key) : hop.what}</b>{' '}
              {hop.ref ? (
                <button type="button" className="link-btn m" onClick={() => selectByRef(hop.ref!)}>
                  {hop.ref.split('/').at(-1)}
                </button>
              ) : null}
              <span className="muted hop-detail">{hopText(hop, lang)}</span>
            </span>
          </li>
        ))}
      </ol>
      <p className="muted">
        {record.source} · {clock(record.startedAt)}
      </p>
    </div>
  );
}
