import type { Context } from '../../kernel/index.ts';
import { deepFreeze } from '../../kernel/index.ts';
import { microTimestamp, type KubeObject } from '../apimachinery/index.ts';
import { lastRenewal, leaseRenewMs, machinesOf } from '../machines.ts';

/**
 * A node's lease as it would read now. The heartbeats of a healthy machine are derived, not written (see machines.ts),
 * so whoever reads the lease must see the renewal that would have been written last.
 * Simplified: such a renewal does not change resourceVersion and is not watched.
 */
export function withRenewal(ctx: Context, lease: KubeObject): KubeObject {
  const { namespace, name } = lease.metadata;
  if (namespace !== 'kube-node-lease') return lease;
  const machine = machinesOf(ctx).nodes.get(name);
  const spec = lease['spec'] as { renewTime?: string | null } | undefined;
  if (!machine || machine.silentSince !== null || !spec?.renewTime) return lease;
  const renewTime = microTimestamp(lastRenewal(machine, ctx.now));
  return renewTime <= spec.renewTime ? lease : deepFreeze({ ...lease, spec: { ...spec, renewTime } });
}

/**
 * A lease that is deleted is missed by its kubelet at the next renewal, which then makes it again. As renewals are derived,
 * the kubelet is woken for this one. Kubernetes: component-helpers/apimachinery/lease controller sync.
 */
export function missRenewal(ctx: Context, { metadata: { namespace, name } }: KubeObject): void {
  const machine = namespace === 'kube-node-lease' ? machinesOf(ctx).nodes.get(name) : undefined;
  const address = `kubelet/${name}`;
  if (!machine || machine.silentSince !== null || !ctx.part(address)) return;
  ctx.after(lastRenewal(machine, ctx.now) + leaseRenewMs - ctx.now, address, 'renew-lease');
}
