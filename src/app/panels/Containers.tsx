import { useEffect, useState, type ReactNode } from 'react';
import type { KubeObject } from '../../protocol/index.ts';
import { ask } from '../engine.ts';
import { Glyph } from '../Glyph.tsx';
import { useThrottled } from '../hooks.ts';
import { clock, memory } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { asPod, type PodLook } from '../objects/pod-state.ts';
import { sight } from '../sight.ts';
import { useClusterStore } from '../stores/cluster.ts';
import { useTimeline } from '../stores/timeline.ts';
import { Facet } from './Facet.tsx';

/** Lines of a log that are shown: its tail. */
const tail = 40;

interface State {
  readonly look: PodLook;
  readonly word: string;
}

type Status = NonNullable<NonNullable<ReturnType<typeof asPod>['status']>['containerStatuses']>[number];

function stateOf(status: Status | undefined): State {
  const { running, waiting, terminated } = status?.state ?? {};
  if (running) return status!.ready ? { look: 'ready', word: 'Running' } : { look: 'notready', word: 'Running' };
  if (terminated)
    return {
      look: terminated.exitCode === 0 ? 'succeeded' : 'failed',
      word: `${terminated.reason ?? 'Terminated'} (${terminated.exitCode})`,
    };
  const reason = waiting?.reason ?? 'Waiting';
  if (reason === 'CrashLoopBackOff') return { look: 'backoff', word: reason };
  return { look: reason.includes('Image') ? 'imagepull' : 'creating', word: reason };
}

/** A pod's containers: state, last end, use, and the tail of their logs. */
export function Containers({ object }: { readonly object: KubeObject }): ReactNode {
  const t = useT();
  const pod = asPod(object);
  useClusterStore((s) => s.versions['usage']);
  const use = sight().cluster.usage.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
  const init = pod.spec?.initContainers ?? [];
  const all = [...init, ...(pod.spec?.containers ?? [])];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return (
    <Facet title={t('inspect.containers')} aside={use && `${Math.round(use.cpuMilli)}m · ${memory(use.memoryBytes)}`}>
      {all.map((container, i) => {
        const status = statuses.find((s) => s.name === container.name);
        const state = stateOf(status);
        const last = status?.lastState?.terminated;
        return (
          <div key={container.name} className="container">
            <div className="chk">
              <Glyph look={state.look} />
              <b className="m">{container.name}</b>
              {i < init.length && <span className="muted">init</span>}
              <span className="val m">{state.word}</span>
            </div>
            <p className="m muted">{container.image}</p>
            {(status?.restartCount ?? 0) > 0 && (
              <p className="failed-text">
                {t('inspect.restarts', { count: status!.restartCount })}
                {last && `: ${last.reason ?? ''} (${last.exitCode})`}
              </p>
            )}
            <Log
              pod={pod.metadata.name}
              namespace={pod.metadata.namespace ?? 'default'}
              container={container.name}
              restarts={status?.restartCount ?? 0}
            />
            <Assumed image={container.image ?? ''} />
          </div>
        );
      })}
    </Facet>
  );
}

/** Says so when nobody here knows what an image really does. */
function Assumed({ image }: { readonly image: string }): ReactNode {
  const t = useT();
  const [assumed, setAssumed] = useState(false);
  useEffect(() => {
    let stale = false;
    ask({ type: 'image', image }).then(
      (result) => {
        if (!stale) setAssumed(result.assumed);
      },
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [image]);
  return assumed ? <p className="note">{t('inspect.assumed')}</p> : null;
}

function Log({
  namespace,
  pod,
  container,
  restarts,
}: {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly restarts: number;
}): ReactNode {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [previous, setPrevious] = useState(false);
  const [lines, setLines] = useState<readonly { readonly at: number; readonly text: string }[]>([]);
  const second = useThrottled(
    useTimeline((s) => Math.floor(s.now / 500)),
    500,
  );
  useEffect(() => {
    if (!open) return;
    let stale = false;
    sight()
      .ask({ type: 'logs', namespace, pod, container, previous })
      .then(
        (result) => {
          if (!stale) setLines(result.lines.slice(-tail));
        },
        () => {},
      );
    return () => {
      stale = true;
    };
  }, [open, previous, namespace, pod, container, second]);
  return (
    <details className="log" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('inspect.logs')}</summary>
      {restarts > 0 && (
        <label className="row">
          <input type="checkbox" checked={previous} onChange={(event) => setPrevious(event.currentTarget.checked)} />
          {t('inspect.previous')}
        </label>
      )}
      {lines.length === 0 ? (
        <p className="muted">{t('inspect.no-logs')}</p>
      ) : (
        // It scrolls, so it must be reachable.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="m" tabIndex={0} aria-label={t('inspect.logs')}>
          {lines.map((line) => `${clock(line.at)}  ${line.text}`).join('\n')}
        </pre>
      )}
    </details>
  );
}
