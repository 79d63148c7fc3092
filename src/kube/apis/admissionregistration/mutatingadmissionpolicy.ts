import type { V1MutatingAdmissionPolicySpec } from '../../../generated/types.ts';
import { notSupported, requiredValue, type FieldError } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { paramKindCell, policyDefaults, policyErrors } from './policies.ts';

const patchTypes = ['ApplyConfiguration', 'JSONPatch'];

function specErrors(spec: V1MutatingAdmissionPolicySpec): FieldError[] {
  const { mutations = [], reinvocationPolicy } = spec;
  const errors = policyErrors(spec);
  if (mutations.length === 0) errors.push(requiredValue('spec.mutations', 'mutations must contain at least one item'));
  for (const [i, { patchType, applyConfiguration, jsonPatch }] of mutations.entries()) {
    const at = `spec.mutations[${i}]`;
    if (!patchType) errors.push(requiredValue(`${at}.patchType`));
    else if (!patchTypes.includes(patchType)) errors.push(notSupported(`${at}.patchType`, patchType, patchTypes));
    const [field, body] =
      patchType === 'JSONPatch' ? ['jsonPatch', jsonPatch] : ['applyConfiguration', applyConfiguration];
    if (!body?.expression?.trim())
      errors.push(requiredValue(`${at}.${field}.expression`, 'expression is not specified'));
  }
  if (!reinvocationPolicy) errors.push(requiredValue('spec.reinvocationPolicy'));
  else if (reinvocationPolicy !== 'Never' && reinvocationPolicy !== 'IfNeeded')
    errors.push(notSupported('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']));
  return errors;
}

/** MutatingAdmissionPolicy: changes that are made to objects on their way, wherever a binding says so. Kubernetes: pkg/apis/admissionregistration. */
export const mutatingAdmissionPolicy = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  key: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  model: 'V1MutatingAdmissionPolicy',
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
  defaults(policy) {
    if (policy.spec) policy.spec = policyDefaults(policy.spec);
  },
  validate: ({ spec }) => (spec ? specErrors(spec) : [requiredValue('spec')]),
  columns: [
    nameColumn,
    { name: 'Mutations', type: 'integer', cell: ({ spec }) => spec?.mutations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => paramKindCell(spec) },
    ageColumn,
  ],
  storedOnly: ['spec.reinvocationPolicy'],
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'example' },
    spec: {
      reinvocationPolicy: 'Never',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
        ],
      },
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{spec: Object.spec{minReadySeconds: 5}}' },
        },
      ],
    },
  },
});
