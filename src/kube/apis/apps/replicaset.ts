import type { V1ReplicaSet } from '../../../generated/types.ts';
import { formatLabelSelector } from '../../apimachinery/labels.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { podRefs, podStoredOnly } from '../core/pod-refs.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { selectorUnchanged, workload } from '../validation/workload.ts';

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
  validate: ({ spec }) => workload(spec ?? ({} as never), 'replicaset'),
  validateUpdate: (next, old) => selectorUnchanged(next.spec?.selector, old.spec?.selector),
  refs: ({ metadata, spec }) => podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec'),
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: (s) => s.spec?.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: (s) => s.status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', cell: (s) => s.status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns<V1ReplicaSet>((s) => s.spec?.template),
    { name: 'Selector', priority: 1, cell: (s) => formatLabelSelector(s.spec?.selector) },
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
});
