import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openServer, type GoldenRequest } from '../../testing/golden.ts';
import validCases from '../../testing/golden/api-valid.json' with { type: 'json' };

type Tree = Record<string, unknown> | unknown[];
const cases = validCases as unknown as readonly (GoldenRequest & { name: string; manifest: Record<string, unknown> })[];

/** Every place in a manifest where something else could stand. */
function places(value: unknown, found: [Tree, string][] = []): [Tree, string][] {
  if (value === null || typeof value !== 'object') return found;
  for (const key of Object.keys(value)) {
    found.push([value as Tree, key]);
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e21,
    '',
    'x',
    ' ',
    '-1',
    '9'.repeat(50),
    '<script>',
    [],
    {},
    [null],
    [{}],
    [[]],
  ),
  fc.constantFrom<unknown>(
    { $patch: 'delete' },
    { $patch: 5 },
    [{ $patch: 'replace' }, { name: 'app', $patch: 'delete' }, 7],
    { $retainKeys: 5, '$setElementOrder/containers': [1, {}, null], '$deleteFromPrimitiveList/finalizers': {} },
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{}},"toString":1}') as unknown),
);

it('whatever stands anywhere in a manifest, the answer is an object or a Status', () => {
  const server = openServer(['golden']);
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      junk,
      fc.constantFrom('POST', 'PUT', 'PATCH'),
      fc.boolean(),
      (which, where, value, method, strict) => {
        const { manifest, path } = cases[which % cases.length]!;
        const body = structuredClone(manifest);
        const spots = places(body);
        const [holder, key] = spots[where % spots.length]!;
        Object.defineProperty(holder, key, { value, enumerable: true });
        const name = (manifest['metadata'] as { name?: string }).name ?? 'x';
        const answer = server.send({
          method,
          path: method === 'POST' ? path : `${path}/${name}`,
          query: strict ? 'fieldValidation=Strict' : 'fieldValidation=Ignore',
          ...(method === 'PATCH' && {
            contentType: `application/${['strategic-merge', 'merge', 'json'][where % 3]}-patch+json`,
          }),
          body,
        })!;
        expect([200, 201, 400, 403, 404, 409, 422, 500]).toContain(answer.code);
        expect((answer.body as { kind: string }).kind).toBeTypeOf('string');
      },
    ),
    { numRuns: 1500, seed: 1 },
  );
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
