import type { V1PersistentVolumeClaim, V1Pod, V1ResourceQuota, V1Service } from '../../generated/types.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { podTotal, type ResourceList } from './core/pod-resources.ts';
import { qosClass } from './core/qos.ts';
import type { AnyKind } from './kind.ts';

/** Kinds that quotas count under their plain name as well as under `count/…`. */
const plain = new Set(['secrets', 'configmaps', 'replicationcontrollers', 'resourcequotas']);

type Kind = Pick<AnyKind, 'key' | 'resource' | 'group'>;

const counted = ({ resource, group }: Kind): string => `count/${group ? `${resource}.${group}` : resource}`;

/**
 * What an object uses of everything that a quota can count. Kubernetes: pkg/quota/v1/evaluator/core.
 */
export function usageOf(kind: Kind, object: KubeObject): Record<string, string> {
  const usage: Record<string, string> = { [counted(kind)]: '1' };
  if (plain.has(kind.key)) usage[kind.key] = '1';
  if (kind.key === 'pods') Object.assign(usage, podUsage(object as unknown as V1Pod));
  else if (kind.key === 'services') Object.assign(usage, serviceUsage(object as unknown as V1Service));
  else if (kind.key === 'persistentvolumeclaims') {
    const { storageClassName, resources } = (object as unknown as V1PersistentVolumeClaim).spec ?? {};
    const storage = resources?.requests?.['storage'] ?? '0';
    Object.assign(usage, { persistentvolumeclaims: '1', 'requests.storage': storage });
    if (storageClassName) {
      const of = `${storageClassName}.storageclass.storage.k8s.io`;
      Object.assign(usage, { [`${of}/persistentvolumeclaims`]: '1', [`${of}/requests.storage`]: storage });
    }
  }
  return usage;
}

/** Finished pods count as objects only. */
export const isTerminal = (pod: V1Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function podUsage(pod: V1Pod): Record<string, string> {
  if (isTerminal(pod) || !pod.spec) return {};
  return { pods: '1', ...computeUsage(podTotal(pod.spec, 'requests'), podTotal(pod.spec, 'limits')) };
}

const computed = ['cpu', 'memory', 'ephemeral-storage'];

/** Kubernetes: podComputeUsageHelper. */
function computeUsage(requests: ResourceList, limits: ResourceList): Record<string, string> {
  const usage: Record<string, string> = {};
  for (const [name, amount] of Object.entries(requests)) {
    if (computed.includes(name)) usage[name] = amount;
    if (computed.includes(name) || name.includes('/') || name.startsWith('hugepages-'))
      usage[`requests.${name}`] = amount;
  }
  for (const [name, amount] of Object.entries(limits)) if (computed.includes(name)) usage[`limits.${name}`] = amount;
  return usage;
}

function serviceUsage({ spec = {} }: V1Service): Record<string, string> {
  const { type, ports = [], allocateLoadBalancerNodePorts: allocates = true } = spec;
  const nodePorts = type === 'NodePort' || (type === 'LoadBalancer' && allocates) ? ports.length : 0;
  const given = type === 'LoadBalancer' && !allocates ? ports.filter((p) => p.nodePort).length : 0;
  return {
    services: '1',
    'services.nodeports': String(nodePorts + given),
    'services.loadbalancers': type === 'LoadBalancer' ? '1' : '0',
  };
}

/** Resources of which each container must say how much it wants when a quota counts them. */
const explicit = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

/** What containers leave unsaid: `limits.memory for: app; requests.cpu for: app`; empty when nothing. */
export function unsaid(pod: V1Pod, resources: readonly string[]): string {
  const lines: string[] = [];
  for (const resource of resources.filter((name) => explicit.has(name)).sort()) {
    const silent = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].filter(
      (c) => !Object.hasOwn(computeUsage(c.resources?.requests ?? {}, c.resources?.limits ?? {}), resource),
    );
    const names = silent.map((c) => c.name).sort(); // prettier-ignore
    if (names.length > 0) lines.push(`${resource} for: ${names.join(',')}`);
  }
  return lines.join('; ');
}

type Scoped = NonNullable<NonNullable<V1ResourceQuota['spec']>['scopeSelector']>['matchExpressions'];

/** Whether a quota is about an object: one with scopes is about pods alone. Kubernetes: podMatchesScopeFunc. */
export function concerns(quota: V1ResourceQuota, kind: Kind, object: KubeObject): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const all: NonNullable<Scoped> = [
    ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  if (all.length === 0) return true;
  if (kind.key !== 'pods') return false;
  return all.every((scope) => inScope(object as unknown as V1Pod, scope));
}

function inScope(pod: V1Pod, { scopeName, operator, values = [] }: NonNullable<Scoped>[number]): boolean {
  const spec = pod.spec ?? { containers: [] };
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass': {
      const name = spec.priorityClassName ?? '';
      if (operator === 'Exists') return name !== '';
      if (operator === 'DoesNotExist') return name === '';
      return values.includes(name) === (operator === 'In');
    }
    case 'CrossNamespacePodAffinity': {
      const sides = [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity];
      return sides.some((side) =>
        [
          ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
          ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p) => p.podAffinityTerm),
        ].some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined),
      );
    }
    default:
      return false;
  }
}
