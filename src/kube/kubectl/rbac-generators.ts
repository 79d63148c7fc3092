import type { Invocation } from './command.ts';
import type { Generator } from './generators.ts';
import { UsageError } from './parse.ts';
import { kindByWord } from './resources.ts';

type Made = ReturnType<Generator['make']>;

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

const resourceVerbs = new Set(
  'get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' '),
);
const urlVerbs = new Set('get post put delete patch head options'.split(' '));

/** Values of a flag that may be given several times or with commas, each once. */
function listed(run: Invocation, flag: string): string[] {
  const values = (run.args.flags.get(flag) ?? []).flatMap((text) => text.split(','));
  return [...new Set(values)];
}

/** `*` stands for all verbs. */
function verbsOf(run: Invocation): string[] {
  const verbs = listed(run, 'verb');
  return verbs.includes('*') ? ['*'] : verbs;
}

/** `deployments.apps/scale`. */
function resourceOf(run: Invocation, text: string): { group: string; resource: string } {
  const [name = '', subresource] = text.split('/');
  const [word = '', ...rest] = name.split('.');
  if (word === '') throw new UsageError('error: resource must be specified if apiGroup/subresource specified');
  if (word === '*') return { group: rest.join('.'), resource: '*' };
  const { group: of, resource } = kindNamed(run, word, rest.join('.'));
  return { group: of, resource: subresource ? `${resource}/${subresource}` : resource };
}

function kindNamed(run: Invocation, word: string, of: string): { group: string; resource: string } {
  const groupOf = of.replace(/^v\d\w*\./, '');
  try {
    return kindByWord(run, groupOf ? `${word}.${groupOf}` : word);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (groupOf) {
      // A short name may stand before a group.
      const kind = run.kinds.all.find((each) => each.group === groupOf && [each.resource, each.singular, ...each.shortNames].includes(word)); // prettier-ignore
      if (kind) return kind;
      throw new UsageError(`error: no matches for ${groupOf}/, Resource=${word}`);
    }
    throw new UsageError(`error: the server doesn't have a resource type "${word}"`);
  }
}

/** One rule for each API group. Kubernetes: generateResourcePolicyRules. */
function rulesOf(
  run: Invocation,
  verbs: readonly string[],
  resources: readonly string[],
  urls: readonly string[],
): object[] {
  const byGroup = new Map<string, string[]>();
  for (const text of resources.includes('*') ? ['*'] : resources) {
    const { group: of, resource } = resourceOf(run, text);
    const known = byGroup.get(of) ?? [];
    if (!known.includes(resource)) byGroup.set(of, [...known, resource]);
  }
  const names = run.args.flags.get('resource-name') ?? [];
  const rules = [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([of, all]) => ({
      apiGroups: [of],
      ...(names.length > 0 && { resourceNames: [...new Set(names)] }),
      resources: all,
      verbs,
    }));
  return [...rules, ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : [])];
}

function warnOfVerbs(run: Invocation, verbs: readonly string[], known: ReadonlySet<string>): void {
  for (const verb of verbs)
    if (verb !== '*' && !known.has(verb)) run.err(`Warning: '${verb}' is not a standard resource verb\n`);
}

const roleFlags = { verb: 'list', resource: 'list', 'resource-name': 'list' } as const;

/** `kubectl create role`. Kubernetes: kubectl/pkg/cmd/create/create_role.go. */
export const roleGenerator: Generator = {
  words: 'role',
  resource: `roles.${group}`,
  flags: roleFlags,
  make(run, name) {
    const [verbs, resources] = [verbsOf(run), listed(run, 'resource')];
    if (verbs.length === 0) throw new UsageError('error: at least one verb must be specified');
    warnOfVerbs(run, verbs, resourceVerbs);
    if (resources.length === 0) throw new UsageError('error: at least one resource must be specified');
    return {
      apiVersion,
      kind: 'Role',
      metadata: { name },
      rules: rulesOf(run, verbs, resources, []),
    } as unknown as Made;
  },
};

/** `kubectl create clusterrole`. Kubernetes: kubectl/pkg/cmd/create/create_clusterrole.go. */
export const clusterRoleGenerator: Generator = {
  words: 'clusterrole',
  resource: `clusterroles.${group}`,
  flags: { ...roleFlags, 'non-resource-url': 'list', 'aggregation-rule': 'list' },
  make(run, name) {
    const [verbs, resources, urls] = [verbsOf(run), listed(run, 'resource'), listed(run, 'non-resource-url')];
    const labels = listed(run, 'aggregation-rule').map((pair) => pair.split('=') as [string, string]);
    const made = (rest: object): Made =>
      ({ apiVersion, kind: 'ClusterRole', metadata: { name }, ...rest }) as unknown as Made;
    if (labels.length > 0) {
      if (urls.length > 0 || verbs.length > 0 || resources.length > 0)
        throw new UsageError(
          'error: aggregation rule must be specified without nonResourceURLs, resources or resourceNames',
        );
      return made({
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: Object.fromEntries(labels) }] },
        rules: null,
      });
    }
    if (verbs.length === 0) throw new UsageError('error: at least one verb must be specified');
    if (resources.length === 0 && urls.length === 0)
      throw new UsageError('error: one of resource or nonResourceURL must be specified');
    if (resources.length > 0) warnOfVerbs(run, verbs, resourceVerbs);
    const wrong = verbs.find((verb) => verb !== '*' && urls.length > 0 && !urlVerbs.has(verb));
    if (wrong !== undefined) throw new UsageError(`error: invalid verb: '${wrong}' for nonResourceURL`);
    for (const url of urls) {
      if (url !== '*' && !url.startsWith('/')) throw new UsageError('error: nonResourceURL should start with /');
      if (/\*./.test(url))
        throw new UsageError('error: nonResourceURL only supports wildcard matches when * is at the end');
    }
    return made({ rules: rulesOf(run, verbs, resources, urls) });
  },
};

/** Who is bound. */
function subjectsOf(run: Invocation): object[] {
  const accounts = listed(run, 'serviceaccount').map((text) => {
    const [namespace, name, ...more] = text.split(':');
    if (!namespace || !name || more.length > 0)
      throw new UsageError('error: serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace };
  });
  const named = (kind: string, flag: string): object[] =>
    (run.args.flags.get(flag) ?? []).map((name) => ({ apiGroup: group, kind, name }));
  return [...named('User', 'user'), ...named('Group', 'group'), ...accounts];
}

const bindingFlags = {
  user: 'list',
  group: 'list',
  serviceaccount: 'list',
  clusterrole: 'string',
  role: 'string',
} as const;

/** `kubectl create rolebinding`. Kubernetes: kubectl/pkg/cmd/create/create_rolebinding.go. */
export const roleBindingGenerator: Generator = {
  words: 'rolebinding',
  resource: `rolebindings.${group}`,
  failed: 'failed to create rolebinding: ',
  flags: bindingFlags,
  make(run, name) {
    const [clusterRole, role] = [run.flag('clusterrole') ?? '', run.flag('role') ?? ''];
    if ((clusterRole === '') === (role === ''))
      throw new UsageError('error: exactly one of clusterrole or role must be specified');
    const roleRef = { apiGroup: group, kind: role ? 'Role' : 'ClusterRole', name: role || clusterRole };
    const subjects = subjectsOf(run);
    return {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef,
      ...(subjects.length > 0 && { subjects }),
    } as unknown as Made;
  },
};

/** `kubectl create clusterrolebinding`. Kubernetes: kubectl/pkg/cmd/create/create_clusterrolebinding.go. */
export const clusterRoleBindingGenerator: Generator = {
  words: 'clusterrolebinding',
  resource: `clusterrolebindings.${group}`,
  failed: 'failed to create clusterrolebinding: ',
  required: ['clusterrole'],
  flags: bindingFlags,
  make(run, name) {
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: run.flag('clusterrole') ?? '' };
    const subjects = subjectsOf(run);
    return {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef,
      ...(subjects.length > 0 && { subjects }),
    } as unknown as Made;
  },
};
