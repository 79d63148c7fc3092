/** Who watches over a group: its autoscaler, and the disruption budgets of its pods. Pure. */
import type {
  V1PodDisruptionBudget,
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
  V2MetricTarget,
  V2MetricValueStatus,
} from '../../generated/types.ts';
import { matchesSelector, quantityValue, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Objects } from './contract.ts';
import { refOf, values } from './objects.ts';
import type { Duties } from './scene-groups.ts';
import type { OpenGroup } from './scene-owners.ts';
import type { SceneBudget, SceneMetric, SceneScaler } from './scene-types.ts';

/** Reads the autoscalers and budgets of the shown namespaces. */
export function readDuties(objects: Objects): Duties {
  const scalers = new Map<string, KubeObject>();
  for (const object of values(objects, 'horizontalpodautoscalers.autoscaling')) {
    const target = (object as unknown as V2HorizontalPodAutoscaler).spec?.scaleTargetRef;
    if (target) scalers.set(`${object.metadata.namespace}/${target.kind}/${target.name}`, object);
  }
  const budgets = [...values(objects, 'poddisruptionbudgets.policy')];
  return {
    scalerOf: (group) => {
      const found = scalers.get(`${group.namespace}/${group.kind}/${group.name}`);
      return found ? scalerOf(found) : null;
    },
    budgetsOf: (group) =>
      budgets
        .filter((b) => b.metadata.namespace === group.namespace && covers(b as unknown as V1PodDisruptionBudget, group))
        .map(budgetOf),
  };
}

function covers({ spec }: V1PodDisruptionBudget, group: OpenGroup): boolean {
  const own = group.object?.['spec'] as { template?: { metadata?: { labels?: Record<string, string> } } } | undefined;
  const labels = own?.template?.metadata?.labels;
  return labels !== undefined && spec?.selector !== undefined && matchesSelector(spec.selector, labels);
}

function budgetOf(object: KubeObject): SceneBudget {
  const { spec, status } = object as unknown as V1PodDisruptionBudget;
  const ref = refOf('poddisruptionbudgets.policy', object);
  const [field, value] =
    spec?.maxUnavailable === undefined
      ? ['minAvailable', spec?.minAvailable ?? 1]
      : ['maxUnavailable', spec.maxUnavailable];
  return {
    uid: ref.uid,
    ref,
    name: object.metadata.name ?? '?',
    healthy: Number(status?.currentHealthy ?? 0),
    wanted: Number(status?.desiredHealthy ?? 0),
    allowed: Number(status?.disruptionsAllowed ?? 0),
    setting: `${field} ${String(value)}`,
  };
}

/** Up to this far from the target nothing is done. Kubernetes: --horizontal-pod-autoscaler-tolerance. */
export const tolerance = 0.1;

/** What an autoscaler measures, wants and does, with the arithmetic that leads there. */
export function scalerOf(object: KubeObject): SceneScaler {
  const { spec, status } = object as unknown as V2HorizontalPodAutoscaler;
  const ref = refOf('horizontalpodautoscalers.autoscaling', object);
  const current = Number(status?.currentReplicas ?? 0);
  const metrics = (spec?.metrics ?? []).map((m, i) => metricOf(m, status?.currentMetrics?.[i]));
  const wishes = metrics.map((m) => wishOf(m, current));
  const most = Math.max(...wishes.filter((w) => !Number.isNaN(w)));
  const deciding = Number.isFinite(most) ? wishes.indexOf(most) : -1;
  const metric = metrics[deciding];
  const conditions = status?.conditions ?? [];
  const find = (type: string): { status: string; reason: string } => {
    const found = conditions.find((c) => c.type === type);
    return { status: found?.status ?? '', reason: found?.reason ?? '' };
  };
  const active = find('ScalingActive');
  const able = find('AbleToScale');
  const limited = find('ScalingLimited');
  const trouble = active.status === 'False' || able.status === 'False';
  return {
    uid: ref.uid,
    ref,
    name: object.metadata.name ?? '?',
    min: Number(spec?.minReplicas ?? 1),
    max: Number(spec?.maxReplicas ?? 0),
    current,
    desired: Number(status?.desiredReplicas ?? 0),
    metrics,
    deciding: metric ? deciding : metrics.length > 0 ? 0 : -1,
    wish: metric ? most : Number.NaN,
    tolerated: metric !== undefined && Math.abs(metric.current / metric.target - 1) <= tolerance,
    reason: trouble
      ? active.status === 'False'
        ? active.reason
        : able.reason
      : limited.status === 'True'
        ? limited.reason
        : able.reason === 'ReadyForNewScale'
          ? ''
          : able.reason,
    held: limited.status === 'True' || able.reason.endsWith('Stabilized'),
    trouble,
  };
}

/** What it wants in figures; `?` before its first metric, when the status still says 0. */
export const desiredWord = ({ current, desired }: Pick<SceneScaler, 'current' | 'desired'>): string =>
  desired === 0 && current > 0 ? '?' : String(desired);

/** ⌈2 × 150 / 50⌉ = 6; within the tolerance the present number. */
function wishOf(metric: SceneMetric, replicas: number): number {
  if (!(metric.target > 0) || Number.isNaN(metric.current)) return Number.NaN;
  const ratio = metric.current / metric.target;
  return Math.abs(ratio - 1) <= tolerance ? replicas : Math.ceil(replicas * ratio - 1e-9);
}

function metricOf(spec: V2MetricSpec, status: V2MetricStatus | undefined): SceneMetric {
  const wanted = spec.resource ?? spec.containerResource ?? spec.pods ?? spec.object ?? spec.external;
  const found = status?.resource ?? status?.containerResource ?? status?.pods ?? status?.object ?? status?.external;
  const target = wanted?.target as V2MetricTarget | undefined;
  const current = found?.current as V2MetricValueStatus | undefined;
  const name =
    spec.resource?.name ??
    spec.containerResource?.name ??
    (wanted as { metric?: { name?: string } } | undefined)?.metric?.name ??
    spec.type;
  if (target?.averageUtilization !== undefined)
    return { name, target: target.averageUtilization, current: current?.averageUtilization ?? Number.NaN, unit: '%' };
  const wish = target?.averageValue ?? target?.value;
  const now = current?.averageValue ?? current?.value;
  return {
    name,
    target: wish === undefined ? Number.NaN : quantityValue(wish),
    current: now === undefined ? Number.NaN : quantityValue(now),
    unit: '',
  };
}
