import { ApiError } from '../../apimachinery/index.ts';
import type { Command, Invocation } from '../command.ts';
import { alignRows } from '../printers/table.ts';
import { preferredKinds } from '../selection.ts';

/** What discovery says of a resource. */
interface Resource {
  readonly resource: string;
  readonly shortNames: readonly string[];
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly kind: string;
}

const metrics = { group: 'metrics.k8s.io', version: 'v1beta1', shortNames: [] } as const;
const metricsResources: readonly Resource[] = [
  { ...metrics, resource: 'nodes', namespaced: false, kind: 'NodeMetrics' },
  { ...metrics, resource: 'pods', namespaced: true, kind: 'PodMetrics' },
];

/** The resources that metrics-server adds, where there is one that answers. */
function extensions(run: Invocation): readonly Resource[] {
  try {
    run.request({ verb: 'list', resource: 'nodes.metrics.k8s.io' });
    return metricsResources;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [];
  }
}

/** `kubectl api-resources`: every kind that is served, the core group first. Kubernetes: kubectl/pkg/cmd/apiresources. */
export const apiResources: Command = {
  name: 'api-resources',
  flags: {
    flags: { namespaced: 'string', 'api-group': 'string', output: 'string', 'no-headers': 'boolean' },
    short: { o: 'output' },
  },
  run(run) {
    const [namespaced, group] = [run.flag('namespaced'), run.flag('api-group')];
    const found = [...preferredKinds(run.kinds), ...extensions(run)]
      .filter((kind) => namespaced === undefined || String(kind.namespaced) === namespaced)
      .filter((kind) => group === undefined || kind.group === group)
      .sort((a, b) => (a.group === b.group ? (a.resource < b.resource ? -1 : 1) : a.group < b.group ? -1 : 1));
    if (run.flag('output') === 'name') {
      for (const { resource, group: of } of found) run.out(`${resource}${of ? `.${of}` : ''}\n`);
      return;
    }
    const rows = found.map((kind) => [
      kind.resource,
      kind.shortNames.join(','),
      kind.group ? `${kind.group}/${kind.version}` : kind.version,
      String(kind.namespaced),
      kind.kind,
    ]);
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
    run.out(alignRows(run.has('no-headers') ? rows : [header, ...rows]));
  },
};

/** `kubectl api-versions`. */
export const apiVersions: Command = {
  name: 'api-versions',
  flags: { flags: {} },
  run(run) {
    const extra = extensions(run).map(({ group: of, version: at }) => `${of}/${at}`);
    const versions = new Set([
      ...run.kinds.all.map(({ group: of, version: at }) => (of ? `${of}/${at}` : at)),
      ...extra,
    ]);
    for (const version of [...versions].sort()) run.out(`${version}\n`);
  },
};

/** `kubectl version`. */
export const version: Command = {
  name: 'version',
  flags: { flags: { client: 'boolean', output: 'string' }, short: { o: 'output' } },
  run(run) {
    run.out('Client Version: v1.36.2\nKustomize Version: v5.8.1\n');
    if (!run.has('client')) run.out('Server Version: v1.36.2\n');
  },
};
