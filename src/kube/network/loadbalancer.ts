import type { Context, KernelEvent } from '../../kernel/index.ts';
import { splitKey } from '../apimachinery/index.ts';
import type { Service } from '../apis/index.ts';
import { createClient, enqueueAfter, serve } from '../client/index.ts';
import type { Api } from '../process.ts';
import { networkAddress, type NetworkMemory } from './memory.ts';
import { serviceAt } from './services.ts';

const wanted = (service: Service | undefined): boolean =>
  service?.spec?.type === 'LoadBalancer' && !service.metadata.deletionTimestamp;

const assigned = (service: Service | undefined): string | undefined => service?.status?.loadBalancer?.ingress?.[0]?.ip;

/** Notices a Service that wants a load balancer it does not have, or has one it no longer wants. A cloud takes seconds for it. */
export function wantBalancer(
  ctx: Context,
  memory: NetworkMemory,
  key: string,
  old: Service | undefined,
  next: Service | undefined,
): void {
  if (!next || wanted(next) === (assigned(next) !== undefined)) return;
  if (old && wanted(old) === wanted(next) && assigned(old) === assigned(next)) return;
  enqueueAfter(ctx, networkAddress, memory.balancers, key, ctx.random('cloud').between(3000, 8000));
}

/** Addresses of the documentation range 203.0.113.0/24, as a cloud would hand out public ones. */
const addresses = 254;

/**
 * The cloud controller: gives each Service of type LoadBalancer an external address, and takes it back.
 * Kubernetes: k8s.io/cloud-provider/controllers/service. Simplified: no finalizer, no events, 254 addresses; without
 * a free one EXTERNAL-IP stays `<pending>`, as in a cluster without a cloud.
 */
export function serveBalancers(ctx: Context, api: Api, memory: NetworkMemory, event: KernelEvent): void {
  serve(ctx, networkAddress, memory.balancers, event, (key) => reconcile(ctx, api, memory, key));
}

function reconcile(ctx: Context, api: Api, memory: NetworkMemory, key: string): void {
  const service = serviceAt(memory, key);
  if (!service || wanted(service) === (assigned(service) !== undefined)) return;
  const { namespace, name } = splitKey(key);
  const ip = wanted(service) ? freeAddress(memory) : undefined;
  if (wanted(service) && ip === undefined) return;
  const client = createClient(api, 'cloud-controller-manager');
  const current = client.get(ctx, 'services', name, namespace);
  const loadBalancer = ip ? { ingress: [{ ip, ipMode: 'VIP' }] } : {};
  const why = ip
    ? ({ code: 'cloud.assign-address', params: { ip } } as const)
    : ({ code: 'cloud.release-address', params: { ip: assigned(service)! } } as const);
  client.updateStatus(ctx, 'services', { ...current, status: { ...current.status, loadBalancer } }, { why });
}

function freeAddress(memory: NetworkMemory): string | undefined {
  for (let i = 1; i <= addresses; i++) if (!memory.externalIps.has(`203.0.113.${i}`)) return `203.0.113.${i}`;
  return undefined;
}
