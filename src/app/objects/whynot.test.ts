import { expect, test } from 'vitest';
import { timestamp } from '../../kube/apimachinery/meta.ts';
import type { KubeObject, SchedulingAttempt } from '../../protocol/index.ts';
import { object, pod, table } from './fixtures.ts';
import { whyNot, type WhyNot, type WhyNotWorld } from './whynot.ts';

const readyNode = object('Node', 'node-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });

function ask(
  resource: string,
  of: KubeObject,
  tables: Record<string, Map<string, KubeObject>> = {},
  more: Partial<WhyNotWorld> = {},
): WhyNot[] {
  const all: Record<string, Map<string, KubeObject>> = { nodes: table(readyNode), ...tables };
  return whyNot({ resource, key: of.metadata.name, uid: of.metadata.uid }, of, {
    of: (r) => all[r] ?? new Map(),
    now: 60_000,
    attempt: null,
    stopped: [],
    sources: [],
    ...more,
  });
}

const reasons = (list: readonly WhyNot[], question: string): unknown[] =>
  list.find((q) => q.question === question)?.reasons.map((r) => [r.key, r.values ?? {}]) ?? [];

const asking = (cpu: string): object => ({ containers: [{ name: 'app', resources: { requests: { cpu } } }] });

test('a pod without a node is explained by every node’s verdict', () => {
  const waiting = pod('big', { node: '', phase: 'Pending', spec: asking('1500m') });
  const nodes = table(object('Node', 'node-1', { status: { allocatable: { cpu: '2' } } }));
  const pods = table(pod('other', { spec: asking('800m') }));
  const attempt: SchedulingAttempt = {
    type: 'scheduling',
    at: 0,
    pod: 'default/big',
    uid: waiting.metadata.uid,
    nodes: [
      { name: 'node-1', rejectedBy: 'NodeResourcesFit', reason: 'Insufficient cpu' },
      { name: 'node-2', rejectedBy: 'TaintToleration', reason: 'had untolerated taint' },
    ],
  };
  expect(reasons(ask('pods', waiting, { nodes, pods }, { attempt }), 'whynot.q.scheduled')).toEqual([
    ['whynot.node', { node: 'node-1', plugin: 'NodeResourcesFit' }],
    ['whynot.room', { resource: 'cpu', asked: '1500m', free: '1200m', all: '2' }],
    ['whynot.node', { node: 'node-2', plugin: 'TaintToleration' }],
  ]);
  expect(reasons(ask('pods', waiting, {}, { stopped: ['kube-scheduler'] }), 'whynot.q.scheduled')).toEqual([
    ['whynot.process', { process: 'kube-scheduler' }],
  ]);
});

test('a crash loop names its exit code and restarts', () => {
  const crashing = pod('orders', { restarts: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } });
  const status = (crashing['status'] as { containerStatuses: { lastState?: object }[] }).containerStatuses[0]!;
  status.lastState = { terminated: { exitCode: 1 } };
  expect(reasons(ask('pods', crashing), 'whynot.q.ready')).toEqual([
    ['whynot.backoff', { container: 'shop', reason: 'CrashLoopBackOff', count: 3, code: 1 }],
  ]);
});

test('a bare pod would not be replaced, an owned one would', () => {
  expect(reasons(ask('pods', pod('hello', { ready: true })), 'whynot.q.replaced')).toEqual([['whynot.bare', {}]]);
  const owned = pod('web-1', { ready: true, metadata: { ownerReferences: [{ controller: true, uid: 'rs' }] } });
  expect(reasons(ask('pods', owned), 'whynot.q.replaced')).toEqual([]);
});

test('a ready pod that no Service selects gets no traffic, and its labels are said', () => {
  const lonely = pod('web-1', { ready: true, metadata: { labels: { app: 'web' } } });
  const typo = object('Service', 'web', { spec: { selector: { app: 'wbe' } } });
  expect(reasons(ask('pods', lonely, { services: table(typo) }), 'whynot.q.traffic')).toEqual([
    ['whynot.no-service', { labels: 'app=web' }],
  ]);
  expect(reasons(ask('services', typo, { pods: table(lonely) }), 'whynot.q.service')).toEqual([
    ['whynot.nobody', { selector: 'app=wbe' }],
    ['whynot.no-source', { services: 'web' }],
  ]);
});

test('a stalled rollout tells its bounds, its pods, and that nothing rolls back', () => {
  const deployment = object('Deployment', 'web', {
    spec: { replicas: 4 },
    status: {
      replicas: 5,
      updatedReplicas: 2,
      availableReplicas: 3,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'm' }],
    },
  });
  const set = object('ReplicaSet', 'web-2', {
    metadata: { ownerReferences: [{ controller: true, uid: deployment.metadata.uid }] },
  });
  const stuck = pod('web-2-a', {
    state: { waiting: { reason: 'ImagePullBackOff' } },
    phase: 'Pending',
    metadata: { ownerReferences: [{ controller: true, uid: set.metadata.uid }] },
  });
  const answer = ask('deployments.apps', deployment, { 'replicasets.apps': table(set), pods: table(stuck) });
  expect(reasons(answer, 'whynot.q.rollout')).toEqual([
    ['whynot.at-most', { replicas: 5, most: 5 }],
    ['whynot.at-least', { available: 3, fewest: 3 }],
    ['whynot.pods', { count: 1, word: 'ImagePullBackOff' }],
    ['whynot.deadline', {}],
  ]);
  expect(reasons(answer, 'whynot.q.rollback')).toEqual([['whynot.no-rollback', {}]]);
});

test('a lost node counts down to the eviction of its pods', () => {
  const lost = object('Node', 'node-2', {
    spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: timestamp(50_000) }] },
    status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] },
  });
  const tolerations = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', tolerationSeconds: 300 }];
  const pods = table(
    pod('a', { node: 'node-2', spec: { tolerations } }),
    pod('b', { node: 'node-2', spec: { tolerations } }),
  );
  const lease = object('Lease', 'node-2', {
    metadata: { namespace: 'kube-node-lease' },
    spec: { renewTime: timestamp(10_000) },
  });
  const answer = ask('nodes', lost, { pods, 'leases.coordination.k8s.io': table(lease) });
  expect(reasons(answer, 'whynot.q.node')[0]).toEqual(['whynot.lease', { seconds: 50 }]);
  expect(reasons(answer, 'whynot.q.evicted')).toEqual([
    ['whynot.tolerates', { count: 2, seconds: 300, taint: 'node.kubernetes.io/unreachable', left: 290 }],
  ]);
});

test('a budget that allows nothing says what it needs and has, and stands behind the pod that it protects', () => {
  const budget = (name: string, status: object): KubeObject =>
    object('PodDisruptionBudget', name, {
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
      status,
    });
  const full = budget('web', { expectedPods: 2, currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 });
  const spare = budget('spare', { expectedPods: 3, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
  const why = [['whynot.budget', { name: 'web', desired: 2, healthy: 2 }]];
  expect(reasons(ask('poddisruptionbudgets.policy', full), 'whynot.q.evictions')).toEqual(why);
  expect(ask('poddisruptionbudgets.policy', spare)).toEqual([]);
  const running = pod('web-1', { ready: true, metadata: { labels: { app: 'web' } } });
  const answers = (...budgets: KubeObject[]): unknown[] =>
    reasons(ask('pods', running, { 'poddisruptionbudgets.policy': table(...budgets) }), 'whynot.q.evict');
  expect(answers(full)).toEqual(why);
  expect(answers(spare)).toEqual([]);
  expect(answers(full, spare)).toEqual([['whynot.budgets', { budgets: 'web, spare' }]]);
});

test('where an autoscaler sets the number, load is read by it, and it is asked', () => {
  const set = object('ReplicaSet', 'web', { spec: { replicas: 2 }, status: { replicas: 2 } });
  const count = { kind: 'ReplicaSet', current: 2, desired: 2 };
  expect(reasons(ask('replicasets.apps', set), 'whynot.q.more')).toEqual([['whynot.count', count]]);
  const hpa = object('HorizontalPodAutoscaler', 'grow', {
    spec: { scaleTargetRef: { kind: 'ReplicaSet', name: 'web' } },
    status: { desiredReplicas: 2 },
  });
  const world = { 'horizontalpodautoscalers.autoscaling': table(hpa) };
  expect(reasons(ask('replicasets.apps', set, world), 'whynot.q.more')).toEqual([
    ['whynot.scaler', { name: 'grow', desired: 2 }],
    ['whynot.count.scaled', count],
  ]);
});
