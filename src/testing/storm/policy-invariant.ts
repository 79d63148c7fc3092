import type { Kernel } from '../../kernel/index.ts';
import { inCidr, parseCidr, parseIP } from '../../kube/apimachinery/cidr.ts';
import { matchesSelector, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../kube/apis/index.ts';
import { askPolicies } from '../../kube/cluster.ts';
import type { Machines } from '../../kube/machines.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;
type Peers = NonNullable<NonNullable<Spec['ingress']>[number]['from']>;
type Ports = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>;

/**
 * What the stored policies say, worked out anew and without any index: whether a connection between two running pods
 * passes. Compared with what the network remembers; a difference is a sentence.
 */
export function policyDifference(kernel: Kernel, pick: (count: number) => number): string | undefined {
  const { parts } = kernel.state;
  const machines = parts.get('machines') as Machines;
  if (machines.ignoresPolicies) return undefined;
  const { resources } = parts.get('etcd') as { resources: ReadonlyMap<string, ReadonlyMap<string, KubeObject>> };
  const heard = (pod: Pod): boolean => machines.nodes.get(pod.spec?.nodeName ?? '')?.silentSince === null;
  const stored = [...(resources.get('pods')?.values() ?? [])] as readonly unknown[] as Pod[];
  const pods = stored.filter((pod) => pod.status?.podIP && heard(pod));
  if (pods.length < 2) return undefined;
  const namespaceOf = (pod: Pod): Namespace | undefined =>
    resources.get('namespaces')?.get(pod.metadata.namespace!) as Namespace | undefined;
  for (let i = 0; i < 5; i++) {
    const [a, b] = [pods[pick(pods.length)]!, pods[pick(pods.length)]!];
    if (a === b || a.spec!.nodeName === b.spec!.nodeName) continue;
    const port = pick(2) === 0 ? 80 : 53;
    const protocol = port === 80 ? 'TCP' : 'UDP';
    const ends = [a, b].map((pod) => ({ pod, namespace: namespaceOf(pod) }));
    const told = askPolicies(kernel.context, ends[0]!, ends[1]!, port, protocol).every((verdict) => verdict.allowed);
    const policies = [...(resources.get('networkpolicies.networking.k8s.io')?.values() ?? [])] as NetworkPolicy[];
    const lets = (self: Pod, other: Pod, side: 'Ingress' | 'Egress'): boolean => {
      const isolating = policies.filter(
        ({ metadata, spec }) =>
          metadata.namespace === self.metadata.namespace &&
          spec!.policyTypes!.includes(side) &&
          matchesSelector(spec!.podSelector, self.metadata.labels),
      );
      const rulesOf = ({ spec }: NetworkPolicy): { peers: Peers; ports: Ports }[] =>
        side === 'Ingress'
          ? (spec!.ingress ?? []).map((rule) => ({ peers: rule.from ?? [], ports: rule.ports ?? [] }))
          : (spec!.egress ?? []).map((rule) => ({ peers: rule.to ?? [], ports: rule.ports ?? [] }));
      return (
        isolating.length === 0 ||
        isolating.some((policy) =>
          rulesOf(policy).some(
            (rule) =>
              (rule.ports.length === 0 || rule.ports.some((p) => portFits(p, b, port, protocol))) &&
              (rule.peers.length === 0 ||
                rule.peers.some((p) => peerFits(p, policy.metadata.namespace!, other, namespaceOf(other)))),
          ),
        )
      );
    };
    const allowed = lets(a, b, 'Egress') && lets(b, a, 'Ingress');
    if (allowed !== told)
      return `policies say ${allowed} and the network ${told} to ${a.metadata.name} → ${b.metadata.name}:${port}`;
  }
  return undefined;
}

function portFits(given: Ports[number], target: Pod, port: number, protocol: string): boolean {
  if ((given.protocol ?? 'TCP') !== protocol) return false;
  if (given.port === undefined) return true;
  if (typeof given.port === 'number') return port >= given.port && port <= (given.endPort ?? given.port);
  const named = target.spec!.containers.flatMap((c) => c.ports ?? []).find((p) => p.name === given.port);
  return named?.containerPort === port && (named.protocol ?? 'TCP') === protocol;
}

function peerFits(peer: Peers[number], home: string, pod: Pod, namespace: Namespace | undefined): boolean {
  if (peer.ipBlock) {
    const ip = parseIP(pod.status!.podIP!)!;
    const within = (text: string): boolean => inCidr(parseCidr(text)!, ip);
    return within(peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some(within);
  }
  const place = peer.namespaceSelector
    ? matchesSelector(peer.namespaceSelector, namespace?.metadata.labels)
    : pod.metadata.namespace === home;
  return place && (!peer.podSelector || matchesSelector(peer.podSelector, pod.metadata.labels));
}
