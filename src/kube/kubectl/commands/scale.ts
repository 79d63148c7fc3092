import type { KubeObject } from '../../apimachinery/index.ts';
import type { Command } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { UsageError } from '../parse.ts';
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
      recursive: 'boolean',
      'dry-run': 'string',
      output: 'string',
      'show-managed-fields': 'boolean',
      template: 'string',
    },
    short: { f: 'filename', l: 'selector', o: 'output', R: 'recursive' },
  },
  run(run) {
    const wanted = run.flag('replicas');
    if (wanted === undefined) throw new UsageError('error: required flag(s) "replicas" not set');
    const replicas = Number(wanted);
    if (replicas < 0)
      throw new UsageError(
        'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
      );
    const dryRun = dryRunOf(run);
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
        const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
        const options = dryRun === 'server' ? { dryRun: true } : {};
        const body = { spec: { replicas } };
        const call = { resource: kind.key, subresource: 'scale', namespace, name } as const;
        if (dryRun !== 'client') run.request({ verb: 'patch', ...call, patchType: 'merge', body, options });
        printMade(run, kind, live, 'scaled');
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};
