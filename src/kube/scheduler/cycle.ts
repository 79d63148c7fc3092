import type { Context } from '../../kernel/index.ts';
import { isReason, keyOf, timestamp } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { cached, recordSeries, type Client, type EventObject } from '../client/index.ts';
import type { SchedulingAttempt } from '../observations.ts';
import { movePod } from './cluster-view.ts';
import { failureMessage, reasonsOf } from './diagnosis.ts';
import { pickHighest, type Evaluation, type Evaluator, type Scores } from './evaluate.ts';
import type { Cycle } from './framework.ts';
import type { SchedulerMemory } from './memory.ts';
import { profileOf } from './profile.ts';
import { nominate, priorityOf } from './nominated.ts';
import { preempt, type Candidate } from './preemption.ts';
import { selectNode } from './plugins/volumebinding.ts';
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
  const { view, caches, nominated } = memory;
  const cycle: Cycle = { ctx, pod, profile: profileOf(pod), view, caches, nominated };
  const evaluation = evaluate(cycle, memory, tools.evaluator);
  const { feasible } = evaluation;
  if (feasible.length === 0) {
    unschedulable(cycle, memory, tools, queued, evaluation);
    return;
  }
  const scores = feasible.length === 1 ? undefined : tools.evaluator.score(cycle, evaluation);
  const chosen = scores ? pickHighest(scores.totals, ctx.random('kube-scheduler')) : 0;
  const node = feasible[chosen]!.name;
  observe(ctx, queued, evaluation, allNodes, scores, chosen, undefined);
  if (volumesFollow(ctx, memory, tools, pod, node)) returnPod(ctx, memory.queue, queued, ['VolumeBinding']);
  else bind(ctx, memory, tools, queued, pod, node, tell);
}

/** Whether volumes are still to be bound or made on the chosen node. What cannot be written now is written with the next try. */
function volumesFollow(ctx: Context, { caches }: SchedulerMemory, { client }: Tools, pod: Pod, node: string): boolean {
  try {
    return selectNode(ctx, client, caches, pod, node);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return true;
  }
}

/** A node that the pod has made free for itself comes first. Kubernetes: evaluateNominatedNode. */
function evaluate(cycle: Cycle, memory: SchedulerMemory, evaluator: Evaluator): Evaluation {
  const own = cycle.pod.status?.nominatedNodeName;
  if (own && memory.view.places.has(own)) {
    const alone = evaluator.filter(cycle, 0, own);
    if (alone.feasible.length > 0) return alone;
  }
  const evaluation = evaluator.filter(cycle, memory.nextStart);
  memory.nextStart = evaluation.nextStart;
  return evaluation;
}

/** No node fits: others may have to make room. */
function unschedulable(
  cycle: Cycle,
  memory: SchedulerMemory,
  tools: Tools,
  queued: QueuedPod,
  evaluation: Evaluation,
): void {
  const { ctx, pod, view } = cycle;
  const allNodes = view.nodes.length;
  const preemption = evaluation.refusal ? undefined : preempt(cycle, evaluation, tools.evaluator);
  const chosen = preemption && 'chosen' in preemption ? preemption.chosen : undefined;
  const message = failureMessage(
    evaluation,
    allNodes,
    preemption && 'message' in preemption ? preemption.message : undefined,
  );
  observe(ctx, queued, evaluation, allNodes, undefined, undefined, message, chosen);
  const rejectedBy = new Set([...evaluation.rejected.map((r) => r.plugin), ...evaluation.narrowedBy]);
  if (evaluation.refusal) rejectedBy.add(evaluation.refusal.plugin);
  if (chosen) makeRoom(cycle, memory, tools.client, chosen);
  const final = preemption && 'message' in preemption && preemption.final;
  const nomination = chosen ? chosen.node : final ? '' : undefined;
  fail(ctx, memory, tools, queued, pod, [...rejectedBy], 'Unschedulable', message, nomination);
}

/** Ends the victims, with their grace, and takes back nominations of less important pods for the node. Kubernetes: prepareCandidate. */
function makeRoom(cycle: Cycle, memory: SchedulerMemory, client: Client, { node, victims }: Candidate): void {
  const { ctx, pod, nominated } = cycle;
  const cause = ctx.cause;
  const why = { code: 'scheduler.preempt', params: { preemptor: pod.metadata.name, node } } as const;
  for (const victim of victims) {
    const { name, namespace } = victim.metadata;
    ctx.cause = cause;
    try {
      const target = {
        type: 'DisruptionTarget',
        observedGeneration: victim.metadata.generation,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: timestamp(ctx.now),
        reason: 'PreemptionByScheduler',
        message: `${component}: preempting to accommodate a higher priority pod`,
      };
      const body = { status: { conditions: [target] } };
      client.patch(ctx, 'pods', name, namespace, { type: 'strategic', subresource: 'status', body }, { why });
      client.delete(ctx, 'pods', name, namespace, { why });
    } catch (error) {
      if (isReason(error, 'NotFound')) continue;
      if (!isRefusal(error)) throw error;
      return;
    }
    recordSeries(ctx, client, memory.events, {
      object: referenceTo(victim),
      related: referenceTo(pod),
      type: 'Normal',
      reason: 'Preempted',
      action: 'Preempting',
      message: `Preempted by pod ${pod.metadata.uid} on node ${node}`,
      component,
    });
  }
  ctx.cause = cause;
  for (const other of nominated.get(node)?.values() ?? []) {
    if (priorityOf(other) >= priorityOf(pod)) continue;
    nominate(nominated, other, undefined);
    const { name, namespace } = other.metadata;
    const body = { status: { nominatedNodeName: null } };
    attempt(() =>
      client.patch(ctx, 'pods', name, namespace, { type: 'strategic', subresource: 'status', body }, { why }),
    );
  }
}

/** Does what may be refused: then it is not done. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
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
  nominate(memory.nominated, pod, undefined);
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
  nomination?: string,
): void {
  if (nomination !== undefined) nominate(memory.nominated, pod, nomination);
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
  // A condition that cannot be written is written with the next try.
  attempt(() => setUnscheduled(ctx, client, pod, reason, message, nomination));
}

/** Writes the condition PodScheduled=False, and the nomination ('' for none), when they say something new. */
function setUnscheduled(
  ctx: Context,
  client: Client,
  pod: Pod,
  reason: string,
  message: string,
  nomination: string | undefined,
): void {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find((c) => c.type === 'PodScheduled');
  const nominated = nomination !== undefined && nomination !== (pod.status?.nominatedNodeName ?? '');
  if (old?.status === 'False' && old.reason === reason && old.message === message && !nominated) return;
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
    {
      type: 'strategic',
      subresource: 'status',
      body: { status: { conditions: [condition], ...(nominated && { nominatedNodeName: nomination || null }) } },
    },
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
  preemption?: Candidate,
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
    ...(preemption && { preemption: { node: preemption.node, victims: preemption.victims.map(keyOf) } }),
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
