import type { Command } from '../command.ts';
import { alignRows } from '../printers/table.ts';
import { everyKind } from '../selection.ts';

/** `kubectl api-resources`: every kind that is served, the core group first. Kubernetes: kubectl/pkg/cmd/apiresources. */
export const apiResources: Command = {
  name: 'api-resources',
  flags: {
    flags: { namespaced: 'string', 'api-group': 'string', output: 'string', 'no-headers': 'boolean' },
    short: { o: 'output' },
  },
  run(run) {
    const [namespaced, group] = [run.flag('namespaced'), run.flag('api-group')];
    const found = everyKind
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
    const versions = new Set(everyKind.map(({ group, version }) => (group ? `${group}/${version}` : version)));
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
