import type { KubeObject } from '../../kube/apimachinery/index.ts';
import { customResourceDefinition } from '../../kube/apis/apiextensions/customresourcedefinition.ts';
import { kinds } from '../../kube/apis/index.ts';
import type { AnyKind } from '../../kube/apis/kind.ts';
import {
  chance,
  deleteSome,
  names,
  namespaces,
  pick,
  request,
  settings,
  some,
  type Maker,
  type Scene,
} from './choose.ts';

/** Kinds whose objects the storm's other acts make, or that nobody makes by hand. */
const elsewhere: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ControllerRevision',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Event',
  'PodDisruptionBudget',
  'PriorityClass',
  'LimitRange',
  'ResourceQuota',
  'Ingress',
  'NetworkPolicy',
]);

const plain = (kinds as unknown as readonly AnyKind[]).filter(({ kind }) => !elsewhere.has(kind));

/** An example's own name says that the name is not free to choose, or means something. */
const ownName = ({ example }: AnyKind): string => (example as KubeObject).metadata.name;

/** Makes an example of a kind that has no acts of its own, under one of few names where the name is free to choose. */
const createExample: Maker = ({ random }) => {
  const kind = pick(random, plain);
  const example = kind.example as KubeObject;
  const fixed = ownName(kind) !== 'example';
  const namespace = kind.namespaced ? pick(random, namespaces) : undefined;
  const metadata = { ...example.metadata, namespace, name: fixed ? ownName(kind) : pick(random, names) };
  return request({ verb: 'create', resource: kind.key, namespace, body: { ...example, metadata } });
};

/** One of those that the storm has made. */
const someExample = (scene: Scene, kind: AnyKind): KubeObject | undefined =>
  pick(
    scene.random,
    scene
      .objects(kind.key)
      .filter(({ metadata: { name } }) => (names as readonly string[]).includes(name) || name === ownName(kind)),
  );

const editExample: Maker = (scene) => {
  const { random } = scene;
  const kind = pick(random, plain);
  const { key } = kind;
  const object = someExample(scene, kind);
  if (!object) return undefined;
  const { name, namespace } = object.metadata;
  const body = { metadata: { labels: { turn: String(random.int(10)) } } };
  return request({ verb: 'patch', resource: key, namespace, name, patchType: 'merge', body });
};

const deleteExample: Maker = (scene) => {
  const { random } = scene;
  const kind = pick(random, plain);
  const { key } = kind;
  const object = someExample(scene, kind);
  if (!object) return undefined;
  const { name, namespace } = object.metadata;
  const propagationPolicy = pick(random, ['Background', 'Foreground', 'Orphan'] as const);
  return request({ verb: 'delete', resource: key, namespace, name, options: { propagationPolicy } });
};

const exampleDefinition = customResourceDefinition.example as unknown as KubeObject & {
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string }[] };
};

/** An object of the kind that the storm's CustomResourceDefinition defines, whether it is there or not. */
const createCustom: Maker = ({ random }) => {
  const { group, names: kindNames, versions } = exampleDefinition.spec;
  const namespace = pick(random, namespaces);
  const metadata = { name: pick(random, names), namespace };
  const body = { apiVersion: `${group}/${versions[0]!.name}`, kind: kindNames.kind, metadata };
  return request({ verb: 'create', resource: `${kindNames.plural}.${group}`, namespace, body });
};

/** Makes, changes or takes away what pods read. */
const configure: Maker = (scene) => {
  const { random } = scene;
  const resource = pick(random, ['configmaps', 'secrets'] as const);
  const namespace = pick(random, namespaces);
  const name = settings;
  const known = scene.objects(resource).some(({ metadata: m }) => m.name === name && m.namespace === namespace);
  if (known && chance(random, 30)) return request({ verb: 'delete', resource, namespace, name });
  const value = String(random.int(100));
  const content = resource === 'configmaps' ? { data: { value } } : { stringData: { value } };
  if (known) return request({ verb: 'patch', resource, namespace, name, patchType: 'merge', body: content });
  const kind = resource === 'configmaps' ? 'ConfigMap' : 'Secret';
  const body = { apiVersion: 'v1', kind, metadata: { name, namespace }, ...content };
  return request({ verb: 'create', resource, namespace, body });
};

/** Endpoints of a Service without a selector, written by hand. */
const createEndpoints: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  const metadata = { name: 'outside', namespace };
  const subsets = [{ addresses: [{ ip: `192.0.2.${random.between(1, 9)}` }], ports: [{ port: 80 }] }];
  const body = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets };
  return request({ verb: 'create', resource: 'endpoints', namespace, body });
};

/** Takes away what components write for themselves: they make it again, or live without. */
const deleteWritten: Maker = (scene) => {
  const resource = pick(scene.random, ['endpoints', 'events', 'leases.coordination.k8s.io', 'serviceaccounts']);
  if (resource !== 'leases.coordination.k8s.io') return deleteSome(resource)(scene);
  const lease = pick(scene.random, scene.objects(resource));
  return lease && request({ verb: 'delete', resource, namespace: lease.metadata.namespace, name: lease.metadata.name });
};

const createEvent: Maker = (scene) => {
  const pod = some(scene, 'pods');
  if (!pod) return undefined;
  const { name, namespace, uid } = pod.metadata;
  const involvedObject = { kind: 'Pod', apiVersion: 'v1', name, namespace, uid };
  const metadata = { name: `${name}.note`, namespace };
  const body = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, reason: 'Noted', message: 'by hand' };
  return request({ verb: 'create', resource: 'events', namespace, body });
};

/** What the storm does with kinds that no controller brings to life, or that components write. */
export const configurationMakers: readonly (readonly [number, Maker])[] = [
  [7, createExample],
  [2, editExample],
  [4, deleteExample],
  [2, createCustom],
  [4, configure],
  [1, createEndpoints],
  [2, deleteWritten],
  [1, createEvent],
];
