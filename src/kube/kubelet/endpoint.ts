import type { V1Container } from '../../generated/types.ts';
import type { Kubelet, Worker } from './memory.ts';
import { machineOf } from './machine.ts';

/** A port given by number or by the name of a container port; undefined when no port has that name. */
export function portOf(port: number | string, container: V1Container): number | undefined {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((p) => p.name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

/** What a probe or hook asks for. */
export interface Target {
  readonly host?: string | undefined;
  readonly port: number | undefined;
  readonly path?: string | undefined;
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly tcp?: boolean | undefined;
}

/** Sends a request from this machine to a pod; the answer comes as `response` with the token. */
export function sendTo(k: Kubelet, w: Worker, target: Target, timeoutMs: number, token: string): void {
  const headers: Record<string, string> = { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', Connection: 'close' };
  for (const header of target.httpHeaders ?? []) headers[header.name] = header.value;
  k.net.send(
    k.ctx,
    { address: k.address, node: k.node, ip: machineOf(k).ip },
    {
      host: target.host || w.ip,
      port: target.port ?? 0,
      protocol: target.tcp ? 'tcp' : 'http',
      ...(!target.tcp && { method: 'GET', path: target.path || '/', headers }),
      timeoutMs,
    },
    token,
  );
}
