import type { V1Container, V1ContainerStatus, V1PodSpec } from '../../generated/types.ts';

/** True for an init container that keeps running beside the others. */
export const isSidecar = (container: V1Container): boolean => container.restartPolicy === 'Always';

/**
 * Whether a container that ended with `exitCode` is to be started again. Rules of the container come first, then its
 * own policy, then the pod's. Kubernetes: pkg/api/v1/pod/util.go, ContainerShouldRestart.
 */
export function shouldRestart(container: V1Container, spec: V1PodSpec, exitCode: number): boolean {
  for (const rule of container.restartPolicyRules ?? []) {
    const values = rule.exitCodes?.values ?? [];
    const hit = rule.exitCodes?.operator === 'NotIn' ? !values.includes(exitCode) : values.includes(exitCode);
    if (rule.exitCodes && hit) return rule.action === 'Restart';
  }
  const policy = container.restartPolicy ?? spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

const byName = (statuses: readonly V1ContainerStatus[], name: string): V1ContainerStatus | undefined =>
  statuses.find((s) => s.name === name);

/** What init containers say about the phase. */
function countInit(spec: V1PodSpec, statuses: readonly V1ContainerStatus[]): { pending: number; failed: boolean } {
  let pending = 0;
  let failed = false;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) continue;
    const status = byName(statuses, container.name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (!ended) pending++;
    else if (ended.exitCode !== 0 && !shouldRestart(container, spec, ended.exitCode)) failed = true;
  }
  return { pending, failed };
}

/**
 * The phase of a pod, from the states of its containers. `ending` says that the pod is on its way out, so that
 * nothing will be restarted; `initialized` that an app container has run before.
 *
 * Kubernetes: pkg/kubelet/kubelet_pods.go, getPhase.
 */
export function podPhase(
  spec: V1PodSpec,
  init: readonly V1ContainerStatus[],
  apps: readonly V1ContainerStatus[],
  ending: boolean,
  initialized: boolean,
): string {
  const initCount = countInit(spec, init);
  let pendingSidecars = 0;
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let stoppedForGood = 0;
  let succeeded = 0;
  for (const container of spec.initContainers ?? []) {
    if (!isSidecar(container)) continue;
    const status = byName(init, container.name);
    if (!status) unknown++;
    else if (status.state?.running) {
      if (!status.started) pendingSidecars++;
      running++;
    } else if (status.state?.waiting && !status.lastState?.terminated) {
      pendingSidecars++;
      waiting++;
    }
  }
  for (const container of spec.containers) {
    const status = byName(apps, container.name);
    const terminated = status?.state?.terminated;
    if (!status) unknown++;
    else if (status.state?.running) running++;
    else if (terminated) {
      stopped++;
      if (!shouldRestart(container, spec, terminated.exitCode)) stoppedForGood++;
      if (terminated.exitCode === 0) succeeded++;
    } else if (status.lastState?.terminated) {
      stopped++;
      if (!shouldRestart(container, spec, status.lastState.terminated.exitCode)) stoppedForGood++;
    } else waiting++;
  }
  if (initCount.failed) return 'Failed';
  if (initCount.pending > 0 || (pendingSidecars > 0 && !initialized) || waiting > 0) return 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (!ending && stopped !== stoppedForGood) return 'Running';
    return stopped === succeeded ? 'Succeeded' : 'Failed';
  }
  return 'Pending';
}
