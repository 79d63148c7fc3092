import type { V1LabelSelector, V1PersistentVolumeClaim, V1Pod } from '../../generated/types.ts';
import type {
  CronJob,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  NetworkPolicy,
  PodDisruptionBudget,
  PriorityClass,
} from '../../kube/apis/index.ts';
import { formatLabelSelector, matchesSelector } from '../../kube/apimachinery/index.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { claimsOf } from '../stage/scene-claims.ts';
import { desiredWord, scalerOf } from '../stage/scene-duties.ts';
import { jobWord } from '../stage/scene-jobs.ts';
import type { Key } from '../i18n/index.ts';
import type { Summary, SummaryWorld } from './summary.ts';

type Say = (object: KubeObject, world: SummaryWorld) => Summary;

const counts = (object: KubeObject): { desired: number; current: number; ready: number; updated: number } => {
  const spec = (object['spec'] ?? {}) as Record<string, unknown>;
  const status = (object['status'] ?? {}) as Record<string, unknown>;
  return {
    desired: Number(status['desiredNumberScheduled'] ?? spec['replicas'] ?? 0),
    current: Number(status['currentNumberScheduled'] ?? status['replicas'] ?? 0),
    ready: Number(status['numberReady'] ?? status['readyReplicas'] ?? 0),
    updated: Number(status['updatedNumberScheduled'] ?? status['updatedReplicas'] ?? 0),
  };
};

/** A selector that says nothing selects all. */
const selectorWords = (selector: V1LabelSelector | undefined): string =>
  selector?.matchLabels || selector?.matchExpressions ? formatLabelSelector(selector) : '*';

const keeps =
  (key: Key): Say =>
  (object) => {
    const values = counts(object);
    return {
      key,
      values,
      word: `${values.ready}/${values.desired}`,
      look: values.ready >= values.desired ? 'ready' : 'notready',
    };
  };

const job: Say = (object) => {
  const { spec, status } = object as unknown as Job;
  const values = {
    completions: spec?.completions ?? 1,
    succeeded: status?.succeeded ?? 0,
    active: status?.active ?? 0,
    failed: status?.failed ?? 0,
    limit: spec?.backoffLimit ?? 6,
  };
  const word = jobWord(object);
  if (word === 'Complete') return { key: 'summary.job.done', values, word, look: 'succeeded' };
  if (word === 'Failed') return { key: 'summary.job.failed', values, word, look: 'failed' };
  if (word === 'Suspended') return { key: 'summary.job.suspended', values, word, look: 'pending' };
  return { key: 'summary.job', values, word: `${values.succeeded}/${values.completions}`, look: 'creating' };
};

const cronJob: Say = (object) => {
  const { spec, status } = object as unknown as CronJob;
  const values = { schedule: spec?.schedule ?? '', active: status?.active?.length ?? 0 };
  return spec?.suspend
    ? { key: 'summary.cronjob.suspended', values, word: 'Suspended', look: 'pending' }
    : { key: 'summary.cronjob', values, word: '', look: null };
};

const scaler: Say = (object) => {
  const { spec } = object as unknown as HorizontalPodAutoscaler;
  const s = scalerOf(object);
  return {
    key: 'summary.hpa',
    values: {
      metrics: s.metrics.map((m) => m.name).join(', ') || '–',
      target: spec?.scaleTargetRef?.name ?? '',
      min: s.min,
      max: s.max,
      current: s.current,
      desired: desiredWord(s),
    },
    word: s.reason,
    look: s.trouble ? 'failed' : s.current === s.desired ? 'ready' : 'notready',
  };
};

const budget: Say = (object) => {
  const { spec, status } = object as unknown as PodDisruptionBudget;
  const allowed = status?.disruptionsAllowed ?? 0;
  return {
    key: allowed > 0 ? 'summary.pdb.some' : 'summary.pdb.none',
    values: {
      selector: selectorWords(spec?.selector),
      healthy: status?.currentHealthy ?? 0,
      wanted: status?.desiredHealthy ?? 0,
      count: allowed,
    },
    word: '',
    look: allowed > 0 ? 'ready' : 'notready',
  };
};

const ingress: Say = (object) => {
  const { spec, status } = object as unknown as Ingress;
  const served = (status?.loadBalancer?.ingress?.length ?? 0) > 0;
  return {
    key: served ? 'summary.ingress' : 'summary.ingress.unserved',
    values: {
      hosts: (spec?.rules ?? []).map((r) => r.host ?? '*').join(', ') || '*',
      class: spec?.ingressClassName ?? '–',
    },
    word: '',
    look: served ? 'ready' : 'unknown',
  };
};

const policy: Say = (object, world) => {
  const { metadata, spec } = object as unknown as NetworkPolicy;
  const types = spec?.policyTypes ?? ['Ingress'];
  const count = [...world.of('pods').values()].filter(
    (p) =>
      p.metadata.namespace === metadata.namespace &&
      matchesSelector(spec?.podSelector ?? {}, p.metadata.labels as Record<string, string> | undefined),
  ).length;
  const ways: Key = types.length > 1 ? 'policy.both' : types[0] === 'Egress' ? 'policy.egress' : 'policy.ingress';
  return {
    key: 'summary.policy',
    values: { selector: selectorWords(spec?.podSelector), count },
    keys: { ways },
    word: '',
    look: null,
  };
};

const priorityClass: Say = (object) => {
  const { value, preemptionPolicy } = object as unknown as PriorityClass;
  return {
    key: 'summary.priorityclass',
    values: { value: value ?? 0, preemption: preemptionPolicy ?? 'PreemptLowerPriority' },
    word: String(value ?? 0),
    look: null,
  };
};

const claim: Say = (object, world) => {
  const { metadata, spec, status } = object as unknown as V1PersistentVolumeClaim;
  const pods = [...world.of('pods').values()].filter(
    (p) => p.metadata.namespace === metadata.namespace && claimsOf(p as unknown as V1Pod).includes(metadata.name!),
  );
  const phase = status?.phase ?? 'Pending';
  return {
    key: spec?.volumeName ? 'summary.claim' : 'summary.claim.pending',
    values: {
      size: String(spec?.resources?.requests?.['storage'] ?? ''),
      modes: (spec?.accessModes ?? []).join(', '),
      volume: spec?.volumeName ?? '',
      class: spec?.storageClassName ?? '–',
      pods: pods.map((p) => p.metadata.name).join(', ') || '–',
    },
    word: phase,
    look: phase === 'Bound' ? 'ready' : phase === 'Lost' ? 'failed' : 'pending',
  };
};

/** Sentences about kinds beyond the first ones, by resource. */
export const kindSummaries: Readonly<Record<string, Say>> = {
  replicationcontrollers: keeps('summary.keeps'),
  'statefulsets.apps': keeps('summary.statefulset'),
  'daemonsets.apps': keeps('summary.daemonset'),
  'jobs.batch': job,
  'cronjobs.batch': cronJob,
  'horizontalpodautoscalers.autoscaling': scaler,
  'poddisruptionbudgets.policy': budget,
  'ingresses.networking.k8s.io': ingress,
  'networkpolicies.networking.k8s.io': policy,
  'priorityclasses.scheduling.k8s.io': priorityClass,
  persistentvolumeclaims: claim,
};
