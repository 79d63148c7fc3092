import type { Context } from '../kernel/index.ts';

/** Use of CPU is counted in windows of this length, all of which begin at its multiples: what metrics-server scrapes. */
export const usageWindowMs = 15_000;
/** How old the figures are that a scrape finds: cAdvisor looks at the containers every 10 s. */
const housekeepingMs = 10_000;

/** The end of the last window that has been scraped. */
export const lastWindowEnd = (now: number): number =>
  Math.max(0, Math.floor((now - housekeepingMs) / usageWindowMs) * usageWindowMs);

/** One machine of the data centre, whatever Kubernetes believes about it. */
export interface Machine {
  readonly name: string;
  up: boolean;
  /** Its network is cut: nothing in, nothing out; containers run on. */
  cut: boolean;
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly pods: number;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When its kubelet first renewed the lease after its latest start: phase of the 10 s heartbeat. */
  heartbeatSince: number;
  /** When the API server last heard from it, while it cannot be heard; null while it can. */
  silentSince: number | null;
}

/** The kubelet renews its lease every 10 s. Kubernetes: nodeLeaseDurationSeconds 40 × renewIntervalFraction 0.25. */
export const leaseRenewMs = 10_000;

/**
 * When a machine's lease was last renewed. Derived, not written: a thousand healthy nodes at rest cost no event.
 * What changes something is written: at the loss of contact the lease's last renewal, at its return the first new one.
 */
export function lastRenewal(machine: Machine, now: number): number {
  const until = machine.silentSince ?? now;
  return (
    machine.heartbeatSince + Math.max(0, Math.floor((until - machine.heartbeatSince) / leaseRenewMs)) * leaseRenewMs
  );
}

/** The data centre: part `machines`. Changed only by faults and by adding nodes. */
export interface Machines {
  readonly nodes: Map<string, Machine>;
  /** Control-plane processes that are stopped: `kube-apiserver`, `kube-scheduler`, `kube-controller-manager`. */
  readonly stopped: Set<string>;
  /** The network plugin does not look at NetworkPolicies. Absent: it enforces them. */
  ignoresPolicies?: boolean;
}

/** The data centre of the running world. */
export const machinesOf = (ctx: Context): Machines => ctx.part<Machines>('machines')!;

/** Machine part of an address: `kubelet/node-1` → `node-1`; '' for the control plane and the learner. */
export const machineName = (address: string): string => {
  const slash = address.indexOf('/');
  return slash < 0 ? '' : address.slice(slash + 1);
};

/** True when a process at `from` can reach the API server now. */
export function canReachApi(ctx: Context, from: string): boolean {
  const machines = machinesOf(ctx);
  if (machines.stopped.has('kube-apiserver')) return false;
  const name = machineName(from);
  if (name === '') return true;
  const machine = machines.nodes.get(name);
  return machine !== undefined && machine.up && !machine.cut;
}
