import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { advance, editorArrived, manifest, openPage, readyPods, seconds, shownText, symbol } from './page.ts';

/** What has the focus, in the words of a screen reader. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return `${at?.getAttribute('role') ?? at?.tagName.toLowerCase()}: ${at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''}`;
  });

test.describe('in Korean, by keyboard, without motion', () => {
  test.use({ locale: 'ko-KR', contextOptions: { reducedMotion: 'reduce' } });

  test('the stage is one stop, arrows walk it, and its menu deletes a pod', async ({ page }) => {
    const { wrongs } = await openPage(page, '?paused');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await expect(page.locator('html')).toHaveAttribute('data-motion', 'off');
    const stage = page.getByRole('region', { name: '클러스터 무대' });
    await expect(stage).toBeVisible();
    await editorArrived(page);

    await test.step('Tab goes through the page in its order, the stage once', async () => {
      const order: string[] = [];
      for (let i = 0; i < 30 && !order.at(-1)?.startsWith('slider'); i++) {
        await page.keyboard.press('Tab');
        order.push(await focused(page));
        // Tab belongs to the editor once one is inside; it says how to leave.
        if (order.at(-1)?.startsWith('textarea') || order.at(-1)?.startsWith('textbox'))
          await page.keyboard.press('Control+m');
      }
      expect(order[0]).toBe('a: 무대로 건너뛰기');
      const place = (what: RegExp): number => order.findIndex((stop) => what.test(stop));
      const expected = [
        /예제/,
        /공유/,
        /treeitem/,
        /graphics-symbol/,
        /tab: YAML/,
        /매니페스트/,
        /재생/,
        /slider: 타임라인/,
      ];
      const places = expected.map(place);
      expect(places, `all of ${String(expected)} in ${order.join(' · ')}`).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(order.filter((stop) => stop.startsWith('graphics-symbol'))).toHaveLength(1);
    });

    await expect(
      symbol(page, 'web-').and(page.locator('[aria-label*=" 파드, 노드 node-"][aria-label*="Ready, 재시작 0회"]')),
    ).toHaveCount(3);
    await test.step('arrows move from node to pod, each one sentence', async () => {
      await page.locator('.skip').focus();
      await page.keyboard.press('Enter');
      expect(await focused(page)).toMatch(/^graphics-symbol: node-1 노드, Ready, 파드 \d개/);
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toMatch(/^graphics-symbol: web-\S+ 파드, 노드 node-1, Ready/);
      await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toMatch(/^graphics-symbol: web-\S+ 파드, 노드 node-2, Ready/);
    });

    await test.step('M opens the menu; Enter deletes; one polite message sums it up', async () => {
      const name = /web-\S+/.exec(await focused(page))![0];
      await page.keyboard.press('KeyM');
      await expect(page.getByRole('menu')).toBeVisible();
      const item = page.getByRole('menuitem', { name: '파드 삭제', exact: true });
      for (let i = 0; i < 8 && !(await item.evaluate((e) => e === document.activeElement)); i++)
        await page.keyboard.press('ArrowDown');
      await expect(item).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('menu')).toHaveCount(0);
      // The menu gives the focus back after it has gone.
      await expect.poll(() => focused(page)).toContain('graphics-symbol');
      const voice = page.getByRole('status').filter({ hasText: '나: ' });
      await expect(voice).toContainText(`delete pod ${name}`);
      await advance(page, 20);
      await expect(page.getByRole('treeitem', { name: /^Deployment web, 3개 중 3개 Ready/ })).toBeAttached();
      await expect(page.getByRole('treeitem', { name: `${name} 파드` })).toHaveCount(0);
    });
    expect(wrongs).toEqual([]);
  });

  test('the language changes in mid-run and keeps time, cluster and text', async ({ page }) => {
    const { wrongs } = await openPage(page, '?paused');
    await editorArrived(page);
    await advance(page, 7);
    await manifest(page).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# 한글 주석\n');
    await expect(page.locator('.file')).toContainText('미적용 1줄');
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Cluster stage' })).toBeVisible();
    await expect(page.locator('.file')).toContainText('1 line not applied');
    expect(await shownText(page)).toMatch(/^# 한글 주석\napiVersion: apps\/v1\n/);
    expect(await seconds(page)).toBe(27);
    await readyPods(page, 3);
    await expect
      .poll(async () => (await page.locator('body').innerText()).replace(/한국어|한글\s주석/g, ''))
      .not.toMatch(/[가-힣]/);
    expect(wrongs).toEqual([]);
  });

  test('two Escapes leave the editor for the stage', async ({ page }) => {
    await openPage(page, '?paused');
    await editorArrived(page);
    await manifest(page).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('graphics-symbol');
  });
});

/** Serious violations within a part of the page, each with its place. The inside of Monaco is not ours. */
async function serious(page: Page, part: string, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .exclude('.monaco-editor')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) =>
      v.nodes.map((n) => `${where}: ${v.id} at ${String(n.target)}: ${n.failureSummary?.split('\n')[1]?.trim()}`),
    );
}

for (const [theme, lang] of [
  ['light', 'en'],
  ['dark', 'ko'],
  ['projector', 'ko'],
] as const) {
  test(`no serious barrier: ${theme}, ${lang}`, async ({ page }) => {
    test.slow();
    // The projector shows the stage alone; its panels are a drawer.
    await page.goto(`/?paused&theme=${theme}&lang=${lang}`);
    if (theme === 'projector') await page.getByRole('button', { name: '무대 위 패널' }).click();
    await expect(symbol(page, 'web-').or(symbol(page, 'Pod web-')).first()).toBeVisible({ timeout: 45_000 });
    await editorArrived(page);
    const found = await serious(page, 'body', 'page');
    await symbol(page, lang === 'en' ? 'Pod web-' : 'web-')
      .first()
      .focus();
    await page.keyboard.press('Enter');
    for (const tab of [/Inspect|검사/, /Why|이유/, /Events|이벤트/]) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tabpanel').locator('*').nth(3)).toBeAttached();
      found.push(...(await serious(page, '.side', String(tab))));
    }
    await symbol(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('KeyM');
    await expect(page.getByRole('menu')).toBeVisible();
    found.push(...(await serious(page, '[role=menu]', 'menu')));
    await page.keyboard.press('Escape');
    for (const dialog of theme === 'projector' ? [/설정/] : [/Examples|예제/, /Share|공유/, /Settings|설정/]) {
      await page.getByRole('button', { name: dialog }).first().click();
      await expect(page.getByRole('dialog').locator('.dialog-body')).toBeVisible();
      found.push(...(await serious(page, '[role=dialog]', String(dialog))));
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    expect([...new Set(found)]).toEqual([]);
  });
}
