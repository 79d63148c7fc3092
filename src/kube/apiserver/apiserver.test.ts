import { describe, expect, it } from 'vitest';
import type { V1Lease, V1Service } from '../../generated/types.ts';
import { openServer, type Server } from '../../testing/golden.ts';
import { timestamp, type KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { Machines } from '../machines.ts';
import type { ApiRequest, ObjectList, RequestOptions } from './request.ts';

const configMap = (name: string, more: object = {}): never =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...more },
    data: { a: '1' },
  }) as never;

const podOf = (name: string, spec: object = {}): never =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'nginx' }], ...spec },
  }) as never;

const send = (server: Server, request: ApiRequest): { code: number; message: string; body: KubeObject } => {
  const { code, body } = server.api.request(server.ctx, 'you', request);
  return { code, message: (body as { message?: string }).message ?? '', body: body as KubeObject };
};

const remove = (server: Server, resource: string, name: string, options: RequestOptions = {}) =>
  send(server, { verb: 'delete', resource, namespace: 'default', name, options });

const revision = (server: Server): string =>
  (
    server.api.request(server.ctx, 'you', { verb: 'list', resource: 'pods' }).body as {
      metadata: { resourceVersion: string };
    }
  ).metadata.resourceVersion;

describe('updates', () => {
  it('that change nothing write nothing', () => {
    const server = openServer();
    const stored = server.client.create(server.ctx, 'configmaps', configMap('c'));
    const before = revision(server);
    server.client.update(server.ctx, 'configmaps', { ...stored, data: { a: '1' } });
    server.client.updateStatus(server.ctx, 'namespaces', server.client.get(server.ctx, 'namespaces', 'default'));
    expect(revision(server)).toBe(before);
  });

  it('count the generation when the spec changes, not when the status does', () => {
    const server = openServer();
    const rs = server.client.create(server.ctx, 'replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'r', namespace: 'default' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    } as never);
    const ready = server.client.updateStatus(server.ctx, 'replicasets.apps', { ...rs, status: { replicas: 1 } });
    expect(ready.metadata.generation).toBe(1);
    const scaled = server.client.update(server.ctx, 'replicasets.apps', {
      ...ready,
      spec: { ...ready.spec!, replicas: 2 },
    });
    expect([scaled.metadata.generation, scaled.status?.replicas]).toEqual([2, 1]);
    const labelled = { ...scaled, metadata: { ...scaled.metadata, labels: { x: 'y' } } };
    expect(server.client.update(server.ctx, 'replicasets.apps', labelled).metadata.generation).toBe(2);
  });

  it('share with the stored object what they did not touch', () => {
    const server = openServer();
    const pod = server.client.create(server.ctx, 'pods', podOf('p'));
    const next = server.client.updateStatus(server.ctx, 'pods', { ...pod, status: { phase: 'Running' } });
    expect(next.spec).toBe(pod.spec);
  });
});

describe('deletion', () => {
  it('gives a pod its grace only once a node has it, and lets it only be shortened', () => {
    const server = openServer();
    server.client.create(server.ctx, 'pods', podOf('waiting'));
    expect(remove(server, 'pods', 'waiting').code).toBe(200);
    expect(remove(server, 'pods', 'waiting').code).toBe(404);

    server.client.create(server.ctx, 'pods', podOf('placed', { nodeName: 'node-1' }));
    const grace = (options?: RequestOptions): unknown =>
      remove(server, 'pods', 'placed', options).body.metadata.deletionGracePeriodSeconds;
    expect(grace()).toBe(30);
    expect(grace({ gracePeriodSeconds: 60 })).toBe(30);
    expect(grace({ gracePeriodSeconds: 5 })).toBe(5);
    expect(grace()).toBe(5);
    const { metadata } = server.client.get(server.ctx, 'pods', 'placed', 'default');
    expect([metadata.deletionTimestamp, metadata.generation]).toEqual(['2026-01-01T00:00:05Z', 2]);
    expect(grace({ gracePeriodSeconds: 0 })).toBe(0);
    expect(send(server, { verb: 'get', resource: 'pods', namespace: 'default', name: 'placed' }).code).toBe(404);
  });

  it('turns the propagation policy into a finalizer, and the object goes when the last finalizer does', () => {
    const server = openServer();
    const finalizers = (policy: RequestOptions['propagationPolicy']): unknown => {
      server.client.create(server.ctx, 'configmaps', configMap(`c-${policy?.toLowerCase()}`));
      return remove(server, 'configmaps', `c-${policy?.toLowerCase()}`, { propagationPolicy: policy }).body.metadata
        .finalizers;
    };
    expect([finalizers('Foreground'), finalizers('Orphan'), finalizers('Background')]).toEqual([
      ['foregroundDeletion'],
      ['orphan'],
      undefined,
    ]);
    const held = server.client.get(server.ctx, 'configmaps', 'c-orphan', 'default');
    server.client.update(server.ctx, 'configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } });
    expect(server.client.list(server.ctx, 'configmaps', 'default').map((c) => c.metadata.name)).toEqual([
      'c-foreground',
    ]);
  });

  it('of a collection takes what the selector finds', () => {
    const server = openServer();
    for (const [name, tier] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
    ] as const)
      server.client.create(server.ctx, 'configmaps', configMap(name, { labels: { tier } }));
    send(server, {
      verb: 'deletecollection',
      resource: 'configmaps',
      namespace: 'default',
      options: { labelSelector: 'tier=x' },
    });
    expect(server.client.list(server.ctx, 'configmaps', 'default').map((c) => c.metadata.name)).toEqual(['b']);
  });

  it('of a namespace waits for its controller; the namespaces of the system stay', () => {
    const server = openServer(['shop']);
    expect(send(server, { verb: 'delete', resource: 'namespaces', name: 'default' })).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
    const { body } = send(server, { verb: 'delete', resource: 'namespaces', name: 'shop' });
    expect(body['status']).toEqual({ phase: 'Terminating' });
    send(server, {
      verb: 'update',
      resource: 'namespaces',
      name: 'shop',
      subresource: 'finalize',
      body: { ...body, spec: {} },
    });
    expect(send(server, { verb: 'get', resource: 'namespaces', name: 'shop' }).code).toBe(404);
  });
});

describe('lists', () => {
  it('are in key order, and come in pages', () => {
    const server = openServer();
    for (const name of ['c', 'a', 'd', 'b']) server.client.create(server.ctx, 'configmaps', configMap(name));
    const names: string[] = [];
    let token: string | undefined;
    do {
      const options = { limit: 3, continue: token };
      const { body } = server.api.request(server.ctx, 'you', {
        verb: 'list',
        resource: 'configmaps',
        namespace: 'default',
        options,
      });
      const page = body as ObjectList;
      names.push(...page.items.map((item) => item.metadata.name), '|');
      token = page.metadata.continue;
      if (token) expect(page.metadata.remainingItemCount).toBe(1);
    } while (token);
    expect(names).toEqual(['a', 'b', 'c', '|', 'd', '|']);
  });

  it('show the heartbeat of a healthy node as it would be, without its having been written', () => {
    const server = openServer();
    const machines = server.ctx.part<Machines>('machines')!;
    machines.nodes.set('node-1', {
      name: 'node-1',
      up: true,
      cut: false,
      heartbeatSince: 0,
      silentSince: null,
    } as never);
    server.client.create(server.ctx, 'leases.coordination.k8s.io', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'node-1', namespace: 'kube-node-lease' },
      spec: { renewTime: '2026-01-01T00:00:00.000000Z' },
    } as never);
    const before = revision(server);
    const renewed = (ctx = server.ctx): unknown =>
      (
        server.api.request(ctx, 'you', {
          verb: 'get',
          resource: 'leases.coordination.k8s.io',
          namespace: 'kube-node-lease',
          name: 'node-1',
        }).body as V1Lease
      ).spec?.renewTime;
    const later = Object.create(server.ctx, { now: { value: 34_000 } }) as typeof server.ctx;
    expect([renewed(), renewed(later)]).toEqual(['2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:30.000000Z']);
    machines.nodes.get('node-1')!.silentSince = 12_000;
    expect(renewed(later)).toBe('2026-01-01T00:00:00.000000Z');
    expect(revision(server)).toBe(before);
  });
});

describe('pods', () => {
  it("get default tolerations, priority, quality of service and their account's token", () => {
    const server = openServer();
    const pod = server.client.create(server.ctx, 'pods', podOf('p')) as Pod;
    expect(pod.spec?.tolerations?.map((t) => [t.key, t.tolerationSeconds])).toEqual([
      ['node.kubernetes.io/not-ready', 300],
      ['node.kubernetes.io/unreachable', 300],
    ]);
    expect([pod.spec?.priority, pod.spec?.serviceAccountName, pod.status]).toEqual([
      0,
      'default',
      { phase: 'Pending', qosClass: 'BestEffort' },
    ]);
    expect(pod.spec?.containers[0]?.volumeMounts?.[0]?.name).toBe(pod.spec?.volumes?.[0]?.name);
    expect(
      send(server, {
        verb: 'create',
        resource: 'pods',
        namespace: 'default',
        body: podOf('q', { serviceAccountName: 'nope' }),
      }),
    ).toMatchObject({
      code: 403,
      message: 'pods "q" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found',
    });
  });

  it('are bound once', () => {
    const server = openServer();
    server.client.create(server.ctx, 'pods', podOf('p'));
    const bind = (node: string) =>
      send(server, {
        verb: 'create',
        resource: 'pods',
        subresource: 'binding',
        namespace: 'default',
        name: 'p',
        body: { target: { kind: 'Node', name: node } },
      });
    expect(bind('node-1').code).toBe(201);
    expect(bind('node-2')).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "node-1"',
    });
  });
});

it('events live an hour after their last write', () => {
  const server = openServer();
  const at = (seconds: number) => Object.create(server.ctx, { now: { value: seconds * 1000 } }) as typeof server.ctx;
  const told = (name: string, seconds: number, ctx = at(seconds)) =>
    server.client.create(ctx, 'events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'default' },
      involvedObject: {},
      lastTimestamp: timestamp(seconds * 1000),
    } as never);
  const first = told('first', 0);
  told('second', 10);
  server.client.update(at(3000), 'events', { ...first, count: 2, lastTimestamp: timestamp(3_000_000) });
  told('third', 3700);
  expect(server.client.list(server.ctx, 'events', 'default').map((e) => e.metadata.name)).toEqual(['first', 'third']);
});

describe('services', () => {
  const service = (name: string, spec: object): never =>
    ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80 }], ...spec },
    }) as never;
  const create = (server: Server, name: string, spec: object) =>
    send(server, { verb: 'create', resource: 'services', namespace: 'default', body: service(name, spec) });

  it('get an address of their own, and lose it as an ExternalName', () => {
    const server = openServer();
    const kubernetes = server.client.get(server.ctx, 'services', 'kubernetes', 'default');
    expect(kubernetes.spec?.clusterIP).toBe('10.96.0.1');
    const web = create(server, 'web', {}).body as V1Service;
    expect(web.spec?.clusterIP).toMatch(/^10\.(9[6-9]|1\d\d)\.\d+\.\d+$/);
    expect(create(server, 'clash', { clusterIP: '10.96.0.1' }).message).toContain('provided IP is already allocated');
    expect((create(server, 'headless', { clusterIP: 'None' }).body as V1Service).spec?.clusterIPs).toEqual(['None']);
    const external = { ...web, spec: { type: 'ExternalName', externalName: 'x.example' } };
    expect(server.client.update(server.ctx, 'services', external).spec?.clusterIP).toBeUndefined();
  });

  it('keep their node ports while they have a type that needs them', () => {
    const server = openServer();
    const web = create(server, 'web', { type: 'NodePort' }).body as V1Service;
    const port = web.spec!.ports![0]!.nodePort!;
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(create(server, 'clash', { type: 'NodePort', ports: [{ port: 80, nodePort: port }] }).message).toContain(
      'provided port is already allocated',
    );
    const again = { ...web, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } };
    const balanced = server.client.update(server.ctx, 'services', again);
    expect([balanced.spec?.clusterIP, balanced.spec?.ports?.[0]?.nodePort]).toEqual([web.spec?.clusterIP, port]);
    const inside = server.client.update(server.ctx, 'services', {
      ...balanced,
      spec: { ...balanced.spec!, type: 'ClusterIP' },
    });
    expect(inside.spec?.ports?.[0]?.nodePort).toBeUndefined();
  });
});

describe('bad input', () => {
  const create = (
    server: Server,
    resource: string,
    body: unknown,
    options: RequestOptions = { fieldValidation: 'Strict' },
  ) => send(server, { verb: 'create', resource, namespace: 'default', body, options });

  it('is never more than data', () => {
    const server = openServer();
    const body: unknown = JSON.parse(
      '{"metadata":{"name":"h"},"data":{"__proto__":"p","constructor":"c","a":"<img onerror=alert(1)>"}}',
    );
    const { code, body: stored } = create(server, 'configmaps', body);
    expect([code, Object.keys(stored['data'] as object)]).toEqual([201, ['__proto__', 'constructor', 'a']]);
    expect(create(server, 'configmaps', JSON.parse('{"metadata":{"name":"i"},"__proto__":{"data":1}}')).message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "__proto__"',
    );
    expect(create(server, 'configmaps', { metadata: { name: '<b>' } }).code).toBe(422);
  });

  it('has limits of size and depth', () => {
    const server = openServer();
    const big = (bytes: number) => ({ metadata: { name: 'big' }, data: { a: 'x'.repeat(bytes) } });
    expect(create(server, 'configmaps', big(4_000_000))).toMatchObject({
      code: 413,
      message: 'Request entity too large: limit is 3145728',
    });
    expect(create(server, 'configmaps', big(2_000_000)).message).toBe('etcdserver: request is too large');
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(create(server, 'configmaps', { metadata: { name: 'deep' }, data: deep })).toMatchObject({ code: 400 });
  });

  it.each([null, 5, 'text', [], [1], { metadata: 5 }, { metadata: { labels: [] } }, { metadata: { name: {} } }])(
    'of any shape is answered: %j',
    (body) => {
      const server = openServer();
      for (const verb of ['create', 'update', 'patch'] as const) {
        const name = verb === 'create' ? undefined : 'kubernetes';
        const { code } = send(server, { verb, resource: 'services', namespace: 'default', name, body });
        expect([200, 400, 422, 500]).toContain(code);
      }
    },
  );
});
