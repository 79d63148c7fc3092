import { ageColumn, nameColumn, someOf } from '../cells.ts';
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
  columns: [
    nameColumn,
    {
      name: 'Endpoints',
      cell: (e) =>
        someOf(
          (e.subsets ?? []).flatMap((subset) =>
            (subset.ports?.length ? subset.ports : [undefined]).flatMap((port) =>
              (subset.addresses ?? []).map((a) => (port ? `${a.ip}:${port.port}` : a.ip)),
            ),
          ),
          3,
        ),
    },
    ageColumn,
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'example' },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
  },
});
