/**
 * The figures that come alive, on the built site: asleep until they are near, at rest what the server wrote, and then the
 * model's own numbers for whatever a reader does. The numbers are held against ../recompute.ts, which shares no line with
 * the page's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { openByOtherHands, type Recomputed } from '../recompute.ts';

const site = inject('site');
const lesson = 'lessons/attention-in-one-sentence/';
const model = openByOtherHands(readFileSync(join(import.meta.dirname, '../../public/model/easel.gguf')));

/** A text through the model by other hands; words[0] is the start. */
function recompute(text: string): Recomputed & { words: string[] } {
  const words = text.split(' ');
  const ids = words.map((word) => model.tokens.indexOf(word));
  expect(ids).not.toContain(-1);
  return { words: ['start', ...words], ...model.run([0, ...ids]) };
}

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function open(options: BrowserContextOptions = {}, path = lesson) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site}${path}`);
  return { ...watched, figure: watched.page.locator('live-figure:has(figure[data-kind=arcs])').first() };
}

/** What the figure shows, as its download says. */
async function askOf(figure: Locator): Promise<{ text: string; layer: number; head: number }> {
  const address = new URL((await figure.getAttribute('data-json'))!, figure.page().url());
  return (await (await fetch(address)).json()).detail;
}

async function openPanel(figure: Locator): Promise<Locator> {
  await wake(figure);
  await figure.locator('.try').click();
  return figure.locator('input[role=combobox]');
}

/** Words of the shown strip with their percentages; null where none stands. */
async function strip(figure: Locator): Promise<[word: string, percent: number | null][]> {
  const words = await figure.locator('.picture .strip:visible .word').all();
  return Promise.all(
    words.map(async (word): Promise<[string, number | null]> => {
      const texts = await word.locator('text').allTextContents();
      const percent = texts.map((text) => /^(\d+)\s%$/.exec(text.trim())?.[1]).find(Boolean);
      return [texts[0].trim(), percent === undefined ? null : Number(percent)];
    }),
  );
}

/** What a figure says that no reader has touched: picture, sentence and table, as text. */
const atRest = (figure: Locator) =>
  figure.evaluate((f) =>
    ['.title', '.fig-head .badge', '.picture', '.notice', 'figcaption', '.as-table table'].map((selector) =>
      f.querySelector(selector)!.textContent!.replace(/\s+/g, ' ').trim(),
    ),
  );

function expectRow(shown: [string, number | null][], words: readonly string[], row: readonly number[]): void {
  expect(shown.map(([word]) => word)).toEqual(words);
  row.forEach((weight, i) => {
    expect(Math.abs((shown[i][1] ?? 0) - weight * 100), `weight on ${words[i]}`).toBeLessThan(1);
  });
  expect(shown.reduce((sum, [, percent]) => sum + (percent ?? 0), 0)).toBe(100);
}

describe.skipIf(!site)('a figure asleep', () => {
  it('fetches neither model nor code until it is near the screen', async () => {
    const { page, figure, close } = await open({ viewport: { width: 1280, height: 200 } });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.waitForLoadState('networkidle');
    expect(await figure.getAttribute('data-state')).toBe('asleep');
    expect(requests.filter((url) => /gguf|arcs|alive|gpu/.test(url))).toEqual([]);
    await wake(figure);
    expect(requests.some((url) => url.endsWith('model/easel.gguf'))).toBe(true);
    expect(requests.filter((url) => /gpu/.test(url))).toEqual([]);
    await close();
  });

  it('stands without scripts, with no control that would do nothing', async () => {
    const { figure, close } = await open({ javaScriptEnabled: false });
    expect((await strip(figure)).length).toBeGreaterThan(5);
    for (const control of ['.try', '[role=button]', 'input', '.run']) {
      expect(await figure.locator(control).count(), control).toBe(0);
    }
    await close();
  });

  it('says the same awake, until a reader does something', async () => {
    const printed = await open({ javaScriptEnabled: false });
    const live = await open();
    const count = await printed.page.locator('live-figure').count();
    expect(count).toBeGreaterThan(1);
    for (let k = 0; k < count; k++) {
      const figure = live.page.locator('live-figure').nth(k);
      // What a guess holds back is opened by guessing.
      if (!(await figure.isVisible())) continue;
      await wake(figure);
      expect(await atRest(figure)).toEqual(await atRest(printed.page.locator('live-figure').nth(k)));
    }
    expect(live.problems).toEqual([]);
    await Promise.all([printed.close(), live.close()]);
  });

  it('computes by the plain form where there is no WebAssembly, and says so', async () => {
    const { page, figure, problems, close } = await open();
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    await page.reload();
    const printed = await strip(figure);
    await openPanel(figure);
    await figure.locator('.engine summary').click();
    expect(await figure.locator('.ran').textContent()).toMatch(/by the plain form.*WebAssembly is not offered here/);
    expect(await strip(figure)).toEqual(printed);
    expect(problems).toEqual([]);
    await close();
  });

  it('says kindly that the model did not load, and tries again', async () => {
    const { page, figure, close } = await openPage(browser).then((watched) => ({
      ...watched,
      figure: watched.page.locator('live-figure').first(),
    }));
    await page.route('**/easel.gguf', (route) => route.fulfill({ status: 503 }));
    await page.goto(`${site}${lesson}`);
    await figure.scrollIntoViewIfNeeded();
    const note = figure.locator('.asleep');
    await note.waitFor();
    expect(await note.textContent()).toContain('did not load');
    expect(await figure.locator('.picture svg').first().count()).toBe(1);
    await note.locator('button').click();
    await note.getByText('It still does not load').waitFor();
    expect(await note.locator('button').evaluate((button) => button === document.activeElement)).toBe(true);
    await page.unroute('**/easel.gguf');
    await note.locator('button').click();
    await wake(figure);
    expect(await note.count()).toBe(0);
    expect(await figure.locator('.try').evaluate((button) => button === document.activeElement)).toBe(true);
    await close();
  });
});

describe.skipIf(!site)('a figure awake', () => {
  const text = 'there was an ugly cat with a beautiful woman . the cat was';

  it('follows changed words in strip, matrix, next word, sentence and table', async () => {
    const { figure, problems, close } = await open();
    const { layer, head } = await askOf(figure);
    const input = await openPanel(figure);
    await input.fill(text);
    const expected = recompute(text);
    const weights = expected.weights[layer - 1][head - 1];
    await figure
      .locator('.picture .strip:visible .word')
      .nth(expected.words.length - 1)
      .click();
    expectRow(await strip(figure), expected.words, weights.at(-1)!);

    const cells = await figure.locator('.every .cell title').allTextContents();
    const said = weights.flatMap((row, i) =>
      row.slice(0, i + 1).map((w, j) => ({ who: `${expected.words[i]} looks at ${expected.words[j]}: `, w })),
    );
    expect(cells.length).toBe(said.length);
    said.forEach(({ who, w }, k) => {
      expect(cells[k].startsWith(who), cells[k]).toBe(true);
      expect(Math.abs(Number.parseFloat(cells[k].slice(who.length)) - w * 100)).toBeLessThan(0.051);
    });

    const odds = expected.next.at(-1)!;
    const listed = await figure.locator('.then li:not(.rest)').allTextContents();
    const best = model.tokens.map((word, id) => ({ word, p: odds[id] })).sort((a, b) => b.p - a.p);
    expect(listed.length).toBeGreaterThan(3);
    listed.forEach((item, k) => {
      const word = best[k].word === '<end>' ? 'end of text' : best[k].word;
      expect(item.startsWith(word), `${item} is ${word}`).toBe(true);
      const percent = Number(/(\d+)\s%$/.exec(item)![1]);
      if (!item.includes('<')) expect(Math.abs(percent - best[k].p * 100)).toBeLessThan(1);
    });

    const top = weights.at(-1)!.indexOf(Math.max(...weights.at(-1)!));
    expect(await figure.locator('.notice').textContent()).toContain(top === 0 ? 'start' : expected.words[top]);
    expect(await figure.locator('.title').textContent()).toContain('was');
    await figure.locator('.as-table summary').click();
    expect(await figure.locator('.as-table tbody:not(.total) tr').count()).toBe(expected.words.length);
    expect(problems).toEqual([]);
    await close();
  });

  it('points out an unknown word, keeps what was typed, and mends it by a press', async () => {
    const { figure, close } = await open();
    const input = await openPanel(figure);
    const before = await strip(figure);
    await input.fill('there was a beutiful woman ');
    const unknown = figure.locator('.unknown');
    expect(await unknown.textContent()).toContain('beutiful');
    expect(await strip(figure)).toEqual(before);
    expect(await input.inputValue()).toContain('beutiful');
    await unknown.getByRole('button', { name: 'beautiful' }).click();
    expect((await input.inputValue()).trim()).toBe('there was a beautiful woman');
    expect(await unknown.textContent()).toBe('');
    await expect
      .poll(async () => (await strip(figure)).map(([word]) => word))
      .toEqual([...['start', 'there', 'was', 'a', 'beautiful', 'woman']]);
    await input.fill('zzzz');
    expect(await unknown.textContent()).toContain('never learned');
    await input.fill('a '.repeat(80));
    expect(await unknown.textContent()).toContain('at most 64 words');
    await input.fill(' ');
    expect(await unknown.textContent()).toContain('Type a word');
    await figure.locator('.reset').click();
    await expect.poll(() => strip(figure)).toEqual(before);
    await close();
  });

  it('says once what cannot be read, marks together, and offers the way back', async () => {
    const { page, figure, close } = await open();
    const input = await openPanel(figure);
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(globalThis, { spoken });
      for (const region of document.querySelectorAll('[role=status]')) {
        new MutationObserver(() => spoken.push(region.textContent ?? '')).observe(region, { childList: true });
      }
    });
    await input.fill('');
    await input.pressSequentially('a zzz, "zzz" was there');
    const said = await figure.locator('.unknown p').allTextContents();
    expect(said).toHaveLength(2);
    expect(said[0]).toContain('the word zzz');
    expect(said[1]).toContain('never learned to read , "');
    const spoken = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken);
    expect(spoken.filter((line, i) => line === spoken[i - 1])).toEqual([]);
    await figure.locator('.reset').click();
    expect(await figure.locator('.unknown').textContent()).toBe('');
    expect(await figure.locator('.reset').isVisible()).toBe(false);
    await close();
  });

  it('shows any head of any layer', async () => {
    const { figure, close } = await open();
    const input = await openPanel(figure);
    await input.fill(text);
    await figure.locator('.engine summary').click();
    const expected = recompute(text);
    const last = figure.locator('.picture .strip:visible .word').nth(expected.words.length - 1);
    await last.click();
    const explained = figure.locator('.fig-head .badge a');
    const address = await explained.getAttribute('href');
    for (let layer = 1; layer <= model.nLayers; layer++) {
      const head = ((layer + 1) % model.nHeads) + 1;
      await figure.locator('select.layer').selectOption(String(layer));
      await figure.locator('select.head').selectOption(String(head));
      await expect
        .poll(() => figure.locator('.fig-head .badge').textContent())
        .toContain(`layer ${layer}, head ${head}`);
      expectRow(await strip(figure), expected.words, expected.weights[layer - 1][head - 1].at(-1)!);
      expect(await explained.getAttribute('href')).toBe(address);
    }
    await close();
  });

  it('is one tab stop, and works by keyboard alone', async () => {
    const { page, figure, close } = await open();
    await wake(figure);
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        return at?.getAttribute('data-place') ?? at?.className ?? '';
      });
    expect(await figure.locator('.picture .strip:visible [tabindex="0"]').count()).toBe(1);
    await figure.locator('.picture .strip:visible .word.looking').focus();
    const start = Number(await focused());
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe(String(start - 1));
    expect(await figure.locator('.picture .strip:visible .looking').getAttribute('data-place')).toBe(String(start - 1));
    await page.keyboard.press('Home');
    expect(await focused()).toBe('0');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('0');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('try');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
    await page.keyboard.press('End');
    await page.keyboard.type(' . the wom');
    const input = figure.locator('input[role=combobox]');
    await expect.poll(() => input.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    const active = (await input.getAttribute('aria-activedescendant'))!;
    expect(await figure.locator(`[id="${active}"]`).textContent()).toBe('woman');
    await page.keyboard.press('Enter');
    expect((await input.inputValue()).endsWith('. the woman ')).toBe(true);
    await page.keyboard.type('w');
    await expect.poll(() => input.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await input.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.type('as');
    await expect.poll(async () => (await strip(figure)).at(-1)?.[0]).toBe('was');
    // Everything in the panel is reached by Tab, and nothing holds the focus.
    const seen: string[] = [];
    for (let k = 0; k < 20 && !seen.at(-1)?.includes('Close'); k++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
    }
    expect(seen).toContain('Another head, or another machine');
    await close();
  });

  it('reads out any cell of a staircase, by pointer and by keys, and stays where it was slid to', async () => {
    const { page, close } = await open({ viewport: { width: 360, height: 900 } });
    const figure = page.locator('live-figure:has(figure[data-kind=heatmap])').first();
    await wake(figure);
    const { text, layer, head } = await askOf(figure);
    const { words, weights } = recompute(text);
    const region = figure.locator('.picture .scroll');
    const reading = async (i: number, j: number) => {
      const said = await figure.locator('.picture .reading').textContent();
      expect(said).toContain(`${words[i]} looks at ${i === j ? 'itself' : words[j]}`);
      const percent = Number(/([\d.]+)\s%/.exec(said!)![1]);
      expect(Math.abs(percent - weights[layer - 1][head - 1][i][j] * 100)).toBeLessThan(0.051);
    };
    const slid = await region.evaluate((r) => {
      r.scrollLeft = 20;
      return r.scrollLeft;
    });
    await figure.locator('.picture .cell[data-row="4"][data-column="2"]').click();
    await reading(4, 2);
    expect(await region.evaluate((r) => r.scrollLeft)).toBe(slid);
    await region.focus();
    await page.keyboard.press('ArrowDown');
    await reading(5, 2);
    await page.keyboard.press('ArrowRight');
    await reading(5, 3);
    for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowUp');
    await reading(1, 1);
    expect(await region.evaluate((r) => r === document.activeElement)).toBe(true);
    await figure.getByRole('button', { name: 'All', exact: true }).click();
    expect(await figure.locator('.picture .val').count()).toBeGreaterThan(words.length);
    await figure.getByRole('button', { name: 'No numbers' }).click();
    expect(await figure.locator('.picture .val').count()).toBe(0);
    await close();
  });

  it('tells those who listen what changed, in one short sentence', async () => {
    const { page, figure, close } = await open();
    await wake(figure);
    await figure.locator('.picture .strip:visible .word.looking').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => figure.locator('> .aloud').textContent()).toMatch(/^\S+ looks most at [\w ]+: \d+\s%\.$/);
    await close();
  });

  it.for(['light', 'dark'] as const)('has nothing that axe objects to, %s', async (colorScheme) => {
    for (const width of [1280, 360]) {
      const { page, figure, close } = await open({ colorScheme, viewport: { width, height: 900 } });
      const input = await openPanel(figure);
      await figure.locator('.engine summary').click();
      await input.fill('there was a beutiful cat ');
      const { violations } = await new AxeBuilder({ page }).include('live-figure').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      await input.fill('the wo');
      await figure.locator('[role=option]').first().waitFor();
      const listed = await new AxeBuilder({ page }).include('live-figure').analyze();
      expect(listed.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await close();
    }
  });

  it('offers a finger at least 44 px on a phone', async () => {
    const { figure, close } = await open({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true });
    await openPanel(figure);
    await figure.locator('.engine summary').click();
    for (const control of await figure
      .locator('button:visible, select:visible, input:visible, summary:visible')
      .all()) {
      const box = (await control.boundingBox())!;
      expect(box.height, (await control.textContent()) ?? '').toBeGreaterThanOrEqual(44);
    }
    await close();
  });
});

interface Run {
  backend: string;
  difference: number;
  weights: number[][];
  odds: [string, number][];
}

describe.skipIf(!site)('on the graphics chip', () => {
  async function run(page: Page, figure: Locator, backend: string): Promise<Run> {
    await openPanel(figure);
    await figure.locator('.engine summary').click();
    await figure.evaluate((f, wanted) => {
      (f as HTMLElement).dataset.backend = wanted;
      f.addEventListener('chip-run', (event) => {
        const { backend, difference, weights, odds } = (event as CustomEvent).detail;
        Object.assign(globalThis, { chipRun: { backend, difference, weights, odds } });
      });
    }, backend);
    await figure.locator('.run').click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.ran[data-backend]'));
    expect(await figure.locator('.run').evaluate((button) => button === document.activeElement)).toBe(true);
    return page.evaluate(() => (globalThis as unknown as { chipRun: Run }).chipRun);
  }

  it('is not touched, nor gpu.js fetched, before the reader asks; and says so', async () => {
    const { page, figure, close } = await open();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await openPanel(figure);
    await figure.locator('.engine summary').click();
    const said = await figure.locator('.ran').textContent();
    expect(said).toContain('computed in this page by the form in WebAssembly');
    expect(said).toContain('have not been run on your graphics chip');
    expect(requests.filter((url) => /gpu/.test(url))).toEqual([]);
    await close();
  });

  it.for(['webgpu', 'webgl2', 'webasm', 'plain', 'auto'])('gives the model’s own numbers by %s', async (mode) => {
    const { page, figure, problems, close } = await open();
    const { text, layer, head } = await askOf(figure);
    const done = await run(page, figure, mode);
    if (mode === 'auto') expect(['webgpu', 'webgl2', 'webasm', 'plain']).toContain(done.backend);
    else expect(done.backend).toBe(mode);
    expect(done.difference).toBeLessThan(1e-5);
    const expected = recompute(text.replace(/\s*([.,])/g, ' $1').trim());
    expected.weights[layer - 1][head - 1].forEach((row, i) => {
      row.slice(0, i + 1).forEach((w, j) => {
        expect(Math.abs(done.weights[i][j] - w)).toBeLessThan(1e-5);
      });
    });
    expected.next.at(-1)!.forEach((p, id) => {
      expect(Math.abs(done.odds[id][1] - p)).toBeLessThan(1e-5);
    });
    const said = await figure.locator('.ran').textContent();
    expect(said).toMatch(mode === 'plain' ? /Not run on a graphics chip/ : /Ran by gpu\.js with/);
    expect(said).toMatch(/took [\d.]+ ms/);
    expect(said).toMatch(/Largest difference in any weight or probability: 0/);
    // Chromium warns of software GPUs; nothing else may be said.
    expect(
      problems.filter((problem) => !/GPU stall|WebGL|GroupMarkerNotSet|WebGPU|powerPreference/.test(problem)),
    ).toEqual([]);
    await close();
  });

  it('says why where the one asked for does not run here', async () => {
    const { page, figure, close } = await open();
    await page.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined }));
    await page.reload();
    await run(page, figure, 'webgpu');
    expect(await figure.locator('.ran').textContent()).toMatch(/Not run on the graphics chip: .*WebGPU is not offered/);
    await close();
  });
});
