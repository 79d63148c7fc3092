import type { V1PodAffinityTerm, V1WeightedPodAffinityTerm } from '../../generated/types.ts';
import { formatSelector, matchesLabels, selectorOf, type Labels, type Selector } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { cached, type Caches } from '../client/index.ts';
import type { ClusterView } from './cluster-view.ts';
import type { PodClass } from './pod-classes.ts';

/** Which pods something is about: of these namespaces, with these labels. */
export interface PodSelection {
  readonly namespaces: readonly string[];
  /** Namespaces whose labels match are meant as well. */
  readonly namespaceSelector: Selector | undefined;
  readonly selector: Selector;
  /** Equal texts, equal selections. */
  readonly text: string;
}

/** One term of pod affinity, compiled. */
export interface Term extends PodSelection {
  readonly topologyKey: string;
  /** Points of a preferred term; 0 for a required one. */
  readonly weight: number;
}

/** What a pod, or a class of pods, says about other pods. */
export interface Terms {
  readonly affinity: readonly Term[];
  readonly antiAffinity: readonly Term[];
  readonly preferred: readonly Term[];
  readonly preferredAnti: readonly Term[];
}

/** Selects nothing: the meaning of an absent selector. */
const nothing: Selector = [{ key: '', operator: 'in', values: [] }];

/** A selection of pods of one namespace. */
export const selectionIn = (namespace: string, selector: Selector): PodSelection => ({
  namespaces: [namespace],
  namespaceSelector: undefined,
  selector,
  text: `${namespace} ${formatSelector(selector)}`,
});

function termOf(given: V1PodAffinityTerm, namespace: string, weight = 0): Term {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = given;
  const selector = labelSelector ? selectorOf(labelSelector) : nothing;
  const own = namespaces.length === 0 && !namespaceSelector ? [namespace] : namespaces;
  const others = namespaceSelector && selectorOf(namespaceSelector);
  const text = `${own.join()}/${others ? `{${formatSelector(others)}}` : ''} ${formatSelector(selector)}`;
  return { namespaces: own, namespaceSelector: others, selector, topologyKey, weight, text };
}

const none: Terms = Object.freeze({ affinity: [], antiAffinity: [], preferred: [], preferredAnti: [] });

/** Pure cache: affinity → namespace → its terms. */
const compiled = new WeakMap<object, Map<string, Terms>>();

/** The terms of an affinity, as a pod of a namespace means them. */
export function termsOf(affinity: PodClass['affinity'], namespace: string): Terms {
  if (!affinity) return none;
  let byNamespace = compiled.get(affinity);
  if (!byNamespace) compiled.set(affinity, (byNamespace = new Map()));
  let terms = byNamespace.get(namespace);
  if (!terms) {
    const { podAffinity = {}, podAntiAffinity = {} } = affinity;
    const required = (list: readonly V1PodAffinityTerm[] = []): Term[] => list.map((t) => termOf(t, namespace));
    const preferred = (list: readonly V1WeightedPodAffinityTerm[] = []): Term[] =>
      list.filter((t) => t.weight !== 0).map((t) => termOf(t.podAffinityTerm, namespace, t.weight));
    terms = {
      affinity: required(podAffinity.requiredDuringSchedulingIgnoredDuringExecution),
      antiAffinity: required(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution),
      preferred: preferred(podAffinity.preferredDuringSchedulingIgnoredDuringExecution),
      preferredAnti: preferred(podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution),
    };
    byNamespace.set(namespace, terms);
  }
  return terms;
}

/** Whether a selection takes in a pod of this namespace with these labels. */
export function selects(
  selection: PodSelection,
  namespace: string,
  labels: Labels | undefined,
  caches: Caches,
): boolean {
  if (!matchesLabels(selection.selector, labels)) return false;
  if (selection.namespaces.includes(namespace)) return true;
  if (!selection.namespaceSelector) return false;
  return matchesLabels(selection.namespaceSelector, cached(caches, 'namespaces', namespace)?.metadata.labels);
}

/** Whether a selection takes in a pod. */
export const selectsPod = (selection: PodSelection, { metadata }: Pod, caches: Caches): boolean =>
  selects(selection, metadata.namespace ?? '', metadata.labels, caches);

interface Found {
  readonly version: number;
  readonly groups: readonly PodClass[];
}

/** Pure cache by view and selection; valid while no class has come or gone. */
const found = new WeakMap<ClusterView, Map<string, Found>>();
const maxFound = 256;

/** The classes of pods that a selection takes in. */
export function classesOf(view: ClusterView, selection: PodSelection, caches: Caches): readonly PodClass[] {
  const { classes } = view;
  let table = found.get(view);
  if (!table) found.set(view, (table = new Map()));
  const known = table.get(selection.text);
  if (known?.version === classes.version) return known.groups;
  const groups: PodClass[] = [];
  for (const group of classes.byKey.values())
    if (selects(selection, group.namespace, group.labels, caches)) groups.push(group);
  if (table.size >= maxFound) table.clear();
  table.set(selection.text, { version: classes.version, groups });
  return groups;
}
