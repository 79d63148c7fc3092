import type { Command } from '../command.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/** `kubectl scale TYPE/NAME --replicas=N [--current-replicas=M]`. Kubernetes: kubectl/pkg/cmd/scale. */
export const scale: Command = {
  name: 'scale',
  flags: {
    flags: {
      replicas: 'int',
      'current-replicas': 'int',
      'resource-version': 'string',
      timeout: 'string',
      filename: 'list',
      selector: 'string',
      all: 'boolean',
    },
    short: { f: 'filename', l: 'selector' },
  },
  run(run) {
    const wanted = run.flag('replicas');
    if (wanted === undefined) throw new UsageError('error: required flag(s) "replicas" not set');
    const replicas = Number(wanted);
    if (replicas < 0)
      throw new UsageError(
        'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
      );
    for (const { kind, name, namespace } of targetsOf(run, run.args.positional)) {
      if (!kind.scale)
        throw new UsageError('Error from server (NotFound): the server could not find the requested resource');
      try {
        const expected = run.flag('current-replicas');
        if (expected !== undefined) {
          const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as {
            spec?: { replicas?: number };
          };
          const now = live.spec?.replicas ?? 0;
          if (now !== Number(expected)) throw new UsageError(`error: Expected replicas to be ${expected}, was ${now}`);
        }
        run.request({
          verb: 'patch',
          resource: kind.key,
          subresource: 'scale',
          namespace,
          name,
          patchType: 'merge',
          body: { spec: { replicas } },
        });
        run.out(`${identity(kind, name)} scaled\n`);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};
