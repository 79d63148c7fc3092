import { nodeStartsToFit } from '../events.ts';
import { rejection, type Plugin } from '../framework.ts';
import { normalizeReversed } from './normalize.ts';
import { hasUntolerated, tolerated } from './tolerations.ts';

const untolerated = rejection(true, 'node(s) had untolerated taint(s)');

/**
 * Keeps pods off nodes whose NoSchedule and NoExecute taints they do not tolerate, and prefers nodes with fewer
 * untolerated PreferNoSchedule taints. Kubernetes: pkg/scheduler/framework/plugins/tainttoleration.
 */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  wakes: [
    {
      on: ['Node/Add', 'Node/UpdateTaint'],
      helps: nodeStartsToFit((pod, node) => !hasUntolerated(node.spec?.taints, pod.spec?.tolerations)),
    },
    { on: ['Target/UpdateToleration'] },
  ],
  filter: (pod, node) => (hasUntolerated(node.node.spec?.taints, pod.tolerations) ? untolerated : undefined),
  score(pod, node) {
    let count = 0;
    for (const taint of node.node.spec?.taints ?? []) {
      if (taint.effect !== 'PreferNoSchedule') continue;
      if (
        !tolerated(
          taint,
          pod.tolerations.filter((t) => !t.effect || t.effect === 'PreferNoSchedule'),
        )
      )
        count++;
    }
    return count;
  },
  normalize: normalizeReversed,
};
