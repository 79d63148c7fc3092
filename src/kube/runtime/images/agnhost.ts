import { defineImage, defineProgram, type Run } from '../program.ts';
import {
  behaviourChanged,
  diesWith,
  drain,
  environment,
  exit,
  file,
  listen,
  listenUdp,
  say,
  timer,
} from '../running.ts';
import { connect, connected, entrypointTester, lookAgain, mounttest, nettest, type Heard } from './agnhost-commands.ts';
import { dialled, netexec, type Dials } from './agnhost-netexec.ts';
import { goMillis, logLine } from './agnhost-logs.ts';
import { flag, hostOf, reply } from './server.ts';

interface AgnhostState {
  readonly command: string;
  healthy: boolean;
  readonly startedAt: number;
  /** `logs-generator`: lines written. */
  line?: number;
  readonly dials?: Dials;
  readonly heard?: Heard;
}

const portOf = (run: Run, argv: readonly string[], fallback: number): number =>
  Number(flag(argv, 'http-port') ?? flag(argv, 'port') ?? (environment(run)['PORT'] || fallback));

/** What `/etc/resolv.conf` says under a word. */
const resolver = (run: Run, word: string): string[] =>
  (file(run, '/etc/resolv.conf') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([first, ...rest]) => (first === word ? rest : []));

/** `porter`: port → what it serves there, from the environment. */
const served = (run: Run): Map<number, string> =>
  new Map(
    Object.entries(environment(run)).flatMap(([name, value]) => {
      const port = /^SERVE_(?:TLS_)?PORT_(\d+)$/.exec(name)?.[1];
      return port === undefined ? [] : [[Number(port), value] as const];
    }),
  );

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
      case 'connect':
        connect(run, argv);
        return state;
      case 'mounttest':
        mounttest(run, argv);
        return state;
      case 'dns-suffix':
        say(run, resolver(run, 'search').join(','));
        exit(run, 0);
        return state;
      case 'dns-server-list':
        say(run, resolver(run, 'nameserver').join(','));
        exit(run, 0);
        return state;
      case 'etc-hosts':
        say(run, (file(run, '/etc/hosts') ?? '').trimEnd());
        exit(run, 0);
        return state;
      case 'porter':
        listen(run, ...served(run).keys());
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
      case 'porter':
        return reply(200, served(run).get(connect.port) ?? '');
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
  response: (run, state, name, response) =>
    name === 'connect' ? connected(run, response) : dialled(run, state.dials ?? {}, name, response),
  timer(run, state, name) {
    if (name === 'sick') {
      state.healthy = false;
      return behaviourChanged(run);
    }
    if (name === 'look') return lookAgain(run);
    const { argv } = run.server;
    const total = Number(flag(argv, 'log-lines-total') ?? environment(run)['LOGS_GENERATOR_LINES_TOTAL'] ?? 100);
    const n = state.line ?? 0;
    say(run, logLine(run, n));
    state.line = n + 1;
    const spanMs = goMillis(flag(argv, 'run-duration') ?? environment(run)['LOGS_GENERATOR_DURATION'] ?? '10s');
    if (n + 1 < total) timer(run, Math.max(1, Math.round(spanMs / total)), 'log');
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
