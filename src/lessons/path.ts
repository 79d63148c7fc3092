/** One part of a path: a key, the place in a list, or the first item of a list with a key of that text. */
type Part = string | number | { readonly key: string; readonly is: string };

const known = new Map<string, readonly Part[]>(); // a pure cache

/**
 * Reads `status.conditions[type=Ready].status`, `spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`:
 * brackets hold a place, a `key=text` to look for, or a key that has dots.
 */
function parsePath(path: string): readonly Part[] {
  let parts = known.get(path);
  if (parts) return parts;
  parts = [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([text, inner]): Part => {
    if (inner === undefined) return text;
    if (/^\d+$/.test(inner)) return Number(inner);
    const equal = inner.indexOf('=');
    return equal < 0 ? inner : { key: inner.slice(0, equal), is: inner.slice(equal + 1) };
  });
  known.set(path, parts);
  return parts;
}

/** What stands at a path of an object; undefined when something on the way is missing. */
export function at(object: unknown, path: string): unknown {
  let here: unknown = object;
  for (const part of parsePath(path)) {
    if (here === null || typeof here !== 'object') return undefined;
    if (typeof part !== 'object') here = (here as Record<string | number, unknown>)[part];
    else if (!Array.isArray(here)) return undefined;
    else here = here.find((item) => (item as Record<string, unknown> | null)?.[part.key] === part.is);
  }
  return here;
}
