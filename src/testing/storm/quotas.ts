import type { KernelState } from '../../kernel/index.ts';
import { compareQuantity, type KubeObject } from '../../kube/apimachinery/index.ts';
import { kinds, type ResourceQuota } from '../../kube/apis/index.ts';
import { addLists } from '../../kube/apis/core/pod-resources.ts';
import { concerns, usageOf } from '../../kube/apis/quota.ts';
import { deleteSome, namespaces, pick, request, type Maker } from './choose.ts';

const createQuota: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  const hard = pick(random, [
    { pods: '4' },
    { pods: '12', 'requests.cpu': '500m' },
    { 'requests.memory': '256Mi', 'limits.cpu': '2' },
    { services: '1', 'services.nodeports': '1', 'count/deployments.apps': '2' },
    { secrets: '3', configmaps: '2', 'count/replicasets.apps': '6' },
  ]);
  return request({
    verb: 'create',
    resource: 'resourcequotas',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: `quota-${random.int(2)}`, namespace },
      spec: { hard, ...(random.int(5) === 0 && { scopes: ['NotTerminating'] }) },
    },
  });
};

const createLimitRange: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  const max = pick(random, [{ cpu: '200m' }, { memory: '200Mi' }, { cpu: '2', memory: '2Gi' }]);
  return request({
    verb: 'create',
    resource: 'limitranges',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'limits', namespace },
      spec: { limits: [{ type: 'Container', max, defaultRequest: { cpu: '20m' } }] },
    },
  });
};

/** What the storm does with quotas and limits. */
export const quotaMakers: readonly (readonly [number, Maker])[] = [
  [2, createQuota],
  [2, deleteSome('resourcequotas')],
  [1, createLimitRange],
  [1, deleteSome('limitranges')],
];

/** Controllers whose creations a quota has refused wait longer and longer: a change of their object wakes them. */
const refused = ['replicasets.apps', 'replicationcontrollers', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'];

/** What healing may do to the world. */
interface Hands {
  remove(resource: 'limitranges', object: KubeObject): void;
  patch(resource: string, object: KubeObject, body: object): void;
  /** Lets the quota controller see it. */
  wait(): void;
}

/** Takes limits away, gives every quota room for all (and asks of nobody to say what it needs), then wakes those who were refused. */
export function healQuotas(state: KernelState, hands: Hands): void {
  const { resources } = state.parts.get('etcd') as { resources: Map<string, Map<string, KubeObject>> };
  for (const range of resources.get('limitranges')?.values() ?? []) hands.remove('limitranges', range);
  for (const quota of resources.get('resourcequotas')?.values() ?? []) {
    const { hard = {} } = (quota as unknown as ResourceQuota).spec ?? {};
    const room = Object.keys(hard).map((name) => [name, /^(requests|limits)\./.test(name) ? null : '1000']);
    hands.patch('resourcequotas', quota, { spec: { hard: Object.fromEntries(room) as object } });
  }
  hands.wait();
  for (const resource of refused)
    for (const object of resources.get(resource)?.values() ?? [])
      hands.patch(resource, object, { metadata: { annotations: { 'storm/healed': 'yes' } } });
}

/** Quotas whose count does not agree with what there is. */
export function quotaUnrest(state: KernelState): string[] {
  const { resources } = state.parts.get('etcd') as { resources: Map<string, Map<string, KubeObject>> };
  const found: string[] = [];
  for (const [key, stored] of resources.get('resourcequotas') ?? []) {
    const quota = stored as unknown as ResourceQuota;
    let used: Record<string, string> = {};
    for (const kind of kinds) {
      if (!kind.namespaced || kind.key === 'events') continue;
      for (const object of resources.get(kind.key)?.values() ?? [])
        if (object.metadata.namespace === stored.metadata.namespace && concerns(quota, kind, object))
          used = addLists(used, usageOf(kind, object));
    }
    for (const name of Object.keys(quota.spec?.hard ?? {}))
      if (compareQuantity(quota.status?.used?.[name] ?? '-1', used[name] ?? '0') !== 0)
        found.push(`quota ${key} says ${name}=${quota.status?.used?.[name]}, there is ${used[name] ?? '0'}`);
  }
  return found;
}
