import { formatLabelSelector } from '../../apimachinery/labels.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import type { V1ReplicaSet } from '../../../generated/types.ts';
import { filled } from '../defaulting.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { defineKind } from '../kind.ts';

/** ReplicaSet. Kubernetes: pkg/registry/apps/replicaset. */
export const replicaSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  key: 'replicasets.apps',
  model: 'V1ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  statusSubresource: true,
  scale: true,
  generation: true,
  defaults(replicaSet) {
    const spec = replicaSet.spec ?? ({} as NonNullable<typeof replicaSet.spec>);
    replicaSet.spec = filled(spec, { replicas: spec.replicas ?? 1, template: templateDefaults(spec.template) });
  },
  prepareForCreate(replicaSet) {
    replicaSet.status = { replicas: 0 };
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: (s) => s.spec?.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: (s) => s.status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', cell: (s) => s.status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns<V1ReplicaSet>((s) => s.spec?.template),
    { name: 'Selector', priority: 1, cell: (s) => formatLabelSelector(s.spec?.selector) },
  ],
  example: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'example' } },
});
