import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  Watch,
  type V1ConfigMap,
  type V1Status,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveApi, type Served } from './serve.ts';

const config = new KubeConfig();
let served: Served;
let core: CoreV1Api;
let pod = '';

beforeAll(async () => {
  const failed = (error: unknown): void => {
    throw error;
  };
  served = await serveApi({
    run: { world: { seed: 1, nodes: 2 }, journal: [] },
    speed: 20,
    port: 0,
    host: '127.0.0.1',
    failed,
  });
  config.loadFromClusterAndUser({ name: 'k', server: served.url, skipTLSVerify: true }, { name: 'you' });
  core = config.makeApiClient(CoreV1Api);
  await config.makeApiClient(AppsV1Api).createNamespacedDeployment({
    namespace: 'default',
    body: {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
        },
      },
    },
  });
  const isReady = async (): Promise<boolean> => {
    const { items } = await core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=web' });
    pod = items[0]?.metadata?.name ?? '';
    return items[0]?.status?.containerStatuses?.[0]?.ready === true;
  };
  await vi.waitUntil(isReady, { timeout: 10_000 });
});
afterAll(() => served.close());

const configMap = (name: string, data: Record<string, string> = {}): { namespace: string; body: V1ConfigMap } => ({
  namespace: 'default',
  body: { metadata: { name, labels: { from: 'client-node' } }, data },
});

test('an informer knows what there is, and hears of what is added, changed and deleted', async () => {
  await core.createNamespacedConfigMap(configMap('before'));
  const told: string[] = [];
  const informer = makeInformer(
    config,
    '/api/v1/namespaces/default/configmaps',
    () => core.listNamespacedConfigMap({ namespace: 'default', labelSelector: 'from=client-node' }),
    'from=client-node',
  );
  for (const event of ['add', 'update', 'delete'] as const)
    informer.on(event, (object) => void told.push(`${event} ${object.metadata!.name}`));
  await informer.start();
  await core.createNamespacedConfigMap(configMap('later'));
  await core.patchNamespacedConfigMap(
    { name: 'later', namespace: 'default', body: { data: { a: '1' } } },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
  await core.deleteNamespacedConfigMap({ name: 'later', namespace: 'default' });
  await expect.poll(() => told).toEqual(['add before', 'add later', 'update later', 'delete later']);
  await informer.stop();
});

test('a watch begins where a list ended', async () => {
  const { metadata } = await core.listNamespacedConfigMap({ namespace: 'default' });
  await core.createNamespacedConfigMap(configMap('watched', { b: '2' }));
  const told: string[] = [];
  const request = await new Watch(config).watch(
    '/api/v1/namespaces/default/configmaps',
    { resourceVersion: metadata!.resourceVersion },
    (type: string, object: V1ConfigMap) => void told.push(`${type} ${object.metadata!.name}`),
    () => {},
  );
  await expect.poll(() => told).toEqual(['ADDED watched']);
  request.abort();
});

test.each([
  [PatchStrategy.JsonPatch, [{ op: 'replace', path: '/data/a', value: 'json' }], 'json'],
  [PatchStrategy.MergePatch, { data: { a: 'merge' } }, 'merge'],
  [PatchStrategy.StrategicMergePatch, { data: { a: 'strategic' } }, 'strategic'],
])('%s changes what it names', async (type, body, value) => {
  const name = `patched-${value}`;
  await core.createNamespacedConfigMap(configMap(name, { a: 'old', b: 'stays' }));
  const { data } = await core.patchNamespacedConfigMap(
    { name, namespace: 'default', body },
    setHeaderOptions('Content-Type', type),
  );
  expect(data).toEqual({ a: value, b: 'stays' });
});

/** Keeps what is written to it. */
class Kept extends Writable {
  text = '';
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.text += String(bytes);
    done();
  }
}

/** Runs a command in the pod; what is given is its standard input. */
async function exec(command: readonly string[], stdin?: string): Promise<readonly [string, string, V1Status]> {
  const [out, err] = [new Kept(), new Kept()];
  const input = new PassThrough();
  const ended = new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec('default', pod, 'nginx', [...command], out, err, stdin === undefined ? null : input, false, resolve)
      .catch(reject);
  });
  if (stdin !== undefined) input.write(stdin);
  const status = await ended;
  return [out.text, err.text, status];
}

test('exec has both outputs, an exit code and standard input', async () => {
  const [out, err, status] = await exec(['sh', '-c', 'echo out; echo err >&2; exit 3']);
  expect([out, err]).toEqual(['out\n', 'err\n']);
  expect(status).toMatchObject({ status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
  const [echoed, , success] = await exec(['sh'], 'read x\nhello\necho "got $x"\nexit\n');
  expect([echoed, success.status]).toEqual(['got hello\n', 'Success']);
  const [, , missing] = await exec(['no-such-command']);
  expect(missing.message).toContain('executable file not found in $PATH');
});

test('a log is followed', async () => {
  const text = new Kept();
  await new Log(config).log('default', pod, 'nginx', text, { follow: true, tailLines: 1 });
  await expect.poll(() => text.text).toMatch(/ready for start up\n$/);
  await exec(['sh', '-c', 'echo noticed > /proc/1/fd/1']);
  await expect.poll(() => text.text).toMatch(/noticed\n$/);
});

test('a port is forwarded to what listens in the container', async () => {
  const forward = new PortForward(config);
  const local: Server = createTcpServer(
    (socket) => void forward.portForward('default', pod, [80], socket, null, socket),
  );
  await once(local.listen(0, '127.0.0.1'), 'listening');
  const { port } = local.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Welcome to nginx!')]);
  local.close();
});

test('the proxy of a pod and of a Service passes requests on; who does not listen is named', async () => {
  await core.createNamespacedService({
    namespace: 'default',
    body: { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] } },
  });
  const ask = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`${served.url}/api/v1/namespaces/default/${path}`);
    return [response.status, await response.text()];
  };
  expect(await ask(`pods/${pod}/proxy/`)).toEqual([200, expect.stringContaining('Welcome to nginx!')]);
  await expect.poll(() => ask('services/web:8080/proxy/')).toEqual([200, expect.stringContaining('Welcome to nginx!')]);
  expect(await ask(`pods/${pod}:81/proxy/`)).toEqual([
    503,
    expect.stringMatching(/error trying to reach service: dial tcp [\d.]+:81: connect: connection refused/),
  ]);
});

test('a container can be added to a pod that runs; the others stay as they are', async () => {
  const add = (image: string): Promise<unknown> =>
    core.patchNamespacedPodEphemeralcontainers(
      {
        name: pod,
        namespace: 'default',
        body: { spec: { ephemeralContainers: [{ name: 'look', image, stdin: true, command: ['cat'] }] } },
      },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
  await add('busybox');
  const state = async (): Promise<unknown> =>
    (await core.readNamespacedPod({ name: pod, namespace: 'default' })).status?.ephemeralContainerStatuses?.[0]?.state;
  await expect.poll(state, { timeout: 5000 }).toMatchObject({ running: {} });
  const { status } = await core.readNamespacedPod({ name: pod, namespace: 'default' });
  expect([status?.phase, status?.containerStatuses?.[0]?.restartCount]).toEqual(['Running', 0]);
  await expect(add('alpine')).rejects.toThrow(/existing ephemeral containers .*look.* may not be changed/);
});

test('a token is given to an account, for ten minutes at least', async () => {
  const ask = (expirationSeconds: number): ReturnType<CoreV1Api['createNamespacedServiceAccountToken']> =>
    core.createNamespacedServiceAccountToken({
      name: 'default',
      namespace: 'default',
      body: { spec: { audiences: ['https://example.test'], expirationSeconds } },
    });
  const { token } = (await ask(600)).status!;
  expect(JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString())).toMatchObject({
    aud: ['https://example.test'],
    sub: 'system:serviceaccount:default:default',
  });
  await expect(ask(599)).rejects.toThrow('may not specify a duration less than 10 minutes');
});
