import schema from '../../../generated/schema.json' with { type: 'json' };
import { mergeFacts, type MergeFact } from '../../apimachinery/facts.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { customName, customSchemas } from '../../apis/apiextensions/published.ts';
import { versionInfo } from './version.ts';

type Schema = Readonly<Record<string, unknown>>;
const definitions = schema.definitions as unknown as Readonly<Record<string, Schema>>;

/** `api/v1`, `apis/apps/v1`. */
const pathOf = ({ group, version }: Pick<AnyKind, 'group' | 'version'>): string =>
  group ? `apis/${group}/${version}` : `api/${version}`;

/** `/openapi/v3`: where the document of each group and version is. */
export const openapiIndex = ({ all }: Catalogue): object => ({
  paths: Object.fromEntries(
    [...new Set(all.map(pathOf))].map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]),
  ),
});

/**
 * Name of a model within a document. Simplified: every model bears the group of the document that it stands in, so a
 * container is `io.k8s.api.apps.v1.Container` there; what clients show of it is its last part.
 */
const nameOf = (model: string, { group, version }: Pick<AnyKind, 'group' | 'version'>): string =>
  `io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${model.replace(/^V\d+((alpha|beta)\d+)?|^(Core|Apps|Discovery|Events)?V1/, '')}`;

const refPrefix = '#/definitions/';

/** A schema whose references are those of the document; `seen` gathers the models that it needs. */
function translated(value: unknown, of: AnyKind, seen: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => translated(item, of, seen));
  if (value === null || typeof value !== 'object') return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'additionalProperties' && typeof inner === 'boolean') continue;
    if (key === '$ref' && typeof inner === 'string') {
      const model = inner.slice(refPrefix.length);
      seen.add(model);
      result[key] = refTo(nameOf(model, of));
    } else result[key] = translated(inner, of, seen);
  }
  return result;
}

function strategyOf({ key, retainKeys, replace }: MergeFact): string {
  if (replace) return 'replace';
  if (!retainKeys) return 'merge';
  return key ? 'merge,retainKeys' : 'retainKeys';
}

/**
 * A model that tells how its lists and objects merge: kubectl works out its patches from that, and replaces whole lists
 * where nothing is said. A reference stands in `allOf` then, beside which there may be more.
 */
function merging(model: string): Schema {
  const definition = definitions[model] ?? {};
  const facts = mergeFacts.get(model);
  const properties = definition['properties'] as Readonly<Record<string, Schema>> | undefined;
  if (!facts || !properties) return definition;
  const told = Object.entries(properties).map(([field, { $ref, ...schema }]): [string, Schema] => {
    const fact = facts.get(field);
    if (!fact) return [field, properties[field]!];
    const how = {
      ...(fact.key && { 'x-kubernetes-patch-merge-key': fact.key }),
      'x-kubernetes-patch-strategy': strategyOf(fact),
    };
    return [field, { ...schema, ...($ref !== undefined && { allOf: [{ $ref }] }), ...how }];
  });
  return { ...definition, properties: Object.fromEntries(told) };
}

const query = (name: string, type: string): object => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const writeQueries = [query('dryRun', 'string'), query('fieldManager', 'string'), query('fieldValidation', 'string')];

const refTo = (name: string): string => `#/components/schemas/${name}`;
const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** Paths of a kind with what tools look for: verbs, kinds, and that the server validates fields. */
function pathsOf(kind: AnyKind): Readonly<Record<string, object>> {
  const gvk = { group: kind.group, kind: kind.kind, version: kind.version };
  const ref = { $ref: refTo(kind.custom ? customName(kind) : nameOf(kind.model, kind)) };
  const patches = kind.custom ? patchTypes.filter((type) => !type.includes('strategic')) : patchTypes;
  const contents = (action: string): readonly string[] => (action === 'patch' ? patches : ['*/*']);
  const operation = (action: string, parameters: readonly object[] = []): object => ({
    description: `${action} of ${kind.kind}`,
    operationId: `${action}${kind.namespaced ? 'Namespaced' : ''}${kind.kind}`,
    parameters,
    ...(/post|put|patch/.test(action) && {
      requestBody: {
        content: Object.fromEntries(contents(action).map((type) => [type, { schema: ref }])),
        required: true,
      },
    }),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: ref } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  });
  const base = `/${pathOf(kind)}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.resource}`;
  const selectors = [query('labelSelector', 'string'), query('fieldSelector', 'string'), query('watch', 'boolean')];
  return {
    [base]: {
      get: operation('list', selectors),
      post: operation('post', writeQueries),
      delete: operation('deletecollection', selectors),
    },
    [`${base}/{name}`]: {
      get: operation('get'),
      put: operation('put', writeQueries),
      patch: operation('patch', [...writeQueries, query('force', 'boolean')]),
      delete: operation('delete', [query('dryRun', 'string'), query('gracePeriodSeconds', 'integer')]),
    },
  };
}

/** `/openapi/v3/apis/apps/v1`: schemas and paths of a group's version, or undefined. Kubernetes: kube-openapi handler3. */
export function openapiDocument({ all }: Catalogue, path: string): object | undefined {
  const own = all.filter((kind) => pathOf(kind) === path);
  const [any] = own;
  if (!any) return undefined;
  const schemas: Record<string, unknown> = {};
  const builtIn = own.filter((kind) => !kind.custom);
  const seen = new Set<string>(builtIn.map((kind) => kind.model));
  for (const kind of own) {
    if (!kind.custom) continue;
    const [metadata, list] = (['V1ObjectMeta', 'V1ListMeta'] as const).map((model) => {
      seen.add(model);
      return refTo(nameOf(model, any));
    });
    Object.assign(schemas, customSchemas(kind, metadata!, list!, refTo));
  }
  const done = new Set<string>();
  for (const model of seen) {
    if (done.has(model)) continue;
    done.add(model);
    const kind = builtIn.find((each) => each.model === model);
    schemas[nameOf(model, any)] = {
      ...(translated(merging(model), any, seen) as object),
      ...(kind && {
        'x-kubernetes-group-version-kind': [{ group: kind.group, kind: kind.kind, version: kind.version }],
      }),
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: versionInfo.gitVersion },
    paths: Object.assign({}, ...own.map(pathsOf)) as object,
    components: { schemas },
  };
}

/** A pure cache: a catalogue never changes. */
const known = new WeakMap<Catalogue, object>();

/** `/openapi/v2`: everything in one document of the older form. Kubernetes: kube-openapi handler. */
export function swagger(catalogue: Catalogue): object {
  let document = known.get(catalogue);
  if (!document) {
    const parts = [...new Set(catalogue.all.map(pathOf))].map(
      (path) => openapiDocument(catalogue, path) as { paths: object; components: { schemas: object } },
    );
    const definitions = Object.assign({}, ...parts.map(({ components }) => components.schemas)) as object;
    const paths = Object.assign({}, ...parts.map((part) => swaggerPaths(part.paths))) as object;
    document = {
      swagger: '2.0',
      info: { title: 'Kubernetes', version: versionInfo.gitVersion },
      paths,
      definitions: Object.fromEntries(
        Object.entries(definitions).map(([name, each]) => [name, older(opened(each as Schema))]),
      ),
    };
    known.set(catalogue, document);
  }
  return document;
}

const preserves = 'x-kubernetes-preserve-unknown-fields';

/**
 * A kind that keeps unknown fields says nothing of its fields there: older kubectl would refuse all others.
 * Kubernetes: apiextensions-apiserver/pkg/controller/openapi/builder buildKubeNative.
 */
function opened(definition: Schema): Schema {
  if (!definition[preserves]) return definition;
  const kinds = 'x-kubernetes-group-version-kind';
  return { type: 'object', [kinds]: definition[kinds] };
}

/** Bodies of requests are parameters there. */
const swaggerPaths = (paths: object): object =>
  Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations as Record<string, Record<string, unknown>>).map(([verb, operation]) => {
          const { requestBody, responses: _responses, parameters, ...rest } = operation;
          const body = requestBody ? [{ name: 'body', in: 'body', required: true, schema: {} }] : [];
          const queries = (parameters as { name: string; schema: object }[]).map(({ schema: of, ...each }) => ({
            ...each,
            ...of,
          }));
          return [verb, { ...rest, parameters: [...body, ...queries], responses: { 200: { description: 'OK' } } }];
        }),
      ),
    ]),
  );

const olderRef = (ref: string): string => ref.replace('#/components/schemas/', '#/definitions/');

/** A field may itself be called `nullable`: then its schema stands there. */
const unknownToOlder = (key: string, value: unknown): boolean =>
  key === 'oneOf' || key === 'anyOf' || key === 'not' || (key === 'nullable' && typeof value !== 'object');

/** What the older form does not know is left out; a lone reference stands for itself. */
function older(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(older);
  if (value === null || typeof value !== 'object') return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const [only, second] = key === 'allOf' && Array.isArray(inner) ? (inner as { $ref?: string }[]) : [];
    if (only?.$ref !== undefined && !second) result['$ref'] = olderRef(only.$ref);
    else if (key === '$ref' && typeof inner === 'string') result[key] = olderRef(inner);
    else if (!unknownToOlder(key, inner)) result[key] = older(inner);
  }
  return result;
}
