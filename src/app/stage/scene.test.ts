import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/apimachinery/index.ts';
import { bigBench, jobsBench, lostBench, manyBench, rollingBench, scaledBench } from './fixture-benches.ts';
import { bench, suffix } from './fixtures.ts';
import { podLook } from './podlook.ts';
import { natural } from './scene-nodes.ts';
import { serviceOfUrl } from './scene-services.ts';
import { buildScene } from './scene.ts';

const sceneOf = (b: ReturnType<typeof bench>, more: object = {}) => buildScene(b.view(more));
const change = (b: ReturnType<typeof bench>, resource: string, key: string, next: (o: KubeObject) => unknown): void =>
  void b.all.get(resource)!.set(key, next(b.all.get(resource)!.get(key)!) as KubeObject);

describe('a rolling update on the stage', () => {
  const scene = sceneOf(rollingBench());
  const [web] = scene.groups;

  it('is one group with the old column before the new', () => {
    expect(scene.groups).toHaveLength(1);
    expect(web!.columns.map((c) => [c.name, c.version.text, c.version.pattern, c.old])).toEqual([
      ['web-5d8f7', 'v1', 1, true],
      ['web-7c9bd', 'v2', 2, false],
    ]);
  });
  it('promises 8 to 13 of 10 and counts what is there without the terminating pod', () => {
    expect(web).toMatchObject({ desired: 10, min: 8, max: 13, available: 8, total: 13, availableBy: [5, 3] });
  });
  it('tells each pod by its own state', () => {
    const state = (name: string): string => scene.pods.find((p) => p.look.suffix === name)!.state;
    expect(['b7k2x', 'c5tvw', 'k9m3r', 'm4w9t', 'z3rqg', 'x2p4d'].map(state)).toEqual([
      'ready',
      'notready',
      'backoff',
      'terminating',
      'creating',
      'reserved',
    ]);
  });
  it('puts exactly the ready endpoints into the service', () => {
    expect(scene.services[0]).toMatchObject({ name: 'web', endpoints: 8, passive: false });
  });
});

describe('versions', () => {
  it('keep their look after an undo, though the ReplicaSet gets a new revision', () => {
    const b = rollingBench();
    change(b, 'replicasets.apps', 'default/web-5d8f7', (o) => ({
      ...o,
      metadata: {
        ...o.metadata,
        annotations: {
          'deployment.kubernetes.io/revision': '3',
          'deployment.kubernetes.io/revision-history': '1',
        },
      },
    }));
    const columns = sceneOf(b).groups[0]!.columns;
    expect(columns.map((c) => [c.name, c.version.text, c.old])).toEqual([
      ['web-7c9bd', 'v2', true],
      ['web-5d8f7', 'v1', false],
    ]);
  });
});

describe('versions by tag', () => {
  it('of a pod that a ReplicaSet has adopted is that of its own image', () => {
    const b = bench();
    b.node('node-1');
    const template = { spec: { containers: [{ image: 'shop:v2' }] } };
    const set = b.other('replicasets.apps', 'ReplicaSet', 'web', { spec: { replicas: 2, template }, status: {} });
    b.pod(set, 'adopted', 'node-1', 'ready');
    const spec = { nodeName: 'node-1', ...template.spec };
    b.pod(set, 'made', 'node-1', 'ready', { spec });
    expect(sceneOf(b).pods.map((p) => [p.look.suffix, p.version.text])).toEqual([
      ['adopted', 'v1'],
      ['made', 'v2'],
    ]);
  });

  const tagged = (...images: string[]): string[] => {
    const b = rollingBench();
    ['default/web-5d8f7', 'default/web-7c9bd'].forEach((key, i) =>
      change(b, 'replicasets.apps', key, (o) => ({
        ...o,
        spec: { ...(o['spec'] as object), template: { spec: { containers: [{ image: images[i] }] } } },
      })),
    );
    return sceneOf(b).groups[0]!.columns.map((c) => c.version.text);
  };
  it.each([
    [
      ['shop:v3', 'shop:v7'],
      ['v3', 'v7'],
    ],
    [
      ['shop:v3', 'shop:v3'],
      ['v1', 'v2'],
    ],
    [
      ['nginx:1.14.2', 'nginx:1.16.1'],
      ['v1', 'v2'],
    ],
  ])('of %j are %j', (images, versions) => expect(tagged(...images)).toEqual(versions));
});

describe('owners of every kind', () => {
  const scene = sceneOf(jobsBench());
  const group = (name: string) => scene.groups.find((g) => g.name === name)!;

  it('are columns, and an owner of owners is a group over them', () => {
    expect(scene.groups.map((g) => [g.kind, g.name, g.columns.map((c) => c.name)])).toEqual([
      ['StatefulSet', 'db', ['db']],
      ['CronJob', 'hello', ['hello-1', 'hello-2']],
      ['Job', 'pi', ['pi']],
      ['DaemonSet', 'agent', ['agent']],
    ]);
  });
  it('tell of a Job how far it is, and of a CronJob when it runs next', () => {
    expect(group('pi').job).toMatchObject({ succeeded: 2, active: 1, failed: 1, completions: 6, end: '' });
    expect(group('hello').cron).toMatchObject({ lastAt: 0, nextAt: 300_000, active: 1, skipped: 0 });
    const late = sceneOf(jobsBench(), { now: 910_000 }).groups.find((g) => g.name === 'hello')!;
    expect(late.cron).toMatchObject({ nextAt: 1_200_000, skipped: 3 });
    expect(group('hello').columns.map((c) => c.job?.end)).toEqual(['Complete', '']);
  });
  it('keep the numbers of a StatefulSet, which are part of the name', () => {
    const pods = scene.pods.filter((p) => p.group === group('db').uid);
    expect(pods.map((p) => [p.look.suffix, p.ordinal])).toEqual([
      ['db-0', 0],
      ['db-1', 1],
      ['db-2', 2],
    ]);
  });
  it('tell versions by the revisions they have kept, once there are two', () => {
    const b = jobsBench();
    const db = b.all.get('statefulsets.apps')!.get('default/db')!;
    const versions = (): string[] =>
      sceneOf(b)
        .pods.filter((p) => p.group === db.metadata.uid)
        .map((p) => p.version.text);
    for (const [key, hash] of [
      ['default/db-0', 'db-a'],
      ['default/db-1', 'db-b'],
    ] as const)
      change(b, 'pods', key, (o) => ({
        ...o,
        metadata: { ...o.metadata, labels: { 'controller-revision-hash': hash } },
        spec: { ...(o['spec'] as object), containers: [{ image: 'nginx:1.27' }] },
      }));
    b.other('controllerrevisions.apps', 'ControllerRevision', 'db-a', { revision: 1 }, db);
    expect(versions().slice(0, 2)).toEqual(['STS', 'STS']);
    b.other('controllerrevisions.apps', 'ControllerRevision', 'db-b', { revision: 2 }, db);
    expect(versions().slice(0, 2)).toEqual(['v1', 'v2']);
  });
  it('claim storage that their pods mount', () => {
    expect(scene.claims.map((c) => [c.name, c.phase, c.volume, c.pods.size])).toEqual([
      ['data-db-0', 'Bound', 'pv-0', 1],
      ['data-db-1', 'Bound', 'pv-1', 1],
      ['data-db-2', 'Pending', '', 1],
    ]);
  });
  it('are found even when nobody knows their kind', () => {
    const b = jobsBench();
    const custom = b.other('rollouts.example.com', 'Rollout', 'mine', { spec: { replicas: 1 } });
    b.pod(custom, 'x', 'node-1', 'ready');
    expect(sceneOf(b).groups.some((g) => g.kind === 'Rollout' && g.name === 'mine' && g.total === 1)).toBe(true);
  });
});

describe('what is laid upon a group', () => {
  const [web] = sceneOf(scaledBench()).groups;
  it('is an autoscaler whose arithmetic is told: ⌈2 × 150 / 50⌉ = 6, of which a step allows 4', () => {
    expect(web!.scaler).toMatchObject({ current: 2, wish: 6, desired: 4, reason: 'ScaleUpLimit', trouble: false });
  });
  it('is a budget over its pods', () => {
    expect(web!.budgets).toMatchObject([{ setting: 'minAvailable 3', healthy: 4, wanted: 3, allowed: 1 }]);
  });
});

describe('the network around the pods', () => {
  const b = manyBench(2);
  const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
  b.other('ingresses.networking.k8s.io', 'Ingress', 'shop', {
    spec: { rules: [{ host: 'shop.example', http: { paths: [{ path: '/', backend: backend('web') }] } }] },
  });
  b.other('networkpolicies.networking.k8s.io', 'NetworkPolicy', 'closed', {
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
  const source = { name: 'users', url: 'http://shop.example/', rps: 1, from: 'outside' as const, timeoutMs: 1000 };
  const scene = sceneOf(b, { sources: [source] });
  it('knows a gate nobody serves, and who comes through it', () => {
    expect(scene.gates).toMatchObject([{ name: 'shop', served: false, rules: [{ path: '/', service: 'web' }] }]);
    expect(scene.sources[0]!.gate).toBe(scene.gates[0]!.uid);
  });
  it('shields the pods that a policy selects, both ways', () => {
    expect(new Set(scene.pods.map((p) => p.isolated))).toEqual(new Set(['both']));
    expect(scene.policies).toMatchObject([{ name: 'closed', pods: scene.pods.length }]);
  });
});

describe('a node that is not heard', () => {
  it('keeps its pods as last known and says how long they may stay', () => {
    const scene = sceneOf(lostBench());
    const lost = scene.nodes[1]!;
    expect(lost).toMatchObject({ name: 'node-2', ready: 'Unknown', heardAt: 10_000 });
    expect(lost.taints[0]).toMatchObject({ effect: 'NoExecute', evictsAt: 350_000 });
    const pods = scene.pods.filter((p) => p.node === 'node-2');
    expect(pods.map((p) => [p.state, p.look.word])).toEqual([
      ['unknown', 'Running'],
      ['unknown', 'Running'],
    ]);
  });
  it('is shown at once when its machine is off, before the API knows', () => {
    const scene = sceneOf(rollingBench(), { machines: [{ name: 'node-1', up: false, cut: false }] });
    expect(scene.nodes[0]).toMatchObject({ ready: 'True', silent: true });
    expect(scene.pods.filter((p) => p.node === 'node-1').every((p) => p.state === 'unknown')).toBe(true);
  });
});

describe('who belongs to whom', () => {
  it('gives every owner a group, bare pods one of their own at the end, and hides the system', () => {
    const b = manyBench(3);
    b.pod(null, 'lonely', 'node-1', 'ready');
    b.add('pods', {
      ...b.pod(null, 'coredns', 'node-1', 'ready'),
      metadata: { name: 'coredns', namespace: 'kube-system', uid: 'dns' },
    } as unknown as KubeObject);
    b.all.get('pods')!.delete('default/coredns');
    const scene = sceneOf(b);
    expect(scene.groups.map((g) => g.kind)).toEqual(['Deployment', 'Deployment', 'Deployment', '']);
    expect(scene.groups.at(-1)).toMatchObject({ total: 1, available: 1, min: undefined });
    expect(scene.pods.some((p) => p.ref.key.startsWith('kube-system'))).toBe(false);
  });
  it('keeps pods whose owner is gone together under its name', () => {
    const b = rollingBench();
    b.all.delete('replicasets.apps');
    b.all.delete('deployments.apps');
    expect(sceneOf(b).groups.map((g) => [g.kind, g.name])).toEqual([
      ['ReplicaSet', 'web-5d8f7'],
      ['ReplicaSet', 'web-7c9bd'],
    ]);
  });
  it('leaves pods without a node in the queue', () => {
    const b = rollingBench();
    b.pod(b.all.get('replicasets.apps')!.get('default/web-7c9bd')!, 'q1q1q', '', 'pending');
    expect(sceneOf(b).queue.map((p) => p.look.suffix)).toEqual(['q1q1q']);
  });
});

describe('odd objects', () => {
  const odd = (resource: string, object: unknown): void => {
    const b = rollingBench();
    b.add(resource, object as KubeObject);
    expect(() => sceneOf(b)).not.toThrow();
  };
  const metadata = { name: '<img src=x onerror=alert(1)>', namespace: 'default', uid: 'odd' };
  it.each([
    ['pods', { apiVersion: 'v1', kind: 'Pod', metadata }],
    ['pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { containerStatuses: [{}] } }],
    ['nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: '__proto__', uid: 'n' } }],
    ['services', { apiVersion: 'v1', kind: 'Service', metadata }],
    ['endpointslices.discovery.k8s.io', { apiVersion: 'v1', kind: 'EndpointSlice', metadata }],
    ['deployments.apps', { apiVersion: 'apps/v1', kind: 'Deployment', metadata }],
    ['replicasets.apps', { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata }],
    ['jobs.batch', { apiVersion: 'batch/v1', kind: 'Job', metadata }],
    ['cronjobs.batch', { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { schedule: 'soon' } }],
    [
      'horizontalpodautoscalers.autoscaling',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata },
    ],
    ['poddisruptionbudgets.policy', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata }],
    ['ingresses.networking.k8s.io', { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata }],
    ['networkpolicies.networking.k8s.io', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata }],
  ])('of %s do not throw', (resource, object) => odd(resource, object));
});

describe('traffic sources', () => {
  const b = manyBench(2);
  const scene = sceneOf(b);
  it.each([
    ['http://web', 'default', 'web'],
    ['http://api.default:8080/path', 'other', 'api'],
    ['web.default.svc.cluster.local', 'x', 'web'],
    ['http://nobody', 'default', undefined],
  ])('%s from %s mean %s', (url, namespace, name) => {
    expect(serviceOfUrl(url, namespace, scene.services, b.all)?.name).toBe(name);
  });
});

describe('time on a pod', () => {
  const b = rollingBench();
  it('has the next try of a crash loop from the kubelet’s own words', () => {
    const look = podLook(b.all.get('pods')!.get('default/web-7c9bd-k9m3r') as never);
    expect(look).toMatchObject({ retryMs: 40_000, retryAt: 131_000, restarts: 3 });
  });
  it('has the end of the grace period from the deletion timestamp', () => {
    const look = podLook(b.all.get('pods')!.get('default/web-5d8f7-m4w9t') as never);
    expect(look).toMatchObject({ graceEnds: 112_000, graceSeconds: 30 });
  });
});

it('orders nodes as people count', () => {
  expect(['node-10', 'node-2', 'edge-1', 'node-1'].sort(natural)).toEqual(['edge-1', 'node-1', 'node-2', 'node-10']);
});

it('reads the same pod in the same surroundings as the same object', () => {
  const b = bigBench(10, 10);
  const first = sceneOf(b);
  const second = sceneOf(b);
  expect(second.pods.every((p, i) => p === first.pods[i])).toBe(true);
  expect(new Set(first.pods.map((p) => p.look.suffix)).size).toBe(100);
  expect(suffix(7)).toBe(suffix(7));
});
