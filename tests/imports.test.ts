/**
 * The arrows of the house: attention ← model ← figures ← islands, components, scripts ← content, with language beside
 * attention. Reads every import there is and fails where one runs the other way.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Room → rooms it may import from, besides itself. */
const arrows: Record<string, readonly string[]> = {
  'src/attention': [],
  'src/language': [],
  'src/model': ['src/attention'],
  'src/figures': ['src/attention', 'src/language', 'src/model'],
  'src/islands': ['src/attention', 'src/language', 'src/model', 'src/figures'],
  'src/styles': [],
  'src/site': ['content', 'src/figures', 'src/model', 'src/language', 'src/attention'],
  'src/components': [
    ...['src/attention', 'src/language', 'src/model', 'src/figures', 'src/islands', 'src/site', 'src/styles'],
    ...['content'], // outline and glossary: data that a page shows
  ],
  scripts: ['src/attention', 'src/language', 'src/model', 'src/figures', 'src/site'],
  content: ['src/components', 'src/figures', 'src/islands', 'src/site', 'src/styles'],
};

/** Nothing but arithmetic: these run anywhere. */
const noFiles = ['src/attention', 'src/language'];

const roomOf = (file: string) => Object.keys(arrows).find((room) => file.startsWith(`${room}/`));

/** What a source file imports, in whatever way: import, export … from, import(), new URL(…, import.meta.url), @import. */
function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
    /\bnew URL\(\s*['"]([^'"]+\w)['"]\s*,\s*import\.meta\.url/g,
    /@import\s+(?:url\()?['"]([^'"]+)['"]/g,
  ];
  return [...new Set(patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1])))];
}

/** Every arrow that runs the wrong way, as 'file imports what'. Files by path from the root, with slashes. */
function wrongArrows(files: ReadonlyMap<string, string>): string[] {
  const wrong: string[] = [];
  for (const [file, source] of files) {
    const room = roomOf(file);
    if (!room) continue;
    for (const specifier of importsOf(source)) {
      if (specifier.startsWith('node:') && noFiles.includes(room)) wrong.push(`${file} imports ${specifier}`);
      if (!specifier.startsWith('.')) continue;
      const target = posix.normalize(posix.join(posix.dirname(file), specifier.replace(/[?#].*$/, '')));
      const other = roomOf(target) ?? (target.startsWith('tests/') ? 'tests' : undefined);
      if (other && other !== room && !arrows[room].includes(other)) wrong.push(`${file} imports ${target}`);
    }
  }
  return wrong;
}

const root = join(import.meta.dirname, '..');
const house = new Map(
  globSync('{src,scripts,content}/**/*.{ts,mjs,astro,mdx,css}', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

describe('the arrows of the house', () => {
  it('all run one way', () => {
    expect(house.size).toBeGreaterThan(30);
    expect(wrongArrows(house)).toEqual([]);
  });

  it('are told from one that runs the other way', () => {
    const planted = new Map([
      ['src/attention/a.ts', "import { x } from '../model/llama.ts';"],
      ['src/attention/b.ts', "import { readFileSync } from 'node:fs';"],
      ['src/model/c.ts', "const { y } = await import('../figures/heatmap.ts');"],
      ['src/language/d.ts', "export type { Attend } from '../attention/attend.ts';"],
      ['src/figures/e.ts', "import {\n  z,\n} from '../islands/strip.ts';"],
      ['src/islands/f.ts', "import '../../tests/picture.ts';"],
      ['src/styles/g.css', "@import '../islands/strip.css';"],
    ]);
    expect(wrongArrows(planted)).toHaveLength(planted.size);
  });

  it('are not seen where there are none', () => {
    const fine = new Map([
      ['src/attention/a.ts', "// import x from '../model/llama.ts'\nimport { y } from './check.ts';"],
      ['src/model/b.ts', "import type { Attend } from '../attention/attend.ts';"],
      ['src/figures/c.ts', "import { trueNextWord } from '../language/language.ts'; import { z } from 'zod';"],
    ]);
    expect(wrongArrows(fine)).toEqual([]);
  });
});
