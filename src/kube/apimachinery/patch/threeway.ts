import { equal } from '../equal.ts';
import type { MergeFact } from '../facts.ts';
import { setOwn } from '../own.ts';
import { isObject, type Json } from './merge.ts';
import { below } from './strategic.ts';

/**
 * What `kubectl apply` sends: the strategic merge patch that brings `live` to `modified` and deletes what `lastApplied`
 * had and `modified` no longer has; what others set in `live` stays. Undefined when nothing is to be done.
 * Pure. Kubernetes: strategicpatch.CreateThreeWayMergePatch.
 */
export function threeWayPatch(model: string, lastApplied: unknown, modified: Json, live: Json): Json | undefined {
  const patch = diffObjects(model, isObject(lastApplied) ? lastApplied : {}, modified, live, false);
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function diffObjects(model: string, last: Json, modified: Json, live: Json, retainKeys: boolean): Json {
  const patch: Json = {};
  for (const key of Object.keys(modified)) {
    const value = modified[key];
    if (value === undefined) continue;
    if (!Object.hasOwn(live, key)) {
      if (value !== null) setOwn(patch, key, value);
      continue;
    }
    diffField(model, key, Object.hasOwn(last, key) ? last[key] : undefined, value, live[key], patch);
  }
  for (const key of Object.keys(last)) {
    if (!Object.hasOwn(modified, key) && Object.hasOwn(live, key)) setOwn(patch, key, null);
  }
  if (retainKeys && Object.keys(patch).length > 0) patch['$retainKeys'] = Object.keys(modified).sort();
  return patch;
}

function diffField(model: string, key: string, last: unknown, value: unknown, live: unknown, patch: Json): void {
  if (value === null) {
    setOwn(patch, key, null);
    return;
  }
  const { model: inner, fact } = below(model, key);
  if (isObject(value) && isObject(live)) {
    if (fact?.replace) {
      if (!equal(value, live)) setOwn(patch, key, { $patch: 'replace', ...value });
      return;
    }
    const sub = diffObjects(inner, isObject(last) ? last : {}, value, live, fact?.retainKeys ?? false);
    if (Object.keys(sub).length > 0) setOwn(patch, key, sub);
    return;
  }
  if (Array.isArray(value) && Array.isArray(live) && fact) {
    diffLists(inner, fact, key, Array.isArray(last) ? last : [], value, live, patch);
    return;
  }
  if (!equal(value, live)) setOwn(patch, key, value);
}

function diffLists(
  model: string,
  fact: MergeFact,
  field: string,
  last: readonly unknown[],
  modified: readonly unknown[],
  live: readonly unknown[],
  patch: Json,
): void {
  if (fact.key === '') {
    const added = modified.filter((value) => !live.includes(value));
    const removed = last.filter((value) => !modified.includes(value) && live.includes(value));
    if (added.length === 0 && removed.length === 0) return;
    if (added.length > 0) patch[field] = added;
    if (removed.length > 0) patch[`$deleteFromPrimitiveList/${field}`] = removed;
    patch[`$setElementOrder/${field}`] = modified;
    return;
  }
  const keyOf = (item: unknown): unknown => (isObject(item) ? item[fact.key] : undefined);
  const find = (list: readonly unknown[], key: unknown): Json | undefined =>
    list.find((item): item is Json => isObject(item) && equal(keyOf(item), key));
  const changes: unknown[] = [];
  for (const item of modified) {
    if (!isObject(item)) continue;
    const old = find(live, keyOf(item));
    if (!old) {
      changes.push(item);
      continue;
    }
    const change = diffObjects(model, find(last, keyOf(item)) ?? {}, item, old, fact.retainKeys);
    if (Object.keys(change).length > 0) changes.push({ ...change, [fact.key]: keyOf(item) });
  }
  for (const item of last) {
    const key = keyOf(item);
    if (find(modified, key) || !find(live, key)) continue;
    changes.push({ $patch: 'delete', [fact.key]: key });
  }
  const order = modified.map((item) => ({ [fact.key]: keyOf(item) }));
  const places = modified.map((item) => live.findIndex((l) => equal(keyOf(l), keyOf(item)))).filter((at) => at >= 0);
  const moved = places.some((at, i) => i > 0 && at < places[i - 1]!);
  if (changes.length === 0 && !moved) return;
  if (changes.length > 0) patch[field] = changes;
  patch[`$setElementOrder/${field}`] = order;
}
