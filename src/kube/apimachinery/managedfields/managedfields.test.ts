import { describe, expect, it, test } from 'vitest';
import sequences from '../../../testing/golden/managed-fields.json' with { type: 'json' };
import { difference, printPath, setOf } from './field-set.ts';
import {
  applied,
  Conflicts,
  entriesOf,
  fieldsOf,
  noFields,
  ownersAfterUpdate,
  ownersOf,
  toFieldsV1,
  typeErrors,
  typeOfModel,
  typeOfSchema,
  type FieldsV1,
  type Owners,
} from './index.ts';

const deployment = typeOfModel('V1Deployment');

interface Step {
  readonly write: string;
  readonly manager: string;
  readonly object: object;
  readonly conflicts?: readonly string[];
  readonly live?: object;
  readonly owners?: Readonly<Record<string, FieldsV1>>;
}

/** The library itself does not leave out that somebody owns `metadata`; the API server, and this, does. */
const metadata = setOf([['f:metadata']]);
const shownOf = (owners: Owners): Record<string, FieldsV1> => {
  const shown = [...owners.values()].map(({ manager, fields }): [string, FieldsV1] => [
    manager,
    toFieldsV1(difference(fields, metadata)),
  ]);
  return Object.fromEntries(shown.filter(([, fields]) => Object.keys(fields).length > 0));
};

test.each(sequences.map(({ steps }, i) => [i, steps as unknown as Step[]] as const))(
  'writes in turn have the outcome that structured-merge-diff gave them: %i',
  (_, steps) => {
    let live: unknown = {};
    let owners: Owners = new Map();
    for (const { write, manager: name, object, ...want } of steps) {
      // The library knows managers by their name alone.
      const manager = { manager: name, operation: 'Apply', apiVersion: 'v1' } as const;
      const context = { type: deployment, manager, time: '2026-01-01T00:00:00Z', reset: noFields };
      if (write === 'update') {
        owners = ownersAfterUpdate(context, live, object, owners);
        live = object;
      } else {
        expect(typeErrors(deployment, object)).toEqual([]);
        try {
          const outcome = applied(context, live, object, owners, write === 'force');
          owners = outcome.owners;
          live = outcome.object ?? live;
        } catch (error) {
          if (!(error instanceof Conflicts)) throw error;
          const found = error.list.map((conflict) => `${conflict.owner.manager} ${printPath(conflict.path)}`);
          expect(found.toSorted()).toEqual(want.conflicts);
          continue;
        }
      }
      expect({ live, owners: shownOf(owners) }).toEqual(want);
      const text = JSON.stringify(want.owners![name]);
      expect(JSON.stringify(shownOf(owners)[name])).toBe(text);
    }
  },
);

describe('what an apply may say', () => {
  const spec = (containers: unknown): object => ({ spec: { template: { spec: { containers } } } });
  it.each([
    [{ spec: { replica: 1 } }, ['.spec.replica: field not declared in schema']],
    [{ spec: { replicas: 'two' } }, ['.spec.replicas: expected numeric (int or float), got string']],
    [{ spec: { paused: 'yes' } }, ['.spec.paused: expected boolean, got &{yes}']],
    [spec([{ image: 7 }]), ['.spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)']], // prettier-ignore
    [spec([{ name: 'a' }, { name: 'a' }]), ['.spec.template.spec.containers: duplicate entries for key [name="a"]']],
    [spec({}), ['.spec.template.spec.containers: expected list, got &{map[]}']],
  ])('%j', (object, errors) => {
    expect(typeErrors(deployment, object)).toEqual(errors);
  });
});

it('the schema of a custom kind says what is a leaf, a map or a set', () => {
  const type = typeOfSchema({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          leaf: { type: 'array', items: { type: 'string' } },
          set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
          map: {
            type: 'array',
            items: {
              type: 'object',
              properties: { id: { type: 'string', default: 'one' }, n: { type: 'integer' } },
            },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['id'],
          },
          whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  });
  const object = {
    spec: { leaf: ['a'], set: ['b', 'a'], map: [{ n: 1 }], whole: { a: '1' }, free: { a: { b: [1] } } },
  };
  expect(typeErrors(type, object)).toEqual([]);
  expect(toFieldsV1(fieldsOf(type, object))).toEqual({
    'f:spec': {
      'f:free': { 'f:a': { 'f:b': {}, '.': {} } },
      'f:leaf': {},
      'f:map': { 'k:{"id":"one"}': { '.': {}, 'f:n': {} } },
      'f:set': { 'v:"a"': {}, 'v:"b"': {} },
      'f:whole': {},
    },
  });
});

it('entries stand in order, appliers first, then by time; more than ten updaters become one', () => {
  let owners: Owners = new Map();
  for (let i = 0; i < 13; i++) {
    const manager = { manager: `m${i}`, operation: 'Update', apiVersion: 'v1' } as const;
    const time = `2026-01-01T00:00:${String(i).padStart(2, '0')}Z`;
    const write = { type: typeOfModel('V1ConfigMap'), manager, time, reset: noFields };
    owners = ownersAfterUpdate(write, { data: {} }, { data: { [`k${i}`]: 'v' } }, owners);
  }
  const entries = entriesOf(owners);
  expect(entries.map(({ manager, time }) => `${manager} ${time!.slice(-3, -1)}`)).toEqual(
    ['ancient-changes 03', ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => `m${i} ${String(i).padStart(2, '0')}`)], // prettier-ignore
  );
  expect(Object.keys(entries[0]!.fieldsV1 as { 'f:data': object }['f:data'])).toHaveLength(1);
  expect(entriesOf(ownersOf(entries)!)).toEqual(entries);
});
