import { Unreachable } from '../kube/apimachinery/index.ts';
import { reachKubelet } from '../kube/remote.ts';
import type { Session } from './session.ts';

/** Which container's lines are wanted: the first one when none is named; `previous` the instance before. */
export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly previous?: boolean | undefined;
}

/** Lines that a container has written, oldest first; none when it never ran. */
export function logsOf(
  session: Session,
  { namespace, pod, container, previous }: LogQuery,
): readonly { readonly at: number; readonly text: string }[] {
  const { kernel, cri } = session.world;
  const response = session.request({ verb: 'get', resource: 'pods', namespace, name: pod });
  if (response.code !== 200) return [];
  const { spec, status } = response.body as unknown as {
    spec: { nodeName?: string };
    status?: {
      containerStatuses?: {
        name: string;
        containerID?: string;
        lastState?: { terminated?: { containerID?: string } };
      }[];
    };
  };
  const found = status?.containerStatuses?.find((c) => container === undefined || c.name === container);
  const id = previous ? found?.lastState?.terminated?.containerID : found?.containerID;
  if (!spec.nodeName || !id) return [];
  return cri.logs(kernel.context, spec.nodeName, id.replace('containerd://', ''));
}

/** Lines that the runtime of a machine keeps of a container, oldest first. */
export function containerLog(
  { world: { kernel, cri } }: Session,
  node: string,
  containerId: string,
): readonly { readonly at: number; readonly text: string }[] {
  return cri.logs(kernel.context, node, containerId);
}

/** Why the kubelet of a machine cannot be dialled, in the words of who tries; null when it can. */
export function kubeletProblem({ world: { kernel } }: Session, node: string): string | null {
  try {
    reachKubelet(kernel.context, node);
    return null;
  } catch (error) {
    if (error instanceof Unreachable) return error.message;
    throw error;
  }
}
