import { deflateSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { createSpdy } from './spdy.ts';

/** A frame that opens a stream. */
function opening(block: Buffer): Buffer {
  const head = Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 0]);
  head.writeUIntBE(10 + block.length, 5, 3);
  return Buffer.concat([head, Buffer.alloc(10), block]);
}

test.each([
  ['bytes that are no compression', Buffer.from('no compression at all')],
  ['a block that unpacks to a hundred megabytes', deflateSync(Buffer.alloc(100_000_000))],
  ['no headers at all', Buffer.alloc(0)],
])('%s end the connection', async (_what, block) => {
  const why: Error[] = [];
  createSpdy(
    () => {},
    () => {},
    (error) => why.push(error),
  ).receive(opening(block));
  await vi.waitUntil(() => why.length > 0);
  expect(why[0]!.message).toMatch(/header|bounds/);
});
