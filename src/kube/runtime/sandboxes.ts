import { deepFreeze, type Context } from '../../kernel/index.ts';
import { machinesOf } from '../machines.ts';
import type { Net } from '../network/net.ts';
import { endContainer } from './servers.ts';
import type { SandboxConfig } from './cri.ts';
import { diskOf, tellBehaviour, type Files, type RuntimeMemory, type Sandbox } from './memory.ts';

/** Pod addresses per /24 block. */
const hostsPerBlock = 254;

/**
 * Address number `host` (0-based) of machine `number`: 10.244.<number>.<1…254>, the range that the node's podCIDR
 * names. Machine 300 goes on in 10.245; a machine with more than 254 pods goes on in 100.64.0.0/10
 * (762 pods), then 101.64.0.0/10, and so on.
 */
function podAddress(number: number, host: number): string {
  const block = Math.floor(host / hostsPerBlock);
  const last = (host % hostsPerBlock) + 1;
  if (block === 0) {
    const high = number >> 8;
    return `10.${high < 12 ? 244 + high : 100 + high}.${number & 255}.${last}`;
  }
  const extra = ((block - 1) & 1) * 8192 + number;
  return `${100 + ((block - 1) >> 1)}.${64 + ((extra >> 8) & 63)}.${extra & 255}.${last}`;
}

/** Makes a pod's sandbox, or finds it; returns its IP. An address is used again as late as possible. */
export function runSandbox(ctx: Context, net: Net, memory: RuntimeMemory, config: SandboxConfig): string {
  const { podUid } = config;
  const present = memory.sandboxes.get(podUid);
  if (present) {
    Object.assign(present.volumes, missingVolumes(present, config));
    return present.ip;
  }
  const { volumes, ...rest } = config;
  const ip = config.hostNetwork ? machinesOf(ctx).nodes.get(memory.node)!.ip : takeAddress(ctx, memory, podUid);
  const sandbox: Sandbox = {
    config: deepFreeze(rest),
    ip,
    volumes: { ...deepFreeze(volumes), ...directoriesOf(ctx, memory, config) },
    containers: [],
    followers: [],
  };
  memory.sandboxes.set(podUid, sandbox);
  if (!config.hostNetwork) {
    memory.byIp.set(ip, podUid);
    net.attach(ctx, ip, memory.node, podUid, `pods/${config.namespace}/${config.name}`);
  }
  return ip;
}

/** What is in the directories of the node's disk that a pod mounts. */
function directoriesOf(ctx: Context, memory: RuntimeMemory, { directories }: SandboxConfig): Record<string, Files> {
  const found: Record<string, Files> = {};
  const disk = diskOf(ctx, memory.node);
  for (const [volume, path] of Object.entries(directories ?? {}))
    found[volume] = disk.directories.get(path) ?? Object.freeze({});
  return found;
}

const missingVolumes = (sandbox: Sandbox, config: SandboxConfig): Record<string, Files> =>
  Object.fromEntries(Object.entries(config.volumes).filter(([name]) => !(name in sandbox.volumes)));

function takeAddress(ctx: Context, memory: RuntimeMemory, podUid: string): string {
  const disk = diskOf(ctx, memory.node);
  // 254 addresses, and more once they are all in use.
  const size = hostsPerBlock * (1 + Math.floor(disk.addresses.size / hostsPerBlock));
  for (;;) {
    disk.lastHost = (disk.lastHost + 1) % size;
    const ip = podAddress(memory.number, disk.lastHost);
    if (disk.addresses.has(ip)) continue;
    disk.addresses.set(ip, podUid);
    return ip;
  }
}

/** Kills what still runs in a pod and gives its address and volumes back. */
export function removeSandbox(ctx: Context, net: Net, memory: RuntimeMemory, podUid: string): void {
  const sandbox = memory.sandboxes.get(podUid);
  if (!sandbox) return;
  for (const id of sandbox.containers) endContainer(ctx, net, memory, memory.containers.get(id)!, 137, 'Error');
  for (const id of sandbox.containers) memory.containers.delete(id);
  memory.sandboxes.delete(podUid);
  if (sandbox.config.hostNetwork) return;
  memory.byIp.delete(sandbox.ip);
  diskOf(ctx, memory.node).addresses.delete(sandbox.ip);
  net.detach(ctx, sandbox.ip);
}

/** Replaces a volume's files. Containers that see it through a subPath keep the old ones, as in Kubernetes. */
export function updateVolume(ctx: Context, memory: RuntimeMemory, podUid: string, volume: string, files: Files): void {
  const sandbox = memory.sandboxes.get(podUid);
  if (!sandbox) return;
  const old = sandbox.volumes[volume];
  for (const id of sandbox.containers) {
    const container = memory.containers.get(id)!;
    if (container.state !== 'running' || !container.config.mounts.some((m) => m.volume === volume)) continue;
    if (old && container.config.mounts.some((m) => m.volume === volume && m.subPath) && !container.pinned?.[volume])
      container.pinned = { ...container.pinned, [volume]: old };
    tellBehaviour(ctx, memory, container);
  }
  sandbox.volumes[volume] = deepFreeze({ ...files });
}
