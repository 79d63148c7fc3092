import { expect, test, type Page } from '@playwright/test';
import { firstExample } from '../src/app/gallery/first.ts';
import {
  advance,
  apply,
  choose,
  openPage,
  outlineLabels,
  outlinePods,
  readyPods,
  seconds,
  share,
  slider,
  strip,
} from './page.ts';

/** Goes to a moment by the slider's keys. */
async function standAt(page: Page, second: number): Promise<void> {
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expect.poll(() => seconds(page)).toBe(0);
  await advance(page, second);
}

test('rewind, fork and share: the past is as it was, and whoever gets the link sees the same', async ({
  page,
  browser,
}) => {
  const { wrongs } = await openPage(page, '?paused&nodes=3');
  const start = await readyPods(page, 3);
  await choose(page, new RegExp(`^Pod ${start[0]}`), 'Delete Pod');
  await choose(page, new RegExp(`^Pod ${start[1]}`), 'Delete Pod');
  await advance(page, 5);
  await choose(page, /^Node node-1,/, 'Crash node');
  await advance(page, 5);
  const at30 = await outlineLabels(page);

  await test.step('Speed lets minutes pass', async () => {
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('600');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => seconds(page)).toBeGreaterThan(420);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => outlineLabels(page)).toContainEqual(expect.stringMatching(/^Node node-1, NotReady/));
    const alive = (await outlinePods(page)).filter((pod) => pod.word === 'Ready');
    expect(alive).toHaveLength(3);
    expect(alive.filter((pod) => pod.node === 'node-1')).toEqual([]);
  });

  await test.step('scrubbing back shows the past, and the outline agrees', async () => {
    const box = (await slider(page).boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await expect(page.locator('.past')).toHaveText('past');
    await standAt(page, 30);
    await expect.poll(() => outlineLabels(page)).toEqual(at30);
    await expect(page.locator('.past')).toBeVisible();
  });

  await test.step('an apply in the past forks; the old future stays as a ghost and can be had again', async () => {
    await apply(page, firstExample.yaml.replace('replicas: 3', 'replicas: 5'));
    const label = page.locator('.fork-label');
    await expect(label).toHaveAccessibleName('On branch B; switch to branch A');
    await expect(page.locator('.ghost')).toBeVisible();
    await expect(page.locator('.past')).toHaveCount(0);
    await expect(page.getByRole('treeitem', { name: /^Deployment web, \d of 5 ready/ })).toBeAttached();
    const forked = await outlineLabels(page);
    await label.click();
    await expect(label).toHaveAccessibleName('On branch A; switch to branch B');
    await expect.poll(() => outlineLabels(page)).toEqual(at30);
    await page.locator('.ghost').click();
    await expect(label).toHaveAccessibleName('On branch B; switch to branch A');
    await expect.poll(() => outlineLabels(page)).toEqual(forked);
    await advance(page, 12);
  });

  const mine = await share(page);
  await test.step('the link opens elsewhere with the same pods, time and digest', async () => {
    expect(mine.link.length).toBeLessThan(8192);
    const pods = await outlinePods(page);
    const other = await browser.newContext();
    const guest = await other.newPage();
    const seen = await openPage(guest, new URL(mine.link).hash);
    await expect.poll(() => seconds(guest)).toBe(await seconds(page));
    await expect.poll(() => outlinePods(guest)).toEqual(pods);
    await expect(strip(guest)).toHaveCount(0);
    const theirs = await share(guest);
    expect(theirs.run.at).toBe(mine.run.at);
    expect(theirs.run.digest).toBe(mine.run.digest);
    expect(seen.wrongs).toEqual([]);
    await other.close();
  });
  expect(wrongs).toEqual([]);
});

test('a damaged link says what is wrong with it and offers to start fresh', async ({ page }) => {
  await openPage(page, '?paused');
  const { link } = await share(page);
  const { hash } = new URL(link);
  const middle = Math.floor((hash.indexOf('run=') + hash.length) / 2);
  const damaged: readonly (readonly [string, RegExp])[] = [
    [`${hash.slice(0, middle)}${hash[middle] === 'A' ? 'B' : 'A'}${hash.slice(middle + 1)}`, /checksum does not fit/],
    [hash.slice(0, -20), /checksum does not fit/],
    [hash.replace('v=1', 'v=7'), /another version of Kubarium/],
    ['#v=1&c=0&run=', /checksum does not fit/],
  ];
  for (const [broken, words] of damaged) {
    await test.step(`${broken.slice(0, 12)}… of ${broken.length} characters`, async () => {
      await page.goto('about:blank');
      await page.goto(`/?paused${broken}`);
      const dialog = page.getByRole('dialog', { name: 'This run cannot be opened' });
      await expect(dialog).toContainText(words);
      await dialog.getByRole('button', { name: 'Start fresh' }).click();
      await expect(dialog).toHaveCount(0);
      await readyPods(page, 3);
      expect(new URL(page.url()).hash).toBe('');
    });
  }
});

test('closing the message about a damaged link leaves a cluster, not an empty page', async ({ page }) => {
  await page.goto('/?paused#v=1&c=0&run=AAAA');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await readyPods(page, 3);
});
