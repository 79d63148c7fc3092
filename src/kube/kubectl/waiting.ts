import { ApiError, notFound, type KubeObject } from '../apimachinery/index.ts';
import { kindOf } from '../apis/index.ts';
import type { Invocation, News, Waiting } from './command.ts';
import { holds, type Condition } from './conditions.ts';
import { UsageError } from './parse.ts';
import { identity } from './resources.ts';

/** An object, and what is waited for of it. */
export interface Awaited {
  readonly resource: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** Of the object that was there at the beginning: another one of the same name is not waited for. */
  readonly uid: string | undefined;
  readonly wanted: Condition;
}

/** What a line that waits for objects remembers: they come one after the other, within one time. */
export interface Patience {
  readonly items: readonly Awaited[];
  /** Virtual time at which patience ends. */
  readonly until: number;
  readonly errors: readonly string[];
  /** Looks once and does not wait. */
  readonly once: boolean;
  /** Says nothing of what is met: `kubectl delete`. */
  readonly silent: boolean;
}

/** A wait without end lasts a week, milliseconds. Kubernetes: WaitOptions. */
export const foreverMs = 604_800_000;

/** What is so already is told at once; the first that is not is waited for. */
export function awaitAll(run: Invocation, state: Patience): Waiting | void {
  const { items, until, once } = state;
  const [item] = items;
  if (!item) {
    end(state.errors);
    return;
  }
  const object = read(run, item);
  if (!object && item.wanted.how !== 'delete' && item.wanted.how !== 'create') {
    const { group, resource } = kindOf(item.resource)!;
    const { reason, message } = notFound(group, resource, item.name).status;
    return awaitAll(run, failed(state, `Error from server (${reason}): ${message}`));
  }
  const sameGone = item.wanted.how === 'delete' && item.uid !== undefined && object?.metadata.uid !== item.uid;
  if (holds(item.wanted, sameGone ? undefined : object)) return awaitAll(run, met(run, state));
  if (once)
    return awaitAll(run, failed(state, `condition not met for ${kindOf(item.resource)!.resource}/${item.name}`));
  if (until <= run.ctx.now) return awaitAll(run, failed(state, timedOut(item)));
  return paused(run, state);
}

/** Goes on with what a watch has brought, or because the time is over. */
export function goOnWaiting(run: Invocation, state: Patience, news: News): Waiting | void {
  const item = state.items[0]!;
  if (isMet(item, news)) return awaitAll(run, met(run, state));
  if (run.ctx.now < state.until) return paused(run, state);
  return awaitAll(run, failed(state, timedOut(item)));
}

/** The first has been met. */
function met(run: Invocation, state: Patience): Patience {
  const [item, ...items] = state.items;
  if (!state.silent) run.out(`${identity(kindOf(item!.resource)!, item!.name)} condition met\n`);
  return { ...state, items };
}

/** The first has failed: what else was to be so of the same object is not looked at. */
function failed(state: Patience, error: string): Patience {
  const { resource, name, namespace } = state.items[0]!;
  const same = (item: Awaited): boolean =>
    item.resource === resource && item.name === name && item.namespace === namespace;
  return { ...state, items: state.items.filter((item) => !same(item)), errors: [...state.errors, error] };
}

const timedOut = ({ resource, name }: Awaited): string =>
  `timed out waiting for the condition on ${kindOf(resource)!.resource}/${name}`;

function read(run: Invocation, { resource, name, namespace }: Awaited): KubeObject | undefined {
  try {
    return run.request({ verb: 'get', resource, name, namespace }) as KubeObject;
  } catch (error) {
    if (error instanceof ApiError && error.status.reason === 'NotFound') return undefined;
    throw error;
  }
}

function paused(run: Invocation, state: Patience): Waiting {
  const { resource, namespace, name } = state.items[0]!;
  return {
    state,
    afterMs: state.until - run.ctx.now,
    watch: { resource, namespace, fieldSelector: `metadata.name=${name}` },
  };
}

/** One failure is an error; several are listed, as kubectl prints an aggregate. */
function end(errors: readonly string[]): void {
  const said = (error: string): string => (error.startsWith('Error from server') ? error : `error: ${error}`);
  if (errors.length === 1) throw new UsageError(said(errors[0]!));
  if (errors.length > 1) throw new UsageError(errors.join('\n'));
}

/** Whether what a watch has brought ends the wait. An object that goes away while its condition is waited for is an error. */
function isMet({ resource, name, uid, wanted }: Awaited, { entries }: News): boolean {
  // The first list brings nothing but its bookmark: it has gone before the watch was there.
  if (wanted.how === 'delete' && entries[0]?.type === 'BOOKMARK') return true;
  for (const { type, object } of entries) {
    const same = object !== undefined && (uid === undefined || object.metadata.uid === uid);
    if (type === 'DELETED' && same) {
      if (wanted.how === 'delete') return true;
      if (wanted.how !== 'create') throw notFound(kindOf(resource)!.group, kindOf(resource)!.resource, name);
    } else if (object && wanted.how === 'delete') {
      if (!same) return true;
    } else if (object && holds(wanted, object)) return true;
  }
  return false;
}
