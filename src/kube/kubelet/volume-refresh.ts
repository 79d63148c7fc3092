import { deepFreeze } from '../../kernel/index.ts';
import { equal } from '../apimachinery/index.ts';
import { podEvent } from './events.ts';
import type { Kubelet, Volumes, Worker } from './memory.ts';
import { scheduleRefresh } from './source-watch.ts';
import { MissingSource } from './sources.ts';
import { filesOf, MountError } from './volumes.ts';

/** The pod's own labels or annotations have changed: files of the downward API follow. */
export function refreshVolumes(k: Kubelet, w: Worker): void {
  const uses = w.pod.spec?.volumes?.some((v) => v.downwardAPI || v.projected?.sources?.some((s) => s.downwardAPI));
  if (uses) scheduleRefresh(k, w.uid);
}

/** Brings mounted files up to date. What has vanished meanwhile stays as it was mounted. */
export function refresh(k: Kubelet, w: Worker): void {
  if (!w.volumes || w.ip === '' || w.terminating) return;
  const next: Record<string, Volumes[string]> = { ...w.volumes };
  for (const volume of w.pod.spec?.volumes ?? []) {
    if (!volume.configMap && !volume.secret && !volume.downwardAPI && !volume.projected) continue;
    try {
      const files = filesOf(k, w, volume);
      if (equal(files, next[volume.name])) continue;
      next[volume.name] = files;
      k.cri.updateVolume(k.ctx, k.node, w.uid, volume.name, files);
    } catch (error) {
      if (!(error instanceof MountError || error instanceof MissingSource)) throw error;
      podEvent(k, w, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`); // prettier-ignore
    }
  }
  w.volumes = deepFreeze(next);
}
