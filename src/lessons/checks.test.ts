import { expect, test } from 'vitest';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import type { Deed, TrafficSecond } from '../protocol/index.ts';
import { all, count, done, is, lasting, pods, ready, traffic } from './build.ts';
import { beginCheck, dueAt, holds, observeCheck, verdictOf, type CheckMemory } from './checks.ts';
import type { Check, Value } from './lesson.ts';
import { at } from './path.ts';
import type { Scene } from './scene.ts';

const pod = (name: string, isReady: boolean, more: object = {}): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, labels: { app: 'web' }, ...more },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  }) as unknown as KubeObject;

/** Ready pods web-1 … web-n. */
const readyPods = (n: number): KubeObject[] => Array.from({ length: n }, (_, i) => pod(`web-${i + 1}`, true));

interface Given {
  readonly now: number;
  readonly pods?: readonly KubeObject[];
  readonly deeds?: readonly string[];
  readonly traffic?: readonly Partial<TrafficSecond>[];
}

const sceneOf = ({ now, pods: list = [], deeds = [], traffic: seconds = [] }: Given): Scene => ({
  now,
  objects: (resource) => (resource === 'pods' ? list : []),
  traffic: () =>
    seconds.map((second) => ({
      source: 'users',
      second: 0,
      ok: 0,
      failed: 0,
      p50: 0,
      p95: 0,
      byImage: {},
      byPod: {},
      ...second,
    })),
  deeds: deeds.map((code, seq): Deed => ({ seq, at: now, cause: 0, by: 'you', code })),
  reach: () => null,
});

/** How a check does at each of these scenes. */
function run(check: Check, scenes: readonly Given[]): string[] {
  let memory: CheckMemory | undefined;
  return scenes.map((given) => {
    const scene = sceneOf(given);
    memory = memory ? observeCheck(check, memory, scene) : beginCheck(check, scene);
    const { state, value } = verdictOf(check, memory, scene);
    return `${state} ${value}`;
  });
}

const three = count(ready('app=web'), '=', 3);
const most = { max: { count: pods('app=web') } } as const;
const fewest = { min: { count: ready('app=web') } } as const;

test('a count leaves out what is being deleted, other labels and what is not ready', () => {
  const going = pod('web-4', true, { deletionTimestamp: '2026-01-01T00:00:00Z' });
  const other = pod('db-1', true, { labels: { app: 'db' } });
  expect(run(three, [{ now: 0, pods: [...readyPods(2), pod('web-3', false), going, other] }])).toEqual(['open 2']);
  expect(run(three, [{ now: 0, pods: [...readyPods(3), going, other] }])).toEqual(['passed 3']);
});

test('"for" must hold without a break, shows how far it is, and says when to look again', () => {
  const check = lasting(5, three);
  expect(
    run(check, [
      { now: 0, pods: readyPods(3) },
      { now: 3000, pods: readyPods(3) },
      { now: 4000, pods: readyPods(2) },
      { now: 5000, pods: readyPods(3) },
      { now: 9999, pods: readyPods(3) },
      { now: 10_000, pods: readyPods(3) },
    ]),
  ).toEqual(['holding 3', 'holding 3', 'open 2', 'holding 3', 'holding 3', 'passed 3']);
  expect(dueAt(check, beginCheck(check, sceneOf({ now: 700, pods: readyPods(3) })), 700)).toBe(5700);
});

test('what has passed once keeps what it passed with; what must last for minutes tells how long it has', () => {
  const check: Check = { once: lasting(60, three) };
  let memory = beginCheck(check, sceneOf({ now: 0, pods: readyPods(3) }));
  const told = [60_000, 61_000].map((now, i) => {
    const scene = sceneOf({ now, pods: readyPods(3 - i) });
    memory = observeCheck(check, memory, scene);
    return verdictOf(check, memory, scene);
  });
  for (const verdict of told) expect(verdict).toMatchObject({ state: 'passed', value: 3, held: 60_000 });
});

test('"never", "max" and "min" fail for good, and only what is at an extreme can', () => {
  const scenes = [1, 3, 2].map((n, i) => ({ now: i, pods: readyPods(n) }));
  expect(run({ never: three }, scenes)).toEqual(['passed 1', 'failed 3', 'failed 2']);
  expect(run(is(most, '=', 2), scenes)).toEqual(['open 1', 'failed 3', 'failed 3']);
  expect(run(is(most, '=', 3), scenes)).toEqual(['open 1', 'passed 3', 'passed 3']);
  expect(run(is(fewest, '>=', 1), scenes)).toEqual(['passed 1', 'passed 1', 'passed 1']);
  expect(run(is(fewest, '>=', 2), scenes)).toEqual(['failed 1', 'failed 1', 'failed 1']);
  expect(run(count(ready('app=web'), '=', 1), scenes)).toEqual(['passed 1', 'open 3', 'open 2']);
});

test('"since" begins anew when its value changes', () => {
  const revision: Value = { field: pods('app=web'), path: 'metadata.labels[revision]' };
  const labelled = (n: number, value: string) =>
    readyPods(n).map((p) => ({ ...p, metadata: { ...p.metadata, labels: { app: 'web', revision: value } } }));
  expect(
    run({ since: revision, check: is(most, '=', 2) }, [
      { now: 0, pods: labelled(3, '1') },
      { now: 1, pods: labelled(2, '1') },
      { now: 2, pods: labelled(1, '2') },
      { now: 3, pods: labelled(2, '2') },
    ]),
  ).toEqual(['open 3', 'open 3', 'open 1', 'passed 2']);
});

test('"within" counts from the beginning of the step', () => {
  const check: Check = { within: 1000, check: three };
  expect(run(check, [{ now: 0 }, { now: 1000, pods: readyPods(3) }, { now: 5000 }])).toEqual([
    'open 0',
    'passed 3',
    'passed 3',
  ]);
  expect(run(check, [{ now: 0 }, { now: 1001, pods: readyPods(3) }])).toEqual(['open 0', 'failed 3']);
});

test('"order" counts only what comes after the one before it', () => {
  const check: Check = { order: [done({ deeds: 'stop' }), done({ deeds: 'delete' }), done({ deeds: 'start' })] };
  const deeds = (...list: string[][]): Given[] => list.map((codes, now) => ({ now, deeds: codes }));
  expect(run(check, deeds([], ['stop'], ['delete'], ['start'])).at(-1)).toBe('passed 3');
  expect(run(check, deeds([], ['delete'], ['stop'], ['start'])).at(-1)).toBe('open 1');
});

test('"all" shows the value that fails first', () => {
  expect(run(all(is(most, '>=', 1), three), [{ now: 0, pods: readyPods(2) }])).toEqual(['open 2']);
});

test('kept and created go by uid, whatever the labels are', () => {
  const relabelled = pod('web-1', true, { labels: { app: 'debug' } });
  const scenes = [
    { now: 0, pods: readyPods(2) },
    { now: 1, pods: [relabelled, pod('web-2', true), pod('web-9', true)] },
    { now: 2, pods: [relabelled] },
  ];
  const all_ = { resource: 'pods' } as const;
  expect(run(is({ kept: pods('app=web') }, '=', 9), scenes)).toEqual(['open 2', 'open 1', 'open 0']);
  expect(run(is({ kept: all_ }, '=', 9), scenes)).toEqual(['open 2', 'open 2', 'open 1']);
  expect(run(is({ created: all_ }, '=', 9), scenes)).toEqual(['open 0', 'open 1', 'open 1']);
});

test('traffic is told of full seconds since the step began', () => {
  const seconds = [
    { second: 0, ok: 5 },
    { second: 1, ok: 3, failed: 1, byImage: { v1: 2, v2: 2 } },
    { second: 2, ok: 1, failed: 3, byImage: { v2: 4 } },
    { second: 3, failed: 99 },
  ];
  const told = (measured: Value, now: number): string =>
    run(is(measured, '=', 1e9), [
      { now: 1000, traffic: seconds },
      { now, traffic: seconds },
    ])[1]!.slice(5);
  expect(told(traffic('failed'), 3500)).toBe('4');
  expect(told(traffic('success'), 2999)).toBe('75');
  expect(told(traffic('success', 1000), 3999)).toBe('25');
  expect(told(traffic('mixed'), 3000)).toBe('1');
  expect(told(traffic({ image: 'v2' }), 3000)).toBe('75');
  expect(told(traffic('success'), 1500)).toBe('null');
});

test('a span is compared only when it has ended', () => {
  const check = is({ seconds: { from: done({ deeds: 'crash' }), to: three } }, '>=', 2);
  expect(
    run(check, [
      { now: 0 },
      { now: 1000, deeds: ['crash'] },
      { now: 9000 },
      { now: 9500, pods: readyPods(3) },
      { now: 20_000 },
    ]),
  ).toEqual(['open null', 'open 0', 'open 8', 'passed 8.5', 'passed 8.5']);
});

test('memory stays the same reference while nothing changed', () => {
  const check = all(lasting(5, three), is(most, '=', 3), { order: [three, { not: three }] });
  const scene = sceneOf({ now: 0, pods: readyPods(3) });
  const memory = beginCheck(check, scene);
  expect(observeCheck(check, memory, sceneOf({ now: 1000, pods: readyPods(3) }))).toBe(memory);
  expect(observeCheck(check, memory, sceneOf({ now: 1000, pods: readyPods(2) }))).not.toBe(memory);
  expect(holds(check, memory, scene)).toBe(false);
});

test('a path finds items by key, place and keys with dots', () => {
  const object = {
    a: [
      { name: 'x', v: 1 },
      { name: 'y', v: 2 },
    ],
    'k8s.io/z': 3,
    b: null,
  };
  expect(at(object, 'a[name=y].v')).toBe(2);
  expect(at(object, 'a[0].v')).toBe(1);
  expect(at(object, '[k8s.io/z]')).toBe(3);
  expect(at(object, 'b.c.d')).toBeUndefined();
});
