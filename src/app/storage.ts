/** Reads a JSON value of the browser's storage; `fallback` where storage is blocked, empty or damaged. */
export function readStored<T extends object>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`kubarium.${key}`);
    const value: unknown = text ? JSON.parse(text) : null;
    return value !== null && typeof value === 'object' ? { ...fallback, ...value } : fallback;
  } catch {
    return fallback;
  }
}

/** Writes a JSON value; storage that is blocked or full is no error, the page then simply forgets. */
export function writeStored(key: string, value: object): void {
  try {
    localStorage.setItem(`kubarium.${key}`, JSON.stringify(value));
  } catch {
    // Private windows and sandboxed frames have no storage.
  }
}
