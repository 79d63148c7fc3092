import { plainId } from './apis/core/pod-containers.ts';
import type { Context } from '../kernel/index.ts';
import { Unreachable } from './apimachinery/index.ts';
import type { V1Pod } from '../generated/types.ts';
import type { DialInput, ExecInput, PodName, StdinInput } from './inputs.ts';
import { machinesOf } from './machines.ts';
import { networkOf, type Net, type NetRequest } from './network/index.ts';
import type { Dialled, ExecEnd } from './observations.ts';
import type { Api } from './process.ts';
import { remoteToken, type Cri } from './runtime/index.ts';

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
    const containerId = plainId(found.containerID ?? '');
    ctx.part<RemoteMemory>(remoteAddress)!.set(id, { node, containerId });
    cri.open(ctx, node, containerId, command, { exec: id, stdin, tty });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    refuse(`error dialing backend: ${error.message.replace(/^Get "[^"]*": /, '')}`);
  }
}

/** Brings what a client has typed to its command. */
export function bringInput(ctx: Context, cri: Cri, { exec, text, end = false, stays = false }: StdinInput): void {
  const memory = ctx.part<RemoteMemory>(remoteAddress)!;
  const place = memory.get(exec);
  if (!place) return;
  const then = !end ? 'more' : stays ? 'ended' : 'gone';
  if (then === 'gone') memory.delete(exec);
  const machine = machinesOf(ctx).nodes.get(place.node);
  if (machine?.up && !machine.cut) cri.type(ctx, place.node, place.containerId, exec, text, then);
}

/** How long a client outside waits for a container's answer. */
const patienceMs = 60_000;
/** How long for a connection. Go: net/http DefaultTransport. */
const connectMs = 30_000;

/** The API server's own address, on a machine of its own. */
const controlPlaneIp = '10.0.255.254';

/** Sends a client's request on its way; a `dialled` observation tells what became of it. */
export function dial(
  ctx: Context,
  api: Api,
  cri: Cri,
  net: Net,
  id: number,
  input: DialInput & { readonly to: PodName | string },
): void {
  const { to, port, protocol, method, path, headers, body } = input;
  const request = (host: string): NetRequest => ({
    host,
    port,
    protocol,
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
    timeoutMs: patienceMs,
    connectTimeoutMs: connectMs,
  });
  if (typeof to === 'string') {
    const from = { address: remoteAddress, node: entryFor(ctx, to), ip: controlPlaneIp };
    net.send(ctx, from, request(to), `${remoteToken}${id}`);
    return;
  }
  const { code, body: found } = api.request(ctx, 'you', { verb: 'get', resource: 'pods', namespace: to.namespace, name: to.pod }); // prettier-ignore
  const { spec, metadata } = found as unknown as V1Pod;
  if (code === 200 && spec?.nodeName && hasSandbox(ctx, cri, spec.nodeName, metadata!.uid!))
    return cri.dial(ctx, spec.nodeName, metadata!.uid!, request('127.0.0.1'), id);
  refuseDial(ctx, id, 'network namespace is gone');
}

/** Tells a client that its request has reached nobody. */
export function refuseDial(ctx: Context, id: number, error: string): void {
  const lost: Dialled = { type: 'dialled', id, status: 0, headers: {}, body: '', error };
  ctx.emit(lost);
}

const hasSandbox = (ctx: Context, cri: Cri, node: string, uid: string): boolean =>
  machinesOf(ctx).nodes.get(node)?.up === true && cri.list(ctx, node).some(({ podUid }) => podUid === uid);

/**
 * Where the control plane's packets enter the pods' network. It has a machine of its own, so that NetworkPolicies see it as
 * somebody from another node; Simplified: that machine is stood in for by one that is not the pod's, where there is one.
 */
function entryFor(ctx: Context, ip: string): string {
  const home = networkOf(ctx).pods.get(ip)?.node;
  const live = [...machinesOf(ctx).nodes.values()].filter(({ up, cut }) => up && !cut);
  return (live.find(({ name }) => name !== home) ?? live[0])?.name ?? 'nowhere';
}
