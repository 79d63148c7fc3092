import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { JournalEntry, SavedRun } from '../../protocol/index.ts';
import { engineVersion, readSavedRun, type Session } from '../../session/index.ts';

/** The run as a file has it. `at`: how far it had come, if that is later than its last input. */
export type StoredRun = Pick<SavedRun, 'world' | 'journal' | 'at'>;

/** What is wrong with a file that should hold a run, for the person who named it. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/** Keeps a run in a file while it goes on. */
export interface StateFile {
  /** Writes down what has been put into the journal since the last time. What was answered after it is not lost. */
  save(): void;
  /** Writes down how far the run has come. */
  mark(): void;
}

/**
 * Reads a file that `keepState` has written: the world in its first line, then an input or a moment a line. A last line that
 * was cut off belongs to something that nobody was told of. Throws a StateFileError for what is no such file.
 */
export function readState(path: string): StoredRun | null {
  if (!existsSync(path)) return null;
  try {
    return readRun(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StateFileError(`${path} holds no run that can go on: ${(error as Error).message}`, { cause: error });
  }
}

/** A server may go on for months, on as many machines as it was told to have. */
const unbounded = { nodes: Infinity, inputs: Infinity, seconds: Infinity };

function readRun(content: string): StoredRun {
  const lines = content.split('\n').slice(0, -1);
  const [head = '{}', ...rest] = lines;
  const journal: unknown[] = [];
  let at = 0;
  for (const line of rest) {
    const entry = JSON.parse(line) as { readonly at: number; readonly input?: unknown };
    at = entry.at;
    if (entry.input !== undefined) journal.push(entry);
  }
  return readSavedRun({ ...(JSON.parse(head) as object), journal, at }, unbounded);
}

/** Writes the run to a file, whole and at once, and appends to it from then on. */
export function keepState(path: string, session: Session): StateFile {
  let branch = session.branch;
  let written = 0;
  let marked = 0;
  const lineOf = (entry: Pick<JournalEntry, 'at'>): string => `${JSON.stringify(entry)}\n`;
  const whole = (): void => {
    const head = JSON.stringify({ kubarium: 1, engine: engineVersion, world: session.config });
    const { journal } = session.history;
    writeFileSync(`${path}.new`, `${head}\n${journal.map(lineOf).join('')}${lineOf({ at: session.head })}`);
    renameSync(`${path}.new`, path);
    branch = session.branch;
    written = journal.length;
    marked = session.head;
  };
  whole();
  return {
    save() {
      const { journal } = session.history;
      if (session.branch !== branch) return whole();
      if (journal.length === written) return;
      appendFileSync(path, journal.slice(written).map(lineOf).join(''));
      written = journal.length;
    },
    mark() {
      if (session.branch !== branch) return whole();
      if (session.head <= marked) return;
      marked = session.head;
      appendFileSync(path, lineOf({ at: marked }));
    },
  };
}

/** The session with every input written down before its answer is given. */
export function withState(session: Session, state: StateFile): Session {
  const saved =
    <A extends readonly unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      const result = act(...args);
      state.save();
      return result;
    };
  const kept = Object.create(session) as Session;
  return Object.defineProperties(kept, {
    input: { value: saved(session.input) },
    request: { value: saved(session.request) },
  });
}
