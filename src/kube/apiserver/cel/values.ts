import { isFields, propertyOf, valuesOf, type Schema } from '../../apis/apiextensions/schema.ts';

const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** The identifier of a field in an expression; undefined for a name that has none. Kubernetes: apiserver/pkg/cel/escaping.go. */
export function escaped(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/.test(name)) return undefined;
  const words: Readonly<Record<string, string>> = { __: 'underscores', '.': 'dot', '-': 'dash', '/': 'slash' };
  return name.replace(/__|[-./]/g, (sign) => `__${words[sign]}__`);
}

/** A value of which nothing is known: whole numbers are integers. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

/** Makes times of texts. */
export type Times = (kind: 'timestamp' | 'duration', text: string) => unknown;

/**
 * A value as expressions see it, by its schema: fields have escaped names, and only those that the schema names exist.
 * Kubernetes: apiserver/pkg/cel/common/values.go UnstructuredToVal.
 */
export function schemaValue(value: unknown, schema: Schema | undefined, times: Times): unknown {
  if (value === null || value === undefined || !schema || schema['x-kubernetes-int-or-string'])
    return plainValue(value);
  switch (schema.type) {
    case 'number':
      return value;
    case 'string':
      if (typeof value !== 'string') return value;
      if (schema.format === 'date-time') return times('timestamp', value);
      if (schema.format === 'date') return times('timestamp', `${value}T00:00:00Z`);
      return schema.format === 'duration' ? times('duration', value) : value;
    case 'array':
      return Array.isArray(value) ? value.map((item) => schemaValue(item, schema.items, times)) : value;
    case 'object':
      return isFields(value) ? objectValue(value, schema, times) : value;
    default:
      return plainValue(value);
  }
}

function objectValue(value: Readonly<Record<string, unknown>>, schema: Schema, times: Times): unknown {
  const values = valuesOf(schema);
  if (values)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, schemaValue(inner, values, times)]));
  if (!schema.properties) return plainValue(value);
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const property = propertyOf(schema, key);
    const name = property && escaped(key);
    if (name !== undefined) result[name] = schemaValue(inner, property, times);
  }
  return result;
}
