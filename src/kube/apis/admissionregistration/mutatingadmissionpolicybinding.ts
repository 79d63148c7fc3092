import { requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { matchDefaults, matchErrors, paramCell, paramErrors } from './policies.ts';

/** MutatingAdmissionPolicyBinding: where a policy changes objects. Kubernetes: pkg/apis/admissionregistration. */
export const mutatingAdmissionPolicyBinding = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  key: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  model: 'V1MutatingAdmissionPolicyBinding',
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
  defaults(binding) {
    const { spec } = binding;
    if (spec?.matchResources) binding.spec = { ...spec, matchResources: matchDefaults(spec.matchResources) };
  },
  validate({ spec }) {
    if (!spec) return [requiredValue('spec')];
    const { policyName, matchResources, paramRef } = spec;
    return [
      ...(policyName ? [] : [requiredValue('spec.policyName')]),
      ...paramErrors(paramRef, 'spec.paramRef'),
      ...(matchResources ? matchErrors(matchResources, 'spec.matchResouces') : []),
    ];
  },
  columns: [
    nameColumn,
    { name: 'PolicyName', cell: ({ spec }) => spec?.policyName },
    { name: 'ParamRef', cell: ({ spec }) => paramCell(spec?.paramRef) },
    ageColumn,
  ],
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'example' },
    spec: { policyName: 'example' },
  },
});
