import type { V1Validation, V1ValidatingAdmissionPolicySpec } from '../../../generated/types.ts';
import {
  invalidValue,
  isQualifiedName,
  notSupported,
  requiredValue,
  duplicateValue,
  type FieldError,
} from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { paramKindCell, policyDefaults, policyErrors } from './policies.ts';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const hasBreaks = (text: string): boolean => /[\n\r]/.test(text);

function validationErrors(
  { expression, message = '', messageExpression, reason }: V1Validation,
  at: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!expression?.trim()) errors.push(requiredValue(`${at}.expression`, 'expression is not specified'));
  if (messageExpression !== undefined && messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalidValue(`${at}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  if (message && message.trim() === '')
    errors.push(invalidValue(`${at}.message`, message, 'message must be non-empty if specified'));
  else if (hasBreaks(message.trim()))
    errors.push(invalidValue(`${at}.message`, message, 'message must not contain line breaks'));
  else if (hasBreaks(expression?.trim() ?? '') && message.trim() === '')
    errors.push(requiredValue(`${at}.message`, 'message must be specified if expression contains line breaks'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
  return errors;
}

function specErrors(spec: V1ValidatingAdmissionPolicySpec): FieldError[] {
  const { matchConditions = [], validations = [], auditAnnotations = [] } = spec;
  const errors = policyErrors(spec);
  const names = new Set<string>();
  for (const [i, { name, expression }] of matchConditions.entries()) {
    const at = `spec.matchConditions[${i}]`;
    if (!expression?.trim()) errors.push(requiredValue(`${at}.expression`));
    if (!name) errors.push(requiredValue(`${at}.name`));
    else for (const reason of isQualifiedName(name)) errors.push(invalidValue(`${at}.name`, name, reason));
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    names.add(name);
  }
  for (const [i, { name, expression }] of (spec.variables ?? []).entries()) {
    const at = `spec.variables[${i}]`;
    if (!name?.trim()) errors.push(requiredValue(`${at}.name`, 'name is not specified'));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name))
      errors.push(invalidValue(`${at}.name`, name, 'name is not a valid CEL identifier'));
    if (!expression?.trim()) errors.push(requiredValue(`${at}.expression`, 'expression is not specified'));
  }
  if (validations.length === 0 && auditAnnotations.length === 0)
    for (const field of ['validations', 'auditAnnotations'])
      errors.push(requiredValue(`spec.${field}`, 'validations or auditAnnotations must contain at least one item'));
  for (const [i, each] of validations.entries()) errors.push(...validationErrors(each, `spec.validations[${i}]`));
  return errors;
}

/**
 * ValidatingAdmissionPolicy: expressions that objects must fulfil, wherever a binding says so.
 * Kubernetes: pkg/apis/admissionregistration, pkg/registry/admissionregistration/validatingadmissionpolicy.
 */
export const validatingAdmissionPolicy = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  key: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  model: 'V1ValidatingAdmissionPolicy',
  categories: ['api-extensions'],
  namespaced: false,
  statusSubresource: true,
  generation: true,
  defaults(policy) {
    if (policy.spec) policy.spec = policyDefaults(policy.spec);
  },
  prepareForCreate(policy) {
    policy.status = {};
  },
  validate: ({ spec }) => (spec ? specErrors(spec) : [requiredValue('spec')]),
  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', cell: ({ spec }) => spec?.validations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => paramKindCell(spec) },
    ageColumn,
  ],
  storedOnly: ['spec.auditAnnotations'],
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'example' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
        ],
      },
      validations: [{ expression: 'object.spec.replicas <= 5' }],
    },
  },
});
