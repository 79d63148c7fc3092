import type { Deed, Frame } from '../protocol/index.ts';
import type { Deployment } from '../kube/apis/index.ts';
import { isYours, sentence, shortLabel } from './deeds.ts';
import { onFrames, type Fresh } from './engine.ts';
import { t } from './i18n/index.ts';
import { plain } from './Rich.tsx';
import { objectsOf } from './stores/cluster.ts';
import { useNotices } from './stores/notices.ts';
import { useSettings } from './stores/settings.ts';

/** At most one message in this time. */
const silenceMs = 2000;

let pending: Deed[] = [];
let lastSpoken = -Infinity;
let timer: ReturnType<typeof setTimeout> | null = null;

function speak(text: string): void {
  const { spoken } = useNotices.getState();
  useNotices.setState({ spoken: { text, count: spoken.count + 1 } });
  lastSpoken = performance.now();
}

/** Codes of controllers that make and remove pods, whichever of them it is. */
const creates = /\.create-(pod|index)$|^job\.retry-pod$/;
const deletes =
  /\.delete-pod$|^(statefulset\.(scale-down|update-pod)|daemonset\.(update-pod|delete-)|scheduler\.preempt)/;

const countOf = (deeds: readonly Deed[], codes: readonly string[]): number =>
  deeds.filter((d) => codes.includes(d.code)).length;

/** State of the workloads: `web 3 of 3 ready`. At most three, those that are short of something first. */
export function workloadSummary(): string {
  const all = [...objectsOf('deployments.apps').values()].map((object) => {
    const deployment = object as unknown as Deployment;
    const ready = deployment.status?.readyReplicas ?? 0;
    const desired = deployment.spec?.replicas ?? 0;
    return { name: object.metadata.name, ready, desired };
  });
  all.sort((a, b) => b.desired - b.ready - (a.desired - a.ready));
  return all
    .slice(0, 3)
    .map((w) => t('live.workload', w))
    .join(', ');
}

/** Summarises deeds by importance: the learner's own, then what died and was born, else the newest one. */
export function summarise(deeds: readonly Deed[]): string {
  const parts: string[] = [];
  for (const deed of deeds.filter(isYours).slice(-2)) parts.push(t('live.you', { what: shortLabel(t, deed) }));
  const gone = countOf(deeds, ['kubelet.pod-removed', 'podgc.delete']);
  const deleted = deeds.filter((d) => deletes.test(d.code)).length;
  const created = deeds.filter((d) => creates.test(d.code)).length;
  const crashed = deeds.filter((d) => d.code === 'kubelet.container-exited' && d.params?.['exitCode'] !== 0).length;
  if (crashed > 0) parts.push(t('live.crashed', { count: crashed }));
  if (deleted > 0) parts.push(t('live.deleted', { count: deleted }));
  if (gone > 0) parts.push(t('live.gone', { count: gone }));
  if (created > 0) parts.push(t('live.created', { count: created }));
  for (const deed of deeds.filter((d) => d.code.startsWith('nodelifecycle.') && !d.code.includes('taint')).slice(-1))
    parts.push(plain(sentence(t, deed)));
  if (parts.length === 0) parts.push(plain(sentence(t, deeds.at(-1)!)));
  const workloads = workloadSummary();
  return `${parts.join(', ')}${workloads ? `; ${workloads}` : ''}.`;
}

function flush(): void {
  timer = null;
  if (pending.length === 0) return;
  speak(summarise(pending));
  pending = [];
}

function listen(frame: Frame, fresh: Fresh): void {
  // Silent in the past and in fast motion: nobody can listen to an hour in six seconds.
  if (fresh.reset) useNotices.setState({ spoken: { text: '', count: 0 } }); // another run's or branch's sentence
  if (fresh.reset || frame.speed === 60 || frame.speed === 600) {
    pending = [];
    return;
  }
  pending.push(...fresh.deeds.filter((d) => d.at > frame.now - 10_000));
  if (pending.length > 0 && timer === null)
    timer = setTimeout(flush, Math.max(250, lastSpoken + silenceMs - performance.now()));
}

/** Starts the one polite voice of the page. What it said in another language is not left to be read. */
export function startLive(): () => void {
  const stops = [
    onFrames(listen),
    useSettings.subscribe((now, before) => {
      if (now.lang !== before.lang) useNotices.setState({ spoken: { text: '', count: 0 } });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Alt+S: reads the present state. */
export function speakSummary(): void {
  speak(workloadSummary() || t('live.nothing'));
}
