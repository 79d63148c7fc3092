import { describe, expect, it } from 'vitest';
import { createWorkbench } from './workbench.ts';

describe('containers and images', () => {
  it('pulls an image once for all who ask, and remembers it', () => {
    const w = createWorkbench();
    w.cri.pullImage(w.ctx, 'node-1', 'nginx');
    w.cri.pullImage(w.ctx, 'node-1', 'docker.io/library/nginx:latest');
    w.run(5000);
    const pulled = w.of('image-pulled');
    expect(pulled.map((p) => [p.payload['image'], p.payload['ok']])).toEqual([
      ['nginx', true],
      ['docker.io/library/nginx:latest', true],
    ]);
    expect(pulled[0]!.at).toBeGreaterThan(800);
    expect(w.cri.imagePresent(w.ctx, 'node-1', 'nginx:latest')).toBe(true);
    expect(w.cri.imagePresent(w.ctx, 'node-1', 'nginx:1.27')).toBe(false);
  });

  it.each([
    [
      'nginx:1.161',
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.161": failed to resolve reference "docker.io/library/nginx:1.161": docker.io/library/nginx:1.161: not found',
    ],
    [
      'ngnix',
      'rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve reference "docker.io/library/ngnix:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'registry.invalid/web:1',
      'rpc error: code = Unknown desc = failed to pull and unpack image "registry.invalid/web:1": failed to resolve reference "registry.invalid/web:1": failed to do request: Head "https://registry.invalid/v2/web/manifests/1": dial tcp: lookup registry.invalid: no such host',
    ],
  ])('cannot pull %s, and says so as containerd does', (image, error) => {
    const w = createWorkbench();
    w.cri.pullImage(w.ctx, 'node-1', image);
    w.run(5000);
    expect(w.of('image-pulled')[0]!.payload).toMatchObject({ image, ok: false, error });
  });

  it('serves, refuses the wrong port, and ends on SIGQUIT with 0', () => {
    const w = createWorkbench();
    const { id, ip } = w.start('nginx');
    expect(ip).toBe('10.244.1.1');
    w.connect(ip, 80);
    w.connect(ip, 81);
    w.connect(ip, 80, '/nowhere');
    w.run(10);
    expect(w.of('reply').map((r) => r.payload['status'])).toEqual([200, 404]);
    expect(w.of('refuse')).toHaveLength(1);
    w.cri.stopContainer(w.ctx, 'node-1', id, 30_000);
    w.run(10);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ id, exitCode: 0, reason: 'Completed' });
    expect(w.logs(id).at(-1)).toContain('"GET /nowhere HTTP/1.1" 404');
  });

  it('gives each pod its own address and uses one again as late as possible', () => {
    const w = createWorkbench();
    const first = w.start('nginx').ip;
    w.cri.removeSandbox(w.ctx, 'node-1', 'uid-1');
    expect(w.start('nginx').ip).not.toBe(first);
    expect(w.of('detach')[0]!.payload).toEqual({ ip: first });
  });

  it('starts an unknown image as a server on its declared ports', () => {
    const w = createWorkbench();
    const { ip } = w.start('acme.io/widget:3', { ports: [{ port: 7000, protocol: 'TCP' }] });
    w.connect(ip, 7000);
    w.run(10);
    expect(w.of('reply')[0]!.payload).toMatchObject({ status: 200, image: 'acme.io/widget:3' });
  });
});

describe('CPU', () => {
  /** Time of each answer for `count` requests that arrive together. */
  function answersAt(limit: number | undefined, count: number): number[] {
    const w = createWorkbench();
    const { ip } = w.start('busy:1', limit === undefined ? {} : { cpuLimitMilli: limit });
    for (let i = 0; i < count; i++) w.connect(ip, 8080);
    w.run(60_000);
    return w.of('reply').map((r) => r.at);
  }

  it.each([
    // 10 ms of CPU each; the machine has two cores.
    ['no limit, one', undefined, 1, [10]],
    ['no limit, four: two cores', undefined, 4, [5, 10, 15, 25]],
    ['500m, three', 500, 3, [20, 40, 60]],
    ['100m, two', 100, 2, [100, 200]],
  ])('%s: answers at %s', (_what, limit, count, at) => {
    expect(answersAt(limit as number | undefined, count as number)).toEqual(at);
  });

  it('lets answers get later and later under too much load, and tells the kubelet', () => {
    const w = createWorkbench();
    const { ip } = w.start('busy:1', { cpuLimitMilli: 500 });
    // 100 requests per second; 500m allows 50.
    for (let i = 0; i < 1000; i++) {
      w.connect(ip, 8080);
      w.run(10);
    }
    const replies = w.of('reply');
    expect(replies.length).toBe(500);
    expect(w.of('behaviour-changed').length).toBeGreaterThan(3);
    expect(w.cri.usage(w.ctx, 'node-1', 'uid-1').cpuMilli).toBe(500);
    w.run(45_000);
    expect(w.of('reply').length).toBe(1000);
    expect(w.cri.usage(w.ctx, 'node-1', 'uid-1').cpuMilli).toBe(0);
  });

  it('shares the cores by request when all want them', () => {
    const w = createWorkbench();
    const loop = { command: ['sh', '-c', 'while true; do :; done'] };
    w.start('busybox', { ...loop, cpuRequestMilli: 300 });
    w.start('busybox', { ...loop, cpuRequestMilli: 100 });
    w.start('busybox', { ...loop, cpuRequestMilli: 100, cpuLimitMilli: 200 });
    w.run(60_000);
    const used = [1, 2, 3].map((n) => w.cri.usage(w.ctx, 'node-1', `uid-${n}`).cpuMilli);
    // 200m are capped; the rest, 1800m, is shared 3:1, but a single loop cannot use more than one core.
    expect(used.map((n) => Math.round(n / 20) * 20)).toEqual([1000, 800, 200]);
  });
});

describe('memory', () => {
  it('knows the moment at which a leak kills: (256 − 20) / 20 s', () => {
    const w = createWorkbench();
    w.start('leaky:1', { memoryLimitBytes: 256 * 1024 ** 2 });
    w.run(10_000);
    expect(w.cri.usage(w.ctx, 'node-1', 'uid-1').memoryBytes).toBe(220 * 1024 ** 2);
    w.run(10_000);
    expect(w.of('container-exited')[0]).toMatchObject({ at: 11_800, payload: { exitCode: 137, reason: 'OOMKilled' } });
  });

  it('kills at once what takes more than its limit', () => {
    const w = createWorkbench();
    w.start('polinux/stress', {
      command: ['stress'],
      args: ['--vm', '1', '--vm-bytes', '250M'],
      memoryLimitBytes: 100 * 1024 ** 2,
    });
    w.run(1000);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });
});

describe('faults', () => {
  const target = { namespace: 'default', pod: 'pod-1' };

  it('crash ends with 1; hang leaves clients waiting until it is healed', () => {
    const w = createWorkbench();
    const { ip } = w.start('nginx');
    w.kernel.inject(5, 'runtime/node-1', 'fault', { fault: 'container-hang', ...target });
    w.run(10);
    w.connect(ip, 80);
    w.run(10);
    expect(w.of('reply')).toHaveLength(0);
    w.kernel.inject(20, 'runtime/node-1', 'fault', { fault: 'container-heal', ...target });
    w.run(10);
    w.connect(ip, 80);
    w.run(10);
    expect(w.of('reply')).toHaveLength(1);
    expect(w.of('behaviour-changed').map((e) => e.at)).toEqual([5, 20]);
    w.kernel.inject(50, 'runtime/node-1', 'fault', { fault: 'container-crash', ...target });
    w.run(30);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(w.of('reset')).toHaveLength(1);
  });

  it('a missing image fails until it is healed; a slow one takes ten times as long', () => {
    const w = createWorkbench();
    w.kernel.inject(0, 'runtime/node-1', 'fault', { fault: 'image-missing', image: 'nginx' });
    w.run(1);
    w.cri.pullImage(w.ctx, 'node-1', 'nginx:1.27');
    w.run(5000);
    expect(w.of('image-pulled')[0]!.payload).toMatchObject({ ok: false });
    w.kernel.inject(5001, 'runtime/node-1', 'fault', { fault: 'image-slow', image: 'nginx' });
    w.run(5001);
    w.cri.pullImage(w.ctx, 'node-1', 'nginx:1.27');
    w.run(8000);
    expect(w.of('image-pulled')).toHaveLength(1);
    w.kernel.inject(w.kernel.state.now, 'runtime/node-1', 'fault', { fault: 'image-heal', image: 'nginx' });
    w.run(2000);
    expect(w.of('image-pulled')[1]!.payload).toMatchObject({ ok: true });
  });
});

describe('volumes', () => {
  it('a refreshed ConfigMap is seen in its directory, not through subPath', () => {
    const w = createWorkbench();
    const mounts = [
      { volume: 'config', mountPath: '/etc/app', readOnly: true },
      { volume: 'config', mountPath: '/app.conf', subPath: 'app.conf', readOnly: true },
    ];
    const { id } = w.start(
      'busybox',
      { mounts, command: ['sleep', '1d'] },
      { podUid: 'uid-1', volumes: { config: { 'app.conf': 'old' } } },
    );
    w.cri.updateVolume(w.ctx, 'node-1', 'uid-1', 'config', { 'app.conf': 'new' });
    w.cri.exec(w.ctx, 'node-1', id, ['sh', '-c', 'cat /etc/app/app.conf /app.conf; echo x > /etc/app/y'], 'a', 1000);
    w.run(10);
    expect(w.of('exec-done')[0]!.payload).toMatchObject({
      output: "newoldsh: can't create /etc/app/y: Read-only file system\n",
      exitCode: 1,
    });
  });
});

describe('checkpoints', () => {
  it('have the same future in the middle of pulls, queues, leaks, shells and execs', () => {
    const w = createWorkbench({ web: { body: 'hi' } });
    w.cri.pullImage(w.ctx, 'node-1', 'mysql:8.0');
    const busy = w.start('busy:1', { cpuLimitMilli: 300, memoryLimitBytes: 64 * 1024 ** 2 });
    w.start('leaky:1', { memoryLimitBytes: 128 * 1024 ** 2 });
    const { id } = w.start('busybox', {
      command: ['sh', '-c', 'while true; do wget -qO- http://web | tee -a /tmp/log | wc -c; sleep 0.3; done'],
    });
    for (let i = 0; i < 40; i++) w.connect(busy.ip, 8080);
    w.cri.exec(w.ctx, 'node-1', id, ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 1; done'], 'x', 10_000);
    for (let round = 0; round < 25; round++) {
      for (let i = 0; i < 1 + round * 3; i++) w.kernel.step();
      const saved = structuredClone(w.kernel.checkpoint());
      const at = w.kernel.state.now + 7000;
      w.kernel.runUntil(at);
      const future = w.kernel.digest();
      w.kernel.restore(saved);
      w.kernel.runUntil(at);
      expect(w.kernel.digest()).toBe(future);
      w.kernel.restore(saved);
    }
  });
});

describe('a power cut', () => {
  it('loses containers and addresses, and keeps images', () => {
    const w = createWorkbench();
    w.cri.pullImage(w.ctx, 'node-1', 'nginx');
    w.run(5000);
    const { ip } = w.start('nginx');
    w.ctx.restart('runtime/node-1');
    expect(w.cri.list(w.ctx, 'node-1')).toEqual([]);
    w.powerOn();
    expect(w.of('detach').map((d) => d.payload['ip'])).toEqual([ip]);
    expect(w.cri.imagePresent(w.ctx, 'node-1', 'nginx')).toBe(true);
    expect(w.start('nginx').ip).not.toBe(ip);
  });
});
