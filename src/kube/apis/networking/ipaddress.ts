import { equal, type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** IPAddress: an address of a Service that is taken. Kubernetes: pkg/registry/networking/ipaddress. */
export const ipAddress = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  resource: 'ipaddresses',
  key: 'ipaddresses.networking.k8s.io',
  model: 'V1IPAddress',
  shortNames: ['ip'],
  namespaced: false,
  generation: true,
  validate({ spec }): FieldError[] {
    const parent = spec?.parentRef;
    if (!parent) return [requiredValue('spec.parentRef')];
    const errors: FieldError[] = [];
    if (!parent.resource) errors.push(requiredValue('spec.parentRef.resource'));
    if (!parent.name) errors.push(requiredValue('spec.parentRef.name'));
    return errors;
  },
  validateUpdate: (next, old) =>
    equal(next.spec?.parentRef, old.spec?.parentRef)
      ? []
      : [invalidValue('spec.parentRef', next.spec?.parentRef ?? null, sentences.immutable)],
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    {
      name: 'ParentRef',
      cell({ spec }) {
        const { group, resource, namespace, name } = spec?.parentRef ?? {};
        return [resource && `${resource}${group ? `.${group}` : ''}`, namespace, name].filter(Boolean).join('/');
      },
    },
    ageColumn,
  ],
  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: 'example' },
    spec: { parentRef: { resource: 'services', namespace: 'default', name: 'example' } },
  },
});
