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

/** Why a client's connection to a port of a pod cannot be made; null when somebody listens. Kubernetes: the runtime's words. */
export function podPortOpen(session: Session, namespace: string, name: string, port: number): string | null {
  const { kernel, cri } = session.world;
  const { code, body } = session.request({ verb: 'get', resource: 'pods', namespace, name });
  const { spec, metadata } = body as unknown as { spec: { nodeName?: string }; metadata: { uid: string } };
  if (code !== 200 || !spec.nodeName) return `pod not found ("${name}_${namespace}")`;
  const problem = kubeletProblem(session, spec.nodeName);
  if (problem !== null) return problem;
  if (cri.listens(kernel.context, spec.nodeName, metadata.uid, port)) return null;
  return (
    `failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace, ` +
    `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `
  );
}
