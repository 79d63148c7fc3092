import { expect, test } from 'vitest';
import { lessonOf, runOfLesson } from '../lessons/index.ts';
import type { LessonProgress } from '../protocol/index.ts';
import { createFrames, createSession, engineVersion, readSavedRun, type Session } from './index.ts';

const open = (id: string): Session => {
  const run = runOfLesson(lessonOf(id)!, engineVersion);
  const session = createSession(run);
  session.advance(run.at);
  return session;
};

const upgrade = (session: Session): void =>
  void session.input({ type: 'kubectl', line: 'set image deployment/web shop=shop:v2' });

/** Moments of a run and how its lesson stood there. */
function follow(session: Session, seconds: number): Map<number, LessonProgress> {
  const seen = new Map<number, LessonProgress>();
  for (let i = 0; i < seconds; i++) {
    session.advance(session.now + 1000);
    seen.set(session.now, session.lesson!);
  }
  return seen;
}

test('a lesson stands at every moment as it stood when one passed there, also after a fork and in another session', () => {
  const session = open('13');
  upgrade(session);
  const seen = follow(session, 25);
  expect(session.lesson).toMatchObject({ step: 1, outcome: { happened: '13-8' } });
  for (const [now, progress] of [...seen].reverse()) {
    session.seek(now);
    expect(session.lesson, `at ${now}`).toEqual(progress);
  }
  const begun = session.now;
  session.input({ type: 'kubectl', line: 'rollout undo deployment/web' });
  const forked = follow(session, 25);
  expect(session.lesson).toMatchObject({ step: 0, outcome: null });
  session.switchTo(1);
  expect(session.lesson).toEqual([...seen].findLast(([now]) => now <= session.now)![1]);
  session.switchTo(2);
  const again = createSession(readSavedRun(JSON.parse(JSON.stringify(session.save()))));
  for (const [now, progress] of forked) {
    again.advance(now);
    expect(again.lesson, `at ${now} after ${begun}`).toEqual(progress);
  }
});

test('what time alone makes true is seen without an event, and judging changes nothing', () => {
  const judged = open('24');
  judged.input({
    type: 'traffic',
    source: { name: 'users', url: 'http://web', rps: 0, from: 'inside', timeoutMs: 2000 },
  });
  judged.input({ type: 'kubectl', line: 'delete service web' });
  judged.advance(judged.now + 30_000);
  const { lesson: _, ...sandbox } = judged.save();
  const plain = createSession(sandbox);
  plain.advance(judged.now);
  expect(plain.lesson).toBeNull();
  expect(plain.digest()).toBe(judged.digest());

  const session = open('33');
  session.input({ type: 'kubectl', line: `patch configmap settings -p '{"data":{"color":"blue"}}'` });
  const changed = session.now;
  session.advance(changed + 200_000);
  expect(session.lesson!.doneAt).toEqual([changed + 120_000]);
});

test('what is done in a quiet time before the head ends what waiting had made true after it', () => {
  const session = open('10');
  const manifest = lessonOf('10')!.steps[0]!.manifest!;
  const attempt = { type: 'kubectl', line: 'apply -f manifest.yaml', files: { 'manifest.yaml': manifest } } as const;
  session.input(attempt);
  const begun = session.now;
  session.advance(begun + 10_000);
  expect(session.lesson).toMatchObject({ step: 1 });
  session.seek(begun + 1000);
  session.input(attempt);
  expect(session.lesson).toMatchObject({
    step: 0,
    checks: [{ id: 'tried', state: 'holding', value: 2 }, {}, {}, {}, {}, {}, {}],
  });
  expect(session.head).toBe(begun + 1000);
});

test('what is done in a quiet past forks, and the future that waiting had brought stays to be visited', () => {
  const session = open('33');
  session.input({ type: 'kubectl', line: `patch configmap settings -p '{"data":{"color":"blue"}}'` });
  session.seek(session.now + 120_500);
  const done = session.lesson!.doneAt[0]!;
  session.seek(done - 500);
  session.input({ type: 'kubectl', line: 'delete pod --all' });
  session.advance(done + 100);
  expect(session.branch).toBe(2);
  expect(session.lesson!.doneAt).toEqual([]);
  session.switchTo(1);
  session.seek(session.head);
  expect(session.lesson!.doneAt).toEqual([done]);
});

test('event by event one also stops where a step ends by time alone, the first time and again', () => {
  const session = open('33');
  session.input({ type: 'kubectl', line: `patch configmap settings -p '{"data":{"color":"blue"}}'` });
  const done = session.now + 120_000;
  const stops = (): number[] => {
    const at: number[] = [];
    while (session.now < done && session.next('significant')) at.push(session.now);
    return at;
  };
  const first = stops();
  expect(first.at(-1)).toBe(done);
  expect(session.lesson).toMatchObject({ step: 1, outcome: { happened: 'file' } });
  session.seek(done - 120_000);
  expect(stops()).toEqual(first);
});

test('frames tell the progress; before the lesson opens and in a sandbox there is none', () => {
  const session = open('01');
  const frame = createFrames(session).take({ playing: false, speed: 1, progress: null });
  expect(frame!.lesson).toMatchObject({
    id: '01',
    step: 0,
    checks: [{ id: 'restarted', value: 0, wanted: '>= 1' }, {}, {}],
  });
  session.seek(2000);
  expect(session.lesson).toBeNull();
});

test('a run names a lesson that exists, and a side only of a comparison', () => {
  const run = { ...open('14').save(), lesson: { id: '14', side: 'b' } };
  expect(readSavedRun(run).lesson).toEqual({ id: '14', side: 'b' });
  expect(() => readSavedRun({ ...run, lesson: { id: '99' } })).toThrow('there is no lesson 99');
  expect(() => readSavedRun({ ...run, lesson: { id: '13', side: 'b' } })).toThrow('lesson 13 has no such side');
});
