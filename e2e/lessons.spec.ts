import { expect, test, type Locator, type Page } from '@playwright/test';
import { en } from '../src/app/i18n/en/index.ts';
import { ko } from '../src/app/i18n/ko/index.ts';
import { lessonOf, type LessonTexts } from '../src/lessons/index.ts';
import { texts as textsEn } from '../src/lessons/texts/en/index.ts';
import { texts as textsKo } from '../src/lessons/texts/ko/index.ts';
import { advance, editorArrived, manifest, readLink, seconds, shownText, slider, watch, type Watch } from './page.ts';

type Lang = 'en' | 'ko';

/** A lesson's page in one language, by its words. */
interface Desk {
  readonly page: Page;
  readonly watched: Watch;
  readonly guide: Locator;
  /** A text of the page. */
  say(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** The words of a lesson, without marks. */
  readonly words: LessonTexts & { readonly actions: Readonly<Record<string, string>> };
}

const unmarked = (text: string): string => text.replaceAll('**', '').replaceAll('`', '');

async function openLesson(page: Page, lang: Lang, id: string, query = ''): Promise<Desk> {
  const watched = watch(page);
  await page.goto(`/?lang=${lang}${query}#lesson=${id}`);
  const table = (lang === 'ko' ? ko : en) as Readonly<Record<string, string>>;
  const say: Desk['say'] = (key, values = {}) =>
    table[key]!.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  const guide = page.getByRole('complementary', { name: say('lesson.guide') });
  const words = ((lang === 'ko' ? textsKo : textsEn) as Readonly<Record<string, Desk['words']>>)[id]!;
  await expect(guide.getByRole('heading', { name: words.title })).toBeVisible({ timeout: 45_000 });
  return { page, watched, guide, say, words };
}

/** Chooses an option of the question and locks it in. */
async function predict({ guide, say, words }: Desk, option: string): Promise<void> {
  const label = unmarked(words.options[option]!.label);
  await expect(guide.getByRole('group', { name: unmarked(words.question) })).toBeVisible();
  await guide.locator('.gate label', { hasText: label }).first().click();
  await guide.getByRole('button', { name: say('lesson.lock', { letter: '' }).trim() }).click();
  await expect(guide.locator('.said')).toContainText(label);
}

/** A line of the list of checks. */
const check = ({ guide, words }: Desk, id: string): Locator =>
  guide.locator('.check', { hasText: unmarked(words.checks[id]!) });

/** The card of what happened, with what was said and what came. */
async function readCard(desk: Desk, said: string, happened: string): Promise<Locator> {
  const { words } = desk;
  const card = cardOf(desk);
  await expect(card).toContainText(unmarked(words.options[said]!.label), { timeout: 60_000 });
  await expect(card.locator('.opt.right').last()).toContainText(unmarked(words.options[happened]!.label));
  await expect(card).toContainText(unmarked(words.options[said]!.why));
  return card;
}

const goOn = (desk: Desk): Promise<void> =>
  desk.guide.getByRole('button', { name: desk.say('lesson.card.on') }).click();

/** Puts a text into the editor and applies it. */
async function apply({ page, say }: Desk, yaml: string): Promise<void> {
  await page.getByRole('tab', { name: 'YAML' }).click();
  await manifest(page).fill(yaml);
  await page
    .locator('.apply')
    .getByRole('button', { name: say('manifest.apply') })
    .click();
}

/** Lets time pass on the paused page, ten seconds at once, until something is there. */
async function letPass(page: Page, until: Locator, most = 30): Promise<void> {
  for (let i = 0; i < most && !(await until.isVisible()); i++) {
    const from = await seconds(page);
    await slider(page).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(async () => (await until.isVisible()) || (await seconds(page)) > from).toBe(true);
  }
  await expect(until).toBeVisible();
}

const cardOf = ({ guide, say }: Desk): Locator => guide.getByRole('region', { name: say('lesson.card'), exact: true });
const finish = ({ guide, say }: Desk): Locator => guide.getByRole('region', { name: say('lesson.finish') });
const question = ({ guide, words }: Desk): Locator => guide.getByRole('group', { name: unmarked(words.question) });

const filled = (id: string, step: number, ...values: string[]): string => {
  const text = lessonOf(id)!.steps[step]!.manifest!;
  return text.replaceAll('___', () => (values.length > 1 ? values.shift()! : values[0]!));
};

/** The lesson says that it is solved, and what is true. */
async function solved(desk: Desk, how = 'lesson.finish'): Promise<void> {
  const { say, words } = desk;
  const end = finish(desk);
  await expect(end).toContainText(unmarked(words.verdict), { timeout: 60_000 });
  await expect(end.getByRole('heading')).toHaveText(say(how));
}

for (const lang of ['en', 'ko'] as const)
  test.describe(lang, () => {
    test('node failure takes minutes: predicted at once, observed after five, then made shorter', async ({ page }) => {
      // Once as it is watched, event by event; once by the clock.
      const paused = lang === 'ko';
      const desk = await openLesson(page, lang, '21', paused ? '&paused' : '');
      const wait = (until: Locator): Promise<void> =>
        paused ? letPass(page, until, 60) : expect(until).toBeVisible({ timeout: 60_000 });
      const { guide, say, words } = desk;
      await test.step('nothing moves before the question is answered', async () => {
        await expect(page.locator('.transport .play')).toBeDisabled();
        await expect(guide.getByRole('button', { name: unmarked(words.actions['crash']!) })).toBeDisabled();
        await page.keyboard.press('1');
        await page.keyboard.press('Space');
        await predict(desk, 'at-once');
      });
      await page.keyboard.press('1');
      await wait(
        page
          .locator('#stage')
          .getByText(/NotReady/)
          .first(),
      );
      await wait(cardOf(desk));
      const card = await readCard(desk, 'at-once', 'five-minutes');
      const after = card.locator('.numbers div', { hasText: words.observations['replacement']! }).locator('dd');
      const measured = Number(await after.textContent());
      expect(measured).toBeGreaterThanOrEqual(340);
      expect(measured).toBeLessThanOrEqual(370);
      await expect(page.getByRole('tab', { name: say('tab.why') })).toHaveAttribute('aria-selected', 'true');
      await expect(page.locator('.chain')).toContainText('node-2');

      await wait(guide.locator('.guide-head', { hasText: say('lesson.steps', { step: 2, count: 2 }) }));
      await goOn(desk);
      await page.keyboard.press('1');
      await apply(desk, filled('21', 1, '30'));
      await wait(guide.locator('.check.passed', { hasText: unmarked(words.checks['thirty']!) }));
      // The node is on and the roll-out has ended: two of the three that the check of the order wants.
      await wait(check(desk, 'order').locator('b', { hasText: '2' }));
      await guide.getByRole('button', { name: unmarked(words.actions['crash-again']!) }).click();
      await wait(finish(desk));
      await solved(desk);
      expect(desk.watched.wrongs).toEqual([]);
    });

    test('Recreate and rolling update side by side: one clock, one score', async ({ page }) => {
      const desk = await openLesson(page, lang, '14', '&paused');
      const { say, words } = desk;
      const score = page.getByRole('region', { name: say('lesson.score') });
      const of = (id: string, side: 0 | 1): Locator =>
        score
          .locator(':scope > div', { hasText: words.observations[id]!.split(', ')[0]! })
          .locator('.score-row b')
          .nth(side);
      const pods = (side: string): Promise<number> =>
        page.locator(`#app ${side} [role="graphics-symbol"][data-kind="pod"], #app ${side} .o.pod`).count();
      for (const line of ['type: Recreate', 'type: RollingUpdate'])
        await expect(page.locator('.side-head', { hasText: line })).toBeVisible();
      const said = lang === 'ko' ? 'recreate' : 'rolling';
      await predict(desk, said);
      const start = await seconds(page);
      await page.keyboard.press('1');
      await expect(
        page
          .locator('.timeline')
          .getByText(/set image/)
          .first(),
      ).toBeVisible();
      await advance(page, 12);
      await expect(of('failed', 0)).not.toHaveText('0');
      await expect(of('failed', 1)).toHaveText('0');
      await expect(of('mixed', 0)).toHaveText(/^0/);
      await expect(of('mixed', 1)).toHaveText(/^[1-9]/);
      await test.step('both stand where the clock is set, back before the first failure', async () => {
        const failed = await of('failed', 0).textContent();
        await advance(page, start - (await seconds(page)));
        await expect(of('failed', 0)).toHaveText('0');
        await expect(of('mixed', 1)).toHaveText(/^0/);
        await advance(page, 12);
        await expect(of('failed', 0)).toHaveText(failed!);
        expect(await pods('.stage.twin')).toBe(await pods('.stage:not(.twin)'));
      });
      const card = await readCard(desk, said, 'rolling');
      await test.step('why is asked of the second cluster, where it happened; who predicted otherwise is shown it', async () => {
        const asked = card.getByRole('button', { name: `${say('lesson.card.why')} (B)` });
        if (said === 'rolling') await asked.click();
        await expect(page.locator('.side .why .panel-title')).toContainText('B web-');
        await expect(page.locator('.chain')).toContainText('kubectl set image deployment/web shop=shop:v2');
        await expect(page.locator('.stage.twin svg[data-why]')).toBeAttached();
        await expect(page.locator('.stage:not(.twin) svg[data-why]')).toHaveCount(0);
      });
      await goOn(desk);
      await solved(desk);
      expect(desk.watched.wrongs).toEqual([]);
    });

    test('load does not scale a ReplicaSet, an autoscaler does', async ({ page }) => {
      const desk = await openLesson(page, lang, '08', '&paused');
      await predict(desk, 'adds');
      await page.keyboard.press('1');
      await letPass(page, cardOf(desk));
      await expect(page.locator('.meters .bad b')).not.toHaveText('0');
      const card = await readCard(desk, 'adds', 'stays');
      await expect(card.locator('.numbers div', { hasText: desk.words.observations['after']! })).toContainText('2');
      // Who expected more Pods reads why there are none, at what was asked about.
      const why = desk.say('whynot.count', { kind: 'ReplicaSet', current: 2, desired: 2 });
      await expect(page.locator('.whynot')).toContainText(why);
      await goOn(desk);
      await apply(desk, filled('08', 1, '6'));
      await letPass(page, finish(desk));
      await solved(desk);

      await page.goto('about:blank');
      const next = await openLesson(page, lang, '42', '&paused');
      await predict(next, 'six');
      await expect(page.locator('#stage')).toContainText('/ 50');
      await page.keyboard.press('1');
      await letPass(page, cardOf(next));
      await readCard(next, 'six', 'four');
      await goOn(next);
      await letPass(
        page,
        next.guide.locator('.guide-head', { hasText: next.say('lesson.steps', { step: 2, count: 2 }) }),
      );
      await page.keyboard.press('1');
      await letPass(page, finish(next), 50);
      await solved(next);
      expect([...desk.watched.wrongs, ...next.watched.wrongs]).toEqual([]);
    });

    test('wrong YAML gets the right help, and help is remembered as help', async ({ page }) => {
      const desk = await openLesson(page, lang, '31', '&paused');
      const { guide, say } = desk;
      await editorArrived(page);
      const button = page.locator('.apply').getByRole('button', { name: say('manifest.apply') });
      await button.click();
      await letPass(page, question(desk));
      await predict(desk, 'union');
      await test.step('a broken indentation is told at its line, and nothing is applied', async () => {
        await page.getByRole('tab', { name: 'YAML' }).click();
        await manifest(page).fill(filled('31', 1, 'web').replace('  ingress:', '   ingress:'));
        await expect(page.locator('.problems')).toContainText(say('yaml.indent'));
        await expect(page.locator('.problems')).toContainText(say('manifest.fix.indent'));
        await expect(button).toBeDisabled();
      });
      await apply(desk, filled('31', 1, 'web'));
      await letPass(page, cardOf(desk));
      await readCard(desk, 'union', 'union');
      await goOn(desk);
      await test.step('two items of a list let in too many: the check says so', async () => {
        await page.getByRole('tab', { name: 'YAML' }).click();
        await manifest(page).fill(filled('31', 2));
        await expect(page.locator('.apply .will')).toContainText(/team=ops[^]*job=backup/);
        await apply(desk, filled('31', 2));
        await advance(page, 6);
        await expect(check(desk, 'visitor-out')).not.toHaveClass(/passed/);
        await expect(check(desk, 'visitor-out').locator('b')).toHaveText(say('matrix.allow'));
      });
      await test.step('Hangul in a comment is kept, and presses no button', async () => {
        const at = await seconds(page);
        await page.getByRole('tab', { name: 'YAML' }).click();
        await manifest(page).focus();
        await page.keyboard.press('Control+Home');
        await page.keyboard.insertText('# 백업만 1 2 3\n');
        await expect.poll(() => shownText(page)).toContain('# 백업만 1 2 3');
        expect(await seconds(page)).toBe(at);
      });
      for (const name of [1, 2].map((number) => say('lesson.hint', { number })))
        await guide.getByRole('button', { name }).click();
      await guide.getByRole('button', { name: say('lesson.hint.solution') }).click();
      await guide.getByRole('button', { name: say('lesson.solution.apply') }).click();
      await letPass(page, finish(desk));
      await solved(desk, 'lesson.finish.assisted');
      expect(desk.watched.wrongs).toEqual([]);
    });
  });

test('lessons have their addresses, are chosen by chapter, and what was reached is kept on this device', async ({
  page,
}) => {
  await page.addInitScript(() => {
    if (location.protocol !== 'about:') localStorage.setItem('kubarium.lessons', '{"13": {"state": "done"}, "14": "no');
  });
  const watched = watch(page);
  await page.goto('/?paused&lang=ko');
  await page.getByRole('button', { name: ko['lesson.all'] }).click();
  const picker = page.getByRole('dialog', { name: ko['lesson.all'] });
  await expect(picker.getByRole('link')).toHaveCount(Object.keys(textsKo).length);
  await picker.getByRole('link', { name: textsKo['24'].title }).click();
  await expect(picker).toHaveCount(0);
  const guide = page.getByRole('complementary', { name: ko['lesson.guide'] });
  await expect(guide.getByRole('heading', { name: textsKo['24'].title })).toBeVisible();
  expect(new URL(page.url()).hash).toBe('#lesson=24');
  await page.reload();
  await expect(guide.getByRole('heading', { name: textsKo['24'].title })).toBeVisible();
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByRole('heading', { name: textsEn['24'].title })).toBeVisible();

  await test.step('a shared run of a lesson opens as that lesson', async () => {
    await page.getByRole('button', { name: en['top.share'] }).click();
    const link = await page.getByRole('textbox', { name: en['share.link'] }).inputValue();
    expect(readLink(link)).toMatchObject({ lesson: { id: '24' } });
    await page.goto('about:blank');
    await page.goto(`/${new URL(link).hash}`);
    await expect(page.getByRole('complementary', { name: en['lesson.guide'] })).toContainText(textsEn['24'].title);
  });
  expect(watched.wrongs).toEqual([]);
});
