import { deepFreeze } from '../../kernel/index.ts';
import { fields } from '../../generated/fields.ts';
import { alwaysWritten, keptZeros } from './facts.ts';
import { goQuote } from './field-errors.ts';
import { millisOf, timestamp } from './meta.ts';
import { setOwn } from './own.ts';
import { canonicalQuantity, parseQuantity, quantityError } from './quantity.ts';

/** What decoding found. `object` is the input itself when nothing had to change. */
export interface Decoded<T> {
  readonly object: T;
  /** Paths of fields that the model does not have, in document order: `spec.template.spec.containers[0].imagePullPolcy`. */
  readonly unknown: readonly string[];
}

/** The first value of a wrong type, in the words of Go's decoder: `json: cannot unmarshal string into Go struct field …`. */
export class DecodeError extends Error {
  override name = 'DecodeError';
  /** Path in Kubernetes spelling, with indexes: an editor can point at it. */
  readonly path: string;
  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** A type code, taken apart once. */
interface Shape {
  readonly code: string;
  /** First letter: what it is. */
  readonly tag: string;
  /** Of a list's items or a map's values. */
  readonly inner: Shape | undefined;
  /** Of a struct; looked up when first needed, because models contain each other. */
  plan: Plan | undefined;
}

interface Field {
  readonly shape: Shape;
  readonly keepZero: boolean;
  readonly written: boolean;
}

interface Plan {
  readonly model: string;
  /** Go's name of the struct: the model's without its version. */
  readonly goName: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields to add when absent, with what is written then. */
  readonly written: readonly (readonly [string, unknown])[];
}

/** Pure caches over constant tables and frozen inputs. */
const plans = new Map<string, Plan>();
const known = new WeakMap<
  object,
  { readonly code: string; readonly output: unknown; readonly unknown: readonly string[] }
>();

const shapes = new Map<string, Shape>();

function shapeOf(code: string): Shape {
  let shape = shapes.get(code);
  if (!shape) {
    const nested = code[0] === '[' || code[0] === '{';
    shape = { code, tag: code[0]!, inner: nested ? shapeOf(code.slice(1)) : undefined, plan: undefined };
    shapes.set(code, shape);
  }
  return shape;
}

function planOf(model: string): Plan {
  let plan = plans.get(model);
  if (plan) return plan;
  const table = new Map<string, Field>();
  const written: [string, unknown][] = [];
  for (const [name, code] of Object.entries(fields[model] ?? {})) {
    const always = alwaysWritten.get(model)?.has(name) ?? false;
    table.set(name, { shape: shapeOf(code), keepZero: keptZeros.get(model)?.has(name) ?? false, written: always });
    if (always) written.push([name, emptyOf(code)]);
  }
  plan = { model, goName: model.replace(/^(Core|Discovery|Events|Storage|Rbac)?V\d+/, ''), fields: table, written };
  plans.set(model, plan);
  return plan;
}

/** What Go writes for a field that was never set. Lists are `[]` where Go would write `null`: nobody should have to care. */
function emptyOf(code: string): unknown {
  switch (code[0]) {
    case '!':
      return deepFreeze(Object.fromEntries(planOf(code.slice(1)).written));
    case '[':
      return Object.freeze([]);
    case '{':
      return Object.freeze({});
    case 'b':
      return false;
    case 'i':
    case 'l':
    case 'n':
    case '?':
      return 0;
    case 't':
      return null;
    case 'q':
      return '0';
    default:
      return '';
  }
}

interface Walk {
  readonly unknown: string[];
  error: DecodeError | null;
  /** How many structs, lists and maps the walk stands in. */
  depth: number;
}

/**
 * The way to where the walk stands: field, map key or list index at each depth, the struct around it, and whether it is a
 * map's key (data, which Go leaves out of its paths). Working memory, written anew by every walk: paths are spelled only
 * when something is wrong, so that right objects cost no memory.
 */
const trailKeys: (string | number)[] = [];
const trailPlans: Plan[] = [];
const trailInMap: boolean[] = [];

function enter(walk: Walk, key: string | number, plan: Plan, inMap: boolean): void {
  const { depth } = walk;
  trailKeys[depth] = key;
  trailPlans[depth] = plan;
  trailInMap[depth] = inMap;
  walk.depth = depth + 1;
}

/** Kubernetes' spelling of a key where the walk stands: `spec.containers[0].image`. */
function pathOf(walk: Walk, key: string | number): string {
  let path = '';
  for (let i = 0; i <= walk.depth; i++) {
    const step = i < walk.depth ? trailKeys[i]! : key;
    if (typeof step === 'number') path += `[${step}]`;
    else path += path ? `.${step}` : step;
  }
  return path;
}

/** Go's: the innermost struct, then the whole path without indexes: `ContainerPort.spec.containers.ports.name`. */
function goPathOf(walk: Walk, key: string | number, plan: Plan, inMap: boolean): string {
  let path = plan.goName;
  for (let i = 0; i < walk.depth; i++)
    if (typeof trailKeys[i] === 'string' && !trailInMap[i]) path += `.${trailKeys[i]}`;
  return typeof key === 'string' && !inMap ? `${path}.${key}` : path;
}

/**
 * Reads a value as Kubernetes' JSON decoder reads a struct and writes it again: unknown fields are listed and dropped,
 * null and empty values dropped or kept as Go's tags say, quantities made canonical. Throws `DecodeError` for a wrong type.
 * Frozen parts (a pod template shared by 30,000 pods) are decoded once. Keys such as `__proto__` are only data.
 * Parts that are the very same as in `settled` (an object decoded before) at the same place are taken as they are.
 */
export function decode<T>(model: string, value: unknown, settled?: unknown): Decoded<T> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new DecodeError(`json: cannot unmarshal ${typeOf(value)} into Go value of type ${goType(`!${model}`)}`, '');
  }
  const walk: Walk = { unknown: [], error: null, depth: 0 };
  const object = decodeStruct(planOf(model), value as Record<string, unknown>, walk, settled);
  if (walk.error) throw walk.error;
  return { object: object as T, unknown: walk.unknown };
}

/** What was settled at a place, if it has fields. */
type Settled = Readonly<Record<string, unknown>> | undefined;
const settledFields = (value: unknown): Settled =>
  value !== null && typeof value === 'object' ? (value as Settled) : undefined;

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;

/** Go's spelling of a type, as it stands at the end of its messages. */
function goType(code: string): string {
  const rest = code.slice(1);
  switch (code[0]) {
    case '!':
      return `v1.${planOf(rest).goName}`;
    case '[':
      return `[]${goType(rest)}`;
    case '{':
      return `map[string]${goType(rest)}`;
    case 'i':
    case '?':
      return 'int32';
    case 'l':
      return 'int64';
    case 'n':
      return 'float64';
    case 'b':
      return 'bool';
    case 'y':
      return '[]uint8';
    default:
      return 'string';
  }
}

function wrong(
  walk: Walk,
  value: unknown,
  code: string,
  key: string | number,
  plan: Plan,
  inMap: boolean,
  detail = '',
): undefined {
  const field = goPathOf(walk, key, plan, inMap);
  walk.error ??= new DecodeError(
    `json: cannot unmarshal ${typeOf(value)}${detail} into Go struct field ${field} of type ${goType(code)}`,
    pathOf(walk, key),
  );
}

/** A copy of the fields before `end`; of all without it. */
function fieldsBefore(source: Readonly<Record<string, unknown>>, end?: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const key in source) {
    if (key === end) break;
    setOwn(made, key, source[key]);
  }
  return made;
}

/** Copies only when something changes: what was right stays the very same object. */
function decodeStruct(plan: Plan, source: Readonly<Record<string, unknown>>, walk: Walk, settled: unknown): unknown {
  let copy: Record<string, unknown> | null = null;
  const before = settledFields(settled);
  for (const key in source) {
    const given = source[key];
    const old = before?.[key];
    const result = given === undefined || given === old ? given : decodeField(plan, key, given, walk, old);
    if (result !== given || result === undefined) copy ??= fieldsBefore(source, key);
    if (copy && result !== undefined) setOwn(copy, key, result);
  }
  for (const [key, empty] of plan.written) {
    if (Object.hasOwn(copy ?? source, key)) continue;
    copy ??= fieldsBefore(source);
    copy[key] = empty;
  }
  return copy ?? source;
}

/** The decoded value of a field, or undefined when it is to be left out. */
function decodeField(plan: Plan, key: string, given: unknown, walk: Walk, settled: unknown): unknown {
  const field = plan.fields.get(key);
  if (!field) {
    walk.unknown.push(pathOf(walk, key));
    return undefined;
  }
  const { shape } = field;
  const result =
    walk.depth === 0
      ? decodeRoot(shape, given, key, plan, walk, settled)
      : decodeValue(shape, given, key, plan, walk, false, settled);
  if (!field.written) return result !== undefined && isZero(result, field) ? undefined : result;
  if (result !== undefined && result !== '') return result;
  return shape.tag === 't' ? null : emptyOf(shape.code);
}

/** True for what Go's `omitempty` leaves out. Objects of a struct type are never empty: they are pointers. */
function isZero(value: unknown, { shape, keepZero }: Field): boolean {
  if (keepZero) return false;
  if (value === '' || value === 0 || value === false) return true;
  if (shape.tag === '[') return (value as unknown[]).length === 0;
  if (shape.tag !== '{') return false;
  for (const _ in value as object) return false;
  return true;
}

/**
 * A whole part of an object (its spec): that is what templates share, so what is frozen is remembered. Not a status,
 * which nobody sends twice.
 */
function decodeRoot(shape: Shape, value: unknown, key: string, plan: Plan, walk: Walk, settled: unknown): unknown {
  if (value === null || typeof value !== 'object' || key === 'status' || !Object.isFrozen(value)) {
    return decodeValue(shape, value, key, plan, walk, false, settled);
  }
  const memo = known.get(value);
  if (memo?.code === shape.code) {
    walk.unknown.push(...memo.unknown);
    return memo.output;
  }
  const before = walk.unknown.length;
  const output = deepFreeze(decodeValue(shape, value, key, plan, walk, false, settled));
  if (!walk.error) known.set(value, { code: shape.code, output, unknown: walk.unknown.slice(before) });
  return output;
}

function decodeValue(
  shape: Shape,
  value: unknown,
  key: string | number,
  plan: Plan,
  walk: Walk,
  inMap: boolean,
  settled: unknown,
): unknown {
  if (value === null) return undefined;
  let result: unknown;
  switch (shape.tag) {
    case '*':
      return value;
    case 's':
      return typeof value === 'string' ? value : wrong(walk, value, shape.code, key, plan, inMap);
    case 'b':
      return typeof value === 'boolean' ? value : wrong(walk, value, shape.code, key, plan, inMap);
    case '!':
      if (typeof value !== 'object' || Array.isArray(value)) return wrong(walk, value, shape.code, key, plan, inMap);
      shape.plan ??= planOf(shape.code.slice(1));
      enter(walk, key, plan, inMap);
      result = decodeStruct(shape.plan, value as Record<string, unknown>, walk, settled);
      break;
    case '[':
      if (!Array.isArray(value)) return wrong(walk, value, shape.code, key, plan, inMap);
      enter(walk, key, plan, inMap);
      result = decodeList(shape.inner!, value, plan, walk, settled);
      break;
    case '{':
      if (typeof value !== 'object' || Array.isArray(value)) return wrong(walk, value, shape.code, key, plan, inMap);
      enter(walk, key, plan, inMap);
      result = decodeMap(shape.inner!, value as Record<string, unknown>, plan, walk);
      break;
    default:
      return decodeScalar(shape.code, value, key, plan, walk, inMap);
  }
  walk.depth--;
  return result;
}

/**
 * Of a long list mostly one item changes, comes or goes: `at` is where the next settled item stands that may be the same.
 */
function decodeList(item: Shape, value: readonly unknown[], plan: Plan, walk: Walk, settled: unknown): unknown {
  let copy: unknown[] | null = null;
  const before: readonly unknown[] = Array.isArray(settled) ? settled : none;
  let at = 0;
  for (let i = 0; i < value.length; i++) {
    const given = value[i];
    if (given !== null && typeof given === 'object') {
      const skipped = before[at] !== given && before[at + 1] === given ? 1 : 0;
      if (before[at + skipped] === given) {
        at += skipped + 1;
        copy?.push(given);
        continue;
      }
    }
    const old = value.length === before.length ? before[at++] : undefined;
    const result = decodeValue(item, given, i, plan, walk, false, old) ?? emptyOf(item.code);
    if (result !== value[i]) copy ??= value.slice(0, i);
    copy?.push(result);
  }
  return copy ?? value;
}

function decodeMap(item: Shape, source: Readonly<Record<string, unknown>>, plan: Plan, walk: Walk): unknown {
  let copy: Record<string, unknown> | null = null;
  for (const key in source) {
    const result = decodeValue(item, source[key], key, plan, walk, true, undefined) ?? emptyOf(item.code);
    if (result === source[key]) continue;
    copy ??= { ...source };
    setOwn(copy, key, result);
  }
  return copy ?? source;
}

const none: readonly unknown[] = [];

const limits = { i: 2 ** 31, l: 2 ** 63 } as const;

function decodeScalar(
  code: string,
  value: unknown,
  key: string | number,
  plan: Plan,
  walk: Walk,
  inMap: boolean,
): unknown {
  switch (code) {
    case 'i':
    case 'l':
      if (typeof value !== 'number') return wrong(walk, value, code, key, plan, inMap);
      return Number.isInteger(value) && value >= -limits[code] && value < limits[code]
        ? value
        : wrong(walk, value, code, key, plan, inMap, ` ${value}`);
    case 'n':
      return typeof value === 'number' ? value : wrong(walk, value, code, key, plan, inMap);
    case '?':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < limits.i) return value;
      return failed(
        walk,
        key,
        `json: cannot unmarshal ${typeOf(value)}${typeof value === 'number' ? ` ${value}` : ''} into Go value of type int32`,
      );
    case 'q':
      return (typeof value === 'string' || typeof value === 'number') && parseQuantity(value)
        ? canonicalQuantity(value)
        : failed(walk, key, quantityError);
    case 't':
      return decodeTime(value, key, walk);
    case 'y':
      return typeof value === 'string' ? decodeBytes(value, key, walk) : wrong(walk, value, code, key, plan, inMap);
    default:
      return value;
  }
}

function failed(walk: Walk, key: string | number, message: string): undefined {
  walk.error ??= new DecodeError(message, pathOf(walk, key));
}

/** Pure cache: most times that pass here are the one of now. */
let lastTime = '';

function decodeTime(value: unknown, key: string | number, walk: Walk): unknown {
  if (typeof value !== 'string') {
    return failed(walk, key, `json: cannot unmarshal ${typeOf(value)} into Go value of type string`);
  }
  if (value === lastTime) return value;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) {
    lastTime = value;
    return value;
  }
  const ms = millisOf(value);
  if (!Number.isNaN(ms)) return timestamp(ms);
  const text = goQuote(value);
  return failed(walk, key, `parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`);
}

function decodeBytes(value: string, key: string | number, walk: Walk): unknown {
  const text = value.replace(/[\r\n]/g, '');
  const letters = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  if (text.length % 4 === 0 && /^={0,2}$/.test(text.slice(letters))) return text;
  const byte = letters === text.length ? text.length - (text.length % 4) : letters;
  return failed(walk, key, `illegal base64 data at input byte ${byte}`);
}
