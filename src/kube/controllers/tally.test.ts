import { expect, test } from 'vitest';
import type { Pod, ReplicaSet } from '../apis/index.ts';
import { count, tallyOf } from './tally.ts';

const rs = {
  metadata: { name: 'web', uid: 'u', generation: 3 },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web', v: '2' } } } },
} as unknown as ReplicaSet;

const pod = (i: number): Pod =>
  ({
    metadata: {
      name: `p${i}`,
      labels: { app: i % 5 === 0 ? 'other' : 'web', ...(i % 2 && { v: '2' }) },
      ownerReferences: [{ uid: i % 7 === 0 ? 'x' : 'u', controller: true }],
      ...(i % 3 === 0 && { deletionTimestamp: 'now' }),
    },
    status: {
      phase: i % 11 === 0 ? 'Failed' : 'Running',
      conditions: [{ type: 'Ready', status: i % 4 ? 'True' : 'False' }],
    },
  }) as unknown as Pod;

test('a tally kept from change to change equals one counted from scratch', () => {
  const pods = new Map<number, Pod>();
  const tally = tallyOf(rs, []);
  for (let step = 0; step < 2000; step++) {
    const slot = (step * 7919) % 40;
    const old = pods.get(slot);
    if (old) count(tally, rs, old, -1);
    pods.delete(slot);
    if (step % 4 === 3) continue;
    const next = pod((step * 31) % 997);
    pods.set(slot, next);
    count(tally, rs, next, 1);
  }
  expect(tally).toEqual(tallyOf(rs, pods.values()));
  expect(tally.active * tally.terminating * tally.stray * tally.ready * tally.labelled).toBeGreaterThan(0);
});
