import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal } from '../equal.ts';
import { jsonPatch, mergePatch, strategicPatch, threeWayPatch, type Json } from './index.ts';

const pod = (containers: unknown[], more: object = {}): Json => ({ spec: { containers, ...more } });

describe('strategic merge patch', () => {
  it.each([
    [
      'merges by key, new items first',
      [{ name: 'a', image: '1' }],
      [{ name: 'b' }],
      [{ name: 'b' }, { name: 'a', image: '1' }],
    ],
    [
      'keeps what it does not name',
      [{ name: 'a', image: '1', tty: true }],
      [{ name: 'a', image: '2' }],
      [{ name: 'a', image: '2', tty: true }],
    ],
    ['deletes by directive', [{ name: 'a' }, { name: 'b' }], [{ name: 'a', $patch: 'delete' }], [{ name: 'b' }]],
    ['replaces by directive', [{ name: 'a' }, { name: 'b' }], [{ $patch: 'replace' }, { name: 'c' }], [{ name: 'c' }]],
    ['null removes a field', [{ name: 'a', image: '1' }], [{ name: 'a', image: null }], [{ name: 'a' }]],
  ])('%s', (_, before, patch, after) => {
    expect(strategicPatch('V1Pod', pod(before), pod(patch))).toEqual(pod(after));
  });

  it('obeys order, retainKeys and deletion of plain values', () => {
    const live = {
      metadata: { finalizers: ['a/1', 'a/2'] },
      ...pod([{ name: 'a' }, { name: 'b' }], { volumes: [{ name: 'v', emptyDir: {} }] }),
    };
    const patch = {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['a/1'], finalizers: ['a/3'] },
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
        volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }],
      },
    };
    expect(strategicPatch('V1Pod', live, patch)).toEqual({
      metadata: { finalizers: ['a/3', 'a/2'] },
      ...pod([{ name: 'b' }, { name: 'a' }], { volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
    });
  });

  it('never changes its inputs and treats hostile keys as data', () => {
    const live = Object.freeze({ metadata: Object.freeze({ labels: Object.freeze({ a: 'b' }) }) });
    const hostile = JSON.parse('{"metadata":{"labels":{"__proto__":"x","constructor":"y"}}}') as Json;
    const result = strategicPatch('V1Pod', live, hostile) as { metadata: { labels: object } };
    expect(Object.keys(result.metadata.labels)).toEqual(['a', '__proto__', 'constructor']);
    expect(Object.getPrototypeOf(result.metadata.labels)).toBe(Object.prototype);
    expect(mergePatch({}, JSON.parse('{"__proto__":{"x":1}}'))).not.toHaveProperty('x');
  });
});

it('JSON patch works on a copy and says nothing about why it failed, like the real server', () => {
  const target = Object.freeze({ a: Object.freeze([1, 2]) });
  expect(jsonPatch(target, [{ op: 'add', path: '/a/-', value: 3 }])).toEqual({ a: [1, 2, 3] });
  expect(() => jsonPatch(target, [{ op: 'remove', path: '/b' }])).toThrow('the server rejected our request');
});

describe('three-way apply', () => {
  it('leaves alone what others set, and deletes what was applied before', () => {
    const live = {
      metadata: { labels: { mine: '1', theirs: '2' } },
      ...pod([{ name: 'app', image: '1', resources: {} }, { name: 'old' }, { name: 'sidecar' }], { replicas: 5 }),
    };
    const last = { metadata: { labels: { mine: '1' } }, ...pod([{ name: 'app', image: '1' }, { name: 'old' }]) };
    const modified = { metadata: { labels: {} }, ...pod([{ name: 'app', image: '2' }]) };
    const patch = threeWayPatch('V1Pod', last, modified, live)!;
    expect(strategicPatch('V1Pod', live, patch)).toEqual({
      metadata: { labels: { theirs: '2' } },
      ...pod([{ name: 'app', image: '2', resources: {} }, { name: 'sidecar' }], { replicas: 5 }),
    });
  });

  it('can switch a union, as kubectl apply does and kubectl patch does not', () => {
    const live = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } } };
    const modified = { spec: { strategy: { type: 'Recreate' } } };
    const patch = threeWayPatch('V1Deployment', undefined, modified, live)!;
    expect(patch).toEqual({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
    expect(strategicPatch('V1Deployment', live, patch)).toEqual(modified);
  });

  it('applied twice changes nothing the second time, whatever the manifests', () => {
    const container = fc.record(
      { name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('1', '2'), tty: fc.boolean() },
      { requiredKeys: ['name'] },
    );
    const manifest = fc.record(
      {
        metadata: fc.record({
          labels: fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), fc.constantFrom('1', '2')),
          finalizers: fc.uniqueArray(fc.constantFrom('f/1', 'f/2', 'f/3')),
        }),
        spec: fc.record({
          containers: fc.uniqueArray(container, { selector: (c) => c.name }),
          tolerations: fc.array(fc.record({ key: fc.constantFrom('k', 'l') })),
          hostname: fc.constantFrom('h', 'i'),
        }),
      },
      { requiredKeys: ['metadata', 'spec'] },
    ) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(manifest, manifest, manifest, (last, modified, others) => {
        const live = strategicPatch('V1Pod', strategicPatch('V1Pod', {}, others), last);
        const patch = threeWayPatch('V1Pod', last, modified, live);
        const result = patch ? strategicPatch('V1Pod', live, patch) : live;
        expect(threeWayPatch('V1Pod', modified, modified, result)).toBeUndefined();
        const names = (list: unknown): unknown[] => (list as { name: string }[]).map((c) => c.name);
        const mine = names((modified['spec'] as Json)['containers']);
        const theirs = names((result['spec'] as Json)['containers']).filter((name) => mine.includes(name));
        expect(theirs).toEqual(mine);
        expect(equal((result['spec'] as Json)['tolerations'], (modified['spec'] as Json)['tolerations'])).toBe(true);
      }),
    );
  });
});
