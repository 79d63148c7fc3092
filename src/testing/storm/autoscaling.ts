import type { Kernel } from '../../kernel/index.ts';
import type { Deployment, HorizontalPodAutoscaler, StatefulSet } from '../../kube/apis/index.ts';
import type { Activity } from '../../kube/observations.ts';
import { chance, deleteSome, pick, request, some, type Maker } from './choose.ts';

const resource = 'horizontalpodautoscalers.autoscaling';

type Random = Parameters<Maker>[0]['random'];

function metric(random: Random): object {
  const utilization = { type: 'Utilization', averageUtilization: pick(random, [1, 20, 50, 200]) };
  return pick(random, [
    { type: 'Resource', resource: { name: 'cpu', target: utilization } },
    { type: 'Resource', resource: { name: 'memory', target: utilization } },
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '8Mi' } } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', target: utilization } },
    { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1k' } } },
  ]);
}

const rules = (random: Random): object => ({
  stabilizationWindowSeconds: pick(random, [0, 15, 300]),
  selectPolicy: pick(random, ['Max', 'Min', 'Disabled']),
  policies: [{ type: pick(random, ['Pods', 'Percent']), value: random.between(1, 100), periodSeconds: 15 }],
});

function spec(random: Random): object {
  const minReplicas = random.between(1, 4);
  return {
    minReplicas,
    maxReplicas: minReplicas + random.int(4),
    metrics: [metric(random), ...(chance(random, 20) ? [metric(random)] : [])],
    ...(chance(random, 50) && { behavior: { scaleUp: rules(random), scaleDown: rules(random) } }),
  };
}

const createAutoscaler: Maker = (scene) => {
  const { random } = scene;
  const kind = pick(random, ['Deployment', 'Deployment', 'StatefulSet'] as const);
  const target =
    kind === 'Deployment' ? some<Deployment>(scene, 'deployments.apps') : some<StatefulSet>(scene, 'statefulsets.apps');
  if (!target) return undefined;
  const { name, namespace } = target.metadata;
  return request({
    verb: 'create',
    resource,
    namespace,
    body: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: `${name}-${random.int(3)}` },
      spec: { ...spec(random), scaleTargetRef: { apiVersion: 'apps/v1', kind, name } },
    },
  });
};

const editAutoscaler: Maker = (scene) => {
  const autoscaler = some<HorizontalPodAutoscaler>(scene, resource);
  if (!autoscaler) return undefined;
  const { name, namespace } = autoscaler.metadata;
  return request({ verb: 'patch', resource, namespace, name, patchType: 'merge', body: { spec: spec(scene.random) } });
};

/** What the storm does with autoscalers. */
export const autoscalingMakers: readonly (readonly [number, Maker])[] = [
  [4, createAutoscaler],
  [2, editAutoscaler],
  [1, deleteSome(resource)],
];

/** Watches that the autoscaler's controller never leaves the bounds of an autoscaler. */
interface AutoscalerWatch {
  written(activity: Activity): void;
  /** What went wrong first. */
  readonly broken: string | undefined;
  reset(): void;
}

/** How long a controller may act on bounds that have been changed since. */
const lagMs = 100;

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** When they were replaced; Infinity while they hold. */
  until: number;
}

/** Checks every write of the controller manager to a `/scale` against the autoscalers of that target, as they are or just were. */
export function watchAutoscalers(kernel: Kernel): AutoscalerWatch {
  let broken: string | undefined;
  let seen = new Map<string, Map<string, Bounds[]>>();
  const table = <T>(of: string): ReadonlyMap<string, T> =>
    (kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, T>> }).resources.get(of) ?? new Map();

  /** Keeps the bounds that an autoscaler has and has just had, by its target. */
  const note = (key: string): void => {
    const { now } = kernel.state;
    for (const targets of seen.values()) {
      const old = targets.get(key)?.at(-1);
      if (old?.until === Infinity) old.until = now;
    }
    const autoscaler = table<HorizontalPodAutoscaler>(resource).get(key);
    if (!autoscaler) return;
    const { scaleTargetRef, minReplicas = 1, maxReplicas } = autoscaler.spec;
    const target = `${scaleTargetRef.kind.toLowerCase()}s.apps ${autoscaler.metadata.namespace}/${scaleTargetRef.name}`;
    const autoscalers = seen.get(target) ?? new Map<string, Bounds[]>();
    seen.set(target, autoscalers);
    const list = (autoscalers.get(key) ?? []).filter(({ until }) => until > now - lagMs);
    autoscalers.set(key, [...list, { min: minReplicas, max: maxReplicas, until: Infinity }]);
  };

  return {
    get broken() {
      return broken;
    },
    written({ resource: of, key, from, subresource, code }) {
      if (code >= 400) return;
      if (of === resource) note(key);
      if (subresource !== 'scale' || from !== 'kube-controller-manager') return;
      const replicas = table<Deployment>(of).get(key)?.spec?.replicas ?? 1;
      const bounds = [...(seen.get(`${of} ${key}`)?.values() ?? [])].flat();
      const { now } = kernel.state;
      if (!bounds.some(({ min, max, until }) => until > now - lagMs && min <= replicas && replicas <= max))
        broken ??= `${of} ${key} was scaled to ${replicas}, which no autoscaler allows: ${JSON.stringify(bounds)}`;
    },
    reset() {
      broken = undefined;
      seen = new Map();
      for (const key of table<HorizontalPodAutoscaler>(resource).keys()) note(key);
    },
  };
}
