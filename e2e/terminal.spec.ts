import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { advance, openPage, readyPods, write } from './page.ts';

/** What the terminal shows, row by row, without the blanks at their ends. */
const shown = (page: Page): Promise<string> =>
  page.locator('.xterm-rows > div').evaluateAll((rows) =>
    rows
      .map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd(),
  );

/** The prompt stands alone in the last row: nothing runs. */
const idle = (page: Page): Promise<void> => expect.poll(() => shown(page)).toMatch(/(^|\n)\$$/);

const prompt = (page: Page): Locator => page.getByRole('textbox', { name: /^kubectl prompt/ });

async function openTerminal(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Terminal', exact: true }).click();
  await expect(prompt(page)).toBeFocused({ timeout: 20_000 });
  await idle(page);
}

/** Types a line and runs it. */
async function run(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Runs a line on a clear screen and gives what it printed. */
async function printed(page: Page, line: string): Promise<string> {
  await run(page, 'clear');
  await expect.poll(() => shown(page)).toBe('$');
  await run(page, line);
  await idle(page);
  return (await shown(page)).split('\n').slice(1, -1).join('\n');
}

test('kubectl in the page: completion, pipes, a here-document, a watch that is interrupted, history, a link', async ({
  page,
}) => {
  const { wrongs, requests } = await openPage(page);
  const pods = await readyPods(page, 3);
  expect(requests.filter((url) => /Terminal/.test(url))).toEqual([]);
  await openTerminal(page);

  await test.step('Tab completes kinds, then names', async () => {
    await page.keyboard.type('kubectl get po');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(() => shown(page)).toMatch(/poddisruptionbudgets +pods +podtemplates\n\$ kubectl get pod$/);
    await page.keyboard.type('s');
    await page.keyboard.press('Tab');
    await page.keyboard.type('web-');
    await page.keyboard.press('Tab');
    const common = /^(.*-)[^-]+$/.exec(pods[0]!)![1]!;
    await expect.poll(() => shown(page)).toMatch(new RegExp(`\\$ kubectl get pods ${common}`));
    await page.keyboard.press('Control+w');
    await page.keyboard.press('Enter');
    await idle(page);
    const rows = (await shown(page)).split('\n').filter((row) => row.startsWith('web-'));
    expect(rows.map((row) => row.split(/ +/).slice(0, 3).join(' '))).toEqual(pods.map((name) => `${name} 1/1 Running`));
  });

  await test.step('pipes, and one kubectl into another', async () => {
    expect(await printed(page, 'kubectl get pods --no-headers | grep -c Running')).toBe('3');
    expect(
      await printed(page, 'kubectl create deployment side --image=nginx --dry-run=client -o yaml | kubectl apply -f -'),
    ).toContain('deployment.apps/side created');
  });

  await test.step('a here-document is applied', async () => {
    for (const line of ['kubectl apply -f - <<EOF', 'apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  name: told'])
      await run(page, line);
    await run(page, 'EOF');
    await expect.poll(() => shown(page)).toContain('configmap/told created');
    await idle(page);
  });

  await test.step('the working directory is what the editor holds', async () => {
    expect(await printed(page, 'ls')).toBe('manifest.yaml');
    expect(await printed(page, 'cat manifest.yaml | head -2')).toBe('apiVersion: apps/v1\nkind: Deployment');
    expect(await printed(page, 'kubectl apply -f manifest.yaml')).toContain('deployment.apps/web unchanged');
  });

  await test.step('a watch goes on in time and ends with Ctrl+C', async () => {
    await run(page, 'clear');
    await run(page, 'kubectl get pods -l app=web -w');
    await expect.poll(() => shown(page)).toContain(pods[2]!);
    await page.getByRole('treeitem', { name: new RegExp(`^Pod ${pods[0]}`) }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete Pod', exact: true }).click();
    await expect.poll(() => shown(page), { timeout: 20_000 }).toMatch(/ContainerCreating[\s\S]*1\/1 +Running/);
    await prompt(page).focus();
    await page.keyboard.press('Control+c');
    await idle(page);
    expect(await shown(page)).toContain('^C');
  });

  await test.step('a name in the output selects the object', async () => {
    await printed(page, 'kubectl get pods -l app=web');
    const row = page.locator('.xterm-rows > div', { hasText: pods[1]! });
    const at = (await row.boundingBox())!;
    await page.mouse.move(at.x + 20, at.y + at.height / 2);
    await expect(page.locator('.xterm-cursor-pointer')).toBeVisible();
    await page.mouse.click(at.x + 24, at.y + at.height / 2);
    await expect(page.getByRole('treeitem', { name: new RegExp(`^Pod ${pods[1]}`) })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await prompt(page).focus();
  });

  await test.step('earlier lines come back, and are kept for the next visit', async () => {
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => shown(page)).toMatch(/\$ kubectl get pods -l app=web$/);
    await page.keyboard.press('Control+u');
    expect(await page.evaluate(() => localStorage.getItem('kubarium.terminal'))).toContain('get pods -l app=web');
    await page.keyboard.press('Control+r');
    await page.keyboard.type('no-head');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown(page)).toMatch(/grep -c Running\n4\n\$$/);
  });

  await test.step('port-forward opens a browser beside the terminal, until it is interrupted', async () => {
    await run(page, 'clear');
    await run(page, 'kubectl port-forward deploy/web 8081:8080');
    const browser = page.getByRole('region', { name: /^Browser: ports of web-/ });
    await browser.getByRole('textbox', { name: 'Address' }).fill('localhost:8081/');
    await browser.getByRole('textbox', { name: 'Address' }).press('Enter');
    await expect(browser.getByRole('status')).toHaveText('HTTP/1.1 200 OK');
    await expect(browser.getByRole('region', { name: 'Body of the answer' })).toContainText('v1');
    await expect(browser.getByText(/^Headers/)).toBeVisible();
    await browser.getByRole('textbox', { name: 'Address' }).fill('http://localhost:9/');
    await browser.getByRole('button', { name: 'Reload' }).click();
    await expect(browser.getByRole('status')).toContainText('http://localhost:8081');
    await expect.poll(() => shown(page)).toMatch(/:8081 -> 8080\nHandling connection for 8081$/);
    const { violations } = await new AxeBuilder({ page }).include('.forward').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await prompt(page).focus();
    await page.keyboard.press('Control+c');
    await expect(browser).toHaveCount(0);
    await idle(page);
  });

  await test.step('nothing to find for axe; Escape leaves, Tab on an empty line too', async () => {
    const { violations } = await new AxeBuilder({ page }).include('#terminal').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(prompt(page)).not.toBeFocused();
    await prompt(page).focus();
    await page.keyboard.press('Shift+Tab');
    await expect(page.getByRole('button', { name: 'Close the terminal' })).toBeFocused();
    await page.keyboard.press('Control+Backquote');
    await expect(page.getByRole('region', { name: 'Terminal' })).toBeHidden();
  });
  expect(wrongs).toEqual([]);
});

test('in the past reading reads the past and writing forks; an edit is finished by Apply', async ({ page }) => {
  const { wrongs } = await openPage(page, '?paused');
  await readyPods(page, 3);
  await openTerminal(page);
  expect(await printed(page, 'kubectl scale deployment web --replicas=5')).toBe('deployment.apps/web scaled');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close the terminal' }).click();
  await advance(page, 5);
  await advance(page, -10);
  await page.keyboard.press('Control+Backquote');
  await expect(prompt(page)).toBeFocused();
  expect(await printed(page, 'kubectl get deployment web')).toMatch(/web +3\/3/);
  await expect(page.getByRole('button', { name: /^On branch/ })).toHaveCount(0);
  expect(await printed(page, 'kubectl scale deployment web --replicas=2')).toBe(
    '# This moment is past: what you do here begins another branch.\ndeployment.apps/web scaled',
  );
  await expect(page.getByRole('button', { name: /^On branch B/ })).toBeVisible();

  await printed(page, 'kubectl create configmap told --from-literal=a=1');
  await run(page, 'kubectl edit configmap told');
  await expect(page.getByText('configmap told', { exact: true })).toBeVisible();
  await write(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: told}\ndata: {a: "2"}\n');
  await page.getByRole('button', { name: /^Apply/ }).click();
  await idle(page);
  expect(await shown(page)).toContain('configmap/told edited');
  await expect(page.getByText('manifest.yaml', { exact: true })).toBeVisible();
  expect(wrongs).toEqual([]);
});

test('exec -it is a shell in the container until exit', async ({ page }) => {
  const { wrongs } = await openPage(page);
  await readyPods(page, 3);
  await openTerminal(page);
  await run(page, 'kubectl exec -it deploy/web -- sh');
  await expect.poll(() => shown(page)).toMatch(/# $|#$/);
  await run(page, 'echo in $((6 * 7))');
  await expect.poll(() => shown(page)).toContain('\nin 42');
  await run(page, 'exit');
  await idle(page);
  expect(wrongs).toEqual([]);
});
