import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Envelope, Frame, Message } from '../protocol/index.ts';
import { createLink, LinkDied, type Halt, type Port } from './link.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker that answers when told. */
function fakePort(): Port & { sent: Envelope[]; ended: boolean; say(message: Message): void } {
  return {
    sent: [],
    ended: false,
    onmessage: null,
    onerror: null,
    postMessage(message) {
      this.sent.push(message);
    },
    terminate() {
      this.ended = true;
    },
    say(message) {
      this.onmessage?.({ data: message } as MessageEvent<Message>);
    },
  };
}

function setUp(): {
  ports: ReturnType<typeof fakePort>[];
  link: ReturnType<typeof createLink>;
  halts: Halt[];
  frames: Frame[];
} {
  const ports: ReturnType<typeof fakePort>[] = [];
  const frames: Frame[] = [];
  const halts: Halt[] = [];
  const link = createLink(
    (frame) => frames.push(frame),
    () => {
      const port = fakePort();
      ports.push(port);
      return port;
    },
  );
  link.onHalted = (halt) => halts.push(halt);
  return { ports, link, halts, frames };
}

test('a command gets the answer with its own id, whatever the order', async () => {
  const { ports, link } = setUp();
  const first = link.send({ type: 'digest' });
  const second = link.send({ type: 'why', uid: 'u' });
  const [a, b] = ports[0]!.sent;
  ports[0]!.say({ type: 'reply', id: b!.id, ok: true, result: [] });
  ports[0]!.say({ type: 'reply', id: a!.id, ok: true, result: 'abc' });
  await expect(first).resolves.toBe('abc');
  await expect(second).resolves.toEqual([]);
});

test('a refused command rejects with the words of the worker', async () => {
  const { ports, link } = setUp();
  const asked = link.send({ type: 'digest' });
  ports[0]!.say({ type: 'reply', id: ports[0]!.sent[0]!.id, ok: false, error: 'no run is open' });
  await expect(asked).rejects.toThrow('no run is open');
});

test('when the worker dies, what waits is rejected, later commands too, and the page is told', async () => {
  const { ports, link, halts } = setUp();
  const asked = link.send({ type: 'digest' });
  ports[0]!.onerror!({ message: 'out of memory' } as ErrorEvent);
  await expect(asked).rejects.toBeInstanceOf(LinkDied);
  await expect(link.send({ type: 'digest' })).rejects.toBeInstanceOf(LinkDied);
  expect(halts).toEqual([{ kind: 'died', error: 'out of memory', run: null }]);
  expect(ports[0]!.ended).toBe(true);
});

test('after a restart the old worker is not listened to', async () => {
  const { ports, link, frames, halts } = setUp();
  link.restart();
  expect(ports).toHaveLength(2);
  expect(ports[0]!.ended).toBe(true);
  ports[0]!.say({ type: 'frame' } as Frame);
  ports[0]!.onerror!({ message: 'late' } as ErrorEvent);
  expect(frames).toEqual([]);
  expect(halts).toEqual([]);
  const asked = link.send({ type: 'digest' });
  ports[1]!.say({ type: 'reply', id: ports[1]!.sent[0]!.id, ok: true, result: 'd' });
  await expect(asked).resolves.toBe('d');
});

test('a halted simulation hands over its run', () => {
  const { ports, halts } = setUp();
  const run = { kubarium: 1 as const, engine: '0.1.0', world: { seed: 1, nodes: 1 }, journal: [], at: 5 };
  ports[0]!.say({ type: 'halted', error: 'InvariantError: x', run });
  expect(halts).toEqual([{ kind: 'halted', error: 'InvariantError: x', run }]);
});

test('a worker that is asked and says nothing for 15 s counts as dead; one that has nothing to say does not', async () => {
  const { ports, link, halts } = setUp();
  vi.advanceTimersByTime(60_000);
  expect(halts).toEqual([]);
  const asked = link.send({ type: 'digest' });
  vi.advanceTimersByTime(14_000);
  ports[0]!.say({ type: 'frame', playing: false } as Frame);
  vi.advanceTimersByTime(14_000);
  expect(halts).toEqual([]);
  vi.advanceTimersByTime(1000);
  await expect(asked).rejects.toBeInstanceOf(LinkDied);
  expect(halts).toEqual([{ kind: 'died', error: 'no answer for 15 s', run: null }]);
  expect(ports[0]!.ended).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(halts).toHaveLength(1);
});

test('while time runs, silence alone is enough', () => {
  const { ports, halts } = setUp();
  ports[0]!.say({ type: 'frame', playing: true } as Frame);
  vi.advanceTimersByTime(15_000);
  expect(halts).toHaveLength(1);
});
