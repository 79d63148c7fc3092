import type { Deed } from '../protocol/index.ts';
import type { Key, Translate, Values } from './i18n/index.ts';
import { deedCodesTold } from './i18n/en/deeds.ts';
import type { PodLook } from './objects/pod-state.ts';
import { safeValues } from './Rich.tsx';

const told = new Set<string>(deedCodesTold);

/** Keys of the kinds' names; Korean writes them in Hangul. */
const kinds: Readonly<Record<string, Key>> = {
  pods: 'kind.pod',
  nodes: 'kind.node',
  namespaces: 'kind.namespace',
  services: 'kind.service',
  endpoints: 'kind.endpoints',
  configmaps: 'kind.configmap',
  secrets: 'kind.secret',
  serviceaccounts: 'kind.serviceaccount',
  events: 'kind.event',
  'deployments.apps': 'kind.deployment',
  'replicasets.apps': 'kind.replicaset',
  replicationcontrollers: 'kind.replicationcontroller',
  'daemonsets.apps': 'kind.daemonset',
  'statefulsets.apps': 'kind.statefulset',
  'controllerrevisions.apps': 'kind.controllerrevision',
  podtemplates: 'kind.podtemplate',
  persistentvolumes: 'kind.persistentvolume',
  persistentvolumeclaims: 'kind.persistentvolumeclaim',
  'storageclasses.storage.k8s.io': 'kind.storageclass',
  'jobs.batch': 'kind.job',
  'cronjobs.batch': 'kind.cronjob',
  'horizontalpodautoscalers.autoscaling': 'kind.horizontalpodautoscaler',
  'poddisruptionbudgets.policy': 'kind.poddisruptionbudget',
  'ingresses.networking.k8s.io': 'kind.ingress',
  'ingressclasses.networking.k8s.io': 'kind.ingressclass',
  'networkpolicies.networking.k8s.io': 'kind.networkpolicy',
  'priorityclasses.scheduling.k8s.io': 'kind.priorityclass',
  'leases.coordination.k8s.io': 'kind.lease',
  'endpointslices.discovery.k8s.io': 'kind.endpointslice',
};

/** Kinds that are called the same in every language. */
const unnamed: Readonly<Record<string, string>> = {
  'roles.rbac.authorization.k8s.io': 'Role',
  'clusterroles.rbac.authorization.k8s.io': 'ClusterRole',
  'rolebindings.rbac.authorization.k8s.io': 'RoleBinding',
  'clusterrolebindings.rbac.authorization.k8s.io': 'ClusterRoleBinding',
  'customresourcedefinitions.apiextensions.k8s.io': 'CustomResourceDefinition',
};

/** Kind of a resource key: `deployments.apps` → `Deployment`. */
export const kindName = (t: Translate, resource: string): string => {
  const key = kinds[resource];
  return key ? t(key) : (unnamed[resource] ?? resource);
};

/** Parts of `pods/default/web-1`. */
export function partsOfRef(ref: string | undefined): { resource: string; namespace: string; name: string } {
  const parts = (ref ?? '').split('/');
  return parts.length > 2
    ? { resource: parts[0]!, namespace: parts[1]!, name: parts.slice(2).join('/') }
    : { resource: parts[0] ?? '', namespace: '', name: parts[1] ?? '' };
}

/** What a deed's templates may use: its params, and who, kind and name of what it was done to. */
export function valuesOf(t: Translate, deed: Deed): Values {
  const { resource, namespace, name } = partsOfRef(deed.ref);
  return safeValues({
    kind: kindName(t, resource),
    name,
    namespace,
    by: deed.by === 'you' ? t('by.you') : deed.by,
    ...deed.params,
  });
}

/** What happened, in one sentence (with marks: see `Rich`). */
export function sentence(t: Translate, deed: Deed): string {
  const values = { ...valuesOf(t, deed), code: deed.code, ...(isFault(deed) && { said: shortLabel(t, deed) }) };
  return t(`deed.${told.has(deed.code) ? deed.code : 'unknown'}` as Key, values);
}

/** The figures behind it; '' when there is nothing to add. */
export function detail(t: Translate, deed: Deed): string {
  return told.has(deed.code) ? t(`deed.${deed.code}.detail` as Key, valuesOf(t, deed)) : deed.by;
}

/** A label of few words for the learner's own deeds on the timeline. */
export function shortLabel(t: Translate, deed: Deed): string {
  const { params = {} } = deed;
  if (deed.code === 'input.kubectl') {
    const line = String(params['line'] ?? '');
    return /^(apply|create|replace) -f \S+$/.test(line) ? line.split(' ')[0]! : line;
  }
  if (deed.code === 'input.fault')
    return t(
      `fault.short.${String(params['fault'])}` as Key,
      safeValues({ target: lastName(String(params['target'] ?? '')) }),
    );
  if (deed.code === 'input.traffic') return t('you.traffic', { rps: Number(params['rps'] ?? 0) });
  return deed.code;
}

const lastName = (target: string): string => target.split('/').find((part) => /\d|-/.test(part)) ?? target;

/** True for the learner's own faults: ▲ on the timeline, the rest are ■. */
export const isFault = (deed: Deed): boolean => deed.code === 'input.fault';

/** True for a deed of the learner. */
export const isYours = (deed: Deed): boolean => deed.code.startsWith('input.');

/** Glyph that stands before a deed's sentence. */
export function lookOfDeed(deed: Deed): PodLook {
  const { code } = deed;
  if (code.includes('fail') || code === 'machine.down' || code === 'kubelet.config-error') return 'failed';
  if (code === 'kubelet.backoff' || code === 'kubelet.restart') return 'backoff';
  if (code.includes('delete') || code === 'kubelet.killing' || code.includes('scale-down')) return 'terminating';
  if (code === 'nodelifecycle.not-ready' || code === 'nodelifecycle.taint') return 'unknown';
  if (code === 'scheduler.bind' || code === 'scheduler.unschedulable') return 'pending';
  if (code === 'kubelet.container-exited') return deed.params?.['exitCode'] === 0 ? 'succeeded' : 'failed';
  if (code === 'kubelet.probe-succeeded' || code === 'nodelifecycle.ready' || code === 'machine.up') return 'ready';
  if (code.startsWith('kubelet.')) return 'creating';
  return 'notready';
}
