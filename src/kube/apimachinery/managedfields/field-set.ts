import { setOwn } from '../own.ts';

/**
 * A set of fields of an object. A step of a path is written as in FieldsV1: `f:spec` a field, `k:{"name":"app"}` an item of a
 * list by its keys, `v:"a"` an item of a set by its value. Being a member says nothing of what lies below, and the reverse.
 * Never changed once it is handed on. Kubernetes: structured-merge-diff/v6/fieldpath/set.go.
 */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** The wire form of a set, as `metadata.managedFields[].fieldsV1` carries it. */
export interface FieldsV1 {
  readonly [step: string]: FieldsV1;
}

/** The set of nothing. */
export const noFields: FieldSet = { members: new Set(), children: new Map() };

/** True for a set without members. */
export function isEmpty(set: FieldSet): boolean {
  if (set.members.size > 0) return false;
  for (const child of set.children.values()) if (!isEmpty(child)) return false;
  return true;
}

/** A set in the making. */
export interface Gathering {
  readonly members: Set<string>;
  readonly children: Map<string, Gathering>;
}

/** An empty set in the making. */
export const gathering = (): Gathering => ({ members: new Set(), children: new Map() });

/** Adds the field at a path; the whole object, at the empty one, is owned by nobody. */
export function insert(set: Gathering, path: readonly string[], last?: string): void {
  const end = last ?? path.at(-1);
  if (end === undefined) return;
  const depth = last === undefined ? path.length - 1 : path.length;
  let at = set;
  for (let i = 0; i < depth; i++) {
    let next = at.children.get(path[i]!);
    if (!next) at.children.set(path[i]!, (next = gathering()));
    at = next;
  }
  at.members.add(end);
}

/** What stands in either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  const children = new Map(a.children);
  for (const [step, child] of b.children) {
    const own = children.get(step);
    children.set(step, own ? union(own, child) : child);
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

/** What stands in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const both = other && intersection(child, other);
    if (both && !isEmpty(both)) children.set(step, both);
  }
  return { members: new Set([...a.members].filter((step) => b.members.has(step))), children };
}

/** What stands in `a` and not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const left = other ? difference(child, other) : child;
    if (!isEmpty(left)) children.set(step, left);
  }
  return { members: new Set([...a.members].filter((step) => !b.members.has(step))), children };
}

/** What stands in `a` and neither in `b` nor below a member of `b`. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    if (b.members.has(step)) continue;
    const other = b.children.get(step);
    const left = other ? differenceBelow(child, other) : child;
    if (!isEmpty(left)) children.set(step, left);
  }
  return { members: new Set([...a.members].filter((step) => !b.members.has(step))), children };
}

/** Paths of all members, those of a level before those below it, each level in order. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): (readonly string[])[] {
  const paths: (readonly string[])[] = inOrder(set.members).map((step) => [...prefix, step]);
  for (const step of inOrder(set.children.keys())) paths.push(...pathsOf(set.children.get(step)!, [...prefix, step]));
  return paths;
}

/** The set of these paths. */
export function setOf(paths: readonly (readonly string[])[]): FieldSet {
  const set = gathering();
  for (const path of paths) insert(set, path);
  return set;
}

/** True when the path is a member. */
export function has(set: FieldSet, path: readonly string[]): boolean {
  let at: FieldSet | undefined = set;
  for (let i = 0; at && i < path.length - 1; i++) at = at.children.get(path[i]!);
  return at?.members.has(path.at(-1)!) ?? false;
}

/** Steps in order: fields, then items by key, then by value. Kubernetes: fieldpath.PathElement.Compare. */
function inOrder(steps: Iterable<string>): string[] {
  const list = [...steps];
  if (list.length < 2) return list;
  if (list.every((step) => step[0] === 'f')) return list.sort();
  return list
    .map((step): [string, unknown] => [step, step[0] === 'f' ? step : JSON.parse(step.slice(2))])
    .sort(byStep)
    .map(([step]) => step);
}

function byStep([a, x]: readonly [string, unknown], [b, y]: readonly [string, unknown]): number {
  if (a[0] !== b[0]) return a[0]! < b[0]! ? -1 : 1;
  if (a[0] !== 'k') return byValue(x, y);
  const [xs, ys] = [Object.entries(x as object), Object.entries(y as object)];
  for (let i = 0; i < xs.length && i < ys.length; i++) {
    const order = byValue(xs[i]![0], ys[i]![0]) || byValue(xs[i]![1], ys[i]![1]);
    if (order !== 0) return order;
  }
  return xs.length - ys.length;
}

function byValue(a: unknown, b: unknown): number {
  if (typeof a === typeof b && (typeof a === 'number' || typeof a === 'string')) {
    return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
  }
  return typeof a === 'number' ? -1 : typeof b === 'number' ? 1 : 0;
}

/** The set as FieldsV1, steps in order. */
export function toFieldsV1(set: FieldSet): FieldsV1 {
  const result: Record<string, FieldsV1> = {};
  for (const step of inOrder(new Set([...set.members, ...set.children.keys()]))) {
    const child = set.children.get(step);
    const below = child && !isEmpty(child) ? toFieldsV1(child) : undefined;
    if (!below) {
      if (set.members.has(step)) setOwn(result, step, {});
    } else setOwn(result, step, set.members.has(step) ? { '.': {}, ...below } : below);
  }
  return result;
}

/**
 * True when every step can be read; those of a sort that nobody knows are passed over. What clients send is asked this.
 * Kubernetes: structured-merge-diff/v6/fieldpath/serialize-pe.go DeserializePathElement.
 */
export function isReadable(fields: unknown): boolean {
  if (fields === null || typeof fields !== 'object') return false;
  return Object.entries(fields).every(
    ([step, below]) => (step === '.' || isStep(step)) && (step === '.' || isReadable(below)),
  );
}

function isStep(step: string): boolean {
  if (step[1] !== ':') return false;
  if (step[0] === 'i') return /^-?\d+$/.test(step.slice(2));
  if (step[0] !== 'k' && step[0] !== 'v') return true;
  try {
    const value: unknown = JSON.parse(step.slice(2));
    return step[0] === 'v' || (value !== null && typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}

/** Reads FieldsV1; what has no meaning there is passed over. */
export function fromFieldsV1(fields: FieldsV1 | undefined): FieldSet {
  const set = gathering();
  for (const [step, below] of Object.entries(fields ?? {})) {
    if (!/^[fkvi]:/.test(step) || below === null || typeof below !== 'object') continue;
    const child = fromFieldsV1(below);
    const empty = isEmpty(child);
    if (empty || Object.hasOwn(below, '.')) set.members.add(step);
    if (!empty) set.children.set(step, child as Gathering);
  }
  return set;
}

/** A path as messages spell it: `.spec.containers[name="app"].image`. */
export function printPath(path: readonly string[]): string {
  return path.map(printStep).join('');
}

/** One step as messages spell it. */
export function printStep(step: string): string {
  const rest = step.slice(2);
  if (step[0] === 'f') return `.${rest}`;
  if (step[0] !== 'k') return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as object).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${keys.join(',')}]`;
}
