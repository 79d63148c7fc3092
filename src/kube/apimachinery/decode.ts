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
  readonly settled: Readonly<Record<string, unknown>>;
}

/** Where the walk stands, as a chain: paths are spelled only when something is wrong. `plan` is the struct around it. */
interface Spot {
  readonly up: Spot | null;
  /** Field or map key; a number is a list index. */
  readonly key: string | number;
  readonly plan: Plan;
  /** The key is a map's: data, which Go leaves out of its paths. */
  readonly inMap: boolean;
}

/** Kubernetes' spelling: `spec.containers[0].image`. */
function pathOf(at: Spot | null): string {
  if (!at) return '';
  const up = pathOf(at.up);
  if (typeof at.key === 'number') return `${up}[${at.key}]`;
  return up ? `${up}.${at.key}` : at.key;
}

/** Go's: the innermost struct, then the whole path without indexes: `ContainerPort.spec.containers.ports.name`. */
function goPathOf(at: Spot): string {
  let path = '';
  for (let spot: Spot | null = at; spot; spot = spot.up) {
    if (typeof spot.key === 'string' && !spot.inMap) path = `.${spot.key}${path}`;
  }
  return at.plan.goName + path;
}

/**
 * Reads a value as Kubernetes' JSON decoder reads a struct and writes it again: unknown fields are listed and dropped,
 * null and empty values dropped or kept as Go's tags say, quantities made canonical. Throws `DecodeError` for a wrong type.
 * Frozen parts (a pod template shared by 30,000 pods) are decoded once. Keys such as `__proto__` are only data.
 * Parts that are the very same as in `settled` (an object decoded before) are taken as they are.
 */
export function decode<T>(model: string, value: unknown, settled?: unknown): Decoded<T> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new DecodeError(`json: cannot unmarshal ${typeOf(value)} into Go value of type ${goType(`!${model}`)}`, '');
  }
  const walk: Walk = { unknown: [], error: null, settled: (settled ?? {}) as Record<string, unknown> };
  const object = decodeStruct(planOf(model), value as Record<string, unknown>, null, walk);
  if (walk.error) throw walk.error;
  return { object: object as T, unknown: walk.unknown };
}

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

function wrong(walk: Walk, value: unknown, code: string, at: Spot, detail = ''): undefined {
  walk.error ??= new DecodeError(
    `json: cannot unmarshal ${typeOf(value)}${detail} into Go struct field ${goPathOf(at)} of type ${goType(code)}`,
    pathOf(at),
  );
}

/** A copy of the first `count` fields. */
function firstFields(
  source: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  count: number,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) setOwn(made, keys[i]!, source[keys[i]!]);
  return made;
}

/** Copies only when something changes: what was right stays the very same object. */
function decodeStruct(plan: Plan, source: Readonly<Record<string, unknown>>, up: Spot | null, walk: Walk): unknown {
  const keys = Object.keys(source);
  let copy: Record<string, unknown> | null = null;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const given = source[key];
    const result = given === undefined ? undefined : decodeField(plan, key, given, up, walk);
    if (result !== given || result === undefined) copy ??= firstFields(source, keys, i);
    if (copy && result !== undefined) setOwn(copy, key, result);
  }
  for (const [key, empty] of plan.written) {
    if (Object.hasOwn(copy ?? source, key)) continue;
    copy ??= firstFields(source, keys, keys.length);
    copy[key] = empty;
  }
  return copy ?? source;
}

/** The decoded value of a field, or undefined when it is to be left out. */
function decodeField(plan: Plan, key: string, given: unknown, up: Spot | null, walk: Walk): unknown {
  if (!up && given === walk.settled[key]) return given;
  const field = plan.fields.get(key);
  if (!field) {
    walk.unknown.push(pathOf({ up, key, plan, inMap: false }));
    return undefined;
  }
  const { shape } = field;
  const result = up ? decodeValue(shape, given, key, plan, up, walk) : decodeRoot(shape, given, key, plan, walk);
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

/** A whole part of an object (its spec): that is what templates share, so what is frozen is remembered. */
function decodeRoot(shape: Shape, value: unknown, key: string, plan: Plan, walk: Walk): unknown {
  if (value === null || typeof value !== 'object' || !Object.isFrozen(value)) {
    return decodeValue(shape, value, key, plan, null, walk);
  }
  const memo = known.get(value);
  if (memo?.code === shape.code) {
    walk.unknown.push(...memo.unknown);
    return memo.output;
  }
  const before = walk.unknown.length;
  const output = deepFreeze(decodeValue(shape, value, key, plan, null, walk));
  if (!walk.error) known.set(value, { code: shape.code, output, unknown: walk.unknown.slice(before) });
  return output;
}

function decodeValue(
  shape: Shape,
  value: unknown,
  key: string | number,
  plan: Plan,
  up: Spot | null,
  walk: Walk,
  inMap = false,
): unknown {
  if (value === null) return undefined;
  switch (shape.tag) {
    case '*':
      return value;
    case 's':
      if (typeof value === 'string') return value;
      break;
    case 'b':
      if (typeof value === 'boolean') return value;
      break;
    case '!':
      if (typeof value !== 'object' || Array.isArray(value)) break;
      shape.plan ??= planOf(shape.code.slice(1));
      return decodeStruct(shape.plan, value as Record<string, unknown>, { up, key, plan, inMap }, walk);
    case '[':
      if (!Array.isArray(value)) break;
      return decodeList(shape.inner!, value, { up, key, plan, inMap }, walk);
    case '{':
      if (typeof value !== 'object' || Array.isArray(value)) break;
      return decodeMap(shape.inner!, value as Record<string, unknown>, { up, key, plan, inMap }, walk);
    default:
      return decodeScalar(shape.code, value, { up, key, plan, inMap }, walk);
  }
  return wrong(walk, value, shape.code, { up, key, plan, inMap });
}

function decodeList(item: Shape, value: readonly unknown[], at: Spot, walk: Walk): unknown {
  let copy: unknown[] | null = null;
  for (let i = 0; i < value.length; i++) {
    const result = decodeValue(item, value[i], i, at.plan, at, walk) ?? emptyOf(item.code);
    if (result !== value[i]) copy ??= value.slice(0, i);
    copy?.push(result);
  }
  return copy ?? value;
}

function decodeMap(item: Shape, source: Readonly<Record<string, unknown>>, at: Spot, walk: Walk): unknown {
  let copy: Record<string, unknown> | null = null;
  for (const key in source) {
    const result = decodeValue(item, source[key], key, at.plan, at, walk, true) ?? emptyOf(item.code);
    if (result === source[key]) continue;
    copy ??= { ...source };
    setOwn(copy, key, result);
  }
  return copy ?? source;
}

const limits = { i: 2 ** 31, l: 2 ** 63 } as const;

function decodeScalar(code: string, value: unknown, at: Spot, walk: Walk): unknown {
  switch (code) {
    case 'i':
    case 'l':
      if (typeof value !== 'number') return wrong(walk, value, code, at);
      return Number.isInteger(value) && value >= -limits[code] && value < limits[code]
        ? value
        : wrong(walk, value, code, at, ` ${value}`);
    case 'n':
      return typeof value === 'number' ? value : wrong(walk, value, code, at);
    case '?':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < limits.i) return value;
      return failed(
        walk,
        at,
        `json: cannot unmarshal ${typeOf(value)}${typeof value === 'number' ? ` ${value}` : ''} into Go value of type int32`,
      );
    case 'q':
      return (typeof value === 'string' || typeof value === 'number') && parseQuantity(value)
        ? canonicalQuantity(value)
        : failed(walk, at, quantityError);
    case 't':
      return decodeTime(value, at, walk);
    case 'y':
      return decodeBytes(value, at, walk);
    default:
      return value;
  }
}

function failed(walk: Walk, at: Spot, message: string): undefined {
  walk.error ??= new DecodeError(message, pathOf(at));
}

function decodeTime(value: unknown, at: Spot, walk: Walk): unknown {
  if (typeof value !== 'string') {
    return failed(walk, at, `json: cannot unmarshal ${typeOf(value)} into Go value of type string`);
  }
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return value;
  const ms = millisOf(value);
  if (!Number.isNaN(ms)) return timestamp(ms);
  const text = goQuote(value);
  return failed(walk, at, `parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`);
}

function decodeBytes(value: unknown, at: Spot, walk: Walk): unknown {
  if (typeof value !== 'string') return wrong(walk, value, 'y', at);
  const text = value.replace(/[\r\n]/g, '');
  const letters = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  if (text.length % 4 === 0 && /^={0,2}$/.test(text.slice(letters))) return text;
  const byte = letters === text.length ? text.length - (text.length % 4) : letters;
  return failed(walk, at, `illegal base64 data at input byte ${byte}`);
}
