/**
 * The map of words and the dials of places, on the built site: what a reader picks or moves is answered with the model's own
 * numbers, by pointer and by keyboard, is kept in the address, and can be undone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { openByOtherHands } from '../recompute.ts';

const site = inject('site');
const model = openByOtherHands(readFileSync(join(import.meta.dirname, '../../public/model/easel.gguf')));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function openFigure(path: string, kind: string, options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await watched.page.goto(`${site}lessons/${path}`);
  const figure = watched.page.locator(`live-figure[data-kind=${kind}]`);
  await wake(figure);
  return { ...watched, figure };
}

/** A number as it is printed: '.43', '−.36', '183.21'. */
const numberIn = (text: string) => Number(text.trim().replace('−', '-'));

describe.skipIf(!site)('the map of words', () => {
  const path = 'words-as-lists-of-numbers/';
  const openMap = (options?: BrowserContextOptions, query = '') => openFigure(path + query, 'scatter', options);

  /** The words named as most like the chosen one, with their numbers. */
  async function neighbours(figure: Locator): Promise<[string, number][]> {
    const rows = await figure.locator('.alike tbody:first-of-type tr').all();
    return Promise.all(
      rows.map(async (row): Promise<[string, number]> => {
        const word = (await row.locator('th').textContent())!.replace(/ off the map$/, '').trim();
        return [word, numberIn((await row.locator('.n').textContent())!)];
      }),
    );
  }

  function expectNearest(shown: readonly [string, number][], word: string) {
    const list = (one: string) => model.embedding[model.tokens.indexOf(one)];
    const likeness = (other: string) =>
      dot(list(word), list(other)) / Math.sqrt(dot(list(word), list(word)) * dot(list(other), list(other)));
    const best = model.tokens
      .slice(1)
      .filter((other) => other !== word)
      .map(likeness)
      .sort((a, b) => b - a);
    expect(shown).toHaveLength(5);
    shown.forEach(([other, said], i) => {
      expect(Math.abs(likeness(other) - best[i]), other).toBeLessThan(1e-5);
      expect(Math.abs(said - best[i]), other).toBeLessThanOrEqual(0.00501);
    });
  }

  it('names the nearest words of one that is typed, and all of its numbers', async () => {
    const { page, figure, problems, close } = await openMap();
    await figure.locator('.pick-word input').fill('creature');
    expectNearest(await neighbours(figure), 'creature');
    const numbers = await figure.locator('.all-numbers li').allTextContents();
    model.embedding[model.tokens.indexOf('creature')].forEach((number, i) => {
      expect(Math.abs(numberIn(numbers[i]) - number)).toBeLessThanOrEqual(0.00501);
    });
    await expect
      .poll(() => figure.locator('.aloud').textContent(), { timeout: 30_000 })
      .toMatch(/^creature: most alike are /);
    await expect.poll(() => new URL(page.url()).searchParams.get('word-map.word')).toBe('creature');
    expect(problems).toEqual([]);
    await close();
  });

  it('takes a word by pointer and by arrow keys, wakes up as the address says, and undoes it all', async () => {
    const { page, figure, close } = await openMap({}, '?word-map.word=cat');
    expectNearest(await neighbours(figure), 'cat');
    const picture = figure.locator('.picture');
    const before = await picture.locator('.plot:visible .lang').first().innerHTML();
    await picture.locator('.plot:visible .lang text', { hasText: /^queen$/ }).click();
    expectNearest(await neighbours(figure), 'queen');
    await picture.focus();
    await page.keyboard.press('ArrowUp');
    const word = await figure.locator('.pick-word input').inputValue();
    expect(word).not.toBe('queen');
    expectNearest(await neighbours(figure), word);
    await figure.locator('.reset').click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(await figure.locator('.picked').isVisible()).toBe(false);
    expect(await picture.locator('.chosen').count()).toBe(0);
    expect((await picture.locator('.plot:visible .lang').first().innerHTML()).replace(/ class="[^"]*"/g, '')).toBe(
      before.replace(/ class="[^"]*"/g, ''),
    );
    await close();
  });

  it('says of a word that the model never learned which ones it knows', async () => {
    const { page, figure, close } = await openMap();
    await figure.locator('.pick-word input').fill('wizzard');
    await page.keyboard.press('Enter');
    await figure.locator('.pick-word .unknown button', { hasText: /^wizard$/ }).click();
    expectNearest(await neighbours(figure), 'wizard');
    await close();
  });

  it('fits a narrow phone and has nothing that a checker finds wanting, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, figure, close } = await openMap({ viewport: { width: 320, height: 640 }, colorScheme });
      await figure.locator('.pick-word input').fill('king');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      const { violations } = await new AxeBuilder({ page }).include('live-figure[data-kind=scatter]').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
      await close();
    }
  });
});

describe.skipIf(!site)('the dials', () => {
  const path = 'where-am-i/';
  const openDials = (options?: BrowserContextOptions, query = '') => openFigure(path + query, 'rotation', options);

  /** The score that the model's own lists have at these places, by other hands. */
  async function scoreOf(figure: Locator, query: number, key: number): Promise<number> {
    const address = new URL((await figure.getAttribute('data-json'))!, figure.page().url());
    const { detail } = await (await fetch(address)).json();
    const run = model.run([0, ...detail.text.split(' ').map((word: string) => model.tokens.indexOf(word))]);
    const [q, k] = [
      run.queries[detail.layer - 1][detail.head - 1][detail.looking],
      run.keys[detail.layer - 1][detail.head - 1][detail.at],
    ];
    return dot(model.turn(q, query), model.turn(k, key));
  }
  const said = async (figure: Locator) =>
    numberIn(/score (?:is|stays) (−?[\d.]*\d)/.exec((await figure.locator('.reading').textContent())!)![1]);

  it('turn with the word that looks, and the score with its distance', async () => {
    const { page, figure, problems, close } = await openDials();
    await figure.locator('input[data-which=query]').fill('9');
    expect(await said(figure)).toBeCloseTo(await scoreOf(figure, 9, 4), 1);
    await figure.locator('input[data-which=query]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await said(figure)).toBeCloseTo(await scoreOf(figure, 10, 4), 1);
    await expect.poll(() => figure.locator('.aloud').textContent()).toMatch(/^6 places apart/);
    await expect.poll(() => new URL(page.url()).searchParams.get('turning.query')).toBe('10');
    expect(problems).toEqual([]);
    await close();
  });

  it('turn alike when both words move, and the score stays', async () => {
    const { figure, close } = await openDials({}, '?turning.query=12&turning.key=6');
    const before = await figure.locator('.dials-now .n').allTextContents();
    const score = await said(figure);
    for (let i = 0; i < 3; i++) await figure.locator('[data-both="1"]').click();
    expect(await figure.locator('.dials-now .n').allTextContents()).toEqual(before);
    expect(await said(figure)).toBe(score);
    expect(await figure.locator('.reading').textContent()).toContain('still 6 places apart');
    await close();
  });

  it('stop and let every distance score the same; all of it can be undone', async () => {
    const { page, figure, close } = await openDials();
    await figure.locator('[data-stop]').click();
    const score = await said(figure);
    await figure.locator('input[data-which=query]').fill('40');
    expect(await said(figure)).toBe(score);
    await figure.locator('.reset').click();
    expect(await said(figure)).toBeCloseTo(await scoreOf(figure, 5, 4), 1);
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await close();
  });

  it('fit a narrow phone and have nothing that a checker finds wanting, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, figure, close } = await openDials({ viewport: { width: 320, height: 640 }, colorScheme });
      await figure.locator('input[data-which=query]').fill('70');
      expect(await figure.locator('.reading').textContent()).toContain('No text in training was so long.');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      const { violations } = await new AxeBuilder({ page }).include('live-figure[data-kind=rotation]').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
      await close();
    }
  });
});
