import type { V1MutatingWebhook, V1ValidatingWebhook } from '../../../generated/types.ts';
import {
  type FieldError,
  invalidValue,
  isDns1123Subdomain,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { filled } from '../defaulting.ts';

type Webhook = V1MutatingWebhook | V1ValidatingWebhook;

const policies = { failurePolicy: ['Fail', 'Ignore'], matchPolicy: ['Equivalent', 'Exact'] } as const;
const sideEffects = ['None', 'NoneOnDryRun'];
const versions = ['v1', 'v1beta1'];

/** What both sorts of webhooks are given. Kubernetes: pkg/apis/admissionregistration/v1/defaults.go. */
export function webhookDefaults<W extends Webhook>(webhook: W): W {
  const { service } = webhook.clientConfig ?? {};
  return filled(webhook as Webhook, {
    failurePolicy: webhook.failurePolicy ?? 'Fail',
    matchPolicy: webhook.matchPolicy ?? 'Equivalent',
    namespaceSelector: webhook.namespaceSelector ?? {},
    objectSelector: webhook.objectSelector ?? {},
    timeoutSeconds: webhook.timeoutSeconds ?? 10,
    rules: webhook.rules?.map((rule) => filled(rule, { scope: rule.scope ?? '*' })),
    clientConfig: service && filled(webhook.clientConfig, { service: filled(service, { port: service.port ?? 443 }) }),
  }) as W;
}

/** Every wrong field of one webhook. Kubernetes: pkg/apis/admissionregistration/validation validateMutatingWebhook. */
export function webhookErrors(webhook: Webhook, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { name, admissionReviewVersions, clientConfig, timeoutSeconds } = webhook;
  for (const reason of isDns1123Subdomain(name)) errors.push(invalidValue(`${path}.name`, name, reason));
  if (isDns1123Subdomain(name).length === 0 && name.split('.').length < 3)
    errors.push(
      invalidValue(`${path}.name`, name, 'should be a domain with at least three segments separated by dots'),
    );
  if (!admissionReviewVersions?.length)
    errors.push(requiredValue(`${path}.admissionReviewVersions`, `must specify one of ${versions.join(', ')}`));
  else if (!admissionReviewVersions.some((version) => versions.includes(version)))
    errors.push(
      invalidValue(
        `${path}.admissionReviewVersions`,
        admissionReviewVersions,
        `must include at least one of ${versions.join(', ')}`,
      ),
    );
  for (const field of ['failurePolicy', 'matchPolicy'] as const) {
    const value = webhook[field];
    if (value && !(policies[field] as readonly string[]).includes(value))
      errors.push(notSupported(`${path}.${field}`, value, [...policies[field]]));
  }
  if (!webhook.sideEffects)
    errors.push(requiredValue(`${path}.sideEffects`, `must specify one of ${sideEffects.join(', ')}`));
  else if (!sideEffects.includes(webhook.sideEffects))
    errors.push(notSupported(`${path}.sideEffects`, webhook.sideEffects, sideEffects));
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1))
    errors.push(
      invalidValue(`${path}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'),
    );
  if ((clientConfig?.url === undefined) === (clientConfig?.service === undefined))
    errors.push(requiredValue(`${path}.clientConfig`, 'exactly one of url or service is required'));
  return errors;
}
