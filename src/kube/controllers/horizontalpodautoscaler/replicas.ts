import { millisOf, milliValue } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';

/*
 * How many replicas a metric asks for. Pure arithmetic. Kubernetes: pkg/controller/podautoscaler/replica_calculator.go.
 *
 * 2 pods at 150 % of their request, target 50 %: ⌈2 × 150 / 50⌉ = 6.
 */

/** What one pod used, in thousandths (of a core, of a byte), as metrics.k8s.io told it. */
export interface Reading {
  readonly value: number;
  /** Virtual time of the scrape, and how long it stands for. */
  readonly at: number;
  readonly windowMs: number;
}

/** How far the ratio of use to target may be from 1 without consequence. */
export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** What a calculation starts from. */
export interface Sample {
  readonly pods: readonly Pod[];
  /** Pod name → what it used. */
  readonly readings: ReadonlyMap<string, Reading>;
  readonly resource: string;
  /** One container alone (ContainerResource). */
  readonly container?: string | undefined;
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  readonly now: number;
}

/** Why the calculation came out as it did; `turned`: guesses for missing or unready pods would turn its direction. */
type Verdict = 'formula' | 'within-tolerance' | 'turned';

/** What a metric asks for, with the numbers of the formula `⌈pods × current / target⌉`. */
export interface Proposal {
  readonly replicas: number;
  /** Average over the pods that have a reading, in thousandths. */
  readonly average: number;
  /** Percent of the requests; absent for plain values. */
  readonly utilization?: number | undefined;
  readonly verdict: Verdict;
  readonly pods: number;
  readonly current: number;
  readonly target: number;
}

/** A proposal, or why there is none. */
export type Calculation = Proposal | { readonly error: string };

/** A pod that starts uses CPU that says nothing about its load: so long its readings are looked at twice. */
const cpuInitializationMs = 300_000;
/** A pod that became unready within this time of its start has never been ready. */
const initialReadinessMs = 30_000;

interface Groups {
  ready: number;
  readonly unready: string[];
  readonly missing: string[];
  readonly ignored: string[];
}

/** Kubernetes: groupPods. */
export function groupPods({ pods, readings, resource, now }: Sample): Groups {
  const groups: Groups = { ready: 0, unready: [], missing: [], ignored: [] };
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const phase = pod.status?.phase;
    if (deletionTimestamp || phase === 'Failed') groups.ignored.push(name);
    else if (phase === 'Pending') groups.unready.push(name);
    else {
      const reading = readings.get(name);
      if (!reading) groups.missing.push(name);
      else if (resource === 'cpu' && isUnready(pod, reading, now)) groups.unready.push(name);
      else groups.ready++;
    }
  }
  return groups;
}

function isUnready(pod: Pod, reading: Reading, now: number): boolean {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const start = pod.status?.startTime;
  if (!condition || !start) return true;
  const startedAt = millisOf(start);
  const changedAt = condition.lastTransitionTime ? millisOf(condition.lastTransitionTime) : 0;
  if (startedAt + cpuInitializationMs > now)
    return condition.status === 'False' || reading.at < changedAt + reading.windowMs;
  return condition.status === 'False' && startedAt + initialReadinessMs > changedAt;
}

/** When the above comes out differently by the passing of time alone; Infinity when it does not. */
export function nextRegrouping(pods: readonly Pod[], now: number): number {
  let next = Infinity;
  for (const { status } of pods) {
    const end = status?.startTime ? millisOf(status.startTime) + cpuInitializationMs : 0;
    if (end > now) next = Math.min(next, end);
  }
  return next;
}

const isSidecar = (container: { restartPolicy?: string | undefined }): boolean => container.restartPolicy === 'Always';

/** What a pod requests of the resource, in thousandths; an error where a container names nothing. Kubernetes: calculateRequests. */
function requestOf(pod: Pod, resource: string, only: string | undefined): number | { readonly error: string } {
  const own = pod.spec?.resources?.requests;
  if (only === undefined && own && Object.keys(own).length > 0) {
    if (own[resource] !== undefined) return milliValue(own[resource]);
    if (!pod.spec?.containers.some(({ resources }) => resources?.requests?.[resource] !== undefined))
      return { error: `missing pod-level request for ${resource} in Pod ${pod.metadata.name}` };
  }
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  let sum = 0;
  for (const { name, resources } of containers) {
    if (only !== undefined && only !== name) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined)
      return { error: `missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}` };
    sum += milliValue(request);
    if (only === name) return sum;
  }
  return only === undefined ? sum : { error: `container ${only} not found in Pod ${pod.metadata.name}` };
}

const noPods = { error: 'no pods returned by selector while calculating replica count' };
const noReadings = { error: 'did not receive metrics for targeted pods (pods might be unready)' };
const isWithin = ({ up, down }: Tolerances, ratio: number): boolean => 1 - down <= ratio && ratio <= 1 + up;

/** What two readings of the same pods say: one with the pods that are known, one with guesses for the others. */
interface Measure {
  readonly ratio: number;
  readonly current: number;
  readonly average: number;
}

/**
 * The course that both kinds of target share. `fallback` is what a pod without reading is taken to use when the others use
 * less than the target; when they use more, it counts as idle, and so do pods that are not ready.
 */
function propose(
  sample: Sample,
  target: number,
  measure: (values: ReadonlyMap<string, number>) => Measure | { readonly error: string },
  fallback: (pod: string) => number,
  utilization: boolean,
): Calculation {
  const { currentReplicas, tolerances } = sample;
  const { ready, unready, missing, ignored } = groupPods(sample);
  const values = new Map<string, number>();
  for (const [name, { value }] of sample.readings) values.set(name, value);
  for (const name of [...ignored, ...unready]) values.delete(name);
  if (values.size === 0) return noReadings;
  const first = measure(values);
  if ('error' in first) return first;
  const { average } = first;
  const result = (replicas: number, verdict: Verdict, pods: number, { current }: Measure): Proposal => ({
    replicas,
    average,
    utilization: utilization ? first.current : undefined,
    verdict,
    pods,
    current,
    target,
  });
  const idleUnready = unready.length > 0 && first.ratio > 1;
  if (!idleUnready && missing.length === 0) {
    return isWithin(tolerances, first.ratio)
      ? result(currentReplicas, 'within-tolerance', ready, first)
      : result(Math.ceil(first.ratio * ready), 'formula', ready, first);
  }
  if (first.ratio < 1) for (const name of missing) values.set(name, fallback(name));
  else if (first.ratio > 1) for (const name of missing) values.set(name, 0);
  if (idleUnready) for (const name of unready) values.set(name, 0);
  const second = measure(values);
  if ('error' in second) return second;
  if (isWithin(tolerances, second.ratio)) return result(currentReplicas, 'within-tolerance', values.size, second);
  const turned = (first.ratio < 1 && second.ratio > 1) || (first.ratio > 1 && second.ratio < 1);
  const wanted = Math.ceil(second.ratio * values.size);
  if (turned || (second.ratio < 1 && wanted > currentReplicas) || (second.ratio > 1 && wanted < currentReplicas))
    return result(currentReplicas, 'turned', values.size, second);
  return result(wanted, 'formula', values.size, second);
}

/** Replicas for a target in percent of the requests. Kubernetes: GetResourceReplicas. */
export function forUtilization(sample: Sample, target: number): Calculation {
  if (sample.pods.length === 0) return noPods;
  const requests = new Map<string, number>();
  for (const pod of sample.pods) {
    const request = requestOf(pod, sample.resource, sample.container);
    if (typeof request !== 'number') return withReadings(sample) ? request : noReadings;
    requests.set(pod.metadata.name, request);
  }
  const measure = (values: ReadonlyMap<string, number>): Measure | { readonly error: string } => {
    let used = 0;
    let requested = 0;
    let count = 0;
    for (const [name, value] of values) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += value;
      requested += request;
      count++;
    }
    if (requested === 0) return { error: 'no metrics returned matched known pods' };
    const current = Math.floor((used * 100) / requested);
    return { ratio: current / target, current, average: Math.floor(used / count) };
  };
  const fallback = (name: string): number => Math.floor(((requests.get(name) ?? 0) * Math.max(100, target)) / 100);
  return propose(sample, target, measure, fallback, true);
}

/** True when a reading is left after those of unready and ended pods are put aside: only then requests are looked at. */
function withReadings(sample: Sample): boolean {
  const { unready, ignored } = groupPods(sample);
  const aside = new Set([...unready, ...ignored]);
  return [...sample.readings.keys()].some((name) => !aside.has(name));
}

/** Replicas for a target value per pod, in thousandths. Kubernetes: GetRawResourceReplicas, calcPlainMetricReplicas. */
export function forAverageValue(sample: Sample, target: number): Calculation {
  if (sample.pods.length === 0) return noPods;
  const measure = (values: ReadonlyMap<string, number>): Measure => {
    let used = 0;
    for (const value of values.values()) used += value;
    const average = Math.floor(used / values.size);
    return { ratio: average / target, current: average, average };
  };
  return propose(sample, target, measure, () => target, false);
}
