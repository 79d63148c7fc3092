import type { V1Ingress, V1IngressBackend, V1IngressRule } from '../../../generated/types.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind, type Ref } from '../kind.ts';
import { ingressWarnings, validateIngress } from '../validation/ingress.ts';

/** Kubernetes: pkg/printers/internalversion/printers.go formatHosts. */
function hosts(rules: readonly V1IngressRule[]): string {
  const named: string[] = [];
  for (const { host } of rules) {
    if (named.length === 3) return `${named.join(',')} + ${rules.length - 3} more...`;
    if (host) named.push(host);
  }
  return named.join(',') || '*';
}

/** Addresses that a controller has written, sorted. Kubernetes: ingressLoadBalancerStatusStringer. */
export function ingressAddress({ status }: V1Ingress): string {
  const all = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
  return [...new Set(all)].sort().join(',');
}

/** Longest address of a narrow table. */
const narrow = 16;

/** Ingress. Kubernetes: pkg/registry/networking/ingress. Its rules have no effect without a controller that reads them. */
export const ingress = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  key: 'ingresses.networking.k8s.io',
  model: 'V1Ingress',
  shortNames: ['ing'],
  statusSubresource: true,
  generation: true,
  defaults(object) {
    object.spec ??= {};
    object.status = filled(object.status ?? {}, { loadBalancer: object.status?.loadBalancer ?? {} });
  },
  prepareForCreate(object) {
    object.status = { loadBalancer: {} };
  },
  validate: validateIngress,
  warnings: ingressWarnings,
  refs({ metadata, spec = {} }) {
    const { namespace } = metadata;
    const refs: Ref[] = [];
    const point = (backend: V1IngressBackend | undefined, path: string): void => {
      if (backend?.service)
        refs.push({ resource: 'services', name: backend.service.name, namespace, path, how: 'backend' });
    };
    if (spec.ingressClassName)
      refs.push({
        resource: 'ingressclasses.networking.k8s.io',
        name: spec.ingressClassName,
        path: 'spec.ingressClassName',
        how: 'class',
      });
    point(spec.defaultBackend, 'spec.defaultBackend');
    for (const [i, { http }] of (spec.rules ?? []).entries())
      for (const [j, path] of (http?.paths ?? []).entries())
        point(path.backend, `spec.rules[${i}].http.paths[${j}].backend`);
    for (const [i, { secretName }] of (spec.tls ?? []).entries())
      if (secretName)
        refs.push({ resource: 'secrets', name: secretName, namespace, path: `spec.tls[${i}].secretName`, how: 'tls' });
    return refs;
  },
  storedOnly: ['spec.defaultBackend.resource', 'spec.rules[].http.paths[].backend.resource'],
  columns: [
    nameColumn,
    { name: 'Class', cell: (i) => i.spec?.ingressClassName },
    { name: 'Hosts', cell: (i) => hosts(i.spec?.rules ?? []) },
    {
      name: 'Address',
      cell(object, _now, wide) {
        const address = ingressAddress(object);
        return !wide && address.length > narrow ? `${address.slice(0, narrow - 3)}...` : address;
      },
    },
    { name: 'Ports', cell: (i) => (i.spec?.tls?.length ? '80, 443' : '80') },
    ageColumn,
  ],
  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'example' },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
});
