import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readState } from './state-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kubarium-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'state');

test('where there is no file a run begins anew', () => {
  expect(readState(file)).toBeNull();
});

test.each([
  ['text of another sort', 'garbage\n', 'is not valid JSON'],
  ['another format', '{"kubarium":9}\n', 'this is not a Kubarium run of format 1'],
  [
    'an input that is none',
    '{"kubarium":1,"engine":"x","world":{"seed":1,"nodes":1}}\n{"at":1,"input":7}\n',
    'input 0',
  ],
])('a file with %s is refused by its name', (_what, content, why) => {
  writeFileSync(file, content);
  expect(() => readState(file)).toThrow(`${file} holds no run that can go on: `);
  expect(() => readState(file)).toThrow(why);
});

test('a run of a year on more machines than a link may name goes on', () => {
  const head = '{"kubarium":1,"engine":"x","world":{"seed":1,"nodes":2000}}';
  writeFileSync(file, `${head}\n{"at":31536000000}\n`);
  expect(readState(file)).toMatchObject({ at: 31_536_000_000, world: { nodes: 2000 } });
});
