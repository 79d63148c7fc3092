/** True for every tag that looks like a version or a name: for images whose tags nobody can list. */
export const anyTag = (): boolean => true;

/** Only these tags, and `latest`. */
export const onlyTags =
  (...tags: readonly string[]) =>
  (tag: string): boolean =>
    tag === 'latest' || tags.includes(tag);

/**
 * Tags of a project's releases: `1.25`, `1.25.3`, `1.25.3-alpine`. `patches` maps `major.minor` (or just the major)
 * to its last patch (or minor); `variants` are the suffixes and bare names that exist.
 */
export function releases(
  patches: Readonly<Record<string, number>>,
  variants: readonly string[],
  names: readonly string[] = [],
): (tag: string) => boolean {
  const suffix = variants.length > 0 ? `(?:-(?:${variants.join('|')}))?` : '';
  const numbered = new RegExp(`^(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?${suffix}$`);
  const bare = new Set(['latest', ...variants, ...names]);
  const majors = new Set(Object.keys(patches).map((line) => line.split('.')[0]!));
  return (tag) => {
    if (bare.has(tag)) return true;
    const m = numbered.exec(tag);
    if (!m) return false;
    const [, major, minor, patch] = m as unknown as [string, string, string?, string?];
    if (minor === undefined) return majors.has(major);
    if (patch === undefined) return `${major}.${minor}` in patches || (patches[major] ?? -1) >= Number(minor);
    return (patches[`${major}.${minor}`] ?? -1) >= Number(patch);
  };
}
