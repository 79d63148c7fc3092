import type { V1LabelSelector, V1PersistentVolumeClaim } from '../../../generated/types.ts';
import { controllerOf, formatLabelSelector, matchesSelector, type KubeObject } from '../../apimachinery/index.ts';
import {
  kindOf,
  type DaemonSet,
  type Deployment,
  type Pod,
  type ReplicaSet,
  type ReplicationController,
  type ResourceKey,
  type StatefulSet,
} from '../../apis/index.ts';
import { templateLines } from './podspec.ts';
import { annotationLines, eventLines, labelLines, longTime, type Sheet } from './sheet.ts';

/** `kubectl describe replicaset`. Kubernetes: describeReplicaSet. */
export function describeReplicaSet(sheet: Sheet, object: KubeObject): void {
  const { spec } = object as unknown as ReplicaSet;
  replicaLines(sheet, 'replicasets.apps', object, spec?.selector);
}

/** `kubectl describe replicationcontroller`. Kubernetes: describeReplicationController. */
export function describeReplicationController(sheet: Sheet, object: KubeObject): void {
  const { spec } = object as unknown as ReplicationController;
  replicaLines(sheet, 'replicationcontrollers', object, spec?.selector && { matchLabels: spec.selector });
}

/** What the two kinds that keep a number of pods have in common: everything but the form of the selector. */
function replicaLines(sheet: Sheet, resource: ResourceKey, object: KubeObject, selector?: V1LabelSelector): void {
  const { metadata, spec, status } = object as unknown as ReplicaSet;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `Selector:\t${formatLabelSelector(selector)}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  const owner = controllerOf(object);
  if (owner) sheet.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  sheet.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec?.replicas ?? 0} desired`);
  podStatusLine(sheet, object, selector);
  templateLines(sheet, spec?.template);
  if (status?.conditions?.length) {
    sheet.line(0, 'Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------');
    for (const c of status.conditions) sheet.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`);
  }
  eventLines(sheet, kindOf(resource)!, object);
}

/** `kubectl describe daemonset`. Kubernetes: describeDaemonSet. */
export function describeDaemonSet(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec, status } = object as unknown as DaemonSet;
  const { nodeSelector } = spec?.template.spec ?? {};
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  sheet.line(0, `Node-Selector:\t${formatLabelSelector(nodeSelector && { matchLabels: nodeSelector })}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`);
  sheet.line(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`);
  sheet.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`);
  sheet.line(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`);
  sheet.line(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`);
  podStatusLine(sheet, object, spec?.selector);
  templateLines(sheet, spec?.template);
  eventLines(sheet, kindOf('daemonsets.apps')!, object);
}

/** `kubectl describe statefulset`. Kubernetes: describeStatefulSet. */
export function describeStatefulSet(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec, status } = object as unknown as StatefulSet;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
  sheet.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Replicas:\t${spec?.replicas ?? 0} desired | ${status?.replicas ?? 0} total`);
  sheet.line(0, `Update Strategy:\t${spec?.updateStrategy?.type ?? ''}`);
  const { partition, maxUnavailable } = spec?.updateStrategy?.rollingUpdate ?? {};
  if (partition !== undefined) sheet.line(1, `Partition:\t${partition}`);
  if (partition !== undefined && maxUnavailable !== undefined) sheet.line(1, `MaxUnavailable:\t${maxUnavailable}`);
  podStatusLine(sheet, object, spec?.selector);
  templateLines(sheet, spec?.template);
  claimLines(sheet, spec?.volumeClaimTemplates ?? []);
  eventLines(sheet, kindOf('statefulsets.apps')!, object);
}

/** Kubernetes: describeVolumeClaimTemplates. */
function claimLines(sheet: Sheet, templates: readonly V1PersistentVolumeClaim[]): void {
  sheet.line(0, `Volume Claims:${templates.length === 0 ? '\t<none>' : ''}`);
  for (const { metadata, spec } of templates) {
    sheet.line(1, `Name:\t${metadata.name}`);
    sheet.line(1, `StorageClass:\t${spec?.storageClassName ?? ''}`);
    labelLines(sheet, '  Labels', metadata.labels);
    labelLines(sheet, '  Annotations', metadata.annotations);
    sheet.line(1, `Capacity:\t${spec?.resources?.requests?.['storage'] ?? '<default>'}`);
    sheet.line(1, `Access Modes:\t[${(spec?.accessModes ?? []).join(' ')}]`);
  }
}

/** How many of an owner's pods are in each phase. Kubernetes: getPodStatusForController. */
function podStatusLine(sheet: Sheet, { metadata }: KubeObject, selector: V1LabelSelector | undefined): void {
  const count = { Running: 0, Pending: 0, Succeeded: 0, Failed: 0 };
  for (const pod of sheet.run.client.list(sheet.run.ctx, 'pods', metadata.namespace) as readonly Pod[]) {
    if (!matchesSelector(selector, pod.metadata.labels)) continue;
    if (controllerOf(pod)?.uid !== metadata.uid) continue;
    const phase = (pod.status?.phase ?? 'Pending') as keyof typeof count;
    count[phase]++;
  }
  sheet.line(0, `Pods Status:\t${count.Running} Running / ${count.Pending} Waiting / ${count.Succeeded} Succeeded / ${count.Failed} Failed`); // prettier-ignore
}

/** `kubectl describe deployment`. Kubernetes: describeDeployment. */
export function describeDeployment(sheet: Sheet, object: KubeObject): void {
  const deployment = object as unknown as Deployment;
  const { metadata, spec, status = {} } = deployment;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  sheet.line(0, `Replicas:\t${spec?.replicas ?? 0} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`); // prettier-ignore
  sheet.line(0, `StrategyType:\t${spec?.strategy?.type ?? ''}`);
  sheet.line(0, `MinReadySeconds:\t${spec?.minReadySeconds ?? 0}`);
  const rolling = spec?.strategy?.rollingUpdate;
  if (rolling)
    sheet.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  templateLines(sheet, spec?.template);
  if (status.conditions?.length) {
    sheet.line(0, 'Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------');
    for (const c of status.conditions) sheet.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`);
  }
  setLines(sheet, deployment);
  eventLines(sheet, kindOf('deployments.apps')!, object);
}

/** Old ReplicaSets that still have pods or none at all, and the one of the present template. */
function setLines(sheet: Sheet, { metadata }: Deployment): void {
  const revision = 'deployment.kubernetes.io/revision';
  const owned = (sheet.run.client.list(sheet.run.ctx, 'replicasets.apps', metadata.namespace) as readonly ReplicaSet[])
    .filter((set) => controllerOf(set)?.uid === metadata.uid)
    .sort((a, b) => Number(a.metadata.annotations?.[revision] ?? 0) - Number(b.metadata.annotations?.[revision] ?? 0));
  const current = owned.find((set) => set.metadata.annotations?.[revision] === metadata.annotations?.[revision]);
  const say = (set: ReplicaSet): string =>
    `${set.metadata.name} (${set.status?.replicas ?? 0}/${set.spec?.replicas ?? 0} replicas created)`;
  const old = owned.filter((set) => set !== current);
  sheet.line(0, `OldReplicaSets:\t${old.map(say).join(', ') || '<none>'}`);
  sheet.line(0, `NewReplicaSet:\t${current ? say(current) : '<none>'}`);
}
