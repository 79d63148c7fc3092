import { ageColumn, nameColumn } from '../cells.ts';

import { defineKind } from '../kind.ts';
import { webhookDefaults, webhookErrors } from './webhooks.ts';

/** ValidatingWebhookConfiguration: whom the API server asks before it stores something. Kubernetes: pkg/registry/admissionregistration. */
export const validatingWebhookConfiguration = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  key: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  model: 'V1ValidatingWebhookConfiguration',
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
  defaults(configuration) {
    const webhooks = configuration.webhooks?.map(webhookDefaults);
    if (webhooks) configuration.webhooks = webhooks;
  },
  validate: ({ webhooks = [] }) => webhooks.flatMap((webhook, i) => webhookErrors(webhook, `webhooks[${i}]`)),
  storedOnly: ['webhooks'],
  columns: [nameColumn, { name: 'Webhooks', type: 'integer', cell: (c) => c.webhooks?.length ?? 0 }, ageColumn],
  example: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'example' },
    webhooks: [
      {
        name: 'check.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { service: { namespace: 'default', name: 'example' } },
      },
    ],
  },
});
