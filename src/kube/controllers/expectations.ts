/** What a controller has asked for and not yet seen in its cache. */
export interface Expectation {
  /** Creations still to be seen. */
  creations: number;
  /** Keys of pods whose deletion is still to be seen. */
  readonly deletions: Set<string>;
  readonly at: number;
}

/**
 * Key of the owner → what it waits for. Without it a cache that lags behind would make a controller create the same pods
 * twice. Plain data. Kubernetes: pkg/controller/controller_utils.go ControllerExpectations.
 */
export type Expectations = Map<string, Expectation>;

/** After five minutes a controller stops waiting: what it expected was lost. */
const timeoutMs = 300_000;

/** From now on this many creations are on their way. */
export const expectCreations = (all: Expectations, key: string, count: number, now: number): void =>
  void all.set(key, { creations: count, deletions: new Set(), at: now });

/** From now on these pods' deletions are on their way. */
export const expectDeletions = (all: Expectations, key: string, pods: Iterable<string>, now: number): void =>
  void all.set(key, { creations: 0, deletions: new Set(pods), at: now });

/** From now on so many creations and these pods' deletions are on their way. */
export const expectChanges = (
  all: Expectations,
  key: string,
  creations: number,
  deletions: Iterable<string>,
  now: number,
): void => void all.set(key, { creations, deletions: new Set(deletions), at: now });

/** Creations were seen, or will never come. */
export function observeCreation(all: Expectations, key: string, count: number): void {
  const expectation = all.get(key);
  if (expectation) expectation.creations -= count;
}

/** A deletion was seen, or will never come. */
export const observeDeletion = (all: Expectations, key: string, pod: string): void =>
  void all.get(key)?.deletions.delete(pod);

/** Milliseconds until a controller stops waiting for what is still to be seen: then it has to look again. */
export const patienceMs = (all: Expectations, key: string, now: number): number =>
  Math.max(1, (all.get(key)?.at ?? now) + timeoutMs + 1 - now);

/** True when the cache shows all that was asked for, so that counting it makes sense. */
export function satisfied(all: Expectations, key: string, now: number): boolean {
  const expectation = all.get(key);
  if (!expectation) return true;
  return (expectation.creations <= 0 && expectation.deletions.size === 0) || now - expectation.at > timeoutMs;
}
