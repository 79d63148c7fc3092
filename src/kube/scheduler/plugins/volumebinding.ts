import type { Plugin } from '../framework.ts';

/**
 * Pods wait for their claims. Kubernetes: pkg/scheduler/framework/plugins/volumebinding.
 * Simplified: PersistentVolumeClaims are not served, so that every claim a pod names is one that does not exist.
 */
export const volumeBinding: Plugin<undefined> = {
  name: 'VolumeBinding',
  wakes: [],
  cluster: {
    prepareFilter({ pod }) {
      for (const volume of pod.spec?.volumes ?? []) {
        const claim = volume.persistentVolumeClaim?.claimName;
        if (claim) return { reject: `persistentvolumeclaim "${claim}" not found` };
      }
      return 'skip';
    },
  },
};
