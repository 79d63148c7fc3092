import { equal } from '../apimachinery/index.ts';
import { kinds, type Pod, type ResourceKey, type ResourceQuota } from '../apis/index.ts';
import { addLists } from '../apis/core/pod-resources.ts';
import { concerns, isTerminal, usageOf } from '../apis/quota.ts';
import type { AnyKind } from '../apis/kind.ts';
import { cached, type Change } from '../client/index.ts';
import { customKindsIn } from './custom-kinds.ts';
import { ownMemory, type Control, type Controller, type Watch } from './controller.ts';

const resource = 'resourcequotas';

/** Namespace → keys of its quotas. */
type Quotas = Map<string, Set<string>>;

/** Everything that a quota can count; events come and go too quickly. */
const countable = (kinds as unknown as readonly AnyKind[]).filter((kind) => kind.namespaced && kind.key !== 'events');

/**
 * What may change a count: objects that go, and pods that end. Those that come were charged already, but a count made before
 * their watch event was there has missed them: Kubernetes puts that right every five minutes.
 */
function matters({ type, resource: changed, object, old }: Change): boolean {
  if (type !== 'MODIFIED') return true;
  if (changed === 'services') return !equal(object['spec'], old?.['spec']);
  return changed === 'pods' && !!old && isTerminal(object as unknown as Pod) && !isTerminal(old as unknown as Pod);
}

const watchOf = (key: string): Watch => ({
  resource: key as ResourceKey,
  keys(c, change) {
    const quotas = ownMemory<Quotas>(c).get(change.object.metadata.namespace!);
    return quotas && matters(change) ? [...quotas] : [];
  },
});

/**
 * Writes into every quota how much of it is used. What comes is charged by the API server as it is admitted; this controller counts
 * what there was before, and what has gone. Kubernetes: pkg/controller/resourcequota.
 */
export const resourceQuotaController: Controller = {
  name: 'resourcequota',
  memory: (): Quotas => new Map(),
  watches: [
    {
      resource,
      keys(c, { type, key, object, old }) {
        const quotas = ownMemory<Quotas>(c);
        const namespace = object.metadata.namespace!;
        const keys = quotas.get(namespace) ?? new Set();
        if (type === 'DELETED') keys.delete(key);
        else keys.add(key);
        if (keys.size > 0) quotas.set(namespace, keys);
        else quotas.delete(namespace);
        return type === 'DELETED' || (old && equal(old['spec'], object['spec'])) ? [] : [key];
      },
    },
    ...countable.map(({ key }) => watchOf(key)),
    watchOf('*'),
  ],
  reconcile(c, key) {
    const quota = cached(c.memory.caches, resource, key);
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    const status = { hard, used: usedOf(c, quota) };
    if (equal(status, quota.status)) return;
    c.client.updateStatus(c.ctx, resource, { ...quota, status }, { why: { code: 'quota.count', params: {} } });
  },
};

/** How much of each resource that a quota names is used. O(objects of the kinds that it names). */
function usedOf(c: Control, quota: ResourceQuota): Record<string, string> {
  const names = Object.keys(quota.spec?.hard ?? {});
  let used: Record<string, string> = Object.fromEntries(names.map((name) => [name, '0']));
  for (const kind of [...countable, ...customKindsIn(c.memory.caches)]) {
    if (!names.some((name) => mayCount(kind, name))) continue;
    for (const object of c.memory.caches.get(kind.key)?.objects.values() ?? []) {
      if (object.metadata.namespace !== quota.metadata.namespace || !concerns(quota, kind, object)) continue;
      used = addNamed(used, usageOf(kind, object));
    }
  }
  return used;
}

/** Whether a kind has anything to do with a resource of a quota. */
function mayCount(kind: AnyKind, name: string): boolean {
  if (name === `count/${kind.group ? `${kind.resource}.${kind.group}` : kind.resource}`) return true;
  if (name.startsWith('count/')) return false;
  if (name === kind.key || name.startsWith(`${kind.key}.`)) return true;
  if (kind.key === 'persistentvolumeclaims') return name.includes('storage') || name.endsWith('persistentvolumeclaims');
  return kind.key === 'pods' && !/^(services|secrets|configmaps|replicationcontrollers|resourcequotas)\b/.test(name);
}

const addNamed = (used: Record<string, string>, usage: Readonly<Record<string, string>>): Record<string, string> =>
  addLists(used, Object.fromEntries(Object.entries(usage).filter(([name]) => Object.hasOwn(used, name))));
