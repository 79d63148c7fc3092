import { expect, test } from 'vitest';
import type { SavedRun } from '../protocol/index.ts';
import { linkOf, mostBytes, readLink, readRun } from './share.ts';

const run: SavedRun = {
  kubarium: 1,
  engine: '0.1.0',
  world: { seed: 7, nodes: 3 },
  journal: [
    {
      at: 1000,
      input: {
        type: 'kubectl',
        line: 'apply -f manifest.yaml',
        files: { 'manifest.yaml': 'kind: Pod # 파드\n'.repeat(40) },
      },
    },
  ],
  at: 20_000,
  digest: 'abc',
  editor: 'kind: Pod',
};

test('a link gives back the same run', async () => {
  const link = await linkOf(run);
  expect(link).toMatch(/^#v=1&c=\w+&run=[\w-]+$/);
  expect(await readLink(link)).toEqual({ ok: true, run });
});

test('a link that lost its end, or had one character changed, is damaged', async () => {
  const link = await linkOf(run);
  expect(await readLink(link.slice(0, -5))).toEqual({ ok: false, why: 'damaged' });
  for (const at of [link.length - 3, link.indexOf('run=') + 6, link.indexOf('run=') + 40]) {
    const other = link[at] === 'A' ? 'B' : 'A';
    expect(await readLink(link.slice(0, at) + other + link.slice(at + 1))).toEqual({ ok: false, why: 'damaged' });
  }
});

test('a link of another version says so', async () => {
  expect(await readLink((await linkOf(run)).replace('#v=1', '#v=2'))).toEqual({ ok: false, why: 'version' });
});

test('a small link that unfolds to far too much is not read', async () => {
  const bomb = { ...run, editor: 'a'.repeat(mostBytes + 1) };
  const link = await linkOf(bomb);
  expect(link.length).toBeLessThan(10_000);
  expect(await readLink(link)).toEqual({ ok: false, why: 'too-large' });
});

test.each([
  ['{', 'damaged'],
  ['[]', 'not-a-run'],
  ['null', 'not-a-run'],
  ['{"kubarium":2}', 'version'],
  ['{"kubarium":1}', 'damaged'],
  ['{"kubarium":1,"world":{},"journal":[],"at":"x"}', 'damaged'],
])('the file %s is refused as %s', (text, why) => {
  expect(readRun(text)).toEqual({ ok: false, why });
});
