import { fields } from '../../../generated/fields.ts';
import { setOwn } from '../own.ts';
import { equal } from '../equal.ts';
import { mergeFacts, type MergeFact } from '../facts.ts';
import { badRequest, failure } from '../status.ts';
import { isObject, type Json } from './merge.ts';

/** What the patch means for a field: the model below it and how its list or object merges. */
interface Below {
  readonly model: string;
  readonly fact: MergeFact | undefined;
}

/** Model and merge rule of a field; a model of '' knows nothing (maps, schemaless parts). */
export function below(model: string, field: string): Below {
  const row = fields[model];
  const code = row && Object.hasOwn(row, field) ? row[field]! : '';
  const name = /!(\w+)$/.exec(code)?.[1] ?? '';
  return { model: name, fact: mergeFacts.get(model)?.get(field) };
}

/** Go's print of a value inside a message: `map[image:x]`, keys sorted. */
export function goPrint(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${goPrint(value[key])}`)
    .join(' ')}]`;
}

const setOrder = '$setElementOrder/';
const deleteFrom = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: lists of objects merge by key, and the directives `$patch`, `$retainKeys`, `$setElementOrder/…`
 * and `$deleteFromPrimitiveList/…` are obeyed. Pure. Kubernetes: apimachinery/pkg/util/strategicpatch/patch.go.
 */
export function strategicPatch(model: string, original: unknown, patch: Json): Json {
  const directive = patch['$patch'];
  if (directive === 'replace') return without(patch, '$patch');
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`unknown patch type found: ${goPrint(directive)}`);

  const result: Json = isObject(original) ? { ...original } : {};
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain)) for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key];

  for (const key of Object.keys(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(setOrder)) continue;
    const value = patch[key];
    if (key.startsWith(deleteFrom)) {
      const name = key.slice(deleteFrom.length);
      const list = result[name];
      if (Array.isArray(list) && Array.isArray(value)) result[name] = list.filter((item) => !value.includes(item));
      continue;
    }
    const fresh = !Object.hasOwn(result, key);
    if (value === null) delete result[key];
    // A directive has nothing to work on where nothing stands; Kubernetes drops it with all that is beside it.
    else if (fresh && isObject(value) && value['$patch'] !== undefined) continue;
    else setOwn(result, key, patchField(model, key, fresh ? undefined : result[key], value));
  }
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setOrder) || !Array.isArray(patch[key])) continue;
    const name = key.slice(setOrder.length);
    const list = result[name];
    if (!Array.isArray(list)) continue;
    const before = isObject(original) && Array.isArray(original[name]) ? original[name] : [];
    result[name] = ordered(list, patch[key], before, below(model, name).fact?.key ?? '');
  }
  return result;
}

function patchField(model: string, key: string, old: unknown, value: unknown): unknown {
  const { model: inner, fact } = below(model, key);
  if (isObject(value))
    return fact?.replace || !isObject(old) ? strategicPatch(inner, {}, value) : strategicPatch(inner, old, value);
  if (!Array.isArray(value)) return value;
  if (!fact) return withoutDirectives(value);
  return fact.key === ''
    ? mergeValues(Array.isArray(old) ? old : [], value)
    : mergeItems(inner, fact.key, Array.isArray(old) ? old : [], value);
}

const without = (object: Json, key: string): Json => {
  const { [key]: _, ...rest } = object;
  return rest;
};

const withoutDirectives = (items: readonly unknown[]): unknown[] =>
  items
    .filter((item) => !isObject(item) || item['$patch'] === undefined)
    .map((item) => (isObject(item) ? strategicPatch('', {}, item) : item));

function mergeValues(old: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const merged = [...new Set([...old, ...patch])];
  return ordered(merged, patch, old, '');
}

function mergeItems(model: string, key: string, old: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const keyed = (item: unknown): unknown => {
    if (isObject(item) && item[key] !== undefined) return item[key];
    throw failure(500, '', `map: ${goPrint(item)} does not contain declared merge key: ${key}`);
  };
  const changes: Json[] = [];
  let base = [...old];
  let replace = false;
  for (const item of patch) {
    if (isObject(item) && item['$patch'] === 'replace') {
      replace = true;
      if (item[key] !== undefined) changes.push(without(item, '$patch'));
    } else if (isObject(item) && item['$patch'] === 'delete') {
      const gone = keyed(item);
      base = base.filter((o) => !(isObject(o) && equal(o[key], gone)));
    } else if (isObject(item)) changes.push(item);
    else throw badRequest(`cannot merge a list of objects with ${goPrint(item)}`);
  }
  if (replace) return withoutDirectives(changes);
  const merged = [...base];
  for (const change of changes) {
    const value = keyed(change);
    const at = merged.findIndex((o) => isObject(o) && equal(o[key], value));
    if (at < 0) merged.push(strategicPatch(model, {}, change));
    else merged[at] = strategicPatch(model, merged[at], change);
  }
  return ordered(merged, changes, base, key);
}

/**
 * Order after a merge: items that the patch names stand in its order, the others in the server's; where the two meet,
 * a server item goes first only if the server had both and had it first. So an item that is new comes before the old ones.
 */
function ordered(
  merged: readonly unknown[],
  patch: readonly unknown[],
  server: readonly unknown[],
  key: string,
): unknown[] {
  const name = (item: unknown): unknown => (key !== '' && isObject(item) ? item[key] : item);
  const indexIn = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((o) => equal(name(o), name(item)));
  const named = merged
    .filter((item) => indexIn(patch, item) >= 0)
    .sort((a, b) => indexIn(patch, a) - indexIn(patch, b));
  const others = merged
    .filter((item) => indexIn(patch, item) < 0)
    .sort((a, b) => indexIn(server, a) - indexIn(server, b));
  const result: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < others.length && j < named.length) {
    const [l, r] = [indexIn(server, others[i]), indexIn(server, named[j])];
    result.push(l >= 0 && r >= 0 && l < r ? others[i++] : named[j++]);
  }
  return [...result, ...others.slice(i), ...named.slice(j)];
}
