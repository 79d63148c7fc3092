import { expect, test } from 'vitest';
import type { Frame } from '../protocol/index.ts';
import { createFrames } from './frames.ts';
import { readSavedRun } from './saved.ts';
import { createSession } from './session.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: nginx }] }
`;

test('a line that goes on prints into the frames, survives a rewind, and ends with Ctrl+C', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  session.advance(5000);
  const frames = createFrames(session);
  const printed = (): Frame['outputs'] => frames.take({ playing: true, speed: 1, progress: null })?.outputs ?? [];
  printed();
  const line = session.injected;
  expect(session.input({ type: 'kubectl', line: 'get pods -w' })).toBe(null);
  session.input({ type: 'kubectl', line: 'apply -f pod.yaml', files: { 'pod.yaml': pod } });
  const applied = session.now;
  session.advance(applied + 3000);
  const rows = (outputs: Frame['outputs']): string =>
    outputs.filter((o) => o.id === line).map((o) => o.stdout).join(''); // prettier-ignore
  const first = rows(printed());
  expect(first.split('\n')[0]).toMatch(/^NAME +READY +STATUS/);
  expect(first).toMatch(/web +1\/1 +Running/);

  // Lived again, the same line is not told twice; what it waits for is part of every checkpoint.
  const digest = session.digest();
  session.seek(applied + 500);
  session.advance(applied + 3000);
  expect(session.digest()).toBe(digest);
  expect(rows(printed())).toBe('');

  session.input({ type: 'interrupt', line });
  expect(printed().at(-1)).toMatchObject({ type: 'result', id: line, exitCode: 130 });
  session.input({ type: 'kubectl', line: 'delete pod web --now' });
  session.advance(session.now + 5000);
  expect(rows(printed())).toBe('');
});

test('what was printed is told once, also when one acts in the past, comes back, or looks in vain for the next event', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  const frames = createFrames(session);
  const printed = (): number[] =>
    frames.take({ playing: true, speed: 1, progress: null })?.outputs.map(({ id }) => id) ?? [];
  const look = (): void => void session.input({ type: 'kubectl', line: 'get nodes' });
  session.advance(60_000);
  look();
  expect(printed()).toEqual([0]);
  expect(session.next('significant')).toBe(false);
  expect(session.history.outputs).toHaveLength(1);
  session.advance(70_000);
  look();
  expect(printed()).toEqual([1]);
  session.seek(65_000);
  look();
  expect(printed()).toEqual([1]);
  expect(session.history.outputs).toHaveLength(2);
  session.switchTo(1);
  expect(printed()).toEqual([]);
  session.advance(session.head);
  look();
  expect(printed()).toEqual([2]);
});

test('a shell in a container is typed into: its prompt, its echo and its end are outputs of the line', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  session.input({ type: 'kubectl', line: 'run box --image=busybox -- sleep 3600' });
  session.advance(20_000);
  expect(session.input({ type: 'kubectl', line: 'exec -it box -- sh' })).toBeNull();
  const id = session.injected - 1;
  const type = (text: string): void => {
    session.input({ type: 'stdin', exec: id, text });
    session.advance(session.now + 1000);
  };
  session.advance(21_000);
  type('cd /tmp\n');
  type('echo "in $PWD"\n');
  type('exit 3\n');
  const outputs = session.history.outputs.filter((output) => output.id === id);
  expect(outputs[0]).toMatchObject({ type: 'output', keyboard: 'terminal' });
  expect(
    outputs
      .map(({ stdout }) => stdout)
      .join('')
      .replaceAll('\r', ''),
  ).toBe('/ # cd /tmp\n/tmp # echo "in $PWD"\nin /tmp\n/tmp # exit 3\n');
  expect(outputs.at(-1)).toMatchObject({
    type: 'result',
    exitCode: 3,
    stderr: 'command terminated with exit code 3\n',
  });
});

test('through a forwarded port a request reaches the pod: the line tells the answer, a replay finds the same state', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  session.input({ type: 'kubectl', line: 'run web --image=nginx' });
  session.advance(20_000);
  expect(session.input({ type: 'kubectl', line: 'port-forward pod/web 8080:80' })).toBeNull();
  const line = session.injected - 1;
  const ask = (path: string, port = 8080): void => {
    session.input({ type: 'dial', to: { line }, port, protocol: 'http', method: 'GET', path });
    session.advance(session.now + 1000);
  };
  ask('/');
  ask('/nothing');
  ask('/', 8081);
  const outputs = session.history.outputs.filter(({ id }) => id === line);
  expect(outputs[0]).toMatchObject({
    stdout: 'Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n',
    forwards: { namespace: 'default', pod: 'web', ports: [{ local: 8080, remote: 80 }] },
  });
  expect(outputs.slice(1)).toMatchObject([
    { stdout: 'Handling connection for 8080\n' },
    { stdout: '', answered: { status: 200, body: expect.stringContaining('Welcome to nginx!') } },
    { stdout: 'Handling connection for 8080\n' },
    { stdout: '', answered: { status: 404 } },
    { stdout: '', answered: { status: 0, error: 'connect: connection refused' } },
  ]);

  const saved = session.save();
  const again = createSession(readSavedRun(structuredClone(saved)));
  again.advance(saved.at);
  expect(again.digest()).toBe(saved.digest);

  session.input({ type: 'interrupt', line });
  ask('/');
  expect(session.history.outputs.at(-1)).toMatchObject({ answered: { error: 'connect: connection refused' } });
});
