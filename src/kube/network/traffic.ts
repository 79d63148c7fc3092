import { fnv1a, type Context, type KernelEvent, type KernelState } from '../../kernel/index.ts';
import type { TrafficSource } from '../inputs.ts';
import { machinesOf } from '../machines.ts';
import type { RequestRecord } from '../observations.ts';
import type { Process } from '../process.ts';
import type { Net, NetRequest, NetResponse, NetSource } from './net.ts';

/** Address of the process that sends the learners' requests. */
export const trafficAddress = 'traffic';

/** A source that runs. The k-th request leaves at `startedAt` + (k + chance) × 1000 / rps. */
interface Running {
  readonly source: TrafficSource;
  readonly request: NetRequest;
  readonly startedAt: number;
  /** Distinguishes it from an earlier source of the same name, whose timer may still come. */
  readonly run: number;
  sent: number;
}

/** Memory of the traffic process. */
export interface TrafficMemory {
  readonly running: Map<string, Running>;
  lastRun: number;
  lastRequest: number;
}

/** The sources that run now, in the order in which they began. Give it a context or a kernel state. */
export function sourcesOf(from: Pick<Context, 'part'> | Pick<KernelState, 'parts'>): readonly TrafficSource[] {
  const memory = ('parts' in from ? from.parts.get(trafficAddress) : from.part<TrafficMemory>(trafficAddress)) as
    | TrafficMemory
    | undefined;
  return memory ? [...memory.running.values()].map((running) => running.source) : [];
}

/**
 * The process at `traffic`: sends N requests per second to an address, evenly spaced with some chance in each gap,
 * and tells how each ended. Serves `source` events (payload TrafficSource).
 *
 * Simplified: a source outside may name a Service directly (`http://web`): the request then enters at a live machine
 * as if through a load balancer. A source inside is a client pod that needs no place: it stays on one machine and moves
 * to the next when that one is lost.
 */
export function traffic(net: Net): Process<TrafficMemory> {
  return {
    name: trafficAddress,
    start: () => ({ running: new Map(), lastRun: 0, lastRequest: 0 }),
    handle(ctx, event, memory) {
      if (event.type === 'request') sendNext(ctx, net, memory, event);
      else if (event.type === 'response') recordEnd(ctx, event.payload as NetResponse);
      else if (event.type === 'source') setSource(ctx, memory, event.payload as TrafficSource);
    },
  };
}

function setSource(ctx: Context, memory: TrafficMemory, source: TrafficSource): void {
  if (!(source.rps > 0)) {
    memory.running.delete(source.name);
    return;
  }
  const running: Running = {
    source,
    request: Object.freeze(requestOf(source)),
    startedAt: ctx.now,
    run: ++memory.lastRun,
    sent: 0,
  };
  memory.running.set(source.name, running);
  scheduleNext(ctx, running);
}

function scheduleNext(ctx: Context, running: Running): void {
  const gap = 1000 / running.source.rps;
  const at = running.startedAt + Math.floor((running.sent + ctx.random('traffic').float()) * gap);
  ctx.after(Math.max(0, at - ctx.now), trafficAddress, 'request', { name: running.source.name, run: running.run });
}

function sendNext(ctx: Context, net: Net, memory: TrafficMemory, event: KernelEvent): void {
  const { name, run } = event.payload as { name: string; run: number };
  const running = memory.running.get(name);
  if (!running || running.run !== run) return;
  const id = ++memory.lastRequest;
  net.send(ctx, clientOf(ctx, running.source), running.request, `${id}\n${name}\n${running.source.url}`);
  running.sent++;
  scheduleNext(ctx, running);
}

/** The client of a source: outside on no machine; inside on the first live one from its own on. */
function clientOf(ctx: Context, source: TrafficSource): NetSource {
  const hash = fnv1a(source.name);
  const namespace = source.namespace ?? 'default';
  if (source.from === 'outside')
    return { address: trafficAddress, node: '', ip: `198.51.100.${1 + (hash % 254)}`, namespace, trace: true };
  const nodes = [...machinesOf(ctx).nodes.values()];
  const live = (i: number) => nodes[(hash + i) % nodes.length];
  let i = 0;
  while (i < nodes.length && (!live(i)!.up || live(i)!.cut)) i++;
  return {
    address: trafficAddress,
    node: live(i)?.name ?? 'nowhere', // a cluster without machines
    ip: `10.244.255.${1 + (hash % 254)}`,
    namespace,
    client: { name: source.name, labels: source.labels },
    trace: true,
  };
}

const urlShape = /^(?:(https?|tcp|udp):\/\/)?([^:/?#]+)(?::(\d{1,5}))?([/?].*)?$/;

/** The request that a source sends again and again. What is no URL becomes a host name that does not exist. */
function requestOf(source: TrafficSource): NetRequest {
  const [, scheme = 'http', host = source.url, port, path = '/'] = urlShape.exec(source.url) ?? [];
  return {
    host,
    port: port ? Number(port) : scheme === 'https' ? 443 : 80,
    protocol: scheme === 'tcp' || scheme === 'udp' ? scheme : 'http',
    method: 'GET',
    path,
    timeoutMs: Math.max(1, Math.round(source.timeoutMs)),
  };
}

function recordEnd(ctx: Context, response: NetResponse): void {
  const [id, source, target] = response.token.split('\n');
  const record: RequestRecord = {
    type: 'request',
    id: Number(id),
    source: source!,
    target: target!,
    startedAt: ctx.now - response.ms,
    endedAt: ctx.now,
    ok: response.ok,
    status: response.status,
    failure: response.failure === 'timeout' && response.policies?.some((p) => !p.allowed) ? 'policy' : response.failure,
    pod: response.pod,
    node: response.node,
    image: response.image,
    hops: response.hops,
    policies: response.policies,
  };
  ctx.emit(record);
}
