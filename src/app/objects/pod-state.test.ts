import { expect, test } from 'vitest';
import { pod } from './fixtures.ts';
import { asPod, podState } from './pod-state.ts';

test.each([
  ['serves', { ready: true }, 'ready', 'Ready'],
  ['runs without being ready', {}, 'notready', 'Running'],
  ['has no node', { node: '', phase: 'Pending' }, 'pending', 'Pending'],
  [
    'starts',
    { phase: 'Pending', state: { waiting: { reason: 'ContainerCreating' } } },
    'creating',
    'ContainerCreating',
  ],
  [
    'cannot pull',
    { phase: 'Pending', state: { waiting: { reason: 'ImagePullBackOff' } } },
    'imagepull',
    'ImagePullBackOff',
  ],
  ['crashes', { state: { waiting: { reason: 'CrashLoopBackOff' } } }, 'backoff', 'CrashLoopBackOff'],
  ['was killed', { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }, 'failed', 'OOMKilled'],
  ['is done', { phase: 'Succeeded', state: { terminated: { exitCode: 0 } } }, 'succeeded', 'Completed'],
  [
    'is deleted, whatever else',
    { ready: true, metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' } },
    'terminating',
    'Terminating',
  ],
] as const)('a pod that %s', (_, given, look, word) => {
  expect(podState(asPod(pod('web-1', given)))).toMatchObject({ look, word, containers: 1 });
});
