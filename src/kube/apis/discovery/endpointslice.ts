import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

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
  columns: [],
  example: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'example' } },
});
