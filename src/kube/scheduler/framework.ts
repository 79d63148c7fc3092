import type { Context } from '../../kernel/index.ts';
import type { Pod } from '../apis/index.ts';
import type { Caches } from '../client/index.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Wake } from './events.ts';
import type { NodeInfo } from './nodeinfo.ts';
import type { Nominated } from './nominated.ts';
import type { PodProfile } from './profile.ts';

/** Why a node cannot take a pod. Reasons are counted over the nodes and become the message. */
export interface Rejection {
  readonly reasons: readonly string[];
  /** True when removing other pods from the node could not help. Kubernetes: UnschedulableAndUnresolvable. */
  readonly unresolvable: boolean;
}

/** A rejection that other pods' leaving could lift (`resolvable`) or not; make them once, as constants, where possible. */
export const rejection = (unresolvable: boolean, ...reasons: string[]): Rejection =>
  Object.freeze({ reasons: Object.freeze(reasons), unresolvable });

/** One try at one pod: what plugins that need more than the node may look at. */
export interface Cycle {
  readonly ctx: Context;
  readonly pod: Pod;
  readonly profile: PodProfile;
  readonly view: ClusterView;
  readonly caches: Caches;
  /** Pods that wait for room they have made. */
  readonly nominated: Nominated;
}

/** A pod that is there as well (`by` 1), or no longer (−1), in a try of what would be. */
export interface PodChange {
  readonly pod: Pod;
  readonly by: 1 | -1;
}

/** What a plugin says before any node is looked at. */
export type Preparation<S> =
  /** It has nothing to say about this pod. */
  | 'skip'
  /** No node at all: the message stands alone. */
  | { readonly reject: string }
  | { readonly state: S };

/**
 * A scheduler plugin. Adding one is a file and a line in `plugins/index.ts`.
 *
 * `filter` and `score` are functions of the pod's profile and the node alone: the framework keeps their answers
 * until the node changes. What depends on other nodes or objects goes into `cluster`, which is asked in every cycle.
 * Plugins never throw and remember nothing. `F` is what it works out before it filters, `S` before it scores.
 */
export interface Plugin<F = undefined, S = F> {
  /** As Kubernetes calls it: `NodeResourcesFit`. */
  readonly name: string;
  /** Factor of its score in the total. Absent for plugins that only filter. */
  readonly weight?: number;
  /** Changes in the cluster that may make a pod fit which this plugin has rejected. */
  readonly wakes: readonly Wake[];
  /** Names of the only nodes that can come into question; undefined leaves all. Kubernetes: PreFilterResult. */
  narrow?(pod: PodProfile): ReadonlySet<string> | undefined;
  filter?(pod: PodProfile, node: NodeInfo): Rejection | undefined;
  score?(pod: PodProfile, node: NodeInfo): number;
  /** True when `score` would be the same for every node. */
  skipScore?(pod: PodProfile): boolean;
  readonly cluster?: {
    prepareFilter?(cycle: Cycle): Preparation<F>;
    filter?(state: F, node: NodeInfo): Rejection | undefined;
    /** The state as if pods on this node had come or gone: for preemption and for pods that are nominated there. */
    adjust?(state: F, node: NodeInfo, changes: readonly PodChange[]): F;
    prepareScore?(cycle: Cycle, feasible: readonly NodeInfo[]): 'skip' | { readonly state: S };
    score?(state: S, node: NodeInfo): number;
  };
  /** Brings raw scores to 0…100 in place; without it they are already there. */
  normalize?(scores: Float64Array): void;
}
