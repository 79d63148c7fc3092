import type { Random } from '../../kernel/index.ts';
import type { Deployment, Node, Pod, ReplicaSet, Service } from '../../kube/apis/index.ts';
import type { ApiRequest } from '../../kube/apiserver/request.ts';
import {
  chance,
  container,
  goodImages,
  names,
  namespaces,
  pick,
  request,
  deleteSome,
  some,
  type Act,
  type Maker,
  type Scene,
} from './choose.ts';
import { autoscalingMakers } from './autoscaling.ts';
import { configurationMakers } from './configuration.ts';
import { disruptionMakers } from './disruption.ts';
import { networkingMakers } from './networking-acts.ts';
import { jobMakers } from './jobs.ts';
import { nodeMakers } from './nodes.ts';
import { quotaMakers } from './quotas.ts';
import { storageMakers } from './storage.ts';
import { workloadMakers } from './workloads.ts';

const surges = [0, 1, 2, 3, '25%', '50%', '100%', '1%'] as const;

function strategy(random: Random): NonNullable<NonNullable<Deployment['spec']>['strategy']> {
  if (chance(random, 15)) return { type: 'Recreate' };
  const maxSurge = pick(random, surges);
  const maxUnavailable = maxSurge === 0 ? pick(random, [1, 2, '50%']) : pick(random, surges);
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}

const createDeployment: Maker = ({ random }) => {
  const app = pick(random, names);
  const namespace = pick(random, namespaces);
  return request({
    verb: 'create',
    resource: 'deployments.apps',
    namespace,
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: app, namespace },
      spec: {
        replicas: random.int(6),
        selector: { matchLabels: { app } },
        strategy: strategy(random),
        ...(chance(random, 30) && { minReadySeconds: random.between(1, 15) }),
        ...(chance(random, 30) && { progressDeadlineSeconds: 60 }),
        ...(chance(random, 30) && { revisionHistoryLimit: random.int(3) }),
        template: { metadata: { labels: { app } }, spec: container(random, app) },
      },
    },
  });
};

/** Writes a changed Deployment back with its resourceVersion, as `kubectl edit` would. */
function editDeployment(scene: Scene, change: (spec: NonNullable<Deployment['spec']>) => object): Act | undefined {
  const deployment = some<Deployment>(scene, 'deployments.apps');
  if (!deployment) return undefined;
  const spec = deployment.spec!;
  return request({
    verb: 'update',
    resource: 'deployments.apps',
    namespace: deployment.metadata.namespace,
    name: deployment.metadata.name,
    body: { ...deployment, spec: { ...spec, ...change(spec) } },
  });
}

const updateTemplate: Maker = (scene) =>
  editDeployment(scene, (spec) => ({
    template: { ...spec.template, spec: container(scene.random, spec.template.metadata!.labels!['app']!) },
  }));

const restart: Maker = (scene) =>
  editDeployment(scene, (spec) => ({
    template: {
      ...spec.template,
      metadata: { ...spec.template.metadata, annotations: { turn: String(scene.random.int(1000)) } },
    },
  }));

const deletePod: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods');
  return (
    pod &&
    request({
      verb: 'delete',
      resource: 'pods',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      ...(chance(scene.random, 25) && { options: { gracePeriodSeconds: 0, force: true } as ApiRequest['options'] }),
    })
  );
};

const createService: Maker = ({ random }) => {
  const app = pick(random, names);
  const namespace = pick(random, namespaces);
  const type = pick(random, ['ClusterIP', 'NodePort', 'LoadBalancer', 'Headless']);
  return request({
    verb: 'create',
    resource: 'services',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app, namespace },
      spec: {
        ...(type === 'Headless' ? { clusterIP: 'None' } : { type }),
        selector: { app },
        ports: [{ port: 80, targetPort: chance(random, 50) ? 'http' : 80 }],
        ...(chance(random, 20) && { publishNotReadyAddresses: true }),
      },
    },
  });
};

const createPod: Maker = ({ random }) => {
  const app = pick(random, names);
  const namespace = pick(random, namespaces);
  return request({
    verb: 'create',
    resource: 'pods',
    namespace,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `bare-${random.int(50)}`, namespace, labels: { app } },
      spec: { ...container(random, app), restartPolicy: pick(random, ['Always', 'OnFailure', 'Never']) },
    },
  });
};

/** Takes a pod out of its ReplicaSet by its label, or back in. */
const relabelPod: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods', (p) => !p.metadata.deletionTimestamp);
  if (!pod) return undefined;
  const labels = { ...pod.metadata.labels, app: pick(scene.random, [...names, 'loose']) };
  return request({
    verb: 'update',
    resource: 'pods',
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    body: { ...pod, metadata: { ...pod.metadata, labels } },
  });
};

const cordon: Maker = (scene) => {
  const node = pick(scene.random, scene.objects<Node>('nodes'));
  if (!node) return undefined;
  return request({
    verb: 'update',
    resource: 'nodes',
    name: node.metadata.name,
    body: { ...node, spec: { ...node.spec, unschedulable: !node.spec?.unschedulable } },
  });
};

const evict: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods');
  return (
    pod &&
    request({
      verb: 'create',
      resource: 'pods',
      subresource: 'eviction',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
      },
    })
  );
};

const scale: Maker = (scene) => {
  const deployment = some<Deployment>(scene, 'deployments.apps');
  return (
    deployment &&
    request({
      verb: 'patch',
      resource: 'deployments.apps',
      subresource: 'scale',
      namespace: deployment.metadata.namespace,
      name: deployment.metadata.name,
      patchType: 'merge',
      body: { spec: { replicas: scene.random.int(7) } },
    })
  );
};

/** Scales a ReplicaSet behind its Deployment's back. */
const scaleReplicaSet: Maker = (scene) => {
  const set = some<ReplicaSet>(scene, 'replicasets.apps');
  return (
    set &&
    request({
      verb: 'patch',
      resource: 'replicasets.apps',
      namespace: set.metadata.namespace,
      name: set.metadata.name,
      patchType: 'merge',
      body: { spec: { replicas: scene.random.int(6) } },
    })
  );
};

/** Puts a finalizer on a pod or takes it off: an object that will not go. */
const finalizer: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods');
  return (
    pod &&
    request({
      verb: 'patch',
      resource: 'pods',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      patchType: 'merge',
      body: { metadata: { finalizers: pod.metadata.finalizers?.length ? null : ['example.com/hold'] } },
    })
  );
};

const deletePods: Maker = ({ random }) =>
  request({
    verb: 'deletecollection',
    resource: 'pods',
    namespace: pick(random, namespaces),
    options: { labelSelector: `app=${pick(random, names)}` },
  });

const deleteNode: Maker = (scene) => {
  if (scene.objects('nodes').length < 3) return undefined;
  const node = pick(scene.random, scene.objects<Node>('nodes'));
  return node && request({ verb: 'delete', resource: 'nodes', name: node.metadata.name });
};

const createNamespace: Maker = ({ random }) =>
  request({
    verb: 'create',
    resource: 'namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: pick(random, namespaces.slice(1)) } },
  });

const deleteNamespace: Maker = ({ random }) =>
  request({ verb: 'delete', resource: 'namespaces', name: pick(random, namespaces.slice(1)) });

const containerFault: Maker = (scene) => {
  const pod = some<Pod>(scene, 'pods', (p) => p.status?.phase === 'Running');
  if (!pod) return undefined;
  const fault = pick(scene.random, [
    'container-crash',
    'container-crash',
    'container-hang',
    'container-leak',
    'container-heal',
  ] as const);
  return { type: 'fault', fault: { fault, namespace: pod.metadata.namespace!, pod: pod.metadata.name! } };
};

const nodeFault: Maker = ({ random, machines }) => {
  const machine = pick(random, [...machines.nodes.values()]);
  const fault = machine.up
    ? machine.cut
      ? pick(random, ['node-reconnect', 'node-crash'] as const)
      : pick(random, ['node-crash', 'node-cut'] as const)
    : pick(random, ['node-start', 'node-reconnect', 'node-start'] as const);
  return { type: 'fault', fault: { fault, node: machine.name } };
};

const healNode: Maker = ({ random, machines }) => {
  const lost = [...machines.nodes.values()].filter((m) => !m.up || m.cut);
  if (lost.length === 0) return undefined;
  const machine = pick(random, lost);
  return { type: 'fault', fault: { fault: machine.up ? 'node-reconnect' : 'node-start', node: machine.name } };
};

const imageFault: Maker = ({ random }) => ({
  type: 'fault',
  fault: {
    fault: pick(random, ['image-slow', 'image-missing', 'image-heal', 'image-heal'] as const),
    image: pick(random, goodImages),
  },
});

const controlPlane = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'metrics-server'] as const;

const processFault: Maker = ({ random, machines }) => {
  const process = pick(random, controlPlane);
  return { type: 'fault', fault: { fault: machines.stopped.has(process) ? 'process-start' : 'process-stop', process } };
};

const startProcess: Maker = ({ random, machines }) =>
  machines.stopped.size === 0
    ? undefined
    : {
        type: 'fault',
        fault: { fault: 'process-start', process: pick(random, [...machines.stopped]) as 'kube-apiserver' },
      };

const addNode: Maker = ({ machines }) =>
  machines.nodes.size >= 8
    ? undefined
    : { type: 'fault', fault: { fault: 'node-add', node: `node-${machines.nodes.size + 1}` } };

const setTraffic: Maker = (scene) => {
  const { random } = scene;
  const service = some<Service>(scene, 'services');
  if (!service && chance(random, 80)) return undefined;
  return {
    type: 'traffic',
    source: {
      name: pick(random, ['users', 'bots']),
      url: `http://${service?.metadata.name ?? 'web'}.${service?.metadata.namespace ?? 'default'}`,
      rps: pick(random, [0, 0, 1, 3, 10]),
      from: pick(random, ['outside', 'inside']),
      timeoutMs: pick(random, [500, 2000]),
    },
  };
};

/** What may happen, with its weight. */
const makers: readonly (readonly [number, Maker])[] = [
  [14, createDeployment],
  [10, updateTemplate],
  [4, restart],
  [9, (s) => editDeployment(s, () => ({ replicas: s.random.int(7) }))],
  [3, (s) => editDeployment(s, () => ({ strategy: strategy(s.random) }))],
  [3, (s) => editDeployment(s, (spec) => ({ paused: !spec.paused }))],
  [3, deleteSome('deployments.apps')],
  [3, deleteSome('replicasets.apps')],
  [8, deletePod],
  [5, createService],
  [2, deleteSome('services')],
  [1, deleteSome('endpointslices.discovery.k8s.io')],
  [4, createPod],
  [3, relabelPod],
  [3, evict],
  [4, scale],
  [2, scaleReplicaSet],
  [2, finalizer],
  [1, deletePods],
  [1, deleteNode],
  [4, cordon],
  [5, createNamespace],
  [1, deleteNamespace],
  [6, containerFault],
  [4, nodeFault],
  [4, healNode],
  [3, imageFault],
  [2, processFault],
  [3, startProcess],
  [1, addNode],
  [3, setTraffic],
  ...networkingMakers,
  ...workloadMakers,
  ...jobMakers,
  ...disruptionMakers,
  ...quotaMakers,
  ...autoscalingMakers,
  ...nodeMakers,
  ...storageMakers,
  ...configurationMakers,
];

const total = makers.reduce((sum, [weight]) => sum + weight, 0);

/** The next thing that happens; undefined when there is nothing to do it to. */
export function nextAct(scene: Scene): Act | undefined {
  let rest = scene.random.int(total);
  for (const [weight, make] of makers) {
    if (rest < weight) return make(scene);
    rest -= weight;
  }
  return undefined;
}
