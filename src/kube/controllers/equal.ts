/**
 * Comparisons by value. Sharing is only a short cut: after a run has been saved and loaded the same values are no longer the
 * same objects, and nobody may decide differently for that.
 */

/** Whether two maps of strings have the same pairs. */
export function sameMap(
  a: Readonly<Record<string, string>> | undefined,
  b: Readonly<Record<string, string>> | undefined,
): boolean {
  if (a === b) return true;
  const [mine, theirs] = [a ?? {}, b ?? {}];
  const keys = Object.keys(mine);
  return keys.length === Object.keys(theirs).length && keys.every((key) => mine[key] === theirs[key]);
}
