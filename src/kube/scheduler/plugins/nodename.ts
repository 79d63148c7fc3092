import { rejection, type Plugin } from '../framework.ts';

const mismatch = rejection(true, "node(s) didn't match the requested node name");

/** A pod that names its node fits only there. Kubernetes: pkg/scheduler/framework/plugins/nodename. */
export const nodeName: Plugin = {
  name: 'NodeName',
  wakes: [{ on: ['Node/Add'] }],
  filter: (pod, node) => (pod.nodeName && pod.nodeName !== node.name ? mismatch : undefined),
};
