import type { V1ContainerStatus, V1Pod } from '../../../generated/types.ts';

/** The columns of `kubectl get pods` that are worked out and not simply read. */
export interface PodPrinted {
  /** STATUS: `Running`, `CrashLoopBackOff`, `Init:1/2`, `Terminating`, … */
  readonly status: string;
  /** The two numbers of READY. */
  readonly ready: number;
  readonly total: number;
  /** RESTARTS. */
  readonly restarts: number;
  /** When the newest of those restarts ended its predecessor (RFC 3339), for `3 (12s ago)`. */
  readonly lastRestart?: string | undefined;
}

const memo = new WeakMap<object, PodPrinted>();

/**
 * What `kubectl get pods` prints for a pod. The phase is only the starting word: container states overrule it,
 * unfinished init containers overrule those, deletion overrules all. Memoised on the (frozen) pod; tolerates
 * pods without status. Kubernetes: pkg/printers/internalversion/printers.go printPod.
 */
export function podPrinted(pod: V1Pod): PodPrinted {
  let printed = memo.get(pod);
  if (!printed) memo.set(pod, (printed = print(pod)));
  return printed;
}

/** STATUS of `kubectl get pods` alone. */
export const podStatusWord = (pod: V1Pod): string => podPrinted(pod).status;

/** Running total over container statuses. */
interface Tally {
  restarts: number;
  ready: number;
  lastRestart: string;
}

function print(pod: V1Pod): PodPrinted {
  const status = pod.status ?? {};
  const phase = status.phase ?? 'Unknown';
  const conditions = status.conditions ?? [];
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  let word = status.reason || phase;
  if (conditions.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) word = 'SchedulingGated';

  const init: Tally = { restarts: 0, ready: 0, lastRestart: '' };
  const sidecar: Tally = { restarts: 0, ready: 0, lastRestart: '' };
  const initWord = initializing(pod, sidecars, init, sidecar);
  const initialized = conditions.some((c) => c.type === 'Initialized' && c.status === 'True');

  let tally = init;
  if (initWord !== undefined) word = initWord;
  if (initWord === undefined || initialized) {
    tally = { ...sidecar, ready: init.ready };
    let hasRunning = false;
    for (const container of (status.containerStatuses ?? []).toReversed()) {
      count(container, tally);
      const own = containerWord(container);
      if (own !== undefined) word = own;
      else if (container.ready && container.state?.running) {
        hasRunning = true;
        tally.ready++;
      }
    }
    if (word === 'Completed' && hasRunning)
      word = conditions.some((c) => c.type === 'Ready' && c.status === 'True') ? 'Running' : 'NotReady';
  }

  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') word = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') word = 'Terminating';
  }
  return {
    status: word,
    ready: tally.ready,
    total: (pod.spec?.containers?.length ?? 0) + sidecars.size,
    restarts: tally.restarts,
    lastRestart: tally.lastRestart || undefined,
  };
}

/** The `Init:…` word of the first init container that is not done; undefined when all are. */
function initializing(pod: V1Pod, sidecars: ReadonlySet<string>, init: Tally, sidecar: Tally): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [i, container] of statuses.entries()) {
    const isSidecar = sidecars.has(container.name);
    count(container, init);
    if (isSidecar) count(container, sidecar);
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) init.ready++;
      continue;
    }
    if (terminated) {
      if (terminated.reason) return `Init:${terminated.reason}`;
      return terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`;
    }
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
    return `Init:${i}/${pod.spec?.initContainers?.length ?? statuses.length}`;
  }
  return undefined;
}

/** What a container's state makes of the word; undefined when it leaves it alone. */
function containerWord({ state }: V1ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  if (!state?.terminated) return undefined;
  const { reason, signal, exitCode } = state.terminated;
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function count(container: V1ContainerStatus, tally: Tally): void {
  tally.restarts += container.restartCount ?? 0;
  const finished = container.lastState?.terminated?.finishedAt;
  // RFC 3339 in UTC: the order of the texts is the order of the times.
  if (finished && finished > tally.lastRestart) tally.lastRestart = finished;
}
