import { describe, expect, test } from 'vitest';
import type { Input } from '../protocol/index.ts';
import { podsOf } from '../testing/measure.ts';
import { chainOf, createSession, engineVersion, newestDeedOf, readSavedRun, type Session } from './index.ts';

const deployment = (replicas: number, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: ${image}
        ports: [{containerPort: 8080}]
        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 2}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

const apply = (replicas: number, image = 'shop:v1'): Input => ({
  type: 'kubectl',
  line: 'apply -f web.yaml',
  files: { 'web.yaml': deployment(replicas, image) },
});
const traffic: Input = {
  type: 'traffic',
  source: { name: 'users', url: 'http://web', rps: 20, from: 'outside', timeoutMs: 2000 },
};

const open = (seed = 7): Session => createSession({ world: { seed, nodes: 3 }, journal: [] });

/** A run with something of everything: rollout, traffic, a lost pod, a lost node, a stopped process. */
function eventful(session: Session): void {
  session.advance(3000);
  session.input(apply(4));
  session.advance(20_000);
  session.input(traffic);
  session.advance(30_000);
  session.input(apply(4, 'shop:v2'));
  session.advance(33_000);
  session.input({ type: 'kubectl', line: `delete pod ${podsOf(session, 'app=web')[0]!.metadata.name}` });
  session.advance(40_000);
  session.input({ type: 'fault', fault: { fault: 'node-crash', node: 'node-2' } });
  session.advance(60_000);
  session.input({ type: 'fault', fault: { fault: 'process-stop', process: 'kube-scheduler' } });
  session.input({ type: 'fault', fault: { fault: 'process-stop', process: 'metrics-server' } });
  session.advance(75_000);
  session.input({ type: 'fault', fault: { fault: 'process-start', process: 'kube-scheduler' } });
  session.input({ type: 'fault', fault: { fault: 'node-start', node: 'node-2' } });
  session.advance(120_000);
}

describe('a run', () => {
  test('is the same for the same seed and inputs, and another for another seed', () => {
    const [a, b, c] = [open(), open(), open(8)];
    for (const session of [a, b, c]) eventful(session);
    expect(a.digest()).toBe(b.digest());
    expect(c.digest()).not.toBe(a.digest());
  });

  test('replays from its saved form to the same digest', () => {
    const session = open();
    eventful(session);
    const saved = session.save();
    const again = createSession(readSavedRun(JSON.parse(JSON.stringify(saved))));
    again.advance(saved.at);
    expect(again.digest()).toBe(saved.digest);
    expect(saved.engine).toBe(engineVersion);
  });

  test('may begin at another time, which it keeps: its objects are no older than it is', () => {
    const beginsAt = 28_000_000_000;
    const session = createSession({ world: { seed: 7, nodes: 1, beginsAt }, journal: [] });
    session.advance(beginsAt + 5000);
    session.input({ type: 'kubectl', line: 'create configmap late' });
    const saved = session.save();
    const again = createSession(readSavedRun(JSON.parse(JSON.stringify(saved))));
    again.advance(saved.at);
    expect(again.digest()).toBe(saved.digest);
    const { body } = again.request({ verb: 'get', resource: 'configmaps', namespace: 'default', name: 'late' });
    expect(body).toMatchObject({ metadata: { creationTimestamp: '2026-11-21T01:46:45Z' } });
  });

  test('saved within a millisecond it reopens exactly there', () => {
    const session = open();
    eventful(session);
    session.seek(74_999);
    // Two inputs share the moment: the second still waits.
    while (session.now < 75_000 || session.deedCount() === 0) session.advance(75_000, 1);
    for (let i = 0; i < 3; i++) {
      const saved = readSavedRun(JSON.parse(JSON.stringify(session.save())));
      expect(saved).toMatchObject({ at: 75_000, step: session.step });
      const again = createSession(saved);
      again.advance(saved.at, Infinity, saved.step);
      expect(again.digest()).toBe(saved.digest);
      session.advance(75_000, 1);
    }
    session.advance(75_001);
    expect(session.save()).not.toHaveProperty('step');
  });

  test('stands at the same state at every moment, however it got there', () => {
    const straight = open();
    eventful(straight);
    const moments = [1, 3000, 3001, 20_000, 31_234, 33_000, 40_000, 52_345, 75_000, 119_999];
    const digests = moments.map((at) => {
      straight.seek(at);
      return straight.digest();
    });
    for (const i of [5, 0, 9, 3, 7, 1, 8, 2, 6, 4]) {
      straight.seek(moments[i]!);
      expect(straight.digest(), `at ${moments[i]} ms`).toBe(digests[i]);
    }
  });

  test('goes the same way from a checkpoint taken at any event', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(3));
    const { kernel } = session.world;
    for (let i = 0; i < 60; i++) {
      session.advance(60_000, 1 + ((i * 7) % 23));
      const checkpoint = kernel.checkpoint();
      const end = kernel.state.now + 5000;
      kernel.runUntil(end);
      const straight = kernel.digest();
      kernel.restore(checkpoint);
      kernel.runUntil(end);
      expect(kernel.digest()).toBe(straight);
      kernel.restore(checkpoint);
    }
  });
});

describe('in the past', () => {
  test('an input forks: the old future stays as a branch and can be visited again', () => {
    const session = open();
    eventful(session);
    const oldEnd = session.digest();
    session.seek(25_000);
    session.input({ type: 'kubectl', line: 'scale deploy/web --replicas=6' });
    expect(session.branches).toHaveLength(2);
    session.advance(120_000);
    expect(podsOf(session, 'app=web').filter((p) => !p.metadata.deletionTimestamp)).toHaveLength(6);
    const newEnd = session.digest();
    session.switchTo(1);
    session.seek(120_000);
    expect(session.digest()).toBe(oldEnd);
    session.switchTo(2);
    session.seek(120_000);
    expect(session.digest()).toBe(newEnd);
  });

  test('a fork within a millisecond sees nothing twice', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(3));
    session.advance(20_000);
    session.input({ ...traffic, source: { ...traffic.source, rps: 900 } } as Input);
    session.input({ type: 'kubectl', line: 'get pods' });
    session.advance(26_000);
    const { requests } = session.history;
    const i = requests.findIndex((r, k) => r.endedAt > 25_000 && r.endedAt === requests[k + 1]?.endedAt);
    const [first, second] = requests.slice(i, i + 2);
    session.seek(first!.endedAt - 1);
    while (session.step < first!.step) session.advance(first!.endedAt, 1);
    expect(second!.step).toBeGreaterThan(session.step);
    session.input({ type: 'kubectl', line: 'get nodes' });
    session.advance(25_999);
    const seen = session.history.requests;
    expect(new Set(seen.map(({ source, startedAt, id }) => `${source} ${startedAt} ${id}`)).size).toBe(seen.length);
    const counted = session.history.traffic.get('users')!.find((s) => s.second === 25)!;
    expect(counted.ok + counted.failed).toBe(seen.filter((r) => Math.floor(r.endedAt / 1000) === 25).length);
    expect(session.history.outputs).toMatchObject([{ id: 0 }, { id: 2 }, { id: 3 }]);
  });

  test('previous and next walk over the same deeds', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(2));
    session.advance(15_000);
    const steps: number[] = [];
    for (let i = 0; i < 12; i++) {
      session.previous('step');
      steps.push(session.step);
    }
    for (const step of steps.reverse().slice(1)) {
      session.next('step');
      expect(session.step).toBe(step);
    }
  });
});

test('when nothing happens any more, the search for the next event leaves no trace', () => {
  const session = open();
  session.advance(3000);
  session.input(apply(2));
  session.advance(60_000);
  const before = {
    now: session.now,
    head: session.head,
    digest: session.digest(),
    deeds: session.history.deeds.length,
  };
  expect(session.next('significant')).toBe(false);
  expect({
    now: session.now,
    head: session.head,
    digest: session.digest(),
    deeds: session.history.deeds.length,
  }).toEqual(before);
  session.input(apply(3));
  expect(session.branches).toHaveLength(1);
  expect(session.next('significant')).toBe(true);
});

describe('at rest, when no event lies between two inputs', () => {
  const vain: Input = { type: 'kubectl', line: 'delete pod nothing' };
  const triedAt = (...moments: readonly number[]): Session => {
    const session = open();
    for (const at of moments) {
      session.advance(at);
      session.input(vain);
    }
    session.advance(100_000);
    return session;
  };

  test('previous stops at each of them', () => {
    const session = triedAt(60_000, 70_000, 80_000);
    const stops = [1, 2, 3].map(() => {
      session.previous('significant');
      return session.now;
    });
    expect(stops).toEqual([80_000, 70_000, 60_000]);
  });

  test('a fork stands at the same state after any seek', () => {
    const session = triedAt(60_000, 70_000, 80_000);
    session.seek(65_000);
    session.input({ type: 'kubectl', line: 'create namespace x' });
    session.advance(90_000);
    const straight = session.digest();
    for (const at of [0, 75_000, 66_000]) {
      session.seek(at);
      session.seek(90_000);
      expect(session.digest(), `by way of ${at}`).toBe(straight);
    }
  });

  test('after very many checkpoints any moment is still near one', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(2));
    session.input({ ...traffic, source: { ...traffic.source, rps: 100 } } as Input);
    session.advance(320_000);
    const { checkpoints, headStep } = session.history;
    const gaps = checkpoints.slice(1).map((c, i) => c.step - checkpoints[i]!.step);
    expect(checkpoints.length).toBe(400);
    expect(Math.max(...gaps)).toBeLessThan(headStep / 50);
  });
});

describe('why', () => {
  const chainOfPod = (session: Session, name: string): string[] => {
    const pod = podsOf(session, '').find((p) => p.metadata.name.startsWith(name))!;
    const { deeds } = session.history;
    const newest = newestDeedOf(deeds, session.deedCount(), pod.metadata.uid)!;
    return chainOf(deeds, newest.seq).map((deed) => deed.code);
  };
  const pod = (name: string, image: string, command: string): Input => ({
    type: 'kubectl',
    line: `run ${name} --image=${image} -- ${command}`,
  });

  test('a crash loop of many rounds is told once, down to the command that began it', () => {
    const session = open();
    session.advance(1000);
    session.input(pod('crash', 'busybox', 'false'));
    session.advance(600_000);
    expect(chainOfPod(session, 'crash')).toEqual([
      'kubelet.backoff',
      'kubelet.container-exited',
      'kubelet.restart',
      'kubelet.pulled',
      'scheduler.bind',
      'api.create',
      'input.kubectl',
    ]);
  });

  test('a Job’s second pod leads to the end of the first, and a skipped run of a CronJob to the one that still runs', () => {
    const session = createSession({ world: { seed: 7, nodes: 1 }, journal: [] });
    const type = (line: string): void => void session.input({ type: 'kubectl', line });
    const newestOf = (uid: string) => newestDeedOf(session.history.deeds, session.deedCount(), uid)!;
    session.advance(5000);
    type('create job flaky --image=batch:flaky');
    session.advance(24_000);
    const [first, second] = podsOf(session, '').toSorted(
      (a, b) => Number(a.metadata.creationTimestamp > b.metadata.creationTimestamp) - 0.5,
    );
    expect(newestOf(first!.metadata.uid).code).toBe('kubelet.container-exited');
    const chain = chainOf(session.history.deeds, newestOf(second!.metadata.uid).seq);
    expect(chain.map((deed) => deed.code)).toEqual(
      expect.arrayContaining(['job.retry-pod', 'kubelet.container-exited', 'job.create-pod', 'input.kubectl']),
    );
    type("create cronjob clock --image=busybox:1.36 --schedule='* * * * *' -- sleep 90");
    type(`patch cronjob clock -p '{"spec":{"concurrencyPolicy":"Forbid"}}'`);
    session.advance(125_000);
    const skip = session.history.deeds.findLast((deed) => deed.code === 'cronjob.skip')!;
    expect(newestOf(skip.uid!)).toMatchObject({ code: 'cronjob.skip', ref: 'cronjobs.batch/default/clock' });
  });

  test('the cause of a pull is who asked for it, not who was served before', () => {
    const session = createSession({ world: { seed: 7, nodes: 1 }, journal: [] });
    session.advance(1000);
    session.input(pod('first', 'redis', 'redis-server'));
    session.input(pod('second', 'nginx', 'nginx'));
    session.advance(40_000);
    const { deeds } = session.history;
    const second = podsOf(session, '').find((p) => p.metadata.name === 'second')!;
    const newest = newestDeedOf(deeds, session.deedCount(), second.metadata.uid)!;
    const refs = chainOf(deeds, newest.seq).flatMap((deed) => deed.ref ?? []);
    expect(new Set(refs)).toEqual(new Set(['pods/default/second']));
  });

  test('the last pod of a rolling update leads to the command behind the update', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(6));
    session.advance(30_000);
    session.input(apply(6, 'shop:v2'));
    session.advance(90_000);
    const last = podsOf(session, 'app=web').toSorted((a, b) =>
      a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1,
    );
    const chain = chainOfPod(session, last.at(-1)!.metadata.name);
    expect(chain.at(-1)).toBe('input.kubectl');
    expect(chain).toContain('deployment.scale-up');
  });

  test('an autoscaler that adds pods is explained by the traffic that it answers', () => {
    const session = open();
    session.advance(3000);
    const busy = deployment(2, 'busy:1').replace(
      '        ports:',
      '        resources: {requests: {cpu: 200m}}\n        ports:',
    );
    session.input({ type: 'kubectl', line: 'apply -f web.yaml', files: { 'web.yaml': busy } });
    session.input({ type: 'kubectl', line: 'autoscale deployment web --min=2 --max=10 --cpu-percent=50' });
    session.advance(60_000);
    session.input({
      type: 'traffic',
      source: { name: 'u', url: 'http://web', rps: 60, from: 'outside', timeoutMs: 2000 },
    });
    session.advance(120_000);
    const { deeds } = session.history;
    const scale = deeds.find((deed) => deed.code.startsWith('hpa.scale'))!;
    expect(chainOf(deeds, scale.seq).map((deed) => deed.code)).toEqual([scale.code, 'input.traffic']);
  });

  test('a rollout that stalls is explained by its deadline, and that by the command that began it', () => {
    const session = open();
    session.advance(3000);
    session.input(apply(4));
    session.advance(30_000);
    session.input(apply(4, 'nginx:1.161'));
    session.advance(700_000);
    const { deeds } = session.history;
    const web = deeds.find((deed) => deed.code === 'deployment.stalled')!;
    expect(newestDeedOf(deeds, session.deedCount(), web.uid!)).toBe(web);
    const chain = chainOf(deeds, web.seq);
    expect(chain[0]!.params).toMatchObject({ seconds: 600 });
    expect(chain.at(-1)).toMatchObject({ code: 'input.kubectl', at: 30_000 });
  });
});

describe('a saved run that is broken or hostile', () => {
  const good = { kubarium: 1, engine: engineVersion, world: { seed: 1, nodes: 3 }, journal: [], at: 0 };
  test.each([
    [null, 'the run is not an object'],
    [{ ...good, kubarium: 2 }, 'not a Kubarium run of format 1'],
    [{ ...good, world: { seed: 1, nodes: 1e9 } }, 'the number of nodes must be a whole number from 0 to 1000'],
    [{ ...good, world: { seed: -1, nodes: 1 } }, 'the seed must be'],
    [{ ...good, journal: [{ at: 5, input: { type: 'eval' } }] }, 'input 0 has an unknown type'],
    [{ ...good, journal: [{ at: 5, input: { type: 'kubectl', line: 3 } }] }, 'line of input 0 must be text'],
    [
      { ...good, journal: [{ at: 5, input: { type: 'fault', fault: { fault: '__proto__' } } }] },
      'input 0 has an unknown fault',
    ],
    [{ ...good, at: Number.NaN }, 'the position must be'],
  ])('%j is refused with a sentence', (run, sentence) => {
    expect(() => readSavedRun(run)).toThrow(sentence);
  });

  test('keys such as __proto__ are only data', () => {
    const files = JSON.parse('{"__proto__": "a: 1", "constructor": "b: 2"}') as Record<string, string>;
    const run = readSavedRun({ ...good, journal: [{ at: 1, input: { type: 'kubectl', line: 'apply -f x', files } }] });
    expect(Object.prototype).not.toHaveProperty('a');
    expect(run.journal).toHaveLength(1);
  });
});
