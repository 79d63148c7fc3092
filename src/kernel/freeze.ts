/**
 * Freezes plain data in depth and returns it. Frozen means shareable: a checkpoint copies containers and
 * keeps frozen values by reference, so every object that the API server stores goes through here once.
 * Already frozen subtrees are skipped, which makes re-freezing an edited copy cost only its new parts.
 */
export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    if (Array.isArray(value)) for (let i = 0; i < value.length; i++) deepFreeze(value[i] as unknown);
    else {
      for (const key in value) {
        const field = value[key];
        if (field !== null && typeof field === 'object') deepFreeze(field);
      }
    }
  }
  return value;
}

/**
 * Copies the containers (Map, Set, array, plain object) of a state tree; frozen values are shared.
 * This is all that a checkpoint is.
 */
export function copyState<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    const copy = new Map();
    for (const [k, v] of value) copy.set(k, v !== null && typeof v === 'object' ? copyState(v) : v);
    return copy as T;
  }
  if (value instanceof Set) return new Set(value) as T;
  if (Array.isArray(value)) {
    const copy = value.slice() as unknown[];
    for (let i = 0; i < copy.length; i++) {
      const v = copy[i];
      if (v !== null && typeof v === 'object') copy[i] = copyState(v);
    }
    return copy as T;
  }
  const copy: Record<string, unknown> = {};
  for (const k in value) {
    const v: unknown = value[k];
    copy[k] = v !== null && typeof v === 'object' ? copyState(v) : v;
  }
  return copy as T;
}
