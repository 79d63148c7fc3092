import type { V1Taint, V1Toleration } from '../../generated/types.ts';
import { isReason, timestamp } from '../apimachinery/index.ts';
import type { Node } from '../apis/index.ts';
import type { DeedCode } from '../deeds.ts';
import type { Control } from './controller.ts';

/** Taints that the control plane itself sets on nodes. */
export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';
export const unschedulableTaint = 'node.kubernetes.io/unschedulable';
export const outOfServiceTaint = 'node.kubernetes.io/out-of-service';

/** Two taints are the same when key and effect are. */
const sameTaint = (a: V1Taint, b: V1Taint): boolean => a.key === b.key && a.effect === b.effect;

/** The taint of this key and effect, if the node has it. */
export const taintOf = (node: Node, key: string, effect: string): V1Taint | undefined =>
  node.spec?.taints?.find((taint) => taint.key === key && taint.effect === effect);

/**
 * Adds taints, then removes others: two writes, as the real controllers make them, each on the live node.
 * A node that has gone meanwhile is left alone.
 */
export function swapTaints(c: Control, name: string, add: readonly V1Taint[], remove: readonly V1Taint[]): void {
  try {
    if (add.length > 0)
      write(c, name, 'nodelifecycle.taint', add, (old) => {
        const missing = add.filter((taint) => !old.some((o) => sameTaint(o, taint) && o.value === taint.value));
        const kept = old.filter((o) => !missing.some((taint) => sameTaint(o, taint)));
        return missing.length > 0
          ? [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: timestamp(c.ctx.now) }))]
          : old;
      });
    if (remove.length > 0)
      write(c, name, 'nodelifecycle.untaint', remove, (old) => {
        const kept = old.filter((o) => !remove.some((taint) => sameTaint(o, taint)));
        return kept.length < old.length ? kept : old;
      });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

function write(
  c: Control,
  name: string,
  code: DeedCode,
  subject: readonly V1Taint[],
  edit: (old: readonly V1Taint[]) => readonly V1Taint[],
): void {
  const node = c.client.get(c.ctx, 'nodes', name);
  const old = node.spec?.taints ?? [];
  const next = edit(old);
  if (next === old) return;
  const { taints: _, ...spec } = node.spec ?? {};
  const why = { code, params: { taint: subject.map((taint) => `${taint.key}:${taint.effect}`).join(', ') } };
  c.client.update(
    c.ctx,
    'nodes',
    { ...node, spec: { ...spec, ...(next.length > 0 && { taints: [...next] }) } },
    { why },
  );
}

/** Whether a toleration covers a taint. Kubernetes: Toleration.ToleratesTaint. */
export function tolerates(toleration: V1Toleration, taint: V1Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return (toleration.operator ?? 'Equal') === 'Equal' && (toleration.value ?? '') === (taint.value ?? '');
}

/**
 * How long a pod may stay on a node with these NoExecute taints, in milliseconds: 0 when one is not tolerated, Infinity when all
 * are for ever, else the shortest `tolerationSeconds` among the tolerations used (the first that covers each taint).
 * Kubernetes: pkg/controller/tainteviction getMinTolerationTime.
 */
export function toleratedMs(taints: readonly V1Taint[], tolerations: readonly V1Toleration[]): number {
  let shortest = Infinity;
  for (const taint of taints) {
    const used = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!used) return 0;
    if (used.tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(0, used.tolerationSeconds));
  }
  return shortest * 1000;
}
