import { describe, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../../testing/kubelet-workbench.ts';

const app = (extra: object = {}): { name: string; image: string; imagePullPolicy: string } => ({
  name: 'app',
  image: 'web:1',
  imagePullPolicy: 'IfNotPresent',
  ...extra,
});
const status = (b: Workbench) => b.get('web').status!;
const container = (b: Workbench) => status(b).containerStatuses![0]!;
const conditions = (b: Workbench): string =>
  status(b)
    .conditions!.map((c) => `${c.type}=${c.status}`)
    .join(' ');

describe('probes', () => {
  const probed = (extra: object) => ({ containers: [app(extra)] });

  it('make a container ready at once, then are parked; a change of behaviour wakes them on their beat', () => {
    const b = createWorkbench();
    b.behaviour.images.add('web:1');
    b.pod('web', probed({ readinessProbe: { httpGet: { port: 80, path: '/ok' }, periodSeconds: 5 } }));
    b.run(1000);
    expect(container(b).ready).toBe(true);
    expect(b.requests).toEqual([{ at: expect.any(Number), what: 'http 10.244.1.1:80/ok' }]);
    b.run(60_000);
    expect(b.requests).toHaveLength(1);
    b.behaviour.answer = () => ({ ok: true, status: 503 });
    b.tell('behaviour-changed', { podUid: b.get('web').metadata.uid, container: 'app' });
    b.run(16_000);
    const at = b.requests.slice(1).map((r) => r.at);
    expect(at.map((t) => t - at[0]!)).toEqual([0, 5000, 10_000]);
    expect(container(b).ready).toBe(false);
    expect(b.events().at(-1)).toBe(
      'x3 Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
    expect(container(b).restartCount).toBe(0);
  });

  it('of liveness kill the container after failureThreshold, and it restarts', () => {
    const b = createWorkbench();
    b.behaviour.command = () => ({ exitCode: 1, output: "cat: can't open '/tmp/healthy'" });
    b.pod(
      'web',
      probed({
        livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
      }),
    );
    b.run(21_000);
    expect(b.events().filter((e) => /Unhealthy|Killing/.test(e))).toEqual([
      "x3 Warning Unhealthy Liveness probe failed: cat: can't open '/tmp/healthy'",
      'x1 Normal Killing Container app failed liveness probe, will be restarted',
    ]);
    b.run(3000);
    expect(container(b)).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 0 } } });
  });

  it('of startup hold the others back', () => {
    const b = createWorkbench();
    let up = false;
    b.behaviour.answer = (r) =>
      r.port === 1 && !up
        ? { ok: false, status: 0, failure: 'refused', error: 'connect: connection refused' }
        : { ok: true, status: 200 };
    b.pod(
      'web',
      probed({
        startupProbe: { tcpSocket: { port: 1 }, periodSeconds: 2, failureThreshold: 30 },
        readinessProbe: { httpGet: { port: 80 } },
        livenessProbe: { httpGet: { port: 81 } },
      }),
    );
    b.run(9000);
    expect(container(b)).toMatchObject({ started: false, ready: false });
    expect(b.requests.every((r) => r.what === 'tcp 10.244.1.1:1')).toBe(true);
    expect(b.events().at(-1)).toBe(
      'x4 Warning Unhealthy Startup probe failed: dial tcp 10.244.1.1:1: connect: connection refused',
    );
    up = true;
    b.run(2100);
    expect(container(b)).toMatchObject({ started: true, ready: true });
  });

  it('time out, and wait for initialDelaySeconds', () => {
    const b = createWorkbench();
    b.behaviour.command = () => ({ ms: 1500 });
    b.pod('web', probed({ readinessProbe: { exec: { command: ['sleep', '10'] }, initialDelaySeconds: 30 } }));
    b.run(25_000);
    expect(b.requests).toHaveLength(0);
    b.run(20_000);
    expect(b.events().at(-1)).toContain('Readiness probe failed: command timed out: "sleep 10" timed out after 1s');
  });

  it('wait for the conditions of readiness gates', () => {
    const b = createWorkbench();
    b.pod('web', { readinessGates: [{ conditionType: 'x/ready' }], containers: [app()] });
    b.run(5000);
    expect(status(b).conditions!.find((c) => c.type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "x/ready" does not exist.',
    });
    const pod = b.get('web');
    b.client.updateStatus(b.ctx, 'pods', {
      ...pod,
      status: { ...pod.status, conditions: [...pod.status!.conditions!, { type: 'x/ready', status: 'True' }] },
    });
    b.run(100);
    expect(conditions(b)).toContain(' Ready=True');
  });
});
