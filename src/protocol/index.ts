/**
 * The only words that page and simulation share. Commands go down, Replies answer them one to one,
 * Frames come up at most once per animation frame. Plain data: everything crosses `postMessage`.
 */
import type { Deed } from '../kernel/index.ts';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import type { Fault, Input, KubectlInput, TrafficSource, WorldConfig } from '../kube/inputs.ts';
import type { ApiRequest, ApiResponse } from '../kube/apiserver/request.ts';
import type {
  Activity,
  Answer,
  CommandOutput,
  CommandResult,
  Dialled,
  ExecEnd,
  ExecOutput,
  Forwarding,
  Hop,
  LogLines,
  Observation,
  PolicyVerdict,
  RequestRecord,
  SchedulingAttempt,
  Written,
} from '../kube/observations.ts';
import type { Completion } from '../kube/kubectl/index.ts';
import type { LessonProgress, LessonRef } from './lesson.ts';

export type { CheckState, CheckVerdict, LessonProgress, LessonRef, LiveValue, Outcome } from './lesson.ts';
export type {
  Activity,
  Answer,
  ApiRequest,
  ApiResponse,
  CommandOutput,
  CommandResult,
  Completion,
  Deed,
  Dialled,
  ExecEnd,
  ExecOutput,
  Fault,
  Forwarding,
  Hop,
  Input,
  KubeObject,
  KubectlInput,
  LogLines,
  Observation,
  PolicyVerdict,
  RequestRecord,
  SchedulingAttempt,
  TrafficSource,
  WorldConfig,
  Written,
};

/** An input where it stands in a run. */
export interface JournalEntry {
  readonly at: number;
  /**
   * Events handled before it: pins the input to one place among those of the same millisecond.
   * Absent in runs written by hand; then it comes after every event of `at`.
   */
  readonly step?: number;
  readonly input: Input;
}

/** A run that can be saved and shared: the journal is the state. */
export interface SavedRun {
  readonly kubarium: 1;
  /** Version of the engine that recorded it; another version replays on its own terms and says so. */
  readonly engine: string;
  readonly world: WorldConfig;
  readonly journal: readonly JournalEntry[];
  /** Where the viewer stands. */
  readonly at: number;
  /** The step after which the viewer stands, when more is still to happen in the millisecond `at`. */
  readonly step?: number;
  /** Digest at `at`, to prove the replay. */
  readonly digest?: string;
  /** Text of the editor, which need not be applied. */
  readonly editor?: string;
  readonly lang?: string;
  /** The lesson that judges it; absent in a sandbox. */
  readonly lesson?: LessonRef;
}

/** ×1 … ×600, or event by event. */
export type Speed = 1 | 10 | 60 | 600 | 'events';

/** What the page asks of the worker; each is answered once, with `Results`. */
export type Command =
  | { readonly type: 'open'; readonly run: SavedRun }
  | { readonly type: 'input'; readonly input: Input }
  | { readonly type: 'play'; readonly playing: boolean }
  | { readonly type: 'speed'; readonly speed: Speed }
  /** Moves along the timeline; into the future simulates, with progress in the frames. */
  | { readonly type: 'seek'; readonly at: number }
  | {
      readonly type: 'step';
      readonly to: 'next' | 'previous' | 'next-significant' | 'previous-significant' | 'start' | 'end';
    }
  | { readonly type: 'branch'; readonly branch: number }
  /** The current branch as a run that can be saved; other branches are not in it. */
  | { readonly type: 'export'; readonly editor?: string }
  | { readonly type: 'why'; readonly uid?: string; readonly deed?: number }
  | { readonly type: 'attempt'; readonly uid: string }
  | {
      readonly type: 'logs';
      readonly namespace: string;
      readonly pod: string;
      readonly container?: string;
      readonly previous?: boolean;
    }
  /** What an apply of this text would do, without doing it: `--dry-run=server` plus the diff against the live objects. */
  | { readonly type: 'preview'; readonly text: string }
  /** What is known about an image name. */
  | { readonly type: 'image'; readonly image: string }
  /** Who may connect to whom by the NetworkPolicies in force now. */
  | ({ readonly type: 'matrix' } & MatrixQuery)
  /** What Tab offers behind a kubectl line that has been begun; `files` are the working directory. */
  | { readonly type: 'complete'; readonly line: string; readonly files: readonly string[] }
  /** What a kubectl line prints that only reads, without being done: nothing of it is journalled. */
  | { readonly type: 'look'; readonly input: KubectlInput }
  | { readonly type: 'digest' };

/** Result per command type; commands not named answer `null`. */
export interface Results {
  open: { readonly digestMatches: boolean | null; readonly engineMatches: boolean };
  /** A kubectl line that goes on in time tells what it prints in the frames. */
  input: CommandResult | LineWaits | null;
  /** False: there is nothing to stop at for a long time to come. A search that was given up for something else is true. */
  step: boolean;
  export: SavedRun;
  /** Newest first, ending at an input or at the beginning. */
  why: readonly Deed[];
  attempt: SchedulingAttempt | null;
  logs: { readonly lines: readonly { readonly at: number; readonly text: string }[] };
  preview: Preview;
  /** `assumed`: nobody here knows what it does; it starts as a server on its declared ports. */
  image: { readonly assumed: boolean; readonly problem?: string | undefined };
  matrix: Matrix;
  complete: Completion;
  /** Null: it would write, or go on in time. */
  look: CommandResult | null;
  digest: string;
}

/** A kubectl line that has not ended at once. */
export interface LineWaits {
  readonly type: 'waits';
  /** Its place in the journal: that of its outputs, and what Ctrl+C names. */
  readonly id: number;
}

/** Any command's result. */
export type ResultOf<C extends Command['type']> = C extends keyof Results ? Results[C] : null;

/** What an apply would do, per document. */
export interface Preview {
  readonly documents: readonly PreviewDocument[];
  /** Errors in the text itself: YAML syntax, unknown fields, refused by the API server. */
  readonly problems: readonly Problem[];
}

/** One document of a manifest: what would become of its object. */
export interface PreviewDocument {
  readonly index: number;
  readonly ref: string;
  readonly action: 'create' | 'change' | 'nothing' | 'refused';
  readonly live?: KubeObject | undefined;
  readonly next?: KubeObject | undefined;
  /** Stored but not acted on by the simulation. */
  readonly storedOnly: readonly string[];
}

/** A problem at a place of the manifest text (1-based, end exclusive). */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Of YAML that cannot be read, or hides something: the common mistake that it is. */
  readonly reason?: 'indent' | 'tab' | 'colon' | 'bracket' | 'quote' | 'duplicate' | undefined;
  /** A repair that can be offered as a link: replace the range by this text. Blanks alone: an indentation. */
  readonly fix?: string | undefined;
  readonly document: number;
}

/**
 * Which rows and columns a matrix has; without names: `outside` and all workloads, to all declared ports and `internet`.
 * A name is `outside`, `internet`, `cluster-dns`, a pod's name or labels, with a namespace before it if it is not
 * `default`: `web-1`, `app=web`, `shop/app=web`.
 */
export interface MatrixQuery {
  readonly from?: readonly string[];
  readonly to?: readonly { readonly to: string; readonly port: number; readonly protocol?: 'TCP' | 'UDP' }[];
}

/** Who may connect to whom. Only policies are asked: whether anybody listens is another matter. */
export interface Matrix {
  /** False: the network plugin does not look at policies, so everything passes. */
  readonly enforced: boolean;
  /** `pods`: how many parties a row stands for. `dns`: whether they can look names up; null for `outside`. */
  readonly rows: readonly { readonly name: string; readonly pods: number; readonly dns: MatrixCell['verdict'] }[];
  readonly columns: readonly {
    readonly name: string;
    readonly pods: number;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP';
  }[];
  /** By row, then by column. */
  readonly cells: readonly (readonly MatrixCell[])[];
}

/** One cell of a matrix. */
export interface MatrixCell {
  /** `mixed`: some pairs of pods may, others not. Null: there is nobody to ask. */
  readonly verdict: 'allow' | 'deny' | 'mixed' | null;
  /** What the policies said: of a refused pair if there is one. Empty: nothing isolates either end. */
  readonly policies: readonly PolicyVerdict[];
  /** From outside: whether a node port or a load balancer leads there at all. */
  readonly entry?: boolean;
}

/** One second of traffic of one source. */
export interface TrafficSecond {
  readonly second: number;
  readonly source: string;
  readonly ok: number;
  readonly failed: number;
  readonly p50: number;
  readonly p95: number;
  /** Requests answered per image and per pod. */
  readonly byImage: Readonly<Record<string, number>>;
  readonly byPod: Readonly<Record<string, number>>;
}

/** A branch of history: where it left its parent and how far it was simulated. */
export interface Branch {
  readonly id: number;
  readonly parent: number | null;
  readonly forkedAt: number;
  readonly head: number;
  /** The input that made it differ, for its label. */
  readonly label: string;
}

/** What the page must know to draw now: deltas since the last frame, or everything after `reset`. */
export interface Frame {
  readonly type: 'frame';
  /** Forget all that was known before applying this frame. */
  readonly reset: boolean;
  readonly now: number;
  /** How far the current branch is simulated; `now < head` is the past. */
  readonly head: number;
  readonly steps: number;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly branch: number;
  readonly branches: readonly Branch[];
  /** A long seek is under way: 0 … 1. */
  readonly progress: number | null;
  readonly upserts: readonly { readonly resource: string; readonly object: KubeObject }[];
  readonly deletes: readonly { readonly resource: string; readonly key: string; readonly uid: string }[];
  /** New deeds worth a mark on the timeline or a caption (status writes are left out). */
  readonly deeds: readonly Deed[];
  readonly activities: readonly Activity[];
  /** A sample of ended requests, at most 30 per second, with their hops. */
  readonly requests: readonly RequestRecord[];
  readonly traffic: readonly TrafficSecond[];
  /** What kubectl lines have printed, by their place in the journal; a line has ended with its `result`. */
  readonly outputs: readonly (CommandOutput | CommandResult)[];
  /** Sources as they are now. */
  readonly sources: readonly TrafficSource[];
  /** Pod key → use now; only for pods whose use changed. */
  readonly usage: readonly { readonly key: string; readonly cpuMilli: number; readonly memoryBytes: number }[];
  /** Machines and stopped processes as they really are, for the fault menu. */
  readonly machines: readonly { readonly name: string; readonly up: boolean; readonly cut: boolean }[];
  readonly stopped: readonly string[];
  /** The network plugin does not look at NetworkPolicies. */
  readonly ignoresPolicies?: boolean | undefined;
  /** How the lesson stands at `now`; null in a sandbox and before the lesson opens. */
  readonly lesson: LessonProgress | null;
}

/** Worker → page. */
export type Message =
  | Frame
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  /** A broken invariant: the simulation has halted; the page offers the report. */
  | { readonly type: 'halted'; readonly error: string; readonly run: SavedRun };

/** Page → worker. */
export interface Envelope {
  readonly id: number;
  readonly command: Command;
}
