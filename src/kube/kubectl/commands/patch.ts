import type { KubeObject } from '../../apimachinery/index.ts';
import { parseManifests } from '../../apimachinery/yaml.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/** `kubectl patch TYPE NAME -p PATCH [--type strategic|merge|json] [--subresource status]`. */
export const patch: Command = {
  name: 'patch',
  flags: {
    flags: { patch: 'string', type: 'string', subresource: 'string', 'patch-file': 'string', filename: 'list' },
    short: { p: 'patch', f: 'filename' },
  },
  run(run) {
    const file = run.flag('patch-file');
    const text = run.flag('patch') ?? (file === undefined ? undefined : run.files[file]);
    if (text === undefined)
      throw new UsageError('error: must specify --patch or --patch-file containing the contents of the patch');
    const type = run.flag('type') ?? 'strategic';
    if (type !== 'strategic' && type !== 'merge' && type !== 'json') {
      throw new UsageError(`error: --type must be one of [json merge strategic], not "${type}"`);
    }
    let body: unknown;
    try {
      body =
        text.trimStart().startsWith('{') || text.trimStart().startsWith('[')
          ? JSON.parse(text)
          : parseManifests(text).manifests[0]?.object;
    } catch {
      throw new UsageError(`error: unable to parse "${text}": yaml: could not find expected JSON`);
    }
    const subresource = run.flag('subresource');
    for (const { kind, name, namespace } of targetsOf(run, run.args.positional)) {
      try {
        const before = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
        const after = run.request({
          verb: 'patch',
          resource: kind.key,
          namespace,
          name,
          patchType: type,
          body,
          ...((subresource === 'status' || subresource === 'scale') && { subresource }),
        }) as KubeObject;
        const changed = before.metadata.resourceVersion !== after.metadata.resourceVersion;
        run.out(`${identity(kind, name)} patched${changed ? '' : ' (no change)'}\n`);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};
