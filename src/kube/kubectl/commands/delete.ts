import type { Command } from '../command.ts';
import { dryRunSuffix } from '../create.ts';
import { ApiError } from '../../apimachinery/index.ts';
import { UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

/**
 * `kubectl delete TYPE NAME…`, `-f`, `-l`, `--all`. Kubernetes: kubectl/pkg/cmd/delete.
 * Simplified: it does not wait until the objects are gone.
 */
export const deleteCommand: Command = {
  name: 'delete',
  flags: {
    flags: {
      filename: 'list',
      selector: 'string',
      'field-selector': 'string',
      all: 'boolean',
      'all-namespaces': 'boolean',
      force: 'boolean',
      'grace-period': 'string',
      cascade: 'string',
      wait: 'string',
      now: 'boolean',
      timeout: 'string',
      'ignore-not-found': 'boolean',
      'dry-run': 'string',
      output: 'string',
    },
    short: { f: 'filename', l: 'selector', A: 'all-namespaces', o: 'output' },
  },
  run(run) {
    const force = run.has('force');
    if (run.has('now') && run.flag('grace-period') !== undefined)
      throw new UsageError('error: --now and --grace-period cannot be specified together');
    const grace = run.has('now') ? '1' : (run.flag('grace-period') ?? (force ? '0' : undefined));
    const chosen = run.flag('selector') !== undefined || run.has('all') || run.has('ignore-not-found');
    const targets = targetsOf(run, run.args.positional);
    if (force)
      run.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    if (run.flag('namespace') !== undefined && targets.some(({ kind }) => !kind.namespaced))
      run.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
    if (targets.length === 0 && !run.failed()) run.out('No resources found\n');
    for (const { kind, name, namespace } of targets) {
      try {
        const dryRun = run.flag('dry-run');
        const options = {
          propagationPolicy: policies[run.flag('cascade') ?? 'background'] ?? 'Background',
          gracePeriodSeconds: grace === undefined ? undefined : Number(grace),
          ...(dryRun === 'server' && { dryRun: true }),
        } as const;
        if (dryRun !== 'client') run.request({ verb: 'delete', resource: kind.key, namespace, name, options });
        const type = `${kind.singular}${kind.group ? `.${kind.group}` : ''}`;
        if (run.flag('output') === 'name') run.out(`${type}/${name}\n`);
        else {
          const where = namespace ? ` from ${namespace} namespace` : '';
          run.out(`${type} "${name}" ${force ? 'force ' : ''}deleted${where}${dryRunSuffix(run)}\n`);
        }
      } catch (error) {
        if (chosen && error instanceof ApiError && error.status.reason === 'NotFound') continue;
        run.refuse(0, error, '');
      }
    }
  },
};

const policies: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  true: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  false: 'Orphan',
};
