import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Frame, Message } from '../../protocol/index.ts';
import { lessonOf, runOfLesson } from '../../lessons/index.ts';
import type { SavedRun } from '../../protocol/index.ts';
import { createFrames, createSession, type Session } from '../../session/index.ts';
import { createPump, type Pump } from './pump.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A pump whose clock stands still unless it is moved: every slice is as long as its batch. */
function bench(run: Pick<SavedRun, 'world' | 'journal' | 'lesson'> = { world: { seed: 1, nodes: 1 }, journal: [] }): {
  session: Session;
  pump: Pump;
  messages: Message[];
  halts: unknown[];
  clock: { ms: number };
} {
  const session = createSession(run);
  const messages: Message[] = [];
  const halts: unknown[] = [];
  const clock = { ms: 0 };
  const pump = createPump(
    session,
    createFrames(session),
    (message) => messages.push(message),
    (error) => halts.push(error),
    () => (clock.ms += 5),
  );
  return { session, pump, messages, halts, clock };
}

test('whoever waits for the arrival of a seek finds the session at its end, with a frame of it posted before', async () => {
  const { session, pump, messages } = bench();
  const order: string[] = [];
  void pump.seek(600_000).then(() => order.push(`seek at ${session.now}`));
  const arrival = pump.arrival().then(() => order.push(`arrival at ${session.now}`));
  expect(session.now).toBe(0);
  await vi.runAllTimersAsync();
  await arrival;
  expect(order).toEqual(['seek at 600000', 'arrival at 600000']);
  expect(messages.at(-1)).toMatchObject({ type: 'frame', now: 600_000, progress: null });
});

test('a later seek takes over: arrival waits for that one', async () => {
  const { session, pump } = bench();
  const first = pump.seek(600_000);
  const arrival = pump.arrival();
  void pump.seek(1000);
  await first;
  await vi.runAllTimersAsync();
  await arrival;
  expect(session.now).toBe(1000);
});

test('a pump that is destroyed answers the seek under way, and further ones, with an error', async () => {
  const { pump } = bench();
  const seek = pump.seek(600_000);
  pump.destroy('another run was opened');
  await expect(seek).rejects.toThrow('another run was opened');
  await expect(pump.seek(5)).rejects.toThrow('ended');
  await expect(pump.arrival()).rejects.toThrow('ended');
});

test('an error of the simulation halts the pump and rejects the seek', async () => {
  const { session, pump, halts } = bench();
  session.world.kernel.inject(500, 'nobody', 'boom');
  const seek = pump.seek(1000);
  const rejected = expect(seek).rejects.toThrow('no handler');
  await vi.runAllTimersAsync();
  await rejected;
  expect(halts).toHaveLength(1);
});

test('event by event a lesson lets quiet time pass, because a check may wait for nothing but that', async () => {
  const { session, pump } = bench(runOfLesson(lessonOf('24')!, 'x'));
  session.advance(lessonOf('24')!.start.opensAt);
  const { now } = session;
  pump.speed('events');
  pump.play(true);
  await vi.advanceTimersByTimeAsync(4000);
  expect(session.now).toBeGreaterThan(now + 20_000);
  expect(session.now).toBeLessThan(now + 15 * 60_000);
  expect(pump.playing).toBe(true);
  pump.destroy('seen');
});

describe('the search for the next event', () => {
  /** A run in which nothing but requests happens any more. */
  const busy = (): ReturnType<typeof bench> => {
    const made = bench();
    const { session } = made;
    session.advance(60_000);
    const source = { name: 'users', url: 'http://web', rps: 20, from: 'inside', timeoutMs: 2000 } as const;
    session.input({ type: 'traffic', source });
    session.advance(70_000);
    return made;
  };
  const place = ({ history, now, head, step, digest }: Session): unknown => ({
    now,
    head,
    step,
    digest: digest(),
    requests: history.requests.length,
    deeds: history.deeds.length,
    traffic: history.traffic.get('users'),
  });

  test('goes in slices that tell how far it is, and leads back when there is none', async () => {
    const { session, pump, messages, clock } = busy();
    const before = place(session);
    const step = pump.step('significant');
    await vi.advanceTimersByTimeAsync(0);
    const begun = clock.ms;
    await vi.advanceTimersToNextTimerAsync();
    expect(clock.ms - begun).toBeLessThan(50);
    expect(session.now).toBeLessThan(200_000);
    await vi.runAllTimersAsync();
    expect(await step).toBe(false);
    expect(place(session)).toEqual(before);
    const told = messages.map((m) => m as Frame);
    expect(told.filter((frame) => frame.progress !== null).length).toBeGreaterThan(10);
    expect(new Set(told.map((frame) => frame.now))).toEqual(new Set([70_000]));
  });

  test.each<[string, (pump: Pump) => unknown, number]>([
    ['play', (pump) => pump.play(false), 70_000],
    ['a seek', (pump) => pump.seek(65_000), 65_000],
    ['another step', (pump) => pump.step('step'), 70_000],
  ])('is given up for %s', async (_, act, at) => {
    const { session, pump } = busy();
    const before = place(session);
    const step = pump.step('significant');
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 5; i++) await vi.advanceTimersToNextTimerAsync();
    expect(session.now).toBeGreaterThan(70_000);
    act(pump);
    expect(await step).toBe(true);
    await vi.runAllTimersAsync();
    expect(session.now).toBe(at);
    session.advance(70_000);
    expect(place(session)).toEqual(before);
  });

  test('event-paced play gives way to what is done', async () => {
    const { session, pump } = busy();
    pump.speed('events');
    pump.play(true);
    for (let i = 0; i < 5; i++) await vi.advanceTimersToNextTimerAsync();
    expect(session.now).toBeGreaterThan(70_000);
    await pump.arrival();
    expect(session.now).toBe(70_000);
    await vi.runAllTimersAsync();
    expect(pump.playing).toBe(false);
    expect(session.now).toBe(70_000);
  });
});
