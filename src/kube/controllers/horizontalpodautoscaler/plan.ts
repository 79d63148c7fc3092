import type {
  V2HorizontalPodAutoscalerCondition,
  V2HorizontalPodAutoscalerStatus,
  V2MetricSpec,
  V2MetricStatus,
} from '../../../generated/types.ts';
import { nanoOf, timestamp } from '../../apimachinery/index.ts';
import type { HorizontalPodAutoscaler } from '../../apis/index.ts';
import { fullBehavior, type FullBehavior } from '../../apis/autoscaling/horizontalpodautoscaler.ts';
import type { Why } from '../../deeds.ts';
import {
  downWindowMs,
  scaled,
  stabilized,
  stabilizedBy,
  withinBehavior,
  withinRules,
  type Bounds,
  type Explained,
  type Past,
} from './behavior.ts';
import type { Outcome } from './metrics.ts';
import type { Tolerances } from './replicas.ts';
import { whyNot, whyScale, type Reasoning } from './why.ts';

/** The target's scale subresource, as far as the controller looks at it. */
export interface Scale {
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
  readonly status?: { readonly selector?: string | undefined } | undefined;
}

/** What can be found out about pods and metrics; asked for only when it is needed. */
export interface Findings {
  /** All autoscalers that select the target's pods, `namespace/name`. */
  controlledBy(selector: string): readonly string[];
  measure(metric: V2MetricSpec): Outcome;
}

/** An event to tell about the autoscaler. */
export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What one sync comes to. */
export interface Plan {
  readonly status: V2HorizontalPodAutoscalerStatus;
  /** Events, in their order. */
  readonly told: readonly Told[];
  /** How the target is to be scaled. */
  readonly scale?:
    | { readonly from: number; readonly to: number; readonly reason: string; readonly why: Why }
    | undefined;
  /** Why the status is as it is: for an abstention, what it rests on. */
  readonly why: Why;
  readonly past: Past;
  /** What the metrics asked for; undefined when they were not asked, or one of them failed. */
  readonly wanted?: number | undefined;
}

type Conditions = readonly V2HorizontalPodAutoscalerCondition[];
type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
type SetCondition = (type: ConditionType, status: 'True' | 'False', reason: string, message: string) => void;

/** The conditions with one set; its time changes with its status alone. Kubernetes: setConditionInList. */
function withCondition(
  conditions: Conditions,
  type: ConditionType,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): Conditions {
  const old = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now);
  const next = { type, status, lastTransitionTime, reason, message };
  return old ? conditions.map((condition) => (condition === old ? next : condition)) : [...conditions, next];
}

const unableToGet = "the HPA controller was unable to get the target's current scale: ";

/** The status of an autoscaler whose target cannot be read. */
export const withoutTarget = (
  { status }: HorizontalPodAutoscaler,
  error: string,
  now: number,
): V2HorizontalPodAutoscalerStatus => ({
  ...(status ?? { desiredReplicas: 0 }),
  conditions: [
    ...withCondition(status?.conditions ?? [], 'AbleToScale', 'False', 'FailedGetScale', unableToGet + error, now),
  ],
});

/** The plan's status when scaling was refused. */
export function refused(
  plan: Plan,
  error: string,
  now: number,
): { status: V2HorizontalPodAutoscalerStatus; told: Told } {
  const { from, to, reason } = plan.scale!;
  const message = `the HPA controller was unable to update the target scale: ${error}`;
  const conditions = withCondition(
    plan.status.conditions ?? [],
    'AbleToScale',
    'False',
    'FailedUpdateScale',
    message,
    now,
  );
  return {
    status: { ...plan.status, desiredReplicas: from, conditions: [...conditions] },
    told: { type: 'Warning', reason: 'FailedRescale', message: `New size: ${to}; reason: ${reason}; error: ${error}` },
  };
}

const defaultTolerance = 0.1;
const toleranceOf = (text: string | undefined): number =>
  text === undefined ? defaultTolerance : Number(nanoOf(text)) / 1e9;

/** How far the use may be from the target; configurable per direction since v1.33. Kubernetes: tolerancesForHpa. */
export const tolerancesOf = ({ behavior }: HorizontalPodAutoscaler['spec']): Tolerances => ({
  up: toleranceOf(behavior?.scaleUp?.tolerance),
  down: toleranceOf(behavior?.scaleDown?.tolerance),
});

/** What all metrics together ask for. Kubernetes: computeReplicasForMetrics. */
type Asked =
  | {
      readonly best: Extract<Outcome, { proposal: unknown }>;
      readonly statuses: V2MetricStatus[];
      readonly complete: boolean;
    }
  | { readonly error: string; readonly why: Why; readonly statuses: V2MetricStatus[] };

/** Decides what to do about an autoscaler. Kubernetes: reconcileAutoscaler. */
export function plan(
  autoscaler: HorizontalPodAutoscaler,
  scale: Scale,
  remembered: Past,
  findings: Findings,
  now: number,
): Plan {
  const { spec, status: old } = autoscaler;
  const current = scale.spec?.replicas ?? 0;
  const { minReplicas: min = 1, maxReplicas: max } = spec;
  const behavior = spec.behavior && fullBehavior(spec.behavior);
  let past =
    remembered.recommendations.length > 0
      ? remembered
      : { ...remembered, recommendations: [{ replicas: current, at: now }] };
  let conditions: Conditions = old?.conditions ?? [];
  const set: SetCondition = (type, status, reason, message) => {
    conditions = withCondition(conditions, type, status, reason, message, now);
  };
  const told: Told[] = [];
  const statusOf = (desired: number, metrics: V2MetricStatus[], rescaled = false): V2HorizontalPodAutoscalerStatus => {
    const lastScaleTime = rescaled ? timestamp(now) : old?.lastScaleTime;
    return {
      ...(current > 0 && { currentReplicas: current }),
      desiredReplicas: desired,
      currentMetrics: metrics,
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      conditions: [...conditions],
    };
  };
  const rescale = (to: number, reason: string, why: Why, metrics: V2MetricStatus[], wanted?: number): Plan => {
    set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${to}`);
    told.push({ type: 'Normal', reason: 'SuccessfulRescale', message: `New size: ${to}; reason: ${reason}` });
    return {
      status: statusOf(to, metrics, true),
      told,
      scale: { from: current, to, reason, why },
      why: { code: 'hpa.status', params: { to } },
      past: scaled(past, behavior, current, to, now),
      wanted,
    };
  };

  set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
  if (current === 0 && min !== 0) {
    set(
      'ScalingActive',
      'False',
      'ScalingDisabled',
      'scaling is disabled since the replica count of the target is zero',
    );
    return { status: statusOf(0, []), told, why: { code: 'hpa.disabled' }, past };
  }
  if (current > max) {
    const why: Why = { code: 'hpa.above-max', params: { from: current, to: max } };
    return rescale(max, 'Current number of replicas above Spec.MaxReplicas', why, []);
  }
  if (current < min) {
    const why: Why = { code: 'hpa.below-min', params: { from: current, to: min } };
    return rescale(min, 'Current number of replicas below Spec.MinReplicas', why, []);
  }

  const asked = ask(autoscaler, scale, findings, current, set, told);
  if ('error' in asked) {
    told.push({ type: 'Warning', reason: 'FailedComputeMetricsReplicas', message: asked.error });
    return { status: statusOf(old?.desiredReplicas ?? 0, asked.statuses), told, why: asked.why, past };
  }
  const { best, statuses } = asked;
  const wanted = best.proposal.replicas;
  const held = holdBack(behavior, past, { current, desired: wanted, min, max, now }, set);
  past = held.past;
  const tolerances = tolerancesOf(spec);
  const rules = wanted >= current ? behavior?.scaleUp : behavior?.scaleDown;
  const reasoning: Reasoning = {
    metric: best.name,
    resource: best.resource,
    proposal: best.proposal,
    current,
    stabilized: held.stabilized,
    final: held.replicas,
    limit: held.limit,
    min,
    max,
    hasBehavior: behavior !== undefined,
    windowSeconds: rules?.stabilizationWindowSeconds ?? downWindowMs / 1000,
    tolerancePercent:
      Math.round((best.proposal.current >= best.proposal.target ? tolerances.up : tolerances.down) * 1000) / 10,
  };
  const { replicas } = held;
  if (replicas === current)
    return {
      status: statusOf(current, statuses),
      told,
      why: whyNot(reasoning),
      past,
      wanted: asked.complete ? wanted : undefined,
    };
  const reason = wanted > current ? `${best.name} above target` : wanted < current ? 'All metrics below target' : '';
  return rescale(replicas, reason, whyScale(reasoning), statuses, asked.complete ? wanted : undefined);
}

/** Asks every metric; the largest proposal counts, and one failure is enough to forbid scaling down. */
function ask(
  autoscaler: HorizontalPodAutoscaler,
  scale: Scale,
  findings: Findings,
  current: number,
  set: SetCondition,
  told: Told[],
): Asked {
  const selector = scale.status?.selector ?? '';
  if (selector === '') {
    told.push({ type: 'Warning', reason: 'SelectorRequired', message: 'selector is required' });
    set('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector");
    const error = 'selector is required';
    return { error, why: { code: 'hpa.no-metrics', params: { message: error } }, statuses: [] };
  }
  const others = findings.controlledBy(selector);
  if (others.length > 1) {
    const error = `pods by selector ${selector} are controlled by multiple HPAs: [${others.join(' ')}]`;
    told.push({ type: 'Warning', reason: 'AmbiguousSelector', message: error });
    set('ScalingActive', 'False', 'AmbiguousSelector', error);
    return { error, why: { code: 'hpa.ambiguous', params: { others: others.join(', ') } }, statuses: [] };
  }
  const specs = autoscaler.spec.metrics ?? [];
  const outcomes = specs.map((metric) => findings.measure(metric));
  const statuses: V2MetricStatus[] = outcomes.map((outcome) => ('error' in outcome ? { type: '' } : outcome.status));
  let best: Extract<Outcome, { proposal: unknown }> | undefined;
  const failed: Extract<Outcome, { error: string }>[] = [];
  for (const outcome of outcomes) {
    if ('error' in outcome) {
      failed.push(outcome);
      told.push({ type: 'Warning', reason: outcome.reason, message: outcome.error });
    } else if (!best || best.proposal.replicas === 0 || outcome.proposal.replicas > best.proposal.replicas)
      best = outcome;
  }
  const [first] = failed;
  if (first && (!best || best.proposal.replicas < current)) {
    set('ScalingActive', 'False', first.reason, `the HPA was unable to compute the replica count: ${first.error}`);
    const error = `invalid metrics (${failed.length} invalid out of ${specs.length}), first error is: ${first.listed}`;
    return { error, why: { code: 'hpa.no-metrics', params: { message: first.error } }, statuses };
  }
  const message = `the HPA was able to successfully calculate a replica count from ${best!.name}`;
  set('ScalingActive', 'True', 'ValidMetricFound', message);
  return { best: best!, statuses, complete: failed.length === 0 };
}

/** Windows, then limits, each with its condition. Kubernetes: normalizeDesiredReplicas, normalizeDesiredReplicasWithBehaviors. */
function holdBack(
  behavior: FullBehavior | undefined,
  past: Past,
  bounds: Bounds,
  set: SetCondition,
): { readonly replicas: number; readonly stabilized: number; readonly limit: string; readonly past: Past } {
  const held = behavior
    ? stabilizedBy(behavior, past, bounds)
    : {
        ...stabilized(past, bounds),
        reason: 'ScaleDownStabilized',
        message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
      };
  if (held.replicas === bounds.desired)
    set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
  else set('AbleToScale', 'True', held.reason, held.message);
  const next = { ...bounds, desired: held.replicas };
  const limited: Explained = behavior ? withinBehavior(behavior, past, next) : withinRules(next);
  set('ScalingLimited', limited.replicas === held.replicas ? 'False' : 'True', limited.reason, limited.message);
  return { replicas: limited.replicas, stabilized: held.replicas, limit: limited.reason, past: held.past };
}
