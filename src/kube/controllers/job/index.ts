import type { V1JobCondition } from '../../../generated/types.ts';
import { controllerOf, isReason, keyOf, matchesSelector, timestamp } from '../../apimachinery/index.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { cached, type Change } from '../../client/index.ts';
import type { Why } from '../../deeds.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from '../controller.ts';
import { sameMap } from '../equal.ts';
import {
  expectCreations,
  expectDeletions,
  observeCreation,
  observeDeletion,
  satisfied,
  type Expectations,
} from '../expectations.ts';
import { claimChildren } from '../ownership.ts';
import { apiFailure, createPods, deletePods, type PodOwner } from '../podcontrol.ts';
import { podFacts } from '../pods.ts';
import type { Backoff } from './backoff.ts';
import { condition, deadlineMs, endOfJob, holding, withCondition } from './conditions.ts';
import { countPods, settle, type Count, type StatusDraft } from './counting.ts';
import { planPods, type PodPlan } from './plan.ts';
import { indexedPodOf, podOf } from './pod.ts';
import { statusOf } from './status.ts';
import { isForeign, isSettled, isSuspended, isTracked, trackingFinalizer, viewOf, type JobView } from './view.ts';

const component = 'job-controller';

/** What pods do is looked at together, so that a status is written about once a second. Kubernetes: syncJobBatchPeriod. */
const batchMs = 1000;

/** What the controller remembers, by key of the Job. */
interface Memory {
  readonly expectations: Expectations;
  /** Uids of pods whose finalizer it has taken away, until its cache shows it. */
  readonly untracked: Map<string, Set<string>>;
  readonly backoffs: Map<string, Backoff>;
}

/**
 * Runs a Job's pods to completion: creates and replaces them, counts each that ends exactly once, and says Complete or Failed.
 *
 *   active ──enough succeeded──▶ SuccessCriteriaMet ──pods have ended──▶ Complete
 *     └──────too many failed, too late──▶ FailureTarget ──pods have ended──▶ Failed
 *
 * Kubernetes: pkg/controller/job/job_controller.go.
 */
export const jobController: Controller = {
  name: 'job',
  memory: (): Memory => ({ expectations: new Map(), untracked: new Map(), backoffs: new Map() }),
  watches: [
    { resource: 'jobs.batch', keys: keysOfJob },
    { resource: 'pods', keys: keysOfPod },
  ],
  reconcile(c, key) {
    const job = cached(c.memory.caches, 'jobs.batch', key);
    if (!job || isSettled(job)) forget(c, key);
    else sync(c, key, job);
  },
};

function forget(c: Control, key: string): void {
  const { expectations, untracked, backoffs } = ownMemory<Memory>(c);
  expectations.delete(key);
  untracked.delete(key);
  backoffs.delete(key);
}

/** A reconcile at work: what the API has answered so far. */
interface Sync {
  readonly c: Control;
  readonly key: string;
  readonly view: JobView;
  readonly owner: PodOwner;
  active: number;
  ready: number;
  terminating: number;
  failure: Error | undefined;
}

function sync(c: Control, key: string, job: Job): void {
  const { expectations, untracked, backoffs } = ownMemory<Memory>(c);
  const { now } = c.ctx;
  const isSure = satisfied(expectations, key, now);
  const codes = { adopt: 'job.adopt', release: 'job.release' } as const;
  const pods = claimChildren(
    c,
    'jobs.batch',
    job as never,
    job.spec!.selector,
    'pods',
    codes,
    () => true,
    trackingFinalizer,
  );
  const started: Job =
    job.status?.startTime === undefined && !isSuspended(job)
      ? { ...job, status: { ...job.status, startTime: timestamp(now) } }
      : job;
  const view = viewOf(started, pods, untracked.get(key) ?? new Set(), backoffs.get(key));
  const owner: PodOwner = { component, object: job, key, expectations };
  const s: Sync = { c, key, view, owner, active: view.active.length, ready: view.ready, terminating: view.terminating, failure: undefined }; // prettier-ignore
  let end = endOfJob(view, now);
  let draft: StatusDraft = { ...started.status };
  if (end) {
    const stopped = removePods(s, view.active, { code: 'job.stop-pod', params: { reason: end.reason ?? end.type } });
    // Not before all pods are known and on their way out can the Job be called finished.
    if (stopped < view.active.length || !isSure) end = undefined;
  } else {
    const wait = deadlineMs(started, now);
    if (wait !== undefined) requeue(c, key, wait);
    const manages = isSure && !job.metadata.deletionTimestamp;
    if (manages) carryOut(s, planPods(view, now));
    if (isComplete(s))
      end = condition(
        'SuccessCriteriaMet',
        'True',
        'CompletionsReached',
        'Reached expected number of succeeded pods',
        now,
      );
    else if (manages) draft = suspended(s, draft);
  }
  conclude(s, draft, end);
  if (s.failure) throw s.failure;
}

/** Enough pods have succeeded and none is left. A work queue needs one success. */
const isComplete = ({ view, active }: Sync): boolean =>
  active === 0 && view.succeeded >= Math.max(view.job.spec!.completions ?? 1, 0);

/** Deletes pods; returns how many are now on their way out. */
function removePods(s: Sync, pods: readonly Pod[], why: Why): number {
  let removed = 0;
  for (const pod of pods) {
    const failure = deletePods(s.c, s.owner, [pod], () => why);
    s.failure ??= failure;
    if (podFacts(pod).ready) s.ready--;
    if (!failure) removed++;
  }
  s.active -= removed;
  s.terminating += removed;
  return removed;
}

function carryOut(s: Sync, plan: PodPlan): void {
  const { c, key, view, owner } = s;
  const { job } = view;
  if (plan.do === 'wait') requeue(c, key, Math.max(plan.ms, batchMs));
  else if (plan.do === 'delete') {
    expectDeletions(owner.expectations, key, plan.pods.map(keyOf), c.ctx.now);
    const free = plan.pods.filter((pod) => untrack(s, pod));
    const params = { wanted: plan.wanted, active: view.active.length };
    removePods(s, free, isSuspended(job) ? { code: 'job.suspend-pod' } : { code: 'job.delete-pod', params });
  } else if (plan.do === 'create') {
    expectCreations(owner.expectations, key, plan.count, c.ctx.now);
    const pod = plan.indexes ? undefined : podOf(job);
    s.failure = createPods(
      c,
      owner,
      plan.count,
      (i) => pod ?? indexedPodOf(job, plan.indexes![i]!, view.lastFailed.get(plan.indexes![i]!)),
      (i) => whyCreated(s, plan.indexes?.[i], plan.wanted),
    );
    s.active += owner.expectations.get(key)?.creations ?? 0;
  }
}

/** A new pod takes the place of a failed one, or there are fewer than wanted. */
function whyCreated({ view }: Sync, index: number | undefined, wanted: number): Why {
  const { job, active, succeeded, failed, backoff, lastFailed } = view;
  const isRetry = (index !== undefined && lastFailed.has(index)) || (backoff?.failures ?? 0) > 0;
  if (isRetry) return { code: 'job.retry-pod', params: { failed, limit: job.spec!.backoffLimit! } };
  if (index !== undefined) return { code: 'job.create-index', params: { index } };
  return { code: 'job.create-pod', params: { wanted, active: active.length, succeeded } };
}

/** The condition Suspended, its events, and the start time, which a pause takes away. */
function suspended({ c, view }: Sync, draft: StatusDraft): StatusDraft {
  const { now } = c.ctx;
  const off = isSuspended(view.job);
  const wanted = off
    ? condition('Suspended', 'True', 'JobSuspended', 'Job suspended', now)
    : condition('Suspended', 'False', 'JobResumed', 'Job resumed', now);
  const old = draft.conditions ?? [];
  const conditions = withCondition(old, wanted);
  const next = off ? { ...draft, startTime: undefined } : draft;
  if (conditions === old) return next;
  tell(c, component, view.job, 'Normal', off ? 'Suspended' : 'Resumed', wanted.message!);
  return { ...next, conditions: [...conditions], ...(!off && { startTime: timestamp(now) }) };
}

/** Counts the pods that have ended, writes the status, and finishes the Job when nothing is left to count. */
function conclude(s: Sync, draft: StatusDraft, end: V1JobCondition | undefined): void {
  const { c, key, view } = s;
  const { backoffs } = ownMemory<Memory>(c);
  const count = countPods(view, { ...draft, active: s.active, ready: s.ready, terminating: s.terminating }, end);
  const conditions = [...(count.status.conditions ?? [])];
  const isNew = end !== undefined && !holding(conditions, end.type) && end.type !== 'Failed';
  if (isNew) conditions.push(end);
  let job = write(s, view.job, { ...count.status, conditions }, isNew ? end : undefined);
  if (view.backoff) backoffs.set(key, view.backoff);
  else backoffs.delete(key);
  for (const pod of count.release) if (untrack(s, pod)) count.tracked.delete(pod.metadata.uid);
  const { status } = settle({ ...job.status }, count.tracked);
  const final = end && isOver(s, count, status) ? finalCondition(end, c.ctx.now) : undefined;
  if (final) finish(status, final);
  job = write(s, job, status, final);
  if (final) tellEnd(c, job, final);
}

/** Nothing is left to count, and no pod is on its way out any more. */
function isOver(s: Sync, { full }: Count, { uncountedTerminatedPods: left }: StatusDraft): boolean {
  return !full && s.terminating === 0 && (left?.succeeded?.length ?? 0) + (left?.failed?.length ?? 0) === 0;
}

/** Failed after FailureTarget, Complete after SuccessCriteriaMet, with the same words. */
const finalCondition = ({ type, reason = '', message = '' }: V1JobCondition, now: number): V1JobCondition =>
  condition(type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed', 'True', reason, message, now);

function finish(status: StatusDraft, final: V1JobCondition): void {
  status.conditions = [...withCondition(status.conditions ?? [], final)];
  if (final.type === 'Complete') status.completionTime = final.lastTransitionTime;
}

function tellEnd(c: Control, job: Job, { type, reason, message }: V1JobCondition): void {
  if (type === 'Failed') return tell(c, component, job, 'Warning', reason!, message!);
  const { completions } = job.spec!;
  if (completions !== undefined && (job.status?.succeeded ?? 0) > completions) {
    const why = 'Too many succeeded pods running after completion count reached';
    tell(c, component, job, 'Warning', 'TooManySucceededPods', why);
  }
  tell(c, component, job, 'Normal', 'Completed', 'Job completed');
}

/** Writes the status when it differs from the stored one; returns the Job as it is then. */
function write({ c }: Sync, job: Job, draft: StatusDraft, came: V1JobCondition | undefined): Job {
  const stored = cached(c.memory.caches, 'jobs.batch', keyOf(job));
  const before = job.metadata.resourceVersion === stored?.metadata.resourceVersion ? stored.status : job.status;
  const { status, changed } = statusOf(before, draft);
  if (!changed) return { ...job, status };
  return c.client.updateStatus(c.ctx, 'jobs.batch', { ...job, status }, { why: whyWritten(status, came) });
}

function whyWritten(status: NonNullable<Job['status']>, came: V1JobCondition | undefined): Why {
  if (came?.type === 'SuccessCriteriaMet') return { code: 'job.succeed', params: { message: came.message ?? '' } };
  if (came?.type === 'FailureTarget')
    return { code: 'job.fail', params: { reason: came.reason ?? '', message: came.message ?? '' } };
  if (came) return { code: 'job.finish', params: { condition: came.type, message: came.message ?? '' } };
  const { active = 0, succeeded = 0, failed = 0 } = status;
  return { code: 'job.status', params: { active, succeeded, failed } };
}

/** Takes a pod's finalizer away; true when it is gone. A failure makes the Job come again. */
function untrack(s: Sync, pod: Pod): boolean {
  if (!isTracked(pod)) return true;
  const { c, key, owner } = s;
  const { untracked } = ownMemory<Memory>(c);
  const { name, namespace, uid } = pod.metadata;
  const expected = untracked.get(key) ?? new Set();
  untracked.set(key, expected.add(uid));
  const body = { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
  try {
    c.client.patch(c.ctx, 'pods', name, namespace, { type: 'strategic', body }, { why: { code: 'job.untrack-pod' } });
    return true;
  } catch (error) {
    expected.delete(uid);
    if (isReason(error, 'NotFound')) return true;
    observeDeletion(owner.expectations, key, keyOf(pod));
    s.failure ??= apiFailure(error);
    return false;
  }
}

/** New Jobs and changes of what they ask for are acted on at once, others with what pods do; so is its own writing of a status. */
function keysOfJob(c: Control, { type, key, object, old }: Change): readonly string[] {
  const job = object as unknown as Job;
  if (isForeign(job)) return [];
  if (type !== 'MODIFIED' || old!.metadata.generation !== object.metadata.generation) return [key];
  if (!isSettled(job)) requeue(c, key, batchMs);
  return [];
}

/** The Job that controls a pod, when it still exists. */
function ownerOf(c: Control, pod: Pod): { key: string; job: Job } | undefined {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'Job') return undefined;
  const key = `${pod.metadata.namespace}/${owner.name}`;
  const job = cached(c.memory.caches, 'jobs.batch', key);
  return job?.metadata.uid === owner.uid ? { key, job } : undefined;
}

/** Jobs that a pod's change concerns come into the queue a second later, with all that happens until then. */
function keysOfPod(c: Control, { type, object, old }: Change): readonly string[] {
  const pod = object as unknown as Pod;
  const before = old as unknown as Pod | undefined;
  const { expectations, untracked } = ownMemory<Memory>(c);
  const owner = ownerOf(c, pod);
  const leaving = type === 'DELETED' || pod.metadata.deletionTimestamp !== undefined;
  if (owner) {
    if (leaving) observeDeletion(expectations, owner.key, keyOf(pod));
    else if (type === 'ADDED') observeCreation(expectations, owner.key, 1);
    if (type === 'DELETED' || !isTracked(pod)) untracked.get(owner.key)?.delete(pod.metadata.uid);
    if (!isSettled(owner.job)) requeue(c, owner.key, batchMs);
  }
  if (type === 'MODIFIED' && controllerOf(before!)?.uid !== controllerOf(pod)?.uid) {
    const former = ownerOf(c, before!);
    if (former) requeue(c, former.key, batchMs);
  }
  if (!leaving && !controllerOf(pod) && (!before || !sameMap(before.metadata.labels, pod.metadata.labels)))
    adopt(c, pod);
  return [];
}

/** Whoever might adopt an orphan looks at it. */
function adopt(c: Control, pod: Pod): void {
  for (const object of c.memory.caches.get('jobs.batch')?.objects.values() ?? []) {
    const job = object as unknown as Job;
    if (job.metadata.namespace !== pod.metadata.namespace || isSettled(job)) continue;
    if (matchesSelector(job.spec?.selector, pod.metadata.labels)) requeue(c, keyOf(job), batchMs);
  }
}
