/** Figures of a pass that answer, on the built site: every number opened down to what is stored, and a word in two texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { openByOtherHands } from '../recompute.ts';

const site = inject('site');
const pass = `${site}lessons/one-pass-every-number/`;
const layers = `${site}lessons/layer-upon-layer/`;
const model = openByOtherHands(readFileSync(join(import.meta.dirname, '../../public/model/easel.gguf')));

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

/** A page with one of its figures awake. */
async function awake(address: string, name: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, options);
  const { page } = opened;
  await page.goto(address);
  // A figure may wait behind a guess.
  await page.locator('guess-then-see .choices button').first().click();
  const figure = page.locator(`live-figure[data-name="${name}"]`);
  await wake(figure);
  return { ...opened, figure };
}

const number = (said: string) => Number(said.replace('−', '-').replaceAll(/[^\d.-]/g, ''));
const query = (page: Page) => new URL(page.url()).searchParams;

describe.skipIf(!site)('one pass', () => {
  const name = 'every-number';

  it('shows first what was printed, with the same numbers', async () => {
    const printed = await openPage(browser, { javaScriptEnabled: false });
    await printed.page.goto(pass);
    const still = printed.page.locator(`figure[data-figure="${name}"]`);
    expect(await still.locator('button, input, select, [role=slider]').count()).toBe(0);
    const numbersOf = (all: typeof still) => all.locator('.stages td .n, .opened .mul td').allInnerTexts();
    const before = await numbersOf(still);
    await printed.close();
    const { figure, problems, close } = await awake(pass, name);
    expect(await numbersOf(figure)).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  it('opens a number, and those that made it, down to one that is stored; and leads back', async () => {
    const { page, figure, problems, close } = await awake(pass, name);
    const row = figure.locator('.stages tbody tr', { hasText: 'beautiful' });
    await row.locator('[data-number^="weight-"]').press('Enter');
    const heading = figure.locator('.opened > .part');
    const panel = figure.locator('.opened');
    const ways = ['scaled', 'score', 'query', 'unturned-query', 'normed', 'stored'];
    for (const what of ways) {
      const next = panel.locator(`:is(.mul, .after-sum) [data-number^="${what}-"]`).first();
      const said = await next.innerText();
      await next.press('Enter');
      expect(await heading.locator('b').innerText(), what).toBe(said);
      // What was pressed is gone, and the focus stands where reading goes on.
      expect(await heading.evaluate((element) => document.activeElement === element)).toBe(true);
    }
    await expect.poll(() => query(page).get(`${name}.open`)?.split('.').length).toBe(ways.length + 1);
    const last = query(page).get(`${name}.open`)!.split('.').at(-1)!.split('-').map(Number);
    const text = 'there was a beautiful woman with an ugly cat'.split(' ');
    const stored = model.embedding[model.tokens.indexOf(text[last[3] - 1])][last[4]];
    expect(Math.abs(number(await heading.locator('b').innerText()) - stored)).toBeLessThan(0.0006);
    expect(await panel.locator('table, .after-sum').count()).toBe(0);

    await panel.locator('[data-back="2"]').click();
    expect(await heading.innerText()).toMatch(/^The dot product of woman and/);
    await page.keyboard.press('Escape');
    expect(await panel.count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('goes along a row of threads by arrow keys, and says each number', async () => {
    const { figure, close } = await awake(pass, name);
    const threads = figure.locator('[role=slider][data-list^="query-"]');
    await threads.focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await threads.press(key);
    expect(await threads.getAttribute('aria-valuenow')).toBe('3');
    expect(await threads.evaluate((element) => document.activeElement === element)).toBe(true);
    const [said] = (await threads.getAttribute('aria-valuetext'))!.split(': ').slice(-1);
    const opened = await figure.locator('.opened > .part b').innerText();
    expect(Math.abs(number(said) - number(opened))).toBeLessThan(0.0051);
    await expect.poll(() => figure.locator('.aloud').innerText()).toContain('the 3rd number of the query of woman');
    await close();
  });

  it('takes other words, another word that looks and another head, keeps them in the address, and undoes all', async () => {
    const { page, figure, problems, close } = await awake(pass, name);
    const before = await figure.locator('.stages').innerText();
    await figure.locator('.engine summary').first().click();
    const field = figure.locator('.own-words input');
    await field.fill('a very lovely creature');
    await figure.locator('[data-looking="2"]').click();
    await figure.locator('select.layer').selectOption('2');
    await expect.poll(() => query(page).get(`${name}.layer`)).toBe('2');
    const after = await figure.locator('.stages').innerText();
    const ids = ['a', 'very', 'lovely', 'creature'].map((word) => model.tokens.indexOf(word));
    const run = model.run([0, ...ids]);
    const head = number(await figure.locator('select.head').inputValue()) - 1;
    await figure.locator('.stages [data-number^="weight-2-"]').first().click();
    const said = number(await figure.locator('.opened > .part b').innerText());
    expect(Math.abs(said - run.weights[1][head][2][0])).toBeLessThan(0.0006);

    await expect.poll(() => query(page).get(`${name}.open`)).toContain('weight-2-');
    const again = await awake(page.url(), name);
    expect(await again.figure.locator('.stages').innerText()).toBe(after);
    expect(number(await again.figure.locator('.opened > .part b').innerText())).toBe(said);
    await again.close();

    await field.fill('a very lovely unicorn');
    await expect.poll(() => figure.locator('.unknown').innerText()).toContain('unicorn');
    await figure.locator('.reset').click();
    expect(await figure.locator('.stages').innerText()).toBe(before);
    await expect.poll(() => [...query(page).keys()].length).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('fits a phone, with room for a finger on every number that opens', async () => {
    const { page, figure, close } = await awake(pass, name, { viewport: { width: 320, height: 700 }, hasTouch: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    for (const button of await figure.locator('.number').all()) {
      const box = (await button.boundingBox())!;
      expect(Math.round(box.height)).toBeGreaterThanOrEqual(44);
    }
    await close();
  });
});

describe.skipIf(!site)('a word in two texts', () => {
  const name = 'bank-and-bank';

  it('shows the lists of any step, by slider and by hand, and undoes it', async () => {
    const { page, figure, problems, close } = await awake(layers, name);
    const lists = figure.locator('.apart-lists');
    const before = await lists.innerHTML();
    const slider = figure.locator('.step-slider input');
    await slider.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^bank as the bare word: 0° apart$/);
    const cloth = lists.locator('.weave-row .threads');
    expect(await cloth.nth(0).innerHTML()).toBe(await cloth.nth(1).innerHTML());
    const fan = figure.locator('[data-fan="1 3"]');
    await fan.click();
    expect(await fan.evaluate((element) => document.activeElement === element)).toBe(true);
    const angle = await fan.locator('b').innerText();
    expect(await slider.getAttribute('aria-valuetext')).toContain(`was after attention in layer 2: ${angle}`);
    await expect.poll(() => query(page).get(`${name}.word`)).toBe('was');
    const again = await awake(page.url(), name);
    expect(await again.figure.locator('.apart-lists').innerHTML()).toBe(await lists.innerHTML());
    await again.close();
    await figure.locator('.reset').click();
    expect(await lists.innerHTML()).toBe(before);
    expect(problems).toEqual([]);
    await close();
  });

  it('follows another word in other texts', async () => {
    const { figure, problems, close } = await awake(layers, name);
    await figure.locator('.engine summary').first().click();
    const [first, second] = await figure.locator('.own-words input').all();
    await first.fill('the sky was clear . the star was');
    await second.fill('the film began . the star was');
    await figure.locator('.two-texts select').selectOption('star');
    const runs = ['the sky was clear . the star was', 'the film began . the star was'].map((text) => {
      const words = text.split(' ');
      return model.run([0, ...words.map((word) => model.tokens.indexOf(word))]).streams.map((rows) => rows.at(-2)!);
    });
    const [a, b] = runs.map((stages) => stages.at(-1)!);
    const dot = (x: number[], y: number[]) => x.reduce((sum, one, i) => sum + one * y[i], 0);
    const angle = (Math.acos(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))) * 180) / Math.PI;
    await expect
      .poll(() => figure.locator('[data-fan="0 8"] b').innerText())
      .toBe(angle < 9.95 ? `${angle.toFixed(1)}°` : `${Math.round(angle)}°`);
    expect(problems).toEqual([]);
    await close();
  });
});
