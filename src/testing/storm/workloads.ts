import type { Random } from '../../kernel/index.ts';
import type { DaemonSet, ReplicationController, StatefulSet } from '../../kube/apis/index.ts';
import type { ResourceKey } from '../../kube/apis/index.ts';
import {
  chance,
  container,
  deleteSome,
  names,
  namespaces,
  pick,
  request,
  some,
  type Act,
  type Maker,
  type Scene,
} from './choose.ts';

/** What the three kinds have in common here. */
interface Workload {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly spec?: object | undefined;
}

const create =
  (apiVersion: string, kind: string, resource: ResourceKey, spec: (random: Random, app: string) => object): Maker =>
  ({ random }) => {
    const app = pick(random, names);
    const namespace = pick(random, namespaces);
    const template = { metadata: { labels: { app } }, spec: container(random, app) };
    const metadata = { name: app, namespace };
    const body = { apiVersion, kind, metadata, spec: { ...spec(random, app), template } };
    return request({ verb: 'create', resource, namespace, body });
  };

/** Writes a changed workload back with its resourceVersion, as `kubectl edit` would. */
const edit =
  <T extends Workload>(resource: ResourceKey, change: (scene: Scene, object: T) => object): Maker =>
  (scene): Act | undefined => {
    const object = some<T>(scene, resource);
    if (!object) return undefined;
    const { name, namespace } = object.metadata;
    const body = { ...object, spec: { ...object.spec, ...change(scene, object) } };
    return request({ verb: 'update', resource, namespace, name, body });
  };

const newTemplate = ({ random }: Scene, { metadata }: Workload): object => ({
  template: { metadata: { labels: { app: metadata.name } }, spec: container(random, metadata.name) },
});

const selector = (app: string): object => ({ matchLabels: { app } });

const setStrategy = (random: Random): object =>
  chance(random, 15)
    ? { type: 'OnDelete' }
    : {
        type: 'RollingUpdate',
        rollingUpdate: {
          partition: chance(random, 60) ? 0 : random.int(4),
          ...(chance(random, 30) && { maxUnavailable: pick(random, [1, 2, '50%']) }),
        },
      };

const daemonStrategy = (random: Random): object =>
  pick(random, [
    { type: 'OnDelete' },
    { type: 'RollingUpdate' },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '50%' } },
  ]);

const createStatefulSet = create('apps/v1', 'StatefulSet', 'statefulsets.apps', (random, app) => ({
  replicas: random.int(5),
  serviceName: app,
  selector: selector(app),
  podManagementPolicy: pick(random, ['OrderedReady', 'OrderedReady', 'Parallel']),
  updateStrategy: setStrategy(random),
  ...(chance(random, 30) && { minReadySeconds: random.between(1, 10) }),
  ...(chance(random, 30) && { revisionHistoryLimit: random.int(3) }),
  ...(chance(random, 20) && { ordinals: { start: random.int(3) } }),
  ...(chance(random, 40) && {
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: pick(random, ['Retain', 'Delete']),
      whenScaled: pick(random, ['Retain', 'Delete']),
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  }),
}));

const createDaemonSet = create('apps/v1', 'DaemonSet', 'daemonsets.apps', (random, app) => ({
  selector: selector(app),
  updateStrategy: daemonStrategy(random),
  ...(chance(random, 30) && { minReadySeconds: random.between(1, 10) }),
  ...(chance(random, 30) && { revisionHistoryLimit: random.int(3) }),
}));

const createController = create('v1', 'ReplicationController', 'replicationcontrollers', (random, app) => ({
  replicas: random.int(5),
  selector: { app },
}));

/** What may happen to StatefulSets, DaemonSets and ReplicationControllers, with its weight. */
export const workloadMakers: readonly (readonly [number, Maker])[] = [
  [5, createStatefulSet],
  [4, edit<StatefulSet>('statefulsets.apps', newTemplate)],
  [4, edit<StatefulSet>('statefulsets.apps', ({ random }) => ({ replicas: random.int(6) }))],
  [2, edit<StatefulSet>('statefulsets.apps', ({ random }) => ({ updateStrategy: setStrategy(random) }))],
  [2, deleteSome('statefulsets.apps')],
  [3, createDaemonSet],
  [3, edit<DaemonSet>('daemonsets.apps', newTemplate)],
  [2, edit<DaemonSet>('daemonsets.apps', ({ random }) => ({ updateStrategy: daemonStrategy(random) }))],
  [2, deleteSome('daemonsets.apps')],
  [3, createController],
  [2, edit<ReplicationController>('replicationcontrollers', ({ random }) => ({ replicas: random.int(6) }))],
  [1, deleteSome('replicationcontrollers')],
  [1, deleteSome('controllerrevisions.apps')],
  [1, deleteSome('persistentvolumeclaims')],
];
