/** What a lesson has beside its figures: questions, terms and words tied to pictures, on the built site. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';

const site = inject('site');
const address = `${site}lessons/query-key-value/`;

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

const isSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.skipIf(!site).each([true, false])('questions, with scripts: %s', (javaScriptEnabled) => {
  it('keep each answer until it is chosen, then say why, and let one choose again', async () => {
    const { page, problems, close } = await openPage(browser, { javaScriptEnabled });
    await page.goto(address);
    const question = page.locator('.checks:not(.answers) .check').first();
    const options = question.locator('.option');
    expect(await question.locator('.why').locator('visible=true').count()).toBe(0);
    for (const option of await options.all()) {
      await option.locator('summary').press('Enter');
      expect(await question.locator('.option[open]').count()).toBe(1);
      expect(await option.locator('.verdict').textContent()).toMatch(/^(Right|Not quite)$/);
      expect((await option.locator('.why').innerText()).length).toBeGreaterThan(20);
    }
    expect(await page.locator('.checks.answers').isVisible()).toBe(false);
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(!site)('a lesson on paper', () => {
  it('has the answers together at its end, all of them, and none before', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(address);
    await page.locator('.checks:not(.answers) .option summary').first().click();
    await page.emulateMedia({ media: 'print' });
    const answers = page.locator('.checks.answers');
    expect(await answers.isVisible()).toBe(true);
    expect(await answers.evaluate((element) => getComputedStyle(element).breakBefore)).toBe('page');
    const whys = answers.locator('.why');
    expect(await whys.locator('visible=true').count()).toBe(await whys.count());
    expect(await page.locator('.checks:not(.answers) .why').locator('visible=true').count()).toBe(0);
    await close();
  });
});

describe.skipIf(!site)('a term', () => {
  it('shows its meaning to a pointer and to the keyboard, and hides it again', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address);
    const term = page.locator('a.term').first();
    const meaning = page.locator('.term-meaning');
    await term.hover();
    await meaning.waitFor();
    // The pointer may go to what has opened, and Escape closes it without moving anything.
    await meaning.hover();
    expect(await meaning.innerText()).toContain(await term.getAttribute('data-plain'));
    await page.keyboard.press('Escape');
    expect(await meaning.isVisible()).toBe(false);
    await page.mouse.move(0, 0);
    await term.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await meaning.waitFor();
    expect(await term.getAttribute('aria-describedby')).toBe(await meaning.getAttribute('id'));
    expect(problems).toEqual([]);
    await close();
  });

  it('shows it at a tap, within a page of 320 pixels, and leads to the glossary from there', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 320, height: 640 }, hasTouch: true });
    await page.goto(address);
    const meaning = page.locator('.term-meaning');
    for (const term of await page.locator('a.term').all()) {
      // An open meaning may lie over the next term.
      await page.keyboard.press('Escape');
      await term.tap();
      await meaning.waitFor();
      const box = (await meaning.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(320);
    }
    expect(await isSideways(page)).toBe(false);
    expect(page.url()).toBe(address);
    await meaning.locator('a').tap();
    await page.waitForURL(/reference\/glossary\/#/);
    await close();
  });

  it('is a link to its entry without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(address);
    await page.locator('a.term').first().click();
    await page.waitForURL(/reference\/glossary\/#/);
    const entry = new URL(page.url()).hash.slice(1);
    expect(await page.locator(`[id="${entry}"]`).isVisible()).toBe(true);
    await close();
  });
});

describe.skipIf(!site)('a role word', () => {
  it('frames its role in the figure nearby, and is framed from there', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address);
    const words = page.locator('.role[data-role="query"][tabindex]');
    const frames = page.locator('.lit-frames > span.query');
    await words.first().hover();
    await frames.first().waitFor();
    await page.mouse.move(0, 0);
    await frames.first().waitFor({ state: 'detached' });
    // By keyboard: a press keeps the frames, Escape takes them away.
    await words.first().press('Enter');
    expect(await words.first().getAttribute('aria-pressed')).toBe('true');
    expect(await frames.count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    expect(await words.first().getAttribute('aria-pressed')).toBe('false');
    await page.locator('.strip .looking .chip').locator('visible=true').first().hover({ force: true });
    await page.locator('.role[data-role].query.lit').first().waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('is only a word without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(address);
    expect(await page.locator('.role[data-role]').count()).toBeGreaterThan(0);
    expect(await page.locator('.role[data-role][tabindex]').count()).toBe(0);
    await close();
  });
});
