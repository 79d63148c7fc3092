import type { KubeObject } from '../../apimachinery/index.ts';
import type { DaemonSet, StatefulSet } from '../../apis/index.ts';
import { UsageError } from '../parse.ts';

/** How far a rollout is: the line that tells it, and whether it was the last. */
export interface Progress {
  readonly line: string;
  readonly done: boolean;
}

const mustRoll = (type: string | undefined): void => {
  if (type !== 'RollingUpdate')
    throw new UsageError('error: rollout status is only available for RollingUpdate strategy type');
};

/** How a DaemonSet's rollout stands. Kubernetes: DaemonSetStatusViewer. */
export function daemonSetProgress(object: KubeObject): Progress {
  const { metadata, spec, status } = object as unknown as DaemonSet;
  mustRoll(spec?.updateStrategy?.type);
  const waiting = (what: string): Progress => ({ line: `Waiting for daemon set ${what}...\n`, done: false });
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) return waiting('spec update to be observed');
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  const rollout = `"${metadata.name}" rollout to finish:`;
  if (updatedNumberScheduled < desired)
    return waiting(`${rollout} ${updatedNumberScheduled} out of ${desired} new pods have been updated`);
  if (numberAvailable < desired)
    return waiting(`${rollout} ${numberAvailable} of ${desired} updated pods are available`);
  return { line: `daemon set "${metadata.name}" successfully rolled out\n`, done: true };
}

/** How a StatefulSet's rollout stands. Kubernetes: StatefulSetStatusViewer. */
export function statefulSetProgress(object: KubeObject): Progress {
  const { metadata, spec, status } = object as unknown as StatefulSet;
  mustRoll(spec?.updateStrategy?.type);
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status ?? {};
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
    return { line: 'Waiting for statefulset spec update to be observed...\n', done: false };
  const replicas = spec?.replicas ?? 0;
  if (readyReplicas < replicas)
    return { line: `Waiting for ${replicas - readyReplicas} pods to be ready...\n`, done: false };
  const rolling = spec?.updateStrategy?.rollingUpdate;
  if (rolling) {
    const wanted = replicas - (rolling.partition ?? 0);
    if (rolling.partition !== undefined && updatedReplicas < wanted) {
      const line = `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...\n`;
      return { line, done: false };
    }
    return { line: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`, done: true };
  }
  const { updateRevision = '', currentRevision = '' } = status ?? {};
  return updateRevision === currentRevision
    ? { line: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`, done: true }
    : { line: `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`, done: false }; // prettier-ignore
}
