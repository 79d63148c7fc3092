import type { EndpointSlice, Ingress, NetworkPolicy, Service } from '../apis/index.ts';
import { isWatchEvent, openCache, updateCaches, type Change } from '../client/index.ts';
import type { Context } from '../../kernel/index.ts';
import type { Api, Process } from '../process.ts';
import { expire } from './fabric.ts';
import { learnSlice } from './kube-proxy.ts';
import { serveBalancers, wantBalancer } from './loadbalancer.ts';
import { emptyMemory, networkAddress, type NetworkMemory } from './memory.ts';
import { learnPolicy } from './networkpolicy.ts';
import { indexIngress } from './public-names.ts';
import { indexService } from './services.ts';

export type * from './net.ts';
export { askPolicies, type Party } from './connectivity.ts';
export { createNet } from './fabric.ts';
export { networkOf } from './memory.ts';
export { sourcesOf, traffic } from './traffic.ts';

/** The process at `network`: packets under way, kube-proxy's tables, cluster DNS, load balancers. */
export function network(api: Api): Process<NetworkMemory> {
  return {
    name: networkAddress,
    start(ctx, address) {
      const memory = emptyMemory();
      openCache(ctx, api, address, memory.caches, { resource: 'services' });
      openCache(ctx, api, address, memory.caches, { resource: 'endpointslices.discovery.k8s.io' });
      openCache(ctx, api, address, memory.caches, { resource: 'networkpolicies.networking.k8s.io' });
      openCache(ctx, api, address, memory.caches, { resource: 'ingresses.networking.k8s.io' });
      return memory;
    },
    handle(ctx, event, memory) {
      if (event.type === 'deadline') expire(ctx, memory, (event.payload as { timeoutMs: number }).timeoutMs);
      else if (isWatchEvent(event))
        updateCaches(ctx, api, networkAddress, memory.caches, event, (change) => learn(ctx, api, memory, change));
      else serveBalancers(ctx, api, memory, event);
    },
  };
}

function learn(ctx: Context, api: Api, memory: NetworkMemory, { type, resource, key, object, old }: Change): void {
  const exists = type !== 'DELETED';
  switch (resource) {
    case 'services': {
      const next = exists ? (object as Service) : undefined;
      indexService(memory, key, old as Service | undefined, next);
      wantBalancer(ctx, memory, key, old as Service | undefined, next);
      return;
    }
    case 'endpointslices.discovery.k8s.io':
      learnSlice(ctx, memory, object as unknown as EndpointSlice, exists);
      return;
    case 'ingresses.networking.k8s.io':
      indexIngress(memory, key, old as Ingress | undefined, exists ? (object as Ingress) : undefined);
      return;
    case 'networkpolicies.networking.k8s.io':
      learnPolicy(ctx, api, memory, old as NetworkPolicy | undefined, exists ? (object as NetworkPolicy) : undefined);
  }
}
