import type { KubeObject } from '../../protocol/index.ts';
import type { Pod } from '../../kube/apis/index.ts';

/** What a pod's glyph says; one of the states of the glyph sheet. */
export type PodLook =
  | 'ready'
  | 'notready'
  | 'creating'
  | 'pending'
  | 'backoff'
  | 'imagepull'
  | 'succeeded'
  | 'failed'
  | 'terminating'
  | 'unknown';

/** The looks, to ask whether a name is one. */
export const podLooks: Readonly<Record<PodLook, true>> = {
  ready: true,
  notready: true,
  creating: true,
  pending: true,
  backoff: true,
  imagepull: true,
  succeeded: true,
  failed: true,
  terminating: true,
  unknown: true,
};

/** State of a pod as a learner reads it. */
export interface PodState {
  readonly look: PodLook;
  /** The word `kubectl get pods` prints, or `Ready` for a running pod that serves. */
  readonly word: string;
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
}

const cache = new WeakMap<object, PodState>();

/** The object as a pod: resources are told apart by the map they come from, never by looking inside. */
export const asPod = (object: KubeObject): Pod => object as unknown as Pod;

/**
 * State of a pod. Memoised by object. Kubernetes: printPod of pkg/printers/internalversion/printers.go, in the order in which
 * a later rule overrides an earlier one.
 */
export function podState(pod: Pod): PodState {
  let state = cache.get(pod);
  if (!state) cache.set(pod, (state = computeState(pod)));
  return state;
}

function computeState(pod: Pod): PodState {
  const statuses = pod.status?.containerStatuses ?? [];
  const containers = pod.spec?.containers.length ?? 0;
  const ready = statuses.filter((c) => c.ready).length;
  const restarts = statuses.reduce((sum, c) => sum + c.restartCount, 0);
  const look = (l: PodLook, word: string): PodState => ({ look: l, word, ready, containers, restarts });
  const { phase = 'Pending', reason } = pod.status ?? {};
  const condition = (type: string): boolean =>
    pod.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;

  if (pod.metadata.deletionTimestamp !== undefined)
    return reason === 'NodeLost' ? look('unknown', 'Unknown') : look('terminating', 'Terminating');
  if (phase === 'Succeeded') return look('succeeded', 'Completed');
  const waiting = [...(pod.status?.initContainerStatuses ?? []), ...statuses].find(
    (c) => c.state?.waiting?.reason !== undefined && c.state.waiting.reason !== 'PodInitializing',
  )?.state?.waiting?.reason;
  const ended = statuses.find((c) => c.state?.terminated !== undefined)?.state?.terminated;
  if (phase === 'Failed') return look('failed', reason ?? ended?.reason ?? 'Error');
  if (waiting !== undefined && waiting !== 'ContainerCreating') {
    if (waiting === 'CrashLoopBackOff') return look('backoff', waiting);
    return look(waiting.includes('Image') ? 'imagepull' : 'failed', waiting);
  }
  if (ended)
    return ended.exitCode === 0
      ? look('notready', ended.reason ?? 'Completed')
      : look('failed', ended.reason ?? 'Error');
  if (phase === 'Pending') {
    if (!pod.spec?.nodeName) return look('pending', 'Pending');
    return look('creating', waiting ?? 'ContainerCreating');
  }
  if (condition('Ready')) return look('ready', 'Ready');
  return look('notready', 'Running');
}
