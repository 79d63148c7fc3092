import { keyOf, matchesMap, type KubeObject, type Labels } from '../apimachinery/index.ts';
import type { Service } from '../apis/index.ts';
import type { Caches, Change } from '../client/index.ts';
import { sameMap } from './equal.ts';

/**
 * Which pods each Service selects, kept up to date by changes: a pod asks only the Services that share one of its labels,
 * and only a new selector looks at all pods.
 */
export interface ServiceIndex {
  /** Service key → keys of the pods it selects. Services without selector have no entry. */
  readonly members: Map<string, Set<string>>;
  /** `namespace/label=value` → Services whose selector has this pair first. */
  readonly bySelector: Map<string, Set<string>>;
}

/** An empty index. */
export const emptyServiceIndex = (): ServiceIndex => ({ members: new Map(), bySelector: new Map() });

type Spec = NonNullable<Service['spec']>;

/** The selector of a Service that has endpoints of pods; undefined for those without. */
export function podSelector(service: KubeObject | Service): Labels | undefined {
  const { selector, type } = (service as unknown as { spec?: Spec }).spec ?? {};
  return type !== 'ExternalName' && selector && Object.keys(selector).length > 0 ? selector : undefined;
}

const firstPair = (namespace: string, selector: Labels): string => {
  const key = Object.keys(selector).sort()[0]!;
  return `${namespace}/${key}=${selector[key]}`;
};

/** Keys of the Services that select a pod with these labels. */
export function servicesOf(index: ServiceIndex, caches: Caches, pod: KubeObject): string[] {
  const { namespace, labels } = pod.metadata;
  const keys: string[] = [];
  const services = caches.get('services')?.objects;
  for (const label in labels) {
    for (const key of index.bySelector.get(`${namespace}/${label}=${labels[label]}`) ?? []) {
      const service = services?.get(key);
      const selector = service && podSelector(service);
      if (selector && matchesMap(selector, labels)) keys.push(key);
    }
  }
  return keys;
}

/** Keeps the index in step with a cache's change of a pod or Service. */
export function updateServiceIndex(index: ServiceIndex, caches: Caches, change: Change): void {
  if (change.resource === 'pods') podChanged(index, caches, change);
  else if (change.resource === 'services') serviceChanged(index, caches, change);
}

function podChanged(index: ServiceIndex, caches: Caches, { type, key, object, old }: Change): void {
  if (type === 'MODIFIED' && sameMap(old!.metadata.labels, object.metadata.labels)) return;
  if (type !== 'ADDED')
    for (const service of servicesOf(index, caches, old ?? object)) index.members.get(service)?.delete(key);
  if (type !== 'DELETED') for (const service of servicesOf(index, caches, object)) index.members.get(service)?.add(key);
}

function serviceChanged(index: ServiceIndex, caches: Caches, { type, key, object, old }: Change): void {
  const before = old && podSelector(old);
  const after = type === 'DELETED' ? undefined : podSelector(object);
  if (type === 'MODIFIED' && before && after && sameMap(before, after)) return;
  const namespace = object.metadata.namespace!;
  if (before) {
    const pair = firstPair(namespace, before);
    const keys = index.bySelector.get(pair);
    if (keys?.delete(key) && keys.size === 0) index.bySelector.delete(pair);
    index.members.delete(key);
  }
  if (!after) return;
  const pair = firstPair(namespace, after);
  const keys = index.bySelector.get(pair);
  if (keys) keys.add(key);
  else index.bySelector.set(pair, new Set([key]));
  const members = new Set<string>();
  for (const pod of caches.get('pods')?.objects.values() ?? [])
    if (pod.metadata.namespace === namespace && matchesMap(after, pod.metadata.labels)) members.add(keyOf(pod));
  index.members.set(key, members);
}
