import type { V1NetworkPolicyPeer, V1NetworkPolicyPort } from '../../generated/types.ts';
import { inCidr, parseCidr, parseIP, type Cidr } from '../apimachinery/cidr.ts';
import { matchesLabels, selectorOf, type Labels, type Selector } from '../apimachinery/index.ts';
import type { NetworkPolicy } from '../apis/index.ts';

/** One end of a connection as policies see it: a pod with its labels, or a mere address. */
export interface End {
  readonly ip: string;
  /** Machine it is on; '' is beyond the cluster. */
  readonly node: string;
  readonly pod: PodEnd | undefined;
}

/** What of a pod matters to policies. Pods with the same `identity` are treated alike, wherever they are. */
export interface PodEnd {
  /** `default/web-1`. */
  readonly key: string;
  readonly namespace: string;
  readonly namespaceLabels: Labels | undefined;
  readonly labels: Labels | undefined;
  /** Ports with a name. */
  readonly ports: readonly NamedPort[];
  readonly identity: string;
}

interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
}

/** A policy's or an end's direction. */
export type Direction = 'ingress' | 'egress';

/** What the policies that isolate a pod in one direction say to a connection. Frozen and shared. */
export interface Verdict {
  readonly allowed: boolean;
  /** The isolating policies: `default/deny-all`, sorted. */
  readonly isolatedBy: readonly string[];
  /** The first of them that allows it. */
  readonly allowedBy?: string | undefined;
}

interface Peer {
  readonly namespaces: Selector | undefined;
  readonly pods: Selector | undefined;
  readonly block: Cidr | undefined;
  readonly except: readonly Cidr[];
}

/** A rule; null means any. */
interface Rule {
  readonly ports: readonly V1NetworkPolicyPort[] | null;
  readonly peers: readonly Peer[] | null;
}

/** A policy made ready for matching. A direction that it is not about is null. */
export interface Compiled {
  readonly key: string;
  readonly namespace: string;
  readonly selector: Selector;
  readonly ingress: readonly Rule[] | null;
  readonly egress: readonly Rule[] | null;
  /** Some peer is a block of addresses: pods of one identity may be treated differently. */
  readonly byAddress: boolean;
}

const compiled = new WeakMap<NetworkPolicy, Compiled>(); // pure: stored objects never change

/** Makes a stored policy ready for matching, once. */
export function compile(policy: NetworkPolicy): Compiled {
  let known = compiled.get(policy);
  if (!known) compiled.set(policy, (known = compileNew(policy)));
  return known;
}

function compileNew({ metadata, spec = {} }: NetworkPolicy): Compiled {
  const types = spec.policyTypes ?? [];
  const ingress = types.includes('Ingress') ? (spec.ingress ?? []).map((r) => ruleOf(r.ports, r.from)) : null;
  const egress = types.includes('Egress') ? (spec.egress ?? []).map((r) => ruleOf(r.ports, r.to)) : null;
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    namespace: metadata.namespace!,
    selector: selectorOf(spec.podSelector ?? {}),
    ingress,
    egress,
    byAddress: [...(ingress ?? []), ...(egress ?? [])].some((rule) => rule.peers?.some((peer) => peer.block)),
  };
}

/** An empty list of peers or ports restricts nothing, as if it were absent. */
const ruleOf = (
  ports: readonly V1NetworkPolicyPort[] | undefined,
  peers: readonly V1NetworkPolicyPeer[] | undefined,
): Rule => ({ ports: ports?.length ? ports : null, peers: peers?.length ? peers.map(peerOf) : null });

const peerOf = ({ namespaceSelector, podSelector, ipBlock }: V1NetworkPolicyPeer): Peer => ({
  namespaces: namespaceSelector && selectorOf(namespaceSelector),
  pods: podSelector && selectorOf(podSelector),
  block: ipBlock && parseCidr(ipBlock.cidr),
  except: (ipBlock?.except ?? []).flatMap((text) => parseCidr(text) ?? []),
});

/** True when a policy has something to say about a pod's connections in a direction. */
export const isolates = (policy: Compiled, pod: PodEnd, direction: Direction): boolean =>
  policy[direction] !== null && policy.namespace === pod.namespace && matchesLabels(policy.selector, pod.labels);

/**
 * Whether a policy allows a connection to `port` of `target`. `peer` is the other end: the source for ingress, for
 * egress the target itself. One rule must match in its ports and in its peers; one peer is enough, and within a peer
 * both selectors must hold. Kubernetes: pkg/apis/networking/types.go NetworkPolicyPeer.
 */
export function allows(
  policy: Compiled,
  direction: Direction,
  peer: End,
  target: End,
  port: number,
  protocol: string,
): boolean {
  for (const rule of policy[direction]!)
    if (matchesPorts(rule, target, port, protocol) && matchesPeers(rule, policy.namespace, peer)) return true;
  return false;
}

function matchesPorts({ ports }: Rule, target: End, port: number, protocol: string): boolean {
  if (ports === null) return true;
  for (const given of ports) {
    if ((given.protocol ?? 'TCP') !== protocol) continue;
    if (given.port === undefined) return true;
    if (typeof given.port === 'number') {
      if (given.endPort === undefined ? port === given.port : port >= given.port && port <= given.endPort) return true;
    } else if (target.pod?.ports.some((p) => p.name === given.port && p.protocol === protocol && p.port === port))
      return true;
  }
  return false;
}

function matchesPeers({ peers }: Rule, namespace: string, { ip, pod }: End): boolean {
  if (peers === null) return true;
  for (const peer of peers) {
    if (peer.block) {
      const bytes = parseIP(ip);
      if (bytes && inCidr(peer.block, bytes) && !peer.except.some((block) => inCidr(block, bytes))) return true;
    } else if (
      pod &&
      (peer.namespaces ? matchesLabels(peer.namespaces, pod.namespaceLabels) : pod.namespace === namespace) &&
      (!peer.pods || matchesLabels(peer.pods, pod.labels))
    )
      return true;
  }
  return false;
}
