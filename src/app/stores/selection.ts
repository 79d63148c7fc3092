import { create } from 'zustand';
import type { Deed, RequestRecord } from '../../protocol/index.ts';
import type { MenuCause, StageRef } from '../stage/index.ts';
import { cluster, type ClusterData } from './cluster.ts';
import { theSecond, type Side } from './second.ts';

/** A place of the page where the fault menu opens. */
export interface MenuAt {
  readonly cause: MenuCause;
  readonly ref: StageRef;
  readonly x: number;
  readonly y: number;
  /** Of which cluster the object is. */
  readonly side: Side;
}

interface SelectionStore {
  readonly selected: StageRef | null;
  /** Of a comparison: the cluster that the selected object belongs to. */
  readonly side: Side;
  /** Uid → number of its Why card; everything else on the stage is dimmed while it is not empty. */
  readonly highlights: ReadonlyMap<string, number>;
  /** The cards of the chain that is told now, for the lanes. */
  readonly chain: readonly { readonly deed: Deed; readonly number: number }[];
  readonly request: { readonly record: RequestRecord; readonly x: number; readonly y: number } | null;
  readonly menu: MenuAt | null;
}

/** What the learner looks at: the same object is outlined on the stage, in the outline and in every panel. */
export const useSelection = create<SelectionStore>()(() => ({
  selected: null,
  side: 'a',
  highlights: new Map(),
  chain: [],
  request: null,
  menu: null,
}));

/** Selects an object everywhere. Two clusters of one seed may know the same uid: the side belongs to it. */
export function select(ref: StageRef | null, side: Side = 'a'): void {
  const now = useSelection.getState();
  if (now.selected?.uid !== ref?.uid || now.side !== side) useSelection.setState({ selected: ref, side });
}

const clusterOf = (side: Side): ClusterData => (side === 'b' && theSecond()?.cluster) || cluster;

/** Selects by uid; nothing happens when the object is not there (any more). */
export function selectUid(uid: string, side: Side = 'a'): boolean {
  const found = clusterOf(side).byUid.get(uid);
  if (found) select({ resource: found.resource, key: found.key, uid }, side);
  return found !== undefined;
}

/** Selects by what deeds and hops say: `pods/default/web-1`. */
export function selectByRef(ref: string, side: Side = 'a'): boolean {
  const slash = ref.indexOf('/');
  const resource = ref.slice(0, slash);
  const key = ref.slice(slash + 1);
  const object = clusterOf(side).objects.get(resource)?.get(key);
  if (object) select({ resource, key, uid: object.metadata.uid }, side);
  return object !== undefined;
}
