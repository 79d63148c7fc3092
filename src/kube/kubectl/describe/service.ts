import { formatLabels, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf, type EndpointSlice, type Service } from '../../apis/index.ts';
import { someOf } from '../../apis/cells.ts';
import { eventLines, heading, type Sheet } from './sheet.ts';

/** `kubectl describe service`. Kubernetes: describeService. */
export function describeService(sheet: Sheet, object: KubeObject): void {
  const service = object as unknown as Service;
  const { spec = {}, status } = service;
  heading(sheet, object);
  sheet.line(0, `Selector:\t${formatLabels(spec.selector) ?? '<none>'}`);
  sheet.line(0, `Type:\t${spec.type}`);
  if (spec.ipFamilyPolicy) sheet.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  sheet.line(0, `IP Families:\t${spec.ipFamilies?.join(',') || '<none>'}`);
  sheet.line(0, `IP:\t${spec.clusterIP ?? ''}`);
  sheet.line(0, `IPs:\t${spec.clusterIPs?.join(',') || '<none>'}`);
  if (spec.externalIPs?.length) sheet.line(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec.loadBalancerIP) sheet.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec.externalName) sheet.line(0, `External Name:\t${spec.externalName}`);
  const ingress = (status?.loadBalancer?.ingress ?? []).map((i) =>
    i.ip ? (i.ipMode ? `${i.ip} (${i.ipMode})` : i.ip) : (i.hostname ?? ''),
  );
  if (ingress.length > 0) sheet.line(0, `LoadBalancer Ingress:\t${ingress.join(', ')}`);
  portLines(sheet, service);
  sheet.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`);
  if (spec.externalTrafficPolicy) sheet.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy) sheet.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec.healthCheckNodePort) sheet.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  if (spec.trafficDistribution) sheet.line(0, `Traffic Distribution:\t${spec.trafficDistribution}`);
  if (spec.loadBalancerSourceRanges?.length)
    sheet.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`);
  eventLines(sheet, kindOf('services')!, object);
}

/** The slices of a Service's endpoints. */
export const slicesOf = (sheet: Sheet, name: string, namespace: string | undefined): readonly EndpointSlice[] =>
  sheet.run.client.list(sheet.run.ctx, 'endpointslices.discovery.k8s.io', namespace, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });

function portLines(sheet: Sheet, { metadata, spec }: Service): void {
  const slices = slicesOf(sheet, metadata.name, metadata.namespace);
  for (const port of spec?.ports ?? []) {
    const name = port.name || '<unset>';
    const protocol = port.protocol ?? 'TCP';
    sheet.line(0, `Port:\t${name}\t${port.port}/${protocol}`);
    sheet.line(0, `TargetPort:\t${port.targetPort}/${protocol}`);
    if (port.nodePort) sheet.line(0, `NodePort:\t${name}\t${port.nodePort}/${protocol}`);
    sheet.line(0, `Endpoints:\t${endpointText(slices, port.name ?? '')}`);
  }
}

/** Endpoints behind a port, at most three of them. Kubernetes: formatEndpointSlices. */
export const endpointText = (slices: readonly EndpointSlice[], port: string): string =>
  slices.length === 0 ? '<none>' : (someOf(endpoints(slices, port), 3) ?? '');

/** `ip:port` of what is ready, of the slices that have the port. */
function endpoints(slices: readonly EndpointSlice[], port: string): string[] {
  return slices.flatMap((slice) =>
    (slice.ports ?? [])
      .filter((p) => (p.name ?? '') === port)
      .flatMap((p) =>
        (slice.endpoints ?? [])
          .filter((e) => e.conditions?.ready !== false)
          .flatMap((e) => e.addresses.map((address) => `${address}:${p.port}`)),
      ),
  );
}
