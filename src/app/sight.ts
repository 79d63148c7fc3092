import { ask } from './engine.ts';
import type { KubeObject } from '../protocol/index.ts';
import { cluster } from './stores/cluster.ts';
import { theSecond, type Second, type Side } from './stores/second.ts';
import { useSelection } from './stores/selection.ts';
import { history } from './stores/timeline.ts';

/** What the panels look into: the cluster of the page, or the second one of a comparison. */
export interface Sight extends Second {
  readonly side: Side;
}

const page: Sight = { side: 'a', cluster, history, ask };

/** The cluster of one side; that of the page where there is no other. */
export function sightOf(side: Side): Sight {
  const second = side === 'b' ? theSecond() : null;
  return second ? { side, ...second } : page;
}

/** The cluster that the selected object belongs to. */
export const sight = (): Sight => sightOf(useSelection.getState().side);

const none: ReadonlyMap<string, KubeObject> = new Map();

/** Objects of a resource by key, in the cluster that is looked into. */
export const objectsIn = (resource: string): ReadonlyMap<string, KubeObject> =>
  sight().cluster.objects.get(resource) ?? none;
