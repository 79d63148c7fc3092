import type { V1ContainerStatus, V1Pod } from '../../../generated/types.ts';
import { badRequest } from '../../apimachinery/status.ts';

/** Names of a pod's containers of all sorts, in the order in which they begin. */
const namesOf = ({ spec }: V1Pod): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );

/**
 * The container that a request is about: the one it names, or the pod's only one. Throws BadRequest.
 * Kubernetes: pkg/registry/core/pod/strategy.go validateContainer.
 */
export function validContainer(pod: V1Pod, name: string | undefined): string {
  const { name: of } = pod.metadata!;
  const all = namesOf(pod);
  if (name !== undefined) {
    if (!all.includes(name)) throw badRequest(`container ${name} is not valid for pod ${of}`);
    return name;
  }
  const [only, second] = pod.spec?.containers ?? [];
  if (only && !second) return only.name;
  throw badRequest(`a container name must be specified for pod ${of}, choose one of: [${all.join(' ')}]`);
}

/** `containerd://abc` → `abc`. */
export const plainId = (id: string): string => id.replace(/^\w+:\/\//, '');

/** What the kubelet tells of a container; undefined while it has told nothing. */
export function containerStatusOf({ status }: V1Pod, name: string): V1ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find((s) => s.name === name);
}

/**
 * Id of the container whose output is meant: the one that runs, ran last or, with `previous`, ran before. Throws BadRequest
 * with the kubelet's words. Kubernetes: pkg/kubelet/kubelet_pods.go validateContainerLogStatus.
 */
export function loggedContainer(pod: V1Pod, name: string, previous: boolean): string {
  const of = `container "${name}" in pod "${pod.metadata!.name}"`;
  const status = containerStatusOf(pod, name);
  if (!status) throw badRequest(`${of} is not available`);
  const { state, lastState } = status;
  const last = lastState?.terminated?.containerID;
  if (previous) {
    if (!last) throw badRequest(`previous terminated ${of} not found`);
    return plainId(last);
  }
  if (state?.running) return plainId(status.containerID ?? '');
  if (state?.terminated?.containerID) return plainId(state.terminated.containerID);
  if (last) return plainId(last);
  if (state?.terminated || lastState?.terminated) throw badRequest(`${of} is terminated`);
  const reason = state?.waiting?.reason;
  if (reason === undefined) throw badRequest(`${of} is waiting to start - no logs yet`);
  if (reason === 'ErrImagePull') throw badRequest(`${of} is waiting to start: image can't be pulled`);
  if (reason === 'ImagePullBackOff') throw badRequest(`${of} is waiting to start: trying and failing to pull image`);
  throw badRequest(`${of} is waiting to start: ${reason}`);
}
