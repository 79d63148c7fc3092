import type { V1ContainerStatus, V1Pod } from '../../generated/types.ts';
import { millisOf } from '../../kube/apimachinery/index.ts';
import { podPrinted } from '../../kube/apis/core/podstatus.ts';

/**
 * How a pod is told on a tile. Each has its own glyph, border and word, so that colour is never alone.
 *
 *     pending → reserved → creating → notready → ready → terminating
 *                             ↘ imagepull  ↘ backoff, oom, failed, succeeded
 *     unknown: its node is not heard, this is what was last known
 */
export type PodState =
  | 'ready'
  | 'notready'
  | 'creating'
  | 'pending'
  | 'reserved'
  | 'backoff'
  | 'imagepull'
  | 'succeeded'
  | 'failed'
  | 'oom'
  | 'terminating'
  | 'unknown';

/** Colour token of each state. */
export const stateColor: Readonly<Record<PodState, 'ready' | 'waiting' | 'failed' | 'done' | 'idle'>> = {
  ready: 'ready',
  notready: 'waiting',
  creating: 'waiting',
  pending: 'waiting',
  reserved: 'done',
  backoff: 'waiting',
  imagepull: 'waiting',
  succeeded: 'done',
  failed: 'failed',
  oom: 'failed',
  terminating: 'idle',
  unknown: 'idle',
};

/** What is read off one pod alone, whatever its surroundings. */
export interface PodLook {
  readonly state: PodState;
  /** STATUS as kubectl prints it. */
  readonly word: string;
  /** Random suffix of a generated name, or the (shortened) name. */
  readonly suffix: string;
  /** `1/1`. */
  readonly ready: string;
  readonly restarts: number;
  /** PodScheduled, Initialized, ContainersReady, Ready: `1` true, `0` not, `?` unknown. */
  readonly feet: string;
  readonly phase: string;
  /** Cluster time (ms) at which the grace period ends, and its length in seconds. */
  readonly graceEnds: number;
  readonly graceSeconds: number;
  /** Cluster time (ms) of the next try and the length of the wait; NaN when there is none to tell. */
  readonly retryAt: number;
  readonly retryMs: number;
  /** Why it must go, when somebody else's need or a node's state made it: `preempted` or `evicted`; '' else. */
  readonly disrupted: '' | 'preempted' | 'evicted';
  readonly createdAt: number;
  /** Cluster time (ms) since when it is Ready; NaN while it is not. */
  readonly readySince: number;
}

const memo = new WeakMap<object, PodLook>();

/** Reads a pod. Memoised on the frozen object; never throws. */
export function podLook(pod: V1Pod): PodLook {
  let look = memo.get(pod);
  if (!look) memo.set(pod, (look = read(pod)));
  return look;
}

function read(pod: V1Pod): PodLook {
  const { metadata } = pod;
  const printed = podPrinted(pod);
  const retry = retryOf(pod);
  return {
    state: stateOf(pod, printed.status),
    word: printed.status,
    suffix: suffixOf(metadata.name ?? '?', isNumbered(pod) ? undefined : metadata.generateName),
    ready: `${printed.ready}/${printed.total}`,
    restarts: printed.restarts,
    feet: feetOf(pod),
    phase: pod.status?.phase ?? 'Unknown',
    graceEnds: metadata.deletionTimestamp ? millisOf(String(metadata.deletionTimestamp)) : Number.NaN,
    graceSeconds: Number(metadata.deletionGracePeriodSeconds ?? 0),
    retryAt: retry.at,
    retryMs: retry.ms,
    disrupted: disruptedBy(pod),
    createdAt: millisOf(String(metadata.creationTimestamp ?? '')) || 0,
    readySince: readySince(pod),
  };
}

/** A pod of a StatefulSet: its number is part of a name that stays, and says nothing alone. */
const isNumbered = (pod: V1Pod): boolean =>
  pod.metadata.ownerReferences?.some((o) => o.controller && o.kind === 'StatefulSet') === true;

/** Words that mean: the image or its settings keep the container from being made. */
const blocked = /ImagePull|ErrImage|InvalidImageName|RegistryUnavailable/;
const broken = /CreateContainer.*Error|RunContainerError|PostStartHookError|ContainerCannotRun|StartError/;

function stateOf(pod: V1Pod, word: string): PodState {
  const phase = pod.status?.phase;
  if (word === 'Terminating' || (pod.metadata.deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed'))
    return 'terminating';
  if (phase === 'Succeeded') return 'succeeded';
  if (phase === 'Failed') return word === 'OOMKilled' ? 'oom' : 'failed';
  if (!pod.spec?.nodeName) return 'pending';
  const statuses = pod.status?.containerStatuses;
  if (!pod.status?.startTime && !statuses?.length) return 'reserved';
  if (word.endsWith('CrashLoopBackOff')) return 'backoff';
  if (blocked.test(word)) return 'imagepull';
  if (word.endsWith('OOMKilled')) return 'oom';
  if (broken.test(word) || word.endsWith('Error') || /(ExitCode|Signal):/.test(word)) return 'failed';
  if (word === 'Completed') return 'notready';
  if (pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) return 'ready';
  return phase === 'Running' ? 'notready' : 'creating';
}

const footTypes = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];

function feetOf(pod: V1Pod): string {
  const conditions = pod.status?.conditions ?? [];
  return footTypes
    .map((type) => {
      const status = conditions.find((c) => c.type === type)?.status;
      return status === 'True' ? '1' : status === 'Unknown' ? '?' : '0';
    })
    .join('');
}

/** Five letters behind the generated part; other names are cut in the middle, where they say least. */
export function suffixOf(name: string, generateName: string | undefined): string {
  if (generateName && name.startsWith(generateName) && name.length > generateName.length)
    return name.slice(generateName.length);
  return name;
}

/** Back-off of a crash loop: the kubelet's message names the wait, the last end its beginning. */
function retryOf(pod: V1Pod): { at: number; ms: number } {
  const all: readonly V1ContainerStatus[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  for (const status of all) {
    const waiting = status.state?.waiting;
    if (waiting?.reason !== 'CrashLoopBackOff') continue;
    const wait = /back-off (?:(\d+)m)?(?:(\d+)s)?/.exec(waiting.message ?? '');
    const ended = status.lastState?.terminated?.finishedAt;
    if (!wait || !ended) continue;
    const ms = (Number(wait[1] ?? 0) * 60 + Number(wait[2] ?? 0)) * 1000;
    return { at: millisOf(ended) + ms, ms };
  }
  return { at: Number.NaN, ms: 0 };
}

function disruptedBy(pod: V1Pod): PodLook['disrupted'] {
  const reason = pod.status?.conditions?.find((c) => c.type === 'DisruptionTarget' && c.status === 'True')?.reason;
  if (reason === undefined) return '';
  return reason === 'PreemptionByScheduler' ? 'preempted' : 'evicted';
}

function readySince(pod: V1Pod): number {
  const condition = pod.status?.conditions?.find((c) => c.type === 'Ready');
  return condition?.status === 'True' ? millisOf(String(condition.lastTransitionTime ?? '')) || 0 : Number.NaN;
}
