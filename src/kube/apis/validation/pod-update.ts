import type { V1Container, V1Pod, V1PodSpec, V1Toleration } from '../../../generated/types.ts';
import { equal } from '../../apimachinery/equal.ts';
import { type FieldError, forbiddenValue } from '../../apimachinery/index.ts';

const mutableFields =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What of a stored pod may change. Kubernetes: ValidatePodUpdate. */
export function validatePodUpdate(next: V1Pod, old: V1Pod): FieldError[] {
  if (next.spec === old.spec || !next.spec || !old.spec) return [];
  for (const list of ['containers', 'initContainers'] as const) {
    if ((next.spec[list] ?? []).length !== (old.spec[list] ?? []).length) {
      return [forbiddenValue(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
  }
  const errors: FieldError[] = [];
  if (!onlyAdditions(next.spec.tolerations ?? [], old.spec.tolerations ?? [])) {
    errors.push(
      forbiddenValue('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'),
    );
  }
  const put = munged(next.spec, old.spec);
  if (!equal(put, old.spec)) errors.push(forbiddenValue('spec', `${mutableFields}\n${difference(put, old.spec)}`));
  return errors;
}

const onlyAdditions = (next: readonly V1Toleration[], old: readonly V1Toleration[]): boolean =>
  old.every((o) =>
    next.some((n) => n.key === o.key && n.operator === o.operator && n.value === o.value && n.effect === o.effect),
  );

/** The new spec with everything that may change put back to what it was. */
function munged(next: V1PodSpec, old: V1PodSpec): V1PodSpec {
  const images = (
    list: readonly V1Container[] | undefined,
    before: readonly V1Container[] | undefined,
  ): V1Container[] | undefined => list?.map((c, i) => ({ ...c, image: before?.[i]?.image }));
  return {
    ...next,
    containers: images(next.containers, old.containers)!,
    ...(next.initContainers && { initContainers: images(next.initContainers, old.initContainers)! }),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    ...(next.schedulingGates && { schedulingGates: old.schedulingGates }),
  };
}

/** Simplified: the top-level fields that differ, where Go prints a unified diff of the whole struct. */
function difference(next: V1PodSpec, old: V1PodSpec): string {
  const fields = new Set([...Object.keys(next), ...Object.keys(old)]) as Set<keyof V1PodSpec>;
  const lines = [...fields]
    .filter((f) => !equal(next[f], old[f]))
    .flatMap((f) => [`-  ${f}: ${JSON.stringify(old[f])}`, `+  ${f}: ${JSON.stringify(next[f])}`]);
  return `@@ spec @@\n${lines.join('\n')}\n`;
}
