import { expect, it } from 'vitest';
import type { V1HTTPIngressPath, V1IngressSpec } from '../../../generated/types.ts';
import type { Ingress } from '../../apis/index.ts';
import { buildRoutes, hostFor, locate, type Sources } from './routes.ts';

const classes = { controller: 'k8s.io/ingress-nginx', annotation: 'nginx', withoutClass: false };

const path = (text: string, pathType: string, name: string): V1HTTPIngressPath => ({
  path: text,
  pathType,
  backend: { service: { name, port: { number: 80 } } },
});

const ingress = (name: string, spec: V1IngressSpec, annotations: Record<string, string> = {}, second = 0): Ingress =>
  ({
    metadata: { name, namespace: 'default', annotations, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
    spec: { ingressClassName: 'nginx', ...spec },
  }) as Ingress;

const sources = (ingresses: Ingress[]): Sources => ({
  ingresses,
  classOf: (name) => ({ nginx: { spec: { controller: 'k8s.io/ingress-nginx' } } })[name] as never,
  serviceAt: () => undefined,
  slicesOf: () => [],
  hasCertificate: (secret) => secret === 'default/tls',
});

/** Service that a request for `host/path` is sent to, and the path that it sees. */
function ask(ingresses: Ingress[], host: string, asked: string): string {
  const found = locate(hostFor(buildRoutes(sources(ingresses), classes), host), asked);
  return found ? `${found.location.backend.service.slice('default/'.length)} ${found.path}` : '404';
}

const one = (paths: V1HTTPIngressPath[], host?: string): Ingress[] => [
  ingress('i', { rules: [{ ...(host && { host }), http: { paths } }] }),
];

/* Rows of the table in concepts/services-networking/ingress.md, and what ingress-nginx makes of the rest. */
it.each([
  [[path('/', 'Prefix', 'a')], '/any/path', 'a /any/path'],
  [[path('/foo', 'Exact', 'a')], '/foo', 'a /foo'],
  [[path('/foo', 'Exact', 'a')], '/bar', '404'],
  [[path('/foo', 'Exact', 'a')], '/foo/', '404'],
  [[path('/foo/', 'Exact', 'a')], '/foo', '404'],
  [[path('/foo', 'Prefix', 'a')], '/foo/', 'a /foo/'],
  [[path('/foo/', 'Prefix', 'a')], '/foo', 'a /foo'],
  [[path('/foo/', 'Prefix', 'a')], '/foo/', 'a /foo/'],
  [[path('/aaa/bb', 'Prefix', 'a')], '/aaa/bbb', '404'],
  [[path('/aaa/bbb', 'Prefix', 'a')], '/aaa/bbb', 'a /aaa/bbb'],
  [[path('/aaa/bbb/', 'Prefix', 'a')], '/aaa/bbb', 'a /aaa/bbb'],
  [[path('/aaa/bbb', 'Prefix', 'a')], '/aaa/bbb/ccc', 'a /aaa/bbb/ccc'],
  [[path('/aaa/bbb', 'Prefix', 'a')], '/aaa/bbbxyz', '404'],
  [[path('/', 'Prefix', 'a'), path('/aaa', 'Prefix', 'b')], '/aaa/ccc', 'b /aaa/ccc'],
  [[path('/', 'Prefix', 'a'), path('/aaa', 'Prefix', 'b')], '/ccc', 'a /ccc'],
  [[path('/aaa', 'Prefix', 'a')], '/ccc', '404'],
  [[path('/foo', 'Prefix', 'a'), path('/foo', 'Exact', 'b')], '/foo', 'b /foo'],
  [[path('/foo', 'Prefix', 'a'), path('/foo', 'Exact', 'b')], '/foo/x', 'a /foo/x'],
  [[path('/foo', 'ImplementationSpecific', 'a')], '/foobar?x=1', 'a /foobar?x=1'],
])('%j takes %s: %s', (paths, asked, expected) => {
  expect(ask(one(paths), 'any.example', asked)).toBe(expected);
});

it.each([
  ['foo.example', 'foo.example', 'a /'],
  ['foo.example', 'bar.example', '404'],
  ['*.foo.com', 'bar.foo.com', 'a /'],
  ['*.foo.com', 'baz.bar.foo.com', '404'],
  ['*.foo.com', 'foo.com', '404'],
])('a rule for %s and a request for %s: %s', (host, asked, expected) => {
  expect(ask(one([path('/', 'Prefix', 'a')], host), asked, '/')).toBe(expected);
});

it('the oldest Ingress keeps a path, a default backend takes the rest, classes of others are left alone', () => {
  const rule = (name: string) => ({ rules: [{ host: 'a.example', http: { paths: [path('/', 'Prefix', name)] } }] });
  expect(ask([ingress('b', rule('late'), {}, 5), ingress('c', rule('early'), {}, 1)], 'a.example', '/')).toBe(
    'early /',
  );
  const defaultBackend = { service: { name: 'rest', port: { number: 80 } } };
  const narrow = { rules: [{ host: 'a.example', http: { paths: [path('/x', 'Exact', 'x')] } }], defaultBackend };
  expect(ask([ingress('a', narrow)], 'a.example', '/y')).toBe('rest /y');
  expect(ask([ingress('a', narrow)], 'b.example', '/y')).toBe('404');
  expect(ask([ingress('a', { defaultBackend })], 'b.example', '/y')).toBe('rest /y');
  for (const ingressClassName of ['other', undefined])
    expect(ask([ingress('a', { ...rule('a'), ingressClassName })], 'a.example', '/')).toBe('404');
  const old = { 'kubernetes.io/ingress.class': 'nginx' };
  expect(ask([ingress('a', { ...rule('a'), ingressClassName: undefined }, old)], 'a.example', '/')).toBe('a /');
});

it('paths may be expressions whose groups make the new path', () => {
  const annotations = { 'nginx.ingress.kubernetes.io/rewrite-target': '/$2' };
  const rules = [{ http: { paths: [path('/api(/|$)(.*)', 'ImplementationSpecific', 'api')] } }];
  const given = [ingress('a', { rules }, annotations)];
  expect(['/api/v1?a=b', '/api', '/apis'].map((asked) => ask(given, 'x', asked))).toEqual([
    'api /v1?a=b',
    'api /',
    '404',
  ]);
  const broken = [{ http: { paths: [path('/(', 'ImplementationSpecific', 'a')] } }];
  expect(ask([ingress('a', { rules: broken }, annotations)], 'x', '/(')).toBe('404');
});

it('a host with TLS is redirected to https; without its Secret it has the fake certificate', () => {
  const spec = (secretName?: string): V1IngressSpec => ({
    rules: [{ host: 'a.example', http: { paths: [path('/', 'Prefix', 'a')] } }],
    tls: [{ hosts: ['a.example'], ...(secretName && { secretName }) }],
  });
  const of = (given: Ingress) => hostFor(buildRoutes(sources([given]), classes), 'a.example');
  expect(of(ingress('a', spec('tls')))).toMatchObject({ certificate: 'default/tls', redirect: true });
  expect(of(ingress('a', spec('gone')))).toMatchObject({ certificate: '', redirect: true });
  const annotations = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' };
  expect(of(ingress('a', spec(), annotations))).toMatchObject({ certificate: '', redirect: false });
});
