import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../cluster.ts';
import { createClient } from '../client/index.ts';
import type { Pod } from '../apis/index.ts';

const rig = (): { world: World; run(ms: number): void } => {
  const world = createWorld({ seed: 1, nodes: 0 });
  return { world, run: (ms) => world.kernel.runUntil(world.kernel.state.now + ms) };
};

describe('the scheduler', () => {
  it('gives a pod a node that has room', () => {
    const { world, run } = rig();
    const client = createClient(world.api, 'you');
    const ctx = world.kernel.context;
    for (const name of ['a', 'b']) {
      client.create(ctx, 'nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
        status: { allocatable: { cpu: name === 'a' ? '1' : '2', memory: '4Gi', pods: '110' } },
      });
    }
    client.create(ctx, 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '1500m' } } }] },
    });
    run(1000);
    expect((client.get(ctx, 'pods', 'p', 'default') as Pod).spec?.nodeName).toBe('b');
  });
});
