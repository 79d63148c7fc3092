import { duplicateValue, invalidValue, type FieldError } from '../../apimachinery/index.ts';
import { childPath, isFields, propertyOf, valuesOf, type Schema } from './schema.ts';

/**
 * Items that a list may not have twice: equal ones in a set, ones with the same keys in a map.
 * Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/listtype.
 */
export function validateListTypes(value: unknown, schema: Schema, path = ''): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return [
      ...duplicates(value, schema, path),
      ...(items ? value.flatMap((item, i) => validateListTypes(item, items, childPath(path, i))) : []),
    ];
  }
  if (!isFields(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([key, inner]) => {
    const property = propertyOf(schema, key);
    return [
      ...(values ? validateListTypes(inner, values, `${path}[${key}]`) : []),
      ...(property ? validateListTypes(inner, property, childPath(path, key)) : []),
    ];
  });
}

function duplicates(items: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return repeated(items).map((i) => duplicateValue(childPath(path, i), items[i]));
  if (type !== 'map') return [];
  const wrong = items.findIndex((item) => item !== null && !isFields(item));
  if (wrong >= 0)
    return [invalidValue(childPath(path, wrong), items[wrong], 'must be an object for an array of list-type map')];
  const keys = items.map((item) => {
    const names = schema['x-kubernetes-list-map-keys'] ?? [];
    const entries = names.flatMap((name) => (isFields(item) && Object.hasOwn(item, name) ? [[name, item[name]]] : []));
    return Object.fromEntries(entries) as object;
  });
  return repeated(keys).map((i) => duplicateValue(childPath(path, i), keys[i]));
}

/** Places at which something comes for the second time. */
function repeated(values: readonly unknown[]): number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [i, value] of values.entries()) {
    const text = JSON.stringify(value);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) found.push(i);
  }
  return found;
}
