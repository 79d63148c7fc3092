import { matchesLabels, parseSelector, type KubeObject, type Selector } from '../kube/apimachinery/index.ts';
import type { ResourceKey } from '../kube/apis/index.ts';
import type { Deed, LiveValue, TrafficSecond } from '../protocol/index.ts';
import type { Op, Selection, Where } from './lesson.ts';
import { at } from './path.ts';

/** What checks look at: the run at one moment. */
export interface Scene {
  readonly now: number;
  objects(resource: ResourceKey): Iterable<KubeObject>;
  /** Seconds of a source in order; those after `now` may be there and are not looked at. */
  traffic(source: string): readonly TrafficSecond[];
  /** What was done since the scene before this one. */
  readonly deeds: readonly Deed[];
  /** `allow`, `deny`, or null when there is nobody to ask. */
  reach(from: string, to: string, port: number): LiveValue;
}

/** Compares two things that were measured; numbers as numbers wherever both can be read as such. */
export function compare(a: unknown, op: Op, b: number | string): boolean {
  if (op === '=' || op === '!=')
    return (typeof b === 'number' ? Number(a ?? NaN) === b : text(a) === b) === (op === '=');
  const [x, y] = [Number(a ?? NaN), Number(b)];
  return op === '<' ? x < y : op === '<=' ? x <= y : op === '>' ? x > y : x >= y;
}

/** The word for what stands at a path; nothing is the empty word. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';

const selectors = new Map<string, Selector>(); // a pure cache

function requirementsOf(labels: string): Selector {
  let found = selectors.get(labels);
  if (!found) selectors.set(labels, (found = parseSelector(labels)));
  return found;
}

/** The objects of a selection, in the order of their keys. */
export function selected(scene: Scene, selection: Selection): KubeObject[] {
  const { resource, labels, name, where = [], deleting = false } = selection;
  const namespace = selection.namespace ?? 'default';
  const requirements = labels === undefined ? null : requirementsOf(labels);
  const found: KubeObject[] = [];
  for (const object of scene.objects(resource)) {
    const { metadata } = object;
    if (metadata.namespace !== undefined && metadata.namespace !== namespace) continue;
    if (name !== undefined && metadata.name !== name) continue;
    if ((metadata.deletionTimestamp !== undefined) !== deleting) continue;
    if (requirements && !matchesLabels(requirements, metadata.labels)) continue;
    if (where.every((condition) => fits(object, condition))) found.push(object);
  }
  return found;
}

function fits(object: KubeObject, where: Where): boolean {
  if (!('is' in where)) return compare(at(object, where.path), where.op, where.to);
  const is =
    where.is === 'ready'
      ? at(object, 'status.conditions[type=Ready].status') === 'True'
      : (object.metadata.ownerReferences?.some((owner) => owner.controller === true) ?? false) ===
        (where.is === 'owned');
  return is !== (where.not === true);
}
