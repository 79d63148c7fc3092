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
      'failed to pull and unpack image "docker.io/library/nginx:1.161": failed to resolve reference "docker.io/library/nginx:1.161": docker.io/library/nginx:1.161: not found',
    ],
    [
      'ngnix',
      'failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve reference "docker.io/library/ngnix:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'registry.invalid/web:1',
      'failed to pull and unpack image "registry.invalid/web:1": failed to resolve reference "registry.invalid/web:1": failed to do request: Head "https://registry.invalid/v2/web/manifests/1": dial tcp: lookup registry.invalid: no such host',
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
