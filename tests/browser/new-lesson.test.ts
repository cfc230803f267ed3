/** What the README says to someone who adds a lesson, done in a copy: it builds, is found, and stands without scripts. */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, type Server, serve } from '../../scripts/browser.ts';
import { ownEnvironment } from '../environment.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const site = inject('site');

/** Chapter of the README by its title. */
const chapter = (title: string) => readme.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

let copy: string;
let server: Server;

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...ownEnvironment(), BASE_PATH: '/', NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`${script} failed.\n${stdout}${stderr}`);
  return stdout;
}

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')));

describe.skipIf(!site)('a lesson that is added as the README says', () => {
  beforeAll(async () => {
    mkdirSync(join(root, 'stage'), { recursive: true });
    copy = mkdtempSync(join(root, 'stage', 'newcomer-'));
    const files = ['astro.config.mjs', 'content.config.ts', 'tsconfig.json', 'package.json'];
    for (const part of ['src', 'scripts', 'content', 'public/model', ...files]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    // One lesson of ours is enough beside the new one.
    for (const file of globSync('content/docs/lessons/*.mdx', { cwd: copy })) {
      if (basename(file) !== 'out-of-context.mdx') rmSync(join(copy, file));
    }

    expect(chapter('How a lesson is added')).toContain('content/outline.yaml');
    edit('content/outline.yaml', (text) => `${text.trimEnd()}\n      - { slug: quokkas, short: Quokkas }\n`);
    expect(chapter('How a lesson is added')).toContain('npm run new-lesson -- <slug>');
    run('new-lesson', 'quokkas');
    // The figure that the README shows, beside the one that a new lesson starts with.
    const [, declaration, use] = /^figures:\n([\s\S]*?)^---\n([\s\S]*?)^```/m.exec(
      chapter('How a figure is declared'),
    )!;
    edit('content/docs/lessons/quokkas.mdx', (text) =>
      text
        .replace(/^figures:\n/m, `figures:\n${declaration}`)
        .replace('## A heading that says something', `## Quokkas\n\nA quokka reads the next word.\n${use}`),
    );
    const said = run('build');
    expect(said).toMatch(/2 of them lessons/);
    server = await serve(join(copy, 'dist'));
  });

  afterAll(async () => {
    await server?.close();
    if (copy) rmSync(copy, { recursive: true, force: true });
  });

  it('stands in the sidebar of every page, and in the contents', async () => {
    for (const page of ['lessons/out-of-context', 'reference/glossary', '.']) {
      const html = readFileSync(join(copy, 'dist', page, 'index.html'), 'utf8');
      expect(html, page).toMatch(/<a href="\/lessons\/quokkas\/"[^>]*>[\s\S]{0,200}?Quokkas/);
    }
  });

  it('is found by the search', async () => {
    const browser = await launch();
    const { page, problems } = await openPage(browser);
    await page.goto(`${server.url}lessons/out-of-context/`);
    await page
      .getByRole('button', { name: /search/i })
      .first()
      .click();
    await page.locator('dialog input').first().fill('quokka');
    await page.locator('dialog a[href*="/lessons/quokkas/"]').first().click();
    await page.waitForURL(/\/lessons\/quokkas\//);
    expect(await page.locator('main h1').innerText()).toBe('Quokkas');
    expect(problems).toEqual([]);
    await browser.close();
  });

  it('shows both figures without scripts, with their numbers in the text', async () => {
    const browser = await launch();
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}lessons/quokkas/`);
    const figures = page.locator('main figure[data-figure]');
    expect(
      await figures
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.figure))
        .then((all) => all.sort()),
    ).toEqual(['first-look', 'ugly-cat']);
    const table = page.locator('#figure-ugly-cat');
    expect(await table.locator('.nw:visible, svg[role]:visible').count()).toBeGreaterThan(0);
    await table.locator('summary', { hasText: 'table' }).click();
    expect(await table.locator('table.numbers:visible').count()).toBeGreaterThan(0);
    expect(await page.locator('main').innerText()).toMatch(/Easel gives cat a probability of \d+\s%\./);
    await browser.close();
  });
});
