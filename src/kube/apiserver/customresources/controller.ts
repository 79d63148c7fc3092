import type { Context } from '../../../kernel/index.ts';
import type { V1CustomResourceDefinitionCondition } from '../../../generated/types.ts';
import { equal, timestamp } from '../../apimachinery/index.ts';
import { kindsOf } from '../../apis/apiextensions/customkind.ts';
import {
  cleanupFinalizer,
  definitionsKey,
  isConditionTrue,
} from '../../apis/apiextensions/customresourcedefinition.ts';
import type { CustomResourceDefinition } from '../../apis/index.ts';
import { range, read, type EtcdState } from '../../etcd/etcd.ts';
import type { Api } from '../../process.ts';
import type { ApiResponse, WatchEntry } from '../request.ts';
import { acceptedNames, withCondition } from './names.ts';

/** Who speaks when the API server writes to itself. */
const self = 'kube-apiserver';

/** How often it is looked whether the objects of a deleted kind are gone. Kubernetes: crd_finalizer.go deleteInstances. */
const pollMs = 5000;

/** What the controllers of definitions work with. */
interface Controllers {
  readonly ctx: Context;
  readonly api: Api;
  readonly etcd: EtcdState;
}

/**
 * Brings definitions on their way, one state at a time; each write comes back as a change.
 *
 *   created ──▶ NamesAccepted ──▶ Established        deleted ──▶ objects deleted ──gone──▶ finalizer removed
 *
 * Kubernetes: apiextensions-apiserver/pkg/controller/{status,establish,finalizer}, which run in the API server.
 */
export function followChanges(ctx: Context, api: Api, etcd: EtcdState, entries: readonly WatchEntry[]): void {
  const c = { ctx, api, etcd };
  for (const { type, object, cause } of entries) {
    if (!object) continue;
    ctx.cause = cause;
    if (type === 'DELETED') considerGroup(c, object as unknown as CustomResourceDefinition);
    else followDefinition(ctx, api, etcd, object.metadata.name);
  }
}

/** Does the next thing that a definition needs. */
export function followDefinition(ctx: Context, api: Api, etcd: EtcdState, name: string): void {
  const c = { ctx, api, etcd };
  const definition = read(etcd, definitionsKey, name) as unknown as CustomResourceDefinition | undefined;
  if (!definition) return;
  if (definition.metadata.deletionTimestamp) return finalize(c, definition);
  if (acceptNames(c, definition)) return;
  if (isConditionTrue(definition, 'NamesAccepted') && !isConditionTrue(definition, 'Established'))
    writeConditions(c, definition, 'customresourcedefinition.establish', [
      condition('Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ]);
}

type Condition = Omit<V1CustomResourceDefinitionCondition, 'lastTransitionTime'>;
const condition = (type: string, status: string, reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
});

type Code = 'customresourcedefinition.accept' | 'customresourcedefinition.establish' | 'customresourcedefinition.clean';

function writeConditions(
  { ctx, api }: Controllers,
  definition: CustomResourceDefinition,
  code: Code,
  conditions: readonly Condition[],
  more: Partial<NonNullable<CustomResourceDefinition['status']>> = {},
): ApiResponse {
  let status = { ...definition.status, ...more };
  for (const each of conditions) status = withCondition(status, each, timestamp(ctx.now));
  return api.request(ctx, self, {
    verb: 'update',
    subresource: 'status',
    resource: definitionsKey,
    name: definition.metadata.name,
    body: { ...definition, status },
    why: { code },
  });
}

/** Claims the names; true when that changed something. */
function acceptNames(c: Controllers, definition: CustomResourceDefinition): boolean {
  if (equal(definition.spec.names, definition.status?.acceptedNames)) return false;
  const others: CustomResourceDefinition[] = [];
  for (const stored of range(c.etcd, definitionsKey).values()) {
    const other = stored as unknown as CustomResourceDefinition;
    if (other.spec.group === definition.spec.group) others.push(other);
  }
  const { names, conditions } = acceptedNames(definition, others);
  const old = definition.status?.conditions?.find(({ type }) => type === 'NamesAccepted');
  const [naming] = conditions;
  const same = old?.status === naming!.status && old.reason === naming!.reason && old.message === naming!.message;
  if (equal(names, definition.status?.acceptedNames) && same) return false;
  writeConditions(c, definition, 'customresourcedefinition.accept', conditions, { acceptedNames: names });
  considerGroup(c, definition);
  return true;
}

/** Names have become free: the other definitions of the group may want them. */
function considerGroup({ ctx, api, etcd }: Controllers, gone: CustomResourceDefinition): void {
  for (const stored of range(etcd, definitionsKey).values()) {
    const other = stored as unknown as CustomResourceDefinition;
    if (other.spec.group !== gone.spec.group || other.metadata.name === gone.metadata.name) continue;
    if (!other.metadata.deletionTimestamp) followDefinition(ctx, api, etcd, other.metadata.name);
  }
}

const terminating = (status: string, reason: string, message: string): Condition =>
  condition('Terminating', status, reason, message);

/** Deletes all objects of a kind that goes, and lets the definition go when none is left. */
function finalize(c: Controllers, definition: CustomResourceDefinition): void {
  const { metadata } = definition;
  if (!metadata.finalizers?.includes(cleanupFinalizer)) return;
  const code = 'customresourcedefinition.clean';
  const known = definition.status?.conditions?.find(({ type }) => type === 'Terminating');
  if (known?.reason === 'InstanceDeletionPending') {
    // The write comes back as a change, with which the deletion goes on.
    writeConditions(c, definition, code, [
      terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'),
    ]);
    return;
  }
  if (isConditionTrue(definition, 'Established') && !deleteObjects(c, definition)) {
    c.ctx.after(pollMs, self, 'definition', { name: metadata.name });
    return;
  }
  const finalizers = metadata.finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
  c.api.request(c.ctx, self, {
    verb: 'update',
    resource: definitionsKey,
    name: metadata.name,
    body: { ...definition, metadata: { ...metadata, finalizers } },
    why: { code },
  });
}

/** True when nothing is left. */
function deleteObjects({ ctx, api, etcd }: Controllers, definition: CustomResourceDefinition): boolean {
  const key = definition.metadata.name;
  if (kindsOf(definition).length === 0) return true;
  const namespaces = new Set<string | undefined>();
  for (const object of range(etcd, key).values())
    if (!object.metadata.deletionTimestamp) namespaces.add(object.metadata.namespace);
  for (const namespace of namespaces)
    api.request(ctx, self, {
      verb: 'deletecollection',
      resource: key,
      namespace,
      why: { code: 'customresourcedefinition.clean' },
    });
  return range(etcd, key).size === 0;
}
