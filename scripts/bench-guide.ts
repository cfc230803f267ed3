/**
 * `npm run bench -- --guide`: what the whole guide costs. Figures and site of this guide, and of 30 and 300 generated
 * lessons, made in copies of the project.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindByName } from '../src/figures/kinds.ts';
import { compareTables } from '../src/figures/tolerance.ts';
import { readPages } from '../src/site/make-figures.ts';
import { pngOf } from '../src/site/picture.ts';
import { openWorlds } from '../src/site/worlds.ts';
import { heldOutText } from './texts.ts';

const root = join(import.meta.dirname, '..');
/** Generated lessons, few and many. */
export const LESSONS = [30, 300];
const FIGURES_EACH = 3;
/** Easel reads 31 words after the start. */
const MOST_WORDS = 31;

/** What a program took. */
export interface Cost {
  what: string;
  seconds: number;
  /** Peak memory in MB. */
  megabytes: number;
}

/** Seconds that each part of making every figure of the guide takes, one figure after the other in this process. */
export async function shares(): Promise<{ part: string; seconds: number }[]> {
  const seconds = new Map<string, number>();
  const timed = async <T>(part: string, run: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    seconds.set(part, (seconds.get(part) ?? 0) + (performance.now() - start) / 1000);
    return result;
  };
  const worlds = await openWorlds(root);
  const { pages } = await timed('reading the pages', () => readPages(root, worlds.gpu));
  for (const { name, declaration } of pages.flatMap((page) => page.figures)) {
    const kind = kindByName.get(declaration.kind)!;
    const data = await timed('numbers', () => kind.compute(declaration, worlds.gpu, name));
    const inFloat64 = await timed('numbers in float64', () => kind.compute(declaration, worlds.reference, name));
    compareTables(data, inFloat64);
    const { svg } = await timed('drawing', () => kind.draw(data));
    await timed('sharp', () => pngOf(svg));
  }
  const attention = worlds.attention.milliseconds / 1000;
  await worlds.close();
  seconds.set('numbers', seconds.get('numbers')! - attention);
  const parts = [...seconds].map(([part, time]) => ({ part, seconds: time }));
  return [...parts.slice(0, 1), { part: 'attention', seconds: attention }, ...parts.slice(1)];
}

/** Figures and build of this guide, in a copy where nothing has been made yet, and again where everything has. */
export function costOfGuide(): Cost[] {
  return inCopy((copy) => [
    cost(copy, 'figures, cold', 'scripts/figures.ts'),
    cost(copy, 'figures, warm', 'scripts/figures.ts'),
    cost(copy, 'site, cold', ...build),
    cost(copy, 'site, warm', ...build),
  ]);
}

/** The same once, for so many generated lessons of three figures each. */
export function costOfLessons(count: number): Cost[] {
  return inCopy((copy) => {
    writeLessons(copy, count);
    return [
      cost(copy, `figures of ${count} lessons`, 'scripts/figures.ts'),
      cost(copy, `site of ${count} lessons`, ...build),
    ];
  });
}

const build = ['node_modules/astro/bin/astro.mjs', 'build'] as const;

function inCopy<T>(run: (copy: string) => T): T {
  mkdirSync(join(root, 'stage'), { recursive: true });
  const copy = mkdtempSync(join(root, 'stage', 'bench-'));
  try {
    const files = ['astro.config.mjs', 'content.config.ts', 'tsconfig.json', 'package.json'];
    for (const part of ['src', 'scripts', 'content', 'public/model', ...files]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    return run(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Runs a program of Node in a copy; at its end it says how much memory it took at most. */
function cost(copy: string, what: string, script: string, ...args: string[]): Cost {
  const peak = join(copy, 'peak.txt');
  const report = `import{appendFileSync}from'node:fs';process.on('exit',()=>appendFileSync(${JSON.stringify(peak)},process.resourceUsage().maxRSS+'\\n'))`;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(report)}`, script, ...args],
    {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1' },
    },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${what} failed.\n${stdout}${stderr}`);
  const peaks = readFileSync(peak, 'utf8').trim().split('\n').map(Number);
  rmSync(peak);
  return { what, seconds, megabytes: Math.max(...peaks) / 1024 };
}

/** Puts generated lessons in the place of all pages. Their texts are held-out stories of the little language. */
function writeLessons(copy: string, count: number): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  };
  rmSync(join(copy, 'content/docs'), { recursive: true });
  write('content/docs/index.mdx', '---\ntitle: Generated lessons\n---\n\nFor measuring.\n');
  const slugs = Array.from({ length: count }, (_, i) => `lesson-${i + 1}`);
  const listed = slugs.map((slug) => `      - { slug: ${slug}, short: ${slug} }\n`);
  write('content/outline.yaml', `parts:\n  - title: Generated\n    lessons:\n${listed.join('')}`);
  // Every term of the glossary comes in some lesson; here in the first.
  const glossary = readFileSync(join(copy, 'content/glossary.yaml'), 'utf8');
  write('content/glossary.yaml', glossary.replace(/^( {2}lesson: ).*$/gm, `$1${slugs[0]}`));
  slugs.forEach((slug, i) => {
    const texts = Array.from({ length: FIGURES_EACH }, (_, k) =>
      heldOutText(FIGURES_EACH * i + k)
        .words.slice(0, MOST_WORDS)
        .join(' '),
    );
    const figure = (name: string, kind: string, rest: string) =>
      `  ${name}:\n    kind: ${kind}\n    title: What is ${name}?\n    caption: Generated.\n    text: ${texts.shift()}\n${rest}`;
    write(
      `content/docs/lessons/${slug}.mdx`,
      `---\ntitle: Lesson ${i + 1}\nfigures:\n${figure('one', 'arcs', '    layer: 2\n    head: 1\n')}${figure('two', 'heatmap', '    layer: 1\n    head: 1\n')}${figure('three', 'next-word', '    columns: [exact, easel]\n')}---\n\n<Figure name="one" />\n\nWords between two figures.\n\n<Figure name="two" />\n\nA formula: $$a_{ij}$$.\n\n<Figure name="three" />\n`,
    );
  });
}
