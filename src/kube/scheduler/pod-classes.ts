import type { V1Affinity } from '../../generated/types.ts';
import type { Pod } from '../apis/index.ts';
import { hostnameKey, zoneKey, type NodeInfo } from './nodeinfo.ts';

/**
 * Pods that spreading and pod affinity cannot tell apart: of one namespace, with equal labels and equal affinity to other
 * pods. They are counted instead of walked through. Plain data.
 */
export interface PodClass {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What its pods say about other pods; undefined when nothing. */
  readonly affinity: Pick<V1Affinity, 'podAffinity' | 'podAntiAffinity'> | undefined;
  /** They are being deleted: spreading does not count them, affinity does. */
  readonly terminating: boolean;
  /** Node name → pods there. */
  readonly perNode: Map<string, number>;
  /** Topology key → its values → pods there. Counted when first asked for, then kept from pod to pod. */
  readonly domains: Map<string, Map<string, number>>;
}

/** All classes of a cluster. */
export interface PodClasses {
  readonly byKey: Map<string, PodClass>;
  /** Keys of the classes whose pods say something about other pods. */
  readonly affine: Set<string>;
  /** Rises when a class comes or goes, and when a namespace's labels change: what was found among them is valid until then. */
  version: number;
}

/** No pods. */
export const emptyClasses = (): PodClasses => ({ byKey: new Map(), affine: new Set(), version: 0 });

/** A label's value on a node; undefined where it is not there. The two usual topology keys are at hand. */
export function labelOf(info: NodeInfo, key: string): string | undefined {
  if (key === hostnameKey) return info.hostname;
  if (key === zoneKey) return info.zone;
  const { labels } = info.node.metadata;
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

/** Counts a pod in (`by` 1) or out (−1). `info` is its node, if that is known. */
export function countPod(classes: PodClasses, pod: Pod, info: NodeInfo | undefined, by: 1 | -1): void {
  const key = classKey(pod);
  let group = classes.byKey.get(key);
  if (!group) {
    const { namespace = '', labels = noLabels, deletionTimestamp } = pod.metadata;
    group = {
      namespace,
      labels,
      affinity: podAffinityOf(pod),
      terminating: deletionTimestamp !== undefined,
      perNode: new Map(),
      domains: new Map(),
    };
    classes.byKey.set(key, group);
    if (group.affinity) classes.affine.add(key);
    classes.version++;
  }
  add(group.perNode, pod.spec!.nodeName!, by);
  if (info)
    for (const [topologyKey, domain] of group.domains) {
      const value = labelOf(info, topologyKey);
      if (value !== undefined) add(domain, value, by);
    }
  if (group.perNode.size > 0) return;
  classes.byKey.delete(key);
  classes.affine.delete(key);
  classes.version++;
}

function add(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** Nodes or their labels have changed: pods per domain are counted anew when next asked for. */
export function forgetDomains(classes: PodClasses): void {
  for (const { domains } of classes.byKey.values()) if (domains.size > 0) domains.clear();
}

/** What a pod says about other pods; undefined when nothing that counts. */
export function podAffinityOf({ spec }: Pod): PodClass['affinity'] {
  const affinity = spec?.affinity;
  return affinity && (affinity.podAffinity || affinity.podAntiAffinity) ? affinity : undefined;
}

/** Pure caches: labels and affinity are frozen, and the latter is often shared by all pods of a template. */
const labelTexts = new WeakMap<object, string>();
const affinityTexts = new WeakMap<object, string>();

function textOf(texts: WeakMap<object, string>, part: object | undefined, write: () => string): string {
  if (!part) return '';
  let text = texts.get(part);
  if (text === undefined) {
    text = write();
    if (Object.isFrozen(part)) texts.set(part, text);
  }
  return text;
}

function classKey(pod: Pod): string {
  const { namespace = '', labels, deletionTimestamp } = pod.metadata;
  const affinity = podAffinityOf(pod);
  const labelText = textOf(labelTexts, labels, () =>
    JSON.stringify(Object.entries(labels!).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  const affinityText = textOf(affinityTexts, affinity, () =>
    JSON.stringify([affinity!.podAffinity, affinity!.podAntiAffinity]),
  );
  return `${namespace}${deletionTimestamp ? '-' : '+'}${labelText}${affinityText}`;
}
