import { describe, expect, it } from 'vitest';
import type { V1ContainerStatus, V1Pod } from '../../generated/types.ts';
import { containersReady, podInitialized, podReady } from './conditions.ts';
import { podPhase, shouldRestart } from './phase.ts';

/** `run`, `wait`, `exit0`, `exit1`, `back1` (waiting after exit 1), `gone` (no status). */
type State = 'run' | 'wait' | 'exit0' | 'exit1' | 'back0' | 'back1' | 'gone';

function statuses(prefix: string, states: readonly State[]): V1ContainerStatus[] {
  return states.flatMap((state, i) => {
    if (state === 'gone') return [];
    const ended = { terminated: { exitCode: state.endsWith('1') ? 1 : 0 } };
    const waiting = { waiting: { reason: 'X' } };
    return {
      name: `${prefix}${i}`,
      image: 'x',
      imageID: '',
      restartCount: 0,
      ready: state === 'run',
      started: state === 'run',
      state: state === 'run' ? { running: {} } : state.startsWith('exit') ? ended : waiting,
      lastState: state.startsWith('back') ? ended : {},
    };
  });
}

const names = (prefix: string, states: readonly State[], extra: object = {}) =>
  states.map((_, i) => ({ name: `${prefix}${i}`, ...extra }));

describe('phase', () => {
  it.each<[string, readonly State[], readonly State[], readonly State[], boolean, string]>([
    // policy, init containers, sidecars, containers, ending → phase
    ['Always', [], [], ['run'], false, 'Running'],
    ['Always', [], [], ['wait'], false, 'Pending'],
    ['Always', [], [], ['run', 'wait'], false, 'Pending'],
    ['Always', [], [], ['run', 'gone'], false, 'Pending'],
    ['Always', [], [], ['exit1'], false, 'Running'],
    ['Always', [], [], ['back1'], false, 'Running'],
    ['Always', [], [], ['exit0'], false, 'Running'],
    ['Always', [], [], ['exit0'], true, 'Succeeded'],
    ['Always', [], [], ['exit0', 'exit1'], true, 'Failed'],
    ['OnFailure', [], [], ['exit0', 'back1'], false, 'Running'],
    ['OnFailure', [], [], ['exit0', 'exit0'], false, 'Succeeded'],
    ['Never', [], [], ['exit0', 'run'], false, 'Running'],
    ['Never', [], [], ['exit0', 'exit1'], false, 'Failed'],
    ['Always', ['run'], [], ['wait'], false, 'Pending'],
    ['Always', ['exit0'], [], ['run'], false, 'Running'],
    ['Always', ['back1'], [], ['wait'], false, 'Pending'],
    ['Never', ['exit1'], [], ['wait'], false, 'Failed'],
    ['Always', [], ['run'], ['run'], false, 'Running'],
    ['Always', [], ['wait'], ['wait'], false, 'Pending'],
    ['Never', [], ['run'], ['exit0'], false, 'Running'],
    ['Never', [], ['exit1'], ['exit0'], false, 'Succeeded'],
  ])('%s init %j sidecars %j containers %j ending %j: %s', (restartPolicy, init, sidecars, apps, ending, phase) => {
    const spec = {
      restartPolicy,
      initContainers: [...names('i', init), ...names('s', sidecars, { restartPolicy: 'Always' })],
      containers: names('c', apps),
    };
    const before = [...statuses('i', init), ...statuses('s', sidecars)];
    expect(podPhase(spec, before, statuses('c', apps), ending, apps.includes('run'))).toBe(phase);
  });

  it('lets rules of a container decide about its restart before any policy', () => {
    const rules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const container = { name: 'a', restartPolicy: 'Never', restartPolicyRules: rules };
    expect(shouldRestart(container, { containers: [] }, 42)).toBe(true);
    expect(shouldRestart(container, { containers: [] }, 1)).toBe(false);
  });
});

describe('conditions', () => {
  const pod = (extra: object): V1Pod =>
    ({ metadata: {}, spec: { containers: names('c', ['run', 'run']), ...extra } }) as unknown as V1Pod;

  it.each<[readonly State[], string, object]>([
    [['run', 'run'], 'Running', { status: 'True' }],
    [
      ['run', 'wait'],
      'Pending',
      { status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [c1]' },
    ],
    [['wait', 'wait'], 'Pending', { reason: 'ContainersNotReady', message: 'containers with unready status: [c0 c1]' }],
    [
      ['gone', 'wait'],
      'Pending',
      { message: 'containers with unknown status: [c0], containers with unready status: [c1]' },
    ],
    [['exit0', 'exit0'], 'Succeeded', { status: 'False', reason: 'PodCompleted' }],
    [['exit0', 'exit1'], 'Failed', { status: 'False', reason: 'PodFailed' }],
  ])('ContainersReady of %j in %s', (states, phase, expected) => {
    const verdict = containersReady(pod({}), statuses('c', states), phase);
    expect(verdict).toMatchObject({ type: 'ContainersReady', ...expected });
    expect(podReady(pod({}), [], verdict)).toMatchObject({ type: 'Ready', ...expected });
  });

  it('Ready names every gate that is missing or false', () => {
    const gates = pod({ readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }, { conditionType: 'c' }] });
    const conditions = [
      { type: 'a', status: 'True' },
      { type: 'b', status: 'False' },
    ];
    expect(podReady(gates, conditions, { type: 'ContainersReady', status: 'True' }).message).toBe(
      'the status of pod readiness gate "b" is not "True", but False, corresponding condition of pod readiness gate "c" does not exist.',
    );
  });

  it('Initialized waits for init containers, and stays once a container has run', () => {
    const init = pod({ initContainers: names('i', ['run', 'run']) });
    const before = statuses('i', ['run', 'wait']).map((s) => ({ ...s, ready: false }));
    expect(podInitialized(init, before, 'Pending', false)).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [i0 i1]',
    });
    expect(podInitialized(init, before, 'Running', true)).toEqual({ type: 'Initialized', status: 'True' });
  });
});
