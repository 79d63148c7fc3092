import { ageColumn, nameColumn, someOf } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind, type Ref } from '../kind.ts';

/** EndpointSlice. Kubernetes: pkg/registry/discovery/endpointslice. */
export const endpointSlice = defineKind({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  key: 'endpointslices.discovery.k8s.io',
  model: 'V1EndpointSlice',
  generation: true,
  defaults(slice) {
    slice.endpoints ??= [];
    // A slice without ports reads `ports: null`, as Go writes it.
    slice.ports = slice.ports?.length
      ? slice.ports.map((port) => filled(port, { name: port.name ?? '', protocol: port.protocol ?? 'TCP' }))
      : (null as unknown as []);
  },
  refs(slice) {
    const { namespace, labels } = slice.metadata;
    const service = labels?.['kubernetes.io/service-name'];
    const refs: Ref[] = service
      ? [
          {
            resource: 'services',
            name: service,
            namespace,
            path: 'metadata.labels[kubernetes.io/service-name]',
            how: 'endpointsOf',
          },
        ]
      : [];
    for (const [i, { targetRef }] of (slice.endpoints ?? []).entries()) {
      if (targetRef?.kind !== 'Pod' || !targetRef.name) continue;
      refs.push({
        resource: 'pods',
        name: targetRef.name,
        namespace,
        path: `endpoints[${i}].targetRef`,
        how: 'endpoint',
      });
    }
    return refs;
  },
  storedOnly: ['endpoints[].deprecatedTopology', 'endpoints[].hints'],
  columns: [
    nameColumn,
    { name: 'AddressType', cell: (s) => s.addressType },
    {
      name: 'Ports',
      cell: (s) =>
        s.ports?.length
          ? someOf(
              s.ports.map((p) => String(p.port ?? '*')),
              3,
            )
          : '<unset>',
    },
    {
      name: 'Endpoints',
      cell: (s) =>
        s.endpoints
          ? someOf(
              s.endpoints.flatMap((e) => e.addresses),
              3,
            )
          : '<unset>',
    },
    ageColumn,
  ],
  example: {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'example' },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.1'] }],
    ports: [{ port: 80 }],
  },
});
