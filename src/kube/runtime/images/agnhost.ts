import { defineImage, defineProgram, type Run } from '../program.ts';
import { behaviourChanged, diesWith, drain, environment, exit, listen, listenUdp, say, timer } from '../running.ts';
import { entrypointTester, lookAgain, mounttest, nettest, type Heard } from './agnhost-commands.ts';
import { dialled, netexec, type Dials } from './agnhost-netexec.ts';
import { flag, hostOf, reply } from './server.ts';

interface AgnhostState {
  readonly command: string;
  healthy: boolean;
  readonly startedAt: number;
  readonly dials?: Dials;
  readonly heard?: Heard;
}

const portOf = (run: Run, argv: readonly string[], fallback: number): number =>
  Number(flag(argv, 'http-port') ?? flag(argv, 'port') ?? (environment(run)['PORT'] || fallback));

/** agnhost: the many small programs of Kubernetes' own tests, by their first argument. */
const program = defineProgram<AgnhostState>({
  start(run, argv) {
    const command = argv[1] ?? 'pause';
    const state = { command, healthy: true, startedAt: run.ctx.now };
    switch (command) {
      case 'netexec': {
        const port = portOf(run, argv, 8080);
        say(
          run,
          `Started HTTP server on port ${port}`,
          `Started UDP server on port  ${flag(argv, 'udp-port') ?? 8081}`,
        );
        listen(run, port);
        listenUdp(run, Number(flag(argv, 'udp-port') ?? 8081));
        return { ...state, dials: {} };
      }
      case 'serve-hostname':
        say(run, 'Serving on port 9376.');
        listen(run, portOf(run, argv, 9376));
        return state;
      case 'liveness':
        listen(run, 8080);
        timer(run, 10_000, 'sick');
        return state;
      case 'test-webserver':
      case 'porter':
      case 'nettest':
      case 'guestbook':
        listen(run, portOf(run, argv, command === 'guestbook' ? 3000 : command === 'nettest' ? 8080 : 80));
        return { ...state, heard: {} };
      case 'logs-generator':
        timer(run, 0, 'log');
        return state;
      case 'pause':
      case 'fake-gitserver':
      case 'inclusterclient':
        say(run, 'Paused');
        return state;
      case 'entrypoint-tester':
        entrypointTester(run, argv);
        return state;
      case 'mounttest':
        mounttest(run, argv);
        return state;
      case 'dns-suffix':
        say(run, `${run.pod.config.namespace}.svc.cluster.local,svc.cluster.local,cluster.local`);
        exit(run, 0);
        return state;
      case 'etc-hosts':
      case 'dns-server-list':
        say(run, '10.96.0.10');
        exit(run, 0);
        return state;
      default:
        say(run, `Error: unknown command "${command}" for "app"`, "Run 'app --help' for usage.");
        exit(run, 1);
        return state;
    }
  },
  request(run, state, connect) {
    switch (state.command) {
      case 'netexec':
        return netexec(run, state.dials!, connect);
      case 'serve-hostname':
        return reply(200, hostOf(run));
      case 'nettest':
        return nettest(run, state.heard!, connect);
      case 'liveness': {
        const seconds = (run.ctx.now - state.startedAt) / 1000;
        return state.healthy ? reply(200, 'ok') : reply(500, `error: ${seconds}`);
      }
      default:
        return reply(200, 'ok');
    }
  },
  response: (run, state, name, response) => dialled(run, state.dials ?? {}, name, response),
  timer(run, state, name) {
    if (name === 'sick') {
      state.healthy = false;
      return behaviourChanged(run);
    }
    if (name === 'look') return lookAgain(run);
    const { argv } = run.server;
    const total = Number(flag(argv, 'log-lines-total') ?? environment(run)['LOGS_GENERATOR_LINES_TOTAL'] ?? 100);
    const n = (state as unknown as { line?: number }).line ?? 0;
    say(
      run,
      `I0101 00:00:00.000000       1 logs_generator.go:76] ${n} GET /api/v1/namespaces/default/pods/${hostOf(run)} 200`,
    );
    (state as unknown as { line?: number }).line = n + 1;
    if (n + 1 < total) timer(run, 100, 'log');
  },
  signal(run, state, signal) {
    // Only netexec was taught to end well; the others die as Go programs do.
    if (state.command === 'netexec' && flag(run.server.argv, 'delay-shutdown') !== undefined)
      timer(run, 1000 * Number(flag(run.server.argv, 'delay-shutdown')), 'end');
    else if (state.command === 'netexec') drain(run, 0);
    else if (state.command === 'pause') diesWith(2)(run, state, signal);
    else exit(run, 2);
  },
});

/** agnhost and the older test images that became its commands. */
export const agnhost = defineImage({
  names: [
    'registry.k8s.io/e2e-test-images/agnhost',
    'registry.k8s.io/agnhost',
    'gcr.io/kubernetes-e2e-test-images/agnhost',
    'us.gcr.io/k8s-artifacts-prod/e2e-test-images/agnhost',
  ],
  hasTag: (tag) => /^(latest|1\.\d+|2\.[1-9]?\d(\.\d)?)$/.test(tag),
  sizeMB: 50,
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  memoryMB: 10,
  shell: 'ash',
  tools: ['curl', 'dig', 'nc'],
  // The second name is that of a copy, by which tests see whether a command was replaced.
  programs: { agnhost: program, 'agnhost-2': program },
});

/** The container of the documentation's liveness page: well for 10 s, then 500. */
export const livenessImage = defineImage({
  names: ['registry.k8s.io/liveness'],
  hasTag: (tag) => tag === 'latest' || tag === '0.1',
  sizeMB: 3,
  entrypoint: ['/server'],
  cmd: [],
  memoryMB: 4,
  shell: 'none',
  programs: {
    server: defineProgram<AgnhostState>({
      start(run) {
        listen(run, 8080);
        timer(run, 10_000, 'sick');
        return { command: 'liveness', healthy: true, startedAt: run.ctx.now };
      },
      request: (run, state) =>
        state.healthy ? reply(200, 'ok') : reply(500, `error: ${(run.ctx.now - state.startedAt) / 1000}`),
      timer(run, state) {
        state.healthy = false;
        behaviourChanged(run);
      },
      signal: diesWith(2),
    }),
  },
});
