import { expect, test } from 'vitest';
import type { Deed } from '../protocol/index.ts';
import { cardsOf, gapBefore } from './chain.ts';

const deed = (code: string, at: number, uid = 'u'): Deed => ({ seq: at, at, cause: 0, by: 'x', code, uid });

test('tries of the same thing in a row are one card', () => {
  const chain = [
    deed('kubelet.pull-failed', 32),
    deed('kubelet.pull-failed', 12),
    deed('scheduler.bind', 1),
    deed('input.kubectl', 0),
  ];
  expect(cardsOf(chain).map((d) => d.at)).toEqual([32, 1, 0]);
});

test('a long chain keeps its ends and at most seven cards; what explains least goes first', () => {
  const chain = [
    deed('kubelet.probe-succeeded', 110),
    deed('kubelet.container-started', 100),
    deed('kubelet.container-created', 90),
    deed('kubelet.pulled', 80),
    deed('scheduler.bind', 70),
    deed('replicaset.create-pod', 60),
    deed('tainteviction.delete-pod', 50),
    deed('nodelifecycle.taint', 40),
    deed('nodelifecycle.not-ready', 30),
    deed('machine.down', 20),
    deed('input.fault', 10),
  ];
  expect(cardsOf(chain).map((d) => d.code)).toEqual([
    'kubelet.probe-succeeded',
    'scheduler.bind',
    'replicaset.create-pod',
    'tainteviction.delete-pod',
    'nodelifecycle.not-ready',
    'machine.down',
    'input.fault',
  ]);
});

test('only a long pause between two causes is said', () => {
  expect(gapBefore(deed('x', 50_000), deed('y', 350_000))).toBe(300_000);
  expect(gapBefore(deed('x', 1000), deed('y', 2000))).toBeNull();
  expect(gapBefore(deed('x', 1000), undefined)).toBeNull();
});
