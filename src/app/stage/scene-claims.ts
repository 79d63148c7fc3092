/** Claims for storage, and the pods that mount them. Pure. */
import type { V1PersistentVolumeClaim, V1Pod } from '../../generated/types.ts';
import type { Objects } from './contract.ts';
import { refOf, values } from './objects.ts';
import type { SceneClaim } from './scene-types.ts';

/** Claims of the shown namespaces, by name. */
export function readClaims(objects: Objects, shown: (namespace: string | undefined) => boolean): SceneClaim[] {
  const claims = [...values(objects, 'persistentvolumeclaims')].filter((o) => shown(o.metadata.namespace));
  if (claims.length === 0) return [];
  const users = new Map<string, Set<string>>();
  for (const object of values(objects, 'pods'))
    for (const name of claimsOf(object as unknown as V1Pod)) {
      const key = `${object.metadata.namespace}/${name}`;
      const pods = users.get(key);
      const uid = object.metadata.uid ?? '';
      if (pods) pods.add(uid);
      else users.set(key, new Set([uid]));
    }
  return claims
    .map((object): SceneClaim => {
      const { spec, status } = object as unknown as V1PersistentVolumeClaim;
      const ref = refOf('persistentvolumeclaims', object);
      return {
        uid: ref.uid,
        ref,
        name: object.metadata.name ?? '?',
        phase: status?.phase ?? 'Pending',
        size: String(status?.capacity?.['storage'] ?? spec?.resources?.requests?.['storage'] ?? ''),
        modes: (spec?.accessModes ?? []).join(', '),
        volume: spec?.volumeName ?? '',
        pods: users.get(ref.key) ?? new Set(),
      };
    })
    .sort((a, b) => (a.ref.key < b.ref.key ? -1 : 1));
}

/** Names of the claims that a pod mounts. */
export const claimsOf = (pod: V1Pod): string[] =>
  (pod.spec?.volumes ?? []).flatMap((v) => (v.persistentVolumeClaim ? [v.persistentVolumeClaim.claimName] : []));
