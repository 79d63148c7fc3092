import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay, type Scenario } from '../../../testing/scenario.ts';
import { bestMatch } from '../../apis/core/volume-binding.ts';
import type { KubeEvent, Node, PersistentVolume, PersistentVolumeClaim } from '../../apis/index.ts';

interface Volume {
  readonly size?: string;
  readonly storageClass?: string;
  readonly modes?: string[];
  readonly phase?: string;
  readonly claim?: string;
  readonly node?: string;
  readonly labels?: Record<string, string>;
}

const volume = (
  name: string,
  { size = '1Gi', storageClass = '', modes = ['ReadWriteOnce'], ...v }: Volume,
): PersistentVolume =>
  ({
    metadata: { name, labels: v.labels },
    spec: {
      capacity: { storage: size },
      accessModes: modes,
      storageClassName: storageClass,
      ...(v.claim && { claimRef: { name: v.claim, namespace: 'default' } }),
      ...(v.node && { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [v.node] }] }] } } }), // prettier-ignore
    },
    status: { phase: v.phase ?? 'Available' },
  }) as never;

const claim = (spec: object = {}): PersistentVolumeClaim =>
  ({
    metadata: { name: 'c', namespace: 'default', uid: 'u' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  }) as never;

const node = (name: string): Node => ({ metadata: { name, labels: { 'kubernetes.io/hostname': name } } }) as never;

describe('the volume for a claim', () => {
  test.each<[string, Record<string, Volume>, object, string | undefined]>([
    [
      'is the smallest that is large enough',
      { a: { size: '10Gi' }, b: { size: '3Gi' }, c: { size: '500Mi' } },
      {},
      'b',
    ],
    ['has the class asked for', { a: { storageClass: 'fast' }, b: {} }, { storageClassName: 'fast' }, 'a'],
    ['has all access modes', { a: {}, b: { size: '9Gi', modes: ['ReadWriteOnce', 'ReadWriteMany'] } }, { accessModes: ['ReadWriteMany'] }, 'b'], // prettier-ignore
    ['has the labels asked for', { a: {}, b: { labels: { x: 'y' } } }, { selector: { matchLabels: { x: 'y' } } }, 'b'],
    ['is free', { a: { phase: 'Released' }, b: { claim: 'other' } }, {}, undefined],
    [
      'is the one that names it, whatever its class',
      { a: {}, b: { size: '9Gi', storageClass: 'x', claim: 'c' } },
      {},
      'b',
    ],
    ['but not when that is too small', { b: { size: '1Mi', claim: 'c' } }, {}, undefined],
  ])('%s', (_, volumes, spec, wanted) => {
    const all = Object.entries(volumes).map(([name, v]) => volume(name, v));
    expect(bestMatch(all, claim(spec), false)?.metadata.name).toBe(wanted);
  });

  test('is not chosen before the pod has a node, and then only where it can be used', () => {
    const all = [volume('a', { node: 'n1' }), volume('b', { size: '2Gi', node: 'n2' })];
    expect(bestMatch(all, claim(), true)).toBe(undefined);
    expect(bestMatch(all, claim(), false, node('n2'))?.metadata.name).toBe('b');
    expect(bestMatch(all, claim(), false, node('n3'))).toBe(undefined);
  });
});

test('claims and volumes are bound, held and released as recorded', () => {
  const file = new URL('../../../testing/golden/scenarios/pvc-static-binding.json', import.meta.url);
  const { plane } = replay(JSON.parse(readFileSync(file, 'utf8')) as Scenario, []);
  const phases = plane.all<PersistentVolume>('persistentvolumes').map((v) => `${v.metadata.name} ${v.status?.phase}`);
  expect(phases).toEqual(['gpv-a Available', 'gpv-b Released', 'gpv-c Available']);
  const claims = plane.all<PersistentVolumeClaim>('persistentvolumeclaims', 'default');
  expect(claims.map((c) => `${c.metadata.name} ${c.status?.phase}`)).toEqual(['c2 Pending', 'c3 Pending']);
  const told = plane
    .all<KubeEvent>('events', 'default')
    .filter((e) => e.reportingComponent === 'persistentvolume-controller')
    .map((e) => `${e.involvedObject.name} ${e.reason} ${e.message}`);
  expect(told).toEqual([
    'c2 ProvisioningFailed storageclass.storage.k8s.io "gm" not found',
    'c3 ProvisioningFailed storageclass.storage.k8s.io "gm" not found',
  ]);
});
