import { expect, it, test } from 'vitest';
import { has, fromFieldsV1, managedFieldsOf, type FieldsV1 } from '../apimachinery/managedfields/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { kindOf } from '../apis/index.ts';
import { openServer, type GoldenRequest, type Server } from '../../testing/golden.ts';
import type { ApiRequest } from './request.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

const apply = (manager: string, body: object | string, query = ''): GoldenRequest => ({
  method: 'PATCH',
  path: `${deployments}/web`,
  query: `fieldManager=${manager}${query}`,
  contentType: 'application/apply-patch+yaml',
  body,
});

/** A component's request on the Deployment. */
function act(server: Server, request: Partial<ApiRequest>, from = 'kube-controller-manager'): KubeObject {
  const target = { resource: 'deployments.apps', namespace: 'default', name: 'web' };
  return server.api.request(server.ctx, from, { verb: 'patch', ...target, ...request }).body as KubeObject;
}

const status = (server: Server, replicas: number): KubeObject =>
  act(server, { subresource: 'status', patchType: 'merge', body: { status: { replicas, readyReplicas: replicas } } });

/** Who owns what, as a client is told: `kubectl Apply`, `kube-controller-manager Update status`. */
const told = (object: KubeObject): Record<string, FieldsV1> =>
  Object.fromEntries(
    managedFieldsOf(kindOf('deployments.apps')!, object).map((entry) => [
      [entry.manager, entry.operation, entry.subresource].filter(Boolean).join(' '),
      entry.fieldsV1 as FieldsV1,
    ]),
  );

const made = (): Server => {
  const server = openServer();
  expect(server.send(apply('alice', web))!.code).toBe(201);
  return server;
};

it('what only components have written bears nothing, and says who made it when somebody looks', () => {
  const server = openServer();
  const { metadata, ...rest } = web;
  const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u', controller: true };
  const body = { ...rest, metadata: { ...metadata, ownerReferences: [owner] } };
  act(server, { verb: 'create', name: undefined, body });
  const object = status(server, 1);
  expect(object.metadata.managedFields).toBeUndefined();
  expect(Object.keys(told(object))).toEqual([
    'kube-controller-manager Update',
    'kube-controller-manager Update status',
  ]);
  // A client's first write keeps what was made up.
  const labelled = act(server, { patchType: 'merge', body: { metadata: { labels: { a: 'b' } } }, options: { fieldManager: 'kubectl-label' } }, 'you'); // prettier-ignore
  expect(told(labelled)['kubectl-label Update']).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } });
  expect(labelled.metadata.managedFields).toHaveLength(3);
});

it('a component owns the status that it alone writes, whatever stands there now, at the price of nothing', () => {
  const server = made();
  const first = status(server, 1);
  const second = status(server, 2);
  // The very same entries: a second write within the second costs no more than a comparison.
  expect(second.metadata.managedFields).toBe(first.metadata.managedFields);
  const key = 'kube-controller-manager Update status';
  expect(told(second)[key]).toEqual({ 'f:status': { 'f:readyReplicas': {}, 'f:replicas': {} } });
  const third = act(server, { subresource: 'status', patchType: 'merge', body: { metadata: { annotations: { 'x/revision': '1' } }, status: { readyReplicas: null } } }); // prettier-ignore
  expect(told(third)[key]).toEqual({
    'f:metadata': { 'f:annotations': { '.': {}, 'f:x/revision': {} } },
    'f:status': { 'f:replicas': {} },
  });
});

it('a client that writes into the status takes its part of it, until the component writes that again', () => {
  const server = made();
  status(server, 1);
  const bob = { subresource: 'status', patchType: 'merge', options: { fieldManager: 'bob' } } as const;
  const taken = act(server, { ...bob, body: { status: { replicas: 7 } } }, 'you');
  expect(told(taken)).toMatchObject({
    'bob Update status': { 'f:status': { 'f:replicas': {} } },
    'kube-controller-manager Update status': { 'f:status': { 'f:readyReplicas': {} } },
  });
  expect(Object.keys(told(status(server, 8)))).toEqual(['alice Apply', 'kube-controller-manager Update status']);
});

it('an autoscaler takes over the replicas, and whoever applies them is told', () => {
  const server = made();
  act(server, { verb: 'patch', subresource: 'scale', patchType: 'merge', body: { spec: { replicas: 5 } } });
  const answer = server.send(apply('alice', web))!;
  expect(answer.code).toBe(409);
  expect((answer.body as { message: string }).message).toBe(
    'Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "scale" using apps/v1: .spec.replicas',
  );
  const { replicas: _, ...spec } = web.spec;
  const object = server.send(apply('alice', { ...web, spec }))!.body as KubeObject;
  expect(object['spec']).toMatchObject({ replicas: 5 });
});

it('an apply that changes nothing writes nothing; one that shares a field writes only that', () => {
  const server = made();
  const [first, again] = [apply('alice', web), apply('alice', web)].map((request) => server.send(request)!.body);
  expect(again).toBe(first);
  const shared = server.send(apply('bob', { ...web, spec: { replicas: 2 } }))!.body as KubeObject;
  expect(shared.metadata.managedFields).toHaveLength(2);
  expect(shared.metadata.generation).toBe(1);
  const dropped = server.send(apply('alice', { ...web, spec: { ...web.spec, replicas: undefined } }))!.body as KubeObject; // prettier-ignore
  expect(dropped['spec']).toMatchObject({ replicas: 2 });
  expect(has(fromFieldsV1(told(dropped)['alice Apply']), ['f:spec', 'f:replicas'])).toBe(false);
});

it('an apply that gives a key twice is refused when fields are validated strictly', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: b\n  a: c\n';
  const path = '/api/v1/namespaces/default/configmaps/c';
  const request = { ...apply('alice', text), path };
  expect(openServer().send({ ...request, query: 'fieldManager=alice&fieldValidation=Strict' })!.body).toMatchObject({
    message:
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "a" already set in map',
  });
  expect(openServer().send(request)!.body).toMatchObject({ data: { a: 'c' } });
});

it('unknown fields and those given twice are refused in one sentence', () => {
  const text = JSON.stringify(web).replace('"replicas":2', '"replicas":2,"replicas":3,"unknown":1');
  const request = { method: 'POST', path: deployments, query: 'fieldValidation=Strict', body: text };
  expect(openServer().send(request)!.body).toMatchObject({
    message:
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.unknown", duplicate field "spec.replicas"',
  });
});

it('an apply creates only what bears its name', () => {
  expect(openServer().send(apply('alice', { ...web, metadata: {} }))!.body).toMatchObject({
    message: 'the name of the object (web based on URL) was undeterminable: name must be provided',
  });
});

it('ownership is forgotten on request, and the next apply calls what it finds before-first-apply', () => {
  const server = made();
  const forget = { method: 'PATCH', path: `${deployments}/web`, contentType: 'application/merge-patch+json' };
  const bare = server.send({ ...forget, body: { metadata: { managedFields: [{}] } } })!.body as KubeObject;
  expect(told(bare)).toEqual({});
  const scaled = server.send({ ...forget, body: { spec: { replicas: 4 } } })!.body as KubeObject;
  expect(told(scaled)).toEqual({});
  expect(server.send(apply('alice', web))!.body).toMatchObject({
    message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
  });
});

test.each(['k:{bad', 'k:5', 'v:', 'i:x', 'f'])(
  'entries with a step %j are no claim: those that are stored count',
  (step) => {
    const server = made();
    const entry = { manager: 'eve', operation: 'Update', apiVersion: 'apps/v1', fieldsType: 'FieldsV1' };
    const body = { metadata: { managedFields: [{ ...entry, fieldsV1: { 'f:spec': { [step]: {} } } }] } };
    const path = `${deployments}/web`;
    const { code, body: object } = server.send({
      method: 'PATCH',
      path,
      contentType: 'application/merge-patch+json',
      body,
    })!;
    expect([code, Object.keys(told(object as KubeObject))]).toEqual([200, ['alice Apply']]);
  },
);

test.each([
  ['x', '&force=true', 'application/merge-patch+json', 'force: Forbidden: may not be specified for non-apply patch'],
  ['', '', 'application/apply-patch+yaml', 'fieldManager: Required value: is required for apply patch'],
  ['a'.repeat(129), '', 'application/apply-patch+yaml', 'fieldManager: Too long: may not be more than 128 bytes'],
  ['x', '&fieldValidation=No', 'application/json-patch+json', 'fieldValidation: Unsupported value: "No": supported values: "", "Ignore", "Strict", "Warn"'], // prettier-ignore
])('a patch by %j%s is refused', (manager, query, contentType, sentence) => {
  const { body } = made().send({ ...apply(manager, {}, query), contentType })!;
  expect((body as { message: string }).message).toBe(`PatchOptions.meta.k8s.io "" is invalid: ${sentence}`);
});

test.each([
  [{ kind: 'Pod', apiVersion: 'v1' }, 400, 'invalid object type: /v1, Kind=Pod'],
  [{}, 400, 'invalid object type: /, Kind='],
  ['a: [1', 400, 'error decoding YAML: error converting YAML to JSON: yaml: did not find expected key'],
  [{ ...web, metadata: { name: 'web', namespace: 'x' } }, 400, 'the namespace of the provided object does not match the namespace sent on the request'], // prettier-ignore
  [{ ...web, metadata: { name: 'other' } }, 400, 'the name of the object (other) does not match the name on the URL (web)'], // prettier-ignore
  [{ ...web, metadata: { name: 'web', resourceVersion: '1' } }, 409, 'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again'], // prettier-ignore
])('an apply that names something else is refused', (body, code, message) => {
  expect(made().send(apply('alice', body))).toMatchObject({ code, body: { message } });
});
