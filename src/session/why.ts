import type { Deed } from '../kernel/index.ts';
import { indexOfDeed, type PlacedDeed } from './history.ts';

/** Deeds that only report: no mark on the timeline, no stop for "next significant", left out of a chain of causes. */
function isQuiet(code: string): boolean {
  return code.endsWith('.status') || quiet.has(code);
}
const quiet = new Set([
  'input.look',
  'endpointslice.write',
  'rootca.publish',
  'serviceaccount.create',
  'service.allocate',
  'deployment.cleanup',
  'daemonset.revision',
  'daemonset.cleanup',
  'statefulset.revision',
  'statefulset.cleanup',
  'event.record',
  'event.write',
  'endpoints.write',
  'deployment.sync-replicaset',
  'garbagecollector.finish',
  'job.untrack-pod',
  'kubelet.lease',
  'kubelet.node-status',
]);

/** Deeds on API events carry this resource; they never explain anything. */
const isEventWrite = (deed: Deed): boolean => deed.ref?.startsWith('events/') === true;

/** True for a deed that the timeline marks and event-paced play stops at. */
export const isSignificant = (deed: Deed): boolean => !isQuiet(deed.code) && !isEventWrite(deed);

/** True for a deed worth a step of "next event": every write but those of Event objects. */
export const isStep = (deed: Deed): boolean => !isEventWrite(deed);

/** Longest chain that is told. Beyond that the middle is left out: the ends explain. */
const longest = 40;

/**
 * The chain from a deed to what began it, newest first, ending at an input or at the beginning of the world.
 * Reports in between are skipped, and so is what has been told of the same object already: of a container's hundredth
 * crash the chain tells the newest round, then what first started it. O(length × log deeds).
 */
export function chainOf(deeds: readonly PlacedDeed[], from: number): Deed[] {
  const chain: Deed[] = [];
  const told = new Set<string>();
  let index = indexOfDeed(deeds, from);
  while (index >= 0) {
    const deed = deeds[index]!;
    const what = `${deed.code} ${deed.ref}`;
    if (chain.length === 0 || (isSignificant(deed) && !told.has(what))) chain.push(deed);
    told.add(what);
    index = deed.cause === 0 ? -1 : indexOfDeed(deeds, deed.cause);
  }
  if (chain.length > longest) chain.splice(longest / 2, chain.length - longest);
  return chain;
}

/** The deed that best explains the present of an object: its newest significant one, done in steps ≤ the first `count` deeds. */
export function newestDeedOf(deeds: readonly PlacedDeed[], count: number, uid: string): Deed | undefined {
  let fallback: Deed | undefined;
  for (let i = count - 1; i >= 0; i--) {
    const deed = deeds[i]!;
    if (deed.uid !== uid) continue;
    // That something was waited for explains nothing once it has come; what is still waited for stands under Why not.
    if (isSignificant(deed) && !deed.code.includes('.wait-')) return deed;
    fallback ??= deed;
  }
  return fallback;
}
