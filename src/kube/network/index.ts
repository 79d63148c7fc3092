import type { Api, Process } from '../process.ts';
import type { Net } from './net.ts';

export type * from './net.ts';

/** The network as clients and runtimes use it. */
export function createNet(): Net {
  return {
    send: () => {},
    attach: () => {},
    detach: () => {},
    reply: () => {},
    refuse: () => {},
    reset: () => {},
    resolve: () => [],
  };
}

/** The process at `network`: packets under way, kube-proxy's tables, cluster DNS. */
export function network(_api: Api): Process {
  return { name: 'network', start: () => ({}), handle: () => {} };
}

/** The process at `traffic`: the learners' sources of requests. Serves `source` events (payload TrafficSource). */
export function traffic(_net: Net): Process {
  return { name: 'traffic', start: () => ({}), handle: () => {} };
}
