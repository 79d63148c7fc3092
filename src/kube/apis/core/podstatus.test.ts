import { describe, expect, it } from 'vitest';
import type { V1ContainerState, V1ContainerStatus, V1Pod, V1PodStatus } from '../../../generated/types.ts';
import { podPrinted, podStatusWord } from './podstatus.ts';

const container = (state: V1ContainerState, more: Partial<V1ContainerStatus> = {}): V1ContainerStatus => ({
  name: 'app',
  image: 'nginx',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

const pod = (status: V1PodStatus | undefined, more: Partial<V1Pod> = {}): V1Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'nginx' }] },
    status,
    ...more,
  }) as V1Pod;

const deleted = { metadata: { name: 'web-1', deletionTimestamp: '2026-01-01T00:01:00Z' } } as Partial<V1Pod>;
const running = container({ running: {} }, { ready: true, started: true });

describe('the STATUS of kubectl get pods', () => {
  const cases: [string, V1Pod, string][] = [
    ['a pod that nobody has looked at yet', pod({ phase: 'Pending' }), 'Pending'],
    ['a pod without any status', pod(undefined), 'Unknown'],
    ['a running pod', pod({ phase: 'Running', containerStatuses: [running] }), 'Running'],
    [
      'a container that is being created',
      pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }),
      'ContainerCreating',
    ],
    [
      'a crash loop',
      pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }),
      'CrashLoopBackOff',
    ],
    [
      'a container killed for its memory',
      pod({
        phase: 'Running',
        containerStatuses: [container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })],
      }),
      'OOMKilled',
    ],
    [
      'an exit without a reason',
      pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] }),
      'ExitCode:3',
    ],
    [
      'one container done beside one that runs, with the pod ready',
      pod({
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } }), running],
      }),
      'Running',
    ],
    [
      'one container done beside one that runs, with the pod not ready',
      pod({
        phase: 'Running',
        containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } }), running],
      }),
      'NotReady',
    ],
    ['deletion overrules', pod({ phase: 'Running', containerStatuses: [running] }, deleted), 'Terminating'],
    ['deletion of a finished pod does not', pod({ phase: 'Succeeded' }, deleted), 'Succeeded'],
    ['a pod lost with its node', pod({ phase: 'Running', reason: 'NodeLost' }, deleted), 'Unknown'],
    ['an evicted pod', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted'],
    [
      'a scheduling gate',
      pod({
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      }),
      'SchedulingGated',
    ],
  ];
  it.each(cases)('%s', (_, given, word) => {
    expect(podStatusWord(given)).toBe(word);
  });
});

describe('init containers', () => {
  const spec = {
    containers: [{ name: 'app', image: 'nginx' }],
    initContainers: [
      { name: 'one', image: 'busybox' },
      { name: 'side', image: 'busybox', restartPolicy: 'Always' },
    ],
  } as V1Pod['spec'];
  const done = container({ terminated: { exitCode: 0, reason: 'Completed' } }, { name: 'one' });
  const side = container({ running: {} }, { name: 'side', started: true, ready: true, restartCount: 2 });

  it('are counted while they run', () => {
    const waiting = container({ waiting: { reason: 'PodInitializing' } }, { name: 'one' });
    expect(podStatusWord(pod({ phase: 'Pending', initContainerStatuses: [waiting] }, { spec }))).toBe('Init:0/2');
  });
  it('say why they fail', () => {
    const failed = container({ terminated: { exitCode: 1, reason: 'Error' } }, { name: 'one' });
    expect(podStatusWord(pod({ phase: 'Pending', initContainerStatuses: [failed] }, { spec }))).toBe('Init:Error');
  });
  it('that stay as sidecars count among the ready containers and their restarts count', () => {
    const given = pod(
      { phase: 'Running', initContainerStatuses: [done, side], containerStatuses: [running] },
      { spec },
    );
    expect(podPrinted(given)).toMatchObject({ status: 'Running', ready: 2, total: 2, restarts: 2 });
  });
});
