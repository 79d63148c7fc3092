import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveApi, type Served } from './serve.ts';

let served: Served;
beforeAll(async () => {
  const run = { world: { seed: 1, nodes: 2 }, journal: [] };
  const failed = (error: unknown): void => {
    throw error;
  };
  served = await serveApi({ run, speed: 20, port: 0, host: '127.0.0.1', failed });
});
afterAll(() => served.close());

interface Answer {
  readonly code: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(served.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text };
  return { code: response.status, body: json, headers: response.headers };
}

const configMap = (name: string, data: Record<string, string> = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const configMaps = '/api/v1/namespaces/default/configmaps';

interface Line {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

/** Reads a watch line by line until `enough`, then hangs up. */
async function watch(path: string, enough: number): Promise<Line[]> {
  const stop = new AbortController();
  const response = await fetch(served.url + path, { signal: stop.signal });
  const lines: Line[] = [];
  let rest = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop()!;
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
    if (lines.length >= enough) break;
  }
  stop.abort();
  return lines;
}

test('discovery names what is served, in the old form and in one document', async () => {
  const { body } = await ask('GET', '/apis/apps/v1');
  const names = (body['resources'] as { name: string }[]).map((r) => r.name);
  expect(names).toEqual(expect.arrayContaining(['deployments', 'deployments/scale', 'deployments/status']));
  const one = await ask('GET', '/apis', undefined, {
    accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  });
  expect(one.headers.get('content-type')).toContain('APIGroupDiscoveryList');
  expect(one.body['kind']).toBe('APIGroupDiscoveryList');
  expect((await ask('GET', '/apis/nope.example/v1/things')).code).toBe(404);
});

test('what is written is an input of the journal, and the session sees it', async () => {
  const made = await ask('POST', configMaps, configMap('first', { a: '1' }));
  expect(made.code).toBe(201);
  expect(served.session.history.journal.at(-1)?.input).toMatchObject({
    type: 'request',
    request: { verb: 'create', resource: 'configmaps', namespace: 'default' },
  });
  const before = served.session.history.journal.length;
  expect((await ask('POST', `${configMaps}?dryRun=All`, configMap('dry'))).code).toBe(201);
  expect((await ask('GET', `${configMaps}/dry`)).code).toBe(404);
  expect(served.session.history.journal).toHaveLength(before);
});

test('a list and the watch from its version lose nothing and keep the order', async () => {
  const { body } = await ask('GET', configMaps);
  const { resourceVersion } = body['metadata'] as { resourceVersion: string };
  for (let i = 0; i < 20; i++) await ask('POST', configMaps, configMap(`order-${i}`));
  await ask('DELETE', `${configMaps}/order-3`);
  const lines = await watch(`${configMaps}?watch=true&resourceVersion=${resourceVersion}`, 21);
  expect(lines.map(({ type, object }) => [type, object.metadata.name])).toEqual([
    ...Array.from({ length: 20 }, (_, i) => ['ADDED', `order-${i}`]),
    ['DELETED', 'order-3'],
  ]);
  const [gone] = await watch(
    `${configMaps}?watch=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&labelSelector=no`,
    1,
  );
  expect(gone).toMatchObject({
    type: 'BOOKMARK',
    object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  });
});

test('a watch of a further version tells of the same objects in its own form', async () => {
  const autoscalers = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
  const { body } = await ask('GET', autoscalers);
  const { resourceVersion } = body['metadata'] as { resourceVersion: string };
  await ask('POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', {
    metadata: { name: 'seen' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  });
  const [line] = await watch(`${autoscalers}?watch=true&resourceVersion=${resourceVersion}`, 1);
  expect(line).toMatchObject({
    type: 'ADDED',
    object: { apiVersion: 'autoscaling/v1', metadata: { name: 'seen' }, spec: { targetCPUUtilizationPercentage: 80 } },
  });
});

describe('whoever does not come as the administrator', () => {
  const as = (user: string): Record<string, string> => ({ 'impersonate-user': user });
  const token = (claims: object): string =>
    `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signed`;

  test('may do what roles allow, watches and logs too', async () => {
    const jane = as('jane');
    const refused = await ask('GET', configMaps, undefined, jane);
    expect([refused.code, refused.body['message']]).toEqual([
      403,
      'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"',
    ]);
    const watched = await ask('GET', `${configMaps}?watch=true`, undefined, jane);
    expect(watched.body['message']).toContain('User "jane" cannot watch resource "configmaps"');
    const log = await ask('GET', '/api/v1/namespaces/default/pods/web/log', undefined, jane);
    expect(log.body['message']).toContain('User "jane" cannot get resource "pods/log"');
    await ask('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'jane-views' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'jane' }],
    });
    expect((await ask('GET', configMaps, undefined, jane)).code).toBe(200);
    expect((await ask('POST', configMaps, configMap('hers'), jane)).code).toBe(403);
  });

  test('is the account of its token, and nobody with one that is none', async () => {
    const robot = { authorization: token({ sub: 'system:serviceaccount:default:robot' }) };
    const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { body } = await ask('POST', reviews, {}, robot);
    expect(body['status']).toMatchObject({ userInfo: { username: 'system:serviceaccount:default:robot' } });
    expect((await ask('GET', configMaps, undefined, { authorization: 'Bearer nothing' })).code).toBe(401);
    expect((await ask('GET', configMaps, undefined, { authorization: token({ sub: 'root' }) })).code).toBe(401);
  });

  test('speaks for others only where its roles let it', async () => {
    const robot = { authorization: token({ sub: 'system:serviceaccount:default:robot' }) };
    const grand = { ...robot, ...as('root'), 'impersonate-group': 'system:masters' };
    const { code, body } = await ask('GET', configMaps, undefined, grand);
    expect([code, body['message']]).toEqual([
      403,
      'users "root" is forbidden: User "system:serviceaccount:default:robot" cannot impersonate resource "users" in API group "" at the cluster scope',
    ]);
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'] }];
    await ask('POST', `${rbac}/clusterroles`, { metadata: { name: 'speaker' }, rules });
    await ask('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name: 'robot-speaks' },
      roleRef: { kind: 'ClusterRole', name: 'speaker' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }],
    });
    expect((await ask('GET', configMaps, undefined, { ...robot, ...as('jane') })).code).toBe(200);
    expect((await ask('GET', configMaps, undefined, grand)).body['message']).toContain('resource "groups"');
  });
});

test('a table is what kubectl prints', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const { body } = await ask('GET', '/api/v1/nodes', undefined, { accept });
  expect((body['columnDefinitions'] as { name: string }[]).slice(0, 3).map((c) => c.name)).toEqual([
    'Name',
    'Status',
    'Roles',
  ]);
  expect((body['rows'] as { cells: string[] }[]).map((row) => row.cells.slice(0, 2))).toEqual([
    ['node-1', 'Ready'],
    ['node-2', 'Ready'],
  ]);
});

test.each([
  ['what is no JSON', 'POST', configMaps, '{"a":', {}, 400],
  [
    'a key given twice, when asked to be strict',
    'POST',
    `${configMaps}?fieldValidation=Strict`,
    '{"kind":"ConfigMap","apiVersion":"v1","data":{},"data":{}}',
    {},
    400,
  ],
  ['five megabytes', 'POST', configMaps, 'x'.repeat(5_000_000), {}, 413],
  ['an unknown format', 'PATCH', `${configMaps}/first`, '{}', {}, 415],
  ['a format that nobody serves', 'GET', configMaps, undefined, { accept: 'text/plain' }, 406],
  ['a page of another site', 'GET', configMaps, undefined, { origin: 'https://evil.example' }, 403],
  ['a number that is none', 'GET', `${configMaps}?limit=x`, undefined, {}, 400],
])('%s is refused and harms nobody', async (_what, method, path, body, headers, code) => {
  expect((await ask(method, path, body, headers as Record<string, string>)).code).toBe(code);
  expect((await ask('GET', '/healthz')).body).toEqual({ text: 'ok' });
});

test('a name that was made to point here does not reach the cluster', async () => {
  const { port } = new URL(served.url);
  const code = await new Promise((resolve) => {
    httpRequest({ port, host: '127.0.0.1', path: '/api/v1/pods', headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(code).toBe(403);
});

interface Page {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: { readonly name: string; readonly resourceVersion: string } }[];
}

test('the pages of a list all show the moment of the first one', async () => {
  const space = '/api/v1/namespaces/kube-public/configmaps';
  for (let i = 0; i < 5; i++) await ask('POST', space, configMap(`page-${i}`));
  const first = (await ask('GET', `${space}?limit=2`)).body as unknown as Page;
  await ask('DELETE', `${space}/page-4`);
  await ask('POST', space, configMap('page-3b'));
  const names: string[] = [];
  let page = first;
  for (;;) {
    expect(page.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    names.push(...page.items.map((item) => item.metadata.name));
    if (!page.metadata.continue) break;
    page = (await ask('GET', `${space}?limit=2&continue=${page.metadata.continue}`)).body as unknown as Page;
  }
  expect(names).toEqual(['kube-root-ca.crt', 'page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
  const exact = `${space}?resourceVersionMatch=Exact&resourceVersion=${first.metadata.resourceVersion}`;
  const then = (await ask('GET', exact)).body as unknown as Page;
  expect(then.items.map((item) => item.metadata.name)).toEqual(names);
});

test.each([
  ['a revision of the future', 'resourceVersion=999999999', 504],
  ['a revision that is forgotten', 'resourceVersionMatch=Exact&resourceVersion=1', 410],
  ['what is no revision', 'resourceVersion=x', 422],
  ['a match without a revision', 'resourceVersionMatch=Exact', 422],
  ['initial events of a list', 'sendInitialEvents=true', 422],
  ['initial events without a match', 'watch=true&sendInitialEvents=true', 422],
])('%s is refused', async (_what, query, code) => {
  expect(await ask('GET', `${configMaps}?${query}`)).toMatchObject({ code, body: { kind: 'Status', code } });
});

test('a key that is given twice is warned of, unless the client does not want to know', async () => {
  const twice = (name: string): string =>
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"a":"1"},"data":{"a":"2"}}`;
  const warned = await ask('POST', configMaps, twice('twice-1'));
  expect(warned.headers.get('warning')).toBe('299 - "duplicate field \\"data\\""');
  expect(warned.body).toMatchObject({ data: { a: '2' } });
  const ignored = await ask('POST', `${configMaps}?fieldValidation=Ignore`, twice('twice-2'));
  expect([ignored.code, ignored.headers.get('warning')]).toEqual([201, null]);
});

test('a large answer is compressed for who can read it', async () => {
  await ask('POST', configMaps, configMap('large', { text: 'x'.repeat(200_000) }));
  const answered = (encoding: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      const { port } = new URL(served.url);
      const headers = { 'accept-encoding': encoding };
      httpRequest({ port, host: '127.0.0.1', path: `${configMaps}/large`, headers }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      }).end();
    });
  expect([await answered('gzip'), await answered('identity')]).toEqual(['gzip', undefined]);
});
