/** What stands around the lessons in the built site: the front page, the theme, the menu, what comes next, cards. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';
import { stageBase } from '../../scripts/build.ts';
import { lessonsOf, readOutline } from '../../src/site/outline.ts';

const site = inject('site');
const folder = inject('siteFolder');
const outline = readFileSync(join(import.meta.dirname, '../../content/outline.yaml'), 'utf8');
const lessons = lessonsOf(readOutline(outline));
const built = (slug: string) => existsSync(join(folder, 'lessons', slug, 'index.html'));

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!site)('the front page', () => {
  it('shows its whole figure on a first screen of 1280 by 800', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await page.goto(site!);
    const box = (await page.locator('.swap').boundingBox())!;
    expect(box.y + box.height).toBeLessThan(800);
    await close();
  });

  it('answers its choice without scripts', async () => {
    const { page, problems, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site!);
    const [woman, cat] = ['#figure-the-woman-was', '#figure-the-cat-was'].map((id) => page.locator(id));
    expect([await woman.isVisible(), await cat.isVisible()]).toEqual([true, false]);
    await page.getByRole('radio', { name: 'the cat' }).check();
    expect([await woman.isVisible(), await cat.isVisible()]).toEqual([false, true]);
    expect(problems).toEqual([]);
    await close();
  });

  it('links the lessons that are written, and says of the others that they are not', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(site!);
    const links = await page.locator('.contents a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    const written = lessons.filter(({ slug }) => built(slug));
    expect(links).toEqual(written.map(({ slug }) => `${stageBase}lessons/${slug}/`));
    expect(await page.locator('.contents .planned').count()).toBe(lessons.length - written.length);
    await close();
  });
});

describe.skipIf(!site)('every page', () => {
  const pages = site
    ? globSync('**/*.html', { cwd: folder, exclude: ['figures/**'] }).map((file) => file.replaceAll('\\', '/'))
    : [];

  it('has a title, a description, and but for the missing page a card that is there', () => {
    for (const file of pages) {
      const html = readFileSync(join(folder, file), 'utf8');
      expect(html, file).toMatch(/<title>[^<]+ \| In Context<\/title>/);
      expect(html, file).toMatch(/<meta name="description" content="[^"]{20,}"/);
      if (file === '404.html') continue;
      const card = html.match(/<meta property="og:image" content="([^"]+)"/)?.[1];
      expect(card, file).toBeDefined();
      const { pathname } = new URL(card!);
      expect(pathname.startsWith(stageBase), file).toBe(true);
      expect(existsSync(join(folder, pathname.slice(stageBase.length))), `${file}: ${pathname}`).toBe(true);
    }
  });
});

describe.skipIf(!site)('a lesson', () => {
  const written = site ? lessons.filter(({ slug }) => built(slug)) : [];

  it('says its number, its part and its time, and leads to the next one written', async () => {
    const { page, close } = await openPage(browser);
    for (const [i, lesson] of written.entries()) {
      await page.goto(`${site}lessons/${lesson.slug}/`);
      const eyebrow = await page.locator('.eyebrow').textContent();
      expect(eyebrow).toMatch(
        new RegExp(`${lesson.part} · lesson ${lesson.number} of ${lessons.length} · \\d+ minutes?`),
      );
      const next = written[i + 1];
      const forward = page.locator('.onward .forward');
      expect(await forward.getAttribute('href')).toBe(
        next ? `${stageBase}lessons/${next.slug}/` : `${stageBase}#the-lessons`,
      );
      expect(await page.locator('.sidebar-pane a[aria-current="page"]').textContent()).toContain(lesson.short);
    }
    await close();
  });

  it('keeps the theme that was chosen, from page to page', async () => {
    const { page, close } = await openPage(browser, { colorScheme: 'light' });
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.goto(`${site}lessons/${written[0].slug}/`);
    expect(await theme()).toBe('light');
    const button = page.getByRole('button', { name: 'Dark theme' });
    await button.click();
    expect([await theme(), await button.getAttribute('aria-pressed')]).toEqual(['dark', 'true']);
    await page.goto(`${site}lessons/${written[1].slug}/`);
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Dark theme' }).click();
    expect(await theme()).toBe('light');
    await close();
  });

  it('is light without scripts where the system is light', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false, colorScheme: 'light' });
    await page.goto(`${site}lessons/${written[0].slug}/`);
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      'rgb(250, 251, 248)',
    );
    await close();
  });

  it('opens the menu of pages on a phone', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 360, height: 740 } });
    await page.goto(`${site}lessons/${written[0].slug}/`);
    const entry = page.locator('.sidebar-pane a', { hasText: written[1].short });
    expect(await entry.isVisible()).toBe(false);
    await page.locator('.sl-menu-button').click();
    await entry.click();
    await page.waitForURL(`**/lessons/${written[1].slug}/`);
    await close();
  });
});
