import type { CronJob, Ingress, Job } from '../../kube/apis/index.ts';
import type { KubeObject, TrafficSource } from '../../protocol/index.ts';
import type { Key } from '../i18n/index.ts';
import type { MenuDeed, MenuItem, MenuWorld } from './menu.ts';

const kubectl = (line: string): MenuDeed => ({ type: 'kubectl', line });

/** ` -n shop`, nothing in the default namespace. */
export const space = (object: KubeObject): string => {
  const { namespace } = object.metadata;
  return namespace && namespace !== 'default' ? ` -n ${namespace}` : '';
};

interface Workload {
  /** As a kubectl line names it. */
  readonly word: string;
  readonly scales: boolean;
  /** Has a rollout: restart, undo. */
  readonly rolls: boolean;
  readonly pauses?: boolean;
}

const workloads: Readonly<Record<string, Workload>> = {
  'deployments.apps': { word: 'deployment', scales: true, rolls: true, pauses: true },
  'statefulsets.apps': { word: 'statefulset', scales: true, rolls: true },
  'daemonsets.apps': { word: 'daemonset', scales: false, rolls: true },
  'replicasets.apps': { word: 'replicaset', scales: true, rolls: false },
  replicationcontrollers: { word: 'rc', scales: true, rolls: false },
};

/** Items of an owner that keeps a number of pods; null for other resources. */
export function workloadMenu(resource: string, object: KubeObject, { scaled = false }: MenuWorld): MenuItem[] | null {
  const workload = workloads[resource];
  if (!workload) return null;
  const { name } = object.metadata;
  const at = space(object);
  const spec = object['spec'] as { replicas?: number; paused?: boolean } | undefined;
  const target = `${workload.word} ${name}${at}`;
  const items: MenuItem[] = [];
  if (workload.scales) {
    const replicas = spec?.replicas ?? 1;
    const scale = (to: number, mends?: true): MenuItem => ({
      key: 'menu.deployment.scale',
      values: { replicas: to },
      deed: kubectl(`scale ${target} --replicas=${to}`),
      ...(mends && { mends }),
    });
    items.push(scale(replicas + 1, true));
    if (replicas > 0) items.push(scale(replicas - 1));
    if (!scaled)
      items.push({
        key: 'menu.autoscale',
        deed: kubectl(`autoscale ${target} --min=2 --max=10 --cpu=50%`),
        mends: true,
      });
  }
  if (workload.rolls) items.push({ key: 'menu.deployment.restart', deed: kubectl(`rollout restart ${target}`) });
  if (workload.pauses)
    items.push(
      spec?.paused
        ? { key: 'menu.deployment.resume', deed: kubectl(`rollout resume ${target}`), mends: true }
        : { key: 'menu.deployment.pause', deed: kubectl(`rollout pause ${target}`) },
    );
  if (workload.rolls) items.push({ key: 'menu.deployment.undo', deed: kubectl(`rollout undo ${target}`), mends: true });
  items.push({ key: 'menu.delete', values: { kind: object.kind }, deed: kubectl(`delete ${target}`) });
  return items;
}

const suspend = (resource: string, object: KubeObject, on: boolean): MenuDeed =>
  kubectl(`patch ${resource} ${object.metadata.name}${space(object)} -p '{"spec":{"suspend":${on}}}'`);

/** A CronJob can be stopped, go on, and run out of turn. */
export function cronJobMenu(object: KubeObject, now: number): MenuItem[] {
  const cron = object as unknown as CronJob;
  const { name } = cron.metadata;
  const at = space(object);
  const run = `${name}-manual-${Math.floor(now / 1000)}`;
  return [
    { key: 'menu.cron.run', deed: kubectl(`create job ${run}${at} --from=cronjob/${name}`), mends: true },
    cron.spec?.suspend
      ? { key: 'menu.resume', deed: suspend('cronjob', object, false), mends: true }
      : { key: 'menu.suspend', deed: suspend('cronjob', object, true) },
    { key: 'menu.delete', values: { kind: 'CronJob' }, deed: kubectl(`delete cronjob ${name}${at}`) },
  ];
}

/** A Job can be stopped and go on while it has not ended. */
export function jobMenu(object: KubeObject): MenuItem[] {
  const job = object as unknown as Job;
  const ended = job.status?.conditions?.some((c) => /^(Complete|Failed)$/.test(c.type) && c.status === 'True');
  const items: MenuItem[] = [];
  if (!ended)
    items.push(
      job.spec?.suspend
        ? { key: 'menu.resume', deed: suspend('job', object, false), mends: true }
        : { key: 'menu.suspend', deed: suspend('job', object, true) },
    );
  items.push({
    key: 'menu.delete',
    values: { kind: 'Job' },
    deed: kubectl(`delete job ${object.metadata.name}${space(object)}`),
  });
  return items;
}

/** Requests from outside through a gate, by the first host of its table. */
export function ingressMenu(object: KubeObject, world: MenuWorld): MenuItem[] {
  const { spec } = object as unknown as Ingress;
  const { name } = object.metadata;
  const rule = spec?.rules?.find((r) => r.host);
  const host = rule?.host?.replace(/^\*\./, 'www.');
  const items: MenuItem[] = [];
  if (host) {
    const path = rule?.http?.paths?.[0]?.path ?? '/';
    const url = `http://${host}${path === '/' ? '/' : path}`;
    const mine = world.sources.find((s) => s.url.startsWith(`http://${host}`));
    const source: TrafficSource = mine ?? { name: `users-${name}`, url, rps: 0, from: 'outside', timeoutMs: 2000 };
    const item = (key: Key, rps: number): MenuItem => ({ key, deed: { type: 'traffic', source: { ...source, rps } } });
    items.push(
      source.rps > 0
        ? { ...item('menu.service.stop', 0), mends: true }
        : { ...item('menu.service.start', 40), mends: true },
    );
    if (source.rps > 0) items.push(item('menu.service.tenfold', Math.min(10_000, source.rps * 10)));
  }
  items.push({
    key: 'menu.delete',
    values: { kind: 'Ingress' },
    deed: kubectl(`delete ingress ${name}${space(object)}`),
  });
  return items;
}
