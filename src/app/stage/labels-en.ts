import type { StageLabels } from './contract.ts';
import { desiredWord } from './scene-duties.ts';

const duration = (s: number): string => {
  const whole = Math.max(0, Math.round(s));
  return whole < 60
    ? `${whole}\u2009s`
    : `${Math.floor(whole / 60)}\u2009m ${String(whole % 60).padStart(2, '0')}\u2009s`;
};
const clock = (s: number): string =>
  `${Math.floor(s / 60)}:${String(Math.max(0, Math.floor(s)) % 60).padStart(2, '0')}`;
const plural = (n: number, one: string): string => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

const isolated = {
  '': '',
  in: ', isolated for ingress',
  out: ', isolated for egress',
  both: ', isolated both ways',
} as const;
const figure = (n: number, unit: string): string =>
  Number.isNaN(n) ? 'unknown' : `${Math.round(n * 100) / 100}${unit && ` ${unit}`}`;

/** English words of the stage. */
export const stageLabelsEn: StageLabels = {
  stage: 'Cluster stage',
  controlPlane: 'Control plane',
  etcd: 'etcd',
  apiServer: 'API server',
  scheduler: 'scheduler',
  controllerManager: 'controller-manager',
  controllers: 'controllers',
  stopped: 'stopped',
  users: 'users',
  available: 'available',
  total: 'total',
  min: (n) => `min ${n}`,
  max: (n) => `max ${n}`,
  desired: (n) => `desired ${n}`,
  surge: (setting, product, n) => `maxSurge ${setting} → ⌈${product}⌉ = ${n}`,
  unavailable: (setting, product, n) => `maxUnavailable ${setting} → ⌊${product}⌋ = ${n}`,
  someAvailable: (n, of) => `${n} of ${of} available`,
  endpoints: (n) => plural(n, 'endpoint'),
  noReplicaSet: 'no ReplicaSet yet',
  noneYet: 'none yet',
  barePods: 'no owner',
  lastKnown: 'last known',
  tolerates: 'tolerates',
  nextTry: 'next try',
  inSeconds: (s) => `in ${duration(s)}`,
  noHeartbeat: (s) => `no heartbeat ${duration(s)}`,
  cordoned: 'cordoned',
  evictsIn: (s) => `evicts in ${clock(s)}`,
  dotIs: (n) => `1 dot = ${n} req`,
  perSecond: (n) => `${n.toLocaleString('en')} req/s`,
  workloads: (n) => plural(n, 'workload'),
  pageOf: (from, to, all) => `${from}–${to} of ${all}`,
  nextPage: 'Next workloads',
  previousPage: 'Previous workloads',
  more: (n) => `+${n}`,
  zone: (name) => `zone ${name}`,
  emptyTitle: 'Nothing runs here yet',
  emptyHint: 'Apply a manifest to begin',
  noNodes: 'No node has joined yet',
  disrupted: { preempted: 'preempted', evicted: 'evicted' },
  suspended: 'suspended',
  nextRun: (s) => `next run in ${duration(s)}`,
  runsActive: (n, skipped) =>
    (n === 0 ? 'no run now' : `${plural(n, 'run')} now`) + (skipped > 0 ? `, ${skipped} not started` : ''),
  jobWords: (j) => [
    j.completions === undefined ? `${j.succeeded} succeeded` : `${j.succeeded} of ${j.completions} succeeded`,
    j.suspended && j.end === '' ? 'suspended' : `${j.active} of ${j.parallelism} running`,
    `${j.failed} failed, limit ${j.backoffLimit}`,
  ],
  scalerReason: (s) => {
    const words: Readonly<Record<string, string>> = {
      TooManyReplicas: `held at max ${s.max}`,
      TooFewReplicas: `held at min ${s.min}`,
      ScaleDownStabilized: 'waits for calm',
      ScaleUpStabilized: 'waits for calm',
      ScaleUpLimit: 'step limit',
      ScaleDownLimit: 'step limit',
      SucceededRescale: `rescaled to ${s.desired}`,
      ScalingDisabled: 'off: 0 replicas',
      FailedGetResourceMetric: 'no metric',
      FailedGetScale: 'no target',
    };
    return words[s.reason] ?? (s.reason || (s.tolerated ? 'within ±10\u2009%' : `min ${s.min}, max ${s.max}`));
  },
  mayGo: (n) => (n === 0 ? 'none may go' : `${n} may go`),
  gateUnserved: 'nobody serves it',
  scalerSentence: (s) =>
    `HorizontalPodAutoscaler ${s.name}` +
    s.metrics.map((m) => `, ${m.name} ${figure(m.current, m.unit)} of ${figure(m.target, m.unit)}`).join('') +
    (Number.isNaN(s.wish) ? '' : `, asks for ${s.wish} from ${s.current}`) +
    `, desired ${desiredWord(s)}, at least ${s.min}, at most ${s.max}` +
    (s.reason ? `, ${s.reason}` : ''),
  budgetSentence: (b) =>
    `PodDisruptionBudget ${b.name}, ${b.setting}, healthy ${b.healthy} of at least ${b.wanted}, ` +
    `${b.allowed === 0 ? 'none' : b.allowed} may go`,
  gateSentence: (g) =>
    `Ingress ${g.name}${g.served ? '' : ', no controller serves it'}, ` +
    g.rules.map((r) => `${r.host}${r.path} to ${r.service}${r.uid ? '' : ' (missing)'}`).join(', '),
  claimSentence: (c) =>
    `PersistentVolumeClaim ${c.name}, ${c.size} ${c.modes}, ${c.phase}` +
    (c.volume ? ` to ${c.volume}` : '') +
    `, mounted by ${plural(c.pods.size, 'Pod')}`,
  policySentence: (p) =>
    `NetworkPolicy ${p.name}, isolates ${plural(p.pods, 'Pod')} for ` +
    [p.ingress && 'ingress', p.egress && 'egress'].filter(Boolean).join(' and '),
  message: (verb, what) => `${verb} → ${what}`,
  podSentence: (p) =>
    `Pod ${p.name}, ${p.node || (p.nominated ? `room is made on ${p.nominated}` : 'no node yet')}, ${p.isReady ? 'Ready' : p.status}` +
    (p.lastKnown ? ', last known state' : '') +
    (p.restarts ? `, ${plural(p.restarts, 'restart')}` : '') +
    (p.graceSeconds === undefined ? '' : `, ${p.graceSeconds} s of grace left`) +
    (p.retrySeconds === undefined ? '' : `, next try in ${p.retrySeconds} s`) +
    (p.isReady ? '' : `, containers ready ${p.ready}`) +
    (p.phase === p.status ? '' : `, phase ${p.phase}`) +
    isolated[p.isolated] +
    (p.disrupted && `, ${p.disrupted}`) +
    (p.priority === 0 ? '' : `, priority ${p.priority}`),
  nodeSentence: (n) =>
    `Node ${n.name}, ${n.ready === 'True' ? 'Ready' : 'NotReady'}` +
    (n.silentSeconds === undefined ? '' : `, no heartbeat for ${duration(n.silentSeconds)}`) +
    (n.cordoned ? ', cordoned' : '') +
    `, ${plural(n.pods, 'Pod')}, requested ${n.cpuRequestedPercent} % of its CPU and ${n.memoryRequestedPercent} % of its memory`,
  groupSentence: (g) => {
    if (g.job) return `Job ${g.name}, ${stageLabelsEn.jobWords(g.job).join(', ')}${g.job.end && `, ${g.job.end}`}`;
    if (g.cron)
      return (
        `CronJob ${g.name}, schedule ${g.cron.schedule}, ` +
        (g.cron.suspended ? 'suspended' : stageLabelsEn.nextRun(g.nextSeconds ?? 0)) +
        `, ${stageLabelsEn.runsActive(g.cron.active, g.cron.skipped)}`
      );
    return (
      `${g.kind} ${g.name}, ${g.available} of ${g.desired} available, ${g.total} in total` +
      (g.min === undefined ? '' : `, at least ${g.min}`) +
      (g.max === undefined ? '' : `, at most ${g.max}`)
    );
  },
  columnSentence: (kind, name, desired, current, ready) =>
    `${kind} ${name}, desired ${desired}, current ${current}, ready ${ready}`,
  serviceSentence: (s) =>
    `Service ${s.name}, ${s.type} ${s.address} ${s.ports}, ${plural(s.endpoints, 'endpoint')}` +
    (s.notReady ? `, ${s.notReady} not ready` : ''),
  processSentence: (name, stopped) => `${name}, ${stopped ? 'stopped' : 'running'}`,
  requestSentence: (target, ok, status, ms) =>
    `Request to ${target}, ${ok ? 'ok' : 'failed'}${status ? `, status ${status}` : ''}, ${ms} ms`,
};
