import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

/** Endpoints. Kubernetes: pkg/registry/core/endpoints. */
export const endpoints = defineKind({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  key: 'endpoints',
  model: 'V1Endpoints',
  shortNames: ['ep'],
  defaults(endpoints) {
    if (endpoints.subsets) {
      endpoints.subsets = endpoints.subsets.map((subset) =>
        subset.ports
          ? filled(subset, { ports: subset.ports.map((port) => filled(port, { protocol: port.protocol || 'TCP' })) })
          : subset,
      );
    }
  },
  columns: [],
  example: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'example' } },
});
