import type { NetworkPolicy } from '../apis/index.ts';
import {
  allows,
  compile,
  isolates,
  type Compiled,
  type Direction,
  type End,
  type PodEnd,
  type Verdict,
} from './policy-rules.ts';

/** The policies of a namespace at one moment, sorted by name. Frozen: what is worked out from it is remembered beside it. */
export type PolicySet = readonly NetworkPolicy[];

/** What isolates the pods of one identity in one direction, and what was asked of it. */
interface Isolation {
  readonly policies: readonly Compiled[];
  readonly isolatedBy: readonly string[];
  readonly byAddress: boolean;
  /** Peer → port and protocol → verdict. */
  readonly verdicts: Map<string, Map<number, Verdict>>;
}

/** Isolations by identity of a pod; null for one that nothing isolates. */
type Index = Map<string, Isolation | null>;

/** Pure cache: policy set → what it means for the identities that were asked for. Lost with the set, made anew when needed. */
const indexes: Readonly<Record<Direction, WeakMap<PolicySet, Index>>> = {
  ingress: new WeakMap(),
  egress: new WeakMap(),
};

/** More peers than these are not remembered at once. */
const mostPeers = 4096;

/**
 * The set after one policy has come, changed or gone. What was worked out for pods that neither the old nor the new
 * policy selects is taken over: a change costs what it touches.
 */
export function changed(set: PolicySet, old: NetworkPolicy | undefined, next: NetworkPolicy | undefined): PolicySet {
  const name = (old ?? next)!.metadata.name;
  const kept = set.filter((policy) => policy.metadata.name !== name);
  if (next) {
    const at = kept.findIndex((policy) => policy.metadata.name > name);
    kept.splice(at < 0 ? kept.length : at, 0, next);
  }
  const result = Object.freeze(kept);
  for (const direction of ['ingress', 'egress'] as const) {
    const index = indexes[direction].get(set);
    if (index) indexes[direction].set(result, untouched(index, direction, old, next));
  }
  return result;
}

function untouched(
  index: Index,
  direction: Direction,
  old: NetworkPolicy | undefined,
  next: NetworkPolicy | undefined,
): Index {
  const touching = [old, next].filter((policy) => policy !== undefined).map(compile);
  const result: Index = new Map();
  for (const [identity, isolation] of index) {
    const pod = podsByIdentity.get(identity);
    if (pod && !touching.some((policy) => isolates(policy, pod, direction))) result.set(identity, isolation);
  }
  return result;
}

/** Pure cache: a pod of each identity that was asked for; what it lacks is worked out again. */
const podsByIdentity = new Map<string, PodEnd>();
const mostIdentities = 20_000;

function isolationOf(set: PolicySet, pod: PodEnd, direction: Direction): Isolation | null {
  let index = indexes[direction].get(set);
  if (!index) indexes[direction].set(set, (index = new Map()));
  const known = index.get(pod.identity);
  if (known !== undefined) return known;
  if (podsByIdentity.size > mostIdentities) podsByIdentity.clear();
  podsByIdentity.set(pod.identity, pod);
  const policies = set.map(compile).filter((policy) => isolates(policy, pod, direction));
  const isolation =
    policies.length === 0
      ? null
      : {
          policies,
          isolatedBy: Object.freeze(policies.map((policy) => policy.key)),
          byAddress: policies.some((policy) => policy.byAddress),
          verdicts: new Map<string, Map<number, Verdict>>(),
        };
  index.set(pod.identity, isolation);
  return isolation;
}

const protocolNumbers: Readonly<Record<string, number>> = { TCP: 0, UDP: 1, SCTP: 2 };

/**
 * What the policies of a set say to a connection of `pod`; undefined when none isolates it in this direction.
 * `peer` is the other end, `target` the one that the port belongs to. Looked up after the first time: O(1).
 */
export function verdictOf(
  set: PolicySet,
  pod: PodEnd,
  direction: Direction,
  peer: End,
  target: End,
  port: number,
  protocol: string,
): Verdict | undefined {
  const isolation = isolationOf(set, pod, direction);
  if (!isolation) return undefined;
  const identity = peer.pod?.identity ?? '';
  const who = isolation.byAddress ? `${peer.ip} ${identity}` : identity;
  let byPort = isolation.verdicts.get(who);
  if (!byPort) {
    if (isolation.verdicts.size >= mostPeers) isolation.verdicts.clear();
    isolation.verdicts.set(who, (byPort = new Map()));
  }
  const what = port * 4 + (protocolNumbers[protocol] ?? 3);
  let verdict = byPort.get(what);
  if (!verdict) {
    const by = isolation.policies.find((policy) => allows(policy, direction, peer, target, port, protocol));
    const { isolatedBy } = isolation;
    verdict = Object.freeze(by ? { allowed: true, isolatedBy, allowedBy: by.key } : { allowed: false, isolatedBy });
    byPort.set(what, verdict);
  }
  return verdict;
}
