import { expect, test } from 'vitest';
import { controlPlane, type ControlPlane } from '../../testing/world.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { ConfigMap, Namespace, Pod } from '../apis/index.ts';
import { namespaceConditions } from './namespace.ts';

function shop(): ControlPlane {
  const plane = controlPlane();
  plane.client.create(plane.ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  plane.run(1000);
  return plane;
}

const found = (plane: ControlPlane): string[] =>
  (['pods', 'configmaps', 'serviceaccounts'] as const).flatMap((resource) =>
    plane.all<KubeObject>(resource, 'shop').map((o) => `${o.kind}/${o.metadata.name}`),
  );

test('every namespace gets its service account and the root certificate, again when they are deleted or changed', () => {
  const plane = shop();
  const both = ['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'];
  expect(found(plane)).toEqual(both);
  plane.client.delete(plane.ctx, 'serviceaccounts', 'default', 'shop');
  plane.client.delete(plane.ctx, 'configmaps', 'kube-root-ca.crt', 'shop');
  plane.run(100);
  expect(found(plane)).toEqual(both);
  const map = plane.client.get(plane.ctx, 'configmaps', 'kube-root-ca.crt', 'shop');
  plane.client.update(plane.ctx, 'configmaps', { ...map, data: { 'ca.crt': 'mine' } });
  plane.run(100);
  expect(plane.all<ConfigMap>('configmaps', 'shop')[0]!.data).toEqual(map.data);
});

/** As golden/scenarios/namespace-deletion.json has it: 5 s, then the pods, 5 s later all the rest. */
test('a namespace ends after its content: pods first, then everything else', () => {
  const plane = shop();
  plane.client.create(plane.ctx, 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] },
  });
  plane.client.create(plane.ctx, 'pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { containers: [{ name: 'app', image: 'web:1' }] },
  });
  plane.run(1000);
  plane.client.delete(plane.ctx, 'namespaces', 'shop');
  const namespace = (): Namespace | undefined =>
    plane.all<Namespace>('namespaces').find((n) => n.metadata.name === 'shop');
  expect(namespace()!.status!.phase).toBe('Terminating');
  plane.run(4900);
  expect(plane.all<Pod>('pods', 'shop')[0]!.metadata.deletionTimestamp).toBeUndefined();
  plane.run(1000);
  expect(found(plane)).toEqual(['ConfigMap/held', 'ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);
  plane.run(5000);
  expect(found(plane)).toEqual(['ConfigMap/held']);
  expect(
    namespace()!
      .status!.conditions!.map((c) => `${c.type}=${c.status}: ${c.message}`)
      .slice(-2),
  ).toEqual([
    'NamespaceContentRemaining=True: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining=True: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  ]);
  const held = plane.client.get(plane.ctx, 'configmaps', 'held', 'shop');
  plane.client.update(plane.ctx, 'configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } });
  plane.run(9000);
  expect(namespace()).toBeUndefined();
});

test('while pods end the conditions speak of no remains', () => {
  expect(namespaceConditions(undefined).map((c) => `${c.type}=${c.status}/${c.reason}`)).toEqual([
    'NamespaceDeletionDiscoveryFailure=False/ResourcesDiscovered',
    'NamespaceDeletionGroupVersionParsingFailure=False/ParsedGroupVersions',
    'NamespaceDeletionContentFailure=False/ContentDeleted',
    'NamespaceContentRemaining=False/ContentRemoved',
    'NamespaceFinalizersRemaining=False/ContentHasNoFinalizers',
  ]);
});
