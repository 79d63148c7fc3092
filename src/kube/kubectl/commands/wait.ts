import { ApiError, type KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { parseFor, type Condition } from '../conditions.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../parse.ts';
import { targetsOf, type Target } from '../selection.ts';
import { awaitAll, foreverMs, goOnWaiting, type Awaited, type Patience } from '../waiting.ts';

/** What is waited for with `--for=create` is looked for so often, milliseconds. */
const lookMs = 500;

/** Objects that are not all there yet, and until when they are looked for. */
interface Looking {
  readonly until: number;
}

/**
 * `kubectl wait --for=condition=Ready|delete|create|jsonpath=…`: ends when it is so, or after `--timeout` (30 s).
 * Kubernetes: kubectl/pkg/cmd/wait.
 */
export const wait: Command<Patience | Looking> = {
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
      local: 'boolean',
      output: 'string',
      recursive: 'boolean',
    },
    short: { l: 'selector', f: 'filename', A: 'all-namespaces', o: 'output', R: 'recursive' },
  },
  run(run) {
    const patience = parseDuration(run.flag('timeout') ?? '30s', 'timeout', 'wait');
    const texts = run.args.flags.get('for') ?? [];
    if (texts.length === 0) throw new UsageError('error: unrecognized condition: []');
    const wanted = texts.map(parseFor);
    const until = run.ctx.now + (patience < 0 ? foreverMs : patience);
    return begin(run, wanted, until, patience === 0);
  },
  resume(run, state, news) {
    if ('items' in state) return goOnWaiting(run, state, news);
    return begin(run, (run.args.flags.get('for') ?? []).map(parseFor), state.until, false);
  },
};

/** Finds the objects and waits for them; with `--for=create` until they are there. */
function begin(run: Invocation, wanted: readonly Condition[], until: number, once: boolean): Waiting | void {
  const creating = wanted.some(({ how }) => how === 'create');
  const deleting = wanted.some(({ how }) => how === 'delete');
  const targets = targetsOf(run, run.args.positional);
  const items: Awaited[] = [];
  let missing = creating && targets.length === 0;
  for (const target of targets) {
    try {
      const { uid } = read(run, target).metadata;
      const { kind, name, namespace } = target;
      items.push(...wanted.map((each) => ({ resource: kind.key, name, namespace, uid, wanted: each })));
    } catch (error) {
      const gone = error instanceof ApiError && error.status.reason === 'NotFound';
      if (gone && creating) missing = true;
      else if (!gone || !deleting) run.refuse(0, error, '');
    }
  }
  if (missing) {
    if (run.ctx.now >= until) throw new UsageError('error: timed out waiting for the condition');
    return { state: { until }, afterMs: Math.min(lookMs, until - run.ctx.now) };
  }
  if (targets.length === 0 && !deleting) throw new UsageError('error: no matching resources found');
  return awaitAll(run, { items, until, errors: [], once, silent: false });
}

const read = (run: Invocation, { kind, name, namespace }: Target): KubeObject =>
  run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
