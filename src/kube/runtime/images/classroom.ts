import type { Connect } from '../../network/net.ts';
import { calendar } from '../clock.ts';
import { defineImage, defineProgram, type Answer, type Run } from '../program.ts';
import { behaviourChanged, drain, environment, exit, leakMemory, listen, say, timer } from '../running.ts';
import { hostOf, reply, serverImage, tagOf } from './server.ts';
import { onlyTags } from './tags.ts';

/** The images of the lessons: each shows one thing. Their names have no registry; in reality nobody could pull them. */

interface ShopState {
  ready: boolean;
}

const warmUpMs: Readonly<Record<string, number>> = {
  v1: 500,
  v2: 500,
  v3: 500,
  'v2-bad': 500,
  slow: 8000,
  'slow-v2': 8000,
  latest: 500,
};

function shopAnswer(run: Run, state: ShopState, { path }: Connect): Answer {
  const version = tagOf(run);
  if (path === '/healthz') return reply(200, 'ok\n', 0.2);
  // The bad version starts and never becomes ready.
  if (version === 'v2-bad')
    return reply(
      path === '/readyz' ? 503 : 500,
      path === '/readyz' ? 'not ready: cannot load catalogue\n' : 'internal error\n',
      0.5,
    );
  if (!state.ready) return reply(503, 'warming up\n', 0.5);
  return path === '/readyz' ? reply(200, 'ready\n', 0.2) : reply(200, `shop ${version} on ${hostOf(run)}\n`, 2);
}

/** How long a shop serves on after SIGTERM, milliseconds. */
const lameDuckMs = 2000;

/**
 * shop: serves 8080 and ends gracefully. `v1`, `v2`, `v3` are alike; `v2-bad` never answers well; `slow` needs 8 s to
 * warm up (it answers 503 until then) and dies at once on SIGTERM.
 */
const shop = defineImage({
  names: ['shop'],
  hasTag: onlyTags('v1', 'v2', 'v3', 'v2-bad', 'slow', 'slow-v2'),
  sizeMB: 24,
  entrypoint: ['/shop'],
  cmd: [],
  ports: [8080],
  memoryMB: 24,
  shell: 'ash',
  programs: {
    shop: defineProgram<ShopState>({
      start(run) {
        say(run, `shop ${tagOf(run)} starting on :8080`);
        listen(run, 8080);
        timer(run, warmUpMs[tagOf(run)] ?? 500, 'warm');
        return { ready: false };
      },
      timer(run, state, name) {
        if (name === 'drain') return drain(run, 0);
        state.ready = true;
        say(run, tagOf(run) === 'v2-bad' ? 'error: cannot load catalogue: unexpected end of file' : 'ready');
        behaviourChanged(run);
      },
      request: shopAnswer,
      signal(run) {
        if (tagOf(run).startsWith('slow')) return exit(run, 143);
        // Kube-proxies learn up to 150 ms late that the pod is leaving: whoever stops listening at once is still sent requests.
        say(run, `SIGTERM received, serving on for ${lameDuckMs / 1000} s, then finishing open requests`);
        timer(run, lameDuckMs, 'drain');
      },
    }),
  },
});

/** busy: 10 ms of CPU for every request. With 500m it answers 50 in a second, and no more. */
const busy = serverImage(
  ['busy'],
  {
    ports: [8080],
    answer: (run) => reply(200, `done by ${hostOf(run)}\n`, 10),
    lines: () => ['busy: 10 ms of CPU per request, on :8080'],
    term: 'drain',
  },
  { hasTag: onlyTags('1'), sizeMB: 12, program: 'busy' },
);

/** leaky: its memory grows by 20 Mi every second. */
const leaky = defineImage({
  names: ['leaky'],
  hasTag: onlyTags('1'),
  sizeMB: 12,
  entrypoint: ['/leaky'],
  cmd: [],
  ports: [8080],
  memoryMB: 20,
  shell: 'ash',
  programs: {
    leaky: defineProgram({
      start(run) {
        say(run, 'leaky: listening on :8080');
        listen(run, 8080);
        leakMemory(run, 20 * 1024 ** 2);
        return null;
      },
      request: (run) => reply(200, `leaky on ${hostOf(run)}\n`, 1),
      signal: (run) => exit(run, 0),
    }),
  },
});

/** hang: a deadlock after 20 s. It accepts connections and never answers; nothing is logged. */
const hang = defineImage({
  names: ['hang'],
  hasTag: onlyTags('1'),
  sizeMB: 12,
  entrypoint: ['/hang'],
  cmd: [],
  ports: [8080],
  memoryMB: 16,
  shell: 'ash',
  programs: {
    hang: defineProgram({
      start(run) {
        say(run, 'hang: listening on :8080');
        listen(run, 8080);
        timer(run, 20_000, 'deadlock');
        return null;
      },
      timer(run) {
        run.container.hung = true;
        behaviourChanged(run);
      },
      request: (run) => reply(200, `hello from ${hostOf(run)}\n`, 1),
      signal: (run) => exit(run, 0),
    }),
  },
});

/** batch: `1` works for 8 s and succeeds; the first two runs of a job with `flaky` fail. */
const batch = defineImage({
  names: ['batch'],
  hasTag: onlyTags('1', 'flaky', 'long'),
  sizeMB: 10,
  entrypoint: ['/batch'],
  cmd: [],
  memoryMB: 16,
  shell: 'ash',
  programs: {
    batch: defineProgram({
      start(run) {
        const index = environment(run)['JOB_COMPLETION_INDEX'];
        say(run, `batch: item ${index ?? hostOf(run)} started`);
        timer(run, tagOf(run) === 'flaky' ? 3000 : tagOf(run) === 'long' ? 420_000 : 8000, 'done');
        return null;
      },
      timer(run) {
        if (tagOf(run) === 'flaky' && attemptOf(run) < 2) {
          say(run, 'error: input file is locked by another process');
          exit(run, 1);
          return;
        }
        say(run, 'batch: done');
        exit(run, 0);
      },
      signal: (run) => exit(run, 143),
    }),
  },
});

/** Where the runs of flaky jobs are counted: a store outside all machines, as a lock on a shared input would be. */
const attemptsAddress = 'image/batch';

/** How many times this job's work was tried before: counted over its pods, whose names differ in the last part. */
function attemptOf(run: Run): number {
  const { namespace, name } = run.pod.config;
  const job = `${namespace}/${name.slice(0, name.lastIndexOf('-'))}`;
  if (!run.ctx.part(attemptsAddress)) run.ctx.restart(attemptsAddress, () => new Map<string, number>());
  const attempts = run.ctx.part<Map<string, number>>(attemptsAddress)!;
  const before = attempts.get(job) ?? 0;
  attempts.set(job, before + 1);
  return before;
}

/** crash: needs DB_URL, and says so before it exits with 1. */
const crash = serverImage(
  ['crash'],
  {
    ports: [8080],
    refuses: (run) =>
      environment(run)['DB_URL']
        ? null
        : { lines: ['crash: reading configuration', 'panic: environment variable DB_URL is not set'], code: 1 },
    lines: (run) => [`crash: using database ${environment(run)['DB_URL']}`, 'crash: listening on :8080'],
    term: 'drain',
  },
  { hasTag: onlyTags('1'), sizeMB: 10, program: 'crash' },
);

/** db: a small database on 5432. */
const db = serverImage(
  ['db'],
  {
    ports: [5432],
    startMs: 2000,
    lines: () => ['db: recovering'],
    readyLines: () => ['db: ready for connections on :5432'],
    answer: () => 'ok\n',
    cpuMs: 1,
    term: 'drain',
  },
  { hasTag: onlyTags('1'), sizeMB: 60, memoryMB: 64, program: 'db' },
);

/** hello: says its version and its pod. */
const hello = serverImage(
  ['hello', 'api', 'web'],
  {
    ports: [8080],
    answer: (run) => `hello ${tagOf(run)} from ${hostOf(run)}\n`,
    lines: () => ['hello: listening on :8080'],
    term: 'drain',
  },
  { hasTag: onlyTags('1', '2', '3', 'v1', 'v2'), sizeMB: 8, program: 'hello' },
);

/** log-agent: reads along and says so once a minute; for DaemonSets. */
const logAgent = defineImage({
  names: ['log-agent'],
  hasTag: onlyTags('1'),
  sizeMB: 18,
  entrypoint: ['/log-agent'],
  cmd: [],
  memoryMB: 24,
  shell: 'ash',
  programs: {
    'log-agent': defineProgram({
      start(run) {
        const t = calendar(run.ctx.now);
        say(run, `${t.hour}:${t.minute}:${t.second} log-agent: watching /var/log/pods`);
        return null;
      },
      signal: (run) => exit(run, 0),
    }),
  },
});

/** All images of the lessons. */
export const classroomImages = [shop, busy, leaky, hang, batch, crash, db, hello, logAgent];
