import type { Models } from '../../generated/types.ts';
import type { AnyKind, KindRecord } from './kind.ts';
import { namespace } from './core/namespace.ts';
import { mutatingAdmissionPolicy } from './admissionregistration/mutatingadmissionpolicy.ts';
import { mutatingAdmissionPolicyBinding } from './admissionregistration/mutatingadmissionpolicybinding.ts';
import { validatingAdmissionPolicy } from './admissionregistration/validatingadmissionpolicy.ts';
import { validatingAdmissionPolicyBinding } from './admissionregistration/validatingadmissionpolicybinding.ts';
import { customResourceDefinition } from './apiextensions/customresourcedefinition.ts';
import { node } from './core/node.ts';
import { lease } from './coordination/lease.ts';
import { pod } from './core/pod.ts';
import { replicationController } from './core/replicationcontroller.ts';
import { persistentVolume } from './core/persistentvolume.ts';
import { persistentVolumeClaim } from './core/persistentvolumeclaim.ts';
import { storageClass } from './storage/storageclass.ts';
import { podTemplate } from './core/podtemplate.ts';
import { controllerRevision } from './apps/controllerrevision.ts';
import { daemonSet } from './apps/daemonset.ts';
import { replicaSet } from './apps/replicaset.ts';
import { statefulSet } from './apps/statefulset.ts';
import { deployment } from './apps/deployment.ts';
import { horizontalPodAutoscaler } from './autoscaling/horizontalpodautoscaler.ts';
import { horizontalPodAutoscalerV1 } from './autoscaling/horizontalpodautoscaler-v1.ts';
import { job } from './batch/job.ts';
import { cronJob } from './batch/cronjob.ts';
import { service } from './core/service.ts';
import { endpoints } from './core/endpoints.ts';
import { endpointSlice } from './discovery/endpointslice.ts';
import { configMap } from './core/configmap.ts';
import { secret } from './core/secret.ts';
import { serviceAccount } from './core/serviceaccount.ts';
import { event } from './core/event.ts';
import { ingress } from './networking/ingress.ts';
import { ingressClass } from './networking/ingressclass.ts';
import { networkPolicy } from './networking/networkpolicy.ts';
import { role } from './rbac/role.ts';
import { roleBinding } from './rbac/rolebinding.ts';
import { clusterRole } from './rbac/clusterrole.ts';
import { clusterRoleBinding } from './rbac/clusterrolebinding.ts';
import { limitRange } from './core/limitrange.ts';
import { resourceQuota } from './core/resourcequota.ts';
import { podDisruptionBudget } from './policy/poddisruptionbudget.ts';
import { priorityClass } from './scheduling/priorityclass.ts';
import { runtimeClass } from './node/runtimeclass.ts';
import { csiDriver } from './storage/csidriver.ts';
import { csiNode } from './storage/csinode.ts';
import { csiStorageCapacity } from './storage/csistoragecapacity.ts';
import { volumeAttachment } from './storage/volumeattachment.ts';
import { volumeAttributesClass } from './storage/volumeattributesclass.ts';
import { certificateSigningRequest } from './certificates/certificatesigningrequest.ts';
import { flowSchema } from './flowcontrol/flowschema.ts';
import { priorityLevelConfiguration } from './flowcontrol/prioritylevelconfiguration.ts';
import { serviceCidr } from './networking/servicecidr.ts';
import { ipAddress } from './networking/ipaddress.ts';
import { mutatingWebhookConfiguration } from './admissionregistration/mutatingwebhookconfiguration.ts';
import { validatingWebhookConfiguration } from './admissionregistration/validatingwebhookconfiguration.ts';
import { eventV1 } from './events/event.ts';
import { apiService } from './apiregistration/apiservice.ts';

/** Every built-in kind. A new kind is its file and its line here. */
export const kinds = [
  namespace,
  node,
  lease,
  pod,
  replicationController,
  podTemplate,
  replicaSet,
  deployment,
  daemonSet,
  statefulSet,
  controllerRevision,
  persistentVolume,
  persistentVolumeClaim,
  storageClass,
  job,
  cronJob,
  horizontalPodAutoscaler,
  service,
  endpoints,
  endpointSlice,
  configMap,
  secret,
  serviceAccount,
  podDisruptionBudget,
  priorityClass,
  limitRange,
  resourceQuota,
  ingressClass,
  ingress,
  networkPolicy,
  serviceCidr,
  ipAddress,
  runtimeClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  certificateSigningRequest,
  flowSchema,
  priorityLevelConfiguration,
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
  apiService,
  role,
  roleBinding,
  clusterRole,
  clusterRoleBinding,
  customResourceDefinition,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  event,
] as const;

/** Further versions in which kinds are served, under keys of their own (`horizontalpodautoscalers.v1.autoscaling`). */
const views = [horizontalPodAutoscalerV1, eventV1] as const;

type Records = (typeof kinds)[number];

/** `pods`, `deployments.apps`, …: what a client names a resource by. */
export type ResourceKey = Records['key'];

type ByKey = { [R in Records as R['key']]: R extends KindRecord<infer M> ? Models[M] : never };

/** The object type of a resource: `ObjectOf<'pods'>` is `V1Pod`. */
export type ObjectOf<R extends ResourceKey> = ByKey[R];

const served = [...kinds, ...views] as unknown as readonly AnyKind[];
/** Every version of every kind that the API server answers for. */
export const servedKinds: readonly AnyKind[] = served;

const byKey = new Map<string, AnyKind>(served.map((k) => [k.key, k]));
const byGvk = new Map<string, AnyKind>(served.map((k) => [`${k.group ? `${k.group}/` : ''}${k.version}/${k.kind}`, k]));

/** Every group and version that is served: `apps/v1`, `autoscaling/v1`, `autoscaling/v2`. */
export const servedVersions: readonly string[] = served.map(({ group, version }) =>
  group ? `${group}/${version}` : version,
);

/** The record of a resource key, or undefined when no such kind is served. */
export const kindOf = (key: string): AnyKind | undefined => byKey.get(key);

/** The record for what a manifest says (`apps/v1`, `Deployment`), or undefined. */
export const kindFor = (apiVersion: string, kind: string): AnyKind | undefined => byGvk.get(`${apiVersion}/${kind}`);

export type CustomResourceDefinition = ObjectOf<'customresourcedefinitions.apiextensions.k8s.io'>;
export type Pod = ObjectOf<'pods'>;
export type Node = ObjectOf<'nodes'>;
export type Namespace = ObjectOf<'namespaces'>;
export type Lease = ObjectOf<'leases.coordination.k8s.io'>;
export type ReplicationController = ObjectOf<'replicationcontrollers'>;
export type ReplicaSet = ObjectOf<'replicasets.apps'>;
export type DaemonSet = ObjectOf<'daemonsets.apps'>;
export type StatefulSet = ObjectOf<'statefulsets.apps'>;
export type PersistentVolume = ObjectOf<'persistentvolumes'>;
export type PersistentVolumeClaim = ObjectOf<'persistentvolumeclaims'>;
export type StorageClass = ObjectOf<'storageclasses.storage.k8s.io'>;
export type ControllerRevision = ObjectOf<'controllerrevisions.apps'>;
export type Deployment = ObjectOf<'deployments.apps'>;
export type HorizontalPodAutoscaler = ObjectOf<'horizontalpodautoscalers.autoscaling'>;
export type Job = ObjectOf<'jobs.batch'>;
export type CronJob = ObjectOf<'cronjobs.batch'>;
export type Service = ObjectOf<'services'>;
export type Endpoints = ObjectOf<'endpoints'>;
export type EndpointSlice = ObjectOf<'endpointslices.discovery.k8s.io'>;
export type ConfigMap = ObjectOf<'configmaps'>;
export type Secret = ObjectOf<'secrets'>;
export type ServiceAccount = ObjectOf<'serviceaccounts'>;
export type Ingress = ObjectOf<'ingresses.networking.k8s.io'>;
export type IngressClass = ObjectOf<'ingressclasses.networking.k8s.io'>;
export type NetworkPolicy = ObjectOf<'networkpolicies.networking.k8s.io'>;
export type KubeEvent = ObjectOf<'events'>;
export type PodDisruptionBudget = ObjectOf<'poddisruptionbudgets.policy'>;
export type PriorityClass = ObjectOf<'priorityclasses.scheduling.k8s.io'>;
export type Role = ObjectOf<'roles.rbac.authorization.k8s.io'>;
export type RoleBinding = ObjectOf<'rolebindings.rbac.authorization.k8s.io'>;
export type ClusterRole = ObjectOf<'clusterroles.rbac.authorization.k8s.io'>;
export type ClusterRoleBinding = ObjectOf<'clusterrolebindings.rbac.authorization.k8s.io'>;
export type LimitRange = ObjectOf<'limitranges'>;
export type ResourceQuota = ObjectOf<'resourcequotas'>;
