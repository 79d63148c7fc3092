import type { V1IPBlock, V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '../../../generated/types.ts';
import { inCidr, parseCidr, parseIP } from '../../apimachinery/cidr.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { labelSelector, portNumber, portOrName } from './basics.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];
const types = ['Ingress', 'Egress'];

/** Every wrong field of a NetworkPolicy. Kubernetes: pkg/apis/networking/validation ValidateNetworkPolicySpec. */
export function validateNetworkPolicy({ spec = {} }: V1NetworkPolicy): FieldError[] {
  const errors = labelSelector(spec.podSelector ?? {}, 'spec.podSelector');
  for (const [i, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    errors.push(...rule(ports, from, `spec.ingress[${i}]`, 'from'));
  for (const [i, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    errors.push(...rule(ports, to, `spec.egress[${i}]`, 'to'));
  const { policyTypes = [] } = spec;
  if (policyTypes.length > types.length)
    return [...errors, invalidValue('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')];
  for (const [i, type] of policyTypes.entries())
    if (!types.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, types));
  return errors;
}

const rule = (
  ports: readonly V1NetworkPolicyPort[],
  peers: readonly V1NetworkPolicyPeer[],
  at: string,
  side: 'from' | 'to',
): FieldError[] => [
  ...ports.flatMap((port, i) => policyPort(port, `${at}.ports[${i}]`)),
  ...peers.flatMap((peer, i) => policyPeer(peer, `${at}.${side}[${i}]`)),
];

function policyPort({ protocol, port, endPort }: V1NetworkPolicyPort, at: string): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${at}.protocol`, protocol, protocols));
  const noEnd = (why: string): FieldError[] =>
    endPort === undefined
      ? []
      : [invalidValue(`${at}.endPort`, endPort, `may not be specified when \`port\` is ${why}`)];
  if (port === undefined) return [...errors, ...noEnd('not specified')];
  if (typeof port === 'string') errors.push(...noEnd('non-numeric'));
  errors.push(...portOrName(port, `${at}.port`));
  if (typeof port === 'string' || endPort === undefined) return errors;
  // The API server prints the port here, not the end port.
  if (endPort < port) errors.push(invalidValue(`${at}.endPort`, port, 'must be greater than or equal to `port`'));
  return [...errors, ...portNumber(endPort, `${at}.endPort`)];
}

function policyPeer({ podSelector, namespaceSelector, ipBlock }: V1NetworkPolicyPeer, at: string): FieldError[] {
  const errors: FieldError[] = [];
  if (podSelector) errors.push(...labelSelector(podSelector, `${at}.podSelector`));
  if (namespaceSelector) errors.push(...labelSelector(namespaceSelector, `${at}.namespaceSelector`));
  if (ipBlock) errors.push(...block(ipBlock, `${at}.ipBlock`));
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(requiredValue(at, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbiddenValue(at, 'may not specify both ipBlock and another peer'));
  return errors;
}

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

function block({ cidr, except = [] }: V1IPBlock, at: string): FieldError[] {
  if (!cidr) return [requiredValue(`${at}.cidr`)];
  const whole = parseCidr(cidr);
  if (!whole) return [invalidValue(`${at}.cidr`, cidr, notCidr)];
  return except.flatMap((text, i) => {
    const part = parseCidr(text);
    if (!part) return [invalidValue(`${at}.except[${i}]`, text, notCidr)];
    const inside = inCidr(whole, part.bytes) && whole.prefix < part.prefix;
    return inside ? [] : [invalidValue(`${at}.except[${i}]`, text, 'must be a strict subset of `cidr`')];
  });
}

/**
 * What the API server says to blocks of addresses that it accepts but others may read differently.
 * Kubernetes: pkg/registry/networking/networkpolicy/strategy.go, util/validation GetWarningsForCIDR.
 * Simplified: only for IPv4.
 */
export function networkPolicyWarnings({ spec = {} }: V1NetworkPolicy): string[] {
  const peers = [
    ...(spec.ingress ?? []).flatMap((r, i) =>
      (r.from ?? []).map((peer, j) => [`spec.ingress[${i}].from[${j}]`, peer] as const),
    ),
    ...(spec.egress ?? []).flatMap((r, i) =>
      (r.to ?? []).map((peer, j) => [`spec.egress[${i}].to[${j}]`, peer] as const),
    ),
  ];
  return peers.flatMap(([at, { ipBlock }]) =>
    ipBlock
      ? [
          ...cidrWarnings(`${at}.ipBlock.cidr`, ipBlock.cidr),
          ...(ipBlock.except ?? []).flatMap((text, k) => cidrWarnings(`${at}.ipBlock.except[${k}]`, text)),
        ]
      : [],
  );
}

function cidrWarnings(at: string, text: string): string[] {
  const [address = '', length = ''] = text.split('/');
  const ip = parseIP(address);
  const cidr = parseCidr(text);
  if (!ip || !cidr || ip.length !== 4) return [];
  const standard = `${cidr.bytes.join('.')}/${cidr.prefix}`;
  const plain = ip.join('.');
  return [
    ...(inCidr({ bytes: ip, prefix: 32 }, cidr.bytes)
      ? []
      : [`${at}: CIDR value "${text}" is ambiguous in this context (should be "${standard}" or "${plain}/32"?)`]),
    ...(address === plain && length === String(cidr.prefix)
      ? []
      : [
          `${at}: non-standard CIDR value "${text}" will be considered invalid in a future Kubernetes release: use "${standard}"`,
        ]),
  ];
}
