import type { V1DaemonSetStatus } from '../../../generated/types.ts';
import type { DaemonSet, Node } from '../../apis/index.ts';
import { isAvailable, podFacts } from '../pods.ts';
import { shouldRun } from './nodes.ts';
import { isUpdated, type PodsByNode } from './plan.ts';

/**
 * The status that fits nodes and pods. On a node that should have none any more (lost, tainted) a pod counts as misscheduled.
 * Kubernetes: pkg/controller/daemon updateDaemonSetStatus.
 */
export function daemonSetStatus(
  ds: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  observed: boolean,
  now: number,
): V1DaemonSetStatus {
  const minReady = ds.spec!.minReadySeconds ?? 0;
  let [desired, current, misscheduled, ready, updated, available] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    const oldest = pods.get(node.metadata.name)?.[0];
    if (!shouldRun(node, ds).run) {
      if (oldest) misscheduled++;
      continue;
    }
    desired++;
    if (!oldest) continue;
    current++;
    if (podFacts(oldest).ready) ready++;
    if (isAvailable(oldest, minReady, now)) available++;
    if (isUpdated(oldest, hash)) updated++;
  }
  const { observedGeneration, collisionCount, conditions } = ds.status ?? {};
  const generation = observed ? (ds.metadata.generation ?? 0) : observedGeneration;
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(desired > available && { numberUnavailable: desired - available }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions && { conditions }),
  };
}
