/**
 * The paths of `storedOnly` that an object uses: `spec.hostAliases`, `spec.containers[].tty`. A path with `[]` is used when
 * any item has the rest.
 */
export function storedOnlyUsed(paths: readonly string[], object: object): string[] {
  return paths.filter((path) => has(object, path.split('.')));
}

function has(value: unknown, parts: readonly string[]): boolean {
  if (parts.length === 0) return value !== undefined && value !== null;
  if (value === null || typeof value !== 'object') return false;
  const [part, ...rest] = parts as [string, ...string[]];
  const name = part.replace(/\[\*?\]$/, '');
  const next = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  if (name === part) return has(next, rest);
  return Array.isArray(next) && next.some((item) => has(item, rest));
}
