/** Placeholder shapes; the shell's machine fills them. */
export interface Task {
  readonly pid: number;
  /** Of an exec: answered with `exec-done` when the task ends. */
  readonly token?: string | undefined;
}

/** A pipe or an open file. */
export interface Stream {
  readonly id: number;
}
