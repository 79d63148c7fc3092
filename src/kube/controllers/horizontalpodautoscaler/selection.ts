import {
  keyOf,
  matchesLabels,
  parseSelector,
  splitKey,
  type KubeObject,
  type Labels,
} from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import type { Caches, Change } from '../../client/index.ts';
import { sameMap } from '../equal.ts';

/**
 * Which pods the selectors of scale targets select, and which autoscalers use a selector. Kept up by changes: a pod asks only the
 * selectors that name one of its labels. Kubernetes: hpa_selector_store.go and the pod lister.
 */
export interface Selection {
  /** Autoscaler → the selector of its target, `namespace/app=web`, as its last sync found it. */
  readonly selectors: Map<string, string>;
  /** Selector → the autoscalers that use it, and keys of the pods that it selects. */
  readonly users: Map<string, Set<string>>;
  readonly members: Map<string, Set<string>>;
  /** `namespace/label=value` → the selectors that ask for it first; `namespace/` → those that ask for no such pair. */
  readonly byPair: Map<string, Set<string>>;
}

/** A selection of nothing. */
export const emptySelection = (): Selection => ({
  selectors: new Map(),
  users: new Map(),
  members: new Map(),
  byPair: new Map(),
});

const textOf = (selector: string): string => selector.slice(selector.indexOf('/') + 1);

const selects = (selector: string, labels: Labels | undefined): boolean =>
  matchesLabels(parseSelector(textOf(selector)), labels);

function pairOf(selector: string): string {
  const { namespace } = splitKey(selector);
  const first = parseSelector(textOf(selector)).find(({ operator }) => operator === '=' || operator === '==');
  return first ? `${namespace}/${first.key}=${first.values[0]}` : `${namespace}/`;
}

/** The selectors that select a pod with these labels. */
function selectorsOf(selection: Selection, { metadata }: KubeObject | Pod): string[] {
  const { namespace, labels } = metadata;
  const found: string[] = [];
  const ask = (pair: string): void => {
    for (const selector of selection.byPair.get(pair) ?? []) if (selects(selector, labels)) found.push(selector);
  };
  for (const label in labels) ask(`${namespace}/${label}=${labels[label]}`);
  ask(`${namespace}/`);
  return found;
}

/** The autoscalers whose targets select a pod. */
export const autoscalersOf = (selection: Selection, pod: Pod): readonly string[] =>
  selectorsOf(selection, pod).flatMap((selector) => [...(selection.users.get(selector) ?? [])]);

/** Takes over a pod's change; returns the autoscalers that it concerns. */
export function podChanged(selection: Selection, { type, key, object, old }: Change): readonly string[] {
  if (selection.members.size === 0) return [];
  const now = type === 'DELETED' ? [] : selectorsOf(selection, object);
  const moved = type !== 'MODIFIED' || !sameMap(old!.metadata.labels, object.metadata.labels);
  const before = type === 'ADDED' ? [] : moved ? selectorsOf(selection, old ?? object) : now;
  if (moved) {
    for (const selector of before) selection.members.get(selector)?.delete(key);
    for (const selector of now) selection.members.get(selector)?.add(key);
  }
  const concerned = new Set([...before, ...now]);
  return [...concerned].flatMap((selector) => [...(selection.users.get(selector) ?? [])]);
}

/** Notes the selector that an autoscaler's target has now. A new one looks at all pods once. */
export function use(selection: Selection, caches: Caches, autoscaler: string, selector: string): void {
  if (selection.selectors.get(autoscaler) === selector) return;
  forget(selection, autoscaler);
  selection.selectors.set(autoscaler, selector);
  const users = selection.users.get(selector);
  if (users) {
    users.add(autoscaler);
    return;
  }
  selection.users.set(selector, new Set([autoscaler]));
  const pair = pairOf(selector);
  const sharing = selection.byPair.get(pair);
  if (sharing) sharing.add(selector);
  else selection.byPair.set(pair, new Set([selector]));
  const members = new Set<string>();
  const { namespace } = splitKey(selector);
  for (const pod of caches.get('pods')?.objects.values() ?? [])
    if (pod.metadata.namespace === namespace && selects(selector, pod.metadata.labels)) members.add(keyOf(pod));
  selection.members.set(selector, members);
}

/** Forgets an autoscaler, and its selector when nobody else uses it. */
export function forget(selection: Selection, autoscaler: string): void {
  const selector = selection.selectors.get(autoscaler);
  if (selector === undefined) return;
  selection.selectors.delete(autoscaler);
  const users = selection.users.get(selector)!;
  users.delete(autoscaler);
  if (users.size > 0) return;
  selection.users.delete(selector);
  selection.members.delete(selector);
  const pair = pairOf(selector);
  const sharing = selection.byPair.get(pair)!;
  if (sharing.delete(selector) && sharing.size === 0) selection.byPair.delete(pair);
}

/** The pods of an autoscaler's target, in the order in which they came. */
export function podsOf(selection: Selection, caches: Caches, autoscaler: string): readonly Pod[] {
  const pods = caches.get('pods')!.objects;
  const members = selection.members.get(selection.selectors.get(autoscaler) ?? '') ?? [];
  return [...members].flatMap((key) => (pods.get(key) as Pod | undefined) ?? []);
}

/** All autoscalers that select one of some pods; the one that asks stands last. Kubernetes: hpasControllingPodsUnderSelector. */
export function controllingAutoscalers(selection: Selection, pods: readonly Pod[], asking: string): readonly string[] {
  const found = new Set<string>();
  for (const pod of pods)
    for (const selector of selectorsOf(selection, pod))
      for (const autoscaler of selection.users.get(selector) ?? []) found.add(autoscaler);
  if (!found.delete(asking)) return [...found];
  return [...found, asking];
}
