/** Every figure of the built site by itself, as a frame elsewhere shows it, and the fold that tells how to take it along. */
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';
import { stageBase } from '../../scripts/build.ts';

const site = inject('site');
const folder = inject('siteFolder');
const bare = site
  ? globSync('figures/**/index.html', { cwd: folder })
      .map((file) => file.replaceAll('\\', '/').replace(/index\.html$/, ''))
      .sort()
  : [];
const html = (path: string) => readFileSync(join(folder, path, 'index.html'), 'utf8');
/** The first of each kind. */
const ofEachKind = bare.filter((path, index) => {
  const kind = (one: string) => /data-kind="([^"]+)"/.exec(html(one))?.[1];
  return bare.findIndex((other) => kind(other) === kind(path)) === index;
});

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!site)('figures by themselves', () => {
  it('are as many as there are figures, and none is for a search', () => {
    const made = globSync('figures/**/*.svg', { cwd: folder }).map((file) => file.replaceAll('\\', '/'));
    expect(bare).toEqual(made.map((file) => file.replace(/\.svg$/, '/')).sort());
    expect(bare.length).toBeGreaterThan(10);
    for (const path of bare) {
      expect(html(path), path).toContain('<meta name="robots" content="noindex">');
      expect(html(path), path).not.toContain('data-pagefind-body');
    }
    const listed = globSync('sitemap*.xml', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(listed.join()).toContain('/lessons/');
    expect(listed.join()).not.toContain(`${stageBase}figures/`);
  });

  it('say where they come from, and the place is there', () => {
    for (const path of bare) {
      const [, page, id] = /From <a href="([^"#]+)#([^"]+)"/.exec(html(path))!;
      const lesson = readFileSync(join(folder, page.slice(stageBase.length), 'index.html'), 'utf8');
      expect(lesson, path).toContain(`id="${id}"`);
    }
  });

  it('and all their drawings fit the smallest phone, or slide in a region of their own', async () => {
    const { page, problems, close } = await openPage(browser, { viewport: { width: 320, height: 640 } });
    for (const path of bare) {
      await page.goto(site + path);
      const tooWide = await page.evaluate(() => {
        const slides = (element: Element) => element.closest('[tabindex="0"]') !== null;
        const wide = [...document.querySelectorAll('figure svg, figure table')].filter((element) => {
          const { right, width } = element.getBoundingClientRect();
          return width > 0 && right > innerWidth && !slides(element);
        });
        const sticksOut = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
        return [...sticksOut, ...wide.map((element) => element.outerHTML.slice(0, 80))];
      });
      expect(tooWide, path).toEqual([]);
    }
    expect(problems).toEqual([]);
    await close();
  });

  it.each(ofEachKind)('%s is readable by everyone, light and dark, with scripts and without', async (path) => {
    const papers: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const javaScriptEnabled of [true, false]) {
        const { page, problems, close } = await openPage(browser, { colorScheme, javaScriptEnabled });
        await page.goto(site + path, { waitUntil: 'networkidle' });
        papers.push(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor));
        if (javaScriptEnabled) {
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`))).toEqual([]);
        }
        expect(problems).toEqual([]);
        await close();
      }
    }
    expect(papers[0]).toBe(papers[1]);
    expect(papers[2]).toBe(papers[3]);
    expect(papers[0]).not.toBe(papers[2]);
  });
});

describe.skipIf(!site)('the fold under a figure', () => {
  it('has a frame that works in a page elsewhere, and a tag with its declaration', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(`${site}lessons/what-comes-next/`);
    const fold = page.locator('figure details.use').first();
    await fold.locator('summary').click();
    const [frame, follow, mdx] = await fold.locator('pre').allInnerTexts();
    const name = await page.locator('figure').first().getAttribute('data-figure');
    expect(mdx).toMatch(new RegExp(`^---\\nfigures:\\n {2}${name}:\\n {4}kind: `));
    expect(mdx).toContain(`<Figure name="${name}" />`);

    const address = /src="([^"]+)"/.exec(frame)![1];
    expect(new URL(address).pathname).toBe(`${stageBase}figures/lessons/what-comes-next/${name}/`);
    // The frame in a page of another server, as high as its figure at any width.
    const here = frame.replace(address, new URL(new URL(address).pathname, site!).href);
    const elsewhere = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(`<!doctype html>${here}${follow}`);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    for (const width of [1000, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
      const missing = () => page.frames()[1].evaluate(() => document.documentElement.offsetHeight - innerHeight);
      await expect.poll(missing, { timeout: 100_000 }).toBe(0);
    }
    await new Promise((resolve) => elsewhere.close(resolve));
    await close();
  });
});
