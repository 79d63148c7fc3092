import { describe, expect, it } from 'vitest';
import { make, normalised, openServer, type GoldenRequest, type Server } from '../../testing/golden.ts';
import lines from '../../testing/golden/kubectl.json' with { type: 'json' };
import { kubectl } from '../kubectl/index.ts';
import invalidCases from '../../testing/golden/api-invalid.json' with { type: 'json' };
import requestCases from '../../testing/golden/api-requests.json' with { type: 'json' };
import validCases from '../../testing/golden/api-valid.json' with { type: 'json' };

interface Recorded {
  readonly name: string;
  readonly heldOut?: boolean;
  readonly setup?: readonly { apiVersion: string; kind: string; metadata?: object }[];
  readonly request: GoldenRequest;
  readonly response: { readonly code: number; readonly body: unknown };
}

describe('recorded from a real API server: objects that are accepted', () => {
  const server = openServer(['golden', 'golden-lr']);
  const cases = validCases as unknown as (GoldenRequest & { name: string; manifest: unknown; response: unknown })[];
  it.each(cases)('$name is stored with the same defaults', ({ manifest, response, ...request }) => {
    const answer = server.send({ ...request, body: manifest });
    expect(normalised(answer?.body)).toEqual(normalised(response));
  });
});

describe('recorded from a real API server: a sequence of requests on shared objects', () => {
  const server = openServer(['misc']);
  const versions: string[] = [];
  for (const { name, request, response, heldOut } of requestCases as unknown as Recorded[]) {
    it(name, () => {
      for (const { command, files } of madeBefore(name)) {
        const texts = Object.entries(files ?? {}).map(([file, object]) => [file, JSON.stringify(object)]);
        kubectl(server.ctx, server.api, command.slice('kubectl '.length), Object.fromEntries(texts), '');
      }
      const text = JSON.stringify(request)
        .replaceAll('<older rv>', versions[0] ?? '')
        .replaceAll('<other uid>', '11111111-2222-3333-4444-555555555555');
      const answer = server.send(JSON.parse(text) as GoldenRequest)!;
      const version = (answer.body as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
      if (version && name !== 'list-in-missing-namespace') versions.push(version);
      if (heldOut) return;
      expect({ code: answer.code, body: normalised(withoutStatus(answer.body)) }).toEqual({
        code: response.code,
        body: normalised(withoutStatus(response.body)),
      });
      expect(ownership(answer.body)).toEqual(ownership(response.body));
    });
  }
});

interface Line {
  readonly name: string;
  readonly command: string;
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Two objects of the recording were made by lines of kubectl beside it. */
function madeBefore(name: string): Line[] {
  const made =
    name === 'kubectl-apply-object'
      ? /^kubectl-apply-(create|unchanged|configured)$/
      : name === 'kubectl-create-deployment-object'
        ? /^kubectl-create-deployment$/
        : /^$/;
  return (lines as Line[]).filter((line) => made.test(line.name));
}

/** Who owns which fields, as far as an answer was recorded with that. */
function ownership(body: unknown): unknown {
  const { metadata } = body as { metadata?: { name?: string; managedFields?: readonly { time?: string }[] } };
  if (metadata?.name !== 'ssa') return undefined;
  return metadata.managedFields?.map((entry) => ({ ...entry, ...(entry.time && { time: '<time>' }) }));
}

/** Controllers ran beside the recording and wrote the Deployment's status and revision; here none runs. */
function withoutStatus(body: unknown): unknown {
  const { kind, metadata, ...rest } = body as { kind: string; metadata?: { annotations?: Record<string, string> } };
  if (kind !== 'Deployment') return body;
  const annotations = { ...metadata?.annotations };
  delete annotations['deployment.kubernetes.io/revision'];
  const kept = { ...metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
  return { kind, metadata: kept, ...rest, status: {} };
}

/** These need a claim that is bound and a definition that is established: no controllers run here. */
const needMore = /^(?:pvc-shrink-bound|cr-schema-violation)$/;

const limits = [
  { type: 'Container', max: { cpu: '1', memory: '1Gi' }, min: { cpu: '10m' } },
  { type: 'PersistentVolumeClaim', max: { storage: '10Gi' } },
];
const quotas = {
  'inv-quota': ['rq', { 'requests.cpu': '2', pods: '5', 'services.loadbalancers': '0' }],
  'inv-quota0': ['rq0', { pods: '0', secrets: '0', 'count/deployments.apps': '0' }],
} as const;

/** The namespaces that were there before the requests, with what they allow. */
function prepared(): Server {
  const server = openServer(['inv', 'inv-term', 'inv-lr', ...Object.keys(quotas)]);
  const held = { name: 'held', finalizers: ['a.b/c'] };
  make(server, { apiVersion: 'v1', kind: 'ConfigMap', metadata: held }, 'inv-term');
  server.client.delete(server.ctx, 'namespaces', 'inv-term');
  for (const [name, level] of Object.entries({ 'inv-pss': 'restricted', 'inv-pssb': 'baseline' })) {
    const labels = { 'pod-security.kubernetes.io/enforce': level };
    make(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, '');
  }
  make(server, { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'lr' }, spec: { limits } } as never, 'inv-lr');
  for (const [namespace, [name, hard]] of Object.entries(quotas)) {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name, namespace }, spec: { hard } };
    make(server, quota, namespace);
    // The quota controller would count nothing.
    const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, '0']));
    const body = { ...quota, status: { hard, used } };
    const write = { verb: 'update', resource: 'resourcequotas', subresource: 'status', namespace, name, body } as const;
    server.api.request(server.ctx, 'you', write);
  }
  return server;
}

describe('recorded from a real API server: requests that are refused', () => {
  for (const { name, setup = [], request, response } of invalidCases as unknown as Recorded[]) {
    if (needMore.test(name)) continue;
    it(name, () => {
      const server = prepared();
      const namespace = /namespaces\/([^/]+)/.exec(request.path)?.[1] ?? 'inv';
      for (const object of setup) make(server, object, namespace);
      const answer = server.send(request)!;
      expect(answer.code).toBe(response.code);
      if (response.code >= 300) expect(normalised(answer.body)).toEqual(normalised(response.body));
    });
  }
});
