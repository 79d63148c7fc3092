import { ApiError, type KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation } from '../command.ts';
import { dryRunOf, dryRunSuffix } from '../create.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../parse.ts';
import { typeOf } from '../resources.ts';
import { targetsOf, type Target } from '../selection.ts';
import { awaitAll, foreverMs, goOnWaiting, type Awaited, type Patience } from '../waiting.ts';

/**
 * `kubectl delete TYPE NAME…`, `-f`, `-l`, `--all`: asks for it and, unless `--wait=false`, waits until the objects are gone.
 * Kubernetes: kubectl/pkg/cmd/delete.
 */
export const deleteCommand: Command<Patience> = {
  name: 'delete',
  flags: {
    flags: {
      filename: 'list',
      recursive: 'boolean',
      selector: 'string',
      'field-selector': 'string',
      all: 'boolean',
      'all-namespaces': 'boolean',
      force: 'boolean',
      'grace-period': 'int',
      cascade: 'string',
      interactive: 'boolean',
      wait: 'boolean',
      now: 'boolean',
      timeout: 'string',
      'ignore-not-found': 'boolean',
      'dry-run': 'string',
      output: 'string',
    },
    short: { f: 'filename', R: 'recursive', l: 'selector', A: 'all-namespaces', o: 'output', i: 'interactive' },
  },
  run(run) {
    const grace = graceOf(run);
    const targets = targetsOf(run, run.args.positional);
    validate(run, grace);
    const dryRun = dryRunOf(run);
    if (targets.length === 0 && !run.failed()) run.out('No resources found\n');
    const chosen = run.flag('selector') !== undefined || run.has('all') || run.flag('field-selector') !== undefined;
    const ignoring = run.flag('ignore-not-found') === undefined ? chosen : run.has('ignore-not-found');
    let warned = run.flag('namespace') === undefined || run.has('all-namespaces');
    const waited: Awaited[] = [];
    for (const target of targets) {
      if (!warned && !target.kind.namespaced) {
        run.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
        warned = true;
      }
      try {
        const uid = dryRun === 'client' ? undefined : ask(run, target, grace, dryRun === 'server');
        say(run, target);
        const { kind, name, namespace } = target;
        waited.push({ resource: kind.key, name, namespace, uid, wanted: { how: 'delete' } });
      } catch (error) {
        if (ignoring && error instanceof ApiError && error.status.reason === 'NotFound') continue;
        run.refuse(0, error, target.path === undefined ? '' : `error when deleting "${target.path}"`);
      }
    }
    if (run.failed() || dryRun !== 'none' || run.flag('wait') === 'false') return;
    const timeout = parseDuration(run.flag('timeout') ?? '0s', 'timeout', 'delete');
    const until = run.ctx.now + (timeout > 0 ? timeout : foreverMs);
    return awaitAll(run, { items: waited, until, errors: [], once: false, silent: true });
  },
  resume: (run, state, news) => goOnWaiting(run, state, news),
};

/** Seconds that the object is given, undefined for its own. */
function graceOf(run: Invocation): number | undefined {
  const given = run.flag('grace-period') ?? '-1';
  const grace = Number(given);
  if (run.has('now')) {
    if (grace !== -1) throw new UsageError('error: --now and --grace-period cannot be specified together');
    return 1;
  }
  // Without --force nobody loses data by a 0 that was meant as "soon".
  if (grace === 0 && !run.has('force')) return 1;
  if (run.has('force') && grace < 0) return 0;
  return grace < 0 ? undefined : grace;
}

function validate(run: Invocation, grace: number | undefined): void {
  const output = run.flag('output') ?? '';
  if (output !== '' && output !== 'name')
    throw new UsageError(`error: unexpected -o output mode: ${output}. We only support '-o name'`);
  if (run.has('all') && run.flag('selector'))
    throw new UsageError('error: cannot set --all and --selector at the same time');
  if (run.has('all') && run.flag('field-selector'))
    throw new UsageError('error: cannot set --all and --field-selector at the same time');
  if (!run.has('force')) return;
  if (grace !== 0)
    throw new UsageError('error: --force and --grace-period greater than 0 cannot be specified together');
  run.err(
    'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
  );
}

const policies: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  true: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  false: 'Orphan',
};

/** Asks for the deletion; the uid of what goes. */
function ask(run: Invocation, { kind, name, namespace }: Target, grace: number | undefined, dryRun: boolean): string {
  const cascade = run.flag('cascade') ?? 'background';
  if (!Object.hasOwn(policies, cascade))
    throw new UsageError(`error: invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  const { uid } = (run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject).metadata;
  const options = {
    propagationPolicy: policies[cascade]!,
    gracePeriodSeconds: grace,
    ...(dryRun && { dryRun: true }),
  };
  run.request({ verb: 'delete', resource: kind.key, namespace, name, options });
  return uid;
}

function say(run: Invocation, { kind, name, namespace }: Target): void {
  if (run.flag('output') === 'name') {
    run.out(`${typeOf(kind)}/${name}\n`);
    return;
  }
  const where = namespace ? ` from ${namespace} namespace` : '';
  const how = run.has('force') ? 'force deleted' : 'deleted';
  run.out(`${typeOf(kind)} "${name}" ${how}${where}${dryRunSuffix(run)}\n`);
}
