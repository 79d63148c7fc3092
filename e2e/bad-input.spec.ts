import { expect, test, type Page } from '@playwright/test';
import { users } from '../src/lessons/build.ts';
import { firstExample } from '../src/app/gallery/first.ts';
import {
  advance,
  apply,
  deployment,
  editorArrived,
  linkOf,
  manifest,
  openPage,
  readyPods,
  refusals,
  seconds,
  share,
  shownText,
  strip,
  write,
} from './page.ts';

/** The tab answers and the simulation goes on. */
async function stillAlive(page: Page): Promise<void> {
  await advance(page, 1);
  await expect(strip(page)).toHaveCount(0);
}

const aliases = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
for (let i = 0; i < 12; i++) {
  const [here, next] = ['abcdefghijklmn'[i], 'abcdefghijklmn'[i + 1]];
  aliases.push(`${next}: &${next} [${Array.from({ length: 10 }, () => `*${here}`).join(', ')}]`);
}

const bad: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['a tab', firstExample.yaml.replace('  replicas', '\treplicas'), /Line 6:.*tab/i],
  ['broken indentation', firstExample.yaml.replace('  replicas', ' replicas'), /Line \d+:/],
  [
    'an unknown kind',
    'apiVersion: apps/v1\nkind: Deploymint\nmetadata:\n  name: x\n',
    /Line 2: no matches for kind "Deploymint" in version "apps\/v1"/,
  ],
  ['a wrong type', firstExample.yaml.replace('replicas: 3', 'replicas: three'), /Line 6:.*(int32|integer)/],
  [
    'a negative count',
    firstExample.yaml.replace('replicas: 3', 'replicas: -1'),
    /Line 6: spec\.replicas: Invalid value: -1/,
  ],
  [
    'an alias bomb',
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\n${aliases.join('\n')}\n`,
    /Line \d+:.*alias/i,
  ],
  [
    'markup in a name',
    deployment('<img src=x onerror=globalThis.pwned=1>', 1),
    /Line 4:.*Invalid value: "<img src=x onerror=globalThis.pwned=1>"/,
  ],
];

test('every bad manifest gets an error that says what and where, and nothing is lost', async ({ page }) => {
  const { wrongs } = await openPage(page, '?paused');
  await editorArrived(page);
  for (const [what, text, says] of bad) {
    await test.step(what, async () => {
      await write(page, text);
      await expect(page.locator('.problems')).toContainText(says);
      await expect(page.getByRole('button', { name: /^Apply/ })).toBeDisabled();
      await manifest(page).press('Control+Enter');
      await expect(refusals(page).locator('pre').last()).not.toBeEmpty();
      for (const close of await page.getByRole('button', { name: 'Close' }).all()) await close.click();
      await stillAlive(page);
    });
  }
  await test.step('a duplicate key is told of, and counts as kubectl counts it', async () => {
    await write(page, firstExample.yaml.replace('  replicas: 3', '  replicas: 3\n  replicas: 4'));
    await expect(page.locator('.problems')).toContainText(
      'Line 7: This field is given twice: only the last one counts. (key "replicas" is given twice',
    );
    await manifest(page).press('Control+Enter');
    await expect(page.getByRole('treeitem', { name: 'Deployment web, 3 of 4 ready' })).toBeAttached();
    await write(page, firstExample.yaml);
    await manifest(page).press('Control+Enter');
    await advance(page, 40);
    await readyPods(page, 3);
  });
  await test.step('keys of the prototype are keys like any other', async () => {
    await write(
      page,
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: proto\n  labels: {constructor: a}\ndata:\n  __proto__: polluted\n  constructor: b\n  toString: c\n',
    );
    await expect(page.locator('.will')).toContainText('Creates');
    await manifest(page).press('Control+Enter');
    await expect(page.locator('.file')).not.toContainText('not applied');
    expect(await page.evaluate(() => ({}) as Record<string, unknown>)).toEqual({});
    await write(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: proto\n__proto__:\n  polluted: yes\n');
    await expect(page.locator('.problems')).toContainText('unknown field "__proto__"');
    await stillAlive(page);
  });
  await readyPods(page, 3);
  expect((await share(page)).run.editor).toContain('polluted: yes');
  expect(wrongs).toEqual([]);
});

test('five megabytes are refused with the limit, and 10,000 replicas do not freeze the tab', async ({ page }) => {
  const { wrongs } = await openPage(page, '?paused');
  await editorArrived(page);
  const answered = async (): Promise<number> => {
    const started = Date.now();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    return Date.now() - started;
  };
  await test.step('a text of 5 MB, pasted', async () => {
    await manifest(page).focus();
    await page.keyboard.press('Control+a');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', `# ${'x'.repeat(98)}\n`.repeat(50_000));
      document.activeElement!.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await expect(page.locator('.file')).toContainText('lines not applied');
    expect(await answered()).toBeLessThan(5000);
    await manifest(page).press('Control+Enter');
    await expect(refusals(page)).toContainText(/too long|Too large|too large/);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(page.locator('.file')).not.toContainText('not applied');
  });
  await test.step('10,000 replicas', async () => {
    await apply(page, firstExample.yaml.replace('replicas: 3', 'replicas: 10000'));
    await expect(page.locator('.file')).not.toContainText('not applied');
    expect(await answered()).toBeLessThan(5000);
    await advance(page, 10, 60_000);
    expect(await answered()).toBeLessThan(5000);
    await apply(page, firstExample.yaml);
    await advance(page, 60, 60_000);
    await readyPods(page, 3);
  });
  expect(wrongs).toEqual([]);
});

test('nothing of a run is ever markup or code: names, logs, annotations, traffic', async ({ page }) => {
  const evil = '<img src=x onerror="globalThis.pwned=1">';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'evil', annotations: { note: evil, bold: '**bold** `code` {{name}} $t(close)' } },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'busybox',
          command: ['sh', '-c', `echo '${evil}'; sleep 3600`],
          env: [{ name: 'X', value: evil }],
        },
      ],
    },
  };
  const run = {
    kubarium: 1,
    engine: '0.1.0',
    world: { seed: 1, nodes: 2 },
    journal: [
      { at: 1000, input: { type: 'kubectl', line: 'apply -f e.json', files: { 'e.json': JSON.stringify(pod) } } },
      { at: 2000, input: { type: 'kubectl', line: `apply -f '${evil}'`, files: {} } },
      { at: 3000, input: { type: 'traffic', source: { ...users(`http://web/${evil}`, 20), name: evil } } },
      { at: 4000, input: { type: 'fault', fault: { fault: 'image-missing', image: evil } } },
      { at: 5000, input: { type: 'fault', fault: { fault: 'node-crash', node: evil } } },
    ],
    at: 30_000,
    editor: evil,
    lang: evil,
  };
  const { wrongs } = await openPage(page, `?paused${linkOf(run)}`);
  await page.getByRole('treeitem', { name: /^Pod evil/ }).click();
  await page.getByRole('tab', { name: 'Inspect' }).click();
  await page.getByText('Log', { exact: true }).click();
  await expect(page.getByRole('tabpanel')).toContainText('onerror');
  for (const tab of ['Why', 'Events', 'YAML']) await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('button', { name: 'Next significant event' }).click();
  await editorArrived(page);
  await advance(page, 3);
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
  expect(wrongs).toEqual([]);
});

test('a file of another version, a broken file and a manifest are each taken for what they are', async ({ page }) => {
  await openPage(page, '?paused');
  const open = async (name: string, text: string): Promise<void> => {
    await page.getByRole('button', { name: /Examples/ }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  };
  const { run } = await share(page);
  const failed = page.getByRole('dialog', { name: 'This run cannot be opened' });
  for (const [name, text, says] of [
    ['future.json', JSON.stringify({ ...run, kubarium: 2 }), /another version of Kubarium/],
    ['cut.json', JSON.stringify(run).slice(0, 200), /incomplete or was changed/],
    ['other.json', '{"hello": 1}', /not a saved run/],
    ['evil.json', JSON.stringify({ ...run, journal: [{ at: 1, input: { type: 'shell' } }] }), /unknown type/],
  ] as const) {
    await open(name, text);
    await expect(failed).toContainText(says);
    await page.keyboard.press('Escape');
    await expect(failed).toHaveCount(0);
    await readyPods(page, 3);
  }
  await open('older.json', JSON.stringify({ ...run, engine: '0.0.1', digest: 'another' }));
  await expect(strip(page)).toContainText('another version of the engine (0.0.1)');
  await open('mine.yaml', deployment('mine', 1));
  await expect(page.locator('.file')).toContainText('not applied');
});

for (const [what, kill] of [
  [
    'throws',
    () =>
      void setTimeout(() => {
        throw new Error('the worker broke');
      }),
  ],
  [
    'hangs',
    () =>
      void setTimeout(() => {
        for (;;);
      }),
  ],
] as const) {
  test(`a worker that ${what} loses nothing: the page says so and goes on from the saved run`, async ({ page }) => {
    test.slow();
    await openPage(page, '?paused');
    await editorArrived(page);
    await apply(page, firstExample.yaml.replace('replicas: 3', 'replicas: 4'));
    await advance(page, 20);
    const before = await readyPods(page, 4);
    await write(page, '# not applied yet');
    await page
      .workers()
      .find((w) => /sim\.worker/.test(w.url()))!
      .evaluate(kill);
    await page.getByRole('button', { name: 'Next event' }).click();
    const told = strip(page);
    await expect(told).toContainText('Your text and the last saved run are safe', { timeout: 60_000 });
    await told.getByRole('button', { name: 'Restart from the saved run' }).click();
    await expect(told).toHaveCount(0);
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expect.poll(() => seconds(page)).toBeGreaterThanOrEqual(39);
    expect(await shownText(page)).toBe('# not applied yet');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => seconds(page)).toBeGreaterThan(41);
    // Time goes on, so what is shown is the restarted run's, not the rest of the dead one's.
    expect(await readyPods(page, 4)).toEqual(before);
  });
}
