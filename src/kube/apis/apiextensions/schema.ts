import type { V1ValidationRule } from '../../../generated/types.ts';

/**
 * The OpenAPI schema of a custom resource, as it stands in its definition. What is stored has passed the rules of structural
 * schemas, so that `items` is one schema. Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/structural.go.
 */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly maximum?: number;
  readonly minimum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly V1ValidationRule[];
}

/** A JSON object. */
export type Fields = Record<string, unknown>;

/** True for what JSON calls an object. */
export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The schema of what a map holds, when `additionalProperties` gives one. */
export const valuesOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** The schema of a property by its name; names such as `constructor` are only names. */
export const propertyOf = ({ properties }: Schema, name: string): Schema | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** True when the map takes keys that the schema does not name. */
const isOpen = ({ additionalProperties }: Schema): boolean =>
  additionalProperties !== undefined && additionalProperties !== false;

/** Fields that every object has, whatever its schema says of them. */
export const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** `spec.list[0].name`: a step further. */
export const childPath = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${key}` : key;

/**
 * A value without the fields that its schema does not know; their paths go to `unknown`. What is right stays the same object.
 * Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go.
 */
export function pruned(value: unknown, schema: Schema, unknown: string[]): unknown {
  const result = prune(value, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown);
  unknown.sort();
  return result;
}

function prune(value: unknown, schema: Schema | undefined, path: string, unknown: string[]): unknown {
  const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    // Below what keeps everything, only a schema that is there can prune.
    if (keeps && !schema.items) return value;
    const items = value.map((item, i) => prune(item, schema?.items, childPath(path, i), unknown));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isFields(value)) return value;
  const result: Fields = {};
  let same = true;
  for (const [key, given] of Object.entries(value)) {
    const inside = pruneField(schema, keeps, key, given, path, unknown);
    if (inside !== given) same = false;
    if (inside !== dropped) Object.defineProperty(result, key, { value: inside, ...plainField });
  }
  return same ? value : result;
}

const plainField = { enumerable: true, writable: true, configurable: true } as const;
const dropped = Symbol('dropped');

function pruneField(
  schema: Schema | undefined,
  keeps: boolean,
  key: string,
  given: unknown,
  path: string,
  unknown: string[],
): unknown {
  if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(key)) return given;
  const at = childPath(path, key);
  const property = schema && propertyOf(schema, key);
  if (property) return prune(given, property, at, unknown);
  if (schema && isOpen(schema)) return prune(given, valuesOf(schema), at, unknown);
  if (keeps) return given;
  if (!metaFields.has(key) || path !== '') unknown.push(at);
  return dropped;
}

const isUnwantedNull = (value: unknown, schema: Schema | undefined): boolean =>
  value === null && schema !== undefined && schema.nullable !== true;

/**
 * A value with the defaults of its schema filled in, and without nulls where none may be. What has nothing to fill stays the
 * same object. Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/defaulting.
 */
export function defaulted(value: unknown, schema: Schema | undefined): unknown {
  if (!schema) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      defaulted(isUnwantedNull(item, schema.items) ? (schema.items!.default ?? null) : item, schema.items),
    );
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isFields(value)) return value;
  const result: Fields = { ...value };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    if (!Object.hasOwn(result, name) || isUnwantedNull(result[name], property)) result[name] = property.default;
  }
  let same = Object.keys(result).length === Object.keys(value).length;
  for (const key of Object.keys(result)) {
    const inner = propertyOf(schema, key) ?? valuesOf(schema);
    if (isUnwantedNull(result[key], inner)) {
      if (inner!.default === undefined) {
        delete result[key];
        same = false;
        continue;
      }
      result[key] = inner!.default;
    }
    result[key] = defaulted(result[key], inner);
    if (result[key] !== value[key]) same = false;
  }
  return same ? value : result;
}
