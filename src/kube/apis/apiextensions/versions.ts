const kinds = ['alpha', 'beta', ''];

/** `v2beta1` → how it ranks: stable before beta before alpha, then by numbers; other names come last. */
function rankOf(version: string): readonly number[] | undefined {
  const [, major, kind = '', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return major === undefined ? undefined : [kinds.indexOf(kind), Number(major), Number(minor)];
}

/** Positive when `a` is preferred to `b`. Kubernetes: apimachinery/pkg/version CompareKubeAwareVersionStrings. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (!left || !right) return left ? 1 : right ? -1 : a < b ? 1 : a > b ? -1 : 0;
  for (const [i, value] of left.entries()) if (value !== right[i]) return value - right[i]!;
  return 0;
}
