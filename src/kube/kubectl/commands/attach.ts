import type { V1Container } from '../../../generated/types.ts';
import type { Pod } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { placeOf } from '../inside.ts';
import { UsageError } from '../parse.ts';
import { containerOf, podsBehind } from '../pods.ts';

/** `kubectl attach POD [-c CONTAINER] [-it]`: its main process prints here, and hears what is typed. Kubernetes: kubectl/pkg/cmd/attach. */
export const attach: Command = {
  name: 'attach',
  flags: {
    flags: { container: 'string', stdin: 'boolean', tty: 'boolean', quiet: 'boolean', 'pod-running-timeout': 'string' },
    short: { c: 'container', i: 'stdin', t: 'tty', q: 'quiet' },
  },
  run(run) {
    const words = run.args.positional;
    if (words.length === 0) throw new UsageError('error: at least 1 argument is required for attach');
    if (words.length > 2)
      throw new UsageError(`error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${words.length}: [${words.join(' ')}]`); // prettier-ignore
    const [pod] = podsBehind(run, words.length === 2 ? words.join('/') : words[0]);
    const phase = pod!.status?.phase ?? '';
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new UsageError(`error: cannot attach a container in a completed pod; current phase is ${phase}`);
    const container = theContainer(run, pod!);
    const place = placeOf(run, pod!, container.name);
    const stdin = run.has('stdin');
    const tty = stdin && run.has('tty') && container.tty === true;
    if (run.has('tty') && !container.tty)
      run.err(`error: Unable to use a TTY - container ${container.name} did not allocate one\n`);
    if (tty && !run.has('quiet')) run.err(promptHint);
    return { state: null, exec: { ...place, command: null, ...(stdin && { stdin, tty }) } };
  },
  resume(run, _state, { exec: done }) {
    run.out(done!.output);
    if (done!.exitCode !== 0) throw new UsageError('', done!.exitCode);
  },
};

/** A container that is not there is told in words of its own. */
function theContainer(run: Invocation, pod: Pod): V1Container {
  try {
    return containerOf(run, pod, run.flag('container'));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message.replace(/^error: /, 'error: cannot attach to the container: '));
  }
}

/** What is said before one may type. */
export const promptHint =
  "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";
