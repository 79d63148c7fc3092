/**
 * What a lesson is: data. The world it starts in, steps that end when their checks hold, a prediction to make before the
 * decisive one, and the inputs that solve it. Words are apart from it, one file per language (`texts/`), and typed
 * by the lesson: a step, check, option or number without its words does not compile.
 */
import type { ResourceKey } from '../kube/apis/index.ts';
import type { Fault, TrafficSource, WorldConfig } from '../protocol/index.ts';

export type { CheckState, CheckVerdict, LessonProgress, LessonRef, LiveValue, Outcome } from '../protocol/lesson.ts';

/** `S1` … `S26`: a sentence of the note that the lessons answer. */
export type Statement = `S${number}`;

/** Chapters of the curriculum. */
export type Chapter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H';

/** Compares what is measured with what is wanted. */
export type Op = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One condition on an object: what stands at a path, or a word for what is asked most often. */
export type Where =
  /** A path such as `status.phase`, `spec.containers[0].image`, `status.conditions[type=Ready].status`. */
  | { readonly path: string; readonly op: Op; readonly to: string | number }
  | { readonly is: 'ready' | 'owned' | 'bare'; readonly not?: boolean };

/** Which objects are meant. Those being deleted are left out unless asked for: a Pod that is terminating does not count. */
export interface Selection {
  readonly resource: ResourceKey;
  /** A label selector: `app=web,tier in (a, b)`. */
  readonly labels?: string;
  /** `default` when absent; cluster-wide kinds have none. */
  readonly namespace?: string;
  readonly name?: string;
  readonly where?: readonly Where[];
  /** True: only those being deleted. */
  readonly deleting?: boolean;
}

/** What can be told of a source's requests over the last `overMs` full seconds, or since the step began when absent. */
export type TrafficMeasure =
  | 'ok' // requests answered well
  | 'failed'
  | 'success' // per cent of all; null without requests
  | 'p95' // milliseconds
  | 'mixed' // seconds in which more than one image answered
  | { readonly image: string } // per cent of the answers that came from it
  | { readonly pod: string };

/** Something that can be measured in a run: a number, a word, or nothing yet. */
export type Measure =
  | { readonly count: Selection }
  /** The text or number at a path of the first object of a selection. */
  | { readonly field: Selection; readonly path: string }
  /** A number summed over objects: `status.containerStatuses[0].restartCount`. */
  | { readonly sum: Selection; readonly path: string }
  /** How many different values stand there: nodes that pods are on. */
  | { readonly distinct: Selection; readonly path: string }
  /** Of these objects, how many were there (the same uid) when the step began. */
  | { readonly kept: Selection }
  /** Of these objects, how many have come since the step began, gone ones included. */
  | { readonly created: Selection }
  /** Ready addresses of a Service: `web`, `shop/web`. */
  | { readonly endpoints: string }
  | { readonly traffic: string; readonly measure: TrafficMeasure; readonly overMs?: number }
  /** API events of a reason since the step began, on objects whose `kind/name` begins so. */
  | { readonly events: string; readonly on?: string }
  /** Deeds of a code since the step began; `ref` is the beginning of `pods/default/web-`. */
  | {
      readonly deeds: string;
      readonly by?: string;
      readonly ref?: string;
      readonly params?: Readonly<Record<string, string | number>>;
    }
  /** `allow` or `deny`: whether packets from these pods (or from `outside`) get to a port of those. */
  | { readonly reach: string; readonly to: string; readonly port: number }
  /** Highest and lowest since the step began. */
  | { readonly max: Measure }
  | { readonly min: Measure };

/** A measure, or how long something took. */
export type Value =
  | Measure
  /** Seconds from the first moment that one check held to the first that the other did; it grows while that is awaited. */
  | { readonly seconds: { readonly from: Check; readonly to: Check } };

/** What must be true of a run. Evaluated as the run goes; a step's checks know nothing of what was before the step. */
export type Check =
  | { readonly value: Value; readonly op: Op; readonly to: number | string }
  | { readonly all: readonly Check[] }
  | { readonly any: readonly Check[] }
  | { readonly not: Check }
  /** Held without a break for so long (milliseconds). */
  | { readonly for: number; readonly check: Check }
  /** Held at some moment at most so long after the step began. */
  | { readonly within: number; readonly check: Check }
  /** Has not held at any moment since the step began. */
  | { readonly never: Check }
  /** Has held at some moment since the step began. */
  | { readonly once: Check }
  /** Each has held, the first times in this order. */
  | { readonly order: readonly Check[] }
  /** Begins anew whenever the value changes: each rollout is judged by itself. */
  | { readonly since: Value; readonly check: Check };

/**
 * Something that is done, or waited for. Texts may name a pod by its labels: `{pod app=web}` is the first by name, of
 * those not being deleted, `{pod app=web 1}` the second.
 */
export type Move =
  | { readonly kubectl: string; readonly files?: Readonly<Record<string, string>> }
  /** `apply -f manifest.yaml` of this text, as the editor does it. `refused`: the API server will not have it. */
  | { readonly apply: string; readonly refused?: true }
  | { readonly fault: Fault }
  | { readonly traffic: TrafficSource }
  | { readonly advanceMs: number }
  /** Lets time pass until a check holds; it must within so long. Its memory begins here. */
  | { readonly until: Check; readonly withinMs: number };

/** What is there before the learner does anything. */
export interface Start {
  /** Applied at 1 s; empty for an empty cluster. */
  readonly manifest: string;
  /** What is done after it, each at its time (milliseconds). */
  readonly later?: readonly { readonly at: number; readonly move: Move }[];
  /** When the lesson opens: what was applied has settled. */
  readonly opensAt: number;
}

/** How much of the YAML is given: all of it (apply as it is), with blanks `___` to fill, or nothing beyond what is there. */
export type YamlHelp = 'full' | 'partial' | 'none';

/** What a step points at: an object, pods by their labels, a process of the control plane, a control of the page. */
export type Highlight =
  | { readonly ref: `${ResourceKey}/${string}` }
  | { readonly pods: string }
  | { readonly process: 'kube-apiserver' | 'kube-scheduler' | 'kube-controller-manager' }
  | { readonly control: 'editor' | 'apply' | 'traffic' | 'terminal' | 'why' | 'play' | 'step' | 'matrix' };

/** One part of a lesson. It ends when all its checks are passed; the next one begins there. */
export interface Step {
  readonly id: string;
  readonly checks: readonly {
    readonly id: string;
    readonly check: Check;
    /** In a comparison: the cluster that is judged. Every step then has a check for each. */
    readonly side?: 'a' | 'b';
  }[];
  /** The text that the editor shows from here on; absent: as it was. */
  readonly manifest?: string;
  readonly yamlHelp?: YamlHelp;
  readonly highlight?: readonly Highlight[];
  /** Buttons of this step, by the keys 1 to 9. */
  readonly actions?: readonly { readonly id: string; readonly moves: readonly Move[] }[];
}

/** The question before the decisive run. Kept, and shown again beside what happened. */
export interface Prediction {
  /** Asked when this step begins; until it is answered or skipped the step's apply, actions and play wait. */
  readonly step: string;
  /** `truth`: holds of a run in which this option comes true, told at the moment of the decision; of a comparison, of one side. */
  readonly options: readonly { readonly id: string; readonly truth?: Check; readonly side?: 'a' | 'b' }[];
  /** The declared answer. Tests hold it to what the simulation does. */
  readonly answer: string;
  /** When the outcome can be told. Like `truth` it looks at what happens from the beginning of the step on. */
  readonly decided: Check;
}

/** Something plausible that must not pass: moves that begin at a step, after the solution of those before it. */
export interface WrongAnswer {
  /** What goes wrong, in a few words, for whoever reads the test's output. */
  readonly id: string;
  readonly step: string;
  readonly moves: readonly Move[];
}

/** A lesson of the curriculum. */
export interface Lesson {
  /** Two digits: the lesson's address. */
  readonly id: string;
  readonly chapter: Chapter;
  readonly covers: readonly Statement[];
  readonly minutes: number;
  /** The highest thing the learner does. */
  readonly engagement: 'responding' | 'changing' | 'constructing';
  readonly world: WorldConfig;
  /** The first cluster of a comparison. */
  readonly start: Start;
  /** A comparison: the same lesson beside it with this one difference, the lines that are highlighted. */
  readonly compare?: {
    readonly b: Start;
    readonly difference: { readonly a: string; readonly b: string };
  };
  readonly prediction: Prediction;
  readonly steps: readonly Step[];
  /** Numbers of the simulator on the observation card, measured from the prediction's step on. */
  readonly observations: readonly { readonly id: string; readonly value: Value }[];
  /** Step → what does it: the third hint, and what the tests play. */
  readonly solution: Readonly<Record<string, readonly Move[]>>;
  readonly wrongAnswers: readonly WrongAnswer[];
}

type StepOf<L extends Lesson> = L['steps'][number];
type IdsOf<T> = T extends readonly { readonly id: infer I extends string }[] ? I : never;
type ActionsOf<S> = S extends { readonly actions?: infer A } ? IdsOf<A> : never;

/**
 * The words of a lesson in one language. `` `code` `` and `**strong**` are the only markup. Never the verdict before
 * it was seen: only `verdict` and `misconception` tell it, and those are shown afterwards.
 */
export interface LessonTexts<L extends Lesson = Lesson> {
  readonly title: string;
  /** One line. */
  readonly goal: string;
  /** What the note says, in its words or nearly. */
  readonly note: string;
  /** What is true, told when the lesson is solved. */
  readonly verdict: string;
  readonly steps: { readonly [S in StepOf<L>['id']]: StepTexts };
  /** Label of each check: `Most Pods = 13`. The live value stands beside it. */
  readonly checks: { readonly [C in IdsOf<StepOf<L>['checks']>]: string };
  readonly actions: { readonly [A in ActionsOf<StepOf<L>>]: string };
  readonly question: string;
  readonly options: { readonly [O in IdsOf<L['prediction']['options']>]: OptionTexts };
  /** Label of each number of the observation card; units stand in it: `Longest gap, s`. */
  readonly observations: { readonly [O in IdsOf<L['observations']>]: string };
}

/** The words of a step. */
export interface StepTexts {
  /** What to do and where to look: at most 60 words, in the first step of the whole page. */
  readonly body: string;
  /** The first two hints: where to look, then why. The third is the step's solution. */
  readonly hints: readonly [string, string];
}

/** The words of an option. */
export interface OptionTexts {
  readonly label: string;
  /** The misconception behind a wrong one, and for the right one why it is so. Shown with the outcome. */
  readonly why: string;
}

/** Keeps a lesson's ids as literal types, for `LessonTexts` to be held to them. */
export const defineLesson = <const L extends Lesson>(lesson: L): L => lesson;
