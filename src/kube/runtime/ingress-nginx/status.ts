import { parseIP } from '../../apimachinery/cidr.ts';
import { equal, matchesMap } from '../../apimachinery/index.ts';
import type { Ingress, Pod, Service } from '../../apis/index.ts';
import { cached, cachedAll } from '../../client/index.ts';
import { apiCaches, apiClient } from '../api-clients.ts';
import type { Run } from '../program.ts';
import { isServed } from './routes.ts';
import type { State } from './state.ts';

/** The component's name in activity, deeds and events. */
export const controllerName = 'nginx-ingress-controller';

type Addresses = { readonly ip?: string; readonly hostname?: string }[];

/** Labels that tell the pods of one workload apart. */
const ownLabels = ['pod-template-hash', 'controller-revision-hash', 'pod-template-generation'];

/** Running pods of the same controller, its own among them. */
function mates(run: Run): readonly Pod[] {
  const { namespace, name } = run.pod.config;
  const pods: readonly Pod[] = apiClient(run, controllerName).list(run.ctx, 'pods', namespace);
  const own = pods.find((pod) => pod.metadata.name === name)?.metadata.labels ?? {};
  const shared = Object.fromEntries(Object.entries(own).filter(([label]) => !ownLabels.includes(label)));
  return pods.filter(
    ({ metadata, status }) =>
      metadata.name === name ||
      (status?.phase === 'Running' && Object.keys(shared).length > 0 && matchesMap(shared, metadata.labels)),
  );
}

/** Where clients reach the controller: the published Service's addresses, else the machines that it runs on. */
function addressesOf(run: Run, state: State): Addresses {
  if (state.statusAddress !== undefined)
    return state.statusAddress.split(',').map((text) => (parseIP(text) ? { ip: text } : { hostname: text }));
  if (state.publish === undefined) {
    const ips = mates(run).flatMap(({ status }) => status?.hostIP ?? []);
    return [...new Set(ips)].sort().map((ip) => ({ ip }));
  }
  const service = cached(apiCaches(run), 'services', state.publish) as Service | undefined;
  const { type, clusterIP, externalIPs = [], externalName = '' } = service?.spec ?? {};
  const own = externalIPs.map((ip) => ({ ip }));
  if (type === 'ExternalName') return [{ hostname: externalName }];
  if (type === 'LoadBalancer') {
    const given = service?.status?.loadBalancer?.ingress ?? [];
    return [...given.map(({ ip, hostname }) => ({ ...(ip && { ip }), ...(hostname && { hostname }) })), ...own];
  }
  return own.length > 0 ? own : clusterIP && clusterIP !== 'None' ? [{ ip: clusterIP }] : [];
}

const written = (ingress: Ingress): Addresses => (ingress.status?.loadBalancer?.ingress ?? []) as Addresses;

/** True for an Ingress that this controller serves. */
export const serves = (run: Run, state: State, ingress: Ingress): boolean =>
  isServed(ingress, state.classes, (name) => cached(apiCaches(run), 'ingressclasses.networking.k8s.io', name));

/** The Ingresses that this controller serves. */
export const served = (run: Run, state: State): Ingress[] =>
  [...cachedAll(apiCaches(run), 'ingresses.networking.k8s.io')].filter((ingress) => serves(run, state, ingress));

/** True when some Ingress does not show the address at which it is served. */
export function statusLacks(run: Run, state: State): boolean {
  let lacks = false;
  attempt(() => {
    const addresses = addressesOf(run, state);
    lacks = served(run, state).some((ingress) => !equal(written(ingress), addresses));
  });
  return lacks;
}

/** Writes the address into the status of every Ingress that it serves. ingress-nginx: internal/ingress/status. */
export function writeStatus(run: Run, state: State): void {
  attempt(() => setAddresses(run, state, addressesOf(run, state)));
}

/** Takes the addresses back when the last pod of the controller ends (`--update-status-on-shutdown`). */
export function withdrawStatus(run: Run, state: State): void {
  attempt(() => {
    if (mates(run).length <= 1) setAddresses(run, state, []);
  });
}

function setAddresses(run: Run, state: State, addresses: Addresses): void {
  const client = apiClient(run, controllerName);
  for (const ingress of served(run, state)) {
    if (equal(written(ingress), addresses)) continue;
    const loadBalancer = addresses.length > 0 ? { ingress: addresses as never } : {};
    const address = addresses.map((a) => a.ip ?? a.hostname).join(', ');
    const why = { code: address ? 'ingress.address' : 'ingress.no-address', params: { address } } as const;
    attempt(() => {
      const { name, namespace } = ingress.metadata;
      const current = client.get(run.ctx, 'ingresses.networking.k8s.io', name, namespace);
      client.updateStatus(run.ctx, 'ingresses.networking.k8s.io', { ...current, status: { loadBalancer } }, { why });
    });
  }
}

/** What the API refuses is left for the next time. */
function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    const { name } = error as Error;
    if (name !== 'ApiError' && name !== 'Unreachable') throw error;
  }
}
