import { expect, test } from 'vitest';
import type { Deed } from '../../kernel/index.ts';
import { createWorld, type World } from '../cluster.ts';
import type { Fault, Input, WorldConfig } from '../inputs.ts';
import type { Observation } from '../observations.ts';
import { stretchOf } from './scrapes.ts';

test.each([
  // now, scraped since, started → window; the figures of a window that ends at 15 s are there from 25 s on
  [24_999, 0, 0, undefined],
  [25_000, 0, 0, 15_000],
  [25_000, 0, 3000, 12_000],
  [25_000, 0, 7000, undefined],
  [40_000, 0, 7000, 15_000],
  [40_000, 20_000, 7000, undefined],
  [55_000, 20_000, 7000, 15_000],
  [25_000, 0, 16_000, undefined],
] as const)('at %i ms, scraped since %i, started at %i: a window of %s', (now, since, startedAt, windowMs) => {
  expect(stretchOf(now, since, startedAt)?.windowMs).toBe(windowMs);
});

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
      - name: shop
        image: busy:1
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 200m}}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {type: NodePort, selector: {app: shop}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 10
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`;

interface Lab {
  readonly world: World;
  readonly deeds: Deed[];
  run(ms: number): void;
  input(input: Input): void;
  /** What a kubectl line printed, both streams. */
  kubectl(line: string): string;
  fault(fault: Fault): void;
  load(rps: number): void;
}

function open(config: Partial<WorldConfig> = {}): Lab {
  const world = createWorld({ seed: 1, nodes: 3, ...config });
  const deeds: Deed[] = [];
  let printed = '';
  world.kernel.observer = {
    deed: (deed) => void deeds.push(deed),
    observe(seen) {
      const result = seen as Observation;
      if (result.type === 'result') printed = result.stdout + result.stderr;
    },
  };
  const input = (given: Input): void => {
    world.input(1, given);
    world.kernel.runUntil(world.kernel.state.now);
  };
  const lab: Lab = {
    world,
    deeds,
    input,
    run: (ms) => world.kernel.runUntil(world.kernel.state.now + ms),
    kubectl(line) {
      input({ type: 'kubectl', line, files: { 'm.yaml': manifest } });
      return printed;
    },
    fault: (fault) => input({ type: 'fault', fault }),
    load: (rps) =>
      input({
        type: 'traffic',
        source: { name: 'users', url: 'http://node-1:30080', rps, from: 'outside', timeoutMs: 1000 },
      }),
  };
  lab.run(2000);
  lab.kubectl('apply -f m.yaml');
  return lab;
}

const decisions = (lab: Lab): string[] =>
  lab.deeds.filter(({ code }) => code.startsWith('hpa.')).map(({ code }) => code);

test('without the add-on there is no metrics API, and an autoscaler says so', () => {
  const lab = open({ metricsServer: false });
  lab.run(40_000);
  expect(lab.kubectl('top pod')).toBe('error: Metrics API not available\n');
  expect(lab.kubectl('get hpa --no-headers')).toContain('cpu: <unknown>/50%');
  expect(lab.kubectl('describe hpa shop')).toContain('the server could not find the requested resource (get pods.metrics.k8s.io)');
}); // prettier-ignore

test('while the add-on is stopped its API cannot be reached; a restart begins with nothing', () => {
  const lab = open();
  lab.run(60_000);
  expect(lab.kubectl('top pod --no-headers')).toMatch(/^shop-\S+ +0m +12Mi *\n/);
  lab.fault({ fault: 'process-stop', process: 'metrics-server' });
  expect(lab.kubectl('top pod')).toBe('Error from server (ServiceUnavailable): the server is currently unable to handle the request (get pods.metrics.k8s.io)\n'); // prettier-ignore
  lab.run(15_000);
  expect(decisions(lab).at(-1)).toBe('hpa.no-metrics');
  lab.fault({ fault: 'process-start', process: 'metrics-server' });
  expect(lab.kubectl('top pod')).toBe('error: metrics not available yet\n');
  lab.run(45_000);
  expect(lab.kubectl('top pod --no-headers')).toMatch(/^shop-\S+ +0m +12Mi *\n/);
});

test('a node that is cut off has no metrics, nor have its pods', () => {
  const lab = open();
  lab.run(60_000);
  lab.fault({ fault: 'node-cut', node: 'node-2' });
  expect(lab.kubectl('top node --no-headers')).toMatch(/node-2 +<unknown> +<unknown> +<unknown> +<unknown>/);
  expect(lab.kubectl('top pod --no-headers').trim().split('\n')).toHaveLength(1);
});

test('what a pod uses is the average of a whole window, some ten seconds old', () => {
  const lab = open();
  lab.run(58_000);
  lab.load(60); // from 60 s on: 2 × 300m
  const used = (): number =>
    lab.kubectl('top pod --no-headers').trim().split('\n').reduce((sum, row) => sum + Number(/ (\d+)m /.exec(row)![1]), 0); // prettier-ignore
  lab.run(24_000);
  expect(used()).toBe(0);
  lab.run(2000);
  expect(used()).toBeGreaterThan(570);
  expect(used()).toBeLessThan(630);
});

test('an autoscaler at rest costs nothing, and wakes as if it had looked all the time', () => {
  const lab = open();
  lab.run(700_000);
  const { steps } = lab.world.kernel.state;
  lab.run(3_600_000);
  expect(lab.world.kernel.state.steps).toBe(steps);
  const known = lab.deeds.length;
  lab.load(60);
  lab.run(60_000);
  const scales = lab.deeds.slice(known).filter(({ code }) => code.startsWith('hpa.scale'));
  expect(scales.map(({ params }) => params!['to'])).toEqual([4, 6]);
  // Its turns are those of its first sync: every 15 s.
  const first = lab.deeds.find(({ code }) => code.startsWith('hpa.'))!;
  for (const { at } of scales) expect((at - first.at) % 15_000).toBeLessThan(10);
});

test('every step is explained with its formula', () => {
  const lab = open();
  lab.run(58_000);
  lab.load(60);
  lab.run(90_000);
  const scale = lab.deeds.filter(({ code }) => code.startsWith('hpa.scale'));
  expect(scale.map(({ code, ref }) => [code, ref])).toEqual([
    ['hpa.scale-limited', 'deployments.apps/default/shop'],
    ['hpa.scale', 'deployments.apps/default/shop'],
  ]);
  expect(scale[0]!.params).toMatchObject({ from: 2, to: 4, wanted: 6, limit: 'max(2 × 2, 4) = 4' });
  expect(scale[0]!.params!['formula']).toMatch(/^⌈2 × 1\d\d \/ 50⌉$/);
  lab.load(0);
  lab.run(60_000);
  expect(lab.deeds.findLast(({ code }) => code.startsWith('hpa.'))).toMatchObject({
    code: 'hpa.stabilized',
    params: { replicas: 6, formula: '⌈6 × 0 / 50⌉', wanted: 0, seconds: 300 },
  });
});
