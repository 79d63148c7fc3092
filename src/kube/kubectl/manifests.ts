import { failure, type KubeObject } from '../apimachinery/index.ts';
import { parseManifests } from '../apimachinery/yaml.ts';
import { kindFor } from '../apis/index.ts';
import type { Invocation, ManifestObject } from './command.ts';
import { UsageError } from './parse.ts';

/** Reads what `-f` names: files and folders of the working directory, or `-` for standard input; Lists are taken apart. */
export function readManifests(run: Invocation, paths: readonly string[]): ManifestObject[] {
  const found: ManifestObject[] = [];
  for (const path of paths.flatMap((list) => list.split(',')).flatMap((name) => filesBehind(run, name))) {
    const text = path === '-' ? run.stdin : Object.hasOwn(run.files, path) ? run.files[path]! : undefined;
    if (text === undefined && isFolder(run, path))
      throw new UsageError(`error: error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
    if (text === undefined) throw new UsageError(`error: the path "${path}" does not exist`);
    const { manifests, errors } = parseManifests(text);
    for (const [document, { object }] of manifests.entries()) {
      for (const item of itemsOf(object)) take(run, document, item, path, found);
    }
    // What stands before a broken document is still applied, as kubectl does.
    const error = errors[0];
    if (error)
      run.refuse(
        manifests.length,
        new UsageError(`error: error parsing ${path}: error converting YAML to JSON: ${error.message}`),
        '',
      );
  }
  return found;
}

/** The working directory, or a folder with other files than manifests. */
const isFolder = ({ files }: Invocation, name: string): boolean =>
  name === '.' || Object.keys(files).some((file) => file.startsWith(name.endsWith('/') ? name : `${name}/`));

/** The manifests of a folder in the order of their names; a file is itself. */
function filesBehind({ files }: Invocation, name: string): readonly string[] {
  if (name === '-' || Object.hasOwn(files, name)) return [name];
  const folder = name === '.' ? '' : name.endsWith('/') ? name : `${name}/`;
  const inside = Object.keys(files).filter(
    (file) => file.startsWith(folder) && /^[^/]+\.(json|ya?ml)$/.test(file.slice(folder.length)),
  );
  return inside.length > 0 ? inside.sort() : [name];
}

/** The objects of a document: those of a List, or itself. */
function itemsOf(document: unknown): KubeObject[] {
  const object = document as KubeObject & { items?: unknown };
  return object.kind === 'List' && Array.isArray(object.items) ? (object.items as KubeObject[]) : [object];
}

function take(run: Invocation, document: number, object: KubeObject, path: string, found: ManifestObject[]): void {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) {
    throw new UsageError(
      `error: error validating "${path}": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  }
  const missing = [!object.apiVersion && 'apiVersion not set', !object.kind && 'kind not set'].filter(Boolean);
  if (missing.length > 0) {
    const list = missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`;
    const message = `error validating "${path}": error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`;
    run.refuse(document, failure(400, '', message), '');
    return;
  }
  const kind = kindFor(object.apiVersion, object.kind) ?? run.kinds.for(object.apiVersion, object.kind);
  if (!kind) {
    const [group, version] = object.apiVersion?.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
    const message = `resource mapping not found for name: "${object.metadata?.name ?? ''}" namespace: "${object.metadata?.namespace ?? ''}" from "${path}": no matches for kind "${object.kind}" in version "${group ? `${group}/` : ''}${version}"\nensure CRDs are installed first`;
    run.refuse(document, failure(404, '', message), '');
    return;
  }
  found.push({
    document,
    path,
    object,
    kind,
    namespace: kind.namespaced ? (object.metadata?.namespace ?? run.namespace) : undefined,
  });
}
