import type { Command } from '../command.ts';
import { placeOf } from '../inside.ts';
import { UsageError } from '../parse.ts';
import { containerOf, podsBehind } from '../pods.ts';

/** `[[NAMESPACE/]POD:]FILE`. */
function readSpec(text: string): { readonly pod: string; readonly file: string } {
  const colon = text.indexOf(':');
  return colon <= 0 ? { pod: '', file: text } : { pod: text.slice(0, colon), file: text.slice(colon + 1) };
}

/**
 * `kubectl cp POD:FILE -`: shows a file of a container. Kubernetes: kubectl/pkg/cmd/cp.
 * Simplified: the files of the terminal are the editor's documents; nothing is copied into or out of a container.
 */
export const cp: Command = {
  name: 'cp',
  flags: { flags: { container: 'string', 'no-preserve': 'boolean', retries: 'int' }, short: { c: 'container' } },
  run(run) {
    const [from, to, ...more] = run.args.positional;
    if (from === undefined || to === undefined || more.length > 0)
      throw new UsageError('error: source and destination are required');
    const [source, destination] = [readSpec(from), readSpec(to)];
    if (source.pod && destination.pod)
      throw new UsageError('error: one of src or dest must be a local file specification');
    if (!source.file || !destination.file) throw new UsageError('error: filepath can not be empty');
    if (!source.pod && !destination.pod)
      throw new UsageError('error: one of src or dest must be a remote file specification');
    if (!source.pod)
      throw new UsageError(
        'error: files are not copied into containers here: use kubectl exec POD -- sh -c "echo … > FILE"',
      );
    if (destination.file !== '-' && destination.file !== '/dev/stdout')
      throw new UsageError(`error: files of containers are not copied here: kubectl cp ${from} - shows one`);
    const [namespace, name] = source.pod.includes('/') ? source.pod.split('/') : [run.namespace, source.pod];
    const [pod] = podsBehind({ ...run, namespace: namespace! }, name);
    const container = containerOf(run, pod!, run.flag('container'));
    return { state: null, exec: { ...placeOf(run, pod!, container.name), command: ['cat', source.file] } };
  },
  resume(run, _state, { exec: done }) {
    if (done!.exitCode === 0) return run.out(done!.output);
    run.err(done!.output);
    throw new UsageError(`command terminated with exit code ${done!.exitCode}`, done!.exitCode);
  },
};
