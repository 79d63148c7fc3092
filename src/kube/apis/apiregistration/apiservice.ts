import { type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

/** APIService: who serves a group and version. Kubernetes: kube-aggregator/pkg/apis/apiregistration. */
export const apiService = defineKind({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  key: 'apiservices.apiregistration.k8s.io',
  model: 'V1APIService',
  categories: ['api-extensions'],
  namespaced: false,
  statusSubresource: true,
  defaults(service) {
    service.status ??= {};
  },
  validate({ metadata, spec }): FieldError[] {
    const errors: FieldError[] = [];
    const name = `${spec?.version ?? ''}.${spec?.group ?? ''}`;
    if (metadata.name !== name)
      errors.push(invalidValue('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: "${name}"`));
    if (!spec?.version) errors.push(requiredValue('spec.version'));
    if (!(spec?.groupPriorityMinimum && spec.groupPriorityMinimum > 0 && spec.groupPriorityMinimum <= 20_000))
      errors.push(
        invalidValue(
          'spec.groupPriorityMinimum',
          spec?.groupPriorityMinimum ?? 0,
          'must be positive and less than 20000',
        ),
      );
    if (!(spec?.versionPriority && spec.versionPriority > 0 && spec.versionPriority <= 1000))
      errors.push(
        invalidValue('spec.versionPriority', spec?.versionPriority ?? 0, 'must be positive and less than 1000'),
      );
    return errors;
  },
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    {
      name: 'Service',
      cell: ({ spec }) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local'),
    },
    {
      name: 'Available',
      cell: ({ status }) => status?.conditions?.find(({ type }) => type === 'Available')?.status ?? 'Unknown',
    },
    ageColumn,
  ],
  example: {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.example.com' },
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 10 },
  },
});
