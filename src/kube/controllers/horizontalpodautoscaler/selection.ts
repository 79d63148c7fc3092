import { deepFreeze } from '../../../kernel/index.ts';
import {
  keyOf,
  matchesLabels,
  parseSelector,
  splitKey,
  type KubeObject,
  type Selector,
} from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import type { Caches, Change } from '../../client/index.ts';
import { sameMap } from '../equal.ts';

/** A selector that scale targets have, in one namespace. */
interface Selected {
  readonly requirements: Selector;
  /** Autoscalers whose target has it. */
  readonly users: Set<string>;
  /** Keys of the pods that it selects. */
  readonly members: Set<string>;
}

/**
 * Which pods the selectors of scale targets select, and which autoscalers use a selector. Kept up by changes: a pod asks only the
 * selectors that name one of its labels. Kubernetes: hpa_selector_store.go and the pod lister.
 */
export interface Selection {
  /** Autoscaler → the selector of its target, `namespace/app=web`, as its last sync found it. */
  readonly selectors: Map<string, string>;
  readonly selected: Map<string, Selected>;
  /** `namespace/label=value` → the selectors that ask for it first; `namespace/` → those that ask for no such pair. */
  readonly byPair: Map<string, Set<string>>;
}

/** A selection of nothing. */
export const emptySelection = (): Selection => ({ selectors: new Map(), selected: new Map(), byPair: new Map() });

function pairOf(namespace: string, requirements: Selector): string {
  const first = requirements.find(({ operator }) => operator === '=' || operator === '==');
  return first ? `${namespace}/${first.key}=${first.values[0]}` : `${namespace}/`;
}

/** The selectors that select a pod with these labels. */
function selectorsOf({ byPair, selected }: Selection, { metadata }: KubeObject | Pod): string[] {
  const { namespace, labels } = metadata;
  const found: string[] = [];
  const ask = (pair: string): void => {
    for (const selector of byPair.get(pair) ?? [])
      if (matchesLabels(selected.get(selector)!.requirements, labels)) found.push(selector);
  };
  for (const label in labels) ask(`${namespace}/${label}=${labels[label]}`);
  ask(`${namespace}/`);
  return found;
}

/** The autoscalers whose targets select a pod. */
export const autoscalersOf = (selection: Selection, pod: Pod): readonly string[] =>
  selectorsOf(selection, pod).flatMap((selector) => [...selection.selected.get(selector)!.users]);

/** Takes over a pod's change; returns the autoscalers that it concerns. */
export function podChanged(selection: Selection, { type, key, object, old }: Change): readonly string[] {
  if (selection.selected.size === 0) return [];
  const now = type === 'DELETED' ? [] : selectorsOf(selection, object);
  const moved = type !== 'MODIFIED' || !sameMap(old!.metadata.labels, object.metadata.labels);
  const before = type === 'ADDED' ? [] : moved ? selectorsOf(selection, old ?? object) : now;
  if (moved) {
    for (const selector of before) selection.selected.get(selector)!.members.delete(key);
    for (const selector of now) selection.selected.get(selector)!.members.add(key);
  }
  const concerned = new Set([...before, ...now]);
  return [...concerned].flatMap((selector) => [...selection.selected.get(selector)!.users]);
}

/** Notes the selector that an autoscaler's target has now. A new one looks at all pods once. */
export function use(selection: Selection, caches: Caches, autoscaler: string, namespace: string, text: string): void {
  const selector = `${namespace}/${text}`;
  if (selection.selectors.get(autoscaler) === selector) return;
  forget(selection, autoscaler);
  selection.selectors.set(autoscaler, selector);
  const known = selection.selected.get(selector);
  if (known) {
    known.users.add(autoscaler);
    return;
  }
  const requirements = deepFreeze(parseSelector(text));
  const members = new Set<string>();
  for (const pod of caches.get('pods')?.objects.values() ?? [])
    if (pod.metadata.namespace === namespace && matchesLabels(requirements, pod.metadata.labels))
      members.add(keyOf(pod));
  selection.selected.set(selector, { requirements, users: new Set([autoscaler]), members });
  const pair = pairOf(namespace, requirements);
  const sharing = selection.byPair.get(pair);
  if (sharing) sharing.add(selector);
  else selection.byPair.set(pair, new Set([selector]));
}

/** Forgets an autoscaler, and its selector when nobody else uses it. */
export function forget({ selectors, selected, byPair }: Selection, autoscaler: string): void {
  const selector = selectors.get(autoscaler);
  if (selector === undefined) return;
  selectors.delete(autoscaler);
  const { users, requirements } = selected.get(selector)!;
  users.delete(autoscaler);
  if (users.size > 0) return;
  selected.delete(selector);
  const pair = pairOf(splitKey(selector).namespace, requirements);
  const sharing = byPair.get(pair)!;
  if (sharing.delete(selector) && sharing.size === 0) byPair.delete(pair);
}

/** The pods of an autoscaler's target, in the order in which they came. */
export function podsOf(selection: Selection, caches: Caches, autoscaler: string): readonly Pod[] {
  const pods = caches.get('pods')!.objects;
  const members = selection.selected.get(selection.selectors.get(autoscaler) ?? '')?.members ?? [];
  return [...members].flatMap((key) => (pods.get(key) as Pod | undefined) ?? []);
}

/** All autoscalers that select one of some pods; the one that asks stands last. Kubernetes: hpasControllingPodsUnderSelector. */
export function controllingAutoscalers(selection: Selection, pods: readonly Pod[], asking: string): readonly string[] {
  const found = new Set<string>();
  for (const pod of pods)
    for (const selector of selectorsOf(selection, pod))
      for (const autoscaler of selection.selected.get(selector)!.users) found.add(autoscaler);
  if (!found.delete(asking)) return [...found];
  return [...found, asking];
}
