import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';

/** Manifest of the tests: a Deployment that is Ready within seconds. */
export const deployment = (name: string, replicas: number, image = 'shop:v1'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: app
        image: ${image}
        ports:
        - containerPort: 8080
`;

/** What a page must never do: console errors (a violated policy is one), uncaught errors, requests to another host. */
export interface Watch {
  readonly wrongs: string[];
  /** Every address that was asked for, in order. */
  readonly requests: string[];
}

/** Listens from before the first request on. */
export function watch(page: Page): Watch {
  const wrongs: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(message.text());
  });
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    requests.push(request.url());
    if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') wrongs.push(`request to ${request.url()}`);
  });
  return { wrongs, requests };
}

/** Opens the page on its running example. `query` is `?paused&…`, or a path below the address. */
export async function openPage(page: Page, query = '', timeout = 45_000): Promise<Watch> {
  const watched = watch(page);
  await page.goto(`/${query}`);
  await expect(page.getByRole('tree').getByRole('treeitem').nth(4)).toBeAttached({ timeout });
  return watched;
}

/** Sentences of the outline's rows. */
export const outlineLabels = (page: Page): Promise<string[]> =>
  page
    .getByRole('tree')
    .getByRole('treeitem')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));

/** A pod as the outline tells it: `Pod web-…, node-1, Ready`. */
export interface PodRow {
  readonly name: string;
  readonly node: string;
  readonly word: string;
}

const podOf = (label: string): PodRow | null => {
  const [, name, node, word] = /^Pod ([^,]+), ([^,]+), (.+)$/.exec(label) ?? [];
  return name && node && word ? { name, node, word } : null;
};

/** The pods that the English outline lists, by name. */
export async function outlinePods(page: Page): Promise<PodRow[]> {
  const pods = (await outlineLabels(page)).map(podOf).filter((pod) => pod !== null);
  return pods.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Waits until the outline lists so many Ready pods and no others; returns their names. */
export async function readyPods(page: Page, count: number): Promise<string[]> {
  // The names are those of the reading that satisfied: a replay may be clearing the outline for the next one.
  let pods: PodRow[] = [];
  await expect
    .poll(async () => (pods = await outlinePods(page)).map((pod) => pod.word), { message: `${count} pods, all Ready` })
    .toEqual(Array.from({ length: count }, () => 'Ready'));
  return pods.map((pod) => pod.name);
}

/** A thing drawn on the stage, by the beginning of its sentence. Playwright does not know its role by name. */
export const symbol = (page: Page, sentence = ''): Locator =>
  page.locator(`#stage [role="graphics-symbol"]${sentence && `[aria-label^="${sentence}"]`}`);

export const slider = (page: Page): Locator => page.getByRole('slider');
/** Cluster time in whole seconds. */
export const seconds = async (page: Page): Promise<number> =>
  Number(await slider(page).getAttribute('aria-valuenow')) / 1000;

/** Lets so many seconds pass on the paused page, by the slider's keys: forward or, when negative, back. */
export async function advance(page: Page, by: number, timeout = 20_000): Promise<void> {
  await slider(page).focus();
  for (let left = Math.abs(by); left > 0;) {
    const ten = left >= 10;
    const from = await seconds(page);
    await page.keyboard.press(by > 0 ? (ten ? 'PageUp' : 'ArrowRight') : ten ? 'PageDown' : 'ArrowLeft');
    const stride = ten ? 10 : 1;
    await expect.poll(() => seconds(page), { timeout }).toBe(Math.max(0, from + Math.sign(by) * stride));
    left -= stride;
  }
}

/** What the page has to say about a simulation that stands still or ended otherwise. */
export const strip = (page: Page): Locator => page.locator('.strip');

/** What the API server has refused, in its own words. */
export const refusals = (page: Page): Locator => page.getByLabel('Refusals');

export const manifest = (page: Page): Locator => page.getByRole('textbox', { name: /^(Manifest|매니페스트)/ });

/** What the editor shows, in the order of its lines; Monaco draws spaces that do not break. */
export const shownText = (page: Page): Promise<string> =>
  page.locator('.monaco-editor .view-line').evaluateAll((lines) =>
    (lines as HTMLElement[])
      .toSorted((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
      .map((line) => line.textContent.replaceAll('\u00a0', ' '))
      .join('\n'),
  );

/** The editor has arrived: Monaco instead of the text area. */
export const editorArrived = (page: Page): Promise<void> =>
  expect(page.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 45_000 });

/** Replaces the whole manifest. */
export async function write(page: Page, yaml: string): Promise<void> {
  await page.getByRole('tab', { name: 'YAML' }).click();
  await manifest(page).fill(yaml);
}

/** Replaces the manifest and applies it by the button. */
export async function apply(page: Page, yaml: string): Promise<void> {
  await write(page, yaml);
  await page.getByRole('button', { name: /^Apply/ }).click();
}

/** Opens the menu of a thing in the outline and chooses. */
export async function choose(page: Page, row: RegExp, item: string): Promise<void> {
  await page.getByRole('treeitem', { name: row }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** A saved run as far as the tests read it. */
export interface Run {
  readonly at: number;
  readonly digest: string;
  readonly engine: string;
  readonly world: { readonly seed: number; readonly nodes: number };
  readonly journal: readonly { readonly at: number; readonly input: unknown }[];
  readonly editor?: string;
}

/** What the hash of a link holds. */
export function readLink(link: string): Run {
  const packed = new URLSearchParams(link.slice(link.indexOf('#') + 1)).get('run') ?? '';
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64url')).toString('utf8')) as Run;
}

/** Hash of a link that holds `run`, which may be hostile: as the page would make it. */
export function linkOf(run: unknown): string {
  const packed = deflateRawSync(Buffer.from(JSON.stringify(run)));
  let sum = 0x811c9dc5;
  for (const byte of packed) sum = Math.imul(sum ^ byte, 0x01000193);
  return `#v=1&c=${(sum >>> 0).toString(36)}&run=${packed.toString('base64url')}`;
}

/** The link that Share offers, and the run in it. */
export async function share(page: Page): Promise<{ link: string; run: Run }> {
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return { link, run: readLink(link) };
}
