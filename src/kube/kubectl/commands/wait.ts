import { renderJsonPath } from '../../apimachinery/jsonpath.ts';
import { ApiError, notFound, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { Command, Invocation, News, Waiting } from '../command.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/** An object that is waited for. */
interface Item {
  readonly resource: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** Of the object that was there at the beginning: another one of the same name is not waited for. */
  readonly uid: string | undefined;
}

/** Objects are waited for one after the other, each for the whole timeout. */
interface State {
  readonly items: readonly Item[];
  /** Virtual time at which the first item's patience ends. */
  readonly until: number;
  readonly errors: readonly string[];
}

/** A wait without end lasts a week. Kubernetes: WaitOptions. */
const foreverMs = 604_800_000;

/**
 * `kubectl wait --for=condition=Ready|delete|create|jsonpath=…`: ends when it is so, or after `--timeout` (30 s).
 * Kubernetes: kubectl/pkg/cmd/wait.
 */
export const wait: Command<State> = {
  name: 'wait',
  flags: {
    flags: {
      for: 'list',
      timeout: 'string',
      selector: 'string',
      all: 'boolean',
      filename: 'list',
      'all-namespaces': 'boolean',
      'field-selector': 'string',
    },
    short: { l: 'selector', f: 'filename', A: 'all-namespaces' },
  },
  run(run) {
    const wanted = run.flag('for');
    if (wanted === undefined) throw new UsageError('error: required flag(s) "for" not set');
    const patience = patienceMs(run);
    holds(wanted, undefined); // an unknown condition is refused before anything is looked up
    const items: Item[] = [];
    const targets = targetsOf(run, run.args.positional);
    if (targets.length === 0 && wanted !== 'delete') throw new UsageError('error: no matching resources found');
    for (const { kind, name, namespace } of targets) {
      try {
        const { uid } = (read(run, { resource: kind.key, name, namespace, uid: undefined }) as KubeObject).metadata;
        items.push({ resource: kind.key, name, namespace, uid });
      } catch (error) {
        const missing = error instanceof ApiError && error.status.reason === 'NotFound';
        if (missing && wanted === 'delete') run.out(`${identity(kind, name)} condition met\n`);
        else if (missing && wanted === 'create') items.push({ resource: kind.key, name, namespace, uid: undefined });
        else run.refuse(0, error, '');
      }
    }
    return goOn(run, wanted, { items, until: run.ctx.now + patience, errors: [] });
  },
  resume(run, state, news) {
    const wanted = run.flag('for')!;
    const [item, ...rest] = state.items;
    const next = (errors: readonly string[]): Waiting | void =>
      goOn(run, wanted, { items: rest, until: run.ctx.now + patienceMs(run), errors });
    if (isMet(wanted, item!, news)) {
      run.out(`${identity(kindOf(item!.resource)!, item!.name)} condition met\n`);
      return next(state.errors);
    }
    if (run.ctx.now < state.until) return paused(run, state);
    return next([...state.errors, timedOut(item!)]);
  },
};

const timedOut = ({ resource, name }: Item): string =>
  `timed out waiting for the condition on ${kindOf(resource)!.resource}/${name}`;

/** `--timeout`; a negative one means a week. */
function patienceMs(run: Invocation): number {
  const ms = parseDuration(run.flag('timeout') ?? '30s', 'timeout');
  return ms < 0 ? foreverMs : ms;
}

function read(run: Invocation, { resource, name, namespace }: Item): KubeObject {
  return run.request({ verb: 'get', resource, name, namespace }) as KubeObject;
}

/** What is so already is told at once; the first that is not is waited for. */
function goOn(run: Invocation, wanted: string, { items, until, errors }: State): Waiting | void {
  const [item, ...rest] = items;
  if (!item) {
    end(errors);
    return;
  }
  let object: KubeObject | undefined;
  try {
    object = read(run, item);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== 'NotFound') throw error;
  }
  if (holds(wanted, wanted === 'delete' && object?.metadata.uid !== item.uid ? undefined : object)) {
    run.out(`${identity(kindOf(item.resource)!, item.name)} condition met\n`);
    return goOn(run, wanted, { items: rest, until, errors });
  }
  if (until <= run.ctx.now) return goOn(run, wanted, { items: rest, until, errors: [...errors, timedOut(item)] });
  return paused(run, { items, until, errors });
}

function paused(run: Invocation, state: State): Waiting {
  const [{ resource, namespace, name }] = state.items as [Item];
  return {
    state,
    afterMs: state.until - run.ctx.now,
    watch: { resource, namespace, fieldSelector: `metadata.name=${name}` },
  };
}

/** One failure is an error; several are listed, as kubectl prints an aggregate. */
function end(errors: readonly string[]): void {
  if (errors.length === 1) throw new UsageError(`error: ${errors[0]}`);
  if (errors.length > 1) throw new UsageError(errors.join('\n'));
}

/** Whether what a watch has brought ends the wait. An object that goes away while its condition is waited for is an error. */
function isMet(wanted: string, { resource, name, uid }: Item, { entries }: News): boolean {
  // The first list brings nothing but its bookmark: it has gone before the watch was there.
  if (wanted === 'delete' && entries[0]?.type === 'BOOKMARK') return true;
  for (const { type, object } of entries) {
    const same = object !== undefined && (uid === undefined || object.metadata.uid === uid);
    if (type === 'DELETED' && same) {
      if (wanted === 'delete') return true;
      if (wanted !== 'create') throw notFound(kindOf(resource)!.group, kindOf(resource)!.resource, name);
    } else if (object && wanted === 'delete') {
      if (!same) return true;
    } else if (object && holds(wanted, object)) return true;
  }
  return false;
}

/** Whether what is waited for is so now. */
function holds(wanted: string, object: KubeObject | undefined): boolean {
  if (wanted === 'delete') return object === undefined;
  if (wanted === 'create') return object !== undefined;
  const [how, name = '', value] = wanted.startsWith('jsonpath=')
    ? (/^(jsonpath)=(.*?\})(?:=(.*))?$/.exec(wanted)?.slice(1) ?? [])
    : wanted.split('=');
  if (how === 'condition') {
    const status = object?.['status'] as
      | { observedGeneration?: number; conditions?: { type: string; status: string; observedGeneration?: number }[] }
      | undefined;
    const found = status?.conditions?.find((c) => c.type.toLowerCase() === name.toLowerCase());
    // A condition, or a status, of an older generation says nothing about what was asked for since.
    const seen = found?.observedGeneration ?? status?.observedGeneration;
    if (seen !== undefined && seen < (object?.metadata.generation ?? 0)) return false;
    return found?.status.toLowerCase() === (value ?? 'true').toLowerCase();
  }
  if (how === 'jsonpath') {
    const text = object === undefined ? '' : renderJsonPath(name, object);
    return value === undefined ? text !== '' : text === value.replace(/^['"]|['"]$/g, '');
  }
  throw new UsageError(`error: unrecognized condition: "${wanted}"`);
}
