/** Services with their endpoints, and which one a traffic source means. Pure. */
import type { V1EndpointSlice, V1Service } from '../../generated/types.ts';
import type { Objects } from './contract.ts';
import { createdAt, refOf, values } from './objects.ts';
import type { SceneInput, SceneService } from './scene-types.ts';

interface Membership {
  readonly ready: Set<string>;
  notReady: number;
  /** Made of several slices for this scene; else it is what one slice says, kept with it. */
  readonly own?: boolean;
}

/** Services that are shown, oldest first. */
export function readServices(input: SceneInput, shown: (namespace: string | undefined) => boolean): SceneService[] {
  const { objects } = input;
  const members = new Map<string, Membership>();
  for (const object of values(objects, 'endpointslices.discovery.k8s.io'))
    readSlice(object as unknown as V1EndpointSlice, members);
  const services: SceneService[] = [];
  for (const object of values(objects, 'services')) {
    const { namespace, name } = object.metadata;
    if (!shown(namespace) || (namespace === 'default' && name === 'kubernetes')) continue;
    services.push(readService(object as unknown as V1Service, members.get(`${namespace}/${name}`)));
  }
  const rps = new Map<string, number>();
  for (const source of input.sources) {
    const service = serviceOfUrl(source.url, source.namespace ?? 'default', services, objects);
    if (service) rps.set(service.uid, (rps.get(service.uid) ?? 0) + source.rps);
  }
  return services
    .map((s) => ({ ...s, rps: rps.get(s.uid) ?? 0 }))
    .sort((a, b) => age(objects, a) - age(objects, b) || (a.ref.key < b.ref.key ? -1 : 1));
}

const age = (objects: Objects, service: SceneService): number =>
  createdAt(objects.get('services')!.get(service.ref.key)!);

function readSlice(slice: V1EndpointSlice, members: Map<string, Membership>): void {
  const labels = slice.metadata.labels as Record<string, string> | undefined;
  const name = labels?.['kubernetes.io/service-name'];
  if (!name) return;
  const key = `${slice.metadata.namespace}/${name}`;
  let own = slices.get(slice);
  if (!own) {
    own = { ready: new Set(), notReady: 0 };
    for (const endpoint of slice.endpoints ?? []) {
      const uid = endpoint.targetRef?.uid ?? endpoint.addresses?.[0] ?? '';
      if (endpoint.conditions?.ready ?? true) own.ready.add(uid);
      else if (!endpoint.conditions?.terminating) own.notReady++;
    }
    slices.set(slice, own);
  }
  const others = members.get(key);
  if (!others) members.set(key, own);
  else if (others.own) {
    for (const uid of own.ready) others.ready.add(uid);
    others.notReady += own.notReady;
  } else
    members.set(key, {
      own: true,
      ready: new Set([...others.ready, ...own.ready]),
      notReady: others.notReady + own.notReady,
    });
}

const slices = new WeakMap<object, Membership>();

function readService(service: V1Service, members: Membership | undefined): SceneService {
  const spec = service.spec ?? {};
  const type = spec.type ?? 'ClusterIP';
  const ref = refOf('services', service);
  return {
    uid: ref.uid,
    ref,
    name: service.metadata.name ?? '?',
    namespace: service.metadata.namespace ?? '',
    type,
    address: type === 'ExternalName' ? (spec.externalName ?? '') : (spec.clusterIP ?? ''),
    ports: (spec.ports ?? [])
      .map((p) =>
        type === 'NodePort' && p.nodePort ? `${p.port}:${p.nodePort}` : `${p.port} → ${p.targetPort ?? p.port}`,
      )
      .join(', '),
    endpoints: members?.ready.size ?? 0,
    notReady: members?.notReady ?? 0,
    members: members?.ready ?? new Set(),
    passive: type === 'ExternalName' || !spec.selector,
    rps: 0,
  };
}

/** The service that a source's URL means: by name as cluster DNS would, by cluster IP, node port or load balancer. */
export function serviceOfUrl(
  url: string,
  namespace: string,
  services: readonly SceneService[],
  objects: Objects,
): SceneService | undefined {
  const parts = /^(?:[a-z]+:\/\/)?([^/:?#]+)(?::(\d+))?/i.exec(url);
  if (!parts) return undefined;
  const host = parts[1]!.toLowerCase();
  const port = Number(parts[2] ?? 0);
  const [name, space = namespace] = host.split('.');
  const named = services.find((s) => s.name === name && s.namespace === space);
  if (named) return named;
  return services.find((s) => {
    const service = objects.get('services')?.get(s.ref.key) as V1Service | undefined;
    if (s.address === host) return true;
    if (service?.status?.loadBalancer?.ingress?.some((i) => i.ip === host || i.hostname === host)) return true;
    return service?.spec?.ports?.some((p) => p.nodePort !== undefined && p.nodePort === port) ?? false;
  });
}
