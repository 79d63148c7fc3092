import { describe, expect, it } from 'vitest';
import type { Service } from '../apis/index.ts';
import { backoffLeft, goDuration, nextBackoff } from './backoff.ts';
import { variablesOf } from './env.ts';
import { expand } from './expansion.ts';
import { parseImage } from './image-names.ts';
import { qosClass } from '../apis/core/qos.ts';
import { createWorkbench, type Workbench } from '../../testing/kubelet-workbench.ts';

const web = { name: 'app', image: 'web:1', imagePullPolicy: 'IfNotPresent' };

function bench(): Workbench {
  const b = createWorkbench();
  b.behaviour.images.add('web:1');
  return b;
}
const configMap = (b: Workbench, name: string, data: Record<string, string>): void =>
  void b.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data });
const waiting = (b: Workbench, name = 'web') => b.get(name).status!.containerStatuses![0]!.state?.waiting;

describe('expansion', () => {
  it.each([
    ['$(A)', 'a'],
    ['$(A)-$(B)', 'a-b'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$$$$(A)', '$$(A)'],
    ['$(UNKNOWN)', '$(UNKNOWN)'],
    ['$(A', '$(A'],
    ['$A', '$A'],
    ['cost: 5$', 'cost: 5$'],
    ['$(EMPTY)x', 'x'],
    ['$($(A))', '$($(A))'],
  ])('%s becomes %s', (text, result) => {
    expect(expand(text, { A: 'a', EMPTY: '' }, { A: 'hidden', B: 'b' })).toBe(result);
  });
});

describe('quality of service', () => {
  const both = (cpu: string, memory: string) => ({ cpu, memory });
  it.each([
    ['BestEffort', [{}]],
    ['Burstable', [{ requests: { cpu: '1m' } }]],
    ['Guaranteed', [{ requests: both('100m', '1Gi'), limits: both('0.1', '1024Mi') }]],
    ['Burstable', [{ requests: both('100m', '1Gi'), limits: both('200m', '1Gi') }]],
    ['Burstable', [{ requests: both('100m', '1Gi'), limits: both('100m', '1Gi') }, {}]],
    ['Burstable', [{ limits: { cpu: '1' }, requests: { cpu: '1' } }]],
  ])('is %s for %j', (expected, list) => {
    expect(qosClass({ containers: list.map((resources, i) => ({ name: `c${i}`, resources })) })).toBe(expected);
  });
});

describe('small arithmetic', () => {
  it('doubles the back-off from 10 s to 300 s, and forgets it after ten minutes', () => {
    let backoff = null as ReturnType<typeof nextBackoff> | null;
    const delays = [0, 0, 0, 0, 0, 0, 0].map(() => (backoff = nextBackoff(backoff, 0, 0)).delayMs / 1000);
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(backoffLeft(backoff, 1000, 2000)).toBe(299_000);
    expect(backoffLeft(backoff, 600_001, 600_001)).toBe(0);
    expect(nextBackoff(backoff, 600_001, 600_001).delayMs).toBe(10_000);
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [1500, '1.5s'],
    [10_000, '10s'],
    [80_000, '1m20s'],
    [300_000, '5m0s'],
    [3_600_000, '1h0m0s'],
  ])('prints %i ms as %s', (ms, text) => expect(goDuration(ms)).toBe(text));

  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['me/app:1.2', 'docker.io/me/app:1.2'],
    ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
    ['quay.io/x:v1', 'quay.io/x:v1'],
    ['Nginx', undefined],
    ['nginx:', undefined],
    ['a b', undefined],
    ['nginx:-x', undefined],
  ])('reads the image name %s as %s', (image, full) => {
    const name = parseImage(image);
    expect(typeof name === 'string' ? undefined : name.full).toBe(full);
  });

  it('makes the variables of a service', () => {
    const service = {
      metadata: { name: 'my-db' },
      spec: { clusterIP: '10.96.0.7', ports: [{ name: 'sql', port: 5432 }, { port: 80 }] },
    };
    expect(variablesOf(service as unknown as Service)).toEqual({
      MY_DB_SERVICE_HOST: '10.96.0.7',
      MY_DB_SERVICE_PORT: '5432',
      MY_DB_SERVICE_PORT_SQL: '5432',
      MY_DB_PORT: 'tcp://10.96.0.7:5432',
      MY_DB_PORT_5432_TCP: 'tcp://10.96.0.7:5432',
      MY_DB_PORT_5432_TCP_PROTO: 'tcp',
      MY_DB_PORT_5432_TCP_PORT: '5432',
      MY_DB_PORT_5432_TCP_ADDR: '10.96.0.7',
      MY_DB_PORT_80_TCP: 'tcp://10.96.0.7:80',
      MY_DB_PORT_80_TCP_PROTO: 'tcp',
      MY_DB_PORT_80_TCP_PORT: '80',
      MY_DB_PORT_80_TCP_ADDR: '10.96.0.7',
    });
  });
});

describe('environment', () => {
  it('comes from envFrom, then env, with references expanded', () => {
    const b = bench();
    configMap(b, 'cfg', { color: 'blue', mode: 'slow' });
    b.create('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: 'default' },
      data: { pass: 'c2VzYW1l' },
    });
    b.pod(
      'web',
      {
        containers: [
          {
            ...web,
            resources: { limits: { cpu: '500m', memory: '64Mi' } },
            command: ['serve', '--color=$(color)', '$$(color)'],
            args: ['$(URL)'],
            envFrom: [
              { configMapRef: { name: 'cfg' } },
              { prefix: 'S_', secretRef: { name: 'key' } },
              { configMapRef: { name: 'none', optional: true } },
            ],
            env: [
              { name: 'mode', value: 'fast' },
              { name: 'URL', value: 'http://$(color).$(mode)' },
              { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
              { name: 'TIER', valueFrom: { fieldRef: { fieldPath: "metadata.labels['tier']" } } },
              { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
              { name: 'MB', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
              { name: 'PASS', valueFrom: { secretKeyRef: { name: 'key', key: 'pass' } } },
              { name: 'MAYBE', valueFrom: { configMapKeyRef: { name: 'cfg', key: 'no', optional: true } } },
            ],
          },
        ],
      },
      { labels: { tier: 'front' } },
    );
    b.run(2000);
    const { env, command, args } = b.containers[0]!.config;
    expect(env).toMatchObject({
      color: 'blue',
      mode: 'fast',
      S_pass: 'sesame',
      URL: 'http://blue.fast',
      POD: 'web',
      IP: '10.244.1.1',
      TIER: 'front',
      CPUS: '1',
      MB: '64',
      PASS: 'sesame',
    });
    expect(env).not.toHaveProperty('MAYBE');
    expect([command, args]).toEqual([['serve', '--color=blue', '$(color)'], ['http://blue.fast']]);
  });

  it.each([
    [{ configMapKeyRef: { name: 'cfg', key: 'x' } }, 'configmap "cfg" not found'],
    [{ secretKeyRef: { name: 'key', key: 'x' } }, 'secret "key" not found'],
    [{ configMapKeyRef: { name: 'there', key: 'x' } }, "couldn't find key x in ConfigMap default/there"],
  ])('that needs %j waits with CreateContainerConfigError until it is there', (valueFrom, message) => {
    const b = bench();
    configMap(b, 'there', {});
    b.pod('web', { containers: [{ ...web, env: [{ name: 'X', valueFrom }] }] });
    b.run(2000);
    expect(waiting(b)).toEqual({ reason: 'CreateContainerConfigError', message });
    expect(b.events().slice(-2)).toEqual([
      'x1 Normal Pulled Container image "web:1" already present on machine and can be accessed by the pod',
      `x1 Warning Failed Error: ${message}`,
    ]);
    if (!message.startsWith('configmap')) return;
    configMap(b, 'cfg', { x: '1' });
    b.run(16_000);
    expect(b.get('web').status?.phase).toBe('Running');
    expect(b.containers[0]!.config.env['X']).toBe('1');
  });
});

describe('volumes', () => {
  it('follow a changed ConfigMap 60 to 90 s later, and cost nothing meanwhile', () => {
    const b = bench();
    configMap(b, 'cfg', { 'a.txt': 'one', 'b.txt': 'two' });
    const { uid } = b.pod('web', {
      volumes: [
        { name: 'cfg', configMap: { name: 'cfg', items: [{ key: 'a.txt', path: 'dir/a' }] } },
        { name: 'tmp', emptyDir: {} },
        { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
        {
          name: 'all',
          projected: { sources: [{ configMap: { name: 'cfg' } }, { serviceAccountToken: { path: 'token' } }] },
        },
      ],
      containers: [{ ...web, volumeMounts: [{ name: 'cfg', mountPath: '/etc/cfg' }] }],
    }).metadata;
    b.run(2000);
    const volumes = () => b.sandboxes.get(uid)!.volumes;
    expect(volumes()).toMatchObject({
      cfg: { 'dir/a': 'one' },
      tmp: {},
      info: { name: 'web' },
      all: { 'a.txt': 'one', 'b.txt': 'two', token: expect.any(String) },
    });
    const { steps } = b.kernel.state;
    b.run(600_000);
    expect(b.kernel.state.steps).toBe(steps);
    const cfg = b.client.get(b.ctx, 'configmaps', 'cfg', 'default');
    b.client.update(b.ctx, 'configmaps', { ...cfg, data: { 'a.txt': 'new', 'b.txt': 'two' } });
    b.run(59_000);
    expect(volumes()['cfg']).toEqual({ 'dir/a': 'one' });
    b.run(32_000);
    expect(volumes()['cfg']).toEqual({ 'dir/a': 'new' });
  });

  it('that are missing hold the pod in ContainerCreating with FailedMount', () => {
    const b = bench();
    b.pod('web', { volumes: [{ name: 'cfg', configMap: { name: 'cfg' } }], containers: [web] });
    b.run(8000);
    expect(waiting(b)).toEqual({ reason: 'ContainerCreating' });
    expect(b.events()).toEqual([
      'x5 Warning FailedMount MountVolume.SetUp failed for volume "cfg" : configmap "cfg" not found',
    ]);
    configMap(b, 'cfg', {});
    b.run(10_000);
    expect(b.get('web').status?.phase).toBe('Running');
  });
});

describe('what cannot be sent', () => {
  it('is sent after the return of the network', () => {
    const b = bench();
    b.pod('web', { containers: [web] });
    b.run(5000);
    const machine = b.ctx.part<{ nodes: Map<string, { cut: boolean }> }>('machines')!.nodes.get('node-1')!;
    machine.cut = true;
    b.exit(b.containers[0]!, 1);
    b.run(3000);
    expect(b.containers).toHaveLength(2);
    expect(b.get('web').status?.containerStatuses![0]!.restartCount).toBe(0);
    machine.cut = false;
    b.tell('reconnected');
    b.run(100);
    expect(b.get('web').status?.containerStatuses![0]).toMatchObject({ restartCount: 1, ready: true });
  });

  it('includes the removal of a pod that was deleted meanwhile', () => {
    const b = bench();
    b.pod('web', { containers: [web] });
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', {});
    b.run(20);
    const machine = b.ctx.part<{ nodes: Map<string, { cut: boolean }> }>('machines')!.nodes.get('node-1')!;
    machine.cut = true;
    b.run(5000);
    expect(b.has('web')).toBe(true);
    machine.cut = false;
    b.tell('reconnected');
    b.run(100);
    expect(b.has('web')).toBe(false);
  });
});

it('refuses a pod that was put on this node by hand and does not fit', () => {
  const b = bench();
  b.pod('web', { containers: [{ ...web, resources: { requests: { cpu: '3' } } }] });
  b.run(1000);
  expect(b.get('web').status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000",
  });
  expect(b.containers).toHaveLength(0);
});
