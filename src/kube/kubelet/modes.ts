import type { V1Volume } from '../../generated/types.ts';
import { deepFreeze } from '../../kernel/index.ts';
import type { FileModes } from '../runtime/cri.ts';

/** What files of a volume have when nothing else is said. */
const usual = 0o644;
/** The directory that an emptyDir is. */
const everybody = 0o777;

interface Source {
  readonly items?: readonly { readonly path: string; readonly mode?: number | undefined }[] | undefined;
}

/**
 * Permissions of the files in a pod's volumes, as far as they are not the usual ones: volume → path → mode, `*` for all others, '' for the
 * volume's own directory.
 * Kubernetes: pkg/volume/configmap, secret, projected, downwardapi MakePayload.
 */
export function fileModes(volumes: readonly V1Volume[] = []): FileModes | undefined {
  const modes: Record<string, Record<string, number>> = {};
  for (const { name, configMap, secret, downwardAPI, projected, emptyDir } of volumes) {
    const whole = configMap ?? secret ?? downwardAPI ?? projected;
    const parts: readonly (Source | undefined)[] = projected
      ? (projected.sources ?? []).flatMap((s) => [s.configMap, s.secret, s.downwardAPI])
      : [configMap ?? secret ?? downwardAPI];
    const own: Record<string, number> = emptyDir ? { '': everybody } : {};
    if (whole?.defaultMode !== undefined && whole.defaultMode !== usual) own['*'] = whole.defaultMode;
    for (const { path, mode } of parts.flatMap((part) => part?.items ?? [])) if (mode !== undefined) own[path] = mode;
    if (Object.keys(own).length > 0) modes[name] = own;
  }
  return Object.keys(modes).length > 0 ? deepFreeze(modes) : undefined;
}

/** Names of the emptyDirs that live in memory. Kubernetes: pkg/volume/emptydir setupTmpfs. */
export const inMemory = (volumes: readonly V1Volume[] = []): string[] =>
  volumes.filter(({ emptyDir }) => emptyDir?.medium === 'Memory').map(({ name }) => name);
