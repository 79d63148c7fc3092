import { expect, test } from 'vitest';
import { controlPlane, type ControlPlane } from '../../../testing/world.ts';
import type { HorizontalPodAutoscaler } from '../../apis/index.ts';

const template = (labels: string): string => `
    metadata: {labels: ${labels}}
    spec:
      containers:
      - {name: app, image: 'nginx:1.29', resources: {requests: {cpu: 100m}}}`;
const targets = {
  Deployment: `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:${template('{app: web}')}`,
  ReplicaSet: `apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:${template('{app: web}')}`,
  StatefulSet: `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 2
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: web}}
  template:${template('{app: web}')}`,
  ReplicationController: `apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  replicas: 2
  selector: {app: web}
  template:${template('{app: web}')}`,
};

const autoscaler = (apiVersion: string, kind: string, metrics: string, behavior = '{}'): string => `
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: ${apiVersion}, kind: ${kind}, name: web}
  maxReplicas: 10
  metrics: ${metrics}
  ${behavior === '{}' ? '' : `behavior: ${behavior}`}
`;
const cpu = '[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]';

function play(manifest: string, usage: Readonly<Record<string, string>>): ControlPlane {
  const plane = controlPlane();
  plane.feed.usage = usage;
  plane.kubectl('apply -f m.yaml', { 'm.yaml': manifest });
  plane.run(16_000);
  return plane;
}

const seen = (plane: ControlPlane): HorizontalPodAutoscaler =>
  plane.all<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'default')[0]!;
const told = (plane: ControlPlane): string[] =>
  plane
    .kubectl(`events --for hpa/web --no-headers`)
    .stdout.trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/).slice(2, 3).concat(line.split(/ {2,}/).slice(4)).join(': '));

test.each(Object.entries(targets))('a %s is scaled through its scale subresource', (kind, manifest) => {
  const version = kind === 'ReplicationController' ? 'v1' : 'apps/v1';
  const plane = play(manifest + autoscaler(version, kind, cpu), { cpu: '75m' });
  expect(plane.kubectl(`get ${kind} web -o jsonpath={.spec.replicas}`).stdout).toBe('3');
  // The scaling follows from the autoscaler's apply, and what it makes follows from the scaling.
  const scale = plane.deeds.find(({ code }) => code === 'hpa.scale')!;
  expect(scale.params).toMatchObject({ from: 2, to: 3, formula: '⌈2 × 75 / 50⌉' });
  expect(plane.deeds.find(({ seq }) => seq === scale.cause)).toMatchObject({ code: 'api.create', by: 'you' });
});

test('one container alone can be the measure', () => {
  const metric = '[{type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: AverageValue, averageValue: 30m}}}]'; // prettier-ignore
  const plane = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', metric), { cpu: '60m' });
  expect(seen(plane).status).toMatchObject({
    desiredReplicas: 4,
    currentMetrics: [
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'app', current: { averageValue: '60m' } } },
    ],
  });
  expect(told(plane)).toEqual(['SuccessfulRescale: New size: 4; reason: cpu resource above target']);
}); // prettier-ignore

const noApi = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'; // prettier-ignore

test.each([
  [
    '{type: Pods, pods: {metric: {name: qps}, target: {type: AverageValue, averageValue: 1k}}}',
    `FailedGetPodsMetric: unable to get metric qps: ${noApi}`,
    `failed to get pods metric value: unable to get metric qps: ${noApi}`,
  ],
  [
    '{type: Object, object: {metric: {name: rps}, describedObject: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: main}, target: {type: Value, value: 10k}}}',
    `FailedGetObjectMetric: unable to get metric rps: Ingress on default main/${noApi}`,
    `failed to get object metric value: unable to get metric rps: Ingress on default main/${noApi}`,
  ],
  [
    '{type: External, external: {metric: {name: ready, selector: {matchLabels: {queue: tasks}}}, target: {type: AverageValue, averageValue: 30}}}',
    'FailedGetExternalMetric: unable to get external metric default/ready/&LabelSelector{MatchLabels:map[string]string{queue: tasks,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ready.external.metrics.k8s.io)',
    'failed to get ready external metric value: failed to get ready external metric: unable to get external metric default/ready/&LabelSelector{MatchLabels:map[string]string{queue: tasks,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ready.external.metrics.k8s.io)',
  ],
])('without an adapter there is no such metric: %s', (metric, event, listed) => {
  const plane = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', `[${metric}]`), { cpu: '75m' });
  expect(told(plane)).toEqual([
    event,
    `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: ${listed}`,
  ]);
  expect(seen(plane).status?.conditions).toMatchObject([
    { type: 'AbleToScale', status: 'True' },
    { type: 'ScalingActive', status: 'False', reason: event.slice(0, event.indexOf(':')) },
  ]);
});

test('one metric that fails forbids scaling down, not up', () => {
  const both = `[${cpu.slice(1, -1)}, {type: Pods, pods: {metric: {name: qps}, target: {type: AverageValue, averageValue: 1k}}}]`;
  const up = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', both), { cpu: '75m' });
  expect(seen(up).status).toMatchObject({ desiredReplicas: 3, currentMetrics: [{ type: 'Resource' }, { type: '' }] });
  const behavior = '{scaleDown: {stabilizationWindowSeconds: 0}}';
  const down = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', both, behavior), { cpu: '10m' });
  expect(down.kubectl('get deploy web -o jsonpath={.spec.replicas}').stdout).toBe('2');
  expect(seen(down).status?.conditions?.[1]).toMatchObject({ status: 'False', reason: 'FailedGetPodsMetric' });
});

test.each([
  ['apps/v1', 'Deployment', 'deployments.apps "web" not found'],
  ['apps/v1', 'Rocket', 'no matches for kind "Rocket" in group "apps"'],
  ['v1', 'Pod', 'the server could not find the requested resource'],
])('a target that cannot be scaled: %s %s', (version, kind, message) => {
  const plane = play(autoscaler(version, kind, cpu), {});
  expect(told(plane)).toEqual([`FailedGetScale: ${message}`]);
  expect(seen(plane).status?.conditions).toMatchObject([
    {
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedGetScale',
      message: `the HPA controller was unable to get the target's current scale: ${message}`,
    },
  ]);
});

test('a tolerance of its own lets an autoscaler act on less', () => {
  const strict = '{scaleUp: {tolerance: 10m}}';
  const plane = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', cpu, strict), { cpu: '52m' });
  expect(seen(plane).status?.desiredReplicas).toBe(3);
  const usual = play(targets.Deployment + autoscaler('apps/v1', 'Deployment', cpu), { cpu: '52m' });
  expect(seen(usual).status?.desiredReplicas).toBe(2);
  expect(usual.deeds.findLast(({ code }) => code.startsWith('hpa.'))).toMatchObject({
    code: 'hpa.within-tolerance',
    params: { replicas: 2, current: '52 %', target: '50 %', tolerance: 10 },
  });
});
