import { isObject } from '../../apimachinery/patch/index.ts';
import { badRequest, conflict, failure, keyOf, timestamp } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import { commit, mustRead, type Call } from '../call.ts';
import { success } from '../delete.ts';
import type { ApiResponse } from '../request.ts';

/** POST pods/NAME/binding: puts a pod on a node, once. Kubernetes: pkg/registry/core/pod/storage assignPod. */
export function bind(call: Call): ApiResponse {
  const { ctx, request } = call;
  const pod = mustRead(call) as unknown as Pod;
  const { target } = (isObject(request.body) ? request.body : {}) as { target?: { kind?: string; name?: string } };
  if (!target?.name) {
    throw failure(422, 'Invalid', `Binding "${request.name}" is invalid: target.name: Required value`, {
      name: request.name!,
      kind: 'Binding',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'target.name' }],
    });
  }
  if (target.kind && target.kind !== 'Node') throw badRequest(`invalid target kind: ${target.kind}`);
  const refuse = (why: string): never => {
    throw conflict('', 'pods/binding', request.name!, why);
  };
  if (pod.metadata.deletionTimestamp) refuse(`pod ${request.name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) refuse(`pod ${request.name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec?.schedulingGates?.length) refuse(`pod ${request.name} has non-empty .spec.schedulingGates`);
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: timestamp(ctx.now),
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
  };
  // The node is certain now: a nomination has had its day. Kubernetes: ClearingNominatedNodeNameAfterBinding.
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  const next = {
    ...pod,
    spec: { ...pod.spec, nodeName: target.name },
    status: {
      ...status,
      conditions: [...(pod.status?.conditions ?? []).filter((c) => c.type !== 'PodScheduled'), scheduled],
    },
  };
  commit(call, keyOf(pod), next, pod as never);
  return { code: 201, body: success() };
}
