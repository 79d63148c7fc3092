import { fnv1a, type Context } from '../../kernel/index.ts';
import { machinesOf } from '../machines.ts';

/** A node's agent (kube-proxy, network plugin) has applied what the API server told after this long at least and at most, milliseconds. */
const minDelayMs = 5;
export const maxDelayMs = 150;

/** A version of something that every node applies in its own time: at `at` plus a delay that derives from `salt` and the node. */
export interface Version {
  readonly at: number;
  readonly salt: number;
}

/** When `node` has applied a version. Deterministic in node and version, uniform over the range. */
const seenAt = (version: Version, node: string): number =>
  version.at + minDelayMs + (fnv1a(node, version.salt) % (maxDelayMs - minDelayMs + 1));

/** The moment up to which a node knows: now, or when it lost the API server. A node that is back knows the present. */
export const knowsUntil = (ctx: Context, node: string): number =>
  machinesOf(ctx).nodes.get(node)?.silentSince ?? ctx.now;

function indexSeen(versions: readonly Version[], node: string, until: number): number {
  let i = versions.length - 1;
  if (until - versions[i]!.at >= maxDelayMs) return i;
  while (i > 0 && seenAt(versions[i]!, node) > until) i--;
  return i;
}

/** The version that a node uses, of some in order of time; the first is what it knew before. */
export const versionSeen = <V extends Version>(versions: readonly V[], node: string, until: number): V =>
  versions[indexSeen(versions, node, until)]!;

/**
 * Without the versions that no node uses any more: kept are the newest, those younger than the longest delay, and what
 * silent nodes still believe.
 */
export function pruned<V extends Version>(ctx: Context, versions: V[]): V[] {
  if (versions.length < 4) return versions;
  const settled = versions.findLastIndex((v) => ctx.now - v.at >= maxDelayMs);
  if (settled <= 0) return versions;
  const used = new Set<number>();
  for (const machine of machinesOf(ctx).nodes.values())
    if (machine.silentSince !== null) used.add(indexSeen(versions, machine.name, machine.silentSince));
  return versions.filter((_, i) => i >= settled || used.has(i));
}
