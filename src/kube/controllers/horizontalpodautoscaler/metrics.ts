import type { V1LabelSelector, V2MetricSpec, V2MetricStatus } from '../../../generated/types.ts';
import { ApiError, canonicalQuantity, millisOf, milliValue, quantityValue } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import type { Context } from '../../../kernel/index.ts';
import type { Client } from '../../client/index.ts';
import {
  forAverageValue,
  forUtilization,
  type Calculation,
  type Proposal,
  type Reading,
  type Sample,
} from './replicas.ts';

/** PodMetrics as metrics.k8s.io answers them. */
interface PodMetrics {
  readonly timestamp: string;
  /** `15s`. */
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
  /** Nothing runs in the pod: the figures stay, and the caller hears of it when they do not. */
  readonly steady?: boolean;
  /** Deed behind the newest work in the pod: whose load it is. */
  readonly cause?: number;
}

/** What metrics.k8s.io says about some pods, or why it says nothing. */
export type Usage =
  | { readonly pods: ReadonlyMap<string, PodMetrics>; readonly steady: boolean; readonly cause: number }
  | { readonly error: string };

/** What one metric of an autoscaler came to. */
export type Outcome =
  | {
      readonly proposal: Proposal;
      /** `cpu resource utilization (percentage of request)`. */
      readonly name: string;
      readonly resource: string;
      readonly status: V2MetricStatus;
    }
  | {
      /** Reason and message of the condition and event, and what is said of it in the list of all metrics. */
      readonly reason: string;
      readonly error: string;
      readonly listed: string;
    };

/** A refusal in the words of the client: what has no name concerns the API as a whole. */
const apiError = (error: unknown): { readonly error: string } | undefined => {
  if (!(error instanceof ApiError)) throw error;
  const { message = '', details } = error.status;
  return details?.name
    ? undefined
    : { error: `unable to fetch metrics from resource metrics API: ${message} (get pods.metrics.k8s.io)` };
};

/**
 * Asks metrics.k8s.io about pods. The real controller lists by selector; asking for each running pod that the selector selects
 * gives the same and costs as much as there are pods. What does not run has no figures, and gets none without a change.
 */
export function usageOf(ctx: Context, client: Client, pods: readonly Pod[], namespace: string): Usage {
  const resource = 'pods.metrics.k8s.io';
  const found = new Map<string, PodMetrics>();
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  let steady = true;
  let cause = 0;
  for (const { metadata } of running) {
    const { name } = metadata;
    try {
      const metrics = client.request(ctx, { verb: 'get', resource, namespace, name }) as PodMetrics;
      found.set(name, metrics);
      steady &&= metrics.steady === true;
      cause = Math.max(cause, metrics.cause ?? 0);
    } catch (error) {
      const failed = apiError(error);
      if (failed) return failed;
      steady = false;
    }
  }
  if (found.size > 0) return { pods: found, steady, cause };
  try {
    // Nothing runs: is there an API at all?
    if (running.length === 0) client.request(ctx, { verb: 'list', resource: 'nodes.metrics.k8s.io' });
  } catch (error) {
    return apiError(error)!;
  }
  return { error: 'no metrics returned from resource metrics API' };
}

const windowMs = (text: string): number => Math.round(Number(text.slice(0, -1)) * 1000);

/** Use of a resource by each pod, or by one container of each. Kubernetes: resource_client.go. */
function readingsOf(
  usage: Usage,
  namespace: string,
  resource: string,
  container: string | undefined,
): ReadonlyMap<string, Reading> | { readonly error: string } {
  if ('error' in usage) return usage;
  const readings = new Map<string, Reading>();
  for (const [pod, { containers, timestamp, window }] of usage.pods) {
    let value: number | undefined = 0;
    const counted = container === undefined ? containers : containers.filter(({ name }) => name === container);
    if (counted.length === 0)
      return {
        error: `failed to get container metrics: container ${container} not present in metrics for pod ${namespace}/${pod}`,
      };
    for (const { usage: used } of counted) {
      const amount = used[resource];
      if (amount === undefined) value = undefined;
      else if (value !== undefined) value += resource === 'cpu' ? milliValue(amount) : quantityValue(amount) * 1000;
    }
    if (value !== undefined) readings.set(pod, { value, at: millisOf(timestamp), windowMs: windowMs(window) });
  }
  return readings;
}

/** Thousandths as a quantity: CPU in the decimal form, memory in the binary one where that is exact. */
export function quantityText(milli: number, resource: string): string {
  const whole = milli / 1000;
  const binary = resource === 'memory' && Number.isInteger(whole) && whole % 1024 === 0;
  return canonicalQuantity(binary ? `${whole / 1024}Ki` : `${milli}m`);
}

/** Works out one metric. Kubernetes: computeReplicasForMetric. */
export function outcomeOf(
  spec: V2MetricSpec,
  usage: Usage,
  namespace: string,
  sample: Omit<Sample, 'readings' | 'resource' | 'container'>,
): Outcome {
  const source = spec.resource ?? spec.containerResource;
  if (!source) return withoutApi(spec, namespace);
  const container = spec.containerResource?.container;
  const { name: resource, target } = source;
  const plain = target.averageValue !== undefined;
  const readings = readingsOf(usage, namespace, resource, container);
  let calculation: Calculation;
  if ('error' in readings) calculation = { error: `unable to get metrics for resource ${resource}: ${readings.error}` };
  else {
    const all: Sample = { ...sample, readings, resource, container };
    calculation = plain
      ? forAverageValue(
          all,
          resource === 'cpu' ? milliValue(target.averageValue) : quantityValue(target.averageValue) * 1000,
        )
      : forUtilization(all, target.averageUtilization ?? 0);
  }
  if ('error' in calculation) {
    const error = `failed to get ${resource} ${plain ? 'usage' : 'utilization'}: ${calculation.error}`;
    return container === undefined
      ? {
          reason: 'FailedGetResourceMetric',
          error,
          listed: `failed to get ${resource} resource metric value: ${error}`,
        }
      : {
          reason: 'FailedGetContainerResourceMetric',
          error,
          listed: `failed to get ${container} container metric value: ${error}`,
        };
  }
  const current = {
    averageValue: quantityText(calculation.average, resource),
    ...(calculation.utilization !== undefined && { averageUtilization: calculation.utilization }),
  };
  const of = container === undefined || plain ? '' : ' container';
  return {
    proposal: calculation,
    resource,
    name: `${resource}${of} resource${plain ? '' : ' utilization (percentage of request)'}`,
    status:
      container === undefined
        ? { type: 'Resource', resource: { name: resource, current } }
        : { type: 'ContainerResource', containerResource: { name: resource, container, current } },
  };
}

const noCustom =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** Metrics that an adapter would serve; there is none. */
function withoutApi(spec: V2MetricSpec, namespace: string): Outcome {
  if (spec.pods) {
    const error = `unable to get metric ${spec.pods.metric.name}: ${noCustom}`;
    return { reason: 'FailedGetPodsMetric', error, listed: `failed to get pods metric value: ${error}` };
  }
  if (spec.object) {
    const { metric, describedObject } = spec.object;
    const error = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${noCustom}`;
    return { reason: 'FailedGetObjectMetric', error, listed: `failed to get object metric value: ${error}` };
  }
  const { metric, target } = spec.external!;
  const error = `unable to get external metric ${namespace}/${metric.name}/${goSelector(metric.selector)}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric.name}.external.metrics.k8s.io)`;
  const which = target.averageValue === undefined ? `external metric ${metric.name}` : `${metric.name} external metric`;
  return {
    reason: 'FailedGetExternalMetric',
    error,
    listed: `failed to get ${metric.name} external metric value: failed to get ${which}: ${error}`,
  };
}

/** A selector as Go prints it. */
function goSelector(selector: V1LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = (selector.matchExpressions ?? [])
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
    )
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
