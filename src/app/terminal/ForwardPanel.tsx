import { RotateCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reasonPhrase } from '../../kube/apimachinery/http.ts';
import type { Dialled } from '../../protocol/index.ts';
import { useT } from '../i18n/index.ts';
import { useTimeline } from '../stores/timeline.ts';
import { addressOf, headersOf, useForward, visit, type Forward } from './forward.ts';
import { plainText } from './plain.ts';

/** Characters of a body that are shown. */
const mostShown = 100_000;

/** A small browser for the ports that a line forwards. What comes back is text, never markup. */
export function ForwardPanel({ forward }: { readonly forward: Forward }): ReactNode {
  const t = useT();
  const { waiting, answer } = useForward();
  const playing = useTimeline((s) => s.playing);
  const [address, setAddress] = useState(`http://localhost:${forward.ports[0]!.local}/`);
  const [astray, setAstray] = useState(false);
  const go = (): void => {
    const to = addressOf(address, forward.ports);
    setAstray(to === null);
    if (!to) return;
    setAddress(`http://localhost:${to.port}${to.path}`);
    visit(forward, to);
  };
  const pairs = forward.ports.map(({ local, remote }) => `localhost:${local} → ${forward.pod}:${remote}`).join(', ');
  const says = astray
    ? t('forward.astray', { ports: forward.ports.map(({ local }) => `http://localhost:${local}`).join(', ') })
    : waiting
      ? t(playing ? 'forward.waiting' : 'forward.still')
      : answer
        ? outcomeOf(answer, (error) => t('forward.failed', { error }))
        : t('forward.hint');
  const bad = astray || (!waiting && answer !== null && (answer.status === 0 || answer.status >= 400));
  return (
    <section className="forward" aria-label={t('forward.label', { pod: forward.pod })}>
      <form
        className="forward-bar"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <input
          type="text"
          value={address}
          aria-label={t('forward.address')}
          aria-invalid={astray}
          title={pairs}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <button type="submit" className="text-btn">
          <RotateCw size={14} strokeWidth={1.75} aria-hidden /> {t('forward.reload')}
        </button>
      </form>
      <p role="status" className={bad ? 'bad' : ''}>
        {says}
      </p>
      {answer && answer.status !== 0 ? <Answer answer={answer} /> : null}
    </section>
  );
}

function Answer({ answer }: { readonly answer: Dialled }): ReactNode {
  const t = useT();
  const lines = Object.entries(headersOf(answer)).map(([name, value]) => `${name}: ${value}`);
  return (
    <>
      <details>
        <summary>{t('forward.headers', { count: lines.length })}</summary>
        <pre>{plainText(lines.join('\n'))}</pre>
      </details>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <pre className="forward-body" tabIndex={0} role="region" aria-label={t('forward.body')}>
        {plainText(answer.body.slice(0, mostShown))}
      </pre>
    </>
  );
}

/** The status line, or why there is none. */
const outcomeOf = ({ status, error }: Dialled, failed: (error: string) => string): string =>
  status === 0 ? failed(error ?? '') : `HTTP/1.1 ${status} ${reasonPhrase(status)}`.trimEnd();
