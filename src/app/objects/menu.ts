import type { Node } from '../../kube/apis/index.ts';
import type { Fault, KubeObject, TrafficSource } from '../../protocol/index.ts';
import type { Key, Values } from '../i18n/index.ts';
import type { StageRef } from '../stage/index.ts';
import { cronJobMenu, ingressMenu, jobMenu, space, workloadMenu } from './menu-workloads.ts';
import { asPod } from './pod-state.ts';

/** What a menu item does: a kubectl line, a fault or traffic. All three go into the journal. */
export type MenuDeed =
  | { readonly type: 'kubectl'; readonly line: string }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'traffic'; readonly source: TrafficSource };

export interface MenuItem {
  readonly key: Key;
  readonly values?: Values;
  readonly deed: MenuDeed;
  /** Mends or adds; the others break or take away. */
  readonly mends?: boolean;
}

/** What is needed to know which items make sense. */
export interface MenuWorld {
  readonly machines: readonly { readonly name: string; readonly up: boolean; readonly cut: boolean }[];
  readonly stopped: readonly string[];
  /** The network plugin does not look at NetworkPolicies. */
  readonly ignoresPolicies?: boolean;
  readonly sources: readonly TrafficSource[];
  /** An autoscaler looks after it already. */
  readonly scaled?: boolean;
  /** False: this cluster has no metrics-server that could be stopped. */
  readonly metricsServer?: boolean | undefined;
  /** Cluster time, ms: part of the names of what is made. */
  readonly now?: number;
}

const kubectl = (line: string): MenuDeed => ({ type: 'kubectl', line });
const fault = (f: Fault): MenuDeed => ({ type: 'fault', fault: f });

/** Items for an object; null object for a process of the control plane. Pure. */
export function menuFor(ref: StageRef, object: KubeObject | null, world: MenuWorld): MenuItem[] {
  if (ref.resource === 'processes') return processMenu(ref.key, world);
  if (!object) return [];
  switch (ref.resource) {
    case 'pods':
      return podMenu(object);
    case 'nodes':
      return nodeMenu(object, world);
    case 'services':
      return serviceMenu(object, world);
    case 'cronjobs.batch':
      return cronJobMenu(object, world.now ?? 0);
    case 'jobs.batch':
      return jobMenu(object);
    case 'ingresses.networking.k8s.io':
      return ingressMenu(object, world);
    case 'networkpolicies.networking.k8s.io':
      return [policySwitch(world), deletion(ref, object)];
    case 'horizontalpodautoscalers.autoscaling':
      return [...metricsSwitch(world), deletion(ref, object)];
    default:
      return workloadMenu(ref.resource, object, world) ?? [deletion(ref, object)];
  }
}

const deletion = (ref: StageRef, object: KubeObject): MenuItem => ({
  key: 'menu.delete',
  values: { kind: object.kind },
  deed: kubectl(`delete ${ref.resource} ${object.metadata.name}${space(object)}`),
});

/** Makes the network plugin look away from NetworkPolicies, or look at them again. */
export const policySwitch = ({ ignoresPolicies }: Pick<MenuWorld, 'ignoresPolicies'>): MenuItem =>
  ignoresPolicies
    ? { key: 'menu.policies.enforce', deed: fault({ fault: 'policies-enforce' }), mends: true }
    : { key: 'menu.policies.ignore', deed: fault({ fault: 'policies-ignore' }) };

function podMenu(object: KubeObject): MenuItem[] {
  const pod = asPod(object);
  const { name, namespace = 'default' } = pod.metadata;
  const at = { namespace, pod: name };
  const image = pod.spec?.containers[0]?.image ?? '';
  const items: MenuItem[] = [
    { key: 'menu.pod.delete', deed: kubectl(`delete pod ${name}${space(object)}`) },
    { key: 'menu.pod.force', deed: kubectl(`delete pod ${name}${space(object)} --grace-period=0 --force`) },
  ];
  if (pod.status?.containerStatuses?.some((c) => c.state?.running))
    items.push(
      { key: 'menu.container.crash', deed: fault({ fault: 'container-crash', ...at }) },
      { key: 'menu.container.hang', deed: fault({ fault: 'container-hang', ...at }) },
      { key: 'menu.container.leak', deed: fault({ fault: 'container-leak', ...at }) },
      { key: 'menu.container.heal', deed: fault({ fault: 'container-heal', ...at }), mends: true },
    );
  if (image !== '')
    items.push(
      { key: 'menu.image.slow', deed: fault({ fault: 'image-slow', image }) },
      { key: 'menu.image.missing', deed: fault({ fault: 'image-missing', image }) },
      { key: 'menu.image.heal', deed: fault({ fault: 'image-heal', image }), mends: true },
    );
  return items;
}

function nodeMenu(object: KubeObject, world: MenuWorld): MenuItem[] {
  const node = object as unknown as Node;
  const { name } = node.metadata;
  const machine = world.machines.find((m) => m.name === name);
  const items: MenuItem[] = [];
  if (machine?.up !== false) items.push({ key: 'menu.node.crash', deed: fault({ fault: 'node-crash', node: name }) });
  else items.push({ key: 'menu.node.start', deed: fault({ fault: 'node-start', node: name }), mends: true });
  if (machine?.cut)
    items.push({ key: 'menu.node.reconnect', deed: fault({ fault: 'node-reconnect', node: name }), mends: true });
  else items.push({ key: 'menu.node.cut', deed: fault({ fault: 'node-cut', node: name }) });
  if (node.spec?.unschedulable)
    items.push({ key: 'menu.node.uncordon', deed: kubectl(`uncordon ${name}`), mends: true });
  else items.push({ key: 'menu.node.cordon', deed: kubectl(`cordon ${name}`) });
  items.push({ key: 'menu.node.drain', deed: kubectl(`drain ${name} --ignore-daemonsets --delete-emptydir-data`) });
  let number = world.machines.length + 1;
  while (world.machines.some((m) => m.name === `node-${number}`)) number++;
  items.push({ key: 'menu.node.add', deed: fault({ fault: 'node-add', node: `node-${number}` }), mends: true });
  return items;
}

/** Largest rate that the traffic source takes. */
const mostRps = 10_000;

function serviceMenu(object: KubeObject, world: MenuWorld): MenuItem[] {
  const { name, namespace = 'default' } = object.metadata;
  const hosts = [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  const mine = world.sources.find((s) => hosts.includes(hostOf(s.url)));
  const items: MenuItem[] = [];
  if (mine && mine.rps > 0)
    items.push(
      {
        key: 'menu.service.double',
        deed: { type: 'traffic', source: { ...mine, rps: Math.min(mostRps, mine.rps * 2) } },
      },
      {
        key: 'menu.service.tenfold',
        deed: { type: 'traffic', source: { ...mine, rps: Math.min(mostRps, mine.rps * 10) } },
      },
      { key: 'menu.service.stop', deed: { type: 'traffic', source: { ...mine, rps: 0 } }, mends: true },
    );
  else {
    const port = (object['spec'] as { ports?: { port: number }[] } | undefined)?.ports?.[0]?.port ?? 80;
    const url = `http://${name}.${namespace}${port === 80 ? '' : `:${port}`}`;
    const fresh = `users-${namespace}-${name}`;
    const source: TrafficSource = mine ?? { name: fresh, url, rps: 0, from: 'inside', namespace, timeoutMs: 2000 };
    items.push({ key: 'menu.service.start', deed: { type: 'traffic', source: { ...source, rps: 40 } }, mends: true });
  }
  items.push({ key: 'menu.service.delete', deed: kubectl(`delete service ${name}${space(object)}`) });
  return items;
}

/** Host of a URL without `URL`, which throws: `http://web.shop:8080/x` → `web.shop`. */
const hostOf = (url: string): string => /^[a-z]+:\/\/([^:/]+)/.exec(url)?.[1] ?? '';

type ProcessName = Extract<Fault, { process: unknown }>['process'];
const processNames: readonly ProcessName[] = [
  'kube-apiserver',
  'kube-scheduler',
  'kube-controller-manager',
  'metrics-server',
];

function processMenu(key: string, world: MenuWorld): MenuItem[] {
  const name = processNames.find((p) => p === key);
  if (!name) return [];
  const own = processSwitch(name, world);
  // What looks after the whole cluster stands where its controllers do.
  return name === 'kube-controller-manager' ? [own, ...metricsSwitch(world), policySwitch(world)] : [own];
}

const metricsSwitch = (world: MenuWorld): MenuItem[] =>
  world.metricsServer === false ? [] : [processSwitch('metrics-server', world)];

const processSwitch = (name: ProcessName, world: MenuWorld): MenuItem =>
  world.stopped.includes(name)
    ? {
        key: 'menu.process.start',
        values: { name },
        deed: fault({ fault: 'process-start', process: name }),
        mends: true,
      }
    : { key: 'menu.process.stop', values: { name }, deed: fault({ fault: 'process-stop', process: name }) };
