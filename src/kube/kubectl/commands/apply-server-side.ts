import type { V1ManagedFieldsEntry } from '../../../generated/types.ts';
import { equal, isReason, type ApiError, type KubeObject } from '../../apimachinery/index.ts';
import { fromFieldsV1, has, toFieldsV1, union, type FieldsV1 } from '../../apimachinery/managedfields/index.ts';
import type { RequestOptions } from '../../apiserver/request.ts';
import type { Invocation, ManifestObject } from '../command.ts';
import { lastApplied } from '../last-applied.ts';
import { UsageError } from '../parse.ts';

/** Under this name kubectl applies on the server unless told otherwise. */
const serverSideManager = 'kubectl';
/** Under this name it keeps the annotation of client-side apply, so that going back stays possible. */
const annotationManager = 'kubectl-last-applied';
const annotationPath = ['f:metadata', 'f:annotations', `f:${lastApplied}`];

const advice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/**
 * `kubectl apply --server-side` of one object: the whole of it is sent, and what client-side apply owned before becomes owned by
 * this apply. Kubernetes: kubectl/pkg/cmd/apply/apply.go applyOneObject, client-go/util/csaupgrade.
 */
export function applyOnServer(run: Invocation, item: ManifestObject, options: RequestOptions): KubeObject {
  const { object, kind, namespace } = item;
  const manager = run.flag('field-manager') ?? serverSideManager;
  const subresource = run.flag('subresource');
  const send = (body: unknown, fieldManager: string, patchType: 'apply' | 'json' = 'apply'): KubeObject =>
    run.request({
      verb: 'patch',
      resource: kind.key,
      namespace,
      name: object.metadata.name,
      patchType,
      body,
      ...(subresource && patchType === 'apply' && { subresource: subresource as 'status' }),
      options: { ...options, fieldManager, ...(patchType === 'apply' && { force: run.has('force-conflicts') }) },
    }) as KubeObject;
  const body = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object;
  let applied: KubeObject;
  try {
    applied = send(body, manager);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    throw new UsageError(`error: ${(error as ApiError).message}\n${advice}`);
  }
  if (manager === serverSideManager) applied = withAnnotationKept(applied, send);
  const entries = upgraded(applied.metadata.managedFields ?? [], manager);
  if (entries === undefined) return applied;
  const patch = [
    { op: 'replace', path: '/metadata/managedFields', value: entries },
    { op: 'replace', path: '/metadata/resourceVersion', value: applied.metadata.resourceVersion },
  ];
  send(patch, manager, 'json');
  return send(body, manager);
}

type Send = (body: unknown, fieldManager: string) => KubeObject;

const owns = ({ fieldsV1 }: V1ManagedFieldsEntry): boolean => has(fromFieldsV1(fieldsV1 as FieldsV1), annotationPath);

/** Applies the annotation of client-side apply under a name of its own, unless some applier has it already. */
function withAnnotationKept(applied: KubeObject, send: Send): KubeObject {
  const { annotations, managedFields = [], name, namespace } = applied.metadata;
  const text = annotations?.[lastApplied];
  if (text === undefined || managedFields.some((entry) => entry.operation === 'Apply' && owns(entry))) return applied;
  const { apiVersion, kind } = applied;
  const metadata = { name, ...(namespace && { namespace }), annotations: { [lastApplied]: text } };
  return send({ apiVersion, kind, metadata }, annotationManager);
}

/** The entries with those of client-side apply added to the applier's; undefined when there are none. */
function upgraded(entries: readonly V1ManagedFieldsEntry[], manager: string): V1ManagedFieldsEntry[] | undefined {
  const updaters = new Set(
    entries.filter((entry) => entry.operation === 'Update' && owns(entry)).map((entry) => entry.manager),
  );
  let result = [...entries];
  for (const updater of updaters) {
    const isUpdater = (entry: V1ManagedFieldsEntry): boolean =>
      entry.manager === updater && entry.operation === 'Update' && !entry.subresource;
    let at = result.findIndex(
      (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
    );
    if (at < 0) at = result.findIndex(isUpdater);
    if (at < 0) continue;
    const target = result[at]!;
    const other = result.find((entry) => isUpdater(entry) && entry.apiVersion === target.apiVersion);
    const own = fromFieldsV1(target.fieldsV1 as FieldsV1);
    const fields = other ? union(own, fromFieldsV1(other.fieldsV1 as FieldsV1)) : own;
    result[at] = { ...target, manager, operation: 'Apply', fieldsV1: toFieldsV1(fields) };
    result = result.filter((entry) => !isUpdater(entry));
  }
  return equal(result, entries) ? undefined : result;
}
