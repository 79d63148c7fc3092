import type { Observation } from '../../protocol/index.ts';

type Exec = Extract<Observation, { type: 'exec-output' | 'exec-end' }>;

type Dialled = Extract<Observation, { type: 'dialled' }>;

/** Who among the open connections wants to hear of what the simulation tells. */
export interface Listeners {
  hear(observation: Observation): void;
  /** What the command with this id prints, and its end. */
  onExec(id: number, listener: (told: Exec) => void): () => void;
  /** What became of the request with this id; once. */
  onDialled(id: number, listener: (told: Dialled) => void): void;
  /** Lines that a container writes from now on. */
  onLog(containerId: string, listener: (lines: readonly string[], at: number) => void): () => void;
}

/** Builds the list of listeners; nobody listens yet. */
export function createListeners(): Listeners {
  const dials = new Map<number, (told: Dialled) => void>();
  const execs = new Map<number, (told: Exec) => void>();
  const logs = new Map<string, Set<(lines: readonly string[], at: number) => void>>();
  return {
    hear(told) {
      if (told.type === 'exec-output' || told.type === 'exec-end') execs.get(told.id)?.(told);
      else if (told.type === 'dialled') {
        dials.get(told.id)?.(told);
        dials.delete(told.id);
      } else if (told.type === 'log') for (const listener of logs.get(told.id) ?? []) listener(told.lines, told.at);
    },
    onExec(id, listener) {
      execs.set(id, listener);
      return () => void execs.delete(id);
    },
    onDialled: (id, listener) => void dials.set(id, listener),
    onLog(containerId, listener) {
      const set = logs.get(containerId) ?? new Set();
      logs.set(containerId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) logs.delete(containerId);
      };
    },
  };
}
