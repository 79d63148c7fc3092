import type { KubeObject } from '../apimachinery/index.ts';
import type { ReplicaSet, ReplicationController } from '../apis/index.ts';
import { replicatedController } from './replicaset.ts';

const views = new WeakMap<object, ReplicaSet>();

/** A ReplicationController as a ReplicaSet: its selector is a plain map of labels. */
function asReplicaSet(object: KubeObject): ReplicaSet {
  const known = views.get(object);
  if (known) return known;
  const rc = object as unknown as ReplicationController;
  const { selector = {}, ...spec } = rc.spec ?? {};
  const view = { ...rc, spec: { ...spec, selector: { matchLabels: selector } } } as ReplicaSet;
  views.set(object, view);
  return view;
}

/**
 * Keeps the number of a ReplicationController's pods: the ReplicaSet controller once more, under another name.
 * Kubernetes: pkg/controller/replication.
 */
export const replicationController = replicatedController({
  name: 'replicationcontroller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  component: 'replication-controller',
  view: asReplicaSet,
  status: (status) => ({ ...status, terminatingReplicas: undefined }),
});
