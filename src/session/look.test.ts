import { expect, test } from 'vitest';
import { completionOf, createSession, look } from './index.ts';
import { isSignificant } from './why.ts';

const world = { seed: 1, nodes: 1 };
const line = (text: string): { type: 'kubectl'; line: string } => ({ type: 'kubectl', line: text });

test('the past is read without becoming another one: no branch, no input, the same state', () => {
  const session = createSession({ world, journal: [] });
  session.input(line('create deployment web --image=nginx --replicas=2'));
  session.advance(60_000);
  session.seek(1);
  const digest = session.digest();
  expect(look(session, line('get deployments'))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^NAME .*\nweb +0\/2 /),
  });
  expect(look(session, line('get deployment nothing'))).toMatchObject({ exitCode: 1 });
  expect(session.digest()).toBe(digest);
  expect(session.branches).toHaveLength(1);
  expect(session.history.journal).toHaveLength(1);
});

test('a line that writes, or waits, is not only a look', () => {
  const session = createSession({ world, journal: [] });
  session.advance(30_000);
  const digest = session.digest();
  expect(look(session, line('create namespace shop'))).toBeNull();
  expect(look(session, line('get pods -w'))).toBeNull();
  expect(session.digest()).toBe(digest);
});

test('a line that changes the kubeconfig is not only a look, though it writes no object', () => {
  const session = createSession({ world, journal: [] });
  expect(look(session, line('config get-contexts'))).toMatchObject({ exitCode: 0 });
  expect(look(session, line('config set-context other --namespace=shop'))).toBeNull();
  expect(look(session, line('config use-context kubarium'))).toBeNull();
});

test('completion offers the objects of the namespace that the current context names', () => {
  const session = createSession({ world, journal: [] });
  session.input(line('create namespace shop'));
  session.input(line('create configmap prices -n shop'));
  expect(completionOf(session, 'get configmaps pr', []).words).toEqual([]);
  session.input(line('config set-context --current --namespace=shop'));
  expect(completionOf(session, 'get configmaps pr', []).words).toEqual(['prices']);
});

test('completion knows the objects of the present moment', () => {
  const session = createSession({ world, journal: [] });
  expect(completionOf(session, 'get pods -n sh', []).words).toEqual([]);
  session.input(line('create namespace shop'));
  expect(completionOf(session, 'get pods -n sh', []).words).toEqual(['shop']);
});

test('a line that reads is journalled, but is no act that a timeline marks or play stops at', () => {
  const session = createSession({ world, journal: [] });
  session.advance(30_000);
  session.input(line('get pods'));
  session.input(line('label node node-1 a=b'));
  expect(session.history.journal).toHaveLength(2);
  const yours = session.history.deeds.filter(({ code }) => code.startsWith('input.'));
  expect(yours.map((deed) => [deed.code, isSignificant(deed)])).toEqual([
    ['input.look', false],
    ['input.kubectl', true],
  ]);
});
