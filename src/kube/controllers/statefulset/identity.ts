import type { V1PodTemplateSpec, V1Volume } from '../../../generated/types.ts';
import type { Draft } from '../../apimachinery/index.ts';
import type { Pod, StatefulSet } from '../../apis/index.ts';
import { revisionLabel } from '../history.ts';
import { podFrom } from '../podcontrol.ts';

/** Labels by which one pod of a StatefulSet can be told from the others. */
const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const podIndexLabel = 'apps.kubernetes.io/pod-index';

/** `web-12` → `web` and 12; −1 for a name that ends in no number. Kubernetes: getParentNameAndOrdinal. */
export function parentAndOrdinal(name: string): { readonly parent: string; readonly ordinal: number } {
  const match = /^(.*)-([0-9]+)$/.exec(name);
  return match ? { parent: match[1]!, ordinal: Number(match[2]) } : { parent: '', ordinal: -1 };
}

/** Number of a pod; −1 when its name has none. */
export const ordinalOf = (pod: Pod): number => parentAndOrdinal(pod.metadata.name).ordinal;

/** Whether a pod bears the set's name. */
export const isMember = (set: StatefulSet, pod: Pod): boolean =>
  parentAndOrdinal(pod.metadata.name).parent === set.metadata.name;

/** The first number. */
export const startOf = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;

/** Whether a number is one of those that the set keeps. */
export const isInRange = (set: StatefulSet, ordinal: number): boolean =>
  ordinal >= startOf(set) && ordinal < startOf(set) + (set.spec?.replicas ?? 1);

/** Name of the claim of one pod: `data-web-0`. */
export const claimName = (template: string, set: StatefulSet, ordinal: number): string =>
  `${template}-${set.metadata.name}-${ordinal}`;

/** The pod's volumes: claims in the place of the set's templates, then the others. Kubernetes: updateStorage. */
function volumesOf(set: StatefulSet, given: readonly V1Volume[] | undefined, ordinal: number): V1Volume[] {
  const templates = set.spec?.volumeClaimTemplates ?? [];
  const claims = templates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(name, set, ordinal) },
  }));
  return [...claims, ...(given ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name))];
}

/** A new pod of a template, with the name, host name, labels and claims of its number. Kubernetes: newStatefulSetPod. */
export function newPod(set: StatefulSet, template: V1PodTemplateSpec, revision: string, ordinal: number): Draft<Pod> {
  const name = `${set.metadata.name}-${ordinal}`;
  const draft = podFrom(set, template);
  const volumes = volumesOf(set, template.spec?.volumes, ordinal);
  return {
    ...draft,
    metadata: {
      ...draft.metadata,
      name,
      labels: { ...draft.metadata?.labels, ...identity(name), [revisionLabel]: revision },
    },
    spec: {
      ...draft.spec!,
      hostname: name,
      ...(set.spec?.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

const identity = (name: string): Record<string, string> => ({
  [podIndexLabel]: String(parentAndOrdinal(name).ordinal),
  [podNameLabel]: name,
});

/** Whether a pod bears the label of its name. Kubernetes: identityMatches. */
export const identityMatches = ({ metadata }: Pod): boolean => metadata.labels?.[podNameLabel] === metadata.name;

/** The pod with the labels of its name put right. Kubernetes: updateIdentity. */
export const withIdentity = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...identity(pod.metadata.name) } },
});

/** Name of the revision that a pod was made of. */
export const revisionOf = (pod: { metadata?: { labels?: Record<string, string> | undefined } | undefined }): string =>
  pod.metadata?.labels?.[revisionLabel] ?? '';
