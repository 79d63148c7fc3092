import { beforeEach, describe, expect, it } from 'vitest';
import { createSession, type Session } from '../../../session/index.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import { definitionsKey } from '../../apis/apiextensions/customresourcedefinition.ts';
import type { ApiRequest, ApiResponse, ObjectList } from '../request.ts';

const key = 'crontabs.stable.example.com';

/** A definition of CronTabs with the given properties of their spec; `more` is of its version. */
const crontabs = (properties: object, more: object = {}, spec: object = {}): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: key },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties, ...spec },
              status: { type: 'object', properties: { replicas: { type: 'integer' }, phase: { type: 'string' } } },
            },
          },
        },
        ...more,
      },
    ],
  },
});

let session: Session;
beforeEach(() => {
  session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  session.advance(5000);
});

const ask = (request: Partial<ApiRequest> & Pick<ApiRequest, 'verb'>): ApiResponse =>
  session.request({ resource: key, namespace: 'default', ...request });
const define = (definition: object): ApiResponse => {
  const made = ask({ verb: 'create', resource: definitionsKey, namespace: undefined, body: definition });
  session.advance(session.now + 100);
  return made;
};
const create = (name: string, spec: object, options: ApiRequest['options'] = {}): ApiResponse =>
  ask({ verb: 'create', body: { metadata: { name }, spec }, options });
const messageOf = ({ body }: ApiResponse): string => (body as { message?: string }).message ?? '';
const itemsOf = ({ body }: ApiResponse) => (body as ObjectList).items;
const stored = (name: string): KubeObject => ask({ verb: 'get', name }).body as KubeObject;
const definition = () =>
  ask({ verb: 'get', resource: definitionsKey, namespace: undefined, name: key }).body as KubeObject;

describe('a definition', () => {
  it('gets its names, and is then served', () => {
    expect(create('a', {}).code).toBe(404);
    define(crontabs({}));
    expect(definition()['status']).toMatchObject({
      acceptedNames: {
        plural: 'crontabs',
        singular: 'crontab',
        kind: 'CronTab',
        listKind: 'CronTabList',
        shortNames: ['ct'],
      },
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      storedVersions: ['v1'],
    });
    expect(create('a', {}).code).toBe(201);
    expect(ask({ verb: 'list' }).body).toMatchObject({ kind: 'CronTabList', apiVersion: 'stable.example.com/v1' });
  });

  it('is refused names that another of its group has, until they are free', () => {
    define(crontabs({}));
    const other = JSON.parse(JSON.stringify(crontabs({})).replaceAll('crontabs', 'tabs')) as {
      spec: { names: object };
    };
    other.spec.names = { plural: 'tabs', kind: 'CronTab', shortNames: ['ct'] };
    define(other);
    const conditions = () =>
      (
        ask({ verb: 'get', resource: definitionsKey, namespace: undefined, name: 'tabs.stable.example.com' })
          .body as KubeObject
      )['status'];
    expect(conditions()).toMatchObject({
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'False',
          reason: 'ListKindConflict',
          message: '"CronTabList" is already in use',
        },
        { type: 'Established', status: 'False', reason: 'NotAccepted' },
      ],
    });
    ask({ verb: 'delete', resource: definitionsKey, namespace: undefined, name: key });
    session.advance(session.now + 1000);
    expect(conditions()).toMatchObject({ conditions: [{ status: 'True' }, { status: 'True' }] });
  });

  it('takes its objects with it, waiting for those that somebody holds', () => {
    define(crontabs({}));
    ask({ verb: 'create', body: { metadata: { name: 'held', finalizers: ['example.com/hold'] } } });
    create('loose', {});
    ask({ verb: 'delete', resource: definitionsKey, namespace: undefined, name: key });
    session.advance(session.now + 1000);
    expect(definition()['status']).toMatchObject({
      conditions: [{}, {}, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' }],
    });
    expect(definition().metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    expect(messageOf(create('late', {}))).toBe(
      'crontabs.stable.example.com "" is forbidden: create not allowed while custom resource definition is terminating',
    );
    expect(itemsOf(ask({ verb: 'list' }))).toHaveLength(1);
    ask({ verb: 'patch', name: 'held', patchType: 'merge', body: { metadata: { finalizers: null } } });
    session.advance(session.now + 6000);
    expect(ask({ verb: 'list' }).code).toBe(404);
  });

  it('does not exist before it was made, however one comes there', () => {
    session.advance(10_000);
    define(crontabs({}));
    create('a', {});
    session.seek(8000);
    expect(ask({ verb: 'list' }).code).toBe(404);
    session.seek(11_000);
    expect(itemsOf(ask({ verb: 'list' }))).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    [
      'a field without a type',
      crontabs({ a: { description: 'x' } }),
      'spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields',
    ],
    [
      'a list without items',
      crontabs({ a: { type: 'array' } }),
      'spec.validation.openAPIV3Schema.properties[spec].properties[a].items: Required value: must be specified',
    ],
    [
      'a default of the wrong type',
      crontabs({ a: { type: 'integer', default: 'x' } }),
      'spec.validation.openAPIV3Schema.properties[spec].properties[a].default: Invalid value: "string":  in body must be of type integer: "string"',
    ],
    [
      'a type in an alternative',
      crontabs({ a: { type: 'integer', anyOf: [{ type: 'integer' }] } }),
      'spec.validation.openAPIV3Schema.properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural',
    ],
    [
      'a wrong name',
      { ...crontabs({}), metadata: { name: 'tabs.stable.example.com' } },
      'metadata.name: Invalid value: "tabs.stable.example.com": must be spec.names.plural+"."+spec.group',
    ],
    [
      'a map without keys',
      crontabs({
        a: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          items: { type: 'object', properties: { n: { type: 'string' } } },
        },
      }),
      'spec.validation.openAPIV3Schema.properties[spec].properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
    ],
    [
      'a scale outside of spec',
      crontabs({}, { subresources: { scale: { specReplicasPath: '.status.n', statusReplicasPath: '.status.n' } } }),
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec',
    ],
  ])('is refused with %s', (_, body, sentence) => {
    const { metadata } = body as KubeObject;
    expect(messageOf(define(body))).toBe(
      `CustomResourceDefinition.apiextensions.k8s.io "${metadata.name}" is invalid: ${sentence}`,
    );
  });
});

describe('a custom object', () => {
  it('loses what its schema does not know, and gets its defaults', () => {
    define(crontabs({
      replicas: { type: 'integer', default: 1 },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      port: { 'x-kubernetes-int-or-string': true },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
    }));
    const made = create('a', { other: 1, free: { x: 1 }, port: 'http', labels: { a: 'b' } });
    expect(made.warnings).toEqual(['unknown field "spec.other"']);
    expect(stored('a')['spec']).toEqual({ replicas: 1, free: { x: 1 }, port: 'http', labels: { a: 'b' } });
    expect(messageOf(create('b', { other: 1 }, { fieldValidation: 'Strict' }))).toBe(
      'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.other"',
    );
  });

  const bounded = crontabs(
    {
      image: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
      replicas: { type: 'integer', minimum: 1, maximum: 10 },
      mode: { type: 'string', enum: ['fast', 'slow'] },
      at: { type: 'string', format: 'date-time' },
      list: { type: 'array', maxItems: 1, items: { type: 'string' } },
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      either: {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        oneOf: [{ required: ['a'] }, { required: ['b'] }],
      },
    },
    {},
    { required: ['image'] },
  );
  it.each<[object, string]>([
    [{}, 'spec.image: Required value'],
    [{ image: 1 }, 'spec.image: Invalid value: "integer": spec.image in body must be of type string: "integer"'],
    [{ image: 'A' }, 'spec.image: Invalid value: "A": spec.image in body should match \'^[a-z]+$\''],
    [{ image: 'abcdef' }, 'spec.image: Too long: may not be more than 5 bytes'],
    [
      { image: 'a', replicas: 0 },
      'spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1',
    ],
    [
      { image: 'a', replicas: 11 },
      'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
    ],
    [
      { image: 'a', replicas: 1.5 },
      'spec.replicas: Invalid value: "number": spec.replicas in body must be of type integer: "number"',
    ],
    [{ image: 'a', mode: 'x' }, 'spec.mode: Unsupported value: "x": supported values: "fast", "slow"'],
    [{ image: 'a', at: 'x' }, 'spec.at: Invalid value: "x": spec.at in body must be of type date-time: "x"'],
    [{ image: 'a', list: ['a', 'b'] }, 'spec.list: Too many: 2: must have at most 1 item'],
    [{ image: 'a', set: ['a', 'a'] }, 'spec.set[1]: Duplicate value: "a"'],
    [
      { image: 'a', either: { a: '', b: '' } },
      '<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  ])('%j is refused', (spec, sentence) => {
    define(bounded);
    expect(messageOf(create('a', spec))).toBe(`CronTab.stable.example.com "a" is invalid: ${sentence}`);
  });

  it('may keep what was wrong before, as long as nobody touches it', () => {
    define(crontabs({ a: { type: 'string' }, b: { type: 'string' } }));
    create('x', { a: 'long', b: 'y' });
    const next = crontabs({ a: { type: 'string', maxLength: 2 }, b: { type: 'string' } });
    const { resourceVersion } = definition().metadata;
    ask({
      verb: 'update',
      resource: definitionsKey,
      namespace: undefined,
      name: key,
      body: { ...next, metadata: { name: key, resourceVersion } },
    });
    const patch = (spec: object): ApiResponse => ask({ verb: 'patch', name: 'x', patchType: 'merge', body: { spec } });
    expect(patch({ b: 'z' }).code).toBe(200);
    expect(messageOf(patch({ a: 'longer' }))).toContain('spec.a: Too long: may not be more than 2 bytes');
  });

  it('has a status and a scale of their own, and a generation that counts its spec', () => {
    define(crontabs(
      { replicas: { type: 'integer' } },
      {
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
    ));
    ask({ verb: 'create', body: { metadata: { name: 'a' }, spec: { replicas: 1 }, status: { replicas: 7 } } });
    expect(stored('a')).not.toHaveProperty('status');
    const part = (subresource: 'status' | 'scale', body: object): ApiResponse =>
      ask({ verb: 'patch', name: 'a', subresource, patchType: 'merge', body });
    part('status', { spec: { replicas: 9 }, status: { replicas: 2 } });
    expect(stored('a')).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 2 } });
    expect(part('scale', { spec: { replicas: 5 } }).body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 5 },
      status: { replicas: 2 },
    });
    expect(stored('a')).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
    expect(messageOf(part('status', { status: { replicas: 'x' } }))).toContain(
      'status.replicas: Invalid value: "string"',
    );
  });

  it('cannot be overwritten unseen', () => {
    define(crontabs({}));
    create('a', {});
    expect(messageOf(ask({ verb: 'update', name: 'a', body: { metadata: { name: 'a' }, spec: {} } }))).toBe(
      'crontabs.stable.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    );
  });

  it('is shown in every version that is served, in the shape of each', () => {
    const one = crontabs({ a: { type: 'string' } }) as { spec: { versions: { name: string; storage: boolean }[] } };
    const two = crontabs({ a: { type: 'string' }, b: { type: 'string', default: 'new' } }) as typeof one;
    one.spec.versions.push({ ...two.spec.versions[0]!, name: 'v2', storage: false });
    define(one);
    const v2 = 'crontabs.v2.stable.example.com';
    create('old', { a: 'x' });
    expect(ask({ verb: 'get', name: 'old', resource: v2 }).body).toMatchObject({
      apiVersion: 'stable.example.com/v2',
      spec: { a: 'x', b: 'new' },
    });
    ask({ verb: 'create', resource: v2, body: { metadata: { name: 'young' }, spec: { b: 'y' } } });
    expect(stored('young')).toMatchObject({ apiVersion: 'stable.example.com/v1', spec: {} });
    expect(itemsOf(ask({ verb: 'list', resource: v2 }))).toMatchObject([
      { apiVersion: 'stable.example.com/v2' },
      { apiVersion: 'stable.example.com/v2', spec: { b: 'y' } },
    ]);
  });

  it('is shown with defaults that its definition got later', () => {
    define(crontabs({ a: { type: 'string' } }));
    create('old', {});
    const next = crontabs({ a: { type: 'string', default: 'later' } });
    const { resourceVersion } = definition().metadata;
    ask({
      verb: 'update',
      resource: definitionsKey,
      namespace: undefined,
      name: key,
      body: { ...next, metadata: { name: key, resourceVersion } },
    });
    expect(stored('old')['spec']).toEqual({ a: 'later' });
  });

  it('can be selected by the fields that its definition names', () => {
    define(crontabs({ mode: { type: 'string' } }, { selectableFields: [{ jsonPath: '.spec.mode' }] }));
    create('a', { mode: 'fast' });
    create('b', { mode: 'slow' });
    const select = (fieldSelector: string): ApiResponse => ask({ verb: 'list', options: { fieldSelector } });
    expect(itemsOf(select('spec.mode=fast')).map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(messageOf(select('spec.x=1'))).toContain('field label not supported: spec.x');
  });

  it('goes with its namespace and with its owner', () => {
    define(crontabs({}));
    ask({ verb: 'create', resource: 'namespaces', namespace: undefined, body: { metadata: { name: 'shop' } } });
    ask({ verb: 'create', namespace: 'shop', body: { metadata: { name: 'a' } } });
    const owner = create('owner', {}).body as KubeObject;
    const ownerReferences = [
      { apiVersion: 'stable.example.com/v1', kind: 'CronTab', name: 'owner', uid: owner.metadata.uid },
    ];
    ask({ verb: 'create', resource: 'configmaps', body: { metadata: { name: 'owned', ownerReferences } } });
    session.advance(session.now + 1000);
    ask({ verb: 'delete', name: 'owner' });
    ask({ verb: 'delete', resource: 'namespaces', namespace: undefined, name: 'shop' });
    session.advance(session.now + 20_000);
    expect(ask({ verb: 'get', resource: 'configmaps', name: 'owned' }).code).toBe(404);
    expect(ask({ verb: 'get', resource: 'namespaces', namespace: undefined, name: 'shop' }).code).toBe(404);
    expect(ask({ verb: 'get', namespace: 'shop', name: 'a' }).code).toBe(404);
  });
});

describe('rules of a schema', () => {
  const ruled = (rules: object[], properties: object = {}): object =>
    crontabs(
      { min: { type: 'integer' }, max: { type: 'integer' }, name: { type: 'string' }, ...properties },
      {},
      { 'x-kubernetes-validations': rules },
    );
  const refused = (spec: object): string =>
    messageOf(create('a', spec)).replace('CronTab.stable.example.com "a" is invalid: ', '');

  it('refuse an object with their message, or with themselves', () => {
    define(ruled([
      { rule: 'self.min <= self.max', message: 'min must not exceed max' },
      { rule: '!has(self.name) || self.name.startsWith("a")' },
      { rule: 'self.max < 100', messageExpression: '"max is %d".format([self.max])' },
    ]));
    expect(create('right', { min: 1, max: 2, name: 'abc' }).code).toBe(201);
    expect(refused({ min: 3, max: 2, name: 'b' })).toBe(
      '[spec: Invalid value: min must not exceed max, spec: Invalid value: failed rule: !has(self.name) || self.name.startsWith("a")]',
    );
    expect(refused({ min: 1, max: 200 })).toBe('spec: Invalid value: max is 200');
    expect(refused({ min: 1 })).toBe(
      '[spec: Invalid value: "object": no such key: max evaluating rule: min must not exceed max, spec: Invalid value: "object": no such key: max evaluating rule: self.max < 100]',
    );
    expect(refused({ min: 'x', max: 1 })).toBe(
      '[spec.min: Invalid value: "string": spec.min in body must be of type integer: "string", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    );
  });

  it('can compare with what was before', () => {
    const name = {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'name is immutable' }],
    };
    define(ruled([], { name }));
    create('a', { name: 'x' });
    const patch = (spec: object): ApiResponse => ask({ verb: 'patch', name: 'a', patchType: 'merge', body: { spec } });
    expect(patch({ min: 2 }).code).toBe(200);
    expect(messageOf(patch({ name: 'y' }))).toContain('spec.name: Invalid value: "y": name is immutable');
  });

  it('know items of lists, keys of maps, quantities and times', () => {
    const list = {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' }, cpu: { type: 'string' } } },
    };
    const map = { type: 'object', additionalProperties: { type: 'integer' } };
    const from = { type: 'string', format: 'date-time' };
    define(ruled(
      [
        { rule: 'self.list.all(item, quantity(item.cpu).isLessThan(quantity("2")))', message: 'too much' },
        { rule: 'self.map.all(key, self.map[key] > 0)', message: 'not positive' },
        { rule: 'self.from > timestamp("2026-01-01T00:00:00Z")', message: 'too early' },
        { rule: 'self.list.map(item, item.name).isSorted()', message: 'not sorted' },
      ],
      { list, map, from },
    ));
    const right = { list: [{ name: 'a', cpu: '500m' }], map: { a: 1 }, from: '2026-02-01T00:00:00Z' };
    expect(refused(right)).toBe('');
    const wrong = {
      list: [
        { name: 'b', cpu: '3' },
        { name: 'a', cpu: '1' },
      ],
      map: { a: 0 },
      from: '2025-02-01T00:00:00Z',
    };
    expect(messageOf(create('b', wrong))).toContain(
      '[spec: Invalid value: too much, spec: Invalid value: not positive, spec: Invalid value: too early, spec: Invalid value: not sorted]',
    );
  });

  it.each([
    ['self.nope > 1', "compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope > 1\n | ....^"],
    [
      'self.min + self.name == 1',
      "compilation failed: ERROR: <input>:1:10: found no matching overload for '_+_' applied to '(int, string)'\n | self.min + self.name == 1\n | .........^",
    ],
    [
      'other',
      "compilation failed: ERROR: <input>:1:1: undeclared reference to 'other' (in container '')\n | other\n | ^",
    ],
    ['self.min', 'cel expression must evaluate to a bool'],
  ])('%s is not accepted in a definition', (rule, sentence) => {
    const refusal = messageOf(define(ruled([{ rule }])));
    expect(refusal).toContain(
      'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {',
    );
    expect(refusal).toContain(sentence);
  });
});
