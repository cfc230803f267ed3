/** How many bytes of script the built pages load, gzipped: read from the files themselves, no browser needed. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface PageWeight {
  /** What is loaded: 'a page without an island', 'an island asleep', … */
  what: string;
  /** The page measured, below the site's folder. */
  page: string;
  /** Bytes of script, each file gzipped by itself as a server sends it; scripts inside the page count too. */
  bytes: number;
  files: number;
}

/** A script file with what it loads at once and what it may load later. */
interface Chunk {
  now: string[];
  later: string[];
  /** Of those for later, the islands of kinds of figures, by file: loaded where such a figure is. */
  kinds: Map<string, string>;
  isGpuJs: boolean;
  /** Our own door to gpu.js, which is loaded together with it. */
  asksForGpuJs: boolean;
}

/**
 * @param folder the built site.
 * @param base the base path it was built for, with a slash at both ends.
 * @returns the four states of a page, in order; a state that no page of the site has is missing.
 * @throws {Error} when there is no site in the folder.
 */
export function weighPages(folder: string, base = '/'): PageWeight[] {
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(`There is no site in ${folder}. Build it: npm run build`);
  const chunks = new Map<string, Chunk>();
  const pages = globSync('**/*.html', { cwd: folder, exclude: ['figures/**'] })
    .sort()
    .map((page) => {
      const html = readFileSync(join(folder, page), 'utf8');
      const { files, inline } = scriptsOf(html, folder, page, base);
      const kinds = new Set([...html.matchAll(/<live-figure\b[^>]*\bdata-kind="([^"]+)"/g)].map(([, kind]) => kind));
      const from = (follows: (chunk: Chunk) => boolean) => reach(chunks, folder, base, files, kinds, follows);
      const asleep = from(() => false);
      const awake = from((chunk) => !chunk.isGpuJs && !chunk.asksForGpuJs);
      const all = from(() => true);
      const hasGpuJs = [...all].some((file) => chunks.get(file)?.isGpuJs);
      return { page, inline, asleep, awake, all, hasGpuJs, hasIsland: kinds.size > 0 };
    });

  const rows: PageWeight[] = [];
  const add = (what: string, page: string, inline: string[], files: Iterable<string>) => {
    const contents = [...inline, ...[...files].map((file) => readFileSync(join(folder, file), 'utf8'))];
    const bytes = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
    rows.push({ what, page, bytes, files: contents.length - inline.length });
  };
  const isOrdinary = ({ page, hasGpuJs, hasIsland }: (typeof pages)[number]) =>
    !hasGpuJs && !hasIsland && page !== '404.html';
  const ordinary = pages.find((one) => isOrdinary(one) && one.page !== 'index.html') ?? pages.find(isOrdinary);
  const lively =
    pages.find(({ page, hasGpuJs }) => hasGpuJs && page.includes('lessons')) ?? pages.find((one) => one.hasGpuJs);
  if (ordinary) add('a page without an island', ordinary.page, ordinary.inline, ordinary.asleep);
  if (lively) {
    // What every page may load some day, such as the search, is no part of the island.
    const elsewhere = new Set(ordinary ? [...ordinary.all].filter((file) => !ordinary.asleep.has(file)) : []);
    const own = (files: Set<string>) => [...files].filter((file) => lively.asleep.has(file) || !elsewhere.has(file));
    add('a page with an island asleep', lively.page, lively.inline, lively.asleep);
    add('the same, awake', lively.page, lively.inline, own(lively.awake));
    add('the same, with gpu.js', lively.page, lively.inline, own(lively.all));
  }
  return rows;
}

/** The scripts that a page names and those written into it. Data blocks (JSON) are no scripts. */
function scriptsOf(html: string, folder: string, page: string, base: string): { files: string[]; inline: string[] } {
  const files: string[] = [];
  const inline: string[] = [];
  for (const [, attributes, content] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (/\btype="(?!module|text\/javascript)/.test(attributes)) continue;
    const source = /\bsrc="([^"]+)"/.exec(attributes)?.[1];
    const file = source && fileOf(source, folder, page, base);
    if (file) files.push(file);
    else if (content.trim() !== '') {
      inline.push(content);
      files.push(...importsIn(content, folder, page, base).now);
    }
  }
  for (const [, attributes] of html.matchAll(/<link\b([^>]*)>/g)) {
    const source = /\brel="modulepreload"/.test(attributes) && /\bhref="([^"]+)"/.exec(attributes)?.[1];
    const file = source && fileOf(source, folder, page, base);
    if (file) files.push(file);
  }
  return { files, inline };
}

/**
 * Every file that is loaded from these on: imports at once always, imports for later where `follows` says so.
 * @param kinds of figures on the page: the islands of all others stay where they are
 */
function reach(
  chunks: Map<string, Chunk>,
  folder: string,
  base: string,
  from: string[],
  kinds: Set<string>,
  follows: (chunk: Chunk) => boolean,
): Set<string> {
  const seen = new Set<string>();
  const open = (file: string): Chunk => {
    let chunk = chunks.get(file);
    if (!chunk) {
      const code = readFileSync(join(folder, file), 'utf8');
      const imports = importsIn(code, folder, file, base);
      chunk = { ...imports, isGpuJs: code.includes('createKernelMap'), asksForGpuJs: false };
      chunks.set(file, chunk);
      chunk.asksForGpuJs = imports.later.some((next) => open(next).isGpuJs);
    }
    return chunk;
  };
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const { now, later, kinds: islands } = open(file);
    for (const next of now) visit(next);
    for (const next of later) {
      const kind = islands.get(next);
      if ((kind === undefined || kinds.has(kind)) && follows(open(next))) visit(next);
    }
  };
  for (const file of from) visit(file);
  return seen;
}

function importsIn(code: string, folder: string, file: string, base: string): Pick<Chunk, 'now' | 'later' | 'kinds'> {
  const found = (pattern: RegExp) =>
    [...code.matchAll(pattern)].map(([, source]) => fileOf(source, folder, file, base)).filter((path) => path !== null);
  return {
    now: found(/(?:\bfrom|\bimport)\s*["'`]([^"'`]+\.js)["'`]/g),
    later: found(/\bimport\(\s*["'`]([^"'`]+\.js)["'`]/g),
    kinds: new Map(
      [
        ...code.matchAll(/kinds\/([\w-]+)\.ts["'`]\s*:\s*\(\)\s*=>[^,}]*?\bimport\(\s*["'`]([^"'`]+\.js)["'`]/g),
      ].flatMap(([, kind, source]) => {
        const path = fileOf(source, folder, file, base);
        return path === null ? [] : [[path, kind] as const];
      }),
    ),
  };
}

/** The path below the site's folder of what a page or script calls by an address; null for what is not there. */
function fileOf(source: string, folder: string, from: string, base: string): string | null {
  if (/^[a-z]+:|^\/\//.test(source)) return null;
  const path = source.startsWith('/')
    ? source.slice(source.startsWith(base) ? base.length : 1)
    : relative(folder, join(folder, dirname(from), source));
  return existsSync(join(folder, path)) ? path : null;
}
