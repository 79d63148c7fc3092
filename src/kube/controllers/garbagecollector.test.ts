import { expect, test } from 'vitest';
import { controlPlane, type ControlPlane } from '../../testing/world.ts';
import type { KubeObject, V1OwnerReference } from '../apimachinery/index.ts';
import type { ConfigMap, KubeEvent } from '../apis/index.ts';
import { fateOf } from './garbagecollector.ts';

const ref = (name: string): V1OwnerReference => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: name });
const item = (finalizers: string[] = []): KubeObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', finalizers } }) as unknown as KubeObject;

test.each([
  ['no owners', item(), [], [], [], false, { do: 'keep' }],
  ['one that stays', item(), ['a'], [], [], false, { do: 'keep' }],
  ['one stays, one is gone', item(), ['a'], ['b'], [], false, { do: 'unlink', gone: [ref('b')] }],
  ['one stays, one waits', item(), ['a'], [], ['c'], true, { do: 'unlink', gone: [ref('c')] }],
  ['all gone', item(), [], ['b'], [], true, { do: 'delete', policy: 'Background' }],
  ['all gone, to be orphaned', item(['orphan']), [], ['b'], [], true, { do: 'delete', policy: 'Orphan' }],
  ['one waits, and it has dependents', item(), [], [], ['c'], true, { do: 'delete', policy: 'Foreground' }],
  ['one waits, and it has none', item(), [], [], ['c'], false, { do: 'delete', policy: 'Background' }],
] as const)('the fate of an object with %s', (_title, object, solid, dangling, waiting, dependents, fate) => {
  const states = { solid: solid.map(ref), dangling: dangling.map(ref), waiting: waiting.map(ref) };
  expect(fateOf(object, states, dependents)).toEqual(fate);
});

function make(plane: ControlPlane, name: string, owner?: ConfigMap, namespace = 'default', block = true): ConfigMap {
  const made = plane.client.create(plane.ctx, 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      ...(owner && {
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: owner.metadata.name,
            uid: owner.metadata.uid,
            blockOwnerDeletion: block,
          },
        ],
      }),
    },
  });
  plane.run(10);
  return made;
}

const names = (plane: ControlPlane): string[] =>
  plane
    .all<ConfigMap>('configmaps', 'default')
    .map((c) => c.metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');

test('orphaning leaves the dependents, without their owner', () => {
  const plane = controlPlane();
  const root = make(plane, 'root');
  make(plane, 'child', root);
  plane.client.delete(plane.ctx, 'configmaps', 'root', 'default', { options: { propagationPolicy: 'Orphan' } });
  plane.run(1000);
  expect(names(plane)).toEqual(['child']);
  expect(plane.all<ConfigMap>('configmaps', 'default')[0]!.metadata.ownerReferences ?? []).toEqual([]);
});

test('in foreground deletion the owner waits for a dependent that is held', () => {
  const plane = controlPlane();
  const root = make(plane, 'root');
  const child = make(plane, 'child', root);
  const hold = (finalizers: string[]): void => {
    const live = plane.client.get(plane.ctx, 'configmaps', 'child', 'default');
    plane.client.update(plane.ctx, 'configmaps', { ...live, metadata: { ...live.metadata, finalizers } });
    plane.run(1000);
  };
  expect(child.metadata.uid).toBeDefined();
  hold(['example.com/hold']);
  plane.client.delete(plane.ctx, 'configmaps', 'root', 'default', { options: { propagationPolicy: 'Foreground' } });
  plane.run(5000);
  expect(names(plane)).toEqual(['child', 'root']);
  hold([]);
  expect(names(plane)).toEqual([]);
});

test('an owner in another namespace does not count, and that is told', () => {
  const plane = controlPlane();
  const root = make(plane, 'root');
  make(plane, 'child', root, 'kube-system');
  plane.run(1000);
  expect(plane.all<ConfigMap>('configmaps', 'kube-system').map((c) => c.metadata.name)).toEqual(['kube-root-ca.crt']);
  expect(plane.all<KubeEvent>('events', 'kube-system').map((e) => `${e.reason}: ${e.message}`)).toEqual([
    `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: kube-system, name: root, uid: ${root.metadata.uid}] does not exist in namespace "kube-system"`,
  ]);
});
