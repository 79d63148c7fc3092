import type { AnyKind } from './kind.ts';

/** Values that the API server itself fills in: to have one of them is not to use the field. */
const defaults: Readonly<Record<string, unknown>> = {
  defaultMode: 0o644,
  dnsPolicy: 'ClusterFirst',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

/**
 * The fields of an object that are stored but not acted on, as paths with indexes (`spec.containers[0].tty`), so that
 * whoever uses one can be told. No manifest field is dropped silently.
 */
export function storedOnlyFields(kind: Pick<AnyKind, 'storedOnly'>, object: unknown): string[] {
  return kind.storedOnly.flatMap((path) => find(object, path.split('.'), ''));
}

function find(value: unknown, [step, ...rest]: readonly string[], at: string): string[] {
  if (step === undefined) return [at];
  if (value === null || typeof value !== 'object') return [];
  const name = step.replace('[]', '');
  const inner = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  if (inner === undefined || inner === null || inner === defaults[name]) return [];
  const path = at ? `${at}.${name}` : name;
  if (!step.endsWith('[]')) return find(inner, rest, path);
  return Array.isArray(inner) ? inner.flatMap((item, i) => find(item, rest, `${path}[${i}]`)) : [];
}
