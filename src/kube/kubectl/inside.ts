import { plainId } from '../apis/core/pod-containers.ts';
import type { Pod } from '../apis/index.ts';
import type { ExecRequest, Invocation } from './command.ts';
import { UsageError } from './parse.ts';

/** Where a container of a pod runs. Throws what kubectl says when it does not. */
export function placeOf(run: Invocation, pod: Pod, container: string): Pick<ExecRequest, 'node' | 'containerId'> {
  const node = pod.spec?.nodeName;
  if (!node)
    throw new UsageError(`Error from server (BadRequest): pod ${pod.metadata.name} does not have a host assigned`);
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  const status = all.find(({ name }) => name === container);
  if (!status?.state?.running)
    throw new UsageError(
      `error: Internal error occurred: unable to upgrade connection: container not found ("${container}")`,
    );
  run.nodes.reach(node);
  return { node, containerId: plainId(status.containerID ?? '') };
}
