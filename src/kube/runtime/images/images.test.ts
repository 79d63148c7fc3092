import { describe, expect, it } from 'vitest';
import { imageInfo } from '../catalogue.ts';
import { createWorkbench } from '../workbench.ts';
import { images } from './index.ts';

/** A tag that exists, for an image that lists its tags. */
const tagFor = (hasTag: (tag: string) => boolean): string =>
  ['latest', '1', 'v1', '1.0', '3.9'].find((tag) => hasTag(tag)) ?? 'none';

describe('every image of the list', () => {
  it.each(images.map((image) => [image.names[0]!, image] as const))(
    '%s starts, serves, and ends when it is stopped',
    (name, image) => {
      const w = createWorkbench();
      const reference = `${name}:${tagFor(image.hasTag)}`;
      expect(imageInfo(reference)).toMatchObject({ assumed: false, problem: undefined });
      const env = { POSTGRES_PASSWORD: 'x', MYSQL_ROOT_PASSWORD: 'x', MARIADB_ROOT_PASSWORD: 'x', DB_URL: 'x' };
      const { id, ip } = w.start(reference, { env });
      w.run(45_000);
      for (const port of image.ports ?? []) w.connect(ip, port, '/', { clientIp: '10.0.0.9' });
      w.run(200);
      const serves = w.of('container-exited').length === 0;
      if (serves)
        expect(w.of('reply').length + w.of('refuse').length + (name === 'hang' ? 1 : 0)).toBe(image.ports?.length ?? 0);
      w.cri.stopContainer(w.ctx, 'node-1', id, 30_000);
      w.run(31_000);
      expect(w.of('container-exited')).toHaveLength(1);
      w.cri.removeSandbox(w.ctx, 'node-1', 'uid-1');
      const seen = w.seen.length;
      w.run(600_000);
      expect([w.kernel.nextAt(), w.seen.length]).toEqual([Infinity, seen]);
    },
  );

  it('has a name of its own', () => {
    const names = images.flatMap((image) => image.names);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('knows which tags exist', () => {
    const problem = (image: string): string | undefined => imageInfo(image).problem;
    for (const image of [
      'nginx:1.14.2',
      'nginx:1.16.1',
      'nginx',
      'nginx:1.25-alpine',
      'busybox:1.28',
      'redis:6.0.5',
      'perl:5.34.0',
      'mysql:5.7',
      'postgres:15-alpine',
      'registry.k8s.io/pause:3.10',
      'registry.k8s.io/nginx-slim:0.24',
      'k8s.gcr.io/busybox',
      'python:3.12-slim',
      'ubuntu:22.04',
      'alpine:3.20',
      'kicbase/echo-server:1.0',
      'gcr.io/google-samples/hello-app:2.0',
      'nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    ])
      expect([image, problem(image)]).toEqual([image, undefined]);
    for (const image of [
      'nginx:1.161',
      'nginx:1.7.99',
      'nginx:sometag',
      'redis:99',
      'busybox:9',
      'gcr.io/google-samples/kubernetes-bootcamp:v10',
      'shop:v9',
      'gcr.io/google-samples/hello-app:3.0',
    ])
      expect([image, problem(image)]).toEqual([image, 'no-such-tag']);
    for (const image of ['my-app', 'redis123', 'ngnix', 'simple-webapp-color'])
      expect([image, problem(image)]).toEqual([image, 'no-such-repository']);
    expect(imageInfo('<registry>/x').reference).toBeNull();
  });
});

describe('databases', () => {
  it.each([
    ['postgres:16', 'Error: Database is uninitialized and superuser password is not specified.'],
    ['mysql:8.0', '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified'],
    ['mariadb:11', '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified'],
  ])('%s refuses to start without its password', (image, line) => {
    const w = createWorkbench();
    const { id } = w.start(image);
    w.run(10);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(w.logs(id)).toContain(line);
  });

  it('mysql answers its client once it is ready', () => {
    const w = createWorkbench();
    const { id } = w.start('mysql:8.0', { env: { MYSQL_ROOT_PASSWORD: 'x' } });
    const ping = ['mysqladmin', 'ping', '-h', '127.0.0.1'];
    w.cri.exec(w.ctx, 'node-1', id, ping, 'early', 5000);
    w.run(20_000);
    w.cri.exec(w.ctx, 'node-1', id, ping, 'late', 5000);
    w.run(100);
    expect(w.of('exec-done').map((e) => [e.payload['exitCode'], e.payload['output']])).toEqual([
      [1, expect.stringContaining("Can't connect to MySQL server")],
      [0, 'mysqld is alive\n'],
    ]);
  });

  it('redis keeps what redis-cli gives it', () => {
    const w = createWorkbench();
    const { id } = w.start('redis');
    for (const line of ['SET a 1', 'INCR a', 'GET a', 'RPUSH q x y', 'LPOP q'])
      w.cri.exec(w.ctx, 'node-1', id, ['redis-cli', ...line.split(' ')], line, 5000);
    w.run(100);
    expect(w.of('exec-done').map((e) => e.payload['output'])).toEqual(['OK\n', '2\n', '2\n', '2\n', 'x\n']);
  });
});

describe('teaching images', () => {
  it('shop serves on for two seconds after SIGTERM, then finishes what it has begun; shop:slow cuts it off', () => {
    const w = createWorkbench();
    const good = w.start('shop:v1');
    const bad = w.start('shop:slow');
    w.run(9000);
    const open = [w.connect(good.ip, 8080), w.connect(bad.ip, 8080)];
    w.run(1);
    w.cri.stopContainer(w.ctx, 'node-1', good.id, 30_000);
    w.cri.stopContainer(w.ctx, 'node-1', bad.id, 30_000);
    const late = w.connect(good.ip, 8080);
    w.run(2500);
    w.connect(good.ip, 8080);
    w.run(10);
    expect(w.of('reply').map((r) => r.payload['connection'])).toEqual([open[0], late]);
    expect(w.of('reset').map((r) => r.payload['connection'])).toEqual([open[1]]);
    expect(w.of('refuse')).toHaveLength(1);
    expect(
      w
        .of('container-exited')
        .map((e) => e.payload['exitCode'])
        .sort(),
    ).toEqual([0, 143]);
  });

  it('agnhost liveness is well for ten seconds, and says when that changes', () => {
    const w = createWorkbench();
    const { ip } = w.start('registry.k8s.io/e2e-test-images/agnhost:2.40', { args: ['liveness'] });
    w.connect(ip, 8080, '/healthz');
    w.run(11_000);
    w.connect(ip, 8080, '/healthz');
    w.run(1);
    expect(w.of('reply').map((r) => r.payload['status'])).toEqual([200, 500]);
    expect(w.of('behaviour-changed').map((e) => e.at)).toEqual([10_000]);
  });

  it('perl reckons π on the CPU that it gets', () => {
    const w = createWorkbench();
    const command = ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'];
    const { id } = w.start('perl:5.34.0', { command, cpuLimitMilli: 500 });
    w.run(60_000);
    expect(w.of('container-exited')[0]).toMatchObject({ at: 8000, payload: { exitCode: 0 } });
    expect(w.logs(id)[0]).toMatch(/^3\.14159265358979/);
    expect(w.logs(id)[0]).toHaveLength(2001);
  });

  it('python prints, sleeps and exits as its one-liner says', () => {
    const w = createWorkbench();
    const { id } = w.start('python:3', {
      command: ['python', '-c', "import time; print('starting'); time.sleep(30); print('done')"],
    });
    w.run(29_000);
    expect(w.logs(id)).toEqual(['starting']);
    w.run(2000);
    expect(w.logs(id)).toEqual(['starting', 'done']);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 0 });
  });

  it('nginx serves what a script or another container has written', () => {
    const w = createWorkbench();
    const mounts = [{ volume: 'html', mountPath: '/usr/share/nginx/html', readOnly: false }];
    const { ip } = w.start('nginx', { mounts }, { podUid: 'uid-1', volumes: { html: {} } });
    w.connect(ip, 80);
    w.run(1);
    w.start(
      'busybox',
      {
        name: 'writer',
        mounts: [{ ...mounts[0]!, mountPath: '/out' }],
        command: ['sh', '-c', 'echo hi > /out/index.html; sleep 9'],
      },
      { podUid: 'uid-1' },
    );
    w.connect(ip, 80);
    const { ip: other } = w.start(
      'nginx',
      {
        command: ['sh', '-c', "echo own > /usr/share/nginx/html/index.html && exec nginx -g 'daemon off;'"],
      },
      { podUid: 'uid-2' },
    );
    w.connect(other, 80);
    w.run(10);
    expect(w.of('reply').map((r) => [r.payload['status'], String(r.payload['body']).slice(0, 4)])).toEqual([
      [403, '<htm'],
      [200, 'hi\n'],
      [200, 'own\n'],
    ]);
  });
});
