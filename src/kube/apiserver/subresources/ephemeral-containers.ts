import type { V1Container, V1Pod } from '../../../generated/types.ts';
import { equal, forbiddenValue, type FieldError, type KubeObject } from '../../apimachinery/index.ts';
import { containers } from '../../apis/validation/container.ts';

/** What a container may not have that is added to a pod which runs. Kubernetes: allowedEphemeralContainerFields. */
const notForThem = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

/**
 * PUT and PATCH of pods/NAME/ephemeralcontainers: a pod with containers added to it, nothing else. Pushes what is wrong with
 * them. Kubernetes: ValidatePodEphemeralContainersUpdate, pkg/registry/core/pod/strategy.go.
 */
export function withEphemeralContainers(body: KubeObject, old: KubeObject, errors: FieldError[]): KubeObject {
  const before = (old as unknown as V1Pod).spec!;
  const list = ((body as unknown as V1Pod).spec?.ephemeralContainers ?? []) as readonly V1Container[];
  const existing = (before.ephemeralContainers ?? []) as readonly V1Container[];
  const path = 'spec.ephemeralContainers';
  for (const one of existing) {
    const now = list.find(({ name }) => name === one.name);
    const how = !now ? 'removed' : equal(now, one) ? null : 'changed';
    if (how) errors.push(forbiddenValue(path, `existing ephemeral containers "${one.name}" may not be ${how}\n`));
  }
  const taken = new Set([...(before.initContainers ?? []), ...before.containers].map(({ name }) => name));
  const volumes = new Set((before.volumes ?? []).map(({ name }) => name));
  errors.push(...containers(list, path, volumes, taken, 'app'));
  for (const [i, one] of list.entries()) {
    for (const field of notForThem)
      if (one[field]) errors.push(forbiddenValue(`${path}[${i}].${field}`, 'cannot be set for an Ephemeral Container'));
    if (Object.keys(one.resources ?? {}).length > 0)
      errors.push(forbiddenValue(`${path}[${i}].resources`, 'cannot be set for an Ephemeral Container'));
  }
  if (equal(list, existing)) return old;
  const generation = (old.metadata.generation ?? 0) + 1;
  return { ...old, metadata: { ...old.metadata, generation }, spec: { ...before, ephemeralContainers: list } };
}
