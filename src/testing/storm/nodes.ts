import type { Node } from '../../kube/apis/index.ts';
import { chance, pick, type Act, type Maker, type Scene } from './choose.ts';

/** Key of the taints that the storm sets. */
const taintKey = 'storm';

const typed = (line: string): Act => ({ type: 'kubectl', line });

const someNode = ({ random, objects }: Scene): Node | undefined => pick(random, objects<Node>('nodes'));

/** Cordons a machine and evicts its pods, as far as budgets allow within half a minute. */
const drain: Maker = (scene) => {
  const node = someNode(scene);
  const grace = chance(scene.random, 30) ? ' --grace-period=1' : '';
  return (
    node &&
    typed(`drain ${node.metadata.name} --ignore-daemonsets --delete-emptydir-data --force --timeout=30s${grace}`)
  );
};

const uncordon: Maker = (scene) => {
  const node = scene.objects<Node>('nodes').find(({ spec }) => spec?.unschedulable);
  return node && typed(`uncordon ${node.metadata.name}`);
};

const taint: Maker = (scene) => {
  const node = someNode(scene);
  if (!node) return undefined;
  const { name } = node.metadata;
  if (node.spec?.taints?.some(({ key }) => key === taintKey)) return typed(`taint nodes ${name} ${taintKey}-`);
  const effect = pick(scene.random, ['NoSchedule', 'PreferNoSchedule', 'NoExecute', 'NoExecute']);
  return typed(`taint nodes ${name} ${taintKey}=yes:${effect}`);
};

/** What the storm does with machines at a terminal. */
export const nodeMakers: readonly (readonly [number, Maker])[] = [
  [2, drain],
  [2, uncordon],
  [3, taint],
];

/** A Node without what the storm has set on it, or undefined when there is nothing. */
export function healedNode(node: Node): Node | undefined {
  const taints = (node.spec?.taints ?? []).filter(({ key }) => key !== taintKey);
  if (!node.spec?.unschedulable && taints.length === (node.spec?.taints?.length ?? 0)) return undefined;
  return { ...node, spec: { ...node.spec, unschedulable: false, taints } };
}
