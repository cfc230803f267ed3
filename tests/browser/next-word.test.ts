/**
 * The table of next words, awake: own words, knobs, draws. Easel's numbers are held against ../recompute.ts, the language's
 * against the language itself, the draws against a sampler written out here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { trueNextWord } from '../../src/language/language.ts';
import { openByOtherHands } from '../recompute.ts';

const site = inject('site');
const lesson = 'lessons/what-comes-next/';
const model = openByOtherHands(readFileSync(join(import.meta.dirname, '../../public/model/easel.gguf')));

/** Easel's odds after a text, likeliest first. */
function easelOdds(text: string): [word: string, p: number][] {
  const ids = text.split(' ').map((word) => model.tokens.indexOf(word));
  expect(ids).not.toContain(-1);
  const next = model.run([0, ...ids]).next.at(-1)!;
  const named = next.map((p, id): [string, number] => [id === 0 ? 'end of text' : model.tokens[id], p]);
  return named.sort((a, b) => b[1] - a[1]);
}

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function open(query = '', options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site}${lesson}${query}`);
  const figure = watched.page.locator('live-figure[data-name=ugly-what]');
  return { ...watched, figure };
}

async function openSampler(figure: Locator): Promise<void> {
  await wake(figure);
  await figure.locator('.try').click();
}

/** The figure's table: for each word what its columns say. */
async function tableOf(figure: Locator): Promise<Map<string, string[]>> {
  const lines = await figure.locator('.picture .nw tbody tr:not(.sub)').all();
  const rows = await Promise.all(lines.map((line) => line.locator('th, .n').allTextContents()));
  return new Map(rows.map(([word, ...cells]) => [word.trim(), cells.map((cell) => cell.trim())]));
}

const three = (p: number) => (p < 0.0005 ? 'below .001' : p.toFixed(3).replace(/^0/, ''));
const words = async (figure: Locator) => figure.locator('.sampler input[role=combobox]').inputValue();
const home = 'there was a beautiful woman with an ugly';

describe.skipIf(!site)('the table of next words', () => {
  it('stands without scripts, with no control that would do nothing', async () => {
    const { figure, close } = await open('', { javaScriptEnabled: false });
    expect((await tableOf(figure)).get('face')!.at(-1)).toBe('.443');
    for (const control of ['.try', 'input', '.draw']) expect(await figure.locator(control).count()).toBe(0);
    await close();
  });

  it('says the same awake until a reader does something', async () => {
    const printed = await open('', { javaScriptEnabled: false });
    const live = await open();
    await openSampler(live.figure);
    expect(await tableOf(live.figure)).toEqual(await tableOf(printed.figure));
    expect(live.page.url()).not.toContain('?');
    expect(live.problems).toEqual([]);
    await printed.close();
    await live.close();
  });

  it('answers to own words in the columns of Easel and of the language; the others stand and say so', async () => {
    const { figure, problems, close } = await open();
    await openSampler(figure);
    const printed = await tableOf(figure);
    const text = 'there was a king with a golden';
    await figure.locator('.sampler input[role=combobox]').fill(text);
    await figure.locator('.said', { hasText: 'golden' }).waitFor();
    const table = await tableOf(figure);
    const odds = new Map(easelOdds(text));
    const truth = trueNextWord(text.split(' '));
    for (const [word, [, exact, easel]] of [...table].slice(0, 7)) {
      expect(easel, word).toBe(three(odds.get(word)!));
      expect(exact, word).toBe(three(truth.get(word)!));
    }
    for (const word of ['cat', 'face', 'smile', 'moustache']) {
      const [handMade, , , published] = printed.get(word)!;
      expect(table.get(word)![3]).toBe(published);
      if (handMade !== 'not listed') expect(table.get(word)![0]).toBe(handMade);
    }
    expect(await figure.locator('thead .stands').count()).toBe(2);
    expect(await figure.locator('figcaption').textContent()).toContain('still stand for the printed words');
    expect(problems).toEqual([]);
    await close();
  });

  it('has no truth for what the language never says, and waits for words that nobody learned', async () => {
    const { figure, close } = await open();
    await openSampler(figure);
    const field = figure.locator('.sampler input[role=combobox]');
    await field.fill('ugly ugly cat ');
    await figure.locator('.said', { hasText: 'ugly ugly cat' }).waitFor();
    expect((await tableOf(figure)).get('dog')![1]).toBe('never said');
    await field.fill('ugly zebra ');
    expect(await figure.locator('.unknown').textContent()).toContain('zebra');
    expect(await figure.locator('.said').first().textContent()).toContain('ugly ugly cat');
    await close();
  });

  it('turns its knobs without moving the model: temperature, top-k, top-p', async () => {
    const { figure, close } = await open();
    await openSampler(figure);
    const before = await tableOf(figure);
    const chance = async (word: string) => {
      const line = figure.locator('.chances tbody tr').filter({ has: figure.page().getByText(word, { exact: true }) });
      return line.locator('.num').last().textContent();
    };
    const odds = easelOdds(home);
    const knob = (name: string) => figure.locator(`input[data-knob=${name}]`);
    await knob('temperature').fill('0');
    expect(await chance('cat')).toBe('100\u00a0%');
    await knob('temperature').fill('0.5');
    const squares = odds.map(([, p]) => p * p);
    const share = (100 * squares[0]) / squares.reduce((a, b) => a + b, 0);
    expect(Math.abs(Number.parseInt((await chance(odds[0][0]))!, 10) - share)).toBeLessThanOrEqual(1);
    await knob('temperature').fill('1');
    await knob('topK').fill('1');
    expect(await chance(odds[0][0])).toBe('100\u00a0%');
    await knob('topK').fill('41');
    await knob('topP').fill('0.5');
    const kept = odds.findIndex((_, i) => odds.slice(0, i + 1).reduce((sum, [, p]) => sum + p, 0) >= 0.5) + 1;
    expect(await figure.locator('.chances .key').textContent()).toContain(`${kept} of ${model.tokens.length} words`);
    expect(await tableOf(figure)).toEqual(before);
    await close();
  });

  it('draws words that follow from odds, knobs and the throws alone, appends them, and takes one back', async () => {
    const draw = async (query: string) => {
      const { figure, page, close } = await open(query);
      await wake(figure);
      if (query === '') await figure.locator('.try').click();
      const texts = [];
      for (let i = 0; i < 3; i++) {
        await figure.locator('.draw').click();
        await figure.locator('.thrown p').filter({ hasText: 'fell at' }).waitFor();
        await page.waitForFunction(
          ([f, before]) => (f as HTMLElement).querySelector<HTMLInputElement>('input[role=combobox]')!.value !== before,
          [await figure.elementHandle(), texts.at(-1) ?? home] as const,
        );
        texts.push(await words(figure));
      }
      return { texts, figure, page, close };
    };
    const once = await draw('');
    const again = await draw('');
    expect(again.texts).toEqual(once.texts);
    expect(once.texts[2].startsWith(`${once.texts[1]} `)).toBe(true);
    const fell = Number(/fell at (\S+) of/.exec((await once.figure.locator('.thrown p').textContent())!)![1]);
    // The word lies where the throw fell, among Easel's odds laid end to end.
    const odds = easelOdds(once.texts[1]);
    const place = odds.findIndex(([word]) => word === once.texts[2].split(' ').at(-1));
    const start = odds.slice(0, place).reduce((sum, [, p]) => sum + p, 0);
    expect(fell).toBeGreaterThanOrEqual(start - 0.002);
    expect(fell).toBeLessThanOrEqual(start + odds[place][1] + 0.002);
    await once.figure.locator('.take').click();
    await expect.poll(() => words(once.figure)).toBe(once.texts[1]);
    await once.close();
    await again.close();
    const cold = await draw('?ugly-what.t=0');
    let text = home;
    for (const said of cold.texts) {
      text = `${text} ${easelOdds(text)[0][0]}`;
      expect(said).toBe(text);
    }
    await cold.close();
  });

  it('keeps its state in the address, gives it back, and takes all of it away', async () => {
    const { page, figure, close } = await open();
    await openSampler(figure);
    await figure.locator('input[data-knob=temperature]').fill('1.5');
    await figure.locator('input[data-knob=topK]').fill('5');
    await figure.locator('.draw').click();
    await expect.poll(() => page.url()).toContain('ugly-what.throws=1');
    const address = new URL(page.url());
    const [table, line] = [await tableOf(figure), await figure.locator('.now').innerHTML()];
    const other = await open(address.search);
    await wake(other.figure);
    await expect.poll(() => tableOf(other.figure)).toEqual(table);
    expect(await other.figure.locator('.now').innerHTML()).toBe(line);
    await other.close();
    await figure.locator('.reset').click();
    await expect.poll(() => page.url()).not.toContain('?');
    expect(await words(figure)).toBe(home);
    expect(await figure.locator('.reset').isVisible()).toBe(false);
    expect(await figure.locator('.draw').evaluate((button) => button === document.activeElement)).toBe(true);
    await close();
  });

  it('passes over an address that makes no sense', async () => {
    const { figure, problems, close } = await open(
      '?ugly-what.t=hot&ugly-what.k=-3&ugly-what.throws=x&ugly-what.text=zebra',
    );
    await wake(figure);
    expect(await words(figure)).toBe(home);
    expect(await figure.locator('.knob output').allTextContents()).toEqual(['1', 'all', '1']);
    expect(problems).toEqual([]);
    await close();
  });

  it('works by keys and speaks', async () => {
    const { page, figure, close } = await open();
    await wake(figure);
    await figure.locator('.try').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => words(figure)).not.toBe(home);
    await figure.locator('input[data-knob=temperature]').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await figure.locator('.knob output').first().textContent()).toBe('0.9');
    await expect
      .poll(() => figure.locator('.aloud').textContent())
      .toMatch(/^Temperature 0\.9: .+ \d+\s%, .+ \d+\s%\.$/);
    await close();
  });

  it('has no fault that axe can find, does not widen a narrow page, and offers a finger 44 px', async () => {
    for (const width of [1280, 320]) {
      const { page, figure, close } = await open('', { viewport: { width, height: 800 }, hasTouch: width < 400 });
      await openSampler(figure);
      await figure.locator('.draw').click();
      await figure.locator('.thrown p').waitFor();
      const { violations } = await new AxeBuilder({ page }).include('live-figure[data-name=ugly-what]').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      for (const control of await figure.locator('.sampler :is(button, input):visible').all()) {
        expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(44);
      }
      await close();
    }
  });
});
