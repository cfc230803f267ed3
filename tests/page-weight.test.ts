import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { weighPages } from '../scripts/page-weight.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-weight-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scripts = {
  'everywhere.js': 'import"./shared.js";const search=()=>import("./search.js")',
  'shared.js': 'export const shared=1',
  'search.js': 'export const search="found on every page, and no part of an island"',
  'sleeper.js':
    'import{shared}from"./shared.js";const k={"./kinds/arcs.ts":()=>p(()=>import(`./island.js`),[]),"./kinds/heads.ts":()=>p(()=>import("./other.js"),[])}',
  'other.js': 'export const other="the island of a kind that the page does not have"',
  'island.js': 'import{shared}from"./shared.js";export const run=()=>import("./door.js")',
  'door.js': 'export const open=()=>import("./library.js")',
  'library.js': 'class GPU{createKernelMap(){}}',
};
const inline = 'document.documentElement.dataset.theme="dark"';

function plant(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function gzipped(names: (keyof typeof scripts)[]): number {
  return [inline, ...names.map((name) => scripts[name])].reduce(
    (sum, code) => sum + gzipSync(code, { level: 9 }).length,
    0,
  );
}

it('counts what each state of a page loads, and nothing else', () => {
  const page = (...names: string[]) =>
    `<script>${inline}</script><script type="application/ld+json">{"no":"script"}</script>` +
    names.map((name) => `<script type="module" src="/base/_astro/${name}"></script>`).join('');
  plant({
    'index.html': page('everywhere.js'),
    'reference/words/index.html': page('everywhere.js'),
    'lessons/one/index.html': `<live-figure data-kind="arcs"></live-figure>${page('everywhere.js', 'sleeper.js')}`,
    ...Object.fromEntries(Object.entries(scripts).map(([name, code]) => [`_astro/${name}`, code])),
  });
  const rows = weighPages(folder, '/base/');
  expect(rows.map(({ page }) => page.replaceAll('\\', '/'))).toEqual([
    'reference/words/index.html',
    ...Array(3).fill('lessons/one/index.html'),
  ]);
  expect(rows.map(({ files }) => files)).toEqual([2, 3, 4, 6]);
  expect(rows.map(({ bytes }) => bytes)).toEqual([
    gzipped(['everywhere.js', 'shared.js']),
    gzipped(['everywhere.js', 'shared.js', 'sleeper.js']),
    gzipped(['everywhere.js', 'shared.js', 'sleeper.js', 'island.js']),
    gzipped(['everywhere.js', 'shared.js', 'sleeper.js', 'island.js', 'door.js', 'library.js']),
  ]);
});

it('says what to do where there is no site', () => {
  expect(() => weighPages(join(folder, 'nowhere'))).toThrow(/no site in .*npm run build/);
});
