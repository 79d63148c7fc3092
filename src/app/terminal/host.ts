import type {
  Branch,
  CommandOutput,
  CommandResult,
  Completion,
  Dialled,
  KubectlInput,
  LineWaits,
} from '../../protocol/index.ts';
import type { Forward } from './forward.ts';

/** Words that the shell itself says, beside what the cluster prints. */
export interface Words {
  /** A line is done in the past: another branch begins. */
  forked: string;
  /** The line that was waited for is not there at this moment, or on this branch. */
  lost: string;
  /** The page does not take inputs now. */
  refused: string;
  /** A word that kubectl knows, without kubectl before it. */
  verb(line: string): string;
  notWatched: string;
  editing(name: string): string;
  help: string;
  /** A paste that nobody can have meant. */
  tooLong: string;
  /** What stands above the first prompt. */
  welcome: string;
}

/** What the shell asks of the page. */
export interface Host {
  /** Gives a kubectl line to the cluster; null when it may not be given now. */
  kubectl(line: KubectlInput): Promise<CommandResult | LineWaits | null>;
  /** What a line prints that only reads, without being done; null when it does more. */
  look(line: KubectlInput): Promise<CommandResult | null>;
  /** Ctrl+C for a line that waits. */
  interrupt(id: number): void;
  /** Brings what is typed to the command of a line in a container; `end`: no more will come. */
  type(id: number, text: string, end?: boolean): void;
  /** A line forwards ports from now on; null: it has ended. */
  forwards(forward: Forward | null): void;
  /** What became of a request to one of them. */
  answered(answer: Dialled): void;
  complete(line: string, files: readonly string[]): Promise<Completion>;
  /** The working directory: the editor's documents. */
  files(): Readonly<Record<string, string>>;
  /** Opens a text in the editor. Apply hands it to `submit`, which tells whether it is done; resolves false when it was given up. */
  edit(name: string, text: string, submit: (text: string) => Promise<boolean>): Promise<boolean>;
  /** Ends an edit that is open. */
  stopEditing(): void;
  /** Where the viewer stands. */
  moment(): Moment;
  /** The terminal is to be closed. */
  leave(): void;
  readonly words: Words;
}

/** Where the viewer stands, and on which branch of which run. */
export interface Moment {
  /** Counts the runs that were opened. */
  readonly run: number;
  readonly now: number;
  readonly head: number;
  readonly branch: number;
  readonly branches: readonly Branch[];
}

/** What a frame brings to the shell. */
export interface News {
  readonly moment: Moment;
  readonly outputs: readonly (CommandOutput | CommandResult)[];
}

/** Prints text of the cluster, or of the shell; line ends are the caller's. */
export type Print = (text: string) => void;
