/**
 * Cutting, muting and unmasking on the built site. A cut link's share must go to the others of its row in their proportions,
 * which is worked out here from the untouched weights of ../recompute.ts, which shares no line with the page's code.
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

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function open(path: string, kind: string, options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site}${path}`);
  const figure = watched.page.locator(`live-figure[data-kind=${kind}]:visible`).first();
  await wake(figure);
  return { ...watched, figure };
}

async function detail(figure: Locator): Promise<{ text: string; layer: number; head: number; looking: number }> {
  const address = new URL((await figure.getAttribute('data-json'))!, figure.page().url());
  return (await (await fetch(address)).json()).detail;
}

function recompute(text: string) {
  const words = text.replace(/\s*([.,])/g, ' $1').split(' ');
  return { words: ['start', ...words], ...model.run([0, ...words.map((word) => model.tokens.indexOf(word))]) };
}

/** Percentages of the strip's words; a cut one says so. */
const shares = (figure: Locator) =>
  figure.locator('.picture .strip:visible .word').evaluateAll((words) =>
    words.map((word) => {
      if (word.classList.contains('is-cut')) return 'cut';
      return Number(/(\d+)\s%/.exec(word.textContent ?? '')?.[1] ?? 0);
    }),
  );

const picture = (figure: Locator) => figure.locator('.picture').first().innerHTML();

describe.skipIf(!site)('a link', () => {
  const lesson = 'lessons/many-heads/';

  it('is cut by a click; the others share its weight; the odds are shown before and now; Undo all mends it', async () => {
    const { page, figure, problems, close } = await open(lesson, 'arcs');
    const { text, layer, head, looking } = await detail(figure);
    const { weights, next } = recompute(text);
    const row = weights[layer - 1][head - 1][looking];
    const printed = await picture(figure);
    const most = row.indexOf(Math.max(...row.slice(0, looking)));
    await figure.locator('[data-mode=cut]').click();
    await figure.locator('.picture .strip:visible .word').nth(most).click();
    await expect.poll(async () => (await shares(figure))[most]).toBe('cut');
    (await shares(figure)).forEach((share, j) => {
      if (j !== most) expect(Math.abs(Number(share) - (100 * row[j]) / (1 - row[most]))).toBeLessThan(1);
    });
    const odds = next.at(-1)!;
    for (const line of await figure.locator('.ba tbody tr').all()) {
      const [word, , before] = await line.locator(':is(th, td)').allTextContents();
      if (word === 'every other word' || before.includes('<')) continue;
      const p = odds[word === 'end of text' ? 0 : model.tokens.indexOf(word)];
      expect(Math.abs(Number.parseInt(before, 10) - 100 * p), word).toBeLessThan(1);
    }
    await expect.poll(() => new URL(page.url()).search).toContain(`.cut=${layer}.${head}.${looking}.${most}`);
    await figure.locator('.reset').click();
    await expect.poll(() => picture(figure)).toBe(printed);
    expect(new URL(page.url()).search).toBe('');
    expect(problems).toEqual([]);
    await close();
  });

  it('is cut and mended by keyboard, and the address shows the same picture to somebody else', async () => {
    const { page, figure, close } = await open(lesson, 'arcs');
    await figure.locator('[data-mode=cut]').click();
    await figure.locator('.picture .strip:visible .word.looking').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const place = Number(await page.evaluate(() => document.activeElement?.getAttribute('data-place')));
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await shares(figure))[place]).toBe('cut');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-place'))).toBe(String(place));
    await expect
      .poll(() => figure.locator('> .aloud').textContent(), { timeout: 10_000 })
      .toMatch(/^Link from \S+ to \S+ cut\./);
    await expect.poll(() => new URL(page.url()).search).toContain('.cut=');
    const other = await open(`${lesson}${new URL(page.url()).search}`, 'arcs');
    await expect.poll(() => shares(other.figure)).toEqual(await shares(figure));
    await other.close();
    await page.keyboard.press(' ');
    await expect.poll(async () => (await shares(figure))[place]).not.toBe('cut');
    await close();
  });

  it('is cut in a staircase, where nothing is until the mode is chosen', async () => {
    const { figure, close } = await open('lessons/no-peeking-ahead/', 'heatmap');
    await figure.locator('[data-mask=on]').click();
    await figure.locator('.picture .cell[data-row="4"][data-column="2"]').click();
    expect(await figure.locator('.cutcell').count()).toBe(0);
    await close();
    const lessons = await open('lessons/attention-in-one-sentence/', 'heatmap');
    await lessons.figure.locator('.meddle').click();
    await lessons.figure.locator('.picture .cell[data-row="4"][data-column="2"]').click();
    await expect.poll(() => lessons.figure.locator('.cutcell').count()).toBe(1);
    await lessons.figure.locator('.picture .scroll').focus();
    await lessons.page.keyboard.press('Enter');
    await expect.poll(() => lessons.figure.locator('.cutcell').count()).toBe(0);
    await lessons.close();
  });
});

describe.skipIf(!site)('the mask', () => {
  it('comes off and goes on again; a square without it, stairs with it', async () => {
    const { figure, problems, close } = await open('lessons/no-peeking-ahead/', 'heatmap');
    const { text, layer, head } = await detail(figure);
    const { words, weights } = recompute(text);
    const n = words.length;
    const around = () => figure.locator('.fig-head .badge, figcaption').allTextContents();
    expect(await figure.locator('.picture .cell').count()).toBe(n * n);
    expect((await around()).join()).toMatch(/without its mask.*mask taken off/);
    await figure.locator('[data-mask=on]').click();
    await expect.poll(() => figure.locator('.picture .cell').count()).toBe((n * (n + 1)) / 2);
    expect((await around()).join()).not.toMatch(/without its mask|mask taken off|changed/);
    const said = await figure.locator('.picture .cell title').allTextContents();
    const own = weights[layer - 1][head - 1].flatMap((row, i) => row.slice(0, i + 1));
    said.forEach((line, k) => {
      expect(Math.abs(Number(/([\d.]+)\s%/.exec(line)![1]) - own[k] * 100)).toBeLessThan(0.051);
    });
    await figure.locator('[data-mask=off]').click();
    await expect.poll(() => figure.locator('.picture .cell').count()).toBe(n * n);
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(!site)('all heads', () => {
  it('one is chosen by keys and shown large, muted, shared by its address, and all is undone', async () => {
    const { page, figure, problems, close } = await open('lessons/many-heads/', 'heads');
    const { text } = await detail(figure);
    const { words, weights } = recompute(text);
    await figure.locator('button.one[tabindex="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const chosen = figure.locator('button.one[aria-pressed=true]');
    expect(await chosen.evaluate((button) => button === document.activeElement)).toBe(true);
    const [layer, head] = [await chosen.getAttribute('data-layer'), await chosen.getAttribute('data-head')].map(Number);
    expect([layer, head]).toEqual([2, 2]);
    const shown = await figure.locator('.one-head .strip:visible .word').allTextContents();
    weights[layer - 1][head - 1].at(-1)!.forEach((w, j) => {
      expect(shown[j].startsWith(words[j])).toBe(true);
      expect(Math.abs(Number(/(\d+)\s%/.exec(shown[j])?.[1] ?? 0) - w * 100)).toBeLessThan(1);
    });
    await figure.locator('.mute').click();
    await expect.poll(() => figure.locator('button.muted').count()).toBe(1);
    expect(await figure.locator('.one-head .ba').count()).toBe(1);
    await expect.poll(() => new URL(page.url()).search).toContain('.mute=2.2');
    const other = await open(`lessons/many-heads/${new URL(page.url()).search}`, 'heads');
    expect(await other.figure.locator('.one-head .ba').textContent()).toBe(
      await figure.locator('.one-head .ba').textContent(),
    );
    await other.close();
    await figure.locator('.reset').click();
    await expect.poll(() => figure.locator('.one-head').isVisible()).toBe(false);
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(!site)('a lesson about heads', () => {
  it.for(['light', 'dark'] as const)('has nothing that axe objects to after it was used, %s', async (colorScheme) => {
    for (const width of [1280, 320]) {
      const { page, figure, close } = await open('lessons/many-heads/', 'heads', {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await figure.locator('button.one').nth(3).click();
      await figure.locator('.mute').click();
      await figure.locator('.ba').waitFor();
      const { violations } = await new AxeBuilder({ page }).include('main').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await close();
    }
  });
});
