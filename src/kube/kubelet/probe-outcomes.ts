import type { V1Container, V1Probe } from '../../generated/types.ts';
import type { NetResponse } from '../network/index.ts';
import type { ExecDone } from '../runtime/cri.ts';
import { portOf } from './endpoint.ts';
import type { ProbeState, Worker } from './memory.ts';

/** The probe of a type that a container has. */
export const specOfProbe = (container: V1Container, type: ProbeState['type']): V1Probe | undefined =>
  type === 'readiness'
    ? container.readinessProbe
    : type === 'liveness'
      ? container.livenessProbe
      : container.startupProbe;

/** What a network answer means for the probe that asked. Kubernetes: pkg/probe/http, pkg/probe/tcp. */
export function netOutcome(
  w: Worker,
  container: V1Container,
  type: ProbeState['type'],
  response: NetResponse,
): { ok: boolean; text: string } {
  const spec = specOfProbe(container, type)!;
  const action = spec.httpGet ?? spec.tcpSocket ?? spec.grpc!;
  const host = (spec.httpGet ?? spec.tcpSocket)?.host || w.ip;
  const address = `${host}:${portOf(action.port, container)}`;
  if (spec.httpGet && response.status > 0) {
    if (response.status >= 200 && response.status < 400) return { ok: true, text: '' };
    return { ok: false, text: `HTTP probe failed with statuscode: ${response.status}` };
  }
  if (response.ok) return { ok: true, text: '' };
  const dial = `dial tcp ${address}: ${response.failure === 'timeout' ? 'i/o timeout' : (response.error ?? 'connect: connection refused')}`;
  if (spec.grpc) return { ok: false, text: `error: failed to connect service ${JSON.stringify(address)}: ${dial}` };
  if (!spec.httpGet) return { ok: false, text: dial };
  const scheme = (spec.httpGet.scheme ?? 'HTTP').toLowerCase();
  const path = spec.httpGet.path || '/';
  const url = `${scheme}://${address}${path.startsWith('/') ? path : `/${path}`}`;
  const why =
    response.failure === 'timeout'
      ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      : response.failure === 'reset'
        ? 'EOF'
        : dial;
  return { ok: false, text: `Get ${JSON.stringify(url)}: ${why}` };
}

/** What a command's end means for the probe that ran it. Kubernetes: pkg/probe/exec. */
export function execOutcome(
  container: V1Container,
  type: ProbeState['type'],
  done: ExecDone,
): { ok: boolean; text: string } {
  if (done.timedOut) {
    const spec = specOfProbe(container, type)!;
    const command = (spec.exec?.command ?? []).join(' ');
    return {
      ok: false,
      text: `command timed out: ${JSON.stringify(command)} timed out after ${spec.timeoutSeconds ?? 1}s`,
    };
  }
  return done.exitCode === 0 ? { ok: true, text: '' } : { ok: false, text: done.output };
}
