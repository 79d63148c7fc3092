import type { FullBehavior, FullRules } from '../../apis/autoscaling/horizontalpodautoscaler.ts';

/*
 * How fast the number of replicas may change. Pure arithmetic over what the controller remembers.
 * Kubernetes: pkg/controller/podautoscaler/horizontal.go, from normalizeDesiredReplicas on.
 */

/** What a metric asked for at some time, or by how much the target was scaled. */
export interface Noted {
  readonly replicas: number;
  readonly at: number;
}

/** What the controller remembers about one autoscaler. Lists are frozen and replaced, so that checkpoints share them. */
export interface Past {
  readonly recommendations: readonly Noted[];
  readonly ups: readonly Noted[];
  readonly downs: readonly Noted[];
}

/** What is known when a proposal is brought within its bounds. */
export interface Bounds {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly now: number;
}

/** A number with the reason and message of the condition that explains it. */
export interface Explained {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

/** Window of scaling down where no behavior says another. */
export const downWindowMs = 300_000;

const within: Omit<Explained, 'replicas'> = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const limits = {
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
} as const;
const limited = (replicas: number, reason: keyof typeof limits): Explained => ({
  replicas,
  reason,
  message: limits[reason],
});

const higher = 'recent recommendations were higher than current one, applying the highest recent recommendation';
const lower = 'recent recommendations were lower than current one, applying the lowest recent recommendation';

/** Adds a note in the place of the last one that no window reaches any more. */
function noted(list: readonly Noted[], note: Noted, isOld: (note: Noted) => boolean): readonly Noted[] {
  const old = list.findLastIndex(isOld);
  const next = [...list];
  if (old >= 0) next[old] = note;
  else next.push(note);
  return Object.freeze(next);
}

/** The highest recommendation of the last 300 s, and the past with the new one. Kubernetes: stabilizeRecommendation. */
export function stabilized(past: Past, { desired, now }: Bounds): { readonly replicas: number; readonly past: Past } {
  const cutoff = now - downWindowMs;
  let replicas = desired;
  for (const note of past.recommendations) if (note.at >= cutoff) replicas = Math.max(replicas, note.replicas);
  const recommendations = noted(past.recommendations, { replicas: desired, at: now }, ({ at }) => at < cutoff);
  return { replicas, past: { ...past, recommendations } };
}

/** Without a behavior one step up goes to at most max(2 × current, 4). Kubernetes: calculateScaleUpLimit. */
export const scaleUpLimit = (current: number): number => Math.max(2 * current, 4);

/** Within min, max and the step's limit. Kubernetes: convertDesiredReplicasWithRules. */
export function withinRules({ current, desired, min, max }: Bounds): Explained {
  const step = scaleUpLimit(current);
  if (desired < min) return limited(min, 'TooFewReplicas');
  if (desired > Math.min(max, step))
    return max > step ? limited(step, 'ScaleUpLimit') : limited(max, 'TooManyReplicas');
  return { replicas: desired, ...within };
}

/** Holds a recommendation back by the windows of a behavior. Kubernetes: stabilizeRecommendationWithBehaviors. */
export function stabilizedBy(
  behavior: FullBehavior,
  past: Past,
  { current, desired, now }: Bounds,
): Explained & { readonly past: Past } {
  const upCutoff = now - (behavior.scaleUp.stabilizationWindowSeconds ?? 0) * 1000;
  const downCutoff = now - windowOf(behavior.scaleDown);
  let lowest = desired;
  let highest = desired;
  for (const { at, replicas } of past.recommendations) {
    if (at > upCutoff) lowest = Math.min(lowest, replicas);
    if (at > downCutoff) highest = Math.max(highest, replicas);
  }
  const recommendations = noted(
    past.recommendations,
    { replicas: desired, at: now },
    ({ at }) => at < upCutoff && at < downCutoff,
  );
  const replicas = Math.min(Math.max(current, lowest), highest);
  return desired >= current
    ? { replicas, reason: 'ScaleUpStabilized', message: lower, past: { ...past, recommendations } }
    : { replicas, reason: 'ScaleDownStabilized', message: higher, past: { ...past, recommendations } };
}

const windowOf = ({ stabilizationWindowSeconds: seconds }: FullRules): number =>
  seconds === undefined ? downWindowMs : seconds * 1000;

/** By how much the target was scaled within a period. Kubernetes: getReplicasChangePerPeriod. */
function changed(notes: readonly Noted[], periodSeconds: number, now: number): number {
  let sum = 0;
  for (const { at, replicas } of notes) if (at > now - periodSeconds * 1000) sum += replicas;
  return sum;
}

/** How high the policies let the target go now. Kubernetes: calculateScaleUpLimitWithScalingRules. */
export function upLimit(current: number, past: Past, rules: FullRules, now: number): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(past.ups, periodSeconds, now) + changed(past.downs, periodSeconds, now);
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
}

/** How low the policies let the target go now. Kubernetes: calculateScaleDownLimitWithBehaviors. */
export function downLimit(current: number, past: Past, rules: FullRules, now: number): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(past.ups, periodSeconds, now) + changed(past.downs, periodSeconds, now);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
}

/** Within min, max and the policies of a behavior. Kubernetes: convertDesiredReplicasWithBehaviorRate. */
export function withinBehavior(
  behavior: FullBehavior,
  past: Past,
  { current, desired, min, max, now }: Bounds,
): Explained {
  if (desired > current) {
    const limit = Math.max(current, upLimit(current, past, behavior.scaleUp, now));
    if (desired > Math.min(max, limit))
      return max > limit ? limited(limit, 'ScaleUpLimit') : limited(max, 'TooManyReplicas');
  } else if (desired < current) {
    const limit = Math.min(current, downLimit(current, past, behavior.scaleDown, now));
    if (desired < Math.max(min, limit))
      return min < limit ? limited(limit, 'ScaleDownLimit') : limited(min, 'TooFewReplicas');
  }
  return { replicas: desired, ...within };
}

const longestPeriod = ({ policies }: FullRules): number =>
  Math.max(...policies.map(({ periodSeconds }) => periodSeconds)) * 1000;

/** Notes that the target was scaled; without a behavior nobody asks for it. Kubernetes: storeScaleEvent. */
export function scaled(past: Past, behavior: FullBehavior | undefined, from: number, to: number, now: number): Past {
  if (!behavior) return past;
  const rules = to > from ? behavior.scaleUp : behavior.scaleDown;
  const cutoff = now - longestPeriod(rules);
  const isOld = ({ at }: Noted): boolean => at < cutoff;
  return to > from
    ? { ...past, ups: noted(past.ups, { replicas: to - from, at: now }, isOld) }
    : { ...past, downs: noted(past.downs, { replicas: from - to, at: now }, isOld) };
}

/**
 * True when time alone changes nothing any more: every recommendation that a window reaches is the same, and no change is left
 * that a policy counts.
 */
export function isSettled(past: Past, behavior: FullBehavior | undefined, desired: number, now: number): boolean {
  const window = behavior
    ? Math.max((behavior.scaleUp.stabilizationWindowSeconds ?? 0) * 1000, windowOf(behavior.scaleDown))
    : downWindowMs;
  if (past.recommendations.some(({ at, replicas }) => at >= now - window && replicas !== desired)) return false;
  if (!behavior) return true;
  const period = Math.max(longestPeriod(behavior.scaleUp), longestPeriod(behavior.scaleDown));
  return ![...past.ups, ...past.downs].some(({ at }) => at > now - period);
}
