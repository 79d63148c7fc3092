import {
  duplicateValue,
  invalidValue,
  notSupported,
  requiredValue,
  type FieldError,
} from '../../apimachinery/index.ts';
import { defineKind } from '../kind.ts';
import { bindingColumns, bindingDefaults, bindingErrors } from './policies.ts';

const actions = ['Audit', 'Deny', 'Warn'];

function actionErrors(given: readonly string[]): FieldError[] {
  const at = 'spec.validationActions';
  const errors: FieldError[] = [];
  if (given.length === 0) return [requiredValue(at, 'at least one validation action is required')];
  for (const [i, action] of given.entries()) {
    if (!actions.includes(action)) errors.push(notSupported(`${at}[${i}]`, action, actions));
    if (given.indexOf(action) < i) errors.push(duplicateValue(`${at}[${i}]`, action));
  }
  if (given.includes('Deny') && given.includes('Warn'))
    errors.push(
      invalidValue(
        at,
        given,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  return errors;
}

/** ValidatingAdmissionPolicyBinding: where a policy holds, and what comes of breaking it. Kubernetes: pkg/apis/admissionregistration. */
export const validatingAdmissionPolicyBinding = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  key: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  model: 'V1ValidatingAdmissionPolicyBinding',
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
  defaults(binding) {
    if (binding.spec) binding.spec = bindingDefaults(binding.spec);
  },
  validate: ({ spec }) =>
    spec ? [...bindingErrors(spec), ...actionErrors(spec.validationActions ?? [])] : [requiredValue('spec')],
  columns: bindingColumns,
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'example' },
    spec: { policyName: 'example', validationActions: ['Deny'] },
  },
});
