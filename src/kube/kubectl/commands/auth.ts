import type { Command, Invocation } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';
import { alignRows } from '../printers/table.ts';
import { toJson, toYaml } from '../printers/yaml.ts';
import { kindByWord } from '../resources.ts';

/** `kubectl auth can-i` and `whoami`: the server is asked in reviews. Kubernetes: kubectl/pkg/cmd/auth. */
export const auth: Command = {
  name: 'auth',
  flags: {
    flags: {
      'all-namespaces': 'boolean',
      list: 'boolean',
      'no-headers': 'boolean',
      output: 'string',
      quiet: 'boolean',
      subresource: 'string',
    },
    short: { A: 'all-namespaces', o: 'output', q: 'quiet' },
  },
  run(run) {
    const [what = '', ...words] = run.args.positional;
    if (what === 'whoami') whoAmI(run);
    else if (what === 'can-i') canI(run, words);
    else if (what === 'reconcile')
      throw new UsageError('error: roles and bindings are not reconciled here: use kubectl apply');
    else throw misuse('auth', `unknown command "${what}"`);
  },
};

/** A review's answer. */
interface Reviewed {
  readonly status: {
    readonly allowed?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
    readonly resourceRules?: readonly ResourceRule[];
    readonly nonResourceRules?: readonly {
      readonly nonResourceURLs?: readonly string[];
      readonly verbs: readonly string[];
    }[];
    readonly userInfo?: UserInfo;
  };
}
interface ResourceRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}
interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const review = (run: Invocation, kind: string, group: string, spec?: object): Reviewed =>
  run.request({
    verb: 'create',
    resource: `${kind.toLowerCase()}s.${group}.k8s.io`,
    body: { apiVersion: `${group}.k8s.io/v1`, kind, metadata: {}, ...(spec && { spec }) },
  }) as unknown as Reviewed;

const resourceVerbs = new Set(
  '* get list watch create update patch delete deletecollection use bind impersonate escalate approve sign attest'.split(
    ' ',
  ),
);
const urlVerbs = new Set('* get put post head options delete patch'.split(' '));
/** Names that rules may have though no kind bears them. */
const otherResources = new Set(['users', 'groups']);

function canI(run: Invocation, words: readonly string[]): void {
  const namespace = run.has('all-namespaces') ? '' : run.namespace;
  if (run.has('list')) {
    if (run.has('quiet') || run.has('all-namespaces') || run.flag('subresource'))
      throw new UsageError(
        "error: list option can't be specified with neither quiet, all-namespaces nor subresource options",
      );
    if (words.length > 0) throw misuse('auth can-i', 'list option must be specified with no arguments');
    list(run, namespace);
    return;
  }
  const [verb, target, name, ...more] = words;
  if (verb === undefined || target === undefined || more.length > 0)
    throw new UsageError("error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples."); // prettier-ignore
  const { status } = review(
    run,
    'SelfSubjectAccessReview',
    'authorization',
    attributes(run, verb, target, name, namespace),
  );
  if (!run.has('quiet')) {
    const why = [status.reason, status.evaluationError].filter(Boolean).map((text) => ` - ${text}`);
    run.out(status.allowed ? 'yes\n' : `no${why.join('')}\n`);
  }
  if (!status.allowed) throw new UsageError('');
}

/** What is asked: a resource, or a URL. Warns of what no server has. */
function attributes(
  run: Invocation,
  verb: string,
  target: string,
  name: string | undefined,
  namespace: string,
): object {
  const warn = (sentence: string): void => run.err(`Warning: ${sentence}\n\n`);
  if (target.startsWith('/')) {
    if (run.flag('subresource')) throw new UsageError('error: --subresource can not be used with NonResourceURL');
    if (!urlVerbs.has(verb)) warn(`verb '${verb}' is not a known verb`);
    return { nonResourceAttributes: { path: target, verb } };
  }
  const [word = '', named] = target.split('/');
  const { group, resource, namespaced } = found(run, word, warn);
  if (!run.has('all-namespaces') && resource !== '') {
    if (!namespaced) warn(`resource '${resource}' is not namespace scoped${group && ` in group '${group}'`}`);
    if (!resourceVerbs.has(verb)) warn(`verb '${verb}' is not a known verb`);
  }
  const subresource = run.flag('subresource');
  const own = named ?? name;
  return {
    resourceAttributes: {
      ...(namespace && { namespace }),
      verb,
      ...(group && { group }),
      resource,
      ...(subresource && { subresource }),
      ...(own && { name: own }),
    },
  };
}

/** The resource that a word means; what nobody serves is asked for by that name. */
function found(
  run: Invocation,
  word: string,
  warn: (sentence: string) => void,
): { group: string; resource: string; namespaced: boolean } {
  if (word === '*') return { group: '', resource: '*', namespaced: true };
  try {
    const { group, resource, namespaced } = kindByWord(run, word);
    return { group, resource, namespaced };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [resource = '', ...rest] = word.toLowerCase().split('.');
    const group = rest.join('.');
    if (!otherResources.has(resource))
      warn(`the server doesn't have a resource type '${resource}'${group && ` in group '${group}'`}`);
    return { group, resource, namespaced: true };
  }
}

/** `--list`: the rules that hold in a namespace, one by one, by resource and verbs. Kubernetes: printStatus, SortableResourceRules. */
function list(run: Invocation, namespace: string): void {
  const { status } = review(run, 'SelfSubjectRulesReview', 'authorization', { namespace });
  if (status.evaluationError) run.err(`Warning: the list may be incomplete: ${status.evaluationError}\n`);
  const names = (each: readonly string[] = []): string => `[${each.join(' ')}]`;
  const ofResources = (status.resourceRules ?? []).flatMap(({ apiGroups = [], resources = [], resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => [
        group === '' ? resource : `${resource}.${group}`,
        '[]',
        names(resourceNames),
        names(verbs),
      ]),
    ),
  );
  const ofUrls = (status.nonResourceRules ?? []).flatMap(({ nonResourceURLs = [], verbs }) =>
    nonResourceURLs.map((url) => ['', `[${url}]`, '[]', names(verbs)]),
  );
  const order = ([resource, url, , verbs]: string[]): string => {
    const dot = resource!.indexOf('.');
    const [name, group] = dot < 0 ? [resource, ''] : [resource!.slice(0, dot), resource!.slice(dot + 1)];
    return [verbs, resource === '' ? 1 : 0, group, name, url].join('\u0000');
  };
  const rows = [...ofResources, ...ofUrls].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const header = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];
  run.out(alignRows(run.has('no-headers') ? rows : [header, ...rows]));
}

function whoAmI(run: Invocation): void {
  const answer = review(run, 'SelfSubjectReview', 'authentication');
  const output = run.flag('output') ?? '';
  const { username = '', uid = '', groups = [], extra = {} } = answer.status.userInfo ?? {};
  const told = { ...answer, metadata: {} };
  if (output === 'yaml') run.out(toYaml(told));
  else if (output === 'json') run.out(toJson(told));
  else {
    const rows = [
      ['ATTRIBUTE', 'VALUE'],
      ['Username', username],
      ...(uid ? [['UID', uid]] : []),
      ...(groups.length > 0 ? [['Groups', `[${groups.join(' ')}]`]] : []),
      ...Object.entries(extra).map(([key, values]) => [`Extra: ${key}`, `[${values.join(' ')}]`]),
    ];
    run.out(alignRows(rows));
  }
}
