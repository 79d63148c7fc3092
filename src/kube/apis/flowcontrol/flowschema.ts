import { type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

/** Lowest number goes first; this is the highest that may be given. */
const lastPrecedence = 10_000;

/** FlowSchema: which requests go to which priority level. Kubernetes: pkg/registry/flowcontrol/flowschema. */
export const flowSchema = defineKind({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  key: 'flowschemas.flowcontrol.apiserver.k8s.io',
  model: 'V1FlowSchema',
  namespaced: false,
  statusSubresource: true,
  generation: true,
  defaults(schema) {
    const spec = schema.spec ?? { priorityLevelConfiguration: { name: '' } };
    schema.spec = filled(spec, { matchingPrecedence: spec.matchingPrecedence || 1000 });
    schema.status ??= {};
  },
  validate({ spec }): FieldError[] {
    const errors: FieldError[] = [];
    const { matchingPrecedence = 0, priorityLevelConfiguration } = spec!;
    if (matchingPrecedence > lastPrecedence)
      errors.push(
        invalidValue('spec.matchingPrecedence', matchingPrecedence, `must not be greater than ${lastPrecedence}`),
      );
    if (!priorityLevelConfiguration.name)
      errors.push(requiredValue('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
    return errors;
  },
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    { name: 'PriorityLevel', cell: (s) => s.spec?.priorityLevelConfiguration?.name },
    { name: 'MatchingPrecedence', type: 'integer', cell: (s) => s.spec?.matchingPrecedence },
    { name: 'DistinguisherMethod', cell: (s) => s.spec?.distinguisherMethod?.type },
    ageColumn,
    {
      name: 'MissingPL',
      cell: (s) => s.status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    },
  ],
  example: {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name: 'example' },
    spec: { priorityLevelConfiguration: { name: 'global-default' }, matchingPrecedence: 5000 },
  },
});
