import { encodeBase64 } from '../apimachinery/index.ts';
import type { Invocation } from './command.ts';
import { UsageError } from './parse.ts';

/** Flags that fill a ConfigMap or Secret. */
export const dataFlags = {
  'from-literal': 'list',
  'from-file': 'list',
  'from-env-file': 'list',
  'append-hash': 'boolean',
} as const;

/**
 * Keys and texts of `--from-literal`, `--from-file` and `--from-env-file`, in this order.
 * Kubernetes: kubectl/pkg/cmd/create/create_configmap.go.
 */
export function dataOf(run: Invocation): Record<string, string> {
  const data: Record<string, string> = {};
  const add = (key: string, value: string): void => {
    if (Object.hasOwn(data, key)) throw new UsageError(`error: cannot add key "${key}", another key by that name already exists in Data`); // prettier-ignore
    data[key] = value;
  };
  for (const pair of run.args.flags.get('from-literal') ?? []) {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new UsageError(`error: invalid literal source ${pair}, expected key=value`);
    add(pair.slice(0, equals), pair.slice(equals + 1));
  }
  for (const source of run.args.flags.get('from-file') ?? []) {
    const equals = source.indexOf('=');
    const path = equals < 0 ? source : source.slice(equals + 1);
    for (const file of filesAt(run, path)) add(equals < 0 ? baseName(file) : source.slice(0, equals), run.files[file]!);
  }
  for (const path of run.args.flags.get('from-env-file') ?? []) {
    for (const file of filesAt(run, path))
      for (const line of run.files[file]!.split('\n')) {
        const text = line.trimStart();
        if (text === '' || text.startsWith('#')) continue;
        const equals = text.indexOf('=');
        if (equals > 0) add(text.slice(0, equals), text.slice(equals + 1));
      }
  }
  return data;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The file of that name, or the files of a folder. */
function filesAt(run: Invocation, path: string): string[] {
  if (Object.hasOwn(run.files, path)) return [path];
  const folder = path.endsWith('/') ? path : `${path}/`;
  const inside = Object.keys(run.files).filter(
    (file) => file.startsWith(folder) && !file.slice(folder.length).includes('/'),
  );
  if (inside.length === 0) throw new UsageError(`error: error reading ${path}: no such file or directory`);
  return inside.sort();
}

/** All values in base64. */
export const encoded = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)]));
