import type {
  V1ContainerStatus,
  V1PodFailurePolicy,
  V1PodFailurePolicyOnExitCodesRequirement,
  V1SuccessPolicy,
} from '../../../generated/types.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { parseIndexes, totalOf, type Intervals } from './indexes.ts';

/** What a failure policy says about a failed pod. */
export interface Verdict {
  /** Counts against the limits. */
  readonly counts: boolean;
  readonly action?: 'Ignore' | 'Count' | 'FailIndex' | 'FailJob';
  /** Why the Job fails, for FailJob. */
  readonly message?: string;
}

const counted: Verdict = { counts: true };

/** The first rule that matches decides. Kubernetes: pkg/controller/job/pod_failure_policy.go. */
export function matchFailurePolicy(policy: V1PodFailurePolicy | undefined, pod: Pod): Verdict {
  for (const [i, { action, onExitCodes, onPodConditions }] of (policy?.rules ?? []).entries()) {
    let what: string | undefined;
    const { namespace, name } = pod.metadata;
    if (onExitCodes) {
      const container = ended(pod, onExitCodes);
      if (container)
        what = `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${container.state!.terminated!.exitCode}`;
    } else if (onPodConditions) {
      const condition = pod.status?.conditions?.find((c) =>
        onPodConditions.some(({ type, status = 'True' }) => c.type === type && c.status === status),
      );
      if (condition) what = `Pod ${namespace}/${name} has condition ${condition.type}`;
    }
    if (what === undefined) continue;
    if (action === 'Ignore') return { counts: false, action };
    if (action === 'FailIndex' || action === 'Count') return { counts: true, action };
    if (action === 'FailJob') return { counts: true, action, message: `${what} matching ${action} rule at index ${i}` };
  }
  return counted;
}

/** The first container, app before init, that ended with an exit code that the rule names. */
function ended(pod: Pod, rule: V1PodFailurePolicyOnExitCodesRequirement): V1ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find(({ name, state }) => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || (rule.containerName ?? name) !== name) return false;
    return rule.operator === 'In' ? rule.values.includes(code) : !rule.values.includes(code);
  });
}

/** Which rule of a success policy holds, in Kubernetes' words. Kubernetes: pkg/controller/job/success_policy.go. */
export function matchSuccessPolicy(
  policy: V1SuccessPolicy | undefined,
  completions: number,
  succeeded: Intervals,
): string | undefined {
  if (succeeded.length === 0) return undefined;
  for (const [i, { succeededIndexes, succeededCount }] of (policy?.rules ?? []).entries()) {
    let holds: boolean;
    if (succeededIndexes !== undefined) {
      const wanted = parseIndexes(succeededIndexes, completions);
      if (wanted.length === 0) continue;
      const done = overlap(wanted, succeeded);
      holds = done === totalOf(wanted) || (succeededCount !== undefined && done >= succeededCount);
    } else holds = succeededCount !== undefined && totalOf(succeeded) >= succeededCount;
    if (holds) return `Matched rules at index ${i}`;
  }
  return undefined;
}

/** How many indexes are in both. */
function overlap(a: Intervals, b: Intervals): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const common = Math.min(a[i]![1], b[j]![1]) - Math.max(a[i]![0], b[j]![0]) + 1;
    if (common > 0) shared += common;
    if (a[i]![1] <= b[j]![1]) i++;
    else j++;
  }
  return shared;
}

/** Pods are replaced only when they have really ended, not when their deletion begins. */
export const replacesOnlyFailed = ({ spec }: Job): boolean =>
  spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;

/** A pod that counts as failed: one on its way out too, unless the Job waits for its end. Kubernetes: isPodFailed. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}
