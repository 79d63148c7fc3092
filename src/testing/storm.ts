import type { KernelState, Observer } from '../kernel/index.ts';
import { randomOf, seedStream, type Random } from '../kernel/random.ts';
import { createWorld, type World } from '../kube/cluster.ts';
import { ApiError, Unreachable } from '../kube/apimachinery/index.ts';
import type { WorldConfig } from '../kube/inputs.ts';
import type { Activity } from '../kube/observations.ts';
import { nextAct } from './storm/acts.ts';
import type { Act, Scene } from './storm/choose.ts';
import { Violation, watchInvariants } from './storm/invariants.ts';
import { machinesIn, table } from './storm/stored.ts';
import { healEverything, unrest } from './storm/heal.ts';

/** What to storm. */
export interface StormConfig {
  readonly seed: number;
  /** Kernel events of the storm itself; healing and its check come after. */
  readonly events?: number;
  /** Instead of events: so many acts in quick succession, one upon what the last has begun. */
  readonly acts?: number;
  readonly nodes?: number;
  /** Checkpoints from which the future is lived twice; 0 for none. */
  readonly replays?: number;
  /** Hears what the simulation tells, to find out why an invariant broke. */
  readonly observer?: Observer;
}

/** How a storm ended. `failure` undefined: every invariant held and everything came to rest. */
export interface StormReport {
  readonly seed: number;
  readonly events: number;
  readonly acts: readonly string[];
  /** Resources that an act has written, and `fault` and its name: what the storm has come by. */
  readonly reached: ReadonlySet<string>;
  readonly virtualMs: number;
  readonly failure?: string | undefined;
  /** Of the world at the end. */
  digest(): string;
  /** The world at the end, to look into. */
  readonly state: KernelState;
}

/**
 * Virtual time in which everything must come to rest after the last fault has been healed: more than the longest
 * back-off of a controller's key, 1000 s. A StatefulSet whose pod's name is taken learns by it alone that the name is free.
 */
const restMs = 20 * 60_000;

/** Events in all of it: far more than the storm's clusters need. */
const mostEvents = 200_000;

/** In its last five minutes almost nothing may happen: what does not change costs nothing. */
const quietMs = 5 * 60_000;
const quietEvents = 200;

/** Between two acts in quick succession so many events would be something that never ends. */
const busyEvents = 10_000;

const describe = (at: number, act: Act): string => {
  const time = `${(at / 1000).toFixed(3)} s`;
  if (act.type === 'fault') return `${time} fault ${Object.values(act.fault).join(' ')}`;
  if (act.type === 'traffic')
    return `${time} traffic ${act.source.name} ${act.source.url} ${act.source.rps}/s ${act.source.from}`;
  if (act.type === 'kubectl') return `${time} kubectl ${act.line}`;
  const { verb, resource, namespace, name, body } = act.request;
  const target = name ?? (body as { metadata?: { name?: string } } | undefined)?.metadata?.name;
  return `${time} ${verb} ${resource} ${namespace ?? ''}/${target}`;
};

/**
 * Lives through a seeded storm of requests and faults, with the cluster's invariants checked after every event;
 * then heals all faults and demands that within 20 virtual minutes everything has come to rest. The seed is all
 * that is needed to live it again.
 */
export function runStorm(storm: StormConfig): StormReport {
  const {
    seed,
    events = Infinity,
    acts: mostActs = Infinity,
    nodes = mostActs < Infinity ? 2 : 4,
    replays = 0,
    observer = {},
  } = storm;
  const pause = mostActs === Infinity ? pauseWithLulls : shortPause;
  const config: WorldConfig = { seed, nodes, podsPerNode: 30 };
  const world = createWorld(config);
  const { kernel } = world;
  const reached = new Set<string>();
  kernel.observer = {
    ...observer,
    observe(observation) {
      observer.observe?.(observation);
      const { type, from, verb, resource, code } = observation as Activity;
      if (type === 'activity' && from === 'you' && verb !== 'get' && verb !== 'list' && code < 400)
        reached.add(resource);
    },
  };
  const random = randomOf(seedStream(seed, 'storm'));
  const acts: string[] = [];
  let failure: string | undefined;
  try {
    const invariants = watchInvariants(kernel);
    const chance = randomOf(seedStream(seed, 'replays'));
    const replayAt = new Set(Array.from({ length: replays }, () => chance.int(Math.min(events, mostActs * 20))));
    let nextActAt = 2000;
    let stepsAtAct = 0;
    const busy = new Map<string, number>();
    const step = (): void => {
      kernel.step();
      invariants.afterEvent();
    };
    while (kernel.state.steps < events && acts.length < mostActs) {
      if (kernel.nextAt() > nextActAt) {
        kernel.runUntil(nextActAt);
        let act = nextAct(sceneOf(world, random));
        for (let i = 0; i < 9 && !act; i++) act = nextAct(sceneOf(world, random));
        if (act) {
          acts.push(describe(kernel.state.now, act));
          if (act.type === 'fault') reached.add(`fault ${act.fault.fault}`);
          perform(world, acts.length, act);
          invariants.afterEvent();
        }
        nextActAt = kernel.state.now + pause(random);
        stepsAtAct = kernel.state.steps;
        busy.clear();
        continue;
      }
      const since = kernel.state.steps - stepsAtAct;
      if (since > busyEvents && mostActs < Infinity) {
        const { type, to } = kernel.state.queue[0]!;
        busy.set(`${type} to ${to}`, (busy.get(`${type} to ${to}`) ?? 0) + 1);
        if (since > 2 * busyEvents) throw new Violation(`at ${kernel.state.now} ms: no next act: ${loudest(busy)}`);
      }
      step();
      if (replayAt.has(kernel.state.steps)) checkReplay(world, config);
    }
    acts.push(`${(kernel.state.now / 1000).toFixed(3)} s heal everything`);
    healEverything(world, step);
    const calm = kernel.state.now + restMs;
    const most = kernel.state.steps + mostEvents;
    const counts = new Map<string, number>();
    let quiet = 0;
    while (kernel.nextAt() <= calm) {
      const { at, type, to } = kernel.state.queue[0]!;
      if (at > calm - quietMs || kernel.state.steps > most - 2000) {
        quiet++;
        counts.set(`${type} to ${to}`, (counts.get(`${type} to ${to}`) ?? 0) + 1);
      }
      step();
      if (kernel.state.steps > most || quiet > quietEvents)
        throw new Violation(`at ${kernel.state.now} ms: no rest: ${loudest(counts)}`);
    }
    kernel.runUntil(calm);
    invariants.sweep();
    const left = unrest(world);
    acts.push(`${quiet} events in the last five minutes`);
    if (left.length > 0) throw new Violation(`after 20 minutes of peace: ${left.join('; ')}`);
  } catch (error) {
    failure = error instanceof Violation ? error.message : `at ${kernel.state.now} ms: ${(error as Error).stack}`;
  }
  const { steps, now } = kernel.state;
  const { state } = kernel;
  const digest = (): string => kernel.digest();
  return { seed, events: steps, acts, reached, virtualMs: now, failure, digest, state };
}

/** The events that came most often. */
const loudest = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(([event, count]) => `${count} × ${event}`)
    .join(', ');

/** Acts come in flurries, with lulls in which time-outs run out. */
function pauseWithLulls(random: Random): number {
  const kind = random.int(100);
  if (kind < 45) return random.between(0, 400);
  if (kind < 85) return random.between(400, 10_000);
  if (kind < 96) return random.between(10_000, 70_000);
  return random.between(70_000, 400_000);
}

/** Acts follow each other within what one of them takes to be done; now and then something is given time to finish. */
function shortPause(random: Random): number {
  const kind = random.int(100);
  if (kind < 60) return random.between(0, 20);
  if (kind < 97) return random.between(20, 200);
  return random.between(200, 6000);
}

const sceneOf = (world: World, random: Random): Scene => ({
  random,
  machines: machinesIn(world.kernel.state),
  objects: <T>(resource: string) => [...table<T>(world.kernel.state, resource).values()],
});

function perform(world: World, id: number, act: Act): void {
  if (act.type === 'fault') return world.input(id, { type: 'fault', fault: act.fault });
  if (act.type === 'traffic') return world.input(id, { type: 'traffic', source: act.source });
  if (act.type === 'kubectl') return world.input(id, { type: 'kubectl', line: act.line });
  const ctx = world.kernel.context;
  ctx.cause = 0;
  ctx.cause = ctx.record({ by: 'you', code: 'input.kubectl', params: { line: 'storm' } });
  try {
    // A refusal is an answer like any other.
    world.api.request(ctx, 'you', act.request);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
  }
}

/** Where two states differ first, or undefined: what a digest cannot tell. */
export function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.constructor !== b.constructor)
    return `${path}: ${JSON.stringify(a)?.slice(0, 200)} and ${JSON.stringify(b)?.slice(0, 200)}`;
  const entries = (o: object): [unknown, unknown][] =>
    o instanceof Map
      ? [...o]
      : o instanceof Set
        ? [...o].map((x) => [x, x])
        : Object.entries(o).filter((e) => e[1] !== undefined);
  const [mine, theirs] = [entries(a), entries(b)];
  const sorted = a instanceof Map || a instanceof Set ? (list: [unknown, unknown][]) => list : byName;
  const [left, right] = [sorted(mine), sorted(theirs)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i]?.[0] !== right[i]?.[0])
      return `${path}: ${String(left[i]?.[0])} and ${String(right[i]?.[0])} at place ${i} of ${left.length} and ${right.length}`;
    const difference = firstDifference(left[i]![1], right[i]![1], `${path}.${String(left[i]![0])}`);
    if (difference) return difference;
  }
  return undefined;
}

const byName = (list: [unknown, unknown][]): [unknown, unknown][] =>
  list.toSorted((x, y) => (String(x[0]) < String(y[0]) ? -1 : 1));

/** Events lived twice from a checkpoint. */
const replayEvents = 400;

/**
 * A copy that shares nothing with its original: frozen values are frozen again, and what was shared within the state
 * is shared within the copy. Code that remembers something outside the state, in a closure or keyed by an object, is found out by it.
 */
export function cloneState<T>(value: T, seen = new Map<unknown, unknown>()): T {
  if (typeof value === 'function') throw new Violation('the state holds a function');
  if (value === null || typeof value !== 'object') return value;
  const known = seen.get(value);
  if (known !== undefined) return known as T;
  const prototype: unknown = Object.getPrototypeOf(value);
  const copy =
    value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : Array.isArray(value)
          ? []
          : Object.create(null);
  seen.set(value, copy);
  if (value instanceof Map) for (const [k, v] of value) copy.set(cloneState(k, seen), cloneState(v, seen));
  else if (value instanceof Set) for (const v of value) copy.add(cloneState(v, seen));
  else {
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
      throw new Violation(`the state holds an instance of ${value.constructor.name}`);
    if (prototype === Object.prototype) Object.setPrototypeOf(copy, prototype as object);
    for (const key of Object.keys(value)) copy[key] = cloneState((value as Record<string, unknown>)[key], seen);
  }
  if (Object.isFrozen(value)) Object.freeze(copy);
  return copy;
}

/** From here the future is lived in another world, made of nothing but a clone of the state; both must end alike. */
function checkReplay(world: World, config: WorldConfig): void {
  const before: KernelState = world.kernel.checkpoint();
  const lives = (state: KernelState, events: number): KernelState => {
    const { kernel } = createWorld(config, state);
    for (let i = 0; i < events; i++) kernel.step();
    return kernel.state;
  };
  const again = lives(before, replayEvents);
  if (firstDifference(lives(cloneState(before), replayEvents), again, 'state')) {
    const [one, other] = [createWorld(config, before).kernel, createWorld(config, cloneState(before)).kernel];
    for (let i = 0; i < replayEvents; i++) {
      const event = one.state.queue[0];
      one.step();
      other.step();
      const difference = firstDifference(one.state, other.state, 'state');
      if (difference)
        throw new Violation(
          `at ${before.now} ms: a clone of the state differs ${i + 1} events later, after ${event?.type} to ${event?.to}: ${difference}`,
        );
    }
  }
  const difference = firstDifference(lives(before, replayEvents), again, 'state');
  if (difference) throw new Violation(`at ${before.now} ms: living on from a checkpoint has changed it: ${difference}`);
}
