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

interface Field {
  readonly code: string;
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

function planOf(model: string): Plan {
  let plan = plans.get(model);
  if (plan) return plan;
  const table = new Map<string, Field>();
  const written: [string, unknown][] = [];
  for (const [name, code] of Object.entries(fields[model] ?? {})) {
    const always = alwaysWritten.get(model)?.has(name) ?? false;
    table.set(name, { code, keepZero: keptZeros.get(model)?.has(name) ?? false, written: always });
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
  const object = decodeStruct(planOf(model), value, '', planOf(model).goName, walk);
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
      return `v1.${rest.replace(/^(Core|Discovery|Events|Storage|Rbac)?V\d+/, '')}`;
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

function wrong(walk: Walk, value: unknown, code: string, path: string, goPath: string, detail = ''): undefined {
  walk.error ??= new DecodeError(
    `json: cannot unmarshal ${typeOf(value)}${detail} into Go struct field ${goPath} of type ${goType(code)}`,
    path,
  );
}

/** Replaces `Struct.` in front of a Go path by the innermost struct's name. */
const inStruct = (plan: Plan, goPath: string): string => plan.goName + goPath.slice(goPath.indexOf('.'));

function decodeStruct(plan: Plan, value: unknown, path: string, goPath: string, walk: Walk): unknown {
  const source = value as Record<string, unknown>;
  const keys = Object.keys(source);
  let copy: Record<string, unknown> | null = null;
  const change = (upTo: number): Record<string, unknown> => {
    const made: Record<string, unknown> = {};
    for (let j = 0; j < upTo; j++) setOwn(made, keys[j]!, source[keys[j]!]);
    return made;
  };
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const given = source[key];
    const field = plan.fields.get(key);
    let result: unknown;
    if (given === undefined) result = undefined;
    else if (path === '' && given === walk.settled[key]) result = given;
    else if (!field) walk.unknown.push(path ? `${path}.${key}` : key);
    else {
      result = decodeMemo(field.code, given, path ? `${path}.${key}` : key, goPath, key, plan, walk);
      if (result === undefined ? field.written : isZero(result, field)) {
        result = field.written ? (field.code === 't' ? null : (result ?? emptyOf(field.code))) : undefined;
      }
    }
    if (result !== given || result === undefined) copy ??= change(i);
    if (copy && result !== undefined) setOwn(copy, key, result);
  }
  for (const [key, empty] of plan.written) {
    if (Object.hasOwn(copy ?? source, key)) continue;
    copy ??= change(keys.length);
    copy[key] = empty;
  }
  return copy ?? source;
}

/** True for what Go's `omitempty` leaves out. Objects of a struct type are never empty: they are pointers. */
function isZero(value: unknown, { code, keepZero }: Field): boolean {
  if (keepZero) return false;
  if (value === '' || value === 0 || value === false) return true;
  if (code[0] === '[') return (value as unknown[]).length === 0;
  if (code[0] !== '{') return false;
  for (const _ in value as object) return false;
  return true;
}

function decodeMemo(
  code: string,
  value: unknown,
  path: string,
  goPath: string,
  key: string,
  plan: Plan,
  walk: Walk,
): unknown {
  // Only whole parts of an object (its spec) are remembered: that is what templates share.
  if (path !== key || value === null || typeof value !== 'object' || !Object.isFrozen(value)) {
    return decodeValue(code, value, path, `${goPath}.${key}`, plan, walk);
  }
  const memo = known.get(value);
  if (memo?.code === code) {
    walk.unknown.push(...memo.unknown);
    return memo.output;
  }
  const before = walk.unknown.length;
  const output = deepFreeze(decodeValue(code, value, path, `${goPath}.${key}`, plan, walk));
  if (!walk.error) known.set(value, { code, output, unknown: walk.unknown.slice(before) });
  return output;
}

function decodeValue(code: string, value: unknown, path: string, goPath: string, plan: Plan, walk: Walk): unknown {
  if (value === null) return undefined;
  switch (code[0]) {
    case '!':
      return typeof value === 'object' && !Array.isArray(value)
        ? decodeStruct(planOf(code.slice(1)), value, path, goPath, walk)
        : wrong(walk, value, code, path, inStruct(plan, goPath));
    case '[':
      return decodeList(code.slice(1), value, path, goPath, plan, walk);
    case '{':
      return decodeMap(code.slice(1), value, path, goPath, plan, walk);
    case '*':
      return value;
    default:
      return decodeScalar(code, value, path, inStruct(plan, goPath), walk);
  }
}

function decodeList(code: string, value: unknown, path: string, goPath: string, plan: Plan, walk: Walk): unknown {
  if (!Array.isArray(value)) return wrong(walk, value, `[${code}`, path, inStruct(plan, goPath));
  let copy: unknown[] | null = null;
  for (let i = 0; i < value.length; i++) {
    const given: unknown = value[i];
    const result = decodeValue(code, given, `${path}[${i}]`, goPath, plan, walk) ?? emptyOf(code);
    if (result !== given) copy ??= value.slice(0, i);
    copy?.push(result);
  }
  return copy ?? value;
}

function decodeMap(code: string, value: unknown, path: string, goPath: string, plan: Plan, walk: Walk): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) {
    return wrong(walk, value, `{${code}`, path, inStruct(plan, goPath));
  }
  const source = value as Record<string, unknown>;
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(source)) {
    const given = source[key];
    const result = decodeValue(code, given, `${path}.${key}`, goPath, plan, walk) ?? emptyOf(code);
    if (result === given) continue;
    copy ??= { ...source };
    setOwn(copy, key, result);
  }
  return copy ?? source;
}

const limits = { i: 2 ** 31, l: 2 ** 63 } as const;

function decodeScalar(code: string, value: unknown, path: string, goPath: string, walk: Walk): unknown {
  switch (code) {
    case 's':
      return typeof value === 'string' ? value : wrong(walk, value, code, path, goPath);
    case 'b':
      return typeof value === 'boolean' ? value : wrong(walk, value, code, path, goPath);
    case '?':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < limits.i) return value;
      walk.error ??= new DecodeError(
        `json: cannot unmarshal ${typeOf(value)}${typeof value === 'number' ? ` ${value}` : ''} into Go value of type int32`,
        path,
      );
      return undefined;
    case 'i':
    case 'l':
      if (typeof value !== 'number') return wrong(walk, value, code, path, goPath);
      return Number.isInteger(value) && value >= -limits[code] && value < limits[code]
        ? value
        : wrong(walk, value, code, path, goPath, ` ${value}`);
    case 'n':
      return typeof value === 'number' ? value : wrong(walk, value, code, path, goPath);
    case 'q':
      return decodeQuantity(value, path, walk);
    case 't':
      return decodeTime(value, path, walk);
    case 'y':
      return decodeBytes(value, path, goPath, walk);
    default:
      return value;
  }
}

function decodeQuantity(value: unknown, path: string, walk: Walk): unknown {
  if ((typeof value === 'string' || typeof value === 'number') && parseQuantity(value)) return canonicalQuantity(value);
  walk.error ??= new DecodeError(quantityError, path);
  return undefined;
}

function decodeTime(value: unknown, path: string, walk: Walk): unknown {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return value;
  const at = typeof value === 'string' ? millisOf(value) : Number.NaN;
  if (!Number.isNaN(at)) return timestamp(at);
  const text = String(value);
  walk.error ??= new DecodeError(
    typeof value === 'string'
      ? `parsing time ${goQuote(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${goQuote(text)} as "2006"`
      : `json: cannot unmarshal ${typeOf(value)} into Go value of type string`,
    path,
  );
  return undefined;
}

function decodeBytes(value: unknown, path: string, goPath: string, walk: Walk): unknown {
  if (typeof value !== 'string') return wrong(walk, value, 'y', path, goPath);
  const text = value.replace(/[\r\n]/g, '');
  const letters = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  if (text.length % 4 === 0 && /^={0,2}$/.test(text.slice(letters))) return text;
  const at = letters === text.length ? text.length - (text.length % 4) : letters;
  walk.error ??= new DecodeError(`illegal base64 data at input byte ${at}`, path);
  return undefined;
}
