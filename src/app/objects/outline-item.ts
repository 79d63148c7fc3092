import type { KubeObject } from '../../protocol/index.ts';
import type { StageRef } from '../stage/index.ts';
import type { PodLook } from './pod-state.ts';

/** One row of the outline. */
export interface OutlineItem {
  readonly id: string;
  readonly level: number;
  /** What a screen reader hears: `Pod web-7d876db474-x2abc, node-1, Ready`. */
  readonly label: string;
  readonly name: string;
  readonly word: string;
  readonly icon:
    | PodLook
    | 'group'
    | 'node'
    | 'deployment'
    | 'replicaset'
    | 'job'
    | 'cronjob'
    | 'service'
    | 'gate'
    | 'scaler'
    | 'budget'
    | 'policy'
    | 'claim'
    | 'config'
    | 'secret'
    | 'account'
    | 'role'
    | 'binding'
    | 'definition'
    | 'custom'
    | 'container'
    | 'process';
  readonly ref: StageRef | null;
  readonly children: readonly OutlineItem[];
  /** Unfolded unless the learner folds it. */
  readonly open: boolean;
}

type Table = ReadonlyMap<string, KubeObject>;

/** What the outline reads. */
export interface OutlineSource {
  of(resource: string): Table;
  readonly stopped: readonly string[];
}

/** Namespaces of the system itself, left out unless something the learner made is in them. */
export const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Names an object for the selection. */
export const refOf = (resource: string, object: KubeObject): StageRef => ({
  resource,
  key: object.metadata.namespace ? `${object.metadata.namespace}/${object.metadata.name}` : object.metadata.name,
  uid: object.metadata.uid,
});

/** The row of an object that has none below it. */
export const leafItem = (
  resource: string,
  object: KubeObject,
  of: Pick<OutlineItem, 'level' | 'icon' | 'word' | 'label'>,
): OutlineItem => ({
  id: object.metadata.uid,
  name: object.metadata.name,
  ref: refOf(resource, object),
  children: [],
  open: false,
  ...of,
});

/** In the order of their names. */
export const byName = (a: KubeObject, b: KubeObject): number =>
  a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
