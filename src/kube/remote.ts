import type { Context } from '../kernel/index.ts';
import { Unreachable } from './apimachinery/index.ts';
import type { V1Pod } from '../generated/types.ts';
import type { ExecInput, StdinInput } from './inputs.ts';
import { machinesOf } from './machines.ts';
import type { ExecEnd } from './observations.ts';
import type { Api } from './process.ts';
import type { Cri } from './runtime/index.ts';

/** Where what clients outside have to do with containers is kept. */
export const remoteAddress = 'remote';

/** Id of an exec → where it runs. */
export type RemoteMemory = Map<number, { readonly node: string; readonly containerId: string }>;

/** Throws `Unreachable`, as whoever dials the kubelet of a machine that is down or cut off would hear it. */
export function reachKubelet(ctx: Context, node: string): void {
  const machine = machinesOf(ctx).nodes.get(node);
  if (machine?.up && !machine.cut) return;
  const at = `${machine?.ip ?? node}:10250`;
  throw new Unreachable(`Get "https://${at}/": dial tcp ${at}: connect: no route to host`);
}

/** Runs a client's command in a container, or says why it cannot be run. Kubernetes: pkg/kubelet/kubelet_pods.go GetExec. */
export function beginExec(ctx: Context, api: Api, cri: Cri, id: number, input: ExecInput): void {
  const { namespace, pod: name, container, command, stdin, tty } = input;
  const refuse = (error: string): void => {
    const end: ExecEnd = { type: 'exec-end', id, exitCode: 126, error };
    ctx.emit(end);
  };
  try {
    const { code, body } = api.request(ctx, 'you', { verb: 'get', resource: 'pods', namespace, name });
    const { spec, status } = body as unknown as V1Pod;
    const node = spec?.nodeName;
    if (code !== 200 || !node) return refuse(`pods "${name}" not found`);
    reachKubelet(ctx, node);
    const all = [status?.containerStatuses, status?.initContainerStatuses, status?.ephemeralContainerStatuses];
    const found = all.flatMap((list) => list ?? []).find((each) => each.name === container);
    if (!found?.state?.running) return refuse(`unable to upgrade connection: container not found ("${container}")`);
    const containerId = (found.containerID ?? '').replace(/^\w+:\/\//, '');
    ctx.part<RemoteMemory>(remoteAddress)!.set(id, { node, containerId });
    cri.open(ctx, node, containerId, command, { exec: id, stdin, tty });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    refuse(`error dialing backend: ${error.message.replace(/^Get "[^"]*": /, '')}`);
  }
}

/** Brings what a client has typed to its command. */
export function bringInput(ctx: Context, cri: Cri, { exec, text, end = false }: StdinInput): void {
  const memory = ctx.part<RemoteMemory>(remoteAddress)!;
  const place = memory.get(exec);
  if (!place) return;
  if (end) memory.delete(exec);
  const machine = machinesOf(ctx).nodes.get(place.node);
  if (machine?.up && !machine.cut) cri.type(ctx, place.node, place.containerId, exec, text, end);
}
