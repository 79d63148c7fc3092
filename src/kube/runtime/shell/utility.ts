import type { Os } from './life.ts';
import type { Task, Wait } from './tasks.ts';

/** One run of a utility. It is called again after each wait, with what it left in `state`. */
export interface Call {
  readonly os: Os;
  readonly task: Task;
  readonly argv: readonly string[];
  /** Plain data that survives a wait. */
  readonly state: Record<string, unknown>;
  /** Variables set for this command alone. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command: returns its exit code, or what it has to wait for. */
export interface Utility {
  run(call: Call): number | Wait;
  /** Only in images that name it among their tools. */
  readonly only?: boolean;
}

/** Commands by name. */
export type Utilities = Readonly<Record<string, Utility>>;

/** Wraps plain functions. */
export const commands = (functions: Readonly<Record<string, Utility['run']>>): Utilities =>
  Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, { run }]));

/** Commands that only some images have. */
export const rareCommands = (functions: Readonly<Record<string, Utility['run']>>): Utilities =>
  Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, { run, only: true }]));
