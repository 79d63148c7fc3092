import type { Command } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';

/** A verb that has nothing to do where no files, processes or network of one's own are; it says why. */
const saysWhyNot = (name: string, why: string, flags: Command['flags']['flags'] = {}): Command => ({
  name,
  flags: { flags },
  run() {
    throw new UsageError(`error: ${why}`);
  },
});

export const proxy = saysWhyNot(
  'proxy',
  'there is no network here to listen on: the API can be asked with kubectl get --raw',
  { port: 'int', address: 'string', 'www-prefix': 'string', 'api-prefix': 'string' },
);

export const kustomize = saysWhyNot(
  'kustomize',
  "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/home/you'",
);

export const kuberc = saysWhyNot('kuberc', 'there is no kuberc file here');

/** `kubectl plugin list`. Kubernetes: kubectl/pkg/cmd/plugin. */
export const plugin: Command = {
  name: 'plugin',
  flags: { flags: { 'name-only': 'boolean' } },
  run(run) {
    if (run.args.positional[0] !== 'list') throw misuse('plugin', `unknown command "${run.args.positional[0]}"`);
    throw new UsageError('error: unable to find any kubectl plugins in your PATH');
  },
};

const shells = ['bash', 'zsh', 'fish', 'powershell'];

/**
 * `kubectl completion SHELL`. Kubernetes: kubectl/pkg/cmd/completion.
 * Simplified: the script is a hint, because this terminal completes by itself.
 */
export const completion: Command = {
  name: 'completion',
  flags: { flags: {} },
  run(run) {
    const [shell, ...more] = run.args.positional;
    if (shell === undefined) throw misuse('completion', 'Shell not specified.');
    if (more.length > 0) throw misuse('completion', 'Too many arguments. Expected only the shell type.');
    if (!shells.includes(shell)) throw misuse('completion', `Unsupported shell type "${shell}".`);
    run.out(
      `# ${shell} completion for kubectl\n# This terminal completes with Tab already: there is nothing to source.\n`,
    );
  },
};
