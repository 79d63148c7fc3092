import type { V1Taint, V1Toleration } from '../../../generated/types.ts';
import type { Node } from '../../apis/index.ts';
import { nodeStartsToFit } from '../events.ts';
import { rejection, type Plugin } from '../framework.ts';
import { tolerated } from './tolerations.ts';

const unschedulable = rejection(true, 'node(s) were unschedulable');
const taint: V1Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const open = (node: Node, tolerations: readonly V1Toleration[]): boolean =>
  !node.spec?.unschedulable || tolerated(taint, tolerations);

/** Cordoned nodes take only pods that tolerate it. Kubernetes: pkg/scheduler/framework/plugins/nodeunschedulable. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  wakes: [
    {
      on: ['Node/Add', 'Node/UpdateTaint'],
      helps: nodeStartsToFit((pod, node) => open(node, pod.spec?.tolerations ?? [])),
    },
    { on: ['Target/UpdateToleration'] },
  ],
  filter: (pod, node) => (open(node.node, pod.tolerations) ? undefined : unschedulable),
};
