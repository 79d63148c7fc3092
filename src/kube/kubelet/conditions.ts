import type { V1ContainerStatus, V1Pod, V1PodCondition } from '../../generated/types.ts';
import { isSidecar } from './phase.ts';

/** A condition before its times are known. */
export interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** Conditions that the kubelet owns; all others are kept as they are. Kubernetes: pkg/kubelet/types/pod_status.go. */
export const ownConditions: readonly string[] = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
];

const list = (names: readonly string[]): string => `[${names.join(' ')}]`;

function reasons(unknown: readonly string[], bad: readonly string[], what: string): string {
  const first = unknown.length > 0 ? `containers with unknown status: ${list(unknown)}` : '';
  if (bad.length === 0) return first;
  return `${first}${first && ', '}containers with ${what} status: ${list(bad)}`;
}

/** True when all containers (and sidecars) are ready. Kubernetes: GenerateContainersReadyCondition. */
export function containersReady(pod: V1Pod, statuses: readonly V1ContainerStatus[], phase: string): Verdict {
  const type = 'ContainersReady';
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  if (phase === 'Running' && !pod.spec?.initContainers && statuses.every((s) => s.ready))
    return { type, status: 'True' };
  const unknown: string[] = [];
  const unready: string[] = [];
  const { initContainers, containers = [] } = pod.spec ?? {};
  for (const container of initContainers ? [...initContainers.filter(isSidecar), ...containers] : containers) {
    const status = statuses.find((s) => s.name === container.name);
    if (!status) unknown.push(container.name);
    else if (!status.ready) unready.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'False', reason: 'PodCompleted' };
  if (unknown.length === 0 && unready.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotReady', message: reasons(unknown, unready, 'unready') };
}

/** True when containers are ready and all readiness gates are. Kubernetes: GeneratePodReadyCondition. */
export function podReady(pod: V1Pod, conditions: readonly V1PodCondition[], containers: Verdict): Verdict {
  const type = 'Ready';
  if (containers.status !== 'True') return { ...containers, type };
  const missing: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = conditions.find((c) => c.type === conditionType);
    if (!condition)
      missing.push(`corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`);
    else if (condition.status !== 'True')
      missing.push(
        `the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${condition.status}`,
      );
  }
  if (missing.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

/** True when init containers have succeeded and sidecars have started. Kubernetes: GeneratePodInitializedCondition. */
export function podInitialized(
  pod: V1Pod,
  statuses: readonly V1ContainerStatus[],
  phase: string,
  appStarted: boolean,
): Verdict {
  const type = 'Initialized';
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of pod.spec?.initContainers ?? []) {
    const status = statuses.find((s) => s.name === container.name);
    if (!status) unknown.push(container.name);
    else if (!(isSidecar(container) ? status.started : status.ready)) incomplete.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'True', reason: 'PodCompleted' };
  if (appStarted || (unknown.length === 0 && incomplete.length === 0)) return { type, status: 'True' };
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: reasons(unknown, incomplete, 'incomplete'),
  };
}
