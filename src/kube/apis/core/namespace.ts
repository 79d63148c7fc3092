import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

/** Namespace. Kubernetes: pkg/registry/core/namespace. */
export const namespace = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  key: 'namespaces',
  model: 'V1Namespace',
  namespaced: false,
  shortNames: ['ns'],
  statusSubresource: true,
  nameRule: 'dns1123-label',
  defaults(namespace) {
    const { name, labels } = namespace.metadata;
    if (name && labels?.['kubernetes.io/metadata.name'] !== name) {
      namespace.metadata = { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
    }
    namespace.status = filled(namespace.status ?? {}, { phase: namespace.status?.phase || 'Active' });
  },
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec?.finalizers ?? [];
    if (!finalizers.includes('kubernetes')) namespace.spec = { finalizers: [...finalizers, 'kubernetes'] };
  },
  prepareForUpdate(next, old) {
    // The hold of the namespace controller is given up through /finalize alone.
    next.spec = old.spec ?? {};
    next.status = old.status ?? {};
  },
  columns: [nameColumn, { name: 'Status', cell: (n) => n.status?.phase }, ageColumn],
  example: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'example' } },
});
