import { compareQuantity, forbidden, keyOf, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf, type Pod, type ResourceQuota } from '../../apis/index.ts';
import { addLists, type ResourceList } from '../../apis/core/pod-resources.ts';
import { concerns, unsaid, usageOf } from '../../apis/quota.ts';
import { range } from '../../etcd/etcd.ts';
import { commit, type Call } from '../call.ts';

const resource = 'resourcequotas';

/** Only these names of a list. */
const masked = (list: ResourceList, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(list, name)).map((name) => [name, list[name]!]));

const printed = (list: ResourceList): string =>
  Object.keys(list).sort().map((name) => `${name}=${list[name]}`).join(','); // prettier-ignore

/**
 * Refuses a new object that a quota of its namespace has no room for. Returns what charges the quotas: called once nothing else
 * can go wrong. Kubernetes: apiserver/pkg/admission/plugin/resourcequota.
 */
export function admitQuota(call: Call, object: KubeObject): () => void {
  const { kind, etcd } = call;
  const { namespace, name } = object.metadata;
  const quotas = range(etcd, resource);
  if (!kind.namespaced || quotas.size === 0 || kind.key === 'events') return () => {};
  const refuse = (why: string): never => {
    throw forbidden(kind.group, kind.resource, name, why);
  };
  const usage = usageOf(kind, object);
  const charges: (readonly [ResourceQuota, ResourceList])[] = [];
  for (const stored of quotas.values()) {
    const quota = stored as unknown as ResourceQuota;
    if (quota.metadata.namespace !== namespace || !concerns(quota, kind, object)) continue;
    const { hard = {}, used = {} } = quota.status ?? {};
    const wanted = masked(usage, Object.keys(hard));
    if (kind.key === 'pods') {
      const missing = unsaid(object as unknown as Pod, Object.keys(hard));
      if (missing) refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
    }
    if (Object.keys(wanted).length === 0) continue;
    const unknown = Object.keys(wanted).filter((key) => used[key] === undefined);
    if (unknown.length > 0) refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${unknown.join(',')}`);
    const next = addLists(used, wanted);
    const exceeded = Object.keys(wanted).filter(
      (key) => compareQuantity(wanted[key]!, '0') > 0 && compareQuantity(next[key]!, hard[key]!) > 0,
    );
    if (exceeded.length > 0)
      refuse(
        `exceeded quota: ${quota.metadata.name}, requested: ${printed(masked(wanted, exceeded))}, used: ${printed(masked(used, exceeded))}, limited: ${printed(masked(hard, exceeded))}`,
      );
    charges.push([quota, next]);
  }
  return () => {
    for (const [quota, used] of charges) charge(call, quota, used);
  };
}

function charge(call: Call, quota: ResourceQuota, used: ResourceList): void {
  const record: Call['record'] = (object) =>
    call.ctx.record({
      by: 'kube-apiserver',
      code: 'quota.charge',
      ref: `${resource}/${keyOf(object)}`,
      uid: object.metadata.uid,
      params: { what: call.kind.kind },
    });
  const next = { ...quota, status: { ...quota.status, used } };
  commit({ ...call, kind: kindOf(resource)!, record }, keyOf(quota), next as never, quota as never);
}
