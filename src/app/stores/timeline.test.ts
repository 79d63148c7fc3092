import { beforeEach, expect, test } from 'vitest';
import { timestamp } from '../../kube/apimachinery/meta.ts';
import type { Branch, Frame, KubeObject, TrafficSecond } from '../../protocol/index.ts';
import { pod } from '../objects/fixtures.ts';
import { announceTimeline, applyHistory, forgetHistory, history } from './timeline.ts';
import { metersAt } from './traffic.ts';

const main: Branch = { id: 1, parent: null, forkedAt: 0, head: 100_000, label: '' };

function feed(change: Partial<Frame>): void {
  const frame: Frame = {
    type: 'frame',
    reset: false,
    now: 0,
    head: change.now ?? 0,
    steps: 0,
    playing: true,
    speed: 1,
    branch: 1,
    branches: [main],
    progress: null,
    upserts: [],
    deletes: [],
    deeds: [],
    activities: [],
    requests: [],
    traffic: [],
    outputs: [],
    sources: [],
    usage: [],
    machines: [],
    stopped: [],
    lesson: null,
    ...change,
  };
  applyHistory(frame);
  announceTimeline(frame, true);
}

const upsert = (object: KubeObject): Frame['upserts'] => [{ resource: 'pods', object }];
const second = (n: number, ok: number, failed: number, p95 = 10): TrafficSecond => ({
  second: n,
  source: 'users',
  ok,
  failed,
  p50: 5,
  p95,
  byImage: {},
  byPod: {},
});

beforeEach(() => {
  forgetHistory();
  feed({ reset: true });
});

test('a life begins at the creation and turns when Kubernetes says that it turned, though the frame is late', () => {
  const ready = pod('web-1', { ready: true, metadata: { uid: 'a', creationTimestamp: timestamp(1000) } });
  feed({ now: 60_000, upserts: upsert(ready) });
  const life = history().lives.get('a')!;
  expect(life.stretches.map((s) => s.kind)).toEqual(['waiting', 'ready']);
  expect(life.born).toBe(1000);
  expect(life.stretches[1]!.from).toBeLessThan(7000);
  feed({ now: 70_000, deletes: [{ resource: 'pods', key: 'default/web-1', uid: 'a' }] });
  expect(life.end).toBe(70_000);
});

test('looking at the past teaches nothing about lives', () => {
  feed({ now: 10_000, head: 50_000, upserts: upsert(pod('web-1', { metadata: { uid: 'b' } })) });
  expect(history().lives.size).toBe(0);
});

test('a fork keeps the lives before it and forgets what came after; switching back finds them again', () => {
  feed({ now: 1000, upserts: upsert(pod('web-1', { metadata: { uid: 'a', creationTimestamp: timestamp(1000) } })) });
  feed({
    now: 30_000,
    upserts: upsert(pod('web-2', { metadata: { uid: 'b', creationTimestamp: timestamp(30_000) } })),
  });
  const branches = [main, { id: 2, parent: 1, forkedAt: 10_000, head: 10_000, label: 'scale' }];
  feed({ reset: true, branch: 2, branches, now: 10_000 });
  expect([...history().lives.keys()]).toEqual(['a']);
  feed({ reset: true, branch: 1, branches, now: 30_000 });
  expect([...history().lives.keys()]).toEqual(['a', 'b']);
});

test('deeds that are sent twice are kept once', () => {
  const deed = { seq: 5, at: 10, cause: 0, by: 'you', code: 'input.kubectl' };
  feed({ deeds: [deed] });
  feed({ deeds: [deed, { ...deed, seq: 6 }] });
  expect(history().deeds.map((d) => d.seq)).toEqual([5, 6]);
});

test('the meters take the last ten seconds for success and latency, and all failures of the run', () => {
  feed({ traffic: [second(1, 0, 30, 900), second(20, 40, 0), second(21, 30, 10, 48)] });
  expect(metersAt(history().traffic, 21_500)).toEqual({ okPercent: 87.5, p95: 48, failed: 40 });
  expect(metersAt(history().traffic, 12_000)).toEqual({ okPercent: null, p95: null, failed: 30 });
  feed({ traffic: [second(21, 40, 10, 48)] });
  expect(metersAt(history().traffic, 21_500).okPercent).toBeCloseTo((100 * 80) / 90);
});

test('lives of a branch that is let go are forgotten with it', () => {
  feed({ now: 1000, upserts: upsert(pod('web-1', { metadata: { uid: 'a', creationTimestamp: timestamp(1000) } })) });
  const two = { id: 2, parent: 1, forkedAt: 10_000, head: 10_000, label: '' };
  const three = { id: 3, parent: 2, forkedAt: 10_000, head: 10_000, label: '' };
  feed({ reset: true, branch: 2, branches: [main, two], now: 10_000 });
  feed({ reset: true, branch: 3, branches: [two, three], now: 10_000 });
  expect([...history().lives.keys()]).toEqual(['a']);
  feed({ reset: true, branch: 1, branches: [main, three], now: 10_000 });
  expect(history().lives.size).toBe(0);
});
