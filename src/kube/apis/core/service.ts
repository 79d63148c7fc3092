import type { V1Service, V1ServiceSpec } from '../../../generated/types.ts';
import { formatLabels } from '../../apimachinery/labels.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { validateService, validateServiceUpdate } from '../validation/service.ts';

/** Kubernetes: pkg/apis/core/v1/defaults.go SetDefaults_Service. Addresses and node ports are allocated by the API server. */
function serviceDefaults(spec: V1ServiceSpec): V1ServiceSpec {
  const type = spec.type || 'ClusterIP';
  const affinity = spec.sessionAffinity || 'None';
  const outside =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && !!spec.externalIPs?.length);
  const next = filled(spec, {
    type,
    sessionAffinity: affinity,
    ports: spec.ports?.map((port) =>
      filled(port, { protocol: port.protocol || 'TCP', targetPort: port.targetPort || port.port }),
    ),
    externalTrafficPolicy: spec.externalTrafficPolicy || (outside ? 'Cluster' : undefined),
    internalTrafficPolicy: spec.internalTrafficPolicy ?? (type === 'ExternalName' ? undefined : 'Cluster'),
    allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? (type === 'LoadBalancer' ? true : undefined),
    sessionAffinityConfig:
      affinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
        ? { clientIP: { timeoutSeconds: 10_800 } }
        : undefined,
  });
  if (affinity !== 'None' || !next.sessionAffinityConfig) return next;
  const { sessionAffinityConfig: _, ...without } = next;
  return without;
}

/** Kubernetes: pkg/printers/internalversion/printers.go getServiceExternalIP. */
function externalIP({ spec, status }: V1Service): string | undefined {
  const own = spec?.externalIPs ?? [];
  if (spec?.type === 'ExternalName') return spec.externalName;
  if (spec?.type !== 'LoadBalancer') return own.join(',') || undefined;
  const given = (status?.loadBalancer?.ingress ?? []).flatMap((entry) => entry.ip ?? entry.hostname ?? []);
  return [...given, ...own].join(',') || '<pending>';
}

/** Service. Kubernetes: pkg/registry/core/service. */
export const service = defineKind({
  group: '',
  version: 'v1',
  kind: 'Service',
  key: 'services',
  model: 'V1Service',
  shortNames: ['svc'],
  categories: ['all'],
  statusSubresource: true,
  nameRule: 'dns1123-label',
  defaults(service) {
    service.spec = serviceDefaults(service.spec ?? {});
    service.status = filled(service.status ?? {}, { loadBalancer: service.status?.loadBalancer ?? {} });
  },
  prepareForCreate(service) {
    service.status = { loadBalancer: {} };
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  storedOnly: [
    'spec.healthCheckNodePort',
    'spec.loadBalancerClass',
    'spec.loadBalancerIP',
    'spec.loadBalancerSourceRanges',
    'spec.trafficDistribution',
  ],
  columns: [
    nameColumn,
    { name: 'Type', cell: (s) => s.spec?.type },
    { name: 'Cluster-IP', cell: (s) => s.spec?.clusterIP },
    { name: 'External-IP', cell: externalIP },
    {
      name: 'Port(s)',
      cell: (s) =>
        s.spec?.ports?.map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`).join(',') ||
        undefined,
    },
    ageColumn,
    { name: 'Selector', priority: 1, cell: (s) => formatLabels(s.spec?.selector) },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'example' },
    spec: { selector: { app: 'example' }, ports: [{ port: 80 }] },
  },
});
