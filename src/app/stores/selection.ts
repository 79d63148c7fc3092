import { create } from 'zustand';
import type { Deed, RequestRecord } from '../../protocol/index.ts';
import type { MenuCause, StageRef } from '../stage/index.ts';
import { cluster } from './cluster.ts';

/** A place of the page where the fault menu opens. */
export interface MenuAt {
  readonly cause: MenuCause;
  readonly ref: StageRef;
  readonly x: number;
  readonly y: number;
}

interface SelectionStore {
  readonly selected: StageRef | null;
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
  highlights: new Map(),
  chain: [],
  request: null,
  menu: null,
}));

/** Selects an object everywhere. */
export function select(ref: StageRef | null): void {
  const { selected } = useSelection.getState();
  if (selected?.uid !== ref?.uid) useSelection.setState({ selected: ref });
}

/** Selects by uid; nothing happens when the object is not there (any more). */
export function selectUid(uid: string): boolean {
  const found = cluster.byUid.get(uid);
  if (found) select({ resource: found.resource, key: found.key, uid });
  return found !== undefined;
}

/** Selects by what deeds and hops say: `pods/default/web-1`. */
export function selectByRef(ref: string): boolean {
  const slash = ref.indexOf('/');
  const resource = ref.slice(0, slash);
  const key = ref.slice(slash + 1);
  const object = cluster.objects.get(resource)?.get(key);
  if (object) select({ resource, key, uid: object.metadata.uid });
  return object !== undefined;
}
