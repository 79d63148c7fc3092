import { failure, forbidden, notFound, type KubeObject } from '../../apimachinery/index.ts';
import { read } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

/** Namespaces without which a cluster does not work. */
const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is created in a namespace that is missing (404) or being deleted (403). Kubernetes: NamespaceLifecycle. */
export function admitNamespace(call: Call, object: KubeObject): void {
  const { kind } = call;
  if (!kind.namespaced) return;
  const name = object.metadata.namespace!;
  const namespace = read(call.etcd, 'namespaces', name);
  if (!namespace) throw notFound('', 'namespaces', name);
  if (!namespace.metadata.deletionTimestamp) return;
  const resource = kind.group ? `${kind.resource}.${kind.group}` : kind.resource;
  throw failure(
    403,
    'Forbidden',
    `${resource} "${object.metadata.name}" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
    {
      name: object.metadata.name,
      ...(kind.group && { group: kind.group }),
      kind: kind.resource,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${name} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}

/** The namespaces of the system cannot be deleted. */
export function admitNamespaceDeletion(call: Call): void {
  const { kind, request } = call;
  if (kind.key !== 'namespaces' || !immortal.has(request.name!)) return;
  throw forbidden('', 'namespaces', request.name!, 'this namespace may not be deleted');
}
