/** Guess, then see: on the built site, by mouse, and folded away but there without scripts. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';

const site = inject('site');
const lessons = ['attention-in-one-sentence', 'what-comes-next'];

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!site).each(lessons)('a guess in %s', (lesson) => {
  it('keeps its answer until the reader has chosen, and then names the numbers', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(`${site}lessons/${lesson}/`);
    const guess = page.locator('guess-then-see').first();
    expect(await guess.locator('details.answer').isVisible()).toBe(false);
    for (const choice of await guess.locator('.choices button').all()) {
      await choice.click();
      const word = await choice.locator('.choice').textContent();
      await expect.poll(() => guess.locator('.verdict').textContent()).toMatch(new RegExp(`^You said ${word}.*\\d`));
      expect(await choice.getAttribute('aria-pressed')).toBe('true');
    }
    // What stood between the tags, a figure perhaps, is shown; where nothing did, the verdict is all there is to see.
    expect(await guess.locator('details.answer').getAttribute('open')).not.toBeNull();
    for (const figure of await guess.locator('figure').all()) expect(await figure.isVisible()).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });

  it('has its answer a click away without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site}lessons/${lesson}/`);
    const answer = page.locator('guess-then-see details.answer').first();
    await answer.locator('> summary').click();
    expect(await answer.locator('.in-words').innerText()).toMatch(/The most goes to .*\d/);
    await close();
  });
});
