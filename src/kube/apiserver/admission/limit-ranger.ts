import type { V1Container, V1LimitRange, V1LimitRangeItem, V1PodSpec } from '../../../generated/types.ts';
import { compareQuantity, forbidden, nanoOf, type KubeObject } from '../../apimachinery/index.ts';
import { podTotal, type ResourceList } from '../../apis/core/pod-resources.ts';
import { range } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

const annotation = 'kubernetes.io/limit-ranger';

/** The rules of the object's namespace, of every LimitRange there. */
function itemsOf({ etcd }: Call, { metadata }: KubeObject): V1LimitRangeItem[] {
  const ranges = range(etcd, 'limitranges');
  if (ranges.size === 0) return [];
  return [...ranges.values()]
    .filter((r) => r.metadata.namespace === metadata.namespace)
    .flatMap((r) => (r as unknown as V1LimitRange).spec?.limits ?? []);
}

/** Gives a new pod's containers the defaults of its namespace, and notes which. Kubernetes: plugin/pkg/admission/limitranger. */
export function withLimitDefaults(call: Call, pod: KubeObject): KubeObject {
  const items = itemsOf(call, pod).filter((item) => item.type === 'Container');
  if (items.length === 0) return pod;
  const limits: ResourceList = Object.assign({}, ...items.map((item) => item.default));
  const requests: ResourceList = Object.assign({}, ...items.map((item) => item.defaultRequest));
  const said: string[] = [];
  const complete = (container: V1Container, what: string): V1Container => {
    const given = container.resources ?? {};
    const missing = (defaults: ResourceList, list: ResourceList = {}): string[] =>
      Object.keys(defaults).filter((name) => !Object.hasOwn(list, name)).sort(); // prettier-ignore
    const [newRequests, newLimits] = [missing(requests, given.requests), missing(limits, given.limits)];
    if (newRequests.length > 0) said.push(`${newRequests.join(', ')} request for ${what} ${container.name}`);
    if (newLimits.length > 0) said.push(`${newLimits.join(', ')} limit for ${what} ${container.name}`);
    if (newRequests.length === 0 && newLimits.length === 0) return container;
    return {
      ...container,
      resources: { ...given, limits: { ...limits, ...given.limits }, requests: { ...requests, ...given.requests } },
    };
  };
  const spec = pod['spec'] as V1PodSpec;
  const next = {
    ...spec,
    containers: spec.containers.map((c) => complete(c, 'container')),
    ...(spec.initContainers && { initContainers: spec.initContainers.map((c) => complete(c, 'init container')) }),
  };
  if (said.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec: next };
}

/** Refuses a new object that is outside the bounds of its namespace. */
export function checkLimits(call: Call, object: KubeObject): void {
  const { kind } = call;
  if (kind.key !== 'pods' && kind.key !== 'persistentvolumeclaims') return;
  const errors = new Set<string>();
  for (const item of itemsOf(call, object))
    for (const error of kind.key === 'pods' ? podErrors(item, object) : claimErrors(item, object)) errors.add(error);
  if (errors.size === 0) return;
  const list = [...errors];
  throw forbidden(kind.group, kind.resource, object.metadata.name, list.length === 1 ? list[0]! : `[${list.join(', ')}]`); // prettier-ignore
}

function podErrors(item: V1LimitRangeItem, pod: KubeObject): string[] {
  const spec = pod['spec'] as V1PodSpec;
  if (item.type === 'Pod') return bounds(item, podTotal(spec, 'requests'), podTotal(spec, 'limits'));
  if (item.type !== 'Container') return [];
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap((c) =>
    bounds(item, c.resources?.requests ?? {}, c.resources?.limits ?? {}),
  );
}

/** Every bound of a rule that these amounts break. */
function bounds(item: V1LimitRangeItem, requests: ResourceList, limits: ResourceList): string[] {
  const errors: string[] = [];
  const per = `per ${item.type} is`;
  const over = (a: string | undefined, b: string): boolean => a !== undefined && compareQuantity(a, b) > 0;
  const under = (a: string | undefined, b: string): boolean => a !== undefined && compareQuantity(a, b) < 0;
  for (const [name, least] of Object.entries(item.min ?? {})) {
    const head = `minimum ${name} usage ${per} ${least}`;
    if (requests[name] === undefined) errors.push(`${head}.  No request is specified`);
    else if (under(requests[name], least)) errors.push(`${head}, but request is ${requests[name]}`);
    else if (under(limits[name], least)) errors.push(`${head}, but limit is ${limits[name]}`);
  }
  for (const [name, most] of Object.entries(item.max ?? {})) {
    const head = `maximum ${name} usage ${per} ${most}`;
    if (limits[name] === undefined) errors.push(`${head}.  No limit is specified`);
    else if (over(limits[name], most)) errors.push(`${head}, but limit is ${limits[name]}`);
    else if (over(requests[name], most)) errors.push(`${head}, but request is ${requests[name]}`);
  }
  for (const [name, most] of Object.entries(item.maxLimitRequestRatio ?? {})) {
    const head = `${name} max limit to request ratio ${per} ${most}`;
    const [request, limit] = [nanoOf(requests[name] ?? '0'), nanoOf(limits[name] ?? '0')];
    if (request === 0n) errors.push(`${head}, but no request is specified or request is 0`);
    else if (limit === 0n) errors.push(`${head}, but no limit is specified or limit is 0`);
    else if (Number(limit) / Number(request) > Number(nanoOf(most)) / 1e9)
      errors.push(`${head}, but provided ratio is ${(Number(limit) / Number(request)).toFixed(6)}`);
  }
  return errors;
}

function claimErrors(item: V1LimitRangeItem, claim: KubeObject): string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const { requests = {} } = (claim['spec'] as { resources?: { requests?: ResourceList } }).resources ?? {};
  const errors: string[] = [];
  for (const [name, least] of Object.entries(item.min ?? {})) {
    if (requests[name] === undefined)
      errors.push(`minimum ${name} usage per ${item.type} is ${least}.  No request is specified`);
    else if (compareQuantity(requests[name], least) < 0)
      errors.push(`minimum ${name} usage per ${item.type} is ${least}, but request is ${requests[name]}`);
  }
  for (const [name, most] of Object.entries(item.max ?? {})) {
    if (requests[name] === undefined)
      errors.push(`maximum ${name} usage per ${item.type} is ${most}.  No request is specified`);
    else if (compareQuantity(requests[name], most) > 0)
      errors.push(`maximum ${name} usage per ${item.type} is ${most}, but request is ${requests[name]}`);
  }
  return errors;
}
