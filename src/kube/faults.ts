import type { Context } from '../kernel/index.ts';
import { microTimestamp } from './apimachinery/index.ts';
import { createClient } from './client/index.ts';
import type { Fault } from './inputs.ts';
import { lastRenewal, machinesOf, type Machine } from './machines.ts';
import type { Api, Process } from './process.ts';

/** What a fault needs of the world: the API (to write a lost node's last heartbeat) and the processes by name. */
export interface Plant {
  readonly api: Api;
  readonly processes: ReadonlyMap<string, Process>;
  addMachine(ctx: Context, name: string, labels: Readonly<Record<string, string>>): void;
}

/** Starts (or restarts) the process at an address with an empty memory. */
export function startProcess(ctx: Context, plant: Plant, address: string): void {
  const slash = address.indexOf('/');
  const process = plant.processes.get(slash < 0 ? address : address.slice(0, slash))!;
  ctx.restart(address, () => process.start(ctx, address));
}

/** The processes of a machine, in the order in which they start. */
export const machineProcesses = ['runtime', 'kubelet'] as const;

/** Applies a fault or its undo. A fault that changes nothing (crash of a crashed node) does nothing. */
export function applyFault(ctx: Context, plant: Plant, fault: Fault): void {
  const machines = machinesOf(ctx);
  // Nodes and metrics-server decide whether there are metrics at all.
  if ('node' in fault || 'process' in fault) ctx.after(0, 'kube-controller-manager', 'usage-changed', {});
  switch (fault.fault) {
    case 'node-crash': {
      const machine = machines.nodes.get(fault.node);
      if (!machine?.up) return;
      loseContact(ctx, plant, machine);
      machine.up = false;
      for (const name of machineProcesses) ctx.restart(`${name}/${machine.name}`);
      ctx.after(0, 'kube-apiserver', 'drop-watches', { node: machine.name });
      return;
    }
    case 'node-start': {
      const machine = machines.nodes.get(fault.node);
      if (!machine || machine.up) return;
      machine.up = true;
      if (!machine.cut) regainContact(ctx, machine);
      for (const name of machineProcesses) startProcess(ctx, plant, `${name}/${machine.name}`);
      return;
    }
    case 'node-cut': {
      const machine = machines.nodes.get(fault.node);
      if (!machine || machine.cut) return;
      if (machine.up) loseContact(ctx, plant, machine);
      machine.cut = true;
      ctx.after(0, 'kube-apiserver', 'drop-watches', { node: machine.name });
      return;
    }
    case 'node-reconnect': {
      const machine = machines.nodes.get(fault.node);
      if (!machine?.cut) return;
      machine.cut = false;
      if (machine.up) {
        regainContact(ctx, machine);
        ctx.after(1, `kubelet/${machine.name}`, 'reconnected');
      }
      return;
    }
    case 'node-add':
      if (!machines.nodes.has(fault.node)) plant.addMachine(ctx, fault.node, fault.labels ?? {});
      return;
    case 'policies-ignore':
      machines.ignoresPolicies = true;
      return;
    case 'policies-enforce':
      delete machines.ignoresPolicies;
      return;
    case 'process-stop':
      if (machines.stopped.has(fault.process)) return;
      machines.stopped.add(fault.process);
      if (fault.process === 'kube-apiserver') {
        for (const machine of machines.nodes.values()) if (machine.up && !machine.cut) machine.silentSince = ctx.now;
        ctx.after(0, 'kube-apiserver', 'drop-watches', {});
      } else {
        ctx.restart(fault.process);
        ctx.after(0, 'kube-apiserver', 'drop-watches', { address: fault.process });
      }
      return;
    case 'process-start':
      if (!machines.stopped.delete(fault.process)) return;
      if (fault.process === 'kube-apiserver') {
        for (const machine of machines.nodes.values()) if (machine.up && !machine.cut) regainContact(ctx, machine);
      } else startProcess(ctx, plant, fault.process);
      return;
    case 'image-slow':
    case 'image-missing':
    case 'image-heal':
    case 'container-crash':
    case 'container-hang':
    case 'container-leak':
    case 'container-heal':
      // Machines are told; those that do not run the pod or image ignore it.
      for (const machine of machines.nodes.values())
        if (machine.up) ctx.after(0, `runtime/${machine.name}`, 'fault', fault);
  }
}

/** Writes down the last heartbeat that the API server received: from now on the lease ages. */
function loseContact(ctx: Context, plant: Plant, machine: Machine): void {
  if (machine.silentSince !== null) return;
  const renewed = lastRenewal(machine, ctx.now);
  machine.silentSince = ctx.now;
  if (machinesOf(ctx).stopped.has('kube-apiserver')) return;
  const client = createClient(plant.api, 'you');
  const lease = client
    .list(ctx, 'leases.coordination.k8s.io', 'kube-node-lease')
    .find((l) => l.metadata.name === machine.name);
  if (!lease) return;
  client.update(
    ctx,
    'leases.coordination.k8s.io',
    { ...lease, spec: { ...lease.spec, renewTime: microTimestamp(renewed) } },
    { why: { code: 'machine.down', params: { node: machine.name } } },
  );
}

/** Heartbeats are derived again from now on; the kubelet itself writes the first new one. */
function regainContact(ctx: Context, machine: Machine): void {
  machine.heartbeatSince = ctx.now;
  machine.silentSince = null;
}
