import { isObject } from '../patch/index.ts';
import type { ListType, MapType, Type } from './types.ts';

/** The type of what stands under a key; undefined where nothing may stand. */
export const typeBelow = (type: MapType, key: string): Type | undefined => type.field(key) ?? type.rest;

/** The step to an item of a map or set list; a sentence where it has none. Kubernetes: typed/helpers.go listItemToPathElement. */
export function stepOf(type: ListType, item: unknown): { readonly step: string } | { readonly wrong: string } {
  const keys = type.keys!;
  if (keys.length === 0) {
    if (isObject(item)) return { wrong: "associative list without keys has an element that's a map type" };
    if (Array.isArray(item)) return { wrong: 'not supported: associative list with lists as elements' };
    if (item === null) return { wrong: "associative list without keys has an element that's an explicit null" };
    return { step: `v:${JSON.stringify(item)}` };
  }
  if (item === null) return { wrong: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { wrong: 'associative list with keys may not have non-map elements' };
  const found: Record<string, unknown> = {};
  for (const key of keys.toSorted()) {
    const value = item[key] ?? type.defaults[key];
    if (value !== undefined) found[key] = value;
  }
  if (Object.keys(found).length === 0) {
    return {
      wrong: `associative list with keys has an element that omits all key fields [${keys.map((key) => JSON.stringify(key)).join(' ')}] (and doesn't have default values for any key fields)`,
    };
  }
  return { step: `k:${JSON.stringify(found)}` };
}

/** The step to an item of a list that has been validated. */
export function stepTo(type: ListType, item: unknown): string {
  const found = stepOf(type, item);
  return 'step' in found ? found.step : 'v:null';
}
