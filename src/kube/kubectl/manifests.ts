import { parseAllDocuments } from 'yaml';
import { failure, type KubeObject } from '../apimachinery/index.ts';
import { kindFor } from '../apis/index.ts';
import type { Invocation, ManifestObject } from './command.ts';
import { UsageError } from './parse.ts';

/** Reads what `-f` names: files of the working directory, or `-` for standard input; Lists are taken apart. */
export function readManifests(run: Invocation, paths: readonly string[]): ManifestObject[] {
  const found: ManifestObject[] = [];
  for (const path of paths) {
    const text = path === '-' ? run.stdin : Object.hasOwn(run.files, path) ? run.files[path]! : undefined;
    if (text === undefined) throw new UsageError(`error: the path "${path}" does not exist`);
    for (const [document, parsed] of parseAllDocuments(text).entries()) {
      if (parsed.errors.length > 0) throw new UsageError(`error: error parsing ${path}: ${parsed.errors[0]!.message}`);
      const object = parsed.toJS() as KubeObject | null;
      if (object === null) continue;
      if (object.kind === 'List')
        for (const item of object['items'] as KubeObject[]) take(run, document, item, path, found);
      else take(run, document, object, path, found);
    }
  }
  if (found.length === 0) throw new UsageError('error: no objects passed to apply');
  return found;
}

function take(run: Invocation, document: number, object: KubeObject, path: string, found: ManifestObject[]): void {
  const kind = kindFor(object.apiVersion, object.kind);
  if (!kind) {
    const [group, version] = object.apiVersion?.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
    const message = `resource mapping not found for name: "${object.metadata?.name ?? ''}" namespace: "${object.metadata?.namespace ?? ''}" from "${path}": no matches for kind "${object.kind}" in version "${group ? `${group}/` : ''}${version}"\nensure CRDs are installed first`;
    run.refuse(document, failure(404, 'NotFound', message), 'error: ');
    return;
  }
  found.push({
    document,
    object,
    kind,
    namespace: kind.namespaced ? (object.metadata?.namespace ?? run.namespace) : undefined,
  });
}
