import { deepFreeze } from '../../kernel/index.ts';

/**
 * The object with the given fields set; the object itself when they all hold already. Fields whose value is
 * undefined are left alone. Lists that were mapped without a change count as unchanged, so that what is shared stays shared.
 */
export function filled<T extends object>(object: T, wanted: { [K in keyof T]?: T[K] | undefined }): T {
  let copy: T | null = null;
  for (const key in wanted) {
    const value = wanted[key];
    if (value === undefined || same(value, object[key])) continue;
    copy ??= { ...object };
    copy[key] = value as T[typeof key];
  }
  return copy ?? object;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Remembers the results of a pure function for frozen arguments, by identity; results are frozen then. */
export function memoised<T extends object>(compute: (value: T) => T): (value: T) => T {
  const results = new WeakMap<T, T>();
  return (value) => {
    const known = results.get(value);
    if (known) return known;
    const result = compute(value);
    if (Object.isFrozen(value)) {
      results.set(value, deepFreeze(result));
      if (result !== value) results.set(result, result); // defaulting is idempotent
    }
    return result;
  };
}
