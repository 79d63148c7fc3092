import { formatLabels, matchesLabels, matchesMap, parseSelector, type KubeObject } from '../kube/apimachinery/index.ts';
import type { Namespace, Pod, Service } from '../kube/apis/index.ts';
import { askPolicies, type Party, type World } from '../kube/cluster.ts';
import type { Matrix, MatrixCell, MatrixQuery, PolicyVerdict } from '../protocol/index.ts';

/** Labels that controllers add to tell pods of one workload apart. */
const ownLabels = [
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
];

/** Groups shown when nothing is asked for by name, and columns. */
const most = 24;

type Tables = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;

/** Some parties that are treated as one row or column. */
interface Group {
  readonly name: string;
  readonly parties: readonly Party[];
}

interface Target extends Group {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * Who may connect to whom, by the NetworkPolicies in force at the present moment: the same judgement that packets meet,
 * without sending any. Pure: reads what is stored and changes nothing.
 */
export function matrixOf(world: World, { from, to }: MatrixQuery = {}): Matrix {
  const { resources } = world.kernel.state.parts.get('etcd') as { resources: Tables };
  const groups = from && to ? [] : runningGroups(resources);
  const sources = from ? from.map((name) => named(resources, name)) : [outside, ...groups];
  const targets: Target[] = to
    ? to.map(({ to: name, port, protocol = 'TCP' }) => ({ ...named(resources, name), port, protocol }))
    : [...groups.flatMap(portsOf).slice(0, most), { ...internet, port: 443, protocol: 'TCP' }];
  const machines = world.kernel.state.parts.get('machines') as { ignoresPolicies?: boolean };
  return {
    enforced: machines.ignoresPolicies !== true,
    rows: sources.map((source) => ({
      name: source.name,
      pods: source.parties.length,
      dns: source.name === 'outside' ? null : cellOf(world, source, clusterDns).verdict,
    })),
    columns: targets.map(({ name, parties, port, protocol }) => ({ name, pods: parties.length, port, protocol })),
    cells: sources.map((source) =>
      targets.map((target) => {
        const cell = cellOf(world, source, target);
        return source.name === 'outside' ? { ...cell, entry: hasEntry(resources, target) } : cell;
      }),
    ),
  };
}

/** One cell as checks compare it: `allow`, `deny`, `mixed`, or null when there is nobody to ask. */
export const reachOf = (world: World, from: string, to: string, port: number): MatrixCell['verdict'] =>
  matrixOf(world, { from: [from], to: [{ to, port }] }).cells[0]![0]!.verdict;

const outside: Group = { name: 'outside', parties: ['outside'] };
const internet: Group = { name: 'internet', parties: ['internet'] };
const clusterDns: Target = { name: 'cluster-dns', parties: ['cluster-dns'], port: 53, protocol: 'UDP' };

function cellOf(world: World, source: Group, target: Target): MatrixCell {
  let allowed = 0;
  let refused = 0;
  let first: readonly PolicyVerdict[] | undefined;
  let refusal: readonly PolicyVerdict[] | undefined;
  for (const a of sample(source.parties)) {
    for (const b of sample(target.parties)) {
      if (a === b && typeof a !== 'string') continue;
      const said = askPolicies(world.kernel.context, a, b, target.port, target.protocol);
      first ??= said;
      if (said.every((verdict) => verdict.allowed)) allowed++;
      else {
        refused++;
        refusal ??= said;
      }
    }
  }
  const verdict = allowed + refused === 0 ? null : refused === 0 ? 'allow' : allowed === 0 ? 'deny' : 'mixed';
  return { verdict, policies: refusal ?? first ?? [] };
}

/** Pods of one group are treated alike but for addresses and the moment at which their nodes learn: a few stand for all. */
const sampled = 5;

const sample = (parties: readonly Party[]): readonly Party[] =>
  parties.length <= sampled
    ? parties
    : Array.from({ length: sampled }, (_, i) => parties[Math.floor((i * parties.length) / sampled)]!);

const isRunning = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && status?.phase === 'Running' && status.podIP !== undefined;

const podsOf = (resources: Tables): Pod[] =>
  [...(resources.get('pods')?.values() ?? [])].filter((object) => isRunning(object as unknown as Pod)) as never;

const partyOf = (resources: Tables, pod: Pod): Party => ({
  pod,
  namespace: resources.get('namespaces')?.get(pod.metadata.namespace!) as Namespace | undefined,
});

/** `outside`, `internet`, a pod's name, or labels; a namespace may stand before: `shop/app=web`. */
function named(resources: Tables, name: string): Group {
  if (name === 'outside') return outside;
  if (name === 'internet') return internet;
  if (name === 'cluster-dns') return clusterDns;
  const slash = name.indexOf('/');
  const isNamespace = slash > 0 && !/[=!( ]/.test(name.slice(0, slash));
  const [namespace, who] = isNamespace ? [name.slice(0, slash), name.slice(slash + 1)] : ['default', name];
  const selector = /[=!( ]/.test(who) ? parseSelector(who) : null;
  const chosen = podsOf(resources).filter(
    ({ metadata }) =>
      metadata.namespace === namespace && (selector ? matchesLabels(selector, metadata.labels) : metadata.name === who),
  );
  return { name, parties: chosen.map((pod) => partyOf(resources, pod)) };
}

/** Running pods outside of kube-system by namespace and labels: those of one workload are one group. */
function runningGroups(resources: Tables): Group[] {
  const groups = new Map<string, Party[]>();
  for (const pod of podsOf(resources)) {
    const { namespace, labels, name } = pod.metadata;
    if (namespace === 'kube-system') continue;
    const kept = Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !ownLabels.includes(key)));
    const key = `${namespace}/${Object.keys(kept).length > 0 ? formatLabels(kept) : name}`;
    const parties = groups.get(key);
    if (parties) parties.push(partyOf(resources, pod));
    else if (groups.size < most) groups.set(key, [partyOf(resources, pod)]);
  }
  return [...groups].map(([name, parties]) => ({ name, parties }));
}

/** A group with each port that its first pod declares. */
function portsOf(group: Group): Target[] {
  const [first] = group.parties;
  if (first === undefined || typeof first === 'string') return [];
  const ports = (first.pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.map(({ containerPort, protocol }) => ({
    ...group,
    port: containerPort,
    protocol: protocol === 'UDP' ? 'UDP' : 'TCP',
  }));
}

/** True when a node port or a load balancer leads to the port: policies may allow what has no door. */
function hasEntry(resources: Tables, { parties, port }: Target): boolean {
  const [first] = parties;
  if (first === undefined || typeof first === 'string') return false;
  const { metadata, spec } = first.pod;
  const numberOf = (target: number | string | undefined): number | undefined =>
    typeof target === 'number'
      ? target
      : spec?.containers.flatMap((c) => c.ports ?? []).find((p) => p.name === target)?.containerPort;
  for (const object of resources.get('services')?.values() ?? []) {
    const service = object as unknown as Service;
    const { type, selector, ports = [] } = service.spec ?? {};
    if (service.metadata.namespace !== metadata.namespace || (type !== 'NodePort' && type !== 'LoadBalancer')) continue;
    if (!selector || !matchesMap(selector, metadata.labels)) continue;
    if (ports.some((p) => numberOf(p.targetPort) === port)) return true;
  }
  return false;
}
