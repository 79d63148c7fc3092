import { expect, test } from 'vitest';
import { openServer } from '../../../testing/golden.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import { kubectl } from '../../kubectl/index.ts';

const manifest = `
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  targetCPUUtilizationPercentage: 60
`;

const open = () => {
  const { ctx, api, client } = openServer();
  const run = (line: string, text = manifest): string => {
    const { stdout, stderr } = kubectl(ctx, api, line, { 'm.yaml': text }, '');
    return stdout + stderr;
  };
  const get = (resource: string): KubeObject =>
    client.request(ctx, { verb: 'get', resource, namespace: 'default', name: 'web' }) as KubeObject;
  return { run, get };
};
const v2 = 'horizontalpodautoscalers.autoscaling';
const v1 = 'horizontalpodautoscalers.v1.autoscaling';

test('a manifest of autoscaling/v1 is stored as v2, and can be read and changed in both versions', () => {
  const { run, get } = open();
  expect(run('apply -f m.yaml')).toBe('horizontalpodautoscaler.autoscaling/web created\n');
  expect(get(v2)['spec']).toMatchObject({
    minReplicas: 2,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
  });
  expect(get(v1)).toMatchObject({
    apiVersion: 'autoscaling/v1',
    spec: { minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 60 },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  });
  expect(run('apply -f m.yaml')).toBe('horizontalpodautoscaler.autoscaling/web unchanged\n');
  expect(run('apply -f m.yaml', manifest.replace('60', '70'))).toBe('horizontalpodautoscaler.autoscaling/web configured\n'); // prettier-ignore
  expect(run('get hpa --no-headers')).toMatch(/cpu: <unknown>\/70% +2 +5 +0/);
  expect(run("get hpa.v1.autoscaling web -o jsonpath='{.spec.targetCPUUtilizationPercentage}'")).toBe('70');
  expect(run('delete -f m.yaml')).toContain('deleted');
});

test('what v1 has no field for is carried in annotations and comes back', () => {
  const { run, get } = open();
  const full = manifest.replace('autoscaling/v1', 'autoscaling/v2').replace(
    '  targetCPUUtilizationPercentage: 60\n',
    `  metrics:
  - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 40}}}
  behavior: {scaleDown: {stabilizationWindowSeconds: 60}}
`,
  );
  run('create -f m.yaml', full);
  const seen = get(v1);
  expect(seen.metadata.annotations).toMatchObject({
    'autoscaling.alpha.kubernetes.io/metrics':
      '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"100Mi"}}]',
  });
  expect(run(`patch hpa.v1.autoscaling web --type merge -p '{"spec":{"maxReplicas":9}}'`)).toContain('patched');
  expect(get(v2)['spec']).toMatchObject({
    maxReplicas: 9,
    metrics: [{ resource: { name: 'cpu' } }, { resource: { name: 'memory', target: { averageValue: '100Mi' } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
  });
  expect(get(v2).metadata.annotations).toBeUndefined();
});

test('a field of v2 in a manifest of v1 is unknown', () => {
  const { run } = open();
  const wrong = manifest.replace('targetCPUUtilizationPercentage: 60', 'metrics: []');
  expect(run('create -f m.yaml', wrong)).toContain('strict decoding error: unknown field "spec.metrics"');
});
