import { expect, it } from 'vitest';
import type { V1NetworkPolicyPeer, V1NetworkPolicyPort, V1NetworkPolicySpec } from '../../../generated/types.ts';
import { networkPolicyWarnings, validateNetworkPolicy } from './networkpolicy.ts';

const given = (spec: V1NetworkPolicySpec) => ({ metadata: { name: 'p' }, spec }) as never;
const errors = (spec: V1NetworkPolicySpec): string[] =>
  validateNetworkPolicy(given(spec)).map(({ path, message }) => `${path.replace('spec.ingress[0].', '')}: ${message}`);

const port = (given: V1NetworkPolicyPort): string[] => errors({ ingress: [{ ports: [given] }] });
const peer = (given: V1NetworkPolicyPeer): string[] => errors({ ingress: [{ from: [given] }] });

// Cases of pkg/apis/networking/validation/validation_test.go.
it.each([
  [
    port({ protocol: 'ICMP' }),
    ['ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"'],
  ],
  [port({ port: 123_456_789 }), ['ports[0].port: Invalid value: 123456789: must be between 1 and 65535, inclusive']],
  [
    port({ port: '!@#$' }),
    [
      'ports[0].port: Invalid value: "!@#$": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'ports[0].port: Invalid value: "!@#$": must contain at least one letter (a-z)',
    ],
  ],
  [
    port({ endPort: 32_768 }),
    ['ports[0].endPort: Invalid value: 32768: may not be specified when `port` is not specified'],
  ],
  [
    port({ port: 'dns', endPort: 53 }),
    ['ports[0].endPort: Invalid value: 53: may not be specified when `port` is non-numeric'],
  ],
  [
    port({ port: 30_000, endPort: 65_536 }),
    ['ports[0].endPort: Invalid value: 65536: must be between 1 and 65535, inclusive'],
  ],
  [port({ port: 32_000, endPort: 32_768, protocol: 'SCTP' }), []],
  [peer({}), ['from[0]: Required value: must specify a peer']],
  [
    peer({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
    ['from[0]: Forbidden: may not specify both ipBlock and another peer'],
  ],
  [peer({ podSelector: {}, namespaceSelector: {} }), []],
  [peer({ ipBlock: { cidr: '' } }), ['from[0].ipBlock.cidr: Required value']],
  [
    peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
    ['from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`'],
  ],
  [peer({ ipBlock: { cidr: 'fd00:192:168::/48', except: ['fd00:192:168:3::/64', 'fd00:192:168:4::/64'] } }), []],
  [
    peer({ ipBlock: { cidr: 'fd00:192:168::/48', except: ['fd00:192:169::/64', '10.0.0.0/8', 'x'] } }),
    [
      'from[0].ipBlock.except[0]: Invalid value: "fd00:192:169::/64": must be a strict subset of `cidr`',
      'from[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      'from[0].ipBlock.except[2]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
  [
    errors({ policyTypes: ['Ingress', 'Egress', 'Egress'] }),
    ['spec.policyTypes: Invalid value: ["Ingress","Egress","Egress"]: may not specify more than two policyTypes'],
  ],
])('%j', (found, expected) => {
  expect(found).toEqual(expected);
});

it('blocks that others may read differently are warned of', () => {
  const warned = (cidr: string) => networkPolicyWarnings(given({ egress: [{ to: [{ ipBlock: { cidr } }] }] }));
  expect(warned('10.0.0.0/8')).toEqual([]);
  expect(warned('192.168.1.7/24')).toEqual([
    'spec.egress[0].to[0].ipBlock.cidr: CIDR value "192.168.1.7/24" is ambiguous in this context (should be "192.168.1.0/24" or "192.168.1.7/32"?)',
  ]);
  expect(warned('010.0.0.0/8')).toEqual([
    'spec.egress[0].to[0].ipBlock.cidr: non-standard CIDR value "010.0.0.0/8" will be considered invalid in a future Kubernetes release: use "10.0.0.0/8"',
  ]);
});
