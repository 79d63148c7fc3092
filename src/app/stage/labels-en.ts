import type { StageLabels } from './contract.ts';

const duration = (s: number): string => {
  const whole = Math.max(0, Math.round(s));
  return whole < 60
    ? `${whole}\u2009s`
    : `${Math.floor(whole / 60)}\u2009m ${String(whole % 60).padStart(2, '0')}\u2009s`;
};
const clock = (s: number): string =>
  `${Math.floor(s / 60)}:${String(Math.max(0, Math.floor(s)) % 60).padStart(2, '0')}`;
const plural = (n: number, one: string): string => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

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
  message: (verb, what) => `${verb} → ${what}`,
  podSentence: (p) =>
    `Pod ${p.name}, ${p.node || 'no node yet'}, ${p.isReady ? 'Ready' : p.status}` +
    (p.lastKnown ? ', last known state' : '') +
    (p.restarts ? `, ${plural(p.restarts, 'restart')}` : '') +
    (p.graceSeconds === undefined ? '' : `, ${p.graceSeconds} s of grace left`) +
    (p.retrySeconds === undefined ? '' : `, next try in ${p.retrySeconds} s`) +
    (p.isReady ? '' : `, containers ready ${p.ready}`) +
    (p.phase === p.status ? '' : `, phase ${p.phase}`),
  nodeSentence: (n) =>
    `Node ${n.name}, ${n.ready === 'True' ? 'Ready' : 'NotReady'}` +
    (n.silentSeconds === undefined ? '' : `, no heartbeat for ${duration(n.silentSeconds)}`) +
    (n.cordoned ? ', cordoned' : '') +
    `, ${plural(n.pods, 'Pod')}, requested ${n.cpuRequestedPercent} % of its CPU and ${n.memoryRequestedPercent} % of its memory`,
  groupSentence: (g) =>
    `${g.kind} ${g.name}, ${g.available} of ${g.desired} available, ${g.total} in total` +
    (g.min === undefined ? '' : `, at least ${g.min}`) +
    (g.max === undefined ? '' : `, at most ${g.max}`),
  columnSentence: (kind, name, desired, current, ready) =>
    `${kind} ${name}, desired ${desired}, current ${current}, ready ${ready}`,
  serviceSentence: (s) =>
    `Service ${s.name}, ${s.type} ${s.address} ${s.ports}, ${plural(s.endpoints, 'endpoint')}` +
    (s.notReady ? `, ${s.notReady} not ready` : ''),
  processSentence: (name, stopped) => `${name}, ${stopped ? 'stopped' : 'running'}`,
  requestSentence: (target, ok, status, ms) =>
    `Request to ${target}, ${ok ? 'ok' : 'failed'}${status ? `, status ${status}` : ''}, ${ms} ms`,
};
