import type { V1Container, V1PodSpec, V1ProjectedVolumeSource, V1Volume } from '../../../generated/types.ts';
import type { Ref } from '../kind.ts';

/**
 * Everything a pod's spec names: ConfigMaps and Secrets (as environment, volume or pull secret), claims, the service
 * account, the node. `prefix` is where the spec stands: `spec`, or `spec.template.spec` of a workload.
 */
export function podRefs(spec: V1PodSpec | undefined, namespace: string | undefined, prefix = 'spec'): Ref[] {
  if (!spec) return [];
  const refs: Ref[] = [];
  const add = (resource: string, name: string | undefined, path: string, how: string): void => {
    if (name) refs.push({ resource, name, namespace, path: `${prefix}.${path}`, how });
  };
  for (const [i, volume] of (spec.volumes ?? []).entries()) volumeRefs(volume, `volumes[${i}]`, add);
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [i, container] of (spec[list] ?? []).entries()) environmentRefs(container, `${list}[${i}]`, add);
  }
  for (const [i, { name }] of (spec.imagePullSecrets ?? []).entries()) {
    add('secrets', name, `imagePullSecrets[${i}]`, 'imagePullSecret');
  }
  add('serviceaccounts', spec.serviceAccountName, 'serviceAccountName', 'serviceAccount');
  if (spec.nodeName) refs.push({ resource: 'nodes', name: spec.nodeName, path: `${prefix}.nodeName`, how: 'runsOn' });
  return refs;
}

type Add = (resource: string, name: string | undefined, path: string, how: string) => void;

function volumeRefs(volume: V1Volume, path: string, add: Add): void {
  add('configmaps', volume.configMap?.name, `${path}.configMap`, 'volume');
  add('secrets', volume.secret?.secretName, `${path}.secret`, 'volume');
  add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName, `${path}.persistentVolumeClaim`, 'volume');
  if (volume.projected) projectedRefs(volume.projected, `${path}.projected`, add);
}

function projectedRefs({ sources }: V1ProjectedVolumeSource, path: string, add: Add): void {
  for (const [i, source] of (sources ?? []).entries()) {
    add('configmaps', source.configMap?.name, `${path}.sources[${i}].configMap`, 'volume');
    add('secrets', source.secret?.name, `${path}.sources[${i}].secret`, 'volume');
  }
}

function environmentRefs(container: V1Container, path: string, add: Add): void {
  for (const [i, { valueFrom }] of (container.env ?? []).entries()) {
    add('configmaps', valueFrom?.configMapKeyRef?.name, `${path}.env[${i}].valueFrom.configMapKeyRef`, 'env');
    add('secrets', valueFrom?.secretKeyRef?.name, `${path}.env[${i}].valueFrom.secretKeyRef`, 'env');
  }
  for (const [i, { configMapRef, secretRef }] of (container.envFrom ?? []).entries()) {
    add('configmaps', configMapRef?.name, `${path}.envFrom[${i}].configMapRef`, 'envFrom');
    add('secrets', secretRef?.name, `${path}.envFrom[${i}].secretRef`, 'envFrom');
  }
}

/** Fields of a container that the simulation keeps without acting on them. */
const storedOfContainer = [
  'env[].valueFrom.fileKeyRef',
  'lifecycle.postStart.tcpSocket',
  'lifecycle.preStop.tcpSocket',
  'lifecycle.stopSignal',
  'resizePolicy',
  'resources.claims',
  'securityContext.allowPrivilegeEscalation',
  'securityContext.appArmorProfile',
  'securityContext.capabilities',
  'securityContext.privileged',
  'securityContext.procMount',
  'securityContext.runAsNonRoot',
  'securityContext.seLinuxOptions',
  'securityContext.seccompProfile',
  'securityContext.windowsOptions',
  'volumeDevices',
  'volumeMounts[].mountPropagation',
  'volumeMounts[].recursiveReadOnly',
];

/** Sources of volumes that nobody mounts: the container finds an empty directory. */
const storedVolumes = (
  'awsElasticBlockStore azureDisk azureFile cephfs cinder csi ephemeral fc flexVolume flocker gcePersistentDisk gitRepo ' +
  'glusterfs hostPath image iscsi nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume'
).split(' ');

/** Fields of a pod's spec that the simulation keeps without acting on them. `[]` stands for every item of a list. */
const stored = [
  'hostIPC',
  'hostPID',
  'hostUsers',
  'hostnameOverride',
  'os',
  'resourceClaims',
  'resources.claims',
  'resources.limits',
  'schedulingGroup',
  'securityContext.appArmorProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.runAsNonRoot',
  'securityContext.seLinuxChangePolicy',
  'securityContext.seLinuxOptions',
  'securityContext.seccompProfile',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
  'securityContext.windowsOptions',
  'setHostnameAsFQDN',
  'shareProcessNamespace',
  ...storedOfContainer.map((field) => `containers[].${field}`),
  ...storedOfContainer.map((field) => `initContainers[].${field}`),
  'volumes[].emptyDir.sizeLimit',
  'volumes[].projected.sources[].clusterTrustBundle',
  'volumes[].projected.sources[].podCertificate',
  ...storedVolumes.map((source) => `volumes[].${source}`),
];

/** These fields, where the spec stands at `prefix`: `spec`, or `spec.template.spec` of a workload. */
export const podStoredOnly = (prefix = 'spec'): string[] => stored.map((path) => `${prefix}.${path}`);
