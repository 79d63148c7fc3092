import { describe, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../../testing/kubelet-workbench.ts';
import type { Activity } from '../observations.ts';

const app = (extra: object = {}): { name: string; image: string; imagePullPolicy: string } => ({
  name: 'app',
  image: 'web:1',
  imagePullPolicy: 'IfNotPresent',
  ...extra,
});
const status = (b: Workbench, name = 'web') => b.get(name).status!;
const container = (b: Workbench, name = 'web') => status(b, name).containerStatuses![0]!;
const conditions = (b: Workbench, name = 'web'): string =>
  status(b, name)
    .conditions!.map((c) => `${c.type}=${c.status}${c.reason ? `/${c.reason}` : ''}`)
    .join(' ');
/** Starts of the container named `app`, in seconds after the first. */
const starts = (b: Workbench, name = 'app'): number[] => {
  const at = b.containers.filter((c) => c.config.name === name).map((c) => c.startedAt);
  return at.map((t) => Math.round((t - at[0]!) / 1000));
};

describe('a node', () => {
  it('registers with its lease and healthy conditions', () => {
    const b = createWorkbench();
    const node = b.client.get(b.ctx, 'nodes', 'node-1');
    expect(node.status?.conditions?.map((c) => `${c.type}=${c.status}/${c.reason}: ${c.message}`)).toEqual([
      'MemoryPressure=False/KubeletHasSufficientMemory: kubelet has sufficient memory available',
      'DiskPressure=False/KubeletHasNoDiskPressure: kubelet has no disk pressure',
      'PIDPressure=False/KubeletHasSufficientPID: kubelet has sufficient PID available',
      'Ready=True/KubeletReady: kubelet is posting ready status',
    ]);
    expect(node.status?.capacity).toMatchObject({ cpu: '2', memory: '4Gi', pods: '110' });
    expect(node.status?.nodeInfo?.kubeletVersion).toBe('v1.36.2');
    const lease = b.client.get(b.ctx, 'leases.coordination.k8s.io', 'node-1', 'kube-node-lease');
    expect(lease.spec).toMatchObject({ holderIdentity: 'node-1', leaseDurationSeconds: 40 });
  });

  it('makes its lease again at the next renewal when somebody has deleted it', () => {
    const b = createWorkbench();
    const leases = 'leases.coordination.k8s.io';
    const { uid } = b.client.get(b.ctx, leases, 'node-1', 'kube-node-lease').metadata;
    b.client.delete(b.ctx, leases, 'node-1', 'kube-node-lease');
    b.run(10_000);
    expect(b.client.get(b.ctx, leases, 'node-1', 'kube-node-lease').metadata.uid).not.toBe(uid);
  });
});

it('lists pulled images in its node, with the next look at its status', () => {
  const b = createWorkbench();
  b.pod('a', { containers: [app({ image: 'a:1' })] });
  b.pod('b', { containers: [app({ image: 'b:1' })] });
  b.run(15_000);
  expect(b.client.get(b.ctx, 'nodes', 'node-1').status?.images).toEqual([
    {
      names: [expect.stringMatching(/^docker.io\/library\/a@sha256:[0-9a-f]{64}$/), 'docker.io/library/a:1'],
      sizeBytes: 1234,
    },
    { names: [expect.stringContaining('b@sha256:'), 'docker.io/library/b:1'], sizeBytes: 1234 },
  ]);
  expect(b.deeds.filter((d) => d.code === 'kubelet.node-status')).toHaveLength(1);
});

it('writes its conditions again when somebody else changed them, and leaves the others alone', () => {
  const b = createWorkbench();
  b.pod('web', { containers: [app()] });
  b.run(5000);
  const pod = b.get('web');
  const changed = pod.status!.conditions!.map((c) => (c.type === 'Ready' ? { ...c, status: 'False' } : c));
  b.client.updateStatus(b.ctx, 'pods', {
    ...pod,
    status: { ...pod.status, conditions: [...changed, { type: 'x/mine', status: 'True' }] },
  });
  b.run(100);
  expect(conditions(b)).toBe(
    'x/mine=True PodReadyToStartContainers=True Initialized=True Ready=True ContainersReady=True PodScheduled=True',
  );
  const writes = (): number => b.deeds.filter((d) => d.code === 'kubelet.status').length;
  const before = writes();
  b.run(60_000);
  expect(writes()).toBe(before);
});

it('replaces a container whose image was changed', () => {
  const b = createWorkbench();
  b.pod('web', { containers: [app()] });
  b.run(5000);
  const pod = b.get('web');
  b.client.update(b.ctx, 'pods', {
    ...pod,
    spec: { ...pod.spec!, containers: [{ ...pod.spec!.containers[0]!, image: 'web:2' }] },
  });
  b.run(5000);
  expect(container(b)).toMatchObject({ restartCount: 1, image: 'docker.io/library/web:2', ready: true });
  expect(b.get('web').status?.observedGeneration).toBe(2);
  expect(b.events()).toContain('x1 Normal Killing Container app definition changed, will be restarted');
});

describe('a pod from its binding to its end', () => {
  it('goes through ContainerCreating and the pull to Running, in three status writes', () => {
    const b = createWorkbench();
    b.pod('web', { containers: [app()] });
    b.run(100);
    expect(status(b).phase).toBe('Pending');
    expect(container(b).state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(conditions(b)).toBe(
      'PodReadyToStartContainers=False Initialized=True Ready=False/ContainersNotReady ContainersReady=False/ContainersNotReady PodScheduled=True',
    );
    b.run(400);
    expect(conditions(b)).toContain('PodReadyToStartContainers=True');
    expect(status(b).podIP).toBeUndefined();
    b.run(2000);
    expect(status(b)).toMatchObject({
      phase: 'Running',
      podIP: '10.244.1.1',
      hostIP: '10.0.0.1',
      qosClass: 'BestEffort',
    });
    expect(container(b)).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      containerID: 'containerd://c1',
      image: 'docker.io/library/web:1',
    });
    expect(conditions(b)).toBe(
      'PodReadyToStartContainers=True Initialized=True Ready=True ContainersReady=True PodScheduled=True',
    );
    expect(b.events()).toEqual([
      'x1 Normal Pulling Pulling image "web:1"',
      'x1 Normal Pulled Successfully pulled image "web:1" in 1s (1s including waiting). Image size: 1234 bytes.',
      'x1 Normal Created Container created',
      'x1 Normal Started Container started',
    ]);
    expect(b.deeds.filter((d) => d.code === 'kubelet.status')).toHaveLength(3);
  });

  it('costs no event while it rests', () => {
    const b = createWorkbench();
    b.pod('web', {
      containers: [app({ readinessProbe: { httpGet: { port: 80 } }, livenessProbe: { tcpSocket: { port: 80 } } })],
    });
    b.run(60_000);
    const { steps } = b.kernel.state;
    b.run(3_600_000);
    expect(b.kernel.state.steps - steps).toBe(0);
  });

  it('is deleted within its grace: SIGTERM, last status, removal with grace 0', () => {
    const b = createWorkbench();
    b.behaviour.term = { afterMs: 5000, exitCode: 143 };
    const { uid } = b.pod('web', { containers: [app()] }).metadata;
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', {});
    const removals: number[] = [];
    b.kernel.observer = {
      ...b.kernel.observer,
      observe(told) {
        const { type, verb, code } = told as Activity;
        if (type === 'activity' && verb === 'delete') removals.push(code);
      },
    };
    b.run(4900);
    expect(b.get('web').metadata.deletionTimestamp).toBeDefined();
    expect(container(b).ready).toBe(true);
    b.run(300);
    expect(b.has('web')).toBe(false);
    expect(removals).toEqual([200]);
    expect(b.requests.at(-1)?.what).toBe('stop app 30000');
    expect(b.events().at(-1)).toBe('x1 Normal Killing Stopping container app');
    expect(b.sandboxes.has(uid)).toBe(false);
    const last = b.deeds.findLast((d) => d.code === 'kubelet.status');
    expect(last?.params).toEqual({ phase: 'Failed' });
  });

  it('is killed with 137 when it does not listen, and sooner when the grace is shortened', () => {
    const b = createWorkbench();
    b.behaviour.term = undefined;
    b.pod('web', { containers: [app()] });
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', {});
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', { options: { gracePeriodSeconds: 3 } });
    b.run(2900);
    expect(b.has('web')).toBe(true);
    b.run(200);
    expect(b.has('web')).toBe(false);
    expect(b.containers[0]!.exitCode).toBe(137);
  });

  it('runs preStop within the grace period', () => {
    const b = createWorkbench();
    b.behaviour.term = undefined;
    b.pod('web', {
      terminationGracePeriodSeconds: 20,
      containers: [app({ lifecycle: { preStop: { sleep: { seconds: 5 } } } })],
    });
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', {});
    b.run(5010);
    expect(b.requests.at(-1)?.what).toBe('stop app 15000');
    b.run(15_100);
    expect(b.has('web')).toBe(false);
  });

  it('that is forced out of the API goes on ending on the machine', () => {
    const b = createWorkbench();
    const { uid } = b.pod('web', { containers: [app()] }).metadata;
    b.run(5000);
    b.client.delete(b.ctx, 'pods', 'web', 'default', { options: { gracePeriodSeconds: 0 } });
    b.run(500);
    expect(b.sandboxes.has(uid)).toBe(false);
    expect(b.containers[0]!.state).toBe('exited');
  });
});

describe('restarts', () => {
  it('backs off 10, 20, 40, 80 s; the first restart comes at once', () => {
    const b = createWorkbench();
    b.behaviour.life = () => ({ afterMs: 1000, exitCode: 1 });
    const { uid } = b.pod('web', { containers: [app()] }).metadata;
    b.run(400_000);
    expect(starts(b).slice(0, 6)).toEqual([0, 1, 12, 33, 74, 156]);
    expect(container(b)).toMatchObject({
      restartCount: 6,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 5m0s restarting failed container=app pod=web_default(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(status(b).phase).toBe('Running');
    expect(b.events().filter((e) => e.includes('BackOff'))).toEqual([
      // Six, but this pod has used up the 25 events that a pod may have at once.
      `x5 Warning BackOff Back-off restarting failed container app in pod web_default(${uid})`,
    ]);
  });

  it('shows the end of a container before the back-off', () => {
    const b = createWorkbench();
    b.behaviour.images.add('web:1');
    b.behaviour.life = () => ({ afterMs: 1000, exitCode: 3, reason: 'OOMKilled' });
    b.pod('web', { containers: [app()] });
    b.run(1600); // the second container runs
    expect(container(b)).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, reason: 'OOMKilled' } },
    });
    b.run(1200);
    expect(container(b).state?.terminated).toMatchObject({
      exitCode: 3,
      reason: 'OOMKilled',
      containerID: 'containerd://c2',
    });
    b.run(1000);
    expect(container(b).state?.waiting?.reason).toBe('CrashLoopBackOff');
  });

  it('forgets the back-off after ten minutes of running', () => {
    const b = createWorkbench();
    let lives = 0;
    b.behaviour.life = () =>
      ++lives <= 3 ? { afterMs: 1000, exitCode: 1 } : lives === 4 ? { afterMs: 601_000, exitCode: 1 } : undefined;
    b.pod('web', { containers: [app()] });
    b.run(700_000);
    expect(starts(b)).toEqual([0, 1, 12, 33, 634]);
  });

  it.each([
    ['Always', 0, 'Running', true],
    ['OnFailure', 0, 'Succeeded', false],
    ['OnFailure', 1, 'Running', true],
    ['Never', 0, 'Succeeded', false],
    ['Never', 1, 'Failed', false],
  ])('with policy %s and exit code %i the pod is %s', (restartPolicy, exitCode, phase, again) => {
    const b = createWorkbench();
    let lives = 0;
    b.behaviour.life = () => (++lives === 1 ? { afterMs: 1000, exitCode } : undefined);
    b.pod('web', { restartPolicy, containers: [app()] });
    b.run(10_000);
    expect(status(b).phase).toBe(phase);
    expect(b.containers.length > 1).toBe(again);
    if (!again)
      expect(conditions(b)).toBe(
        phase === 'Succeeded'
          ? 'PodReadyToStartContainers=False Initialized=True/PodCompleted Ready=False/PodCompleted ContainersReady=False/PodCompleted PodScheduled=True'
          : 'PodReadyToStartContainers=False Initialized=True Ready=False/PodFailed ContainersReady=False/PodFailed PodScheduled=True',
      );
  });

  it('leads back to the cause of the crash', () => {
    const b = createWorkbench();
    b.pod('web', { containers: [app()] });
    b.run(5000);
    b.ctx.cause = 0;
    const fault = b.ctx.record({ by: 'you', code: 'input.fault' });
    b.ctx.cause = fault;
    const { id, podUid } = b.containers[0]!;
    b.ctx.after(0, 'kubelet/node-1', 'container-exited', {
      podUid,
      name: 'app',
      id,
      exitCode: 1,
      reason: 'Error',
      startedAt: 0,
    });
    b.run(5000);
    const running = b.deeds.findLast((d) => d.code === 'kubelet.status')!;
    const chain: string[] = [];
    for (let deed: typeof running | undefined = running; deed; deed = b.deeds.find((d) => d.seq === deed!.cause))
      chain.push(deed.code);
    expect(chain).toEqual([
      'kubelet.status',
      'kubelet.container-started',
      'kubelet.restart',
      'kubelet.container-exited',
      'input.fault',
    ]);
  });

  it('are found again by a restarted kubelet, with what ended meanwhile', () => {
    const b = createWorkbench();
    b.pod('web', { containers: [app({ readinessProbe: { httpGet: { port: 80 } } })] });
    b.pod('gone', { containers: [app()] });
    b.pod('died', { containers: [app()] });
    b.run(5000);
    const { uid } = b.get('gone').metadata;
    b.restartKubelet(() => {
      b.exit(
        b.containers.find((c) => c.podUid === b.get('died').metadata.uid)!,
        7,
      );
      b.client.delete(b.ctx, 'pods', 'gone', 'default', { options: { gracePeriodSeconds: 0 } });
    });
    const writes = b.deeds.length;
    b.run(20_000);
    expect(container(b)).toMatchObject({ restartCount: 0, ready: true });
    expect(b.deeds.slice(writes).filter((d) => d.code === 'kubelet.status' && d.ref === 'pods/default/web')).toEqual(
      [],
    );
    expect(b.sandboxes.has(uid)).toBe(false);
    expect(container(b, 'died')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 7 } } });
    b.behaviour.answer = () => ({ ok: true, status: 500 });
    b.tell('behaviour-changed', { podUid: b.get('web').metadata.uid, container: 'app' });
    b.run(40_000);
    expect(container(b).ready).toBe(false);
  });

  it('after a power loss starts anew with one restart more', () => {
    const b = createWorkbench();
    b.pod('web', { containers: [app()] });
    b.run(5000);
    b.powerLoss();
    b.run(5000);
    expect(container(b)).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown' } },
    });
    expect(b.events()).toContain('x1 Normal SandboxChanged Pod sandbox changed, it will be killed and re-created.');
  });
});

describe('images', () => {
  it('that cannot be pulled back off 10, 20, 40 s', () => {
    const b = createWorkbench();
    b.behaviour.pullError = 'not found';
    b.pod('web', { containers: [app()] });
    b.run(1600);
    expect(container(b).state).toEqual({ waiting: { reason: 'ErrImagePull', message: 'not found' } });
    b.run(1000);
    expect(container(b).state).toEqual({
      waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "web:1": ErrImagePull: not found' },
    });
    expect(status(b).phase).toBe('Pending');
    b.run(80_000);
    expect(b.events()).toEqual([
      'x4 Normal Pulling Pulling image "web:1"',
      'x4 Warning Failed Failed to pull image "web:1": not found',
      'x4 Warning Failed Error: ErrImagePull',
      'x4 Normal BackOff Back-off pulling image "web:1"',
      'x4 Warning Failed Error: ImagePullBackOff',
    ]);
    b.behaviour.pullError = undefined;
    b.run(80_000);
    expect(status(b).phase).toBe('Running');
  });

  it('are pulled one after another', () => {
    const b = createWorkbench();
    b.pod('a', { containers: [app({ image: 'a:1' })] });
    b.pod('b', { containers: [app({ image: 'b:1' })] });
    b.run(4000);
    expect(b.events('b')[1]).toBe(
      'x1 Normal Pulled Successfully pulled image "b:1" in 1s (2s including waiting). Image size: 1234 bytes.',
    );
  });

  it.each([
    [
      'Web:1',
      'IfNotPresent',
      'InvalidImageName',
      'Failed to apply default image tag "Web:1": couldn\'t parse image name "Web:1": invalid reference format: repository name (library/Web) must be lowercase',
    ],
    ['web:1', 'Never', 'ErrImageNeverPull', 'Container image "web:1" is not present with pull policy of Never'],
  ])('%s with policy %s waits for %s', (image, imagePullPolicy, reason, message) => {
    const b = createWorkbench();
    b.pod('web', { containers: [app({ image, imagePullPolicy })] });
    b.run(1000);
    expect(container(b).state).toEqual({ waiting: { reason, message } });
    expect(b.events().at(-1)).toBe(`x1 Warning Failed Error: ${reason}`);
  });
});

describe('init containers and sidecars', () => {
  it('run in order before the others', () => {
    const b = createWorkbench();
    b.behaviour.life = (c) => (c.config.name.startsWith('i') ? { afterMs: 1000, exitCode: 0 } : undefined);
    b.pod('web', {
      initContainers: [app({ name: 'i1' }), app({ name: 'side', restartPolicy: 'Always' }), app({ name: 'i2' })],
      containers: [app()],
    });
    b.run(2000);
    expect(container(b).state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(conditions(b)).toContain('Initialized=False/ContainersNotInitialized');
    b.run(3000);
    expect(b.containers.map((c) => c.config.name)).toEqual(['i1', 'side', 'i2', 'app']);
    expect(status(b).phase).toBe('Running');
    expect(status(b).initContainerStatuses?.map((s) => [s.name, s.ready, s.state?.terminated?.reason])).toEqual([
      ['i1', true, 'Completed'],
      ['side', true, undefined],
      ['i2', true, 'Completed'],
    ]);
    b.client.delete(b.ctx, 'pods', 'web', 'default', {});
    b.run(1000);
    expect(b.requests.map((r) => r.what.split(' ')[1])).toEqual(['app', 'side']);
    expect(b.has('web')).toBe(false);
  });

  it('an init container that fails holds the pod back, and ends it when it is not to be restarted', () => {
    const b = createWorkbench();
    b.behaviour.life = () => ({ afterMs: 1000, exitCode: 1 });
    b.pod('web', { initContainers: [app({ name: 'i' })], containers: [app()] });
    b.pod('once', { restartPolicy: 'Never', initContainers: [app({ name: 'i' })], containers: [app()] });
    b.run(20_000);
    expect(status(b).phase).toBe('Pending');
    expect(status(b).initContainerStatuses![0]!.state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status(b, 'once').phase).toBe('Failed');
  });
});
