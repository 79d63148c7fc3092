import type { Context } from '../../kernel/index.ts';
import { keyOf, timestamp } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { cached, recordSeries, type Client, type EventObject } from '../client/index.ts';
import type { SchedulingAttempt } from '../observations.ts';
import { movePod } from './cluster-view.ts';
import { failureMessage, reasonsOf } from './diagnosis.ts';
import { pickHighest, type Evaluation, type Evaluator, type Scores } from './evaluate.ts';
import type { Cycle } from './framework.ts';
import type { SchedulerMemory } from './memory.ts';
import { profileOf } from './profile.ts';
import { popPod, returnPod, type QueuedPod } from './queue.ts';

/** What a try needs beside the memory: code, no state. */
export interface Tools {
  readonly client: Client;
  readonly evaluator: Evaluator;
}

const component = 'default-scheduler';

/** What an event says it is about: the recorder keeps this for minutes, and must not keep the whole pod with it. */
const referenceTo = ({ metadata }: Pod): EventObject => ({ apiVersion: 'v1', kind: 'Pod', metadata });

/** Takes the next pod from the queue and tries to give it a node. Kubernetes: pkg/scheduler/schedule_one.go. */
export function scheduleOne(ctx: Context, memory: SchedulerMemory, tools: Tools): void {
  const queued = popPod(memory.queue, ctx.now);
  if (!queued) return;
  const pod = cached(memory.caches, 'pods', queued.key);
  if (!pod || pod.metadata.uid !== queued.uid || pod.spec?.nodeName || memory.view.assumed.has(queued.key)) return;
  ctx.cause = queued.cause;
  const tell = (type: 'Normal' | 'Warning', reason: string, action: string, message: string): void =>
    recordSeries(ctx, tools.client, memory.events, {
      object: referenceTo(pod),
      type,
      reason,
      action,
      message,
      component,
    });
  if (pod.metadata.deletionTimestamp) {
    tell('Warning', 'FailedScheduling', 'Scheduling', `skip schedule deleting pod: ${queued.key}`);
    return;
  }
  const allNodes = memory.view.nodes.length;
  if (allNodes === 0) {
    fail(ctx, memory, tools, queued, pod, [], 'Unschedulable', 'no nodes available to schedule pods');
    return;
  }
  const cycle: Cycle = { ctx, pod, profile: profileOf(pod), view: memory.view, caches: memory.caches };
  const evaluation = tools.evaluator.filter(cycle, memory.nextStart);
  memory.nextStart = evaluation.nextStart;
  const { feasible } = evaluation;
  if (feasible.length === 0) {
    const message = failureMessage(pod, evaluation, allNodes);
    observe(ctx, queued, evaluation, allNodes, undefined, undefined, message);
    const rejectedBy = new Set([...evaluation.rejected.map((r) => r.plugin), ...evaluation.narrowedBy]);
    if (evaluation.refusal) rejectedBy.add(evaluation.refusal.plugin);
    fail(ctx, memory, tools, queued, pod, [...rejectedBy], 'Unschedulable', message);
    return;
  }
  const scores = feasible.length === 1 ? undefined : tools.evaluator.score(cycle, evaluation);
  const chosen = scores ? pickHighest(scores.totals, ctx.random('kube-scheduler')) : 0;
  const node = feasible[chosen]!.name;
  observe(ctx, queued, evaluation, allNodes, scores, chosen, undefined);
  bind(ctx, memory, tools, queued, pod, node, tell);
}

function bind(
  ctx: Context,
  memory: SchedulerMemory,
  tools: Tools,
  queued: QueuedPod,
  pod: Pod,
  node: string,
  tell: (type: 'Normal' | 'Warning', reason: string, action: string, message: string) => void,
): void {
  const { name, namespace, uid } = pod.metadata;
  try {
    tools.client.request(ctx, {
      verb: 'create',
      resource: 'pods',
      subresource: 'binding',
      namespace,
      name,
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { kind: 'Node', name: node },
      },
      why: { code: 'scheduler.bind', params: { node } },
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const message = `binding rejected: running Bind plugin "DefaultBinder": ${(error as Error).message}`;
    fail(ctx, memory, tools, queued, pod, [], 'SchedulerError', message);
    return;
  }
  // Assumed: counts on its node from now on, though its own watch event is still under way.
  const assumed: Pod = Object.freeze({ ...pod, spec: Object.freeze({ ...pod.spec!, nodeName: node }) });
  memory.view.assumed.set(queued.key, assumed);
  movePod(memory.view, undefined, assumed);
  tell('Normal', 'Scheduled', 'Binding', `Successfully assigned ${keyOf(pod)} to ${node}`);
}

/** The API server said no, or cannot be reached. */
const isRefusal = (error: unknown): boolean =>
  (error as Error).name === 'ApiError' || (error as Error).name === 'Unreachable';

/** Longest message of an event. Kubernetes: validation.NoteLengthLimit. */
const maxNote = 1024;

function fail(
  ctx: Context,
  memory: SchedulerMemory,
  { client }: Tools,
  queued: QueuedPod,
  pod: Pod,
  rejectedBy: readonly string[],
  reason: 'Unschedulable' | 'SchedulerError',
  message: string,
): void {
  returnPod(ctx, memory.queue, queued, rejectedBy);
  const cause = ctx.cause;
  recordSeries(ctx, client, memory.events, {
    object: referenceTo(pod),
    type: 'Warning',
    reason: 'FailedScheduling',
    action: 'Scheduling',
    message: message.length > maxNote ? `${message.slice(0, maxNote - 4)} ...` : message,
    component,
  });
  ctx.cause = cause;
  try {
    setUnscheduled(ctx, client, pod, reason, message);
  } catch (error) {
    if (!isRefusal(error)) throw error; // The condition is written with the next try.
  }
}

/** Writes the condition PodScheduled=False when it says something new. */
function setUnscheduled(ctx: Context, client: Client, pod: Pod, reason: string, message: string): void {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find((c) => c.type === 'PodScheduled');
  if (old?.status === 'False' && old.reason === reason && old.message === message) return;
  const condition = {
    type: 'PodScheduled',
    observedGeneration: pod.metadata.generation,
    status: 'False',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: old?.status === 'False' ? old.lastTransitionTime : timestamp(ctx.now),
    reason,
    message,
  };
  client.patch(
    ctx,
    'pods',
    pod.metadata.name,
    pod.metadata.namespace,
    { type: 'strategic', subresource: 'status', body: { status: { conditions: [condition] } } },
    { why: { code: 'scheduler.unschedulable', params: { message } } },
  );
}

/** Nodes told one by one about a try in a large cluster. */
const maxDetailed = 20;
const largeCluster = 100;

/** Tells the page every verdict. In large clusters the best nodes and a sample of the rejected ones; all are counted. */
function observe(
  ctx: Context,
  queued: QueuedPod,
  evaluation: Evaluation,
  allNodes: number,
  scores: Scores | undefined,
  chosen: number | undefined,
  message: string | undefined,
): void {
  const { feasible, rejected } = evaluation;
  const limit = allNodes > largeCluster ? maxDetailed : Infinity;
  const places = scores ? bestPlaces(scores.totals, limit) : feasible.map((_, i) => i);
  const nodes: SchedulingAttempt['nodes'][number][] = places.map((i) => {
    if (!scores) return { name: feasible[i]!.name };
    const byPlugin: Record<string, number> = {};
    for (let p = 0; p < scores.plugins.length; p++) byPlugin[scores.plugins[p]!] = scores.weighted[p]![i]!;
    return { name: feasible[i]!.name, scores: byPlugin, total: scores.totals[i]! };
  });
  for (let i = 0; i < rejected.length && nodes.length < limit; i++) {
    const { name, plugin, rejection } = rejected[i]!;
    nodes.push({ name, rejectedBy: plugin, reason: rejection.reasons.join(', ') });
  }
  const attempt: SchedulingAttempt = {
    type: 'scheduling',
    at: ctx.now,
    pod: queued.key,
    uid: queued.uid,
    node: chosen === undefined ? undefined : feasible[chosen]!.name,
    message: message ?? evaluation.refusal?.message,
    nodes,
    ...(rejected.length > 0 && { reasons: Object.fromEntries(reasonsOf(evaluation, allNodes)) }),
    evaluated: feasible.length + rejected.length,
    of: allNodes,
  };
  ctx.emit(attempt);
}

/** Places of the `limit` highest totals, highest first; in their own order when all are wanted. */
function bestPlaces(totals: Float64Array, limit: number): number[] {
  const best: number[] = [];
  if (totals.length <= limit) {
    for (let i = 0; i < totals.length; i++) best.push(i);
    return best;
  }
  for (let i = 0; i < totals.length; i++) {
    if (best.length === limit && totals[i]! <= totals[best[limit - 1]!]!) continue;
    let at = Math.min(best.length, limit - 1);
    while (at > 0 && totals[best[at - 1]!]! < totals[i]!) {
      best[at] = best[at - 1]!;
      at--;
    }
    best[at] = i;
  }
  return best;
}
