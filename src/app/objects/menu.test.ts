import { expect, test } from 'vitest';
import { object, pod } from './fixtures.ts';
import { menuFor, type MenuWorld } from './menu.ts';

const world: MenuWorld = {
  machines: [{ name: 'node-1', up: true, cut: false }],
  stopped: [],
  sources: [{ name: 'users', url: 'http://web', rps: 40, from: 'inside', timeoutMs: 2000 }],
};
const keysOf = (resource: string, of: ReturnType<typeof object> | null, key = 'x', w = world): string[] =>
  menuFor({ resource, key, uid: 'u' }, of, w).map((item) => item.key);

test('a running pod can be deleted, crashed and healed; one that waits for its image cannot be crashed', () => {
  expect(keysOf('pods', pod('web-1', { ready: true }))).toContain('menu.container.crash');
  const waiting = pod('web-1', { phase: 'Pending', state: { waiting: { reason: 'ContainerCreating' } } });
  expect(keysOf('pods', waiting)).toEqual(expect.arrayContaining(['menu.pod.delete', 'menu.image.slow']));
  expect(keysOf('pods', waiting)).not.toContain('menu.container.crash');
});

test('what kubectl does is a kubectl line, in the pod’s own namespace', () => {
  const [first] = menuFor(
    { resource: 'pods', key: 'shop/a', uid: 'u' },
    pod('a', { metadata: { namespace: 'shop' } }),
    world,
  );
  expect(first?.deed).toEqual({ type: 'kubectl', line: 'delete pod a -n shop' });
});

test('a node that is down or cut off offers its way back', () => {
  const node = object('Node', 'node-1');
  expect(keysOf('nodes', node)).toEqual([
    'menu.node.crash',
    'menu.node.cut',
    'menu.node.cordon',
    'menu.node.drain',
    'menu.node.add',
  ]);
  const down = { ...world, machines: [{ name: 'node-1', up: false, cut: true }] };
  expect(keysOf('nodes', { ...node, spec: { unschedulable: true } }, 'node-1', down)).toEqual([
    'menu.node.start',
    'menu.node.reconnect',
    'menu.node.uncordon',
    'menu.node.drain',
    'menu.node.add',
  ]);
});

test('traffic of a service is multiplied from what it is now, and can be started where there is none', () => {
  const double = menuFor({ resource: 'services', key: 'default/web', uid: 'u' }, object('Service', 'web'), world)[0];
  expect(double?.deed).toMatchObject({ type: 'traffic', source: { name: 'users', rps: 80 } });
  const start = menuFor({ resource: 'services', key: 'default/api', uid: 'u' }, object('Service', 'api'), world)[0];
  expect(start?.deed).toMatchObject({ type: 'traffic', source: { url: 'http://api.default', rps: 40 } });
});

test('what keeps a number of pods can be scaled, and autoscaled unless it is already', () => {
  const set = { ...object('StatefulSet', 'db'), spec: { replicas: 2 } };
  const lines = menuFor({ resource: 'statefulsets.apps', key: 'default/db', uid: 'u' }, set, world).map((i) => i.deed);
  expect(lines).toContainEqual({ type: 'kubectl', line: 'scale statefulset db --replicas=3' });
  expect(lines).toContainEqual({ type: 'kubectl', line: 'autoscale statefulset db --min=2 --max=10 --cpu=50%' });
  const scaled = { ...world, scaled: true };
  expect(keysOf('statefulsets.apps', set, 'default/db', scaled)).not.toContain('menu.autoscale');
  expect(keysOf('daemonsets.apps', object('DaemonSet', 'agent'))).not.toContain('menu.deployment.scale');
});

test('a CronJob can be suspended and run out of turn', () => {
  const cron = { ...object('CronJob', 'hello'), spec: { suspend: false } };
  const lines = menuFor({ resource: 'cronjobs.batch', key: 'default/hello', uid: 'u' }, cron, {
    ...world,
    now: 65_000,
  });
  expect(lines.map((i) => (i.deed.type === 'kubectl' ? i.deed.line : ''))).toEqual([
    'create job hello-manual-65 --from=cronjob/hello',
    `patch cronjob hello -p '{"spec":{"suspend":true}}'`,
    'delete cronjob hello',
  ]);
});

test('a stopped process can only be started', () => {
  expect(keysOf('processes', null, 'kube-scheduler')).toEqual(['menu.process.stop']);
  expect(keysOf('processes', null, 'kube-scheduler', { ...world, stopped: ['kube-scheduler'] })).toEqual([
    'menu.process.start',
  ]);
  expect(keysOf('processes', null, 'etcd')).toEqual([]);
});

test('the controllers, a policy and an autoscaler offer what looks after the whole cluster, and its way back', () => {
  const broken = { ...world, stopped: ['metrics-server'], ignoresPolicies: true };
  const manager = ['processes', null, 'kube-controller-manager'] as const;
  expect(keysOf(...manager)).toEqual(['menu.process.stop', 'menu.process.stop', 'menu.policies.ignore']);
  expect(keysOf(...manager, broken)).toEqual(['menu.process.stop', 'menu.process.start', 'menu.policies.enforce']);
  const policy = ['networkpolicies.networking.k8s.io', object('NetworkPolicy', 'deny'), 'x'] as const;
  expect(keysOf(...policy, broken)).toEqual(['menu.policies.enforce', 'menu.delete']);
  const scaler = object('HorizontalPodAutoscaler', 'web');
  const [first] = menuFor({ resource: 'horizontalpodautoscalers.autoscaling', key: 'x', uid: 'u' }, scaler, broken);
  expect(first).toMatchObject({ deed: { fault: { fault: 'process-start', process: 'metrics-server' } }, mends: true });
});

test('where there is no metrics-server none is offered to be stopped', () => {
  const without = { ...world, metricsServer: false };
  const hpa = object('HorizontalPodAutoscaler', 'web');
  const said = (w: MenuWorld): unknown[] => [
    ...menuFor({ resource: 'horizontalpodautoscalers.autoscaling', key: 'default/web', uid: 'u' }, hpa, w),
    ...menuFor({ resource: 'processes', key: 'kube-controller-manager', uid: 'p' }, null, w),
  ];
  expect(JSON.stringify(said(world)).match(/process-stop","process":"metrics-server/g)).toHaveLength(2);
  expect(JSON.stringify(said(without))).not.toContain('metrics-server');
});
