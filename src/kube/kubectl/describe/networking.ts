import type { V1IngressBackend, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '../../../generated/types.ts';
import { formatLabelSelector, isReason, type KubeObject } from '../../apimachinery/index.ts';
import type { Ingress, IngressClass, NetworkPolicy, Service } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { ingressAddress } from '../../apis/networking/ingress.ts';
import { endpointText, slicesOf } from './service.ts';
import { annotationLines, eventLines, heading, labelLines, type Sheet } from './sheet.ts';

/** `kubectl describe ingress`. Kubernetes: describeIngressV1. */
export function describeIngress(sheet: Sheet, object: KubeObject, kind: AnyKind): void {
  const ingress = object as unknown as Ingress;
  const { metadata, spec = {} } = ingress;
  const backend = (given: V1IngressBackend): string => backendText(sheet, metadata.namespace, given);
  sheet.line(0, `Name:\t${metadata.name}`);
  labelLines(sheet, 'Labels', metadata.labels);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `Address:\t${ingressAddress(ingress)}`);
  sheet.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
  const otherwise = spec.defaultBackend ? backend(spec.defaultBackend) : '<default>';
  sheet.line(0, `Default backend:\t${otherwise}`);
  if (spec.tls?.length) sheet.line(0, 'TLS:');
  for (const { secretName, hosts = [] } of spec.tls ?? [])
    sheet.line(1, `${secretName ? `${secretName} terminates` : 'SNI routes'} ${hosts.join(',')}`);
  sheet.line(0, 'Rules:\n  Host\tPath\tBackends');
  sheet.line(1, '----\t----\t--------');
  const rules = (spec.rules ?? []).filter(({ http }) => http);
  for (const { host, http } of rules) {
    sheet.line(1, `${host || '*'}\t`);
    for (const path of http!.paths) sheet.line(2, `\t${path.path ?? ''} \t${backend(path.backend)}`);
  }
  if (rules.length === 0) sheet.line(1, `*\t*\t${otherwise}`);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  eventLines(sheet, kind, object);
}

/** `web:80 (10.244.1.2:8080)`. Kubernetes: describeBackendV1. */
function backendText(sheet: Sheet, namespace: string | undefined, { service, resource }: V1IngressBackend): string {
  if (resource) return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`;
  if (!service) return '';
  const { name, port = {} } = service;
  const text = `${name}:${port.name || (port.number ?? 0)}`;
  try {
    const found: Service = sheet.run.client.get(sheet.run.ctx, 'services', name, namespace);
    const own = found.spec?.ports?.findLast((p) => (port.number ? p.port === port.number : p.name === port.name));
    return `${text} (${endpointText(slicesOf(sheet, name, namespace), own?.name ?? '')})`;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    return `${text} (<error: ${(error as Error).message}>)`;
  }
}

/** `kubectl describe ingressclass`. Kubernetes: describeIngressClassV1. */
export function describeIngressClass(sheet: Sheet, object: KubeObject, kind: AnyKind): void {
  const { spec = {} } = object as unknown as IngressClass;
  heading(sheet, object);
  sheet.line(0, `Controller:\t${spec.controller ?? ''}`);
  if (spec.parameters) {
    sheet.line(0, 'Parameters:');
    if (spec.parameters.apiGroup !== undefined) sheet.line(1, `APIGroup:\t${spec.parameters.apiGroup}`);
    sheet.line(1, `Kind:\t${spec.parameters.kind}`);
    sheet.line(1, `Name:\t${spec.parameters.name}`);
  }
  eventLines(sheet, kind, object);
}

/** `kubectl describe networkpolicy`. Kubernetes: describeNetworkPolicy. */
export function describeNetworkPolicy(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec = {} } = object as unknown as NetworkPolicy;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `Created on:\t${metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC')}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  const selector = formatLabelSelector(spec.podSelector);
  const all = '<none> (Allowing the specific traffic to all pods in this namespace)';
  sheet.line(0, 'Spec:');
  sheet.line(1, `PodSelector:     ${selector === '<none>' ? all : selector}`);
  const types = spec.policyTypes ?? [];
  if (types.includes('Ingress')) {
    sheet.line(1, 'Allowing ingress traffic:');
    ruleLines(
      sheet,
      'ingress',
      (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from })),
    );
  } else sheet.line(1, 'Not affecting ingress traffic');
  if (types.includes('Egress')) {
    sheet.line(1, 'Allowing egress traffic:');
    ruleLines(
      sheet,
      'egress',
      (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to })),
    );
  } else sheet.line(1, 'Not affecting egress traffic');
  sheet.line(1, `Policy Types: ${types.join(', ')}`);
}

interface Rule {
  readonly ports: readonly V1NetworkPolicyPort[] | undefined;
  readonly peers: readonly V1NetworkPolicyPeer[] | undefined;
}

function ruleLines(sheet: Sheet, direction: 'ingress' | 'egress', rules: readonly Rule[]): void {
  const [word, side] = direction === 'ingress' ? ['From', 'source'] : ['To', 'destination'];
  if (rules.length === 0) sheet.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`);
  for (const [i, { ports, peers }] of rules.entries()) {
    if (i > 0) sheet.line(2, '----------');
    if (!ports?.length) sheet.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port, endPort, protocol = 'TCP' } of ports ?? []) {
      const range = endPort === undefined ? '' : `-${endPort}`;
      sheet.line(2, `To Port${range && ' Range'}: ${port ?? '<nil>'}${range}/${protocol}`);
    }
    if (!peers?.length) sheet.line(2, `${word}: <any> (traffic not restricted by ${side})`);
    for (const peer of peers ?? []) peerLines(sheet, word!, peer);
  }
}

function peerLines(sheet: Sheet, word: string, { ipBlock, namespaceSelector, podSelector }: V1NetworkPolicyPeer): void {
  sheet.line(2, `${word}:`);
  if (namespaceSelector) sheet.line(3, `NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`);
  if (podSelector) sheet.line(3, `PodSelector: ${formatLabelSelector(podSelector)}`);
  if (namespaceSelector || podSelector || !ipBlock) return;
  sheet.line(3, 'IPBlock:');
  sheet.line(4, `CIDR: ${ipBlock.cidr}`);
  sheet.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
}
