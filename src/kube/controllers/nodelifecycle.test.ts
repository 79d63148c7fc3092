import { expect, test } from 'vitest';
import type { Deed } from '../../kernel/index.ts';
import { createWorld, type World } from '../cluster.ts';
import { createClient } from '../client/index.ts';
import type { KubeEvent, Node, Pod } from '../apis/index.ts';
import type { Fault } from '../inputs.ts';
import { evictionRate, zoneState } from './nodehealth.ts';

interface Bed {
  readonly world: World;
  run(seconds: number): void;
  fault(fault: Fault): void;
  node(name: string): Node | undefined;
  pods(): Pod[];
  /** Times (seconds) and messages of the node controllers' events since the last call, in order of their names. */
  told(): string[];
}

const quiet = new Set(['kubelet', 'default-scheduler', 'deployment-controller', 'replicaset-controller']);

function bed(nodes: number, replicas = nodes): Bed {
  const world = createWorld({ seed: 3, nodes });
  const { kernel, api } = world;
  const client = createClient(api, 'you');
  const seen = new Set<string>();
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] },
      },
    },
  };
  let id = 0;
  const made: Bed = {
    world,
    run: (seconds) => kernel.runUntil(kernel.state.now + seconds * 1000),
    fault(fault) {
      world.input(++id, { type: 'fault', fault });
      kernel.runUntil(kernel.state.now);
    },
    node: (name) => client.list(kernel.context, 'nodes').find((n) => n.metadata.name === name),
    pods: () => [...client.list(kernel.context, 'pods', 'default')],
    told() {
      const fresh: string[] = [];
      for (const e of client.list(kernel.context, 'events', 'default') as KubeEvent[]) {
        if (quiet.has(e.reportingComponent ?? '') || seen.has(e.metadata.name)) continue;
        seen.add(e.metadata.name);
        fresh.push(`${e.lastTimestamp!.slice(14, 19)} ${e.reason} ${e.involvedObject.kind}`);
      }
      return fresh.toSorted();
    },
  };
  made.run(10);
  client.create(kernel.context, 'deployments.apps', manifest as never);
  made.run(30);
  made.told();
  return made;
}

const ready = (node: Node | undefined): string | undefined =>
  node?.status?.conditions?.find((c) => c.type === 'Ready')?.status;

const taints = (node: Node | undefined): string[] => (node?.spec?.taints ?? []).map((t) => `${t.key}:${t.effect}`);

/**
 * The last renewal was at 40 s: Unknown at 90 s, the NoExecute taint one round later, eviction 300 s after that.
 * Recorded: golden/scenarios/node-failure-recovery.json.
 */
test('a crashed node is Unknown after 50 s, its pods leave service then and are replaced 300 s later', () => {
  const b = bed(3);
  b.fault({ fault: 'node-crash', node: 'node-2' });
  const lost = b.pods().find((p) => p.spec?.nodeName === 'node-2')!;
  b.run(49);
  expect([ready(b.node('node-2')), b.told()]).toEqual(['True', []]);
  b.run(2);
  expect(ready(b.node('node-2'))).toBe('Unknown');
  expect(b.node('node-2')!.status!.conditions).toContainEqual(
    expect.objectContaining({
      type: 'MemoryPressure',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    }),
  );
  expect(b.told()).toEqual(['01:30 NodeNotReady Node', '01:30 NodeNotReady Pod']);
  const stale = b.pods().find((p) => p.metadata.name === lost.metadata.name)!;
  expect(stale.status!.conditions!.find((c) => c.type === 'Ready')!.status).toBe('False');
  expect(taints(b.node('node-2'))).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
  b.run(8);
  expect(taints(b.node('node-2'))).toContain('node.kubernetes.io/unreachable:NoExecute');
  b.run(294);
  expect(b.pods()).toHaveLength(3);
  b.run(8);
  expect(b.told()).toEqual(['06:35 TaintManagerEviction Pod']);
  expect(b.pods().filter((p) => !p.metadata.deletionTimestamp)).toHaveLength(3);
  expect(b.pods().find((p) => p.metadata.name === lost.metadata.name)!.metadata.deletionTimestamp).toBeDefined();

  b.fault({ fault: 'node-start', node: 'node-2' });
  b.run(60);
  expect([ready(b.node('node-2')), taints(b.node('node-2'))]).toEqual(['True', []]);
  expect(b.pods().map((p) => p.metadata.name)).not.toContain(lost.metadata.name);
});

test('a node that comes back in time keeps its pods', () => {
  const b = bed(3);
  b.fault({ fault: 'node-cut', node: 'node-2' });
  b.run(120);
  expect(taints(b.node('node-2'))).toHaveLength(2);
  const before = b.pods().map((p) => p.metadata.uid);
  b.fault({ fault: 'node-reconnect', node: 'node-2' });
  b.run(400);
  expect([ready(b.node('node-2')), taints(b.node('node-2'))]).toEqual(['True', []]);
  expect(b.pods().map((p) => p.metadata.uid)).toEqual(before);
  expect(b.told()).toEqual(
    expect.arrayContaining([expect.stringMatching(/TaintManagerEviction Pod$/)]), // the cancellation
  );
});

test('when every node is silent nobody is evicted', () => {
  const b = bed(2);
  for (const node of ['node-1', 'node-2']) b.fault({ fault: 'node-cut', node });
  b.run(600);
  for (const node of ['node-1', 'node-2'])
    expect(taints(b.node(node))).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
  expect(b.pods().filter((p) => p.metadata.deletionTimestamp)).toEqual([]);
});

test('pods of a deleted node are collected after some 40 s', () => {
  const b = bed(3);
  b.fault({ fault: 'node-crash', node: 'node-2' });
  const { kernel, api } = b.world;
  createClient(api, 'you').delete(kernel.context, 'nodes', 'node-2');
  b.run(39);
  expect(b.pods().filter((p) => p.spec?.nodeName === 'node-2')).toHaveLength(1);
  b.run(25);
  expect(b.pods().filter((p) => p.spec?.nodeName === 'node-2')).toEqual([]);
  expect(b.told().map((line) => line.slice(6))).toEqual(['RemovingNode Node']);
  expect(b.pods()).toHaveLength(3);
});

test('healthy nodes at rest cost no event', () => {
  const b = bed(3);
  b.run(120);
  const { steps } = b.world.kernel.state;
  b.run(3600);
  expect(b.world.kernel.state.steps - steps).toBeLessThan(20);
});

/** Kubernetes: ComputeZoneState, setLimiterInZone. */
test.each<[ready: number, notReady: number, state: string, perSecond: number]>([
  [3, 0, 'normal', 0.1],
  [1, 2, 'normal', 0.1],
  [2, 3, 'partial', 0],
  [40, 60, 'partial', 0.01],
  [60, 40, 'normal', 0.1],
  [0, 3, 'full', 0.1],
])('%i ready and %i silent nodes: %s, %f taints per second', (ready, notReady, state, perSecond) => {
  expect(zoneState(ready, notReady)).toBe(state);
  expect(evictionRate(zoneState(ready, notReady), ready + notReady)).toBe(perSecond);
});

test('an absence of the API server is nobody’s fault: nodes stay ready, and controllers go on where they were', () => {
  const b = bed(3);
  b.fault({ fault: 'process-stop', process: 'kube-apiserver' });
  b.run(300);
  b.fault({ fault: 'process-start', process: 'kube-apiserver' });
  const { kernel, api } = b.world;
  b.run(2);
  const client = createClient(api, 'you');
  client.delete(kernel.context, 'pods', b.pods()[0]!.metadata.name, 'default');
  b.run(60);
  expect(b.told()).toEqual([]);
  expect(b.pods().filter((p) => !p.metadata.deletionTimestamp)).toHaveLength(3);
});

test('pods that terminate on a node out of service are given up', () => {
  const b = bed(3);
  b.fault({ fault: 'node-crash', node: 'node-2' });
  b.run(60);
  const { kernel, api } = b.world;
  const client = createClient(api, 'you');
  const lost = b.pods().find((p) => p.spec?.nodeName === 'node-2')!;
  client.delete(kernel.context, 'pods', lost.metadata.name, 'default');
  b.run(100);
  expect(b.pods().map((p) => p.metadata.uid)).toContain(lost.metadata.uid);
  const node = client.get(kernel.context, 'nodes', 'node-2');
  const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute', value: 'nodeshutdown' };
  const spec = { ...node.spec, taints: [...(node.spec?.taints ?? []), taint] };
  client.update(kernel.context, 'nodes', { ...node, spec });
  b.run(21);
  expect(b.pods().map((p) => p.metadata.uid)).not.toContain(lost.metadata.uid);
});

test('why a pod was replaced leads from the new pod to the crash of its node', () => {
  const b = bed(3);
  const deeds = new Map<number, Deed>();
  b.world.kernel.observer = { deed: (deed) => void deeds.set(deed.seq, deed) };
  b.fault({ fault: 'node-crash', node: 'node-2' });
  b.run(420);
  const codes: string[] = [];
  const made = [...deeds.values()].findLast((deed) => deed.code === 'replicaset.create-pod');
  for (let deed = made; deed; deed = deeds.get(deed.cause)) codes.push(deed.code);
  expect(codes).toEqual([
    'replicaset.create-pod',
    'tainteviction.delete-pod',
    'nodelifecycle.taint',
    'nodelifecycle.not-ready',
    'machine.down',
    'input.fault',
  ]);
});
