import { expect, test } from 'vitest';
import recorded from '../../../testing/golden/discovery.json' with { type: 'json' };
import { builtIn } from '../../apis/catalogue.ts';
import { routeOf } from './index.ts';

/** What a real server serves and this one does not, or the other way round: see docs/fidelity.md. */
const otherwise =
  /^(?:bindings|componentstatuses|tokenreviews|resize|pods\/resize|resource\.k8s\.io|metrics\.k8s\.io)$/;

interface Named {
  readonly name?: string;
  readonly group?: string;
  readonly resource?: string;
}

/** Without those, at any depth. */
function common(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOtherwise(item)).map(common);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, common(inner)]));
}

const isOtherwise = (item: unknown): boolean => {
  const { name, group, resource } = (typeof item === 'string' ? { name: item } : item) as Named;
  return otherwise.test(resource ?? name ?? group ?? '');
};

function ask(path: string, accept = 'application/json'): unknown {
  const route = routeOf({ method: 'GET', path, query: new URLSearchParams(), headers: { accept }, body: '' }, builtIn);
  if (route.to !== 'document') throw new Error(`${path} is no document`);
  return route.body;
}

test.each([
  ['version', '/version'],
  ['apis', '/apis'],
  ['coreV1', '/api/v1'],
  ['appsV1', '/apis/apps/v1'],
  ['batchV1', '/apis/batch/v1'],
] as const)('recorded from a real API server: %s', (name, path) => {
  expect(common(ask(path))).toEqual(common(recorded[name]));
});

test('recorded from a real API server: the versions of the core group, and where it is', () => {
  const { serverAddressByClientCIDRs: at, ...versions } = recorded.api;
  expect(ask('/api')).toEqual({ ...versions, serverAddressByClientCIDRs: at.map((each) => ({ ...each, serverAddress: expect.any(String) as string })) }); // prettier-ignore
});

interface Aggregated {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly { readonly version: string; readonly freshness: string; readonly resources: readonly Resource[] }[]; // prettier-ignore
  }[];
}

interface Resource {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

/** The aggregated document in the form in which it was recorded. */
const trimmed = ({ items }: Aggregated): object[] =>
  items.map(({ metadata, versions }) => ({
    group: metadata.name,
    versions: versions.map(({ resources, ...version }) => ({
      ...version,
      resources: resources.map(({ responseKind, singularResource, subresources = [], ...rest }) => ({
        ...rest,
        kind: responseKind.kind,
        singular: singularResource,
        subresources: subresources.map(({ subresource }) => subresource),
      })),
    })),
  }));

test.each([
  ['the core group', '/api', recorded.aggregated_api.items],
  ['the groups', '/apis', recorded.aggregated_apis.items],
] as const)('recorded from a real API server: %s in one document', (_, path, items) => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  expect(common(trimmed(ask(path, accept) as Aggregated))).toEqual(common(items));
});
