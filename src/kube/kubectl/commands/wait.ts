import { renderJsonPath } from '../../apimachinery/jsonpath.ts';
import { ApiError, type KubeObject } from '../../apimachinery/index.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/**
 * `kubectl wait --for=condition=Ready|delete|jsonpath=…|create`. Kubernetes: kubectl/pkg/cmd/wait.
 * Simplified: it looks at the present moment alone, as with `--timeout=0`; what does not hold now counts as timed out.
 */
export const wait: Command = {
  name: 'wait',
  flags: {
    flags: {
      for: 'list',
      timeout: 'string',
      selector: 'string',
      all: 'boolean',
      filename: 'list',
      'all-namespaces': 'boolean',
      'field-selector': 'string',
    },
    short: { l: 'selector', f: 'filename', A: 'all-namespaces' },
  },
  run(run) {
    const wanted = run.flag('for');
    if (wanted === undefined) throw new UsageError('error: required flag(s) "for" not set');
    const targets = targetsOf(run, run.args.positional);
    if (targets.length === 0 && wanted !== 'delete') throw new UsageError('error: no matching resources found');
    for (const { kind, name, namespace } of targets) {
      let object: KubeObject | undefined;
      try {
        object = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status.reason !== 'NotFound' || wanted !== 'delete') {
          run.refuse(0, error, '');
          continue;
        }
      }
      if (holds(wanted, object)) run.out(`${identity(kind, name)} condition met\n`);
      else run.refuse(0, new UsageError(`error: timed out waiting for the condition on ${kind.resource}/${name}`), '');
    }
  },
};

/** Whether what is waited for is so now. */
function holds(wanted: string, object: KubeObject | undefined): boolean {
  if (wanted === 'delete') return object === undefined;
  if (wanted === 'create') return object !== undefined;
  const [how, name = '', value] = wanted.startsWith('jsonpath=')
    ? (/^(jsonpath)=(.*?\})(?:=(.*))?$/.exec(wanted)?.slice(1) ?? [])
    : wanted.split('=');
  if (how === 'condition') {
    const status = object?.['status'] as { conditions?: { type: string; status: string }[] } | undefined;
    const found = status?.conditions?.find((c) => c.type.toLowerCase() === name.toLowerCase());
    return found?.status.toLowerCase() === (value ?? 'true').toLowerCase();
  }
  if (how === 'jsonpath') {
    const text = renderJsonPath(name, object);
    return value === undefined ? text !== '' : text === value.replace(/^['"]|['"]$/g, '');
  }
  throw new UsageError(`error: unrecognized condition: "${wanted}"`);
}
