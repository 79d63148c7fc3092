import type { V1Taint } from '../../../generated/types.ts';
import type { Node } from '../../apis/index.ts';
import type { Command } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

/** `kubectl taint nodes NAME key=value:Effect key-`. Kubernetes: kubectl/pkg/cmd/taint. */
export const taint: Command = {
  name: 'taint',
  flags: {
    flags: { overwrite: 'boolean', all: 'boolean', selector: 'string', 'dry-run': 'string' },
    short: { l: 'selector' },
  },
  run(run) {
    const isTaint = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-');
    const words = run.args.positional.filter((word) => !isTaint(word));
    const specs = run.args.positional.filter(isTaint);
    if (words.length === 0) throw new UsageError('error: one or more resources must be specified as <resource> <name>');
    if (specs.length === 0) throw new UsageError('error: at least one taint update is required');
    for (const { kind, name } of targetsOf(run, words)) {
      if (kind.key !== 'nodes')
        throw new UsageError(`error: invalid resource type ${kind.resource}, only node types are supported`);
      try {
        const node = run.client.get(run.ctx, 'nodes', name) as Node;
        const { taints, done } = changed(name, node.spec?.taints ?? [], specs, run.has('overwrite'));
        const body = { spec: { taints: taints.length > 0 ? taints : null } };
        run.request({ verb: 'patch', resource: 'nodes', name, patchType: 'merge', body });
        run.out(`node/${name} ${done}\n`);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};

/** The taints of a node after the changes, and what was done: `tainted`, `untainted` or `modified`. */
function changed(
  node: string,
  before: readonly V1Taint[],
  specs: readonly string[],
  overwrite: boolean,
): { taints: readonly V1Taint[]; done: string } {
  let taints = [...before];
  let [added, removed, replaced] = [0, 0, 0];
  for (const spec of specs) {
    const { key, value, effect, remove } = parse(spec);
    const same = (t: V1Taint): boolean => t.key === key && (effect === '' || t.effect === effect);
    const known = taints.some(same);
    if (remove) {
      if (!known) throw new UsageError(`error: taint "${spec.slice(0, -1)}" not found`);
      taints = taints.filter((t) => !same(t));
      removed++;
      continue;
    }
    if (known && !overwrite)
      throw new UsageError(
        `error: node ${node} already has ${key} taint(s) with same effect(s) and --overwrite is false`,
      );
    if (known) replaced++;
    else added++;
    taints = [...taints.filter((t) => !same(t)), { key, effect, ...(value && { value }) }];
  }
  const done = replaced > 0 || (added > 0 && removed > 0) ? 'modified' : removed > 0 ? 'untainted' : 'tainted';
  return { taints, done };
}

/** `key=value:Effect`, `key:Effect`, `key:Effect-`, `key-`. */
function parse(spec: string): { key: string; value: string; effect: string; remove: boolean } {
  const remove = spec.endsWith('-');
  const [left = '', effect = ''] = (remove ? spec.slice(0, -1) : spec).split(':');
  const [key = '', value = ''] = left.split('=');
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
  if (!remove && !effect) throw misuse('taint', `unknown taint spec: ${spec}`);
  if (effect && !effects.includes(effect))
    throw misuse('taint', `invalid taint effect: ${effect}, unsupported taint effect`);
  return { key, value, effect, remove };
}
