/** Nodes of the scene: what they say, what is asked of them, whether they are heard. Pure. */
import type { V1Lease, V1Node, V1Pod } from '../../generated/types.ts';
import { millisOf, milliValue, quantityValue } from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef } from './contract.ts';
import { refOf, values } from './objects.ts';
import type { SceneInput, SceneNode } from './scene-types.ts';

const requests = new WeakMap<object, { cpu: number; memory: number }>();

/** What a pod's containers request; init containers are left out, since their share ends before the rest begins. */
function requestOf(pod: V1Pod): { cpu: number; memory: number } {
  let sum = requests.get(pod);
  if (!sum) {
    sum = { cpu: 0, memory: 0 };
    for (const container of pod.spec?.containers ?? []) {
      const wanted = container.resources?.requests as Record<string, string> | undefined;
      sum.cpu += milliValue(wanted?.['cpu']);
      sum.memory += quantityValue(wanted?.['memory']);
    }
    requests.set(pod, sum);
  }
  return sum;
}

/** All nodes, in the order people count them. */
export function readNodes({ objects, machines }: SceneInput): SceneNode[] {
  const silent = new Set(machines.filter((m) => !m.up || m.cut).map((m) => m.name));
  const asked = new Map<string, { cpu: number; memory: number; pods: number; evictsAt: number }>();
  for (const object of values(objects, 'pods')) {
    const pod = object as unknown as V1Pod;
    const name = pod.spec?.nodeName;
    if (!name) continue;
    const sum = asked.get(name) ?? { cpu: 0, memory: 0, pods: 0, evictsAt: Number.NaN };
    if (sum.pods === 0) asked.set(name, sum);
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') continue;
    const { cpu, memory } = requestOf(pod);
    sum.cpu += cpu;
    sum.memory += memory;
    sum.pods++;
  }
  const nodes: SceneNode[] = [];
  for (const object of values(objects, 'nodes'))
    nodes.push(readNode(object as unknown as V1Node, objects, silent, asked.get(object.metadata.name!)));
  return nodes.sort((a, b) => natural(a.name, b.name));
}

function readNode(
  node: V1Node,
  objects: Objects,
  silent: ReadonlySet<string>,
  asked: { cpu: number; memory: number; pods: number } | undefined,
): SceneNode {
  const fixed = nodeFacts(node);
  const { name } = fixed;
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find((c) => c.type === 'Ready');
  const { cpu, memory } = fixed;
  const lease = objects.get('leases.coordination.k8s.io')?.get(`kube-node-lease/${name}`) as V1Lease | undefined;
  const renewed = lease?.spec?.renewTime ?? ready?.lastHeartbeatTime;
  return {
    uid: fixed.ref.uid,
    name,
    ref: fixed.ref,
    ready: ready?.status === 'True' ? 'True' : ready?.status === 'False' ? 'False' : 'Unknown',
    silent: silent.has(name),
    heardAt: renewed && (silent.has(name) || ready?.status !== 'True') ? millisOf(String(renewed)) : Number.NaN,
    cordoned: node.spec?.unschedulable === true,
    pressure: conditions.find((c) => c.type.endsWith('Pressure') && c.status === 'True')?.type ?? '',
    taints: (node.spec?.taints ?? [])
      .filter((t) => t.key !== 'node.kubernetes.io/unschedulable')
      .map((t) => ({ key: t.key, effect: t.effect, evictsAt: evictsAt(t, name, objects) })),
    zone: fixed.zone,
    cpu,
    memory,
    cpuRequested: cpu > 0 ? (asked?.cpu ?? 0) / cpu : 0,
    memoryRequested: memory > 0 ? (asked?.memory ?? 0) / memory : 0,
    pods: asked?.pods ?? 0,
  };
}

interface NodeFacts {
  readonly name: string;
  readonly ref: StageRef;
  readonly cpu: number;
  readonly memory: number;
  readonly zone: string;
}

const nodeMemo = new WeakMap<object, NodeFacts>();

/** What a node object says by itself. */
function nodeFacts(node: V1Node): NodeFacts {
  let facts = nodeMemo.get(node);
  if (!facts) {
    const capacity = (node.status?.allocatable ?? node.status?.capacity ?? {}) as Record<string, string>;
    const labels = (node.metadata.labels ?? {}) as Record<string, string>;
    facts = {
      name: node.metadata.name ?? '?',
      ref: refOf('nodes', node),
      cpu: milliValue(capacity['cpu']),
      memory: quantityValue(capacity['memory']),
      zone: labels['topology.kubernetes.io/zone'] ?? '',
    };
    nodeMemo.set(node, facts);
  }
  return facts;
}

/** When the first of the node's pods has used up its toleration of a NoExecute taint. */
function evictsAt(taint: { key: string; effect: string; timeAdded?: unknown }, node: string, objects: Objects): number {
  if (taint.effect !== 'NoExecute' || !taint.timeAdded) return Number.NaN;
  const added = millisOf(String(taint.timeAdded));
  let first = Number.NaN;
  for (const object of values(objects, 'pods')) {
    const pod = object as unknown as V1Pod;
    if (pod.spec?.nodeName !== node || pod.metadata.deletionTimestamp) continue;
    for (const t of pod.spec.tolerations ?? []) {
      if (t.key !== taint.key || t.tolerationSeconds === undefined) continue;
      const at = added + Number(t.tolerationSeconds) * 1000;
      if (!(first <= at)) first = at;
    }
  }
  return first;
}

/** `node-2` before `node-10`. */
export function natural(a: string, b: string): number {
  const x = /^(.*?)(\d*)$/.exec(a)!;
  const y = /^(.*?)(\d*)$/.exec(b)!;
  if (x[1] !== y[1]) return x[1]! < y[1]! ? -1 : 1;
  return Number(x[2] || 0) - Number(y[2] || 0);
}
