import { equal } from '../equal.ts';
import { setOwn } from '../own.ts';
import { isObject, type Json } from '../patch/index.ts';
import { gathering, insert, type FieldSet, type Gathering } from './field-set.ts';
import { stepTo, typeBelow } from './steps.ts';
import { resolved, type ListType, type Type } from './types.ts';

const isEmptyContainer = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

/** Every leaf and item that a value mentions. Kubernetes: structured-merge-diff/v6/typed/tofieldset.go. */
export function fieldsOf(type: Type, value: unknown): FieldSet {
  const set = gathering();
  gather(type, value, set, []);
  return set;
}

function gather(given: Type, value: unknown, set: Gathering, path: string[]): void {
  const type = resolved(given, value);
  if (type.is === 'scalar' || (type.is === 'list' ? type.keys === undefined : type.atomic)) {
    insert(set, path);
    return;
  }
  if (type.is === 'list') {
    if (!Array.isArray(value)) return;
    const steps = value.map((item) => stepTo(type, item));
    const twice = new Set(steps.filter((step, i) => steps.indexOf(step) !== i));
    for (const [i, step] of steps.entries()) {
      path.push(step);
      if (!twice.has(step)) gather(type.item(), value[i], set, path);
      insert(set, path);
      path.pop();
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const declared = type.field(key);
    path.push(`f:${key}`);
    gather(declared ?? type.rest ?? { is: 'any' }, inner, set, path);
    if (!declared || inner === null || (isObject(inner) && isEmptyContainer(inner))) insert(set, path);
    path.pop();
  }
}

/** How one value differs from another: no field stands in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Differences {
  readonly added: Gathering;
  readonly modified: Gathering;
  readonly removed: Gathering;
}

/**
 * Compares a value with what becomes of it; undefined stands for absent. Shared parts cost nothing.
 * Kubernetes: structured-merge-diff/v6/typed/compare.go.
 */
export function compare(type: Type, before: unknown, after: unknown): Comparison {
  const found = { added: gathering(), modified: gathering(), removed: gathering() };
  compareAt(type, before, after, found, []);
  return found;
}

function compareAt(given: Type, before: unknown, after: unknown, found: Differences, path: string[]): void {
  if (before === after) return;
  const type = resolved(given, after ?? before);
  const whole = type.is === 'map' ? type.atomic : type.is === 'scalar' || type.keys === undefined;
  const unlike = given.is === 'any' && resolved(given, before ?? after) !== type;
  if (whole || unlike || (isEmptyContainer(before) && isEmptyContainer(after))) {
    if (before === undefined) insert(found.added, path);
    else if (after === undefined) insert(found.removed, path);
    else if (!equal(before, after)) insert(found.modified, path);
    return;
  }
  if (type.is === 'list') compareLists(type, listOf(before), listOf(after), found, path);
  else if (type.is === 'map') {
    const [x, y] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
      path.push(`f:${key}`);
      compareAt(typeBelow(type, key) ?? { is: 'any' }, x[key], y[key], found, path);
      path.pop();
    }
  }
  if (before === undefined) insert(found.added, path);
  else if (after === undefined) insert(found.removed, path);
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Items by their steps, in order of first appearance. */
function byStep(type: ListType, list: readonly unknown[]): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of list) {
    const step = stepTo(type, item);
    const same = items.get(step);
    if (same) same.push(item);
    else items.set(step, [item]);
  }
  return items;
}

/** Items that are there twice are compared as one leaf. */
function compareLists(
  type: ListType,
  before: readonly unknown[],
  after: readonly unknown[],
  found: Differences,
  path: string[],
): void {
  const [olds, news] = [byStep(type, before), byStep(type, after)];
  for (const step of new Set([...olds.keys(), ...news.keys()])) {
    const [x, y] = [olds.get(step) ?? [], news.get(step) ?? []];
    path.push(step);
    if (x.length <= 1 && y.length <= 1) compareAt(type.item(), x[0], y[0], found, path);
    else if (x.length >= 2 && y.length >= 2) {
      if (!equal(x, y)) insert(found.modified, path);
    } else if (x.length >= 2) {
      if (y.length > 0) compareAt(type.item(), undefined, y[0], found, path);
      insert(found.removed, path);
    } else {
      if (x.length > 0) compareAt(type.item(), x[0], undefined, found, path);
      insert(found.added, path);
    }
    path.pop();
  }
}

/**
 * The live value with what is applied laid over it: nothing is removed, items of map lists merge by key, and where both have
 * an item the applied order counts. Kubernetes: structured-merge-diff/v6/typed/merge.go.
 */
export function merged(given: Type, live: unknown, applied: unknown): unknown {
  if (applied === undefined || live === applied) return live;
  if (live === undefined) return applied;
  const type = resolved(given, applied ?? live);
  const whole = type.is === 'map' ? type.atomic : type.is === 'scalar' || type.keys === undefined;
  if (whole || (isEmptyContainer(live) && isEmptyContainer(applied))) return applied;
  if (type.is === 'list') return mergedLists(type, listOf(live), listOf(applied));
  const [x, y] = [isObject(live) ? live : {}, isObject(applied) ? applied : {}];
  const result: Json = {};
  if (type.is !== 'map') return applied;
  for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
    const value = merged(typeBelow(type, key) ?? { is: 'any' }, x[key], y[key]);
    if (value !== undefined) setOwn(result, key, value);
  }
  return result;
}

/** Walks both lists at once: items that only the live list has stay where they are among their neighbours. */
function mergedLists(type: ListType, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const left = live.map((item) => stepTo(type, item));
  const right = applied.map((item) => stepTo(type, item));
  const [inLeft, inRight] = [new Set(left), new Set(right)];
  const shared = right.filter((step) => inLeft.has(step));
  const done = new Set<string>();
  const result: unknown[] = [];
  const take = (step: string): void => {
    done.add(step);
    const same = left.filter((each) => each === step);
    const old = same.length === 1 ? live[left.indexOf(step)] : undefined;
    result.push(merged(type.item(), old, applied[right.indexOf(step)]));
    if (step === shared[0]) shared.shift();
  };
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const step = left[l];
    if (step !== undefined && r < right.length) {
      if (step === right[r]) {
        take(step);
        l++;
        r++;
        continue;
      }
      if (inRight.has(step) && shared.length > 0 && shared[0] !== step) {
        l++;
        continue;
      }
    }
    if (step !== undefined) {
      if (!inRight.has(step)) {
        result.push(live[l]);
        l++;
        continue;
      }
      if (done.has(step)) l++;
    }
    if (r < right.length) take(right[r++]!);
  }
  return result;
}

/** The value without the fields and items of a set. Kubernetes: structured-merge-diff/v6/typed/remove.go. */
export function without(given: Type, value: unknown, gone: FieldSet): unknown {
  const type = resolved(given, value);
  if (type.is === 'scalar' || value === null) return value;
  if (type.is === 'list') {
    if (!Array.isArray(value) || value.length === 0 || type.keys === undefined) return null;
    const items: unknown[] = [];
    for (const item of value) {
      const step = stepTo(type, item);
      if (gone.members.has(step)) continue;
      const below = gone.children.get(step);
      items.push(below ? without(type.item(), item, below) : item);
    }
    return items.length > 0 ? items : null;
  }
  if (!isObject(value) || type.atomic) return null;
  const result: Json = {};
  for (const [key, inner] of Object.entries(value)) {
    const step = `f:${key}`;
    if (inner === undefined || gone.members.has(step)) continue;
    const below = gone.children.get(step);
    setOwn(result, key, below ? without(typeBelow(type, key) ?? { is: 'any' }, inner, below) : inner);
  }
  return Object.keys(result).length > 0 ? result : null;
}

/** The set with those declared fields that have members below them. Kubernetes: fieldpath.Set.EnsureNamedFieldsAreMembers. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [step, child] of set.children) {
    let below: Type | undefined;
    if (type?.is === 'map' && step[0] === 'f') {
      const name = step.slice(2);
      below = typeBelow(type, name);
      if (type.field(name)) members.add(step);
    } else if (type?.is === 'list' && step[0] === 'k') below = type.item();
    children.set(step, withNamedFields(child, below));
  }
  return { members, children };
}
