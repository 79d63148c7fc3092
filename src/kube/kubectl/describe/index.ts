import type { KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { describePodDisruptionBudget, describePriorityClass } from './budgets.ts';
import { describeHorizontalPodAutoscaler } from './autoscaler.ts';
import { describeConfigMap, describeNamespace, describeSecret, describeServiceAccount } from './data.ts';
import { describeAny, describeEndpoints, describeEndpointSlice } from './generic.ts';
import { describeIngress, describeIngressClass, describeNetworkPolicy } from './networking.ts';
import { describeCronJob, describeJob } from './jobs.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describeLimitRange, describeResourceQuota } from './quotas.ts';
import { describeRole, describeRoleBinding } from './rbac.ts';
import { describeService } from './service.ts';
import type { Sheet } from './sheet.ts';
import { describePersistentVolume, describePersistentVolumeClaim, describeStorageClass } from './storage.ts';
import {
  describeDaemonSet,
  describeDeployment,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from './workloads.ts';

/** Writes an object's description. */
export type Describer = (sheet: Sheet, object: KubeObject, kind: AnyKind) => void;

/** Kinds with a form of their own; the others are described field by field. */
const describers: Readonly<Record<string, Describer>> = {
  configmaps: describeConfigMap,
  'daemonsets.apps': describeDaemonSet,
  'cronjobs.batch': describeCronJob,
  'deployments.apps': describeDeployment,
  'statefulsets.apps': describeStatefulSet,
  endpoints: describeEndpoints,
  'endpointslices.discovery.k8s.io': describeEndpointSlice,
  'ingressclasses.networking.k8s.io': describeIngressClass,
  'ingresses.networking.k8s.io': describeIngress,
  'horizontalpodautoscalers.autoscaling': describeHorizontalPodAutoscaler,
  'jobs.batch': describeJob,
  namespaces: describeNamespace,
  'networkpolicies.networking.k8s.io': describeNetworkPolicy,
  nodes: describeNode,
  limitranges: describeLimitRange,
  resourcequotas: describeResourceQuota,
  'poddisruptionbudgets.policy': describePodDisruptionBudget,
  persistentvolumeclaims: describePersistentVolumeClaim,
  persistentvolumes: describePersistentVolume,
  pods: describePod,
  'storageclasses.storage.k8s.io': describeStorageClass,
  'priorityclasses.scheduling.k8s.io': describePriorityClass,
  'replicasets.apps': describeReplicaSet,
  replicationcontrollers: describeReplicationController,
  'clusterrolebindings.rbac.authorization.k8s.io': describeRoleBinding,
  'clusterroles.rbac.authorization.k8s.io': describeRole,
  'rolebindings.rbac.authorization.k8s.io': describeRoleBinding,
  'roles.rbac.authorization.k8s.io': describeRole,
  secrets: describeSecret,
  serviceaccounts: describeServiceAccount,
  services: describeService,
};

/** The description of any object. */
export const describeObject: Describer = (sheet, object, kind) =>
  (Object.hasOwn(describers, kind.key) ? describers[kind.key]! : describeAny)(sheet, object, kind);
