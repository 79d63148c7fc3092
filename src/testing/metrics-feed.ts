import { notFound, timestamp, type KubeObject } from '../kube/apimachinery/index.ts';
import type { Pod } from '../kube/apis/index.ts';
import type { Extension } from '../kube/apiserver/index.ts';
import type { Api } from '../kube/process.ts';

/** A stand-in for metrics-server, as the recordings had one: each running pod uses the same, measured just now over 10 s. */
export interface MetricsFeed {
  /** What every running pod uses: `{cpu: '100m'}`; null: there is no metrics API. */
  usage: Readonly<Record<string, string>> | null;
}

/** Serves the feed's figures as metrics.k8s.io. */
export function serveFeed(api: Api, feed: MetricsFeed): Extension {
  return (ctx, request) => {
    const { usage } = feed;
    if (!usage) return undefined;
    if (request.verb === 'list') return { code: 200, body: { items: [] } as never };
    const { name, namespace } = request;
    const answer = api.request(ctx, 'metrics-server', { verb: 'get', resource: 'pods', name, namespace });
    const { status, spec } = answer.body as unknown as Pod;
    if (answer.code !== 200 || status?.phase !== 'Running')
      throw notFound('metrics.k8s.io', 'podmetrics', `${namespace}/${name}`);
    const containers = spec!.containers.map((container) => ({ name: container.name, usage }));
    const body = { kind: 'PodMetrics', timestamp: timestamp(ctx.now), window: '10s', containers };
    return { code: 200, body: body as unknown as KubeObject };
  };
}
