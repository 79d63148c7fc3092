import { isObject } from '../../apimachinery/patch/index.ts';
import { badRequest, conflict, failure, forbidden, keyOf, timestamp } from '../../apimachinery/index.ts';
import { kindOf, type Pod, type PodDisruptionBudget } from '../../apis/index.ts';
import { covers, disruptionAllowed } from '../../apis/policy/poddisruptionbudget.ts';
import { range } from '../../etcd/etcd.ts';
import { commit, mustRead, type Call } from '../call.ts';
import { deleteOne, success } from '../delete.ts';
import type { ApiResponse, RequestOptions } from '../request.ts';

const budgets = 'poddisruptionbudgets.policy';

/** Announced evictions that a budget may hold. Kubernetes: MaxDisruptedPodSize. */
const maxDisrupted = 2000;

/**
 * POST pods/NAME/eviction: a deletion that asks the pod's disruption budget first.
 *
 *   ended, pending or already going ────────────────────────────────▶ deleted
 *   no budget, or not ready and the budget is kept without it ──────▶ deleted
 *   one budget ──allows──▶ its count falls, the pod is written down ─▶ deleted
 *              └─does not──▶ 429
 *   several budgets ──▶ 500
 *
 * Kubernetes: pkg/registry/core/pod/storage/eviction.go.
 */
export function evict(call: Call): ApiResponse {
  const pod = mustRead(call) as unknown as Pod;
  const body = isObject(call.request.body) ? call.request.body : {};
  const name = (body['metadata'] as { name?: string } | undefined)?.name;
  if (name !== undefined && name !== call.request.name)
    throw badRequest('name in URL does not match name in Eviction object');
  const options = { ...call.request.options, ...deleteOptions(body['deleteOptions']) };
  const record: Call['record'] = (object) => call.record(object, { code: 'api.evict' });
  const deletion: Call = { ...call, request: { ...call.request, options }, record };
  checkUid(deletion, pod);
  const { cause } = call.ctx;
  if (!ignoresBudgets(pod)) askBudget(deletion, pod);
  announce(deletion);
  deleteOne(deletion);
  call.ctx.cause = cause;
  return { code: 201, body: success() };
}

/** DeleteOptions of the body; `dryRun` is a list there. */
function deleteOptions(given: unknown): RequestOptions {
  if (!isObject(given)) return {};
  const { dryRun, ...rest } = given;
  return { ...(rest as RequestOptions), ...(Array.isArray(dryRun) && dryRun.length > 0 && { dryRun: true }) };
}

function checkUid({ request }: Call, pod: Pod): void {
  const uid = request.options?.preconditions?.uid;
  if (!uid || uid === pod.metadata.uid) return;
  const why = `the UID in the precondition (${uid}) does not match the UID in record (${pod.metadata.uid}). The object might have been deleted and then recreated`;
  throw conflict('', 'Pod', request.name!, why);
}

/** Pods that disturb nobody by going. Kubernetes: canIgnorePDB. */
const ignoresBudgets = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined ||
  status?.phase === 'Succeeded' ||
  status?.phase === 'Failed' ||
  status?.phase === 'Pending';

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

function askBudget(call: Call, pod: Pod): void {
  const covering = [...range(call.etcd, budgets).values()].filter((object) => {
    const { metadata, spec } = object as unknown as PodDisruptionBudget;
    return metadata.namespace === pod.metadata.namespace && covers(spec?.selector, pod.metadata.labels);
  }) as unknown as PodDisruptionBudget[];
  if (covering.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw failure(500, '', message);
  }
  const [budget] = covering;
  if (!budget) return;
  if (!isReady(pod)) {
    const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
    if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    if (currentHealthy >= desiredHealthy && desiredHealthy > 0) return;
  }
  spend(call, budget, pod.metadata.name);
}

/** 429 with the budget's reason. */
function tooMany(message: string, retryAfterSeconds?: number): Error {
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** Takes one disruption from a budget, or refuses. Kubernetes: checkAndDecrement. */
function spend(call: Call, budget: PodDisruptionBudget, pod: string): void {
  const { metadata, status = {} } = budget;
  const { disruptionsAllowed: allowed = 0, currentHealthy = 0, desiredHealthy = 0, disruptedPods = {} } = status;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw tooMany(`The disruption budget ${metadata.name} is still being processed by the server.`, 10);
  if (Object.keys(disruptedPods).length > maxDisrupted)
    throw forbidden('policy', 'poddisruptionbudget', metadata.name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller'); // prettier-ignore
  if (allowed === 0) {
    const failed = status.conditions?.find((c) => c.type === 'DisruptionAllowed' && c.reason === 'SyncFailed');
    if (currentHealthy <= desiredHealthy)
      throw tooMany(`The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`); // prettier-ignore
    throw tooMany(`The disruption budget ${metadata.name} does not allow evicting pods currently${failed ? ` because it failed sync: ${failed.message}` : ''}`); // prettier-ignore
  }
  const now = timestamp(call.ctx.now);
  const spent = { ...status, disruptionsAllowed: allowed - 1, disruptedPods: { ...disruptedPods, [pod]: now } };
  const next = { ...budget, status: allowed === 1 ? disruptionAllowed(spent, now) : spent };
  // What follows is the consequence of the budget's leave.
  const record: Call['record'] = (object) =>
    (call.ctx.cause = call.ctx.record({
      by: 'kube-apiserver',
      code: 'disruption.allow',
      ref: `${budgets}/${keyOf(object)}`,
      uid: object.metadata.uid,
      params: { pod, left: allowed - 1 },
    }));
  commit({ ...call, kind: kindOf(budgets)!, record }, keyOf(budget), next as never, budget as never);
}

/** The condition that says why the pod goes, written before it goes. Kubernetes: addConditionAndDeletePod. */
function announce(call: Call): void {
  const pod = mustRead(call) as unknown as Pod;
  if (pod.metadata.deletionTimestamp) return;
  const target = {
    type: 'DisruptionTarget',
    observedGeneration: pod.metadata.generation,
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: timestamp(call.ctx.now),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const conditions = (pod.status?.conditions ?? []).filter((c) => c.type !== target.type);
  const next = { ...pod, status: { ...pod.status, conditions: [...conditions, target] } };
  commit(call, keyOf(pod), next as never, pod as never);
}
