import { ApiError } from '../../apimachinery/index.ts';
import { groupList, resourceList } from '../../apiserver/http/discovery.ts';
import { versionInfo } from '../../apiserver/http/version.ts';
import type { Command, Invocation } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';
import { alignRows } from '../printers/table.ts';
import { toYaml } from '../printers/yaml.ts';

/** What discovery says of a resource. */
interface Resource {
  readonly name: string;
  readonly shortNames?: readonly string[];
  readonly group: string;
  readonly groupVersion: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly categories?: readonly string[];
}

interface Group {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly groupVersion: string }[];
  readonly preferredVersion: { readonly version: string; readonly groupVersion: string };
}

const core: Group = {
  name: '',
  versions: [{ version: 'v1', groupVersion: 'v1' }],
  preferredVersion: { version: 'v1', groupVersion: 'v1' },
};

/** The groups that answer: that of metrics-server only where there is one. */
function groupsOf(run: Invocation): readonly Group[] {
  const { groups } = groupList(run.kinds) as { groups: readonly Group[] };
  const measured = metricsAnswer(run);
  return [core, ...groups].filter(({ name }) => measured || name !== 'metrics.k8s.io');
}

function metricsAnswer(run: Invocation): boolean {
  try {
    run.request({ verb: 'list', resource: 'nodes.metrics.k8s.io' });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return false;
  }
}

/** Every resource in the version that clients prefer. Kubernetes: discovery.ServerPreferredResources. */
const resourcesOf = (run: Invocation): Resource[] =>
  groupsOf(run).flatMap(({ name: group, preferredVersion: { version: at, groupVersion } }) => {
    const { resources } = resourceList(run.kinds, group, at) as { resources: readonly Omit<Resource, 'group'>[] };
    return resources.filter(({ name }) => !name.includes('/')).map((each) => ({ ...each, group, groupVersion }));
  });

/** `kubectl api-resources`: every resource that is served, the core group first. Kubernetes: kubectl/pkg/cmd/apiresources. */
export const apiResources: Command = {
  name: 'api-resources',
  flags: {
    flags: {
      'api-group': 'string',
      cached: 'boolean',
      categories: 'list',
      namespaced: 'boolean',
      'no-headers': 'boolean',
      output: 'string',
      'show-managed-fields': 'boolean',
      'sort-by': 'string',
      verbs: 'list',
    },
    short: { o: 'output' },
  },
  run(run) {
    if (run.args.positional.length > 0)
      throw misuse('api-resources', `unexpected arguments: [${run.args.positional.join(' ')}]`);
    const [output = '', by = ''] = [run.flag('output'), run.flag('sort-by')];
    if (!['', 'wide', 'name'].includes(output)) throw new UsageError(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: json,name,wide,yaml`); // prettier-ignore
    if (!['', 'name', 'kind'].includes(by)) throw new UsageError('error: --sort-by accepts only name or kind');
    const found = resourcesOf(run)
      .filter((resource) => isWanted(run, resource))
      .sort(orders[by]);
    if (output === 'name') {
      for (const { name, group } of found) run.out(`${name}${group && `.${group}`}\n`);
      return;
    }
    const wide = output === 'wide';
    const rows = found.map(({ name, shortNames = [], groupVersion, namespaced, kind, verbs, categories = [] }) => [
      name,
      shortNames.join(','),
      groupVersion,
      String(namespaced),
      kind,
      ...(wide ? [verbs.join(','), categories.join(',')] : []),
    ]);
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
    run.out(alignRows(run.has('no-headers') ? rows : [header, ...rows]));
  },
};

const less = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const orders: Readonly<Record<string, (a: Resource, b: Resource) => number>> = {
  name: (a, b) => less(a.name, b.name),
  kind: (a, b) => less(a.kind, b.kind),
  '': (a, b) => less(a.group, b.group) || less(a.name, b.name),
};

function isWanted(run: Invocation, { group, namespaced, verbs, categories = [] }: Resource): boolean {
  const wanted = (flag: string): string[] => (run.args.flags.get(flag) ?? []).flatMap((text) => text.split(','));
  const only = run.flag('namespaced');
  return (
    (only === undefined || String(namespaced) === only) &&
    (run.flag('api-group') === undefined || group === run.flag('api-group')) &&
    wanted('verbs').every((verb) => verbs.includes(verb)) &&
    wanted('categories').every((category) => categories.includes(category))
  );
}

/** `kubectl api-versions`. */
export const apiVersions: Command = {
  name: 'api-versions',
  flags: { flags: {} },
  run(run) {
    if (run.args.positional.length > 0)
      throw misuse('api-versions', `unexpected arguments: [${run.args.positional.join(' ')}]`);
    const versions = groupsOf(run).flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
    for (const each of versions.sort()) run.out(`${each}\n`);
  },
};

const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = versionInfo;
const clientVersion = { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform };
const kustomizeVersion = 'v5.8.1';

/** `kubectl version`. Kubernetes: kubectl/pkg/cmd/version. */
export const version: Command = {
  name: 'version',
  flags: { flags: { client: 'boolean', output: 'string' }, short: { o: 'output' } },
  run(run) {
    const { positional } = run.args;
    if (positional.length > 0) throw new UsageError(`error: extra arguments: [${positional.join(' ')}]`);
    const output = run.flag('output') ?? '';
    const told = { clientVersion, kustomizeVersion, ...(!run.has('client') && { serverVersion: versionInfo }) };
    if (output === 'json') run.out(`${JSON.stringify(told, null, 2)}\n`);
    else if (output === 'yaml') run.out(`${toYaml(sorted(told))}\n`);
    else if (output !== '') throw new UsageError("error: --output must be 'yaml' or 'json'");
    else {
      run.out(`Client Version: ${gitVersion}\nKustomize Version: ${kustomizeVersion}\n`);
      if (!run.has('client')) run.out(`Server Version: ${gitVersion}\n`);
    }
  },
};

const sorted = (value: object): object =>
  Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => less(a, b))
      .map(([key, inner]) => [key, typeof inner === 'object' ? sorted(inner as object) : (inner as unknown)]),
  );
