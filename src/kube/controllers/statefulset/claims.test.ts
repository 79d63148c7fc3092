import { expect, test } from 'vitest';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../apis/index.ts';
import { ownersFor } from './claims.ts';

const set = (whenScaled: string, whenDeleted: string): StatefulSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', uid: 'set' },
    spec: { replicas: 2, persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted } },
  }) as never;

const pod = (ordinal: number): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `db-${ordinal}`, uid: 'pod' } }) as never;

const ref = (kind: string, name: string, uid: string, controller = true) => ({ kind, name, uid, controller });
const ofSet = ref('StatefulSet', 'db', 'set');
const ofPod = ref('Pod', 'db-5', 'pod');

/** Kubernetes: TestUpdateClaimOwnerRefForSetAndPod, TestClaimOwnerMatchesSetAndPod. */
test.each<[string, string, number, object[], string[] | undefined]>([
  ['Retain', 'Retain', 0, [], undefined],
  ['Retain', 'Retain', 0, [ofSet], []],
  ['Retain', 'Delete', 0, [], ['set']],
  ['Retain', 'Delete', 0, [ofSet], undefined],
  ['Retain', 'Delete', 5, [], ['set']],
  ['Delete', 'Retain', 0, [], undefined],
  ['Delete', 'Retain', 5, [], ['pod']],
  ['Delete', 'Retain', 5, [ofPod], undefined],
  ['Delete', 'Delete', 0, [], ['set']],
  ['Delete', 'Delete', 5, [ofSet], ['pod']],
  ['Delete', 'Delete', 5, [ofPod], undefined],
  ['Retain', 'Delete', 0, [{ ...ofSet, controller: false }], ['set']],
  ['Delete', 'Delete', 5, [ref('Pod', 'db-5', 'an earlier one')], undefined],
  ['Retain', 'Delete', 0, [ref('Backup', 'x', 'y')], undefined],
  ['Retain', 'Delete', 0, [ref('Backup', 'x', 'y'), ofSet], ['y']],
  ['Retain', 'Delete', 0, [ref('Backup', 'x', 'y', false)], ['y', 'set']],
])(
  'scaled %s, deleted %s, number %i of 2, owned by %o: %o',
  (whenScaled, whenDeleted, ordinal, ownerReferences, wanted) => {
    const claim = { metadata: { name: 'data', ownerReferences } } as unknown as PersistentVolumeClaim;
    expect(ownersFor(set(whenScaled, whenDeleted), pod(ordinal), claim)?.map((owner) => owner.uid)).toEqual(wanted);
  },
);
