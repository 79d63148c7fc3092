import type { V1ReplicationController } from '../../../generated/types.ts';
import { type FieldError, formatLabelSelector, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { notNegative } from '../validation/basics.ts';
import { workloadTemplate } from '../validation/workload.ts';
import { templateDefaults } from './pod-defaults.ts';
import { podRefs, podStoredOnly } from './pod-refs.ts';

type Spec = NonNullable<V1ReplicationController['spec']>;

const hasLabels = (labels: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(labels ?? {}).length > 0;

/** Kubernetes: pkg/apis/core/validation ValidateReplicationControllerSpec, ValidatePodTemplateSpecForRC. */
function validate({ minReadySeconds, selector = {}, replicas, template }: Partial<Spec>): FieldError[] {
  const errors = notNegative(minReadySeconds, 'spec.minReadySeconds');
  if (!hasLabels(selector)) errors.push(requiredValue('spec.selector'));
  errors.push(...notNegative(replicas, 'spec.replicas'));
  if (!template) return [...errors, requiredValue('spec.template')];
  return [...errors, ...workloadTemplate(template, { matchLabels: selector }, 'ReplicationController')];
}

/** ReplicationController, the forerunner of the ReplicaSet. Kubernetes: pkg/registry/core/replicationcontroller. */
export const replicationController = defineKind({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  key: 'replicationcontrollers',
  model: 'V1ReplicationController',
  shortNames: ['rc'],
  categories: ['all'],
  statusSubresource: true,
  scale: true,
  generation: true,
  defaults(rc) {
    const spec = rc.spec ?? ({} as Spec);
    const labels = spec.template?.metadata?.labels;
    rc.spec = filled(spec, {
      replicas: spec.replicas ?? 1,
      template: spec.template && templateDefaults(spec.template),
      selector: labels && !hasLabels(spec.selector) ? labels : undefined,
    });
    if (labels && !hasLabels(rc.metadata.labels)) rc.metadata = { ...rc.metadata, labels };
  },
  prepareForCreate(rc) {
    rc.status = { replicas: 0 };
  },
  validate: ({ spec }) => validate(spec ?? {}),
  refs: ({ metadata, spec }) => podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec'),
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: (rc) => rc.spec?.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: (rc) => rc.status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', cell: (rc) => rc.status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns<V1ReplicationController>((rc) => rc.spec?.template),
    {
      name: 'Selector',
      priority: 1,
      cell: (rc) => formatLabelSelector(rc.spec?.selector && { matchLabels: rc.spec.selector }),
    },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'example' },
    spec: {
      selector: { app: 'example' },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
});
