/** Every page of the built site, whatever it is about: nothing goes wrong, nothing sticks out, everyone can read it. */
import { globSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';

const site = inject('site');
const pages = site
  ? globSync('**/*.html', { cwd: inject('siteFolder'), exclude: ['figures/**'] }).map((file) =>
      file.replaceAll('\\', '/'),
    )
  : [];

/** What a figure shows: a drawing with a name of its own, or a table whose numbers are bars. */
const picture = 'svg[role]:visible, table.nw:visible, table.mul:visible';

const desktop = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
const smallest = { width: 320, height: 640 };

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!site)('the built site', () => {
  it('has a front page, lessons, and a page for what is missing', () => {
    expect(pages).toContain('index.html');
    expect(pages).toContain('404.html');
    expect(pages.filter((page) => page.startsWith('lessons/')).length).toBeGreaterThanOrEqual(4);
  });

  it('answers a search', async () => {
    const { page, problems, close } = await openPage(browser, { viewport: desktop });
    await page.goto(`${site}lessons/out-of-context/`);
    await page
      .getByRole('button', { name: /search/i })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('searchbox').or(page.locator('dialog input')).first().fill('attention');
    const found = page.locator('dialog a[href*="/lessons/"]').first();
    await found.waitFor();
    await found.click();
    await page.waitForURL(/\/in-context\/lessons\//);
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(!site).each(pages)('%s', (path) => {
  for (const [name, viewport] of Object.entries({ desktop, phone })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`is readable by everyone on a ${name}, ${colorScheme}, and nothing goes wrong`, async () => {
        const { page, problems, close } = await openPage(browser, { viewport, colorScheme, reducedMotion: 'reduce' });
        await page.goto(site + path, { waitUntil: 'load' });
        expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
        // Once down the page, so that whatever wakes up near the screen does.
        await page.evaluate(async () => {
          for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
            scrollTo(0, y);
            await new Promise(requestAnimationFrame);
          }
          for (const fold of document.querySelectorAll('main details')) (fold as HTMLDetailsElement).open = true;
        });
        await page.waitForLoadState('networkidle');
        const { violations } = await new AxeBuilder({ page }).analyze();
        const told = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
        );
        expect(told).toEqual([]);
        expect(problems).toEqual([]);
        await close();
      });
    }
  }

  it('does not scroll sideways on the smallest phone', async () => {
    const { page, close } = await openPage(browser, { viewport: smallest });
    await page.goto(site + path);
    const sticksOut = await page.evaluate(() => {
      for (const fold of document.querySelectorAll('main details')) (fold as HTMLDetailsElement).open = true;
      return document.documentElement.scrollWidth - innerWidth;
    });
    expect(sticksOut).toBeLessThanOrEqual(0);
    await close();
  });

  it('has code that can be read without scripts and on paper, whatever theme the system asks for', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await openPage(browser, { viewport: desktop, colorScheme, javaScriptEnabled: false });
      await page.goto(site + path);
      for (const media of ['screen', 'print'] as const) {
        await page.emulateMedia({ media });
        const faint = await page.evaluate(faintCode);
        expect(faint, `${media}, ${colorScheme}`).toEqual([]);
      }
      await close();
    }
  });

  it('says everything without scripts that it says with them', async () => {
    const { page, close } = await openPage(browser, { viewport: desktop, javaScriptEnabled: false });
    await page.goto(site + path);
    expect((await page.locator('main h1').innerText()).trim()).not.toBe('');
    for (const fold of await page.locator('main details:not(.as-table) > summary').all()) {
      if (await fold.isVisible()) await fold.click();
    }
    for (const figure of await page.locator('main figure[data-figure]:visible').all()) {
      const name = await figure.getAttribute('data-figure');
      expect(await figure.locator(picture).count(), `a picture in ${name}`).toBeGreaterThan(0);
      await figure.locator('summary', { hasText: 'table' }).click();
      expect(await figure.locator('table.numbers:visible').count(), `a table in ${name}`).toBeGreaterThan(0);
    }
    await close();
  });
});

/** In the page: pieces of code with less contrast to their ground than 4.5:1 (WCAG 2.2, 1.4.3). Axe needs scripts. */
function faintCode(): string[] {
  const numbers = (colour: string) => colour.match(/[\d.]+/g)!.map(Number);
  const luminance = (colour: string) => {
    const [r, g, b] = numbers(colour).map((x) =>
      x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element): string => {
    const colour = getComputedStyle(element).backgroundColor;
    return numbers(colour)[3] === 0 ? ground(element.parentElement!) : colour;
  };
  return [...document.querySelectorAll('main pre .ec-line span')].flatMap((piece) => {
    const [dark, light] = [getComputedStyle(piece).color, ground(piece)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05) < 4.5 && piece.textContent!.trim() ? [piece.textContent!] : [];
  });
}
