import { badRequest, failure, invalid } from '../../apimachinery/index.ts';
import { parseManifests, type YamlProblem } from '../../apimachinery/yaml.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { reviews } from '../authorization/reviews.ts';
import type { ApiRequest, PatchType, RequestOptions } from '../request.ts';
import { checkDepth } from '../size.ts';
import { aggregated, aggregatedKinds, coreVersions, groupDocument, groupList, resourceList } from './discovery.ts';
import { duplicateKeys } from './duplicates.ts';
import { checkListOptions } from './list-options.ts';
import { openapiDocument, openapiIndex, swagger } from './openapi.ts';
import { decoded, isTrue, numberOf } from './query.ts';
import type { HttpRequest, IncludeObject, Query, Route, Shape } from './types.ts';
import { userOf } from './user.ts';
import { versionInfo } from './version.ts';
import { checkWriteOptions, managerOf } from './write-options.ts';

/** Group, version and plural → kind. */
type Addresses = ReadonlyMap<string, AnyKind>;

/** A pure cache: a catalogue never changes. */
const known = new WeakMap<Catalogue, Addresses>();

function addressesOf(catalogue: Catalogue): Addresses {
  let addresses = known.get(catalogue);
  if (!addresses) {
    addresses = new Map(catalogue.all.map((kind) => [`${kind.group}/${kind.version}/${kind.resource}`, kind]));
    known.set(catalogue, addresses);
  }
  return addresses;
}

const pageNotFound: Route = { to: 'text', code: 404, text: '404 page not found\n' };
const healthy = new Set(['/healthz', '/livez', '/readyz']);

/** What a request asks for. Throws ApiError for what is wrong with it. Kubernetes: apiserver/pkg/endpoints/request. */
export function routeOf(http: HttpRequest, catalogue: Catalogue): Route {
  const { path } = http;
  if (path === '/version') return { to: 'document', body: versionInfo };
  if (healthy.has(path) || healthy.has(path.slice(0, path.indexOf('/', 1))))
    return { to: 'text', code: 200, text: 'ok' };
  if (path === '/openapi/v2') {
    // Simplified: in protobuf, which kubectl asks for when it meets a kind that nobody serves, the document is empty.
    if (http.headers['accept']?.includes('protobuf')) return { to: 'text', code: 200, text: '\n\u00032.0' };
    return { to: 'document', body: swagger(catalogue) };
  }
  if (path === '/openapi/v3') return { to: 'document', body: openapiIndex(catalogue) };
  if (path.startsWith('/openapi/v3/')) {
    const body = openapiDocument(catalogue, path.slice('/openapi/v3/'.length));
    return body ? { to: 'document', body } : pageNotFound;
  }
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [root] = parts;
  if (parts.length === 0) return { to: 'document', body: { paths: ['/api', '/apis', '/healthz', '/version'] } };
  if (root !== 'api' && root !== 'apis') return pageNotFound;
  const aggregate = /apidiscovery\.k8s\.io;v=v2(;|,|$)/.test(http.headers['accept'] ?? '');
  if (parts.length === 1 && aggregate) {
    const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    return { to: 'document', body: aggregated(catalogue, root === 'api'), contentType };
  }
  if (parts.length === 1) return { to: 'document', body: root === 'api' ? coreVersions() : groupList(catalogue) };
  const group = root === 'api' ? '' : parts[1]!;
  const [version, ...rest] = parts.slice(root === 'api' ? 1 : 2);
  const document =
    version === undefined
      ? groupDocument(catalogue, group)
      : rest.length === 0 && resourceList(catalogue, group, version);
  if (document) return { to: 'document', body: document };
  if (version === undefined || rest.length === 0 || !resourceList(catalogue, group, version)) return pageNotFound;
  return resourceRoute(http, catalogue, group, version, rest);
}

const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;

function resourceRoute(http: HttpRequest, catalogue: Catalogue, group: string, version: string, rest: string[]): Route {
  const user = userOf(http);
  // `namespaces/web/status` is about the namespace, `namespaces/web/pods` about what is in it.
  let namespace: string | undefined;
  const ofNamespace = rest.length === 3 && group === '' && (rest[2] === 'status' || rest[2] === 'finalize');
  if (rest[0] === 'namespaces' && rest.length > 2 && !ofNamespace) [, namespace] = rest.splice(0, 2);
  let watched = false;
  if (rest[0] === 'watch') {
    rest.shift(); // the watch prefix of old clients
    watched = true;
  }
  const [plural, name, subresource] = rest;
  const kind = addressesOf(catalogue).get(`${group}/${version}/${plural}`);
  const missing = (): Error => failure(404, 'NotFound', 'the server could not find the requested resource', {});
  const extension = aggregatedKinds.find(
    (each) => each.group === group && each.version === version && each.resource === plural,
  );
  if (extension && http.method === 'GET') {
    const request: ApiRequest = {
      verb: name === undefined ? 'list' : 'get',
      resource: extension.key,
      namespace,
      name,
      options: optionsOf(http.query),
      user,
    };
    return { to: 'api', kind: undefined, request, shape: 'object', includeObject: 'Metadata' };
  }
  const review = reviews.find((each) => each.group === group && each.version === version && each.resource === plural);
  if (review && rest.length === 1) {
    if (http.method !== 'POST') throw notAllowed();
    // An answer that has no columns and no metadata comes in no other shape.
    if (shapeOf(http, http.query).shape !== 'object') throw notAcceptable();
    const asked: ApiRequest = {
      verb: 'create',
      resource: review.key,
      namespace,
      body: parsed(http, review.kind),
      user,
    };
    return { to: 'api', kind: undefined, request: asked, shape: 'object', includeObject: 'Metadata' };
  }
  if (!kind || rest.length > 3) throw missing();
  const { query } = http;
  const { shape, includeObject } = shapeOf(http, query);
  const reading = http.method === 'GET' || http.method === 'HEAD';
  if (reading && (watched || name === undefined)) checkListOptions(query, watched || isTrue(query.get('watch')));
  if (reading && (watched || isTrue(query.get('watch')))) {
    return { to: 'watch', watch: watchOf(kind, namespace, name, query, shape, includeObject) };
  }
  const verb = reading ? (name === undefined ? 'list' : 'get') : verbs[http.method as keyof typeof verbs];
  if (verb === undefined) throw notAllowed();
  const patchType = verb === 'patch' ? patchTypeOf(http) : undefined;
  checkWriteOptions(verb, query, patchType);
  const options: RequestOptions = { fieldManager: managerOf(http), ...optionsOf(query) };
  const body = reading || verb === 'delete' ? undefined : bodyOf(http, kind, verb === 'patch');
  const twice = verb === 'create' || verb === 'update' ? doubled(http) : [];
  const strict = options.fieldValidation === 'Strict' && twice.length > 0;
  const request: ApiRequest = {
    verb: verb === 'delete' && name === undefined ? 'deletecollection' : verb,
    resource: kind.key,
    namespace,
    name,
    subresource: subresource as ApiRequest['subresource'],
    ...(user && { user }),
    ...(patchType && { patchType }),
    ...(verb === 'delete'
      ? { options: { ...options, ...deletionOf(http) } }
      : { options: strict ? { ...options, givenTwice: twice } : options, ...(!reading && { body }) }),
  };
  const warnings = strict ? [] : twice.map((key) => `duplicate field "${key}"`);
  return { to: 'api', kind, request, shape, includeObject, ...(warnings.length > 0 && { warnings }) };
}

const notAllowed = (): Error =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

function optionsOf(query: Query): RequestOptions {
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const dryRun = query.getAll('dryRun').filter(Boolean);
  if (dryRun.some((value) => value !== 'All')) {
    throw invalid('meta.k8s.io', 'CreateOptions', '', [
      {
        type: 'FieldValueNotSupported',
        path: 'dryRun',
        message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
      },
    ]);
  }
  const options: { -readonly [K in keyof RequestOptions]: RequestOptions[K] } = {
    fieldValidation: (text('fieldValidation') as RequestOptions['fieldValidation']) ?? 'Warn',
  };
  const labelSelector = text('labelSelector');
  if (labelSelector !== undefined) options.labelSelector = labelSelector;
  const fieldSelector = text('fieldSelector');
  if (fieldSelector !== undefined) options.fieldSelector = fieldSelector;
  const fieldManager = text('fieldManager');
  if (fieldManager !== undefined) options.fieldManager = fieldManager;
  const propagation = text('propagationPolicy');
  if (propagation !== undefined) options.propagationPolicy = propagation as 'Background';
  const grace = numberOf(query, 'gracePeriodSeconds');
  if (grace !== undefined) options.gracePeriodSeconds = grace;
  if (isTrue(query.get('force'))) options.force = true;
  if (dryRun.length > 0) options.dryRun = true;
  const limit = numberOf(query, 'limit');
  if (limit) options.limit = limit;
  const next = text('continue');
  if (next !== undefined) options.continue = next;
  const resourceVersion = text('resourceVersion');
  if (resourceVersion !== undefined) options.resourceVersion = resourceVersion;
  return options;
}

/** DeleteOptions in the body go before those of the query. */
function deletionOf(http: HttpRequest): RequestOptions {
  if (http.body.trim() === '') return {};
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun, orphanDependents } = parsed(
    http,
    'DeleteOptions',
  ) as {
    gracePeriodSeconds?: number;
    propagationPolicy?: RequestOptions['propagationPolicy'];
    preconditions?: RequestOptions['preconditions'];
    dryRun?: string[];
    orphanDependents?: boolean;
  };
  const policy =
    propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  return {
    ...(gracePeriodSeconds !== undefined && gracePeriodSeconds !== null && { gracePeriodSeconds }),
    ...(policy && { propagationPolicy: policy }),
    ...(preconditions && { preconditions }),
    ...(dryRun && dryRun.length > 0 && { dryRun: true }),
  };
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

const mediaType = (http: HttpRequest): string =>
  (http.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

const unsupported = (): Error => failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

function patchTypeOf(http: HttpRequest): PatchType {
  const type = patchTypes[mediaType(http)];
  if (!type) throw unsupported();
  return type;
}

const yamlTypes = new Set(['application/yaml', 'application/apply-patch+yaml']);

/** What was sent, as a value. */
function bodyOf(http: HttpRequest, kind: AnyKind, patching: boolean): unknown {
  if (!patching && !['', 'application/json', 'application/yaml'].includes(mediaType(http))) throw unsupported();
  return parsed(http, kind.kind, patching);
}

/** Keys that a body gives twice, of which the last one counts. */
function doubled(http: HttpRequest): string[] {
  const ignored = http.query.get('fieldValidation') === 'Ignore' || yamlTypes.has(mediaType(http));
  return ignored ? [] : duplicateKeys(http.body);
}

/** What was sent, as a value that is safe to walk: a session freezes it before the API server sees it. */
function parsed(http: HttpRequest, wanted: string, patching = false): unknown {
  const value = valueOf(http, wanted, patching);
  checkDepth(value);
  return value;
}

function valueOf(http: HttpRequest, wanted: string, patching: boolean): unknown {
  if (yamlTypes.has(mediaType(http))) {
    const { manifests, errors } = parseManifests(http.body);
    if (patching && errors.length > 0)
      throw badRequest(`error decoding YAML: error converting YAML to JSON: ${errors[0]!.message}`);
    if (patching && http.query.get('fieldValidation') === 'Strict') checkTwice(manifests[0]?.warnings ?? []);
    if (patching) return manifests[0]?.object ?? {};
    const wrong = errors[0] ?? (manifests.length === 1 ? undefined : { message: 'yaml: expected one document' });
    if (wrong) throw badRequest(`${unrecognised(wanted)}${wrong.message} (${hexOf(http.body)})`);
    return manifests[0]!.object;
  }
  try {
    return JSON.parse(http.body) as unknown;
  } catch (error) {
    const message = goJsonError(http.body, error as Error);
    throw badRequest(
      patching
        ? `error decoding patch: ${message}`
        : `${unrecognised(wanted)}couldn't get version/kind; json parse error: ${message} (${hexOf(http.body)})`,
    );
  }
}

/** Refuses YAML that gives a key twice. Simplified: Warn, which should name it, takes the last one silently. */
function checkTwice(found: readonly YamlProblem[]): void {
  if (found.length === 0) return;
  const lines = found.map(
    ({ line, message }) => `\n  line ${line}: ${message.replace(/ is given twice.*$/, '')} already set in map`,
  );
  throw badRequest(
    `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${lines.join('')}`,
  );
}

const unrecognised = (kind: string): string => `the object provided is unrecognized (must be of type ${kind}): `;

/** The first 30 bytes in hexadecimal, as the server shows what it could not read. */
const hexOf = (text: string): string => {
  const bytes = Array.from(text.slice(0, 30), (c) => (c.charCodeAt(0) & 255).toString(16).padStart(2, '0'));
  return `${bytes.join('')}${text.length > 30 ? ' ...' : ''}`;
};

/** JSON that cannot be read, in the words of Go. Simplified: the state of Go's scanner is not told. */
function goJsonError(text: string, error: Error): string {
  if (text.trim() === '' || /end of JSON|Unterminated|after property|in JSON at position/.test(error.message) === false)
    return 'unexpected end of JSON input';
  const at = Number(/position (\d+)/.exec(error.message)?.[1] ?? Number.NaN);
  const char = text[at];
  if (char === undefined) return 'unexpected end of JSON input';
  return `invalid character ${char === "'" ? `'\\''` : `'${char}'`} looking for beginning of value`;
}

/** What the Accept header asks for. The first that can be served wins. */
function shapeOf(http: HttpRequest, query: Query): { shape: Shape; includeObject: IncludeObject } {
  const includeObject = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
  const accept = http.headers['accept'] ?? '*/*';
  for (const range of accept.split(',')) {
    const [type, ...params] = range.split(';').map((part) => part.trim());
    const as = params.find((param) => param.startsWith('as='))?.slice(3);
    const plain = type === 'application/json' || type === '*/*' || type === 'application/*' || type === '';
    if (!plain) continue;
    if (as === undefined) return { shape: 'object', includeObject };
    if (as === 'Table') return { shape: 'Table', includeObject };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { shape: 'PartialObjectMetadata', includeObject };
  }
  throw notAcceptable();
}

const notAcceptable = (): Error =>
  failure(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/cbor',
    {},
  );

function watchOf(
  kind: AnyKind,
  namespace: string | undefined,
  name: string | undefined,
  query: Query,
  shape: Shape,
  includeObject: IncludeObject,
): Extract<Route, { to: 'watch' }>['watch'] {
  const fields = query.get('fieldSelector') || undefined;
  const own = name === undefined ? undefined : `metadata.name=${name}`;
  return {
    kind,
    selector: {
      resource: kind.key,
      namespace,
      labelSelector: query.get('labelSelector') || undefined,
      fieldSelector: own && fields ? `${own},${fields}` : (own ?? fields),
    },
    resourceVersion: query.get('resourceVersion') || undefined,
    allowBookmarks: isTrue(query.get('allowWatchBookmarks')),
    sendInitialEvents: query.get('sendInitialEvents') === null ? undefined : isTrue(query.get('sendInitialEvents')),
    timeoutSeconds: numberOf(query, 'timeoutSeconds'),
    shape,
    includeObject,
  };
}
