import { expect, test } from '@playwright/test';
import { users } from '../src/lessons/build.ts';
import { firstExample } from '../src/app/gallery/first.ts';
import type { SavedRun } from '../src/protocol/index.ts';
import type * as Sessions from '../src/session/index.ts';
import { linkOf, openPage, outlineLabels, seconds, share, strip } from './page.ts';

const kubectl = (line: string, files?: Record<string, string>) => ({
  type: 'kubectl' as const,
  line,
  ...(files && { files }),
});

/** A run with something of everything: rollouts, faults of containers, nodes and processes, an image that is not there, traffic. */
const run: SavedRun = {
  kubarium: 1,
  engine: '0.1.0',
  world: { seed: 7, nodes: 4 },
  journal: [
    { at: 1000, input: kubectl('apply -f m.yaml', { 'm.yaml': firstExample.yaml }) },
    { at: 9000, input: { type: 'traffic', source: users('http://web', 20) } },
    { at: 20_000, input: kubectl('scale deployment web --replicas=7') },
    { at: 31_000, input: kubectl('set image deployment/web shop=shop:v2') },
    { at: 33_000, input: { type: 'fault', fault: { fault: 'node-crash', node: 'node-2' } } },
    { at: 95_000, input: { type: 'fault', fault: { fault: 'process-stop', process: 'kube-scheduler' } } },
    { at: 99_000, input: kubectl('delete pods -l app=web') },
    { at: 140_000, input: { type: 'fault', fault: { fault: 'process-start', process: 'kube-scheduler' } } },
    { at: 150_000, input: kubectl('set image deployment/web shop=nginx:1.161') },
    { at: 200_000, input: kubectl('rollout undo deployment/web') },
    { at: 260_000, input: { type: 'fault', fault: { fault: 'node-start', node: 'node-2' } } },
  ],
  at: 420_000,
};

test('the same journal has the same digest in Node and in the browser', async ({ page }) => {
  const loader = new URL('../scripts/load-ts.mjs', import.meta.url).href;
  const { loadTs } = (await import(loader)) as { loadTs(file: string): Promise<typeof Sessions> };
  const { createSession } = await loadTs('src/session/index.ts');
  const session = createSession(run);
  session.seek(run.at);
  const digest = session.digest();

  const { wrongs } = await openPage(page, linkOf({ ...run, digest }), 60_000);
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBe(run.at / 1000);
  await expect(strip(page)).toHaveCount(0);
  expect((await share(page)).run.digest).toBe(digest);
  expect((await outlineLabels(page)).filter((row) => row.startsWith('Pod '))).toHaveLength(7);
  expect(wrongs).toEqual([]);
});
