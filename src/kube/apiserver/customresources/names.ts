import type {
  V1CustomResourceDefinitionCondition,
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionStatus,
} from '../../../generated/types.ts';
import { equal, type KubeObject } from '../../apimachinery/index.ts';
import { cleanupFinalizer } from '../../apis/apiextensions/customresourcedefinition.ts';
import type { CustomResourceDefinition } from '../../apis/index.ts';

type Condition = Omit<V1CustomResourceDefinitionCondition, 'lastTransitionTime'>;

/** A status with a condition set; its time changes with its status only. Kubernetes: apihelpers.SetCRDCondition. */
export function withCondition(
  status: V1CustomResourceDefinitionStatus,
  next: Condition,
  now: string,
): V1CustomResourceDefinitionStatus {
  const conditions = [...(status.conditions ?? [])];
  const at = conditions.findIndex(({ type }) => type === next.type);
  const old = conditions[at];
  const lastTransitionTime = old && old.status === next.status ? old.lastTransitionTime : now;
  const { type, status: value, reason, message } = next;
  const made = { type, status: value, lastTransitionTime, reason, message };
  if (at < 0) conditions.push(made);
  else conditions[at] = made;
  return { ...status, conditions };
}

/**
 * Which of the names that a definition asks for it gets: one that another definition of its group has is refused, the others are
 * taken. `group` are the definitions of its group, itself included.
 * Kubernetes: apiextensions-apiserver/pkg/controller/status/naming_controller.go.
 */
export function acceptedNames(
  { spec, status }: CustomResourceDefinition,
  group: readonly CustomResourceDefinition[],
): { readonly names: V1CustomResourceDefinitionNames; readonly conditions: readonly Condition[] } {
  const accepted = status?.acceptedNames ?? { plural: '', kind: '' };
  const resources = new Set<string | undefined>();
  const kinds = new Set<string | undefined>();
  for (const { status: of } of group) {
    const { plural, singular, shortNames = [], kind, listKind } = of?.acceptedNames ?? { plural: '', kind: '' };
    for (const name of [plural, singular, ...shortNames]) resources.add(name);
    for (const name of [kind, listKind]) kinds.add(name);
  }
  const names: V1CustomResourceDefinitionNames = { ...accepted };
  let naming: Condition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  };
  const refuse = (reason: string, taken: readonly string[]): void => {
    const words = taken.map((name) => `${JSON.stringify(name)} is already in use`);
    const message = words.length === 1 ? words[0]! : `[${words.join(', ')}]`;
    naming = { type: 'NamesAccepted', status: 'False', reason, message };
  };
  const claim = (field: 'plural' | 'singular' | 'kind' | 'listKind', reason: string): void => {
    const wanted = spec.names[field];
    const taken = field === 'plural' || field === 'singular' ? resources : kinds;
    if (wanted === accepted[field] || !taken.has(wanted)) names[field] = wanted!;
    else refuse(reason, [wanted!]);
  };
  claim('plural', 'PluralConflict');
  claim('singular', 'SingularConflict');
  const { shortNames: wanted = [], categories } = spec.names;
  if (!equal(wanted, accepted.shortNames ?? [])) {
    const taken = wanted.filter((name) => !accepted.shortNames?.includes(name) && resources.has(name));
    if (taken.length > 0) refuse('ShortNamesConflict', taken);
    else names.shortNames = wanted;
  }
  claim('kind', 'KindConflict');
  claim('listKind', 'ListKindConflict');
  if (categories) names.categories = categories;
  else delete names.categories;
  return { names, conditions: [naming, establishing(status, naming)] };
}

function establishing(status: V1CustomResourceDefinitionStatus | undefined, naming: Condition): Condition {
  const old = status?.conditions?.find(({ type }) => type === 'Established');
  if (old?.status !== 'True' && naming.status === 'True')
    return {
      type: 'Established',
      status: 'False',
      reason: 'Installing',
      message: 'the initial names have been accepted',
    };
  return old ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

/** A definition that is deleted for the first time: it waits until its objects are gone. Kubernetes: registry/customresourcedefinition/etcd.go Delete. */
export function heldDefinition(definition: KubeObject, now: string): KubeObject {
  const { metadata } = definition;
  if (metadata.deletionTimestamp) return definition;
  const finalizers = metadata.finalizers ?? [];
  return {
    ...definition,
    metadata: {
      ...metadata,
      finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
    },
    status: withCondition(
      (definition['status'] ?? {}) as V1CustomResourceDefinitionStatus,
      {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      },
      now,
    ),
  };
}
