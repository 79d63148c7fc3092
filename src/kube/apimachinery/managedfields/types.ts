import { fields } from '../../../generated/fields.ts';
import { keyDefaults, ownershipFacts } from './facts.ts';

/**
 * A value's type as ownership sees it: what is a leaf, what is owned part by part, and by which keys the items of a list are
 * told apart. Kubernetes: structured-merge-diff/v6/schema.
 */
export type Type = ScalarType | ListType | MapType | AnyType;

/** A leaf. */
export interface ScalarType {
  readonly is: 'scalar';
  readonly of: 'numeric' | 'string' | 'boolean' | 'untyped';
}

/** A list; without `keys` a leaf, with none in them a set of plain values. */
export interface ListType {
  readonly is: 'list';
  readonly keys: readonly string[] | undefined;
  /** What an item is taken to say that leaves a key out. */
  readonly defaults: Readonly<Record<string, unknown>>;
  item(): Type;
}

/** An object or a map. */
export interface MapType {
  readonly is: 'map';
  /** It has one owner as a whole. */
  readonly atomic: boolean;
  /** The type of a declared field; undefined for keys of a map and for what is not declared. */
  field(name: string): Type | undefined;
  /** Of what stands under keys that are not declared; undefined where there may be none. */
  readonly rest: Type | undefined;
}

/** What has no schema: objects are owned field by field, lists are leaves. */
export interface AnyType {
  readonly is: 'any';
}

const any: AnyType = { is: 'any' };
const untyped: ScalarType = { is: 'scalar', of: 'untyped' };
const scalars: Readonly<Record<string, ScalarType>> = {
  s: { is: 'scalar', of: 'string' },
  y: { is: 'scalar', of: 'string' },
  b: { is: 'scalar', of: 'boolean' },
  i: { is: 'scalar', of: 'numeric' },
  l: { is: 'scalar', of: 'numeric' },
  n: { is: 'scalar', of: 'numeric' },
};
const noDefaults = {};

/** Pure caches over constant tables. */
const models = new Map<string, Type>();

/** The type of a generated model: `V1Deployment`. */
export function typeOfModel(model: string): Type {
  let type = models.get(model);
  if (!type) models.set(model, (type = builtType(model)));
  return type;
}

function builtType(model: string): Type {
  const row = fields[model];
  if (!row) return any;
  const marks = ownershipFacts.get(model);
  const known = new Map<string, Type>();
  return {
    is: 'map',
    atomic: marks?.has('=') ?? false,
    rest: undefined,
    field(name) {
      if (!Object.hasOwn(row, name)) return undefined;
      let type = known.get(name);
      if (!type) known.set(name, (type = typeOfField(row[name]!, name, marks)));
      return type;
    },
  };
}

/** The type behind a code of the generated table, with what is known of the field's list or map. */
function typeOfField(code: string, name: string, marks: ReadonlySet<string> | undefined): Type {
  if (code[0] === '[') {
    const mark = marks && [...marks].find((each) => each.startsWith(`${name}:`));
    const keys = mark?.slice(name.length + 1);
    const item = code.slice(1);
    return {
      is: 'list',
      keys: keys === undefined ? undefined : keys === '' ? [] : keys.split(','),
      defaults: keyDefaults[item.slice(1)] ?? noDefaults,
      item: () => typeOfCode(item),
    };
  }
  if (code[0] === '{') {
    const rest = typeOfCode(code.slice(1));
    return { is: 'map', atomic: marks?.has(`${name}=`) ?? false, rest, field: () => undefined };
  }
  return typeOfCode(code);
}

function typeOfCode(code: string): Type {
  if (code[0] === '!') return typeOfModel(code.slice(1));
  if (code[0] === '*') return any;
  if (code[0] === '[' || code[0] === '{') return typeOfField(code, '', undefined);
  return scalars[code] ?? untyped;
}

/** What a value is where its type leaves that open; null keeps the type that stands beside it. */
export function resolved(type: Type, value: unknown): ScalarType | ListType | MapType {
  if (type.is !== 'any') return type;
  if (Array.isArray(value)) return anyList;
  return value !== null && typeof value === 'object' ? anyMap : untyped;
}
const anyList: ListType = { is: 'list', keys: undefined, defaults: noDefaults, item: () => any };
const anyMap: MapType = { is: 'map', atomic: false, rest: any, field: () => undefined };

/** A structural schema, as a CustomResourceDefinition carries it. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly default?: unknown;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
}

/** Pure cache over frozen schemas. */
const ofSchemas = new WeakMap<object, Type>();

/** The type of a custom kind's objects. Kubernetes: kube-openapi/pkg/schemaconv. */
export function typeOfSchema(schema: object): Type {
  let type = ofSchemas.get(schema);
  if (!type) ofSchemas.set(schema, (type = builtOfSchema(schema as Schema, true)));
  return type;
}

function builtOfSchema(schema: Schema, isResource: boolean): Type {
  if (schema['x-kubernetes-int-or-string']) return untyped;
  if (schema.type === 'array' && schema.items) return listOfSchema(schema, schema.items);
  if (schema.type !== 'object' && !schema.properties) {
    if (schema.type === 'string') return scalars['s']!;
    if (schema.type === 'boolean') return scalars['b']!;
    return schema.type === 'integer' || schema.type === 'number' ? scalars['n']! : any;
  }
  const { properties = {}, additionalProperties: more } = schema;
  const known = new Map<string, Type>();
  if (isResource || schema['x-kubernetes-embedded-resource']) {
    known.set('apiVersion', scalars['s']!).set('kind', scalars['s']!).set('metadata', typeOfModel('V1ObjectMeta'));
  }
  const rest =
    schema['x-kubernetes-preserve-unknown-fields'] || more === true
      ? any
      : more
        ? builtOfSchema(more, false)
        : undefined;
  return {
    is: 'map',
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    rest,
    field(name) {
      let type = known.get(name);
      if (!type && Object.hasOwn(properties, name)) known.set(name, (type = builtOfSchema(properties[name]!, false)));
      return type;
    },
  };
}

function listOfSchema(schema: Schema, items: Schema): ListType {
  const item = builtOfSchema(items, false);
  const listType = schema['x-kubernetes-list-type'];
  const keys = listType === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : listType === 'set' ? [] : undefined;
  const defaults = Object.fromEntries((keys ?? []).map((key) => [key, items.properties?.[key]?.default]));
  return { is: 'list', keys, defaults, item: () => item };
}
