import type { Command } from '../command.ts';
import { placeOf } from '../inside.ts';
import { UsageError } from '../parse.ts';
import { containerOf, podsBehind } from '../pods.ts';

/**
 * `kubectl exec POD [-c CONTAINER] -- COMMAND`. Kubernetes: kubectl/pkg/cmd/exec. The command really runs; when it takes time
 * its output comes when it has ended, both outputs as one. With `-i` it is typed into (`stdin` inputs) and told at once.
 */
export const exec: Command = {
  name: 'exec',
  flags: {
    flags: { container: 'string', stdin: 'boolean', tty: 'boolean', quiet: 'boolean', filename: 'list' },
    short: { c: 'container', i: 'stdin', t: 'tty', q: 'quiet', f: 'filename' },
  },
  run(run) {
    const [word] = run.args.positional;
    if (word === undefined) throw new UsageError('error: pod, type/name or --filename must be specified');
    const command = run.args.rest;
    if (command.length === 0) {
      throw new UsageError(
        run.args.positional.length > 1
          ? "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples"
          : 'error: you must specify at least one command for the container',
      );
    }
    const [pod] = podsBehind(run, word);
    const { phase = '' } = pod!.status ?? {};
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new UsageError(`error: cannot exec into a container in a completed pod; current phase is ${phase}`);
    const container = containerOf(run, pod!, run.flag('container'));
    const place = placeOf(run, pod!, container.name);
    const stdin = run.has('stdin');
    const tty = stdin && run.has('tty');
    return { state: null, exec: { ...place, command, ...(stdin && { stdin, tty }) } };
  },
  resume(run, _state, { exec: done }) {
    const { exitCode, output } = done!;
    if (exitCode === 126 && output.startsWith('OCI runtime exec failed'))
      throw new UsageError(`error: Internal error occurred: error executing command in container: ${output}`);
    run.out(output);
    if (exitCode !== 0) throw new UsageError(`command terminated with exit code ${exitCode}`, exitCode);
  },
};
