import type { Connect } from '../../network/net.ts';
import { accessLogTime } from '../clock.ts';
import { isDirectory } from '../files.ts';
import { defineProgram, type Run } from '../program.ts';
import { behaviourChanged, drain, environment, exit, file, listen, say, spin, takeMemory, timer } from '../running.ts';
import { flag, hostOf, reply, serverImage, tagOf } from './server.ts';
import { anyTag, onlyTags, releases } from './tags.ts';

const envOf = (run: Run, name: string): string => environment(run)[name] ?? '';

/** Every header of a request as the servers that echo it print them. */
const headerLines = (connect: Connect, separator: string, prefix = ''): string =>
  [['host', connect.host], ...Object.entries(connect.headers)]
    .map(([k, v]) => `${prefix}${k}${separator}${v}`)
    .join('\n');

/** httpd: the Apache web server, `It works!` until its htdocs say otherwise. */
const httpd = serverImage(
  ['httpd', 'bitnami/apache'],
  {
    ports: [80],
    lines: (run) => [
      `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${run.pod.ip}. Set the 'ServerName' directive globally to suppress this message`,
      "[core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'",
    ],
    answer(run, connect) {
      const path = connect.path.split('?')[0]!;
      const root = '/usr/local/apache2/htdocs';
      const body = file(run, path.endsWith('/') ? `${root}${path}index.html` : root + path);
      const status = body !== undefined ? 200 : isDirectory(run, root + path.replace(/\/$/, '')) ? 403 : 404;
      const shown =
        body ??
        `<html><head><title>${status}</title></head><body><h1>${status === 403 ? 'Forbidden' : 'Not Found'}</h1></body></html>\n`;
      return {
        status,
        body: shown,
        cpuMs: 0.2,
        log: `${connect.clientIp} - - [${accessLogTime(run.ctx.now)}] "${connect.method} ${connect.path} HTTP/1.1" ${status} ${shown.length}`,
      };
    },
  },
  {
    program: 'httpd-foreground',
    hasTag: releases({ '2': 4, '2.2': 34, '2.4': 66 }, ['alpine', 'alpine3.\\d+', 'bookworm', 'bullseye', 'trixie']),
    sizeMB: 45,
    memoryMB: 8,
    shell: 'bash',
    entrypoint: [],
    cmd: ['httpd-foreground'],
    files: { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n' },
    stopSignal: 'WINCH',
  },
);

/** What echoserver knows of its pod: the variables that its manifest may set through the downward API. */
function podInformation(run: Run): string {
  const known = [
    ['node name', 'NODE_NAME'],
    ['pod name', 'POD_NAME'],
    ['pod namespace', 'POD_NAMESPACE'],
    ['pod IP', 'POD_IP'],
  ].flatMap(([title, name]) => (envOf(run, name!) ? [`\t${title}:\t${envOf(run, name!)}`] : []));
  return known.length > 0 ? known.join('\n') : '\t-no pod information available-';
}

/** echoserver: answers with everything it knows about the request. */
const echoserver = serverImage(
  [
    'registry.k8s.io/echoserver',
    'gcr.io/kubernetes-e2e-test-images/echoserver',
    'registry.k8s.io/e2e-test-images/echoserver',
    'kicbase/echo-server',
    'ealen/echo-server',
    'mendhak/http-https-echo',
    'jmalloc/echo-server',
    'inanimate/echo-server',
  ],
  {
    ports: (run) => [Number(envOf(run, 'PORT')) || (run.container.config.image.startsWith('ealen') ? 80 : 8080)],
    answer: (run, c) =>
      `\n\nHostname: ${hostOf(run)}\n\nPod Information:\n${podInformation(run)}\n\n` +
      `Server values:\n\tserver_version=nginx: 1.14.2 - lua: 10015\n\nRequest Information:\n\tclient_address=${c.clientIp}\n\tmethod=${c.method}\n\treal path=${c.path}\n\tquery=${c.path.split('?')[1] ?? ''}\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://${c.host}:8080${c.path}\n\n` +
      `Request Headers:\n${headerLines(c, '=', '\t')}\n\nRequest Body:\n\t${c.body === '' ? '-no body in request-' : c.body}\n\n`,
  },
  { sizeMB: 42, hasTag: anyTag },
);

/** hello-app of Google's samples: 1.0 and 2.0. */
const helloApp = serverImage(
  [
    'gcr.io/google-samples/hello-app',
    'us-docker.pkg.dev/google-samples/containers/gke/hello-app',
    'us-docker.pkg.dev/google-samples/containers/gke/whereami',
  ],
  {
    ports: (run) => [Number(envOf(run, 'PORT')) || 8080],
    lines: () => ['Server listening on port 8080'],
    answer(run, c) {
      const body = `Hello, world!\nVersion: ${tagOf(run) === '2.0' ? '2.0.0' : '1.0.0'}\nHostname: ${hostOf(run)}\n`;
      return { status: 200, body, cpuMs: 0.2, log: `Serving request: ${c.path}` };
    },
    term: 2,
  },
  { hasTag: (tag) => ['1.0', '2.0', 'latest', 'v1', 'v1.2.22'].includes(tag), sizeMB: 12, shell: 'none' },
);

/** The backend of the frontend-backend tutorial. */
const helloGo = serverImage(
  ['gcr.io/google-samples/hello-go-gke'],
  { ports: () => [80], answer: () => '{"message":"Hello"}\n', term: 2 },
  { hasTag: (tag) => tag === '1.0', sizeMB: 4 },
);

/** kubernetes-bootcamp of the tutorial: v1, and v2 of another author; v10 does not exist. */
const bootcamp = serverImage(
  [
    'gcr.io/google-samples/kubernetes-bootcamp',
    'jocatalin/kubernetes-bootcamp',
    'docker.io/jocatalin/kubernetes-bootcamp',
    'registry.k8s.io/e2e-test-images/kubernetes-bootcamp',
  ],
  {
    ports: [8080],
    lines: (run) => [`Kubernetes Bootcamp App Started At: ${run.ctx.now}`, `\t| Running On:  ${hostOf(run)}`, ''],
    answer: (run) => `Hello Kubernetes bootcamp! | Running on: ${hostOf(run)} | v=${tagOf(run) === 'v2' ? 2 : 1}\n`,
    term: 'ignore',
  },
  { hasTag: onlyTags('v1', 'v2'), sizeMB: 80, shell: 'bash', tools: ['curl'], memoryMB: 20 },
);

/** hpa-example: a page whose square roots take about 80 ms of a core. */
const hpaExample = serverImage(
  ['registry.k8s.io/hpa-example', 'gcr.io/google-containers/hpa-example'],
  { ports: [80], answer: () => 'OK!', cpuMs: 80 },
  { sizeMB: 180, memoryMB: 12, shell: 'bash', stopSignal: 'WINCH' },
);

/** podinfo: JSON about itself; its health and readiness can be switched; `/panic` ends it with 255. */
const podinfo = serverImage(
  ['ghcr.io/stefanprodan/podinfo', 'stefanprodan/podinfo'],
  { ports: [9898] },
  {
    program: 'podinfo',
    entrypoint: [],
    cmd: ['./podinfo'],
    sizeMB: 28,
    memoryMB: 16,
    tools: ['curl'],
    programs: {
      podinfo: defineProgram<{ ready: boolean; healthy: boolean; port: number }>({
        start(run, argv) {
          const port = Number(flag(argv, 'port') ?? 9898);
          say(run, `{"level":"info","msg":"Starting HTTP Server.","addr":":${port}"}`);
          listen(run, port, Number(flag(argv, 'port-metrics') ?? 9797), Number(flag(argv, 'grpc-port') ?? 9999));
          return { ready: true, healthy: true, port };
        },
        request(run, state, c) {
          switch (c.path.split('?')[0]) {
            case '/healthz':
            case '/readyz': {
              const ok = c.path.startsWith('/healthz') ? state.healthy : state.ready;
              return reply(ok ? 200 : 503, ok ? '{\n  "status": "OK"\n}' : '{\n  "status": "NOT OK"\n}');
            }
            case '/readyz/disable':
            case '/readyz/enable':
              state.ready = c.path.endsWith('enable');
              behaviourChanged(run);
              return reply(202, '');
            case '/panic':
              say(run, '{"level":"info","msg":"Panic command received"}');
              exit(run, 255);
              return reply(500, '');
            default: {
              const status = /^\/status\/(\d+)/.exec(c.path)?.[1];
              const delay = /^\/delay\/(\d+)/.exec(c.path)?.[1];
              if (status) return reply(Number(status), `{\n  "status": ${status}\n}`);
              if (delay) return { ...reply(200, `{\n  "delay": ${delay}\n}`), waitMs: Number(delay) * 1000 };
              return reply(
                200,
                `{\n  "hostname": "${hostOf(run)}",\n  "version": "${tagOf(run)}",\n  "color": "${envOf(run, 'PODINFO_UI_COLOR') || '#34577c'}",\n  "message": "${envOf(run, 'PODINFO_UI_MESSAGE') || `greetings from podinfo v${tagOf(run)}`}"\n}`,
              );
            }
          }
        },
        signal: (run) => drain(run, 0),
      }),
    },
  },
);

/** kuard: a page to break: `/healthy` and `/ready` can be made to fail; with --keygen-* a batch job. */
const kuard = serverImage(
  ['gcr.io/kuar-demo/kuard-amd64', 'gcr.io/kuar-demo/kuard'],
  { ports: [8080] },
  {
    program: 'kuard',
    sizeMB: 12,
    programs: {
      kuard: defineProgram<{ exitCode: number }>({
        start(run, argv) {
          say(run, 'Starting kuard version: v0.10.0-blue', 'Serving on HTTP on :8080');
          listen(run, 8080);
          const keys = Number(flag(argv, 'keygen-num-to-gen') ?? 0);
          const ends = flag(argv, 'keygen-exit-on-complete') !== undefined;
          if (keys > 0 && ends) timer(run, keys * 3000, 'done');
          return { exitCode: Number(flag(argv, 'keygen-exit-code') ?? 0) };
        },
        timer(run, state) {
          say(run, '(ID 0) Workload exiting');
          exit(run, state.exitCode);
        },
        request: (run, _state, c) =>
          reply(
            200,
            /^\/(healthy|ready)/.test(c.path)
              ? 'ok'
              : `<html><title>KUAR Demo</title><body>${hostOf(run)}</body></html>\n`,
          ),
        signal: (run) => exit(run, 2),
      }),
    },
  },
);

/** kubia: tells its pod; the unhealthy one and v3 fail from the sixth or fifth request on. */
const kubia = serverImage(
  ['luksa/kubia', 'luksa/kubia-unhealthy'],
  {
    ports: [8080],
    lines: () => ['Kubia server starting...'],
    answer(run, c, count) {
      const { image } = run.container.config;
      const sick = (image.includes('unhealthy') && count > 5) || (tagOf(run) === 'v3' && count >= 5);
      if (sick && (count === 5 || count === 6)) behaviourChanged(run);
      const body = sick ? `I'm not well. Please restart me!\n` : `You've hit ${hostOf(run)}\n`;
      return { ...reply(sick ? 500 : 200, body), log: `Received request from ${c.clientIp}` };
    },
    term: 'ignore',
  },
  { sizeMB: 240, shell: 'bash', tools: ['curl'], memoryMB: 20 },
);

/** hashicorp/http-echo: says what -text says, on -listen. */
const httpEcho = serverImage(
  ['hashicorp/http-echo'],
  {
    ports: (run, argv) => [Number((flag(argv, 'listen') ?? ':5678').split(':').at(-1))],
    refuses: (run, argv) =>
      flag(argv, 'text') || envOf(run, 'ECHO_TEXT') || tagOf(run).startsWith('1') || tagOf(run) === 'latest'
        ? null
        : { lines: ['Missing -text option!'], code: 127 },
    lines: (_run, argv) => [`[INFO] server is listening on ${flag(argv, 'listen') ?? ':5678'}`],
    answer: (run) => `${flag(run.server.argv, 'text') ?? (envOf(run, 'ECHO_TEXT') || 'hello-world')}\n`,
    term: 'drain',
  },
  { program: 'http-echo', sizeMB: 4, shell: 'none' },
);

const stressTraits = {
  start(run: Run, argv: readonly string[]): null {
    const cores = Number(flag(argv, 'cpu') ?? flag(argv, 'c') ?? flag(argv, 'cpus') ?? 0);
    const workers = Number(flag(argv, 'vm') ?? flag(argv, 'm') ?? 0);
    const bytes =
      bytesOf(flag(argv, 'vm-bytes') ?? flag(argv, 'mem-total') ?? '256M') *
      (flag(argv, 'mem-total') === undefined ? workers : 1);
    const total = flag(argv, 'mem-total') !== undefined || workers > 0 ? bytes : 0;
    say(run, `stress: info: [1] dispatching hogs: ${cores} cpu, 0 io, ${workers} vm, 0 hdd`);
    if (total > 0) takeMemory(run, total);
    if (cores > 0 || workers > 0) spin(run, cores || 0.3 * workers);
    const seconds = flag(argv, 'timeout') ?? flag(argv, 't');
    if (seconds !== undefined) timer(run, (Number.parseInt(seconds, 10) || 1) * 1000, 'done');
    return null;
  },
};

function bytesOf(text: string): number {
  const m = /^(\d+(?:\.\d+)?)([kKmMgG]?)/.exec(text);
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(m?.[2] ?? '').toLowerCase() as 'k'] ?? 1;
  return Number(m?.[1] ?? 0) * unit;
}

const stressProgram = defineProgram({
  ...stressTraits,
  timer(run) {
    say(run, 'stress: info: [1] successful run completed');
    exit(run, 0);
  },
  signal: (run) => exit(run, 143),
});

/** stress: takes so much memory and so many cores. */
const stress = serverImage(
  [
    'polinux/stress',
    'vish/stress',
    'progrium/stress',
    'alexeiled/stress-ng',
    'polinux/stress-ng',
    'registry.k8s.io/stress',
    'mohsenmottaghi/container-stress',
  ],
  { ports: [] },
  { sizeMB: 4, memoryMB: 2, program: 'stress', programs: { stress: stressProgram, 'stress-ng': stressProgram } },
);

/** Servers of web pages and other simple answers. */
export const webImages = [
  httpd,
  echoserver,
  helloApp,
  helloGo,
  bootcamp,
  hpaExample,
  podinfo,
  kuard,
  kubia,
  httpEcho,
  stress,
];
