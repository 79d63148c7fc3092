import { requiredValue } from '../../apimachinery/index.ts';
import { defineKind } from '../kind.ts';
import { bindingColumns, bindingDefaults, bindingErrors } from './policies.ts';

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
    if (binding.spec) binding.spec = bindingDefaults(binding.spec);
  },
  validate: ({ spec }) => (spec ? bindingErrors(spec) : [requiredValue('spec')]),
  columns: bindingColumns,
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'example' },
    spec: { policyName: 'example' },
  },
});
