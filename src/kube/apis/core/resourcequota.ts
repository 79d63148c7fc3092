import type { V1ResourceQuota } from '../../../generated/types.ts';
import { compareQuantity, invalidValue, notSupported, type FieldError } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** Resources that a quota may name without a slash. Kubernetes: helper.standardQuotaResources. */
const standard = new Set(
  (
    'cpu memory ephemeral-storage requests.cpu requests.memory requests.storage requests.ephemeral-storage limits.cpu ' +
    'limits.memory limits.ephemeral-storage pods resourcequotas services replicationcontrollers secrets ' +
    'persistentvolumeclaims configmaps services.nodeports services.loadbalancers'
  ).split(' '),
);
/** Resources that exist beside those of quotas. */
const known = new Set(['storage', 'hugepages-2Mi', 'hugepages-1Gi']);

const scopes = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
];

/** Kubernetes: ValidateResourceQuotaSpec. */
function validate({ spec = {} }: V1ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, amount] of Object.entries(spec.hard ?? {})) {
    const path = `spec.hard[${name}]`;
    if (!name.includes('/') && !standard.has(name)) {
      if (!known.has(name))
        errors.push(invalidValue(path, name, 'must be a standard resource type or fully qualified'));
      errors.push(invalidValue(path, name, 'must be a standard resource for quota'));
    }
    if (compareQuantity(amount, '0') < 0) errors.push(invalidValue(path, amount, sentences.notNegative));
  }
  for (const scope of spec.scopes ?? [])
    if (!scopes.includes(scope)) errors.push(notSupported('spec.scopes', scope, scopes));
  return errors;
}

const isLimit = (resource: string): boolean => resource.startsWith('limits.');

function usedOf({ status = {} }: V1ResourceQuota, wanted: (resource: string) => boolean): string {
  const names = Object.keys(status.hard ?? {}).sort().filter(wanted); // prettier-ignore
  return names.map((name) => `${name}: ${status.used?.[name] ?? '0'}/${status.hard![name]}`).join(', ');
}

/** ResourceQuota: how much a namespace may use of everything that can be counted. Kubernetes: pkg/registry/core/resourcequota. */
export const resourceQuota = defineKind({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  key: 'resourcequotas',
  model: 'V1ResourceQuota',
  shortNames: ['quota'],
  statusSubresource: true,
  prepareForCreate(quota) {
    quota.status = {};
  },
  validate,
  columns: [
    nameColumn,
    { name: 'Request', cell: (q) => usedOf(q, (name) => !isLimit(name)) },
    { name: 'Limit', cell: (q) => usedOf(q, isLimit) },
    ageColumn,
  ],
  example: {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'example' },
    spec: { hard: { pods: '10', 'requests.cpu': '2' } },
  },
});
