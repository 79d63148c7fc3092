import type { Context } from '../../kernel/index.ts';
import { failure, keyOf, notFound, timestamp, type KubeObject } from '../apimachinery/index.ts';
import type { Node, Pod } from '../apis/index.ts';
import type { ApiRequest, ApiResponse, ObjectList } from '../apiserver/request.ts';
import { lastWindowEnd, machinesOf } from '../machines.ts';
import type { Api, Process } from '../process.ts';
import type { Cri } from '../runtime/cri.ts';
import { stretchOf, type Stretch } from './scrapes.ts';

/** Address of the add-on, and the name under which it is stopped and started. */
export const metricsServerAddress = 'metrics-server';
/** The API group that it serves through the API server. */
export const metricsGroup = 'metrics.k8s.io';
const apiVersion = `${metricsGroup}/v1beta1`;

/** What the add-on remembers: when it began to scrape. The scrapes themselves are worked out when somebody reads. */
interface MetricsServerMemory {
  readonly since: number;
}

/** Use of a node by what is no pod: kubelet, container runtime, operating system. */
const system = { cpuMilli: 40, memoryBytes: 400 * 1024 ** 2 };

/** The metrics-server add-on: it never ticks, because what a scrape would have found is known when it is asked for. */
export function metricsServer(): Process<MetricsServerMemory> {
  return { name: metricsServerAddress, start: (ctx) => ({ since: ctx.now }), handle: () => {} };
}

/** One reading of a container or node. */
interface Reading extends Stretch {
  readonly name: string;
  readonly cpuNano: number;
  readonly memoryBytes: number;
}

/**
 * The metrics.k8s.io API: PodMetrics and NodeMetrics, to get and to list. metrics-server: pkg/api.
 * A component that asks (not a learner) is told by `cause` whose load it is, by `steady` that a pod is at rest, and hears when that ends: see `Cri.atRest`.
 * Simplified: all nodes are scraped at the same moments, and a node's own processes use a constant 40m and 400Mi.
 */
export function metricsApi(
  api: Api,
  cri: Cri,
): (ctx: Context, request: ApiRequest, from: string) => ApiResponse | undefined {
  const read = (ctx: Context, request: ApiRequest): ApiResponse => api.request(ctx, metricsServerAddress, request);

  const podMetrics = (ctx: Context, since: number, pod: Pod, from: string): KubeObject | undefined => {
    const node = pod.spec?.nodeName;
    const start = node === undefined ? undefined : reachableSince(ctx, node, since);
    if (node === undefined || start === undefined || pod.status?.phase !== 'Running') return undefined;
    const containers: Reading[] = [];
    let cause = 0;
    for (const use of cri.lastWindow(ctx, node, pod.metadata.uid)) {
      if (use.startedAt >= lastWindowEnd(ctx.now)) continue; // not scraped yet
      const stretch = stretchOf(ctx.now, start, use.startedAt);
      if (!stretch) return undefined;
      cause = Math.max(cause, use.cause);
      containers.push({
        ...stretch,
        name: use.name,
        cpuNano: Math.round((use.coreMs / stretch.windowMs) * 1e9),
        memoryBytes: use.memoryBytes,
      });
    }
    if (containers.length === 0) return undefined;
    const { name, namespace, labels } = pod.metadata;
    return {
      kind: 'PodMetrics',
      apiVersion,
      metadata: meta(ctx, { name, namespace, labels }),
      ...stretchFields(containers[0]!),
      containers: containers.map((reading) => ({ name: reading.name, usage: usageOf(reading) })),
      ...(from !== 'you' && cause > 0 && { cause }),
      ...(from !== 'you' && cri.atRest(ctx, node, pod.metadata.uid, from) && { steady: true }),
    };
  };

  const nodeMetrics = (ctx: Context, since: number, { metadata: { name, labels } }: Node): KubeObject | undefined => {
    const start = reachableSince(ctx, name, since);
    const stretch = start === undefined ? undefined : stretchOf(ctx.now, start, start);
    if (!stretch) return undefined;
    let coreMs = (system.cpuMilli / 1000) * stretch.windowMs;
    let { memoryBytes } = system;
    for (const use of cri.lastWindow(ctx, name)) {
      coreMs += use.coreMs;
      if (use.startedAt <= stretch.at) memoryBytes += use.memoryBytes;
    }
    const reading = { ...stretch, name, cpuNano: Math.round((coreMs / stretch.windowMs) * 1e9), memoryBytes };
    return {
      kind: 'NodeMetrics',
      apiVersion,
      metadata: meta(ctx, { name, labels }),
      ...stretchFields(reading),
      usage: usageOf(reading),
    };
  };

  return (ctx, request, from) => {
    const memory = ctx.part<MetricsServerMemory>(metricsServerAddress);
    if (!memory) {
      if (!machinesOf(ctx).stopped.has(metricsServerAddress)) return undefined;
      throw failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request', {});
    }
    const resource = request.resource.slice(0, -metricsGroup.length - 1);
    if (resource !== 'pods' && resource !== 'nodes') return undefined;
    const kind = resource === 'pods' ? 'PodMetrics' : 'NodeMetrics';
    const of = (object: KubeObject): KubeObject | undefined =>
      resource === 'pods'
        ? podMetrics(ctx, memory.since, object as unknown as Pod, from)
        : nodeMetrics(ctx, memory.since, object as unknown as Node);
    if (request.verb !== 'get' && request.verb !== 'list')
      throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    const answer = read(ctx, { ...request, resource, options: { ...request.options, fieldManager: undefined } });
    if (request.verb === 'list') {
      if (answer.code !== 200) return answer;
      const items = (answer.body as ObjectList).items.flatMap((object) => of(object) ?? []);
      return { code: 200, body: { kind: `${kind}List`, apiVersion, metadata: {}, items } as unknown as ObjectList };
    }
    const found = answer.code === 200 ? of(answer.body as KubeObject) : undefined;
    if (found) return { code: 200, body: found };
    const key = keyOf({ metadata: { name: request.name!, namespace: request.namespace } });
    throw notFound(metricsGroup, kind.toLowerCase(), key);
  };
}

/** Since when a node has been scraped without a break; undefined while it cannot be reached. */
function reachableSince(ctx: Context, name: string, since: number): number | undefined {
  const machine = machinesOf(ctx).nodes.get(name);
  return machine?.up && !machine.cut ? Math.max(since, machine.heartbeatSince) : undefined;
}

function meta(
  ctx: Context,
  { name, namespace, labels }: Pick<KubeObject['metadata'], 'name' | 'namespace' | 'labels'>,
): KubeObject['metadata'] {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    creationTimestamp: timestamp(ctx.now),
    ...(labels && { labels }),
  } as KubeObject['metadata'];
}

const stretchFields = ({ at, windowMs }: Stretch): { timestamp: string; window: string } => ({
  timestamp: timestamp(at),
  window: `${windowMs / 1000}s`,
});

/** CPU in billionths of a core, memory in KiB (whole pages), as metrics-server writes them. */
function usageOf({ cpuNano, memoryBytes }: Reading): { cpu: string; memory: string } {
  const kib = Math.floor(memoryBytes / 4096) * 4;
  return { cpu: cpuNano === 0 ? '0' : `${cpuNano}n`, memory: `${kib}Ki` };
}
