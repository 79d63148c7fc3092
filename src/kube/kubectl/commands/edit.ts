import type { KubeObject } from '../../apimachinery/index.ts';
import { threeWayPatch, type Json } from '../../apimachinery/patch/index.ts';
import type { Command, ManifestObject } from '../command.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';

/** Under which names the texts stand that were edited: as they were, and as they have become. */
const [before, after] = ['/tmp/kubectl-edit-before.yaml', '/tmp/kubectl-edit.yaml'];

/**
 * `kubectl edit TYPE/NAME`, once the editor has been closed: the files are what it was opened with, and what was saved.
 * What differs is sent as a patch. Kubernetes: kubectl/pkg/cmd/util/editor/editoptions.go.
 */
export const edit: Command = {
  name: 'edit',
  flags: {
    flags: {
      output: 'string',
      filename: 'list',
      validate: 'string',
      'save-config': 'boolean',
      'field-manager': 'string',
    },
    short: { o: 'output', f: 'filename' },
  },
  run(run) {
    const { files } = run;
    if (!Object.hasOwn(files, before) || !Object.hasOwn(files, after))
      throw new UsageError('error: unable to launch the editor "vi"');
    if (files[before] === files[after]) return run.err('Edit cancelled, no changes made.\n');
    if (files[after]!.split('\n').every((line) => /^\s*(#|$)/.test(line)))
      return run.err('Edit cancelled, saved file was empty.\n');
    const live = new Map(readManifests(run, [before]).map((item) => [keyOf(item), item.object]));
    for (const item of readManifests(run, [after])) {
      const { kind, object, namespace, document } = item;
      const { name } = object.metadata;
      try {
        const was = live.get(keyOf(item));
        if (!was) throw new UsageError('error: At least one of apiVersion, kind and name was changed');
        const body = threeWayPatch(kind.model, was, object as unknown as Json, was as unknown as Json);
        if (!body) {
          run.err('Edit cancelled, no changes made.\n');
          continue;
        }
        const patchType = kind.custom ? 'merge' : 'strategic';
        const options = {
          fieldValidation: 'Strict',
          fieldManager: run.flag('field-manager') ?? 'kubectl-edit',
        } as const;
        run.request({ verb: 'patch', resource: kind.key, namespace, name, patchType, body, options });
        run.out(`${identity(kind, name)} edited\n`);
      } catch (error) {
        run.refuse(document, error, '');
      }
    }
  },
};

const keyOf = ({ kind, object, namespace }: ManifestObject & { readonly object: KubeObject }): string =>
  `${kind.key}/${namespace ?? ''}/${object.metadata.name}`;
