import type { Command } from '../command.ts';
import { namedObjects } from '../resources.ts';

/** `kubectl delete TYPE NAME…`. */
export const deleteCommand: Command = {
  name: 'delete',
  flags: {
    flags: {
      filename: 'list',
      force: 'boolean',
      'grace-period': 'string',
      cascade: 'string',
      wait: 'string',
      now: 'boolean',
    },
    short: { f: 'filename' },
  },
  run(run) {
    const force = run.has('force');
    const grace = run.flag('grace-period') ?? (force ? '0' : undefined);
    for (const { kind, name, namespace } of namedObjects(run, run.args.positional)) {
      try {
        run.request({
          verb: 'delete',
          resource: kind.key,
          namespace,
          name,
          options: {
            propagationPolicy:
              run.flag('cascade') === 'orphan'
                ? 'Orphan'
                : run.flag('cascade') === 'foreground'
                  ? 'Foreground'
                  : 'Background',
            gracePeriodSeconds: grace === undefined ? undefined : Number(grace),
          },
        });
        const label = `${kind.singular}${kind.group ? `.${kind.group}` : ''} "${name}"`;
        run.out(`${label} ${force ? 'force ' : ''}deleted${namespace ? ` from ${namespace} namespace` : ''}\n`);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};
