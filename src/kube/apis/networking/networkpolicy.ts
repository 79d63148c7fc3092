import type { V1NetworkPolicyPort, V1NetworkPolicySpec } from '../../../generated/types.ts';
import { formatLabelSelector } from '../../apimachinery/labels.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { networkPolicyWarnings, validateNetworkPolicy } from '../validation/networkpolicy.ts';

const portsDefaults = (ports: V1NetworkPolicyPort[] | undefined): V1NetworkPolicyPort[] | undefined =>
  ports?.map((port) => filled(port, { protocol: port.protocol ?? 'TCP' }));

/**
 * Without policyTypes a policy is about ingress, and about egress too when it has egress rules.
 * Kubernetes: pkg/apis/networking/v1/defaults.go SetDefaults_NetworkPolicy.
 */
function specDefaults(spec: V1NetworkPolicySpec): V1NetworkPolicySpec {
  return filled(spec, {
    podSelector: spec.podSelector ?? {},
    ingress: spec.ingress?.map((rule) => filled(rule, { ports: portsDefaults(rule.ports) })),
    egress: spec.egress?.map((rule) => filled(rule, { ports: portsDefaults(rule.ports) })),
    policyTypes: spec.policyTypes?.length
      ? spec.policyTypes
      : spec.egress?.length
        ? ['Ingress', 'Egress']
        : ['Ingress'],
  });
}

/** NetworkPolicy. Kubernetes: pkg/registry/networking/networkpolicy. */
export const networkPolicy = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  key: 'networkpolicies.networking.k8s.io',
  model: 'V1NetworkPolicy',
  shortNames: ['netpol'],
  generation: true,
  defaults(policy) {
    policy.spec = specDefaults(policy.spec ?? {});
  },
  validate: validateNetworkPolicy,
  warnings: networkPolicyWarnings,
  columns: [nameColumn, { name: 'Pod-Selector', cell: (p) => formatLabelSelector(p.spec?.podSelector) }, ageColumn],
  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'example' },
    spec: { podSelector: { matchLabels: { app: 'example' } }, policyTypes: ['Ingress'] },
  },
});
