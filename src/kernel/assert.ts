/** Thrown when an invariant of the simulation itself is broken: a bug of ours, never of the user's input. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/**
 * Halts the simulation when `condition` does not hold. The session turns the error into a report
 * {version, seed, journal}; the page survives. Use `ApiError` for everything a user can cause.
 */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence);
}
