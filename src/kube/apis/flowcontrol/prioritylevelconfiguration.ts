import type { V1PriorityLevelConfigurationSpec } from '../../../generated/types.ts';
import { type FieldError, forbiddenValue, notSupported, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

const types = ['Exempt', 'Limited'];
/** Queues of a level that says nothing of them. Kubernetes: pkg/apis/flowcontrol/v1/defaults.go. */
const queuing = { queues: 64, handSize: 8, queueLengthLimit: 50 };

function withDefaults(spec: V1PriorityLevelConfigurationSpec): V1PriorityLevelConfigurationSpec {
  const { type, limited, exempt } = spec;
  if (type === 'Exempt') {
    const { nominalConcurrencyShares = 0, lendablePercent = 0 } = exempt ?? {};
    return filled(spec, { exempt: filled(exempt ?? {}, { nominalConcurrencyShares, lendablePercent }) });
  }
  if (!limited) return spec;
  const { nominalConcurrencyShares = 30, lendablePercent = 0, limitResponse } = limited;
  const response =
    limitResponse?.type === 'Queue'
      ? filled(limitResponse, { queuing: { ...queuing, ...limitResponse.queuing } })
      : limitResponse;
  return filled(spec, {
    limited: filled(limited, { nominalConcurrencyShares, lendablePercent, limitResponse: response }),
  });
}

/** PriorityLevelConfiguration: a share of the API server's work. Kubernetes: pkg/registry/flowcontrol/prioritylevelconfiguration. */
export const priorityLevelConfiguration = defineKind({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  key: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  model: 'V1PriorityLevelConfiguration',
  namespaced: false,
  statusSubresource: true,
  generation: true,
  defaults(level) {
    level.spec = withDefaults(level.spec ?? { type: '' });
    level.status ??= {};
  },
  validate({ spec }): FieldError[] {
    const { type, limited, exempt } = spec!;
    if (!types.includes(type)) return [notSupported('spec.type', type, types)];
    if (type === 'Exempt')
      return limited ? [forbiddenValue('spec.limited', 'must be nil if the type is not Limited')] : [];
    const errors: FieldError[] = [];
    if (exempt) errors.push(forbiddenValue('spec.exempt', 'must be nil if the type is Limited'));
    if (!limited) errors.push(requiredValue('spec.limited', 'must not be empty when type is Limited'));
    return errors;
  },
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    { name: 'Type', cell: (l) => l.spec?.type },
    { name: 'NominalConcurrencyShares', cell: (l) => l.spec?.limited?.nominalConcurrencyShares },
    { name: 'Queues', cell: (l) => l.spec?.limited?.limitResponse?.queuing?.queues },
    { name: 'HandSize', cell: (l) => l.spec?.limited?.limitResponse?.queuing?.handSize },
    { name: 'QueueLengthLimit', cell: (l) => l.spec?.limited?.limitResponse?.queuing?.queueLengthLimit },
    ageColumn,
  ],
  example: {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'PriorityLevelConfiguration',
    metadata: { name: 'example' },
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } } },
  },
});
