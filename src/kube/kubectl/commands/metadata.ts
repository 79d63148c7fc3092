import type { KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf, type Target } from '../selection.ts';

/** `kubectl label` and `kubectl annotate` differ in one word. Kubernetes: kubectl/pkg/cmd/{label,annotate}. */
function metadataCommand(name: 'label' | 'annotate', field: 'labels' | 'annotations', done: string): Command {
  return {
    name,
    flags: {
      flags: {
        overwrite: 'boolean',
        all: 'boolean',
        selector: 'string',
        'resource-version': 'string',
        filename: 'list',
      },
      short: { l: 'selector', f: 'filename' },
    },
    run(run) {
      const isPair = (word: string): boolean => word.includes('=') || word.endsWith('-');
      const targets = run.args.positional.filter((word) => !isPair(word));
      const pairs = run.args.positional.filter(isPair);
      if (pairs.length === 0)
        throw new UsageError(`error: at least one ${name === 'label' ? 'label' : 'annotation'} update is required`);
      for (const target of targetsOf(run, targets)) change(run, target, pairs, name, field, done);
    },
  };
}

function change(
  run: Invocation,
  { kind, name, namespace }: Target,
  pairs: readonly string[],
  verb: string,
  field: 'labels' | 'annotations',
  done: string,
): void {
  try {
    const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
    const now = live.metadata[field] ?? {};
    const patch: Record<string, string | null> = {};
    for (const pair of pairs) {
      const equals = pair.indexOf('=');
      const key = equals < 0 ? pair.slice(0, -1) : pair.slice(0, equals);
      const value = equals < 0 ? null : pair.slice(equals + 1);
      const known = Object.hasOwn(now, key);
      if (value === null && !known) run.out(`${verb === 'label' ? 'label' : 'annotation'} "${key}" not found.\n`);
      if (value !== null && known && now[key] !== value && !run.has('overwrite')) {
        throw new UsageError(
          verb === 'label'
            ? `error: '${key}' already has a value (${now[key]}), and --overwrite is false`
            : `error: --overwrite is false but found the following declared annotation(s): '${key}' already has a value (${now[key]})`,
        );
      }
      if (value === null ? known : now[key] !== value) patch[key] = value;
    }
    if (Object.keys(patch).length === 0) {
      run.out(`${identity(kind, name)} not ${done}\n`);
      return;
    }
    run.request({
      verb: 'patch',
      resource: kind.key,
      namespace,
      name,
      patchType: 'merge',
      body: { metadata: { [field]: patch } },
    });
    run.out(
      `${identity(kind, name)} ${Object.values(patch).every((v) => v === null) && verb === 'label' ? 'unlabeled' : done}\n`,
    );
  } catch (error) {
    run.refuse(0, error, '');
  }
}

export const label = metadataCommand('label', 'labels', 'labeled');
export const annotate = metadataCommand('annotate', 'annotations', 'annotated');
