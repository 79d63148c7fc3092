import { expect, test } from 'vitest';
import { createWorld, type World } from '../kube/cluster.ts';
import type { Input, WorldConfig } from '../kube/inputs.ts';

/*
 * The first law, "state is data; code remembers nothing", held against a busy run: what a checkpoint shares must be immutable,
 * what it copies must not be reachable twice, and nothing may depend on which equal objects happen to be the same one.
 */

const config: WorldConfig = { seed: 5, nodes: 3 };

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 5
      containers:
      - name: web
        image: nginx:1.27
        ports: [{containerPort: 80}]
        resources: {requests: {cpu: 100m}, limits: {cpu: 200m, memory: 128Mi}}
        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 3}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}], sessionAffinity: ClientIP}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: words}
data: {hello: world}
---
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  volumes: [{name: words, configMap: {name: words}}, {name: scratch, emptyDir: {}}]
  containers:
  - name: sh
    image: busybox
    command: [sh, -c, 'for i in 1 2 3; do echo $i | cat >> /s/n; wget -qO- http://web; sleep 1; done; exit 3']
    livenessProbe: {exec: {command: [test, -e, /w/hello]}}
    volumeMounts: [{name: words, mountPath: /w}, {name: scratch, mountPath: /s}]
---
apiVersion: v1
kind: Pod
metadata: {name: nowhere}
spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: 'nginx:1.161'}]}
`;

const kubectl = (line: string, files?: Record<string, string>): Input => ({
  type: 'kubectl',
  line,
  ...(files && { files }),
});
const script: readonly (readonly [at: number, input: Input])[] = [
  [1000, kubectl('apply -f m.yaml', { 'm.yaml': manifest })],
  [8000, { type: 'traffic', source: { name: 'users', url: 'http://web', rps: 20, from: 'inside', timeoutMs: 1000 } }],
  [15_000, kubectl('set image deployment/web web=nginx:1.28')],
  [17_000, { type: 'fault', fault: { fault: 'node-crash', node: 'node-2' } }],
  [25_000, { type: 'fault', fault: { fault: 'process-stop', process: 'kube-apiserver' } }],
  [30_000, { type: 'fault', fault: { fault: 'process-start', process: 'kube-apiserver' } }],
  [40_000, kubectl('set image deployment/web web=nginx:1.161')],
  [70_000, { type: 'fault', fault: { fault: 'process-stop', process: 'kube-controller-manager' } }],
  [75_000, { type: 'fault', fault: { fault: 'process-start', process: 'kube-controller-manager' } }],
  [80_000, kubectl('rollout undo deployment/web')],
  [85_000, { type: 'fault', fault: { fault: 'node-start', node: 'node-2' } }],
  [95_000, kubectl('delete pod --all')],
  [105_000, kubectl('create namespace x')],
  [110_000, kubectl('delete deployment web')],
];

/** Plays the script; `look` is called after every `every` events. */
function play(every: number, look: (world: World) => void): World {
  const world = createWorld(config);
  const { kernel } = world;
  let count = 0;
  const runUntil = (at: number): void => {
    while (kernel.nextAt() <= at) {
      kernel.step();
      if (++count % every === 0) look(world);
    }
    kernel.runUntil(at);
  };
  for (const [i, [at, input]] of script.entries()) {
    runUntil(at);
    world.input(i, input);
  }
  runUntil(125_000);
  return world;
}

/** What a state tree holds that it must not, with its places. */
function breaches(root: unknown): string[] {
  const found = new Set<string>();
  const paths = new Map<object, string>();
  const walk = (value: unknown, path: string, frozenAbove: boolean): void => {
    const note = (what: string): void => void found.add(`${what}: ${path.replaceAll(/[0-9a-f]{8}-[\w-]+|\d+/g, '#')}`);
    if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') note(typeof value);
    if (Number.isNaN(value) || Object.is(value, -0)) note('a number that JSON does not know');
    if (value === null || typeof value !== 'object') return;
    const frozen = Object.isFrozen(value);
    const before = paths.get(value);
    if (before !== undefined) {
      if (!frozen && !frozenAbove) note(`mutable, and also at ${before}`);
      return;
    }
    paths.set(value, path);
    if (value instanceof Map || value instanceof Set) {
      if (frozen || frozenAbove) note('a Map or Set below something frozen: checkpoints would share it');
      if (value instanceof Set) for (const item of value) if (typeof item === 'object') note('an object in a Set');
      if (value instanceof Map) for (const [key, item] of value) walk(item, `${path}<${String(key)}>`, false);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype) note('no plain object');
    for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`, frozen || frozenAbove);
  };
  walk(root, 'state', false);
  return [...found];
}

test('the state is plain data: what checkpoints share is frozen, and nothing mutable stands in two places', () => {
  const found = new Set<string>();
  play(400, (world) => breaches(world.kernel.state).forEach((breach) => found.add(breach)));
  expect([...found]).toEqual([]);
});

/** A copy in which no two places share an object any more. */
function strangers<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, strangers(v)])) as T;
  if (value instanceof Set) return new Set(value) as T;
  const copy = Array.isArray(value)
    ? value.map(strangers)
    : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strangers(v)]));
  return (Object.isFrozen(value) ? Object.freeze(copy) : copy) as T;
}

test('nothing depends on identity: a world whose objects are replaced by equal ones goes the same way', () => {
  const straight = play(1, () => {});
  const replaced = play(499, ({ kernel }) => kernel.restore(strangers(kernel.state)));
  expect(replaced.kernel.digest()).toBe(straight.kernel.digest());
});
