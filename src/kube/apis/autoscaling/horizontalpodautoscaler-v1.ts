import type {
  V1HorizontalPodAutoscaler,
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
} from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/meta.ts';
import { defineKind } from '../kind.ts';
import { horizontalPodAutoscaler } from './horizontalpodautoscaler.ts';

/** Annotations in which v1 carries what it has no field for. Kubernetes: pkg/apis/autoscaling/annotations.go. */
const carried = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const;

const cpuMetric = (averageUtilization: number): V2MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

const isCpuUtilization = ({ resource }: V2MetricSpec): boolean =>
  resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

/** A metric of one resource in the flat form of v1; others keep their form. */
function flatMetric(metric: V2MetricSpec): object {
  const { type, resource } = metric;
  if (!resource) return metric;
  const { averageUtilization, averageValue } = resource.target;
  return {
    type,
    resource: {
      name: resource.name,
      ...(averageUtilization !== undefined && { targetAverageUtilization: averageUtilization }),
      ...(averageValue !== undefined && { targetAverageValue: averageValue }),
    },
  };
}

interface FlatResource {
  readonly name: string;
  readonly targetAverageUtilization?: number;
  readonly targetAverageValue?: string;
}

function fullMetric(metric: { type: string; resource?: FlatResource }): V2MetricSpec {
  if (!metric.resource) return metric as V2MetricSpec;
  const { name, targetAverageUtilization: percent, targetAverageValue: value } = metric.resource;
  const target =
    percent === undefined
      ? { type: 'AverageValue', averageValue: value }
      : { type: 'Utilization', averageUtilization: percent };
  return { type: metric.type, resource: { name, target } };
}

/** JSON in an annotation; undefined for what is none. */
function read<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** From v1 to what is stored. Kubernetes: Convert_v1_HorizontalPodAutoscaler_To_autoscaling. */
function toStored(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as unknown as V1HorizontalPodAutoscaler;
  const { targetCPUUtilizationPercentage: percent, ...rest } = spec ?? ({} as V1HorizontalPodAutoscaler['spec']);
  const annotations = { ...metadata.annotations };
  const others = read<Parameters<typeof fullMetric>[0][]>(annotations[carried.metrics]) ?? [];
  const metrics = [...(percent === undefined ? [] : [cpuMetric(percent)]), ...others.map(fullMetric)];
  const behavior = read<V2HorizontalPodAutoscaler['spec']['behavior']>(annotations[carried.behavior]);
  for (const name of Object.values(carried)) delete annotations[name];
  const { annotations: _annotations, ...more } = metadata;
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: { ...more, ...(Object.keys(annotations).length > 0 && { annotations }) } as KubeObject['metadata'],
    spec: { ...rest, ...(metrics.length > 0 && { metrics }), ...(behavior && { behavior }) },
    ...(status && { status }),
  };
}

/** From what is stored to v1. Kubernetes: Convert_autoscaling_HorizontalPodAutoscaler_To_v1. */
function fromStored(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as unknown as V2HorizontalPodAutoscaler;
  const { metrics = [], behavior, ...rest } = spec;
  const cpu = metrics.findIndex(isCpuUtilization);
  const current: readonly V2MetricStatus[] = status?.currentMetrics ?? [];
  const others = metrics.filter((_, i) => i !== cpu).map(flatMetric);
  const otherCurrent = current.filter(({ resource }) => resource?.name !== 'cpu');
  const annotations = {
    ...metadata.annotations,
    ...(others.length > 0 && { [carried.metrics]: JSON.stringify(others) }),
    ...(otherCurrent.length > 0 && { [carried.currentMetrics]: JSON.stringify(otherCurrent) }),
    ...(status?.conditions?.length && { [carried.conditions]: JSON.stringify(status.conditions) }),
    ...(behavior && { [carried.behavior]: JSON.stringify(behavior) }),
  };
  const percent = metrics[cpu]?.resource?.target.averageUtilization;
  const used = current.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization;
  const { lastScaleTime, currentReplicas = 0, desiredReplicas = 0 } = status ?? {};
  return {
    kind: object.kind,
    apiVersion: 'autoscaling/v1',
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { ...rest, ...(percent !== undefined && { targetCPUUtilizationPercentage: percent }) },
    status: {
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      currentReplicas,
      desiredReplicas,
      ...(used !== undefined && { currentCPUUtilizationPercentage: used }),
    },
  };
}

/** HorizontalPodAutoscaler as autoscaling/v1 shows it: the same objects, with CPU alone in fields. */
export const horizontalPodAutoscalerV1 = defineKind({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  key: 'horizontalpodautoscalers.v1.autoscaling',
  resource: 'horizontalpodautoscalers',
  model: 'V1HorizontalPodAutoscaler',
  shortNames: horizontalPodAutoscaler.shortNames,
  categories: horizontalPodAutoscaler.categories,
  statusSubresource: true,
  view: { of: 'horizontalpodautoscalers.autoscaling', toStored, fromStored },
  columns: horizontalPodAutoscaler.columns.map((column) => ({
    ...column,
    cell: (object: V1HorizontalPodAutoscaler, now: number) =>
      column.cell(toStored(object as unknown as KubeObject) as unknown as V2HorizontalPodAutoscaler, now),
  })),
  example: {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'example' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' },
      maxReplicas: 10,
      targetCPUUtilizationPercentage: 50,
    },
  },
});
