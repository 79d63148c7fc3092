import { expect, test } from '@playwright/test';
import { openPage, outlineLabels, readyPods, seconds, symbol } from './page.ts';

test('the page opens on a living cluster; a deleted pod is replaced, and Why? ends at the learner', async ({
  page,
}) => {
  const { wrongs, requests } = await openPage(page);
  const stage = page.getByRole('region', { name: 'Cluster stage' });
  await expect(stage).toBeVisible();
  const before = await readyPods(page, 3);
  const rows = await outlineLabels(page);
  expect(rows.filter((row) => /^Node node-[123], Ready/.test(row))).toHaveLength(3);
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await test.step('requests are on their way and succeed', async () => {
    await expect(page.locator('.meters')).toContainText(/ok 100\s*%/);
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  });

  const victim = before[0]!;
  await test.step('a click on a pod opens what can be done with it', async () => {
    await symbol(page, `Pod ${victim}`).click();
    const menu = page.getByRole('menu');
    for (const item of [/^Why\?/, 'Delete Pod', 'Crash container'])
      await expect(menu.getByRole('menuitem', { name: item })).toBeVisible();
    await menu.getByRole('menuitem', { name: 'Delete Pod' }).click();
    await expect(menu).toHaveCount(0);
  });

  await test.step('the counter goes from 3 to 2 and back to 3, by a pod of another name', async () => {
    const counts = page.getByRole('treeitem', { name: /^Deployment web,/ });
    await expect(counts).toHaveAccessibleName('Deployment web, 2 of 3 ready');
    await expect(counts).toHaveAccessibleName('Deployment web, 3 of 3 ready');
    await expect(page.getByRole('treeitem', { name: `Pod ${victim}` })).toHaveCount(0, { timeout: 60_000 });
    const after = await readyPods(page, 3);
    const born = after.filter((name) => !before.includes(name));
    expect(born).toHaveLength(1);
    expect(born[0]!.slice(0, -5)).toBe(victim.slice(0, -5));
    await page.getByRole('treeitem', { name: `Pod ${born[0]}` }).click();
  });

  await test.step('Why? walks back to what the learner did', async () => {
    await page.getByRole('tab', { name: 'Why' }).click();
    const chain = page.getByRole('list').filter({ hasText: 'ReplicaSet controller creates Pod' });
    await expect(chain).toBeVisible();
    await expect(chain.getByRole('listitem').last()).toContainText(`You: kubectl delete pod ${victim}`);
  });

  expect(wrongs).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(new URL(page.url()).origin) && !/^(blob|data):/.test(url))).toEqual(
    [],
  );
});

test('the stage shows the running example before the simulation is loaded, and goes on from there', async ({
  page,
}) => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await page.route('**/sim.worker*', async (route) => {
    await gate;
    await route.continue();
  });
  const { wrongs } = await openPage(page);
  const before = await readyPods(page, 3);
  const first = page.getByRole('treeitem', { name: /^Pod web-/ }).first();
  await first.click();
  expect(await seconds(page)).toBe(20);
  open();
  await expect.poll(() => seconds(page)).toBeGreaterThan(20);
  expect(await readyPods(page, 3)).toEqual(before);
  await expect(first).toHaveAttribute('aria-selected', 'true');
  expect(wrongs).toEqual([]);
});
