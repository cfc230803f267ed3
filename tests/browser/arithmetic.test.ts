/**
 * Arrows that can be dragged and weights that can be shared out, on the built site: by pointer, finger and keyboard, kept in
 * the address, said aloud, undone. What is shown is worked out again from what the page itself holds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { openByOtherHands } from '../recompute.ts';

const site = inject('site');
const root = join(import.meta.dirname, '../..');

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function openFigure(path: string, name: string, options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await watched.page.goto(`${site}lessons/${path}`);
  const figure = watched.page.locator(`live-figure[data-name=${name}]`);
  await wake(figure);
  return { ...watched, figure };
}

/** A number as it is printed: '.43', '−.36', '58 %'. */
const numberIn = (text: string) => Number.parseFloat(text.trim().replace('−', '-').replace('< 1', '0'));

/** A sideways scroll of the page, in px; findings of axe-core in the figure. */
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
async function findings(page: Page, figure: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(figure).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

const arrows = 'scores-into-weights/';
const openArrows = (options?: BrowserContextOptions, query = '') => openFigure(arrows + query, 'arrows', options);

/** Each key's word with its two numbers, and the query's, as the table under the figure says them. */
async function lists(figure: Locator): Promise<[string, number, number][]> {
  const rows = await figure.locator('.as-table tbody:not(.total) tr').all();
  return Promise.all(
    rows.map(async (row): Promise<[string, number, number]> => {
      const [word, across, up] = await row.locator('th, td').allTextContents();
      return [word.trim(), numberIn(across), numberIn(up)];
    }),
  );
}

/** What the picture's own lines say, held against the lists of the table. */
async function expectWeighed(figure: Locator, temperature = 1) {
  const all = await lists(figure);
  const [, ...query] = all.at(-1)!;
  const keys = all.slice(0, -1);
  const scores = keys.map(([, across, up]) => across * query[0] + up * query[1]);
  const powers = scores.map((score) => Math.exp(score / Math.SQRT2 / temperature));
  const whole = powers.reduce((sum, power) => sum + power, 0);
  const rows = await figure.locator('.weighing tbody tr').all();
  expect(rows).toHaveLength(keys.length);
  let percents = 0;
  for (const [k, row] of rows.entries()) {
    const numbers = (await row.locator('td').allTextContents()).map((text) => numberIn(text));
    expect(Math.abs(numbers[1] - scores[k])).toBeLessThanOrEqual(0.0051);
    expect(Math.abs(numbers[2] - scores[k] / Math.SQRT2)).toBeLessThanOrEqual(0.0051);
    expect(Math.abs(numbers[3] - (powers[k] / whole) * 100)).toBeLessThan(1);
    percents += numbers[3];
  }
  expect(percents).toBe(100);
}

/** Where the middle of an element is, in the window. */
async function middle(element: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await element.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

describe.skipIf(!site)('arrows', () => {
  it('say the same awake as printed, and nothing stands in the address', async () => {
    const printed = await openPage(browser, { javaScriptEnabled: false });
    await printed.page.goto(`${site}lessons/${arrows}`);
    const still = printed.page.locator('figure[data-figure=arrows]');
    expect(await still.locator('input, [role=slider], .reset').count()).toBe(0);
    const { page, figure, problems, close } = await openArrows();
    for (const part of ['.weighing', '.notice']) {
      expect(await figure.locator(part).textContent()).toBe(await still.locator(part).textContent());
    }
    await expectWeighed(figure);
    expect(new URL(page.url()).search).toBe('');
    expect(await figure.locator('.reset').isVisible()).toBe(false);
    expect(problems).toEqual([]);
    await Promise.all([printed.close(), close()]);
  });

  it('are dragged by their tips, change every number, and go back', async () => {
    const { page, figure, problems, close } = await openArrows();
    const before = await figure.locator('.weighing').textContent();
    const grip = figure.locator('.grip.key[aria-label="key of very"]');
    const [x, y] = await middle(grip);
    const [plane] = [(await figure.locator('svg.plane').boundingBox())!];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(plane.x + plane.width * 0.8, plane.y + plane.height * 0.4, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await lists(figure))[1][1]).toBeGreaterThan(1);
    await expectWeighed(figure);
    await expect.poll(() => figure.locator('.aloud').textContent()).toMatch(/^Most weight: /);
    await expect.poll(() => new URL(page.url()).searchParams.get('arrows.key2')).toMatch(/^1\.\d+~\.?\d/);
    // Far outside, the arrow stays in the picture.
    await page.mouse.move(...(await middle(grip)));
    await page.mouse.down();
    await page.mouse.move(plane.x + plane.width * 3, plane.y, { steps: 4 });
    await page.mouse.up();
    const [, across, up] = (await lists(figure))[1];
    expect(Math.hypot(across, up)).toBeLessThan(2.82);
    await figure.locator('.reset').click();
    await expect.poll(() => figure.locator('.weighing').textContent()).toBe(before);
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(problems).toEqual([]);
    await close();
  });

  it('turn and lengthen by arrow keys, and say where they are', async () => {
    const { page, figure, close } = await openArrows();
    const grip = figure.locator('.grip.query');
    await grip.focus();
    const angle = async () => Number(await grip.getAttribute('aria-valuenow'));
    const start = await angle();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(angle).toBeGreaterThanOrEqual(start + 4);
    await page.keyboard.press('ArrowUp');
    await expectWeighed(figure);
    expect(await grip.getAttribute('aria-valuetext')).toMatch(/^length 1\.3, at \d+ degrees/);
    expect(await grip.evaluate((g) => g === document.activeElement)).toBe(true);
    await close();
  });

  it('share alike when it is hot, and wake up as the address says', async () => {
    const { page, figure, close } = await openArrows(
      {},
      '?arrows.temperature=0.1&arrows.key1=2~1&arrows.key3=nonsense',
    );
    await expectWeighed(figure, 0.1);
    expect((await lists(figure))[0]).toEqual(['a', 2, 1]);
    await figure.locator('.dial input').focus();
    await page.keyboard.press('End');
    await expect.poll(() => figure.locator('.dial output').textContent()).toBe('4');
    await expectWeighed(figure, 4);
    expect(await figure.locator('.notice').textContent()).toContain('At temperature 4');
    await close();
  });

  it.each([320, 1280])('have no findings at %i px, and no sideways scroll', async (width) => {
    const { page, figure, close } = await openArrows({ viewport: { width, height: 800 }, hasTouch: width < 400 });
    if (width < 400) {
      // A finger needs 44 px.
      const { width: wide, height } = (await figure.locator('.grip .hit').first().boundingBox())!;
      expect(Math.min(wide, height)).toBeGreaterThanOrEqual(36);
      expect((await figure.locator('.dial input').boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await findings(page, 'live-figure[data-name=arrows]')).toEqual([]);
    await close();
  });
});

const openMixture = (options?: BrowserContextOptions, query = '') =>
  openFigure(`blending/${query}`, 'mixture', options);

/** The values of the words in the figure's head, and its weights, by other hands. */
function recompute() {
  const model = openByOtherHands(readFileSync(join(root, 'public/model/easel.gguf')));
  const lesson = readFileSync(join(root, 'content/docs/lessons/blending.mdx'), 'utf8');
  const { text, layer, head } = parse(/^---\n([\s\S]*?)\n---/.exec(lesson)![1]).figures.mixture;
  const words = (text as string).split(' ');
  const run = model.run([0, ...words.map((word) => model.tokens.indexOf(word))]);
  return { values: run.values[layer - 1][head - 1], weights: run.weights[layer - 1][head - 1][words.length] };
}

const percentsOf = async (figure: Locator) =>
  (await figure.locator('.mixing .looked .n').allTextContents()).map((text) => numberIn(text));

/** The numbers of the blend, as the table under the figure says them. */
async function blendOf(figure: Locator): Promise<number[]> {
  const table = figure.locator('.as-table table').nth(1);
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => numberIn((await row.locator('td').nth(1).textContent())!)));
}

describe.skipIf(!site)('a blend', () => {
  it('is the model’s own until a slider moves, and stands without scripts', async () => {
    const printed = await openPage(browser, { javaScriptEnabled: false });
    await printed.page.goto(`${site}lessons/blending/`);
    const still = printed.page.locator('figure[data-figure=mixture]');
    expect(await still.locator('input').count()).toBe(0);
    const { figure, problems, close } = await openMixture();
    for (const part of ['.mixing tbody', '.weave', '.leans', '.notice', 'figcaption']) {
      const text = await figure.locator(part).first().textContent();
      expect(text).toBe(await still.locator(part).first().textContent());
      expect(text).not.toContain('undefined');
    }
    const { weights } = recompute();
    (await percentsOf(figure)).forEach((percent, j) => {
      expect(Math.abs(percent - weights[j] * 100)).toBeLessThan(1);
    });
    expect(problems).toEqual([]);
    await Promise.all([printed.close(), close()]);
  });

  it('mixes what a reader shares out, keeps it in the address, says it, and goes back', async () => {
    const { page, figure, problems, close } = await openMixture();
    const first = await figure.locator('.mixing tbody').textContent();
    const slider = figure.locator('.mixing input').nth(2);
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => percentsOf(figure)).toEqual([0, 0, 100, 0, 0]);
    const { values } = recompute();
    (await blendOf(figure)).forEach((number, c) => {
      expect(Math.abs(number - values[2][c])).toBeLessThan(0.0006);
    });
    await expect.poll(() => figure.locator('.aloud').textContent()).toMatch(/most like the value of very: 1\.00/);
    await page.keyboard.press('Home');
    await expect.poll(() => percentsOf(figure)).toEqual([25, 25, 0, 25, 25]);
    (await blendOf(figure)).forEach((number, c) => {
      const mean = (values[0][c] + values[1][c] + values[3][c] + values[4][c]) / 4;
      expect(Math.abs(number - mean)).toBeLessThan(0.0006);
    });
    expect(await slider.evaluate((s) => s === document.activeElement)).toBe(true);
    await expect.poll(() => new URL(page.url()).searchParams.get('mixture.weights')).toBe('250~250~0~250~250');
    expect(await figure.locator('figcaption').textContent()).toMatch(/^Your weights/);
    await figure.locator('.reset').click();
    await expect.poll(() => figure.locator('.mixing tbody').textContent()).toBe(first);
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(problems).toEqual([]);
    await close();
  });

  it('wakes up as the address says, and passes over what makes no sense', async () => {
    const set = await openMixture({}, '?mixture.weights=0~500~0~500~0');
    expect(await percentsOf(set.figure)).toEqual([0, 50, 0, 50, 0]);
    const wrong = await openMixture({}, '?mixture.weights=1~2');
    expect(await wrong.figure.locator('.reset').isVisible()).toBe(false);
    await Promise.all([set.close(), wrong.close()]);
  });

  it.each([320, 1280])('has no findings at %i px, and no sideways scroll', async (width) => {
    const { page, figure, close } = await openMixture({ viewport: { width, height: 800 } });
    expect((await figure.locator('.mixing input').first().boundingBox())!.height).toBeGreaterThanOrEqual(44);
    expect((await figure.locator('.mixing input').first().boundingBox())!.width).toBeGreaterThanOrEqual(80);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await findings(page, 'live-figure[data-name=mixture]')).toEqual([]);
    await close();
  });
});
