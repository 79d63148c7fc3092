import { onlyAsks } from '../kube/apiserver/index.ts';
import { createWorld, type World } from '../kube/cluster.ts';
import type {
  Answer,
  ApiRequest,
  ApiResponse,
  Branch,
  CommandResult,
  Deed,
  Input,
  JournalEntry,
  LessonProgress,
  Observation,
  SavedRun,
  WorldConfig,
} from '../protocol/index.ts';
import { checkpointInterval, mostCheckpoints, mostDispensable } from './checkpoints.ts';
import { emptyHistory, forkHistory, observe, observeDeed, upTo, type Checkpoint, type History } from './history.ts';
import { createJudging } from './judging.ts';
import { engineVersion } from '../protocol/version.ts';
import { isSignificant, isStep } from './why.ts';

/** Where "next" and "previous" stop: at every write, or at those that mean something. */
export type Grain = 'step' | 'significant';

/** One branch of a run and what it remembers. */
interface BranchState {
  readonly id: number;
  readonly parent: number | null;
  readonly forkedAt: number;
  readonly label: string;
  readonly history: History;
}

/**
 * One learner's run: a world, its journal of inputs and its branches. The journal is the run: any moment of any branch
 * is a checkpoint plus a replay. Holds no clock; the host decides how far to advance.
 */
export interface Session {
  readonly world: World;
  readonly config: WorldConfig;
  readonly now: number;
  readonly step: number;
  /** How far the current branch is simulated. */
  readonly head: number;
  readonly branch: number;
  readonly branches: readonly Branch[];
  readonly history: History;
  /** How the run's lesson stands at the present moment; null in a sandbox and before it opens. */
  readonly lesson: LessonProgress | null;
  /** Position in the journal: inputs before it have been injected. */
  readonly injected: number;
  /** Does something to the cluster now; in the past this forks. Returns the outcome of a kubectl line, else null. */
  input(input: Input): CommandResult | null;
  /** A request of a client outside, in the learner's name. What writes is an input of the journal. */
  request(request: ApiRequest): ApiResponse;
  /**
   * Simulates or replays towards `at`; stops after `maxSteps` events. True when it stands at `at`: after all that happens
   * then, or after `step`.
   */
  advance(at: number, maxSteps?: number, step?: number): boolean;
  /** Goes back to the latest checkpoint at or before `at` when that is in the past. `advance(at)` does the rest. */
  rewind(at: number): void;
  /** `rewind` and `advance` in one: any moment of the branch. */
  seek(at: number): void;
  /**
   * The way to the next deed of that grain, or to the next turn of the run's lesson. When none comes within `horizonMs`
   * one stands where one stood, and what was simulated in search of it is forgotten; with `stay`, one has waited so long.
   */
  search(grain: Grain, horizonMs?: number, otherwise?: 'back' | 'stay'): Search;
  /** `search` to its end: whether something came. */
  next(grain: Grain, horizonMs?: number): boolean;
  /** Back to the previous deed of that grain; to the beginning when there is none. */
  previous(grain: Grain): void;
  switchTo(branch: number): void;
  save(extra?: { editor?: string; lang?: string }): SavedRun;
  digest(): string;
  /** Number of deeds that have been done at the present moment. */
  deedCount(): number;
  /** Called for every observation that is not a replay. */
  onObservation: ((observation: Observation) => void) | null;
  onDeed: ((deed: Deed) => void) | null;
  /** Called when the state was replaced: everything drawn must be compared anew. */
  onRestore: (() => void) | null;
}

/**
 * The way to the next event, in slices: it may lead through minutes that nobody has simulated yet. Nothing else may be
 * done to the session before it has ended or was given up.
 */
export interface Search {
  /** Goes on for at most `maxSteps` events; null while it is under way, then whether it has found something. */
  go(maxSteps?: number): boolean | null;
  /** How much of the longest way it may take lies behind, 0 to 1. */
  readonly progress: number;
  /** Gives it up: one stands where one stood. */
  cancel(): void;
}

/** A place in a run: after a step, at a moment. In a quiet time many moments share one step. */
interface Place {
  readonly step: number;
  readonly at: number;
}

/** Longest quiet time that is searched for the next event: the longest waits of a cluster are 600 s. */
const quietMs = 15 * 60_000;
/** Ghost branches kept beside the current one; the oldest goes first. */
const mostBranches = 5;
/** Opens a run: a fresh world, its journal waiting to be replayed by `advance`. */
export function createSession(run: Pick<SavedRun, 'world' | 'journal' | 'lesson'>): Session {
  const config = run.world;
  const world = createWorld(config);
  const kernel = world.kernel;
  const branches = new Map<number, BranchState>();
  let current: BranchState = { id: 1, parent: null, forkedAt: 0, label: '', history: emptyHistory() };
  branches.set(1, current);
  current.history.journal.push(...run.journal);
  let injected = 0;
  let lastId = 1;
  let result: CommandResult | Answer | null = null;
  let sinceCheckpoint = 0;
  let interval = checkpointInterval(world);
  const judging = createJudging(run.lesson, world, () => current.history);

  const isNew = (): boolean => kernel.state.steps > current.history.headStep;
  kernel.observer = {
    deed(deed) {
      if (!isNew()) return;
      observeDeed(current.history, deed, kernel.state.steps);
      judging?.deed(deed);
      session.onDeed?.(deed);
    },
    observe(raw) {
      const observation = raw as Observation;
      if (observation.type === 'result' || observation.type === 'answer') result = observation;
      if (!isNew()) return;
      if (observation.type !== 'log') observe(current.history, observation, kernel.state.steps);
      session.onObservation?.(observation);
    },
  };

  const checkpointHere = (): Checkpoint => {
    const { now, steps } = kernel.state;
    return { at: now, step: steps, injected, state: kernel.checkpoint() };
  };

  const takeCheckpoint = (): void => {
    sinceCheckpoint = 0;
    const { checkpoints } = current.history;
    if ((checkpoints.at(-1)?.step ?? -1) >= kernel.state.steps) return;
    interval = checkpointInterval(world);
    checkpoints.push(checkpointHere());
    if (checkpoints.length > mostCheckpoints) checkpoints.splice(mostDispensable(checkpoints), 1);
  };

  const restore = (checkpoint: Checkpoint): void => {
    kernel.restore(checkpoint.state);
    injected = checkpoint.injected;
    sinceCheckpoint = 0;
    session.onRestore?.();
  };

  /** The next journal entry if this is its place among the events. */
  const nextInput = (): JournalEntry | null => {
    const entry = current.history.journal[injected];
    if (!entry) return null;
    const due = entry.step === undefined ? kernel.nextAt() > entry.at : entry.step <= kernel.state.steps;
    return due ? entry : null;
  };

  /** Injects the next journal entry if this is its place. `until` bounds the time it may have. */
  const injectDue = (until: number): boolean => {
    const entry = nextInput();
    if (!entry || entry.at > until) return false;
    if (entry.at > kernel.state.now) kernel.state.now = entry.at;
    if (entry.step === undefined)
      current.history.journal[injected] = { ...entry, at: kernel.state.now, step: kernel.state.steps };
    world.input(injected++, entry.input);
    return true;
  };

  const stepOnce = (): void => {
    kernel.step();
    const { history } = current;
    const { steps, now } = kernel.state;
    if (steps > history.headStep) {
      history.headStep = steps;
      history.headAt = Math.max(history.headAt, now);
      judging?.look();
    }
    if (++sinceCheckpoint >= interval) takeCheckpoint();
  };

  /** Where nothing happens by itself, what a lesson checks may still come true: stands there and looks. */
  const judgeDue = (until: number): boolean => {
    if (!judging || kernel.state.steps < current.history.headStep) return false;
    const { due } = judging;
    if (due > Math.min(until, nextInput()?.at ?? Infinity, kernel.nextAt())) return false;
    kernel.state.now = Math.max(kernel.state.now, due);
    current.history.headAt = Math.max(current.history.headAt, kernel.state.now);
    judging.look();
    return true;
  };

  /** Handles one event or injects one input due up to `until`; false when nothing is left before it. */
  const moveOnce = (until: number): boolean => {
    if (judgeDue(until)) return true;
    while (injectDue(until));
    if (kernel.nextAt() > until) return false;
    stepOnce();
    return true;
  };

  const latestCheckpoint = (fits: (c: Checkpoint) => boolean): Checkpoint =>
    current.history.checkpoints.findLast(fits)!;

  /** Goes to the checkpoint before a place of the known if that is nearer than where one stands. */
  const approach = ({ step, at }: Place): void => {
    const { steps, now } = kernel.state;
    const nearest = latestCheckpoint((c) => c.step <= step && c.at <= at);
    if (step < steps || at < now || nearest.step > steps) restore(nearest);
  };

  /** One move towards a place ahead that is known; true when one stands there, right after its event. */
  const arrive = ({ step, at }: Place): boolean => {
    if (kernel.state.steps < step && moveOnce(Infinity)) return false;
    kernel.state.now = Math.max(kernel.state.now, at);
    return true;
  };

  const toPlace = (place: Place): void => {
    approach(place);
    while (!arrive(place));
  };

  /** Where the next deed or turn is that has been simulated already. */
  const nextKnown = (wanted: (deed: Deed) => boolean): Place | null => {
    const { deeds } = current.history;
    let i = upTo(deeds, kernel.state.steps);
    while (i < deeds.length && !wanted(deeds[i]!)) i++;
    const [deed, turn] = [deeds[i] ?? null, judging?.nextTurn() ?? null];
    if (!deed || !turn) return deed ?? turn;
    return turn.step < deed.step || (turn.step === deed.step && turn.at < deed.at) ? turn : deed;
  };

  /** A way to a known place: a replay. */
  const replayTo = (place: Place): Search => {
    const { now: at, steps: step } = kernel.state;
    approach(place);
    return {
      go(maxSteps = Infinity) {
        for (let i = 0; i < maxSteps; i++) if (arrive(place)) return true;
        return null;
      },
      get progress() {
        return Math.max(0, kernel.state.steps - step) / Math.max(1, place.step - step);
      },
      cancel: () => toPlace({ at, step }),
    };
  };

  /** A way into what nobody knows: until something `wanted` is done, at most so long. */
  const exploreFor = (ms: number, wanted: (deed: Deed) => boolean, otherwise: 'back' | 'stay'): Search => {
    const origin = checkpointHere();
    const branch = current;
    const { headAt, headStep } = branch.history;
    // It remembers in a copy, because a memory that is full forgets the old for the new; inputs made before wait ahead.
    const history = { ...forkHistory(branch.history, headAt, headStep), journal: branch.history.journal };
    const remember = (state: BranchState): void => {
      current = state;
      branches.set(state.id, state);
      judging?.resume();
    };
    remember({ ...branch, history });
    const { deeds } = history;
    const turns = judging?.turns();
    const end = origin.at + ms;
    const found = (): boolean => {
      const { steps } = kernel.state;
      for (let i = deeds.length - 1; steps > headStep && deeds[i]?.step === steps; i--) {
        if (wanted(deeds[i]!)) return true;
      }
      return judging?.turns() !== turns;
    };
    const cancel = (): void => {
      remember(branch);
      restore(origin);
    };
    return {
      go(maxSteps = Infinity) {
        for (let i = 0; i < maxSteps; i++) {
          if (moveOnce(end)) {
            if (found()) return true;
            continue;
          }
          if (otherwise === 'stay') session.advance(end);
          else cancel();
          return false;
        }
        return null;
      },
      get progress() {
        return Math.min(1, (kernel.state.now - origin.at) / ms);
      },
      cancel,
    };
  };

  const session: Session = {
    world,
    config,
    get now() {
      return kernel.state.now;
    },
    get step() {
      return kernel.state.steps;
    },
    get head() {
      return Math.max(current.history.headAt, kernel.state.now);
    },
    get branch() {
      return current.id;
    },
    get branches() {
      return [...branches.values()].map(({ id, parent, forkedAt, label, history }) => ({
        id,
        parent,
        forkedAt,
        label,
        head: history.headAt,
      }));
    },
    get history() {
      return current.history;
    },
    get lesson() {
      return judging?.progress() ?? null;
    },
    get injected() {
      return injected;
    },
    onObservation: null,
    onDeed: null,
    onRestore: null,
    input(input) {
      const told = give(input);
      return told?.type === 'result' ? told : null;
    },
    request(request) {
      const { api } = world;
      if (onlyAsks(request)) return api.request(kernel.context, 'you', request);
      if (!request.options?.dryRun) return (give({ type: 'request', request }) as Answer).response;
      // A dry run draws names and ids like any other; the world is put back as it was.
      const checkpoint = kernel.checkpoint();
      const { observer } = kernel;
      kernel.observer = {};
      try {
        return api.request(kernel.context, 'you', request);
      } finally {
        kernel.restore(checkpoint);
        kernel.observer = observer;
      }
    },
    advance(at, maxSteps = Infinity, step = Infinity) {
      for (let i = 0; i < maxSteps; i++) {
        if (kernel.state.steps < step ? moveOnce(at) : judgeDue(at)) continue;
        if (at > kernel.state.now) kernel.state.now = at;
        current.history.headAt = Math.max(current.history.headAt, kernel.state.now);
        return true;
      }
      return false;
    },
    rewind(at) {
      if (at < kernel.state.now) restore(latestCheckpoint((c) => c.at <= at));
      else {
        // Jumping ahead within what is known: a later checkpoint is nearer than a replay from here.
        const nearer = latestCheckpoint((c) => c.at <= at);
        if (nearer.step > kernel.state.steps) restore(nearer);
      }
    },
    seek(at) {
      session.rewind(at);
      session.advance(at);
    },
    search(grain, horizonMs = quietMs, otherwise = 'back') {
      const wanted = grain === 'step' ? isStep : isSignificant;
      const known = nextKnown(wanted);
      return known ? replayTo(known) : exploreFor(horizonMs, wanted, otherwise);
    },
    next: (grain, horizonMs) => session.search(grain, horizonMs).go()!,
    previous(grain) {
      const wanted = grain === 'step' ? isStep : isSignificant;
      const { deeds } = current.history;
      for (let i = upTo(deeds, kernel.state.steps) - 1; i >= 0; i--) {
        const deed = deeds[i]!;
        if (!wanted(deed)) continue;
        // Standing after its event at its own moment: go one further back.
        if (deed.step === kernel.state.steps && deed.at === kernel.state.now) continue;
        toPlace(deed);
        return;
      }
      session.seek(0);
    },
    switchTo(id) {
      const target = branches.get(id);
      if (!target || target === current) return;
      const at = kernel.state.now;
      current = target;
      judging?.resume();
      restore(latestCheckpoint((c) => c.at <= Math.min(at, target.history.headAt)));
      session.advance(Math.min(at, target.history.headAt));
    },
    save: (extra) => ({
      kubarium: 1,
      engine: engineVersion,
      world: config,
      journal: current.history.journal,
      at: kernel.state.now,
      ...(Math.min(kernel.nextAt(), current.history.journal[injected]?.at ?? Infinity) <= kernel.state.now && {
        step: kernel.state.steps,
      }),
      ...(run.lesson && { lesson: run.lesson }),
      digest: kernel.digest(),
      ...extra,
    }),
    digest: () => kernel.digest(),
    deedCount: () => upTo(current.history.deeds, kernel.state.steps),
  };

  /** Puts an input into the journal and lets it happen; what it answers, when it answers at once. */
  function give(input: Input): CommandResult | Answer | null {
    const { steps, now } = kernel.state;
    const { headAt, headStep, journal } = current.history;
    // In a quiet time one may stand before the head without anything having happened since: that is the past too.
    if (steps < headStep || now < headAt || injected < journal.length) fork(labelOf(input));
    const entry: JournalEntry = { at: now, step: steps, input };
    current.history.journal.push(entry);
    // Programs send hundreds of requests a second: a checkpoint before each would cost more than all of them.
    if (!programs.has(input.type)) takeCheckpoint();
    result = null;
    const id = injected;
    while (moveOnce(now));
    // Read anew: the observer has set it.
    const told = result as CommandResult | Answer | null;
    return told?.id === id ? told : null;
  }

  function fork(label: string): void {
    const { now, steps } = kernel.state;
    const history = forkHistory(current.history, now, steps);
    history.journal.splice(injected);
    const parent = current;
    current = { id: ++lastId, parent: parent.id, forkedAt: now, label, history };
    branches.set(current.id, current);
    judging?.resume();
    for (const old of branches.keys()) {
      if (branches.size <= mostBranches) break;
      if (old !== current.id && old !== parent.id) branches.delete(old);
    }
  }

  takeCheckpoint();
  return session;
}

/** Inputs of clients outside. */
const programs: ReadonlySet<Input['type']> = new Set(['request', 'exec', 'stdin', 'dial']);

/** What a branch is called: the input that made it differ. */
function labelOf(input: Input): string {
  switch (input.type) {
    case 'kubectl':
      return input.line;
    case 'interrupt':
      return 'Ctrl+C';
    case 'exec':
      return `exec ${input.pod}`;
    case 'stdin':
      return input.text;
    case 'dial':
      return `${input.method ?? 'connect'} ${input.path ?? input.port}`;
    case 'request':
      return `${input.request.verb} ${input.request.resource}`;
    case 'fault':
      return input.fault.fault;
    case 'traffic':
      return `traffic ${input.source.rps}/s`;
  }
}
