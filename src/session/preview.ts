import { fields } from '../generated/fields.ts';
import type { V1Status } from '../generated/types.ts';
import { equal, type KubeObject } from '../kube/apimachinery/index.ts';
import { parseManifests, type Manifest, type Place } from '../kube/apimachinery/yaml.ts';
import type { ObjectList } from '../kube/apiserver/request.ts';
import { definitionsKey } from '../kube/apis/apiextensions/customresourcedefinition.ts';
import { catalogueOf, type Catalogue } from '../kube/apis/catalogue.ts';
import type { AnyKind } from '../kube/apis/kind.ts';
import { storedOnlyFields } from '../kube/apis/stored-only.ts';
import { applyPatch, withLastApplied } from '../kube/kubectl/last-applied.ts';
import type { Preview, PreviewDocument, Problem } from '../protocol/index.ts';
import type { Session } from './session.ts';
import { yamlHelp } from './yaml-help.ts';

/**
 * What an apply of `text` would do at the present moment, without doing it: the same requests, nearly all with `dryRun`, made in a
 * world that is put back afterwards (a dry run draws names and UIDs like any other). Cost: two copies of the state's containers.
 */
export function preview(session: Session, text: string): Preview {
  const { manifests, errors } = parseManifests(text);
  // The first only: what the parser says after it follows from it. Its own words explain Go's.
  const problems: Problem[] = errors.slice(0, 1).map((error) => {
    const { place = placeOf(error), ...help } = yamlHelp(text, error);
    return { ...place, severity: 'error' as const, message: sentenceOf(error), document: manifests.length, ...help };
  });
  const documents: PreviewDocument[] = [];
  const { kernel } = session.world;
  const checkpoint = kernel.checkpoint();
  const { observer } = kernel;
  kernel.observer = {};
  try {
    for (const [index, manifest] of manifests.entries()) {
      for (const warning of manifest.warnings) {
        problems.push({
          ...placeOf(warning),
          severity: 'warning',
          reason: 'duplicate',
          message: warning.message,
          document: index,
        });
      }
      const document = previewDocument(session, text, manifest, index, problems);
      if (document) documents.push(document);
    }
  } finally {
    kernel.restore(checkpoint);
    kernel.observer = observer;
  }
  return { documents, problems };
}

/** Go's words without Go's line, which is often one off: the place stands beside them. The parser's own explain them. */
function sentenceOf({ message, detail }: { readonly message: string; readonly detail: string }): string {
  const words = message.replace(/^yaml: line \d+: /, 'yaml: ');
  return words.includes(detail) ? words : `${words} (${detail})`;
}

const placeOf = ({ line, column, endLine, endColumn }: Place): Place => ({ line, column, endLine, endColumn });

/** Only the first line of a document is marked when no better place is known. */
function firstLine(manifest: Manifest): Place {
  const { line, column } = manifest.place;
  return { line, column, endLine: line, endColumn: column + 1 };
}

/** The kinds that are served in the world as it stands. */
function kindsOf({ world }: Session): Catalogue {
  const { code, body } = world.api.request(world.kernel.context, 'you', { verb: 'list', resource: definitionsKey });
  return catalogueOf(code === 200 ? (body as ObjectList).items : []);
}

function previewDocument(
  session: Session,
  text: string,
  manifest: Manifest,
  index: number,
  problems: Problem[],
): PreviewDocument | undefined {
  const object = manifest.object as KubeObject;
  const refuse = (place: Place, message: string, fix?: string): undefined => {
    problems.push({ ...place, severity: 'error', message, document: index, ...(fix !== undefined && { fix }) });
    return undefined;
  };
  if (object === null || typeof object !== 'object' || Array.isArray(object)) {
    return refuse(firstLine(manifest), 'a manifest is a map with apiVersion, kind and metadata');
  }
  for (const field of ['apiVersion', 'kind'] as const)
    if (typeof object[field] !== 'string') return refuse(firstLine(manifest), `${field} not set`);
  const { api, kernel } = session.world;
  const kind = kindsOf(session).for(object.apiVersion, object.kind);
  if (!kind) {
    const message = `no matches for kind "${object.kind}" in version "${object.apiVersion}"`;
    return refuse(placeOf(manifest.locate('kind')), message);
  }
  if (typeof object.metadata?.name !== 'string') return refuse(firstLine(manifest), 'metadata.name: Required value');
  const namespace = kind.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
  const { name } = object.metadata;
  const ref = `${kind.key}/${namespace ? `${namespace}/` : ''}${name}`;
  const base = { resource: kind.key, namespace, name };
  try {
    const found = api.request(kernel.context, 'you', { verb: 'get', ...base });
    const live = found.code === 200 ? (found.body as KubeObject) : undefined;
    const wanted = withLastApplied(object, namespace);
    // A namespace is really created, in the world that is put back: what follows in the same text may live in it.
    const options = { fieldValidation: 'Strict', dryRun: kind.key !== 'namespaces' } as const;
    const patch = live && applyPatch(kind, wanted, live);
    const answer = !live
      ? api.request(kernel.context, 'you', { verb: 'create', resource: kind.key, namespace, body: wanted, options })
      : patch
        ? api.request(kernel.context, 'you', {
            verb: 'patch',
            ...base,
            patchType: kind.custom ? 'merge' : 'strategic',
            body: patch,
            options,
          })
        : found;
    if (answer.code >= 400) {
      // A patch that cannot be decoded is refused without naming the field; a create of the same text names it.
      const vague = (answer.body as V1Status).details?.causes?.some((cause) => cause.field === 'patch') ?? false;
      const retry = { verb: 'create', resource: kind.key, namespace, body: wanted, options } as const;
      const created = vague ? api.request(kernel.context, 'you', retry) : answer;
      const refusal = created.code === 400 || created.code === 422 ? created : answer;
      for (const problem of problemsOf(refusal.body as V1Status, kind, manifest, text, index)) problems.push(problem);
      return { index, ref, action: 'refused', ...(live && { live }), storedOnly: [] };
    }
    return {
      index,
      ref,
      // A list without its defaults is patched, and comes out as it is.
      action: !live ? 'create' : patch && !equal(answer.body, live) ? 'change' : 'nothing',
      ...(live && { live }),
      next: answer.body as KubeObject,
      storedOnly: storedOnlyFields(kind, object),
    };
  } catch (error) {
    if ((error as Error).name !== 'Unreachable') throw error;
    return refuse(firstLine(manifest), 'the API server does not answer');
  }
}

/** A refusal, taken apart into problems at their places. */
function problemsOf(status: V1Status, kind: AnyKind, manifest: Manifest, text: string, document: number): Problem[] {
  const message = status.message ?? '';
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map((m) => m[1]!);
  if (unknown.length > 0) return unknown.map((path) => unknownField(path, kind, manifest, text, document));
  const causes = status.details?.causes ?? [];
  if (causes.length > 0) {
    return causes.map((cause) => ({
      ...placeOf(manifest.locate(cause.field ?? '')),
      severity: 'error' as const,
      message: cause.field ? `${cause.field}: ${cause.message}` : (cause.message ?? message),
      document,
    }));
  }
  const struct = /Go struct field [\w.]*?\.([\w.]+) of type/.exec(message)?.[1];
  const place = struct ? locateSuffix(manifest, struct) : undefined;
  return [{ ...(place ?? firstLine(manifest)), severity: 'error', message, document }];
}

/** Go names a wrongly typed field by its path without list indices: try it from the root and below the usual parents. */
function locateSuffix(manifest: Manifest, path: string): Place | undefined {
  const place = manifest.locate(
    path.replace(/\.(containers|initContainers|ports|env|volumes|volumeMounts)\./g, '.$1[0].'),
  );
  return place.exact ? placeOf(place) : undefined;
}

function unknownField(path: string, kind: AnyKind, manifest: Manifest, text: string, document: number): Problem {
  const dot = path.lastIndexOf('.');
  const name = path.slice(dot + 1);
  const place = manifest.locate(path);
  const line = text.split('\n')[place.line - 1] ?? '';
  const column = line.indexOf(name) + 1;
  const range: Place =
    column > 0 ? { line: place.line, column, endLine: place.line, endColumn: column + name.length } : placeOf(place);
  const near = kind.custom ? undefined : nearestField(kind.model, dot < 0 ? '' : path.slice(0, dot), name);
  return {
    ...range,
    severity: 'error',
    message: `unknown field "${path}"`,
    document,
    ...(near !== undefined && column > 0 && { fix: near }),
  };
}

/** The field of the model at `parent` whose name is nearest to a misspelt one: at most a third of its letters differ. */
function nearestField(model: string, parent: string, name: string): string | undefined {
  let row = fields[model];
  for (const step of parent.split('.').filter(Boolean)) {
    const code = row?.[step.replace(/\[.*$/, '')];
    const next = code === undefined ? undefined : /!(\w+)$/.exec(code)?.[1];
    row = next === undefined ? undefined : fields[next];
  }
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of Object.keys(row ?? {})) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance; both words are short. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
