/** Words put in and taken out of a phrase: the page's shares are held against the language's own. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { narrow } from '../../src/language/narrowing.ts';

const site = inject('site');

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function open(query = '', options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site}lessons/out-of-context/${query}`);
  const figure = watched.page.locator('live-figure[data-name=women-left]');
  if (options.javaScriptEnabled !== false) await wake(figure);
  return { ...watched, figure };
}

/** The rows of the shown picture: phrase, and what stands beside its bar. */
async function rowsOf(figure: Locator): Promise<[phrase: string, said: string][]> {
  return figure.locator('.picture svg:visible').evaluate((svg) => {
    const rows: [string, string][] = [];
    let phrase: string[] = [];
    for (const text of svg.querySelectorAll('text')) {
      if (text.matches('.phrase')) phrase.push(text.textContent!);
      else {
        rows.push([phrase.join(' '), text.textContent!.replace(/\u00a0/g, ' ')]);
        phrase = [];
      }
    }
    return rows;
  });
}

const press = (figure: Locator, word: string) =>
  figure
    .locator('.chips button')
    .filter({ hasText: new RegExp(`^${word}$`) })
    .click();
const pressed = (figure: Locator) => figure.locator('.chips button[aria-pressed=true]').allTextContents();

function expectShare(said: string, share: number) {
  const [, percent, bits] = /^([\d.]+) %(?:, ([\d.]+) bits)?$/.exec(said)!;
  const decimals = percent.split('.')[1]?.length ?? 0;
  expect(Math.abs(Number(percent) - share * 100)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
  expect(Math.abs(Number(bits ?? 0) + Math.log2(share))).toBeLessThanOrEqual(0.05 + 1e-6);
}

describe.skipIf(!site)('the figure of a narrowing phrase', () => {
  it('stands without scripts as it stands awake, with no control that would do nothing', async () => {
    const printed = await open('', { javaScriptEnabled: false });
    const live = await open();
    expect(await printed.figure.locator('button').count()).toBe(0);
    expect(await rowsOf(live.figure)).toEqual(await rowsOf(printed.figure));
    expect(await pressed(live.figure)).toEqual(['a', 'very', 'most', 'beautiful', 'in the world']);
    expect(live.problems).toEqual([]);
    await printed.close();
    await live.close();
  });

  it('counts who is left after each word, in the order in which they are pressed', async () => {
    const { figure, page, close } = await open();
    await figure.locator('.bare').click();
    for (const word of ['beautiful', 'most', 'very', 'a']) await press(figure, word);
    const rows = await rowsOf(figure);
    expect(rows.map(([phrase]) => phrase)).toEqual([
      'woman',
      'beautiful woman',
      'the most beautiful woman',
      'the very most beautiful woman',
      'the very most beautiful woman',
    ]);
    const asked = [[], ['beautiful'], ['most beautiful'], ['most beautiful', 'very beautiful']];
    for (const [i, modifiers] of asked.entries()) expectShare(rows[i][1], narrow('woman', modifiers).share);
    expectShare(rows[4][1], narrow('woman', ['a', 'most beautiful']).share);
    const table = await figure.locator('.as-table tbody tr').last().locator('td').allTextContents();
    expect(table.at(-1)).toBe('0.0');
    await expect
      .poll(() => figure.locator('.aloud').textContent())
      .toMatch(/^the very most beautiful woman: .*a brought 0\.0\.$/);
    await expect.poll(() => page.url()).toContain('women-left.words=beautiful%2Cmost%2Cvery%2Ca');
    await close();
  });

  it('says when nobody is left, and what a word lacks', async () => {
    const { figure, close } = await open('?women-left.words=beautiful,very');
    await press(figure, 'old');
    expect((await rowsOf(figure)).at(-1)).toEqual(['very beautiful old woman', 'nobody is left']);
    expect(narrow('woman', ['very beautiful', 'old']).share).toBe(0);
    expect(await figure.locator('.notice').textContent()).toContain('Nobody is left');
    await press(figure, 'in the world');
    expect(await figure.locator('.lacks').textContent()).toBe('In the world needs most beside it.');
    await figure.locator('.bare').click();
    await press(figure, 'very');
    expect(await figure.locator('.lacks').textContent()).toBe('Very needs a describing word beside it.');
    await close();
  });

  it('takes what cannot stand alone away with its word, and gives back what was printed', async () => {
    const { figure, page, close } = await open();
    await press(figure, 'beautiful');
    expect(await pressed(figure)).toEqual(['a']);
    expect(await figure.locator('.lacks').textContent()).toMatch(/went with beautiful\.$/);
    await figure.locator('.reset').click();
    expect((await rowsOf(figure)).length).toBe(5);
    await expect.poll(() => page.url()).not.toContain('?');
    expect(await figure.locator('.reset').isVisible()).toBe(false);
    await close();
  });

  it('comes back from the address, also from one that makes no sense', async () => {
    const one = await open('?women-left.words=none');
    expect(await rowsOf(one.figure)).toEqual([['woman', '100 %']]);
    await one.close();
    const two = await open('?women-left.words=very,zebra,tall,tall,in+the+world');
    expect((await rowsOf(two.figure)).map(([phrase]) => phrase)).toEqual(['woman', 'tall woman', 'very tall woman']);
    expect(two.problems).toEqual([]);
    await two.close();
  });

  it('works by keys, has no fault that axe can find, and fits a phone', async () => {
    for (const width of [1280, 320]) {
      const { page, figure, close } = await open('', { viewport: { width, height: 800 } });
      await figure.locator('.chips button').nth(4).focus();
      await page.keyboard.press('Space');
      expect((await rowsOf(figure)).at(-1)![0]).toContain('old woman in the world');
      const { violations } = await new AxeBuilder({ page }).include('live-figure').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      for (const control of await figure.locator('.phrase-words button:visible').all()) {
        expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(44);
      }
      await close();
    }
  });
});
