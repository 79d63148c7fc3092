import type { KubeObject } from '../../apimachinery/index.ts';
import type { Command } from '../command.ts';
import { creationFlags, printMade } from '../create.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';

/**
 * `kubectl replace -f FILE`: the file's object in place of what is there. Kubernetes: kubectl/pkg/cmd/replace.
 * Simplified: `--force` (delete and create anew) is refused, because it would have to wait.
 */
export const replace: Command = {
  name: 'replace',
  flags: {
    flags: { ...creationFlags.flags, filename: 'list', force: 'boolean' },
    short: { ...creationFlags.short, f: 'filename' },
  },
  run(run) {
    const paths = run.args.flags.get('filename') ?? [];
    if (paths.length === 0) throw new UsageError('error: must specify --filename to replace');
    if (run.has('force'))
      throw new UsageError('error: --force is not supported here: delete the object, then create it');
    for (const { document, object, kind, namespace, path } of readManifests(run, paths)) {
      try {
        const { name } = object.metadata;
        const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
        // Without a resourceVersion in the file the last write wins.
        const resourceVersion = object.metadata.resourceVersion ?? live.metadata.resourceVersion;
        const body = { ...object, metadata: { ...object.metadata, resourceVersion } };
        const options = { fieldValidation: 'Strict' } as const;
        const made = run.request({ verb: 'update', resource: kind.key, namespace, name, body, options }) as KubeObject;
        printMade(run, kind, made, 'replaced');
      } catch (error) {
        run.refuse(document, error, `error when replacing "${path}"`);
      }
    }
  },
};
