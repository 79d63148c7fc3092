import type { Plugin } from '../framework.ts';
import { imageLocality } from './imagelocality.ts';
import { interPodAffinity } from './interpodaffinity.ts';
import { nodeAffinity } from './nodeaffinity.ts';
import { nodeName } from './nodename.ts';
import { nodePorts } from './nodeports.ts';
import { nodeResourcesBalancedAllocation } from './noderesourcesbalancedallocation.ts';
import { nodeResourcesFit } from './noderesourcesfit.ts';
import { nodeUnschedulable } from './nodeunschedulable.ts';
import { podTopologySpread } from './podtopologyspread.ts';
import { taintToleration } from './tainttoleration.ts';
import { volumeBinding } from './volumebinding.ts';

/**
 * Every plugin, in Kubernetes' order: a node is rejected by the first that objects. A new plugin is its file and its
 * line here. Weights: pkg/scheduler/apis/config/v1/default_plugins.go.
 */
export const plugins: readonly Plugin<unknown>[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeBinding,
  podTopologySpread,
  interPodAffinity,
  nodeResourcesBalancedAllocation,
  imageLocality,
];
