import { JsonPathError, renderJsonPath } from '../../apimachinery/jsonpath.ts';
import type { Command, Invocation } from '../command.ts';
import { cluster, contextOf, keepKubeconfig, kubeconfigOf, type KubeContext } from '../kubeconfig.ts';
import { misuse, UsageError } from '../parse.ts';
import { alignRows } from '../printers/table.ts';
import { toJson, toYaml } from '../printers/yaml.ts';

/**
 * `kubectl config`: contexts of the terminal's own kubeconfig, which knows one cluster. Kubernetes: kubectl/pkg/cmd/config.
 * Simplified: clusters, users and credentials cannot be changed.
 */
export const config: Command = {
  name: 'config',
  flags: {
    flags: {
      cluster: 'string',
      current: 'boolean',
      flatten: 'boolean',
      merge: 'boolean',
      minify: 'boolean',
      'no-headers': 'boolean',
      output: 'string',
      raw: 'boolean',
      user: 'string',
    },
    short: { o: 'output' },
  },
  run(run) {
    const [what = '', ...words] = run.args.positional;
    const part = Object.hasOwn(parts, what) ? parts[what] : undefined;
    if (part) part(run, words);
    else if (/^(?:set|unset|set-cluster|set-credentials|delete-cluster|delete-user)$/.test(what))
      throw new UsageError('error: the cluster and the user of this kubeconfig cannot be changed');
    else throw misuse('config', `unknown command "${what}"`);
  },
};

const file = '/home/you/.kube/config';

const parts: Readonly<Record<string, (run: Invocation, words: readonly string[]) => void>> = {
  'current-context'(run) {
    const { current } = kubeconfigOf(run.ctx);
    if (!current) throw new UsageError('error: current-context is not set');
    run.out(`${current}\n`);
  },
  'get-contexts': getContexts,
  'get-clusters': (run) => run.out(`NAME\n${cluster.name}\n`),
  'get-users': (run) => run.out(`NAME\n${cluster.user}\n`),
  'use-context'(run, words) {
    const name = onlyName('use-context', words);
    const now = kubeconfigOf(run.ctx);
    if (!contextOf(now, name)) throw new UsageError(`error: no context exists with the name: "${name}"`);
    keepKubeconfig(run.ctx, { ...now, current: name });
    run.out(`Switched to context "${name}".\n`);
  },
  'set-context': setContext,
  'delete-context'(run, words) {
    const name = onlyName('delete-context', words);
    const now = kubeconfigOf(run.ctx);
    if (!contextOf(now, name)) throw new UsageError(`error: cannot delete context ${name}, not in ${file}`);
    if (now.current === name) run.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n'); // prettier-ignore
    keepKubeconfig(run.ctx, { ...now, contexts: now.contexts.filter((each) => each.name !== name) });
    run.out(`deleted context ${name} from ${file}\n`);
  },
  'rename-context'(run, words) {
    const [from, to, ...more] = words;
    if (from === undefined || to === undefined || more.length > 0) throw misuse('config rename-context', 'Unexpected args: [' + words.join(' ') + ']'); // prettier-ignore
    const now = kubeconfigOf(run.ctx);
    if (!contextOf(now, from)) throw new UsageError(`error: cannot rename the context "${from}", it's not in ${file}`);
    if (contextOf(now, to)) throw new UsageError(`error: cannot rename the context "${from}", the context "${to}" already exists in ${file}`); // prettier-ignore
    const contexts = now.contexts.map((each) => (each.name === from ? { ...each, name: to } : each));
    keepKubeconfig(run.ctx, { contexts, current: now.current === from ? to : now.current });
    run.out(`Context "${from}" renamed to "${to}".\n`);
  },
  view,
};

function onlyName(part: string, words: readonly string[]): string {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) throw misuse(`config ${part}`, `Unexpected args: [${words.join(' ')}]`);
  return name;
}

function getContexts(run: Invocation, words: readonly string[]): void {
  const { contexts, current } = kubeconfigOf(run.ctx);
  for (const word of words)
    if (!contexts.some(({ name }) => name === word))
      run.refuse(0, new UsageError(`error: context ${word} not found`), '');
  const wanted = contexts
    .filter(({ name }) => words.length === 0 || words.includes(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (run.flag('output') === 'name') {
    for (const { name } of wanted) run.out(`${name}\n`);
    return;
  }
  if (run.flag('output')) throw new UsageError(`error: output must be one of '' or 'name': ${run.flag('output')}`);
  const header = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
  const rows = wanted.map(({ name, cluster: of, user, namespace = '' }) => [
    name === current ? '*' : '',
    name,
    of,
    user,
    namespace,
  ]);
  run.out(alignRows(run.has('no-headers') ? rows : [header, ...rows]));
}

function setContext(run: Invocation, words: readonly string[]): void {
  const now = kubeconfigOf(run.ctx);
  if (run.has('current') ? words.length > 0 : words.length !== 1) {
    if (words.length > 1) throw misuse('config set-context', `Unexpected args: [${words.join(' ')}]`);
    throw new UsageError('error: you must specify a non-empty context name or --current');
  }
  const name = run.has('current') ? now.current : words[0]!;
  const known = contextOf(now, name);
  const namespace = run.args.flags.get('namespace')?.at(-1) ?? known?.namespace;
  const next: KubeContext = {
    name,
    cluster: run.flag('cluster') ?? known?.cluster ?? '',
    user: run.flag('user') ?? known?.user ?? '',
    ...(namespace && { namespace }),
  };
  keepKubeconfig(run.ctx, { ...now, contexts: [...now.contexts.filter((each) => each.name !== name), next] });
  run.out(`Context "${name}" ${known ? 'modified' : 'created'}.\n`);
}

function view(run: Invocation): void {
  const now = kubeconfigOf(run.ctx);
  const shown = run.has('minify')
    ? now.contexts.filter(({ name }) => name === (run.flag('context') ?? now.current))
    : now.contexts;
  const object = {
    apiVersion: 'v1',
    clusters: [{ cluster: { server: cluster.server }, name: cluster.name }],
    contexts: shown
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, cluster: of, user, namespace }) => ({
        context: { cluster: of, ...(namespace && { namespace }), user },
        name,
      })),
    'current-context': now.current,
    kind: 'Config',
    users: [{ name: cluster.user, user: {} }],
  };
  const output = run.flag('output') ?? 'yaml';
  if (output === 'yaml') run.out(toYaml(object));
  else if (output === 'json') run.out(toJson(object));
  else if (output.startsWith('jsonpath=')) {
    try {
      run.out(renderJsonPath(output.slice('jsonpath='.length), object));
    } catch (error) {
      if (error instanceof JsonPathError) throw new UsageError(error.message);
      throw error;
    }
  } else throw new UsageError(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml`); // prettier-ignore
}
