import type { V1Affinity, V1PodSpec, V1PodTemplateSpec, V1Toleration } from '../../../generated/types.ts';
import { requiredAffinityMatches } from '../../apis/core/nodeaffinity.ts';
import { templateGeneration } from '../../apis/apps/daemonset.ts';
import type { DaemonSet, Node, Pod } from '../../apis/index.ts';
import { revisionLabel } from '../history.ts';
import { tolerates } from '../taints.ts';

const always: readonly (readonly [key: string, effect: string])[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
];

/**
 * The template's tolerations and those that every daemon has: it stays on nodes in trouble, and comes to cordoned ones.
 * Kubernetes: pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations.
 */
export function daemonTolerations(spec: V1PodSpec): V1Toleration[] {
  const wanted = spec.hostNetwork ? [...always, ['network-unavailable', 'NoSchedule'] as const] : always;
  const list = [...(spec.tolerations ?? [])];
  for (const [key, effect] of wanted) {
    const toleration = { key: `node.kubernetes.io/${key}`, operator: 'Exists', effect };
    const at = list.findIndex((t) => t.key === toleration.key && t.effect === effect && t.operator === 'Exists');
    if (at < 0) list.push(toleration);
    else list[at] = toleration; // without its seconds, if it had any
  }
  return list;
}

/** Whether a node gets a daemon, and whether one that is there may stay. */
export interface Verdict {
  readonly run: boolean;
  readonly stay: boolean;
}

const tolerationsOf = new WeakMap<V1PodTemplateSpec, readonly V1Toleration[]>();
const verdicts = new WeakMap<V1PodTemplateSpec, WeakMap<Node, Verdict>>();

/**
 * Whether a DaemonSet's pod belongs on a node. Worked out once per version of template and node.
 * Kubernetes: pkg/controller/daemon NodeShouldRunDaemonPod.
 */
export function shouldRun(node: Node, ds: DaemonSet): Verdict {
  const template = ds.spec!.template;
  let known = verdicts.get(template);
  if (!known) verdicts.set(template, (known = new WeakMap()));
  let verdict = known.get(node);
  if (!verdict) known.set(node, (verdict = judge(node, template)));
  return verdict;
}

function judge(node: Node, template: V1PodTemplateSpec): Verdict {
  const spec = template.spec!;
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return { run: false, stay: false };
  if (!requiredAffinityMatches(spec, node)) return { run: false, stay: false };
  let tolerations = tolerationsOf.get(template);
  if (!tolerations) tolerationsOf.set(template, (tolerations = daemonTolerations(spec)));
  const untolerated = (node.spec?.taints ?? []).filter((taint) => !tolerations.some((t) => tolerates(t, taint)));
  const stay = !untolerated.some(({ effect }) => effect === 'NoExecute');
  return { run: stay && !untolerated.some(({ effect }) => effect === 'NoSchedule'), stay };
}

/** The template's affinity, bound to one node by its name. Kubernetes: ReplaceDaemonSetPodNodeNameNodeAffinity. */
function pinned(affinity: V1Affinity | undefined, node: string): V1Affinity {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required };
  return { ...affinity, nodeAffinity };
}

/** The template of the daemon of one node, with the labels of its revision. Kubernetes: CreatePodTemplate, syncNodes. */
export function daemonTemplate(ds: DaemonSet, hash: string, node: string): V1PodTemplateSpec {
  const { metadata, spec } = ds.spec!.template;
  const generation = ds.metadata.annotations?.[templateGeneration];
  const labels = {
    ...metadata?.labels,
    ...(generation !== undefined && { 'pod-template-generation': generation }),
    [revisionLabel]: hash,
  };
  const tolerations = daemonTolerations(spec!);
  return { metadata: { ...metadata, labels }, spec: { ...spec!, tolerations, affinity: pinned(spec!.affinity, node) } };
}

/** The node that a daemon is on or meant for; undefined when it says neither. Kubernetes: GetTargetNodeName. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields } of terms)
    for (const { key, operator, values } of matchFields ?? [])
      if (key === 'metadata.name' && operator === 'In') return values?.length === 1 ? values[0] : undefined;
  return undefined;
}
