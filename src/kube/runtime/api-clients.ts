import type { Context } from '../../kernel/index.ts';
import { createClient, openCache, type Caches, type Client } from '../client/index.ts';
import type { WatchSelector } from '../apiserver/request.ts';
import type { Net } from '../network/net.ts';
import type { RuntimeMemory } from './memory.ts';
import type { Run } from './program.ts';

/*
 * Programs in containers that are clients of the API, as an ingress controller is. They see it as every component does:
 * through watches and requests, which fail while the API server or the way to it is down.
 * Simplified: service accounts have no rights that could be missing, and NetworkPolicies are not asked on the way there.
 */

/** Keeps caches of some resources for the program; it is told of changes through `changed`. */
export function watchApi(run: Run, selectors: readonly WatchSelector[]): Caches {
  const caches: Caches = new Map();
  run.memory.apiClients.set(run.container.id, caches);
  for (const selector of selectors) openCache(run.ctx, run.net.api!, `runtime/${run.memory.node}`, caches, selector);
  return caches;
}

/** The caches that a program keeps. */
export const apiCaches = ({ memory, container }: Run): Caches => memory.apiClients.get(container.id)!;

/** A client that speaks for the program; `name` is what activity and deeds call it. */
export const apiClient = ({ net, memory }: Run, name: string): Client =>
  createClient(net.api!, `${name}/${memory.node}`);

/** The container has ended: its watches end with it. */
export function leaveApi(ctx: Context, net: Net, memory: RuntimeMemory, id: string): void {
  const caches = memory.apiClients.get(id);
  if (!caches) return;
  memory.apiClients.delete(id);
  for (const cache of caches.values()) if (cache.stream !== 0) net.api!.close(ctx, cache.stream);
}
