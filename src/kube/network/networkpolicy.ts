import { fnv1a, type Context } from '../../kernel/index.ts';
import { keyOf, type Labels } from '../apimachinery/index.ts';
import type { Namespace, NetworkPolicy, Pod } from '../apis/index.ts';
import { cached, openCache } from '../client/index.ts';
import { machinesOf } from '../machines.ts';
import type { PolicyVerdict } from '../observations.ts';
import type { Api } from '../process.ts';
import { changed, verdictOf, type PolicySet } from './isolation.ts';
import { networkAddress, type NetworkMemory } from './memory.ts';
import type { NetSource } from './net.ts';
import { knowsUntil, maxDelayMs, pruned, versionSeen, type Version } from './node-delay.ts';
import type { Direction, End, PodEnd } from './policy-rules.ts';

/** The policies of a namespace as they were from a moment on; each node applies them after a delay of its own. */
export interface PolicyVersion extends Version {
  readonly policies: PolicySet;
}

const none: PolicySet = Object.freeze([]);
const nothing: PolicyVersion = { at: -maxDelayMs, salt: 0, policies: none };

/**
 * Takes in what a watch told of a policy. The network plugin needs to know pods and namespaces only once there is a
 * policy: it asks for them then, and a cluster without policies pays nothing.
 */
export function learnPolicy(
  ctx: Context,
  api: Api,
  memory: NetworkMemory,
  old: NetworkPolicy | undefined,
  next: NetworkPolicy | undefined,
): void {
  if (!memory.caches.has('pods')) {
    openCache(ctx, api, networkAddress, memory.caches, { resource: 'pods' });
    openCache(ctx, api, networkAddress, memory.caches, { resource: 'namespaces' });
  }
  const { metadata } = (next ?? old)!;
  const namespace = metadata.namespace!;
  const versions = memory.policies.get(namespace) ?? [nothing];
  const salt = fnv1a(`${keyOf((next ?? old) as never)}@${metadata.resourceVersion}${next ? '' : '-'}`);
  versions.push({ at: ctx.now, salt, policies: changed(versions.at(-1)!.policies, old, next) });
  memory.policies.set(namespace, pruned(ctx, versions));
}

/** The policies of a namespace that a node enforces now. */
function policiesAt(ctx: Context, memory: NetworkMemory, namespace: string, node: string): PolicySet {
  const versions = memory.policies.get(namespace);
  return versions ? versionSeen(versions, node, knowsUntil(ctx, node)).policies : none;
}

/** True when no policy can stop anything: none exists, or the network plugin does not look at them. */
export const policiesIdle = (ctx: Context, memory: NetworkMemory): boolean =>
  memory.policies.size === 0 || machinesOf(ctx).ignoresPolicies === true;

/** A connection to judge: its ends as packets show them after kube-proxy's translation. */
export interface Connecting {
  readonly source: End;
  readonly target: End;
  readonly port: number;
  /** `TCP`, `UDP`, `SCTP`. */
  readonly protocol: string;
}

/**
 * Judges a connection by the policies that the nodes of its ends enforce now: the source's node looks at egress, the
 * target's at ingress. A pod may always talk to itself and to its own machine, and the machine (the kubelet) to it;
 * replies are never asked. Kubernetes: concepts/services-networking/network-policies.
 */
export function judge(
  ctx: Context,
  memory: NetworkMemory,
  { source, target, port, protocol }: Connecting,
): readonly PolicyVerdict[] {
  const local = source.node === target.node && (!source.pod || !target.pod) && source.node !== '';
  if (local || (source.pod && source.pod.key === target.pod?.key)) return unasked;
  const verdicts: PolicyVerdict[] = [];
  const ask = (direction: Direction, { pod, node }: End, peer: End): void => {
    if (!pod) return;
    const set = policiesAt(ctx, memory, pod.namespace, node);
    const verdict = set.length === 0 ? undefined : verdictOf(set, pod, direction, peer, target, port, protocol);
    if (verdict) verdicts.push({ direction, pod: pod.key, ...verdict });
  };
  ask('egress', source, target);
  ask('ingress', target, source);
  return verdicts;
}

const unasked: readonly PolicyVerdict[] = Object.freeze([]);

/** True when no side refuses. */
export const passes = (verdicts: readonly PolicyVerdict[]): boolean => verdicts.every((verdict) => verdict.allowed);

/** Pods as policies see them; renewed when the pod's or the namespace's object is. Pure cache. */
const ends = new WeakMap<Pod, { readonly namespace: Namespace | undefined; readonly end: PodEnd }>();

/** A pod as policies see it. */
export function podEnd(pod: Pod, namespace: Namespace | undefined): PodEnd {
  const known = ends.get(pod);
  if (known && known.namespace === namespace) return known.end;
  const { metadata, spec } = pod;
  const ports = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(({ ports: list = [] }) =>
    list.flatMap(({ name, containerPort, protocol = 'TCP' }) =>
      name === undefined ? [] : [{ name, port: containerPort, protocol }],
    ),
  );
  const end = endOf(keyOf(pod as never), metadata.namespace!, namespace, metadata.labels, ports);
  ends.set(pod, { namespace, end });
  return end;
}

const text = (labels: Labels | undefined): string =>
  labels
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join()
    : '';

function endOf(
  key: string,
  namespace: string,
  object: Namespace | undefined,
  labels: Labels | undefined,
  ports: PodEnd['ports'],
): PodEnd {
  const namespaceLabels = object?.metadata.labels ?? { 'kubernetes.io/metadata.name': namespace };
  const named = ports.map((p) => `${p.name}:${p.port}/${p.protocol}`).join();
  const identity = `${namespace} ${text(namespaceLabels)} ${text(labels)} ${named}`;
  return { key, namespace, namespaceLabels, labels, ports, identity };
}

/** Where cluster DNS runs: the pods of CoreDNS are not simulated, policies see them as kubeadm labels them. */
const dnsLabels = Object.freeze({ 'k8s-app': 'kube-dns' });
const dnsPorts = Object.freeze([
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  { name: 'metrics', port: 9153, protocol: 'TCP' },
]);

const namespaceAt = (memory: NetworkMemory, name: string): Namespace | undefined =>
  cached(memory.caches, 'namespaces', name);

/** Pods that exist for policies only, by their labels' object; renewed when the namespace's object is. Pure cache. */
const imagined = new WeakMap<Labels, { readonly namespace: Namespace | undefined; readonly end: PodEnd }>();

function imaginedPod(memory: NetworkMemory, key: string, labels: Labels, ports: PodEnd['ports']): PodEnd {
  const name = key.slice(0, key.indexOf('/'));
  const namespace = namespaceAt(memory, name);
  const known = imagined.get(labels);
  if (known && known.namespace === namespace && known.end.key === key) return known.end;
  const end = endOf(key, name, namespace, labels, ports);
  imagined.set(labels, { namespace, end });
  return end;
}

/** Cluster DNS as the end of a connection. */
export const dnsEnd = (memory: NetworkMemory): End => ({
  ip: '10.244.0.2',
  node: '',
  pod: imaginedPod(memory, 'kube-system/coredns', dnsLabels, dnsPorts),
});

/** The pod at an address as an end; a mere address when no pod is known there. */
export function endAt(memory: NetworkMemory, ip: string, node: string): End {
  const place = memory.pods.get(ip) ?? memory.leaving.get(ip);
  if (!place) return { ip, node, pod: undefined };
  const key = place.ref.slice('pods/'.length);
  const namespace = key.slice(0, key.indexOf('/'));
  const pod = cached(memory.caches, 'pods', key);
  const object = namespaceAt(memory, namespace);
  return {
    ip,
    node: place.node,
    pod: pod ? podEnd(pod, object) : endOf(key, namespace, object, undefined, []),
  };
}

const noLabels: Labels = Object.freeze({});

/** Who sends: a pod, the client pod of a traffic source, a machine, or somebody beyond the cluster. */
export function sourceEnd(memory: NetworkMemory, from: NetSource): End {
  if (!from.client) return endAt(memory, from.ip, from.node);
  const key = `${from.namespace ?? 'default'}/${from.client.name}`;
  return { ip: from.ip, node: from.node, pod: imaginedPod(memory, key, from.client.labels ?? noLabels, []) };
}

/** What policies say to a question to cluster DNS. Kubernetes: UDP port 53 of the pods behind `kube-dns`. */
export const askDns = (ctx: Context, memory: NetworkMemory, from: NetSource): readonly PolicyVerdict[] =>
  policiesIdle(ctx, memory)
    ? unasked
    : judge(ctx, memory, { source: sourceEnd(memory, from), target: dnsEnd(memory), port: 53, protocol: 'UDP' });
