import type { Kernel, Random } from '../../kernel/index.ts';
import { equal } from '../../kube/apimachinery/index.ts';
import type { Pod, PodDisruptionBudget } from '../../kube/apis/index.ts';
import { covers } from '../../kube/apis/policy/poddisruptionbudget.ts';
import type { Activity } from '../../kube/observations.ts';
import { container, deleteSome, names, namespaces, pick, request, some, type Maker } from './choose.ts';

const budgetSpec = (random: Random): object =>
  random.int(2) === 0
    ? { minAvailable: pick(random, [0, 1, 2, '30%', '50%', '100%']) }
    : { maxUnavailable: pick(random, [0, 1, 2, '25%', '50%']) };

const createBudget: Maker = ({ random }) => {
  const app = pick(random, names);
  const namespace = pick(random, namespaces);
  return request({
    verb: 'create',
    resource: 'poddisruptionbudgets.policy',
    namespace,
    body: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: `${app}-${random.int(2)}`, namespace },
      spec: {
        ...budgetSpec(random),
        ...(random.int(4) === 0 && { unhealthyPodEvictionPolicy: 'AlwaysAllow' }),
        selector: { matchLabels: { app } },
      },
    },
  });
};

const editBudget: Maker = (scene) => {
  const budget = some<PodDisruptionBudget>(scene, 'poddisruptionbudgets.policy');
  if (!budget) return undefined;
  const { metadata, spec } = budget;
  const next = { ...budgetSpec(scene.random), selector: spec?.selector };
  return request({
    verb: 'update',
    resource: 'poddisruptionbudgets.policy',
    namespace: metadata.namespace,
    name: metadata.name,
    body: { ...budget, spec: next },
  });
};

const evictReady: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods', (p) => isHealthy(p as Pod));
  return (
    pod &&
    request({
      verb: 'create',
      resource: 'pods',
      subresource: 'eviction',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod.metadata.name } },
    })
  );
};

const createPriorityClass: Maker = ({ random }) =>
  request({
    verb: 'create',
    resource: 'priorityclasses.scheduling.k8s.io',
    body: {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: pick(random, classes) },
      value: random.int(3) * 1000,
      ...(random.int(5) === 0 && { globalDefault: true }),
      ...(random.int(4) === 0 && { preemptionPolicy: 'Never' }),
    },
  });

const deletePriorityClass: Maker = ({ random }) =>
  request({ verb: 'delete', resource: 'priorityclasses.scheduling.k8s.io', name: pick(random, classes) });

const classes = ['low', 'high'] as const;

/** A pod that asks for much room, with a priority, near or apart from others. */
const createDemanding: Maker = ({ random }) => {
  const app = pick(random, names);
  const namespace = pick(random, namespaces);
  const term = (key: string): object => ({
    topologyKey: key,
    labelSelector: { matchLabels: { app: pick(random, names) } },
  });
  const host = 'kubernetes.io/hostname';
  const spec = container(random, app)!;
  const [first, ...rest] = spec.containers;
  const resources = { requests: { cpu: pick(random, ['100m', '900m', '1800m']) } };
  return request({
    verb: 'create',
    resource: 'pods',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `demanding-${random.int(20)}`, namespace, labels: { app } },
      spec: {
        ...spec,
        containers: [{ ...first, resources }, ...rest],
        ...(random.int(2) === 0 && { priorityClassName: pick(random, [...classes, 'system-cluster-critical']) }),
        ...(random.int(2) === 0 && {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [term(host)],
              preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, podAffinityTerm: term(host) }],
            },
            ...(random.int(3) === 0 && {
              podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(host)] },
            }),
          },
        }),
        ...(random.int(2) === 0 && {
          topologySpreadConstraints: [
            {
              topologyKey: host,
              maxSkew: 1,
              whenUnsatisfiable: pick(random, ['DoNotSchedule', 'ScheduleAnyway']),
              labelSelector: { matchLabels: { app } },
            },
          ],
        }),
      },
    },
  });
};

/** What the storm does with budgets, evictions and priorities. */
export const disruptionMakers: readonly (readonly [number, Maker])[] = [
  [3, createBudget],
  [2, editBudget],
  [1, deleteSome('poddisruptionbudgets.policy')],
  [5, evictReady],
  [1, createPriorityClass],
  [1, deletePriorityClass],
  [4, createDemanding],
];

const isHealthy = (pod: Pod): boolean =>
  !pod.metadata.deletionTimestamp &&
  pod.status?.phase === 'Running' &&
  pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

interface Seen {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly healthy: boolean;
  /** When it ceased to be so; Infinity while it is. */
  readonly until: number;
}

/** What a budget's status rests on may have changed so long ago without its controller knowing. */
const lagMs = 100;

/** Watches that an eviction never takes a budget's healthy pods below what it asks for. */
export interface BudgetWatch {
  /** A request about a pod was answered; before `changed` tells of it. */
  written(activity: Activity): void;
  /** A pod was written. */
  changed(key: string): void;
  /** What went wrong first. */
  readonly broken: string | undefined;
  reset(): void;
}

/**
 * Remembers which pods were healthy, and under which labels, until a moment ago: what is missing from a budget since then is
 * nobody's fault. `calm` says whether the control plane has run undisturbed for so long.
 */
export function watchBudgets(kernel: Kernel, calm: (ms: number) => boolean): BudgetWatch {
  let seen = new Map<string, Seen[]>();
  let broken: string | undefined;
  const table = <T>(resource: string): ReadonlyMap<string, T> =>
    (kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, T>> }).resources.get(resource) ?? new Map();

  /** Healthy pods that a budget covers, those included that were so until a moment ago. */
  const healthy = ({ metadata, spec }: PodDisruptionBudget): number => {
    let count = 0;
    for (const states of seen.values())
      if (
        states.some(
          (s) =>
            s.healthy &&
            s.until > kernel.state.now - lagMs &&
            s.namespace === metadata.namespace &&
            covers(spec?.selector, s.labels),
        )
      )
        count++;
    return count;
  };

  const check = (key: string, before: Seen): void => {
    const covering = [...table<PodDisruptionBudget>('poddisruptionbudgets.policy').values()].filter(
      (b) => b.metadata.namespace === before.namespace && covers(b.spec?.selector, before.labels),
    );
    const [budget] = covering;
    if (!budget) return;
    if (covering.length > 1) broken ??= `pod ${key} was evicted under ${covering.length} budgets`;
    const wanted = budget.status?.desiredHealthy ?? 0;
    // The evicted one itself was healthy until now, and counts.
    const left = healthy(budget) - 1;
    if (left < wanted && calm(10_000))
      broken ??= `the eviction of pod ${key} leaves ${left} healthy pods to budget ${budget.metadata.name}, which wants ${wanted}`;
  };

  const note = (key: string): void => {
    const pod = table<Pod>('pods').get(key);
    const { now } = kernel.state;
    const states = (seen.get(key) ?? []).filter((s) => s.until > now - lagMs);
    const last = states.at(-1);
    const next: Seen | undefined = pod && {
      namespace: pod.metadata.namespace!,
      labels: pod.metadata.labels,
      healthy: isHealthy(pod),
      until: Infinity,
    };
    if (last?.until === Infinity) {
      if (next && last.healthy === next.healthy && equal(last.labels, next.labels)) return;
      states[states.length - 1] = { ...last, until: now };
    }
    if (next) states.push(next);
    if (states.length > 0) seen.set(key, states);
    else seen.delete(key);
  };

  return {
    get broken() {
      return broken;
    },
    written({ key, verb, subresource }) {
      const before = seen.get(key)?.at(-1);
      if (verb === 'create' && subresource === 'eviction' && before?.until === Infinity && before.healthy)
        check(key, before);
      if (verb !== 'deletecollection') note(key);
    },
    changed: note,
    reset() {
      seen = new Map();
      broken = undefined;
      for (const key of table<Pod>('pods').keys()) note(key);
    },
  };
}
