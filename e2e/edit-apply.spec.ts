import { expect, test } from '@playwright/test';
import { firstExample } from '../src/app/gallery/first.ts';
import {
  advance,
  apply,
  editorArrived,
  manifest,
  openPage,
  outlineLabels,
  outlinePods,
  readyPods,
  refusals,
  write,
} from './page.ts';

const web = firstExample.yaml;

test('the editor comes after the stage and is not asked for before', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('#stage [role="graphics-symbol"]')) return;
      seen.disconnect();
      performance.mark('stage');
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const { wrongs } = await openPage(page, '?paused');
  await editorArrived(page);
  const times = await page.evaluate(() => {
    const stage = performance.getEntriesByName('stage')[0]?.startTime ?? Infinity;
    const editor = performance
      .getEntriesByType('resource')
      .filter((e) => /editor|monaco|yaml\.worker|schema/.test(e.name));
    return { stage, asked: editor.map((e) => [e.name, e.startTime] as const) };
  });
  expect(times.asked.length).toBeGreaterThan(1);
  expect(times.asked.filter(([, at]) => at < times.stage)).toEqual([]);
  expect(wrongs).toEqual([]);
});

test('an edit is seen as not applied, tells what it will cause, and is applied by button and by key', async ({
  page,
}) => {
  const { wrongs } = await openPage(page, '?paused');
  const old = await readyPods(page, 3);
  await editorArrived(page);
  const file = page.locator('.file');
  await expect(file).toContainText('applied');

  await test.step('replicas, by the button', async () => {
    await write(page, web.replace('replicas: 3', 'replicas: 5'));
    await expect(file).toContainText('1 line not applied');
    await expect(page.locator('.unapplied-line')).toHaveCount(1);
    await expect(page.locator('.will')).toContainText(/Scales .*web from 3 to 5/);
    await page.getByRole('button', { name: /^Apply/ }).click();
    await expect(file).not.toContainText('not applied');
    await expect(page.locator('.unapplied-line')).toHaveCount(0);
    await advance(page, 20);
    expect(await readyPods(page, 5)).toEqual(expect.arrayContaining(old));
  });

  await test.step('the image, by Ctrl+Enter: a second ReplicaSet takes over', async () => {
    await write(page, web.replace('replicas: 3', 'replicas: 5').replace('shop:v1', 'shop:v2'));
    await expect(page.locator('.will')).toContainText('at most 7 Pods, at least 4 available');
    await manifest(page).press('Control+Enter');
    await expect(file).not.toContainText('not applied');
    await advance(page, 2);
    expect((await outlinePods(page)).length).toBeGreaterThan(5);
    await advance(page, 80);
    const now = await readyPods(page, 5);
    expect(now.filter((name) => old.includes(name))).toEqual([]);
    expect((await outlineLabels(page)).filter((row) => row.startsWith('ReplicaSet web-'))).toHaveLength(2);
  });
  expect(wrongs).toEqual([]);
});

test('errors stand at their lines, with a mend; several documents are told apart', async ({ page }) => {
  const { wrongs } = await openPage(page, '?paused');
  await editorArrived(page);
  const problems = page.locator('.problems');
  const button = page.getByRole('button', { name: /^Apply/ });

  await test.step('a misspelt field offers the right one', async () => {
    await write(page, web.replace('replicas: 3', 'replica: 3'));
    await expect(problems).toContainText('Line 6: unknown field "spec.replica"');
    await expect(button).toBeDisabled();
    await expect(page.locator('.row')).toContainText('1 problem to fix first');
    await expect(page.locator('.problem-card')).toContainText('Replace by replicas');
    await problems.getByRole('button', { name: 'Replace by replicas' }).click();
    await expect(problems).toHaveCount(0);
    await expect(page.locator('.file')).toContainText('applied');
    await expect(page.locator('.file')).not.toContainText('not applied');
  });

  await test.step('the second document is the wrong one', async () => {
    const second = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Settings\ndata:\n  a: b\n';
    await write(page, `${web}---\n${second}`);
    const line = web.split('\n').length + 4;
    await expect(problems).toContainText(`Line ${line}: metadata.name: Invalid value: "Settings"`);
    await manifest(page).press('Control+Enter');
    await expect(refusals(page)).toContainText('ConfigMap "Settings" is invalid: metadata.name');
    await page.getByRole('button', { name: 'Close' }).click();
    await apply(page, `${web}---\n${second.replace('Settings', 'settings')}`);
    await expect(page.locator('.file')).not.toContainText('not applied');
  });
  expect(wrongs).toEqual([]);
});

test('completion and documentation come from the Kubernetes schema', async ({ page }) => {
  const { wrongs } = await openPage(page, '?paused');
  await editorArrived(page);
  await write(page, `${web.split('---')[0]!.replace('  replicas: 3\n', '  replicas: 3\n  \n')}`);
  const lines = page.locator('.monaco-editor .view-line');
  await lines.filter({ hasText: 'replicas: 3' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type('rev');
  const suggestions = page.locator('.suggest-widget');
  await expect(async () => {
    if (!(await suggestions.isVisible())) await page.keyboard.press('Control+Space');
    await expect(suggestions).toContainText('revisionHistoryLimit', { timeout: 3000 });
  }).toPass({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(async () => {
    await page.mouse.move(10, 300);
    await lines.getByText('replicas', { exact: true }).first().hover();
    await expect(page.locator('.monaco-hover').first()).toContainText('Number of desired pods', { timeout: 3000 });
  }).toPass({ timeout: 30_000 });
  expect(wrongs).toEqual([]);
});
