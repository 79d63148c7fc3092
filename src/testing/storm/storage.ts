import type { PersistentVolumeClaim } from '../../kube/apis/index.ts';
import { chance, container, names, namespaces, pick, request, some, type Maker } from './choose.ts';

const classes = ['standard', 'standard', 'at-once', ''] as const;

const createClass: Maker = ({ random }) =>
  request({
    verb: 'create',
    resource: 'storageclasses.storage.k8s.io',
    body: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'at-once' },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: pick(random, ['Immediate', 'WaitForFirstConsumer']),
      reclaimPolicy: pick(random, ['Delete', 'Retain']),
    },
  });

const deleteClass: Maker = () =>
  request({ verb: 'delete', resource: 'storageclasses.storage.k8s.io', name: 'at-once' });

/** A volume that was there before any claim. */
const createVolume: Maker = ({ random }) =>
  request({
    verb: 'create',
    resource: 'persistentvolumes',
    body: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${random.int(4)}` },
      spec: {
        capacity: { storage: pick(random, ['1Gi', '5Gi']) },
        accessModes: ['ReadWriteOnce'],
        storageClassName: pick(random, ['', 'at-once']),
        persistentVolumeReclaimPolicy: pick(random, ['Retain', 'Delete']),
        hostPath: { path: '/data' },
      },
    },
  });

const deleteVolume: Maker = (scene) => {
  const volume = pick(scene.random, scene.objects('persistentvolumes'));
  return volume && request({ verb: 'delete', resource: 'persistentvolumes', name: volume.metadata.name });
};

const createClaim: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  const storageClassName = pick(random, classes);
  return request({
    verb: 'create',
    resource: 'persistentvolumeclaims',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `claim-${random.int(4)}`, namespace },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: pick(random, ['1Gi', '3Gi']) } },
        ...(chance(random, 80) && { storageClassName }),
      },
    },
  });
};

/** A pod that uses a claim, which need not be there yet. */
const createUser: Maker = (scene) => {
  const { random } = scene;
  const app = pick(random, names);
  const claim = some<PersistentVolumeClaim>(scene, 'persistentvolumeclaims');
  const namespace = claim?.metadata.namespace ?? pick(random, namespaces);
  const claimName = claim && chance(random, 80) ? claim.metadata.name : `claim-${random.int(4)}`;
  const spec = container(random, app)!;
  const [first, ...rest] = spec.containers;
  const volumeMounts = [...(first!.volumeMounts ?? []), { name: 'data', mountPath: '/data' }];
  const volumes = [...(spec.volumes ?? []), { name: 'data', persistentVolumeClaim: { claimName } }];
  return request({
    verb: 'create',
    resource: 'pods',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `keeper-${random.int(10)}`, namespace, labels: { app } },
      spec: { ...spec, containers: [{ ...first, volumeMounts }, ...rest], volumes },
    },
  });
};

/** What the storm does with volumes, claims and their classes; claims are deleted among the workloads' acts. */
export const storageMakers: readonly (readonly [number, Maker])[] = [
  [1, createClass],
  [1, deleteClass],
  [2, createVolume],
  [1, deleteVolume],
  [3, createClaim],
  [3, createUser],
];
