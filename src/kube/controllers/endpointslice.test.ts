import { expect, test } from 'vitest';
import { controlPlane } from '../../testing/world.ts';
import type { EndpointSlice, Endpoints, Pod, Service } from '../apis/index.ts';

const service = (spec: object): Service =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec }) as unknown as Service;

const pod = (name: string): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: {
      containers: [{ name: 'app', image: 'web:1', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] }],
    },
  }) as unknown as Pod;

const ports = [{ port: 80, protocol: 'TCP', targetPort: 'http' }];

test('a Service starts with an empty slice, which then lists its pods and says how each is', () => {
  const plane = controlPlane();
  plane.client.create(plane.ctx, 'services', service({ selector: { app: 'web' }, clusterIP: '10.96.0.9', ports }));
  plane.run(100);
  const [empty] = plane.all<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(empty!.endpoints).toEqual([]);
  expect(empty!.ports).toBeNull();
  plane.client.create(plane.ctx, 'pods', pod('a'));
  plane.client.create(plane.ctx, 'pods', pod('b'));
  plane.run(1000);
  plane.client.delete(plane.ctx, 'pods', 'a', 'default');
  plane.run(100);
  const [slice, ...others] = plane.all<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(others).toEqual([]);
  expect(slice!.metadata.name).toBe(empty!.metadata.name);
  expect(slice!.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  expect(slice!.endpoints!.map((e) => [e.targetRef!.name, e.conditions])).toEqual([
    ['a', { ready: false, serving: true, terminating: true }],
    ['b', { ready: true, serving: true, terminating: false }],
  ]);
  const [endpoints] = plane.all<Endpoints>('endpoints');
  expect(endpoints!.subsets!.map((s) => s.addresses!.map((a) => a.targetRef!.name))).toEqual([['b']]);
  plane.client.delete(plane.ctx, 'services', 'web', 'default');
  plane.run(1000);
  expect(plane.all('endpointslices.discovery.k8s.io')).toEqual([]);
  expect(plane.all('endpoints')).toEqual([]);
});

test('250 pods take three slices, and a pod that goes changes one of them', () => {
  const plane = controlPlane();
  plane.client.create(plane.ctx, 'services', service({ selector: { app: 'web' }, clusterIP: '10.96.0.9', ports }));
  for (let i = 0; i < 250; i++) plane.client.create(plane.ctx, 'pods', pod(`p${i}`));
  plane.run(5000);
  const before = plane.all<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(before.map((s) => s.endpoints!.length).toSorted((a, b) => b - a)).toEqual([100, 100, 50]);
  plane.client.delete(plane.ctx, 'pods', 'p7', 'default');
  plane.run(2000);
  const after = plane.all<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(after.filter((s, i) => s.metadata.resourceVersion !== before[i]!.metadata.resourceVersion)).toHaveLength(1);
});
