/** From what pages declare to a folder of finished figures: the work of `npm run figures`, and of the dev server. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Declared, listMistakes, type Mistake, type Page, readPage } from '../figures/declarations.ts';
import type { FigureData } from '../figures/figure-data.ts';
import { FigureError } from '../figures/figure-error.ts';
import { csvOf, jsonOf } from '../figures/files.ts';
import { kindByName } from '../figures/kinds.ts';
import { type Comparison, compareTables } from '../figures/tolerance.ts';
import type { World } from '../figures/world.ts';
import { pngOf } from './picture.ts';
import type { Worlds } from './worlds.ts';

export const pagesFolder = 'content/docs';

/** What stands in a folder of figures beside the figures: what they were made from. */
const stampName = 'made-from.json';

export interface ComputedFigure {
  /** 'lessons/out-of-context#woman' */
  key: string;
  page: Page;
  declared: Declared;
  data: FigureData;
  /** What computed its attention; undefined where it has none. */
  backend: Worlds['backend'] | undefined;
  /** Against the same figure in float64. */
  comparison: Comparison;
  /** What computing it took, in both precisions. */
  milliseconds: number;
}

/** How a figure is called on a command line, in the record and in messages. */
export function figureKey(page: Page, declared: Declared): string {
  return `${page.id}#${declared.name}`;
}

/** 'lessons/out-of-context' from 'content/docs/lessons/out-of-context.mdx'. */
export function pageId(file: string): string {
  return relative(pagesFolder, file)
    .replaceAll('\\', '/')
    .replace(/\.mdx$/, '');
}

/** All pages below content/docs, in order of their paths, and every mistake in them. */
export function readPages(root: string, world: World): { pages: Page[]; mistakes: Mistake[] } {
  const files = globSync(`${pagesFolder}/**/*.mdx`, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const read = files.map((file) => readPage(pageId(file), file, readFileSync(join(root, file), 'utf8'), world));
  const plain = globSync(`${pagesFolder}/**/*.md`, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  const misnamed = plain.sort().map((file) => {
    const message = `A page is MDX: name it ${file}x. In Markdown alone its tags and figures would be left out.`;
    return { file, line: 1, column: 1, message };
  });
  return { pages: read.map(({ page }) => page), mistakes: [...read.flatMap(({ mistakes }) => mistakes), ...misnamed] };
}

/**
 * One figure's numbers by gpu.js, held against the same code in float64.
 *
 * @returns the figure, or the mistake in its declaration that only computing could find
 */
export async function computeFigure(page: Page, declared: Declared, worlds: Worlds): Promise<ComputedFigure | Mistake> {
  const kind = kindByName.get(declared.declaration.kind)!;
  const start = performance.now();
  const { calls } = worlds.attention;
  try {
    const data = await kind.compute(declared.declaration, worlds.gpu, declared.name);
    const backend = worlds.attention.calls > calls ? worlds.backend : undefined;
    const inFloat64 = await kind.compute(declared.declaration, worlds.reference, declared.name);
    const comparison = compareTables(data, inFloat64);
    const milliseconds = performance.now() - start;
    return { key: figureKey(page, declared), page, declared, data, backend, comparison, milliseconds };
  } catch (error) {
    if (!(error instanceof FigureError)) throw error;
    return {
      file: page.file,
      ...declared.place(error.field),
      message: `The figure '${declared.name}': ${error.message}`,
    };
  }
}

/** Computes figures one after the other; a mistake in one does not keep the others from being looked at. */
export async function computeFigures(
  wanted: readonly { page: Page; declared: Declared }[],
  worlds: Worlds,
  progress: (figure: { page: Page; declared: Declared }) => void = () => {},
): Promise<{ figures: ComputedFigure[]; mistakes: Mistake[] }> {
  const figures: ComputedFigure[] = [];
  const mistakes: Mistake[] = [];
  for (const one of wanted) {
    progress(one);
    const made = await computeFigure(one.page, one.declared, worlds);
    if ('key' in made) figures.push(made);
    else mistakes.push(made);
  }
  return { figures, mistakes };
}

/** The files of one figure: path below the folder of figures, and content. */
export async function figureFiles(figure: ComputedFigure): Promise<Map<string, Buffer>> {
  const { svg } = await kindByName.get(figure.data.kind)!.draw(figure.data);
  const path = `${figure.page.id}/${figure.data.name}`;
  const png = await pngOf(svg).catch((cause) => {
    throw new Error(`${figure.key}: its drawing could not be made a PNG. ${cause.message}`, { cause });
  });
  return new Map([
    [`${path}.svg`, Buffer.from(svg)],
    [`${path}.png`, png],
    [`${path}.csv`, Buffer.from(csvOf(figure.data))],
    [`${path}.json`, Buffer.from(jsonOf(figure.data))],
  ]);
}

/**
 * Put a folder of figures in place of the old one in one move, so that nobody finds half of it, and nothing stale stays.
 *
 * @param folder public/figures
 * @param files paths below the folder
 * @param keep paths, without ending, of figures whose old files are taken over
 * @param stamp see {@link stampOf}
 * @param workshop where the new folder is put together; on the same disk, since a rename cannot cross disks
 * @throws {Error} when something else than figures stands there: the whole folder would be gone
 */
export function replaceFolder(
  folder: string,
  files: ReadonlyMap<string, Buffer>,
  keep: readonly string[],
  stamp: Record<string, string>,
  workshop = dirname(folder),
): void {
  if (existsSync(folder) && !isForFigures(folder)) {
    throw new Error(
      `${folder} holds something else than figures, and would be replaced as a whole. Name a folder that is empty or not there yet.`,
    );
  }
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(workshop, { recursive: true });
  const fresh = mkdtempSync(join(workshop, 'figures-'));
  try {
    for (const path of keep) {
      for (const ending of ['svg', 'png', 'csv', 'json']) {
        const old = join(folder, `${path}.${ending}`);
        if (existsSync(old)) cpSync(old, join(fresh, `${path}.${ending}`));
      }
    }
    for (const [path, content] of files) {
      mkdirSync(dirname(join(fresh, path)), { recursive: true });
      writeFileSync(join(fresh, path), content);
    }
    writeFileSync(join(fresh, stampName), stampText(stamp));
    const old = `${fresh}-old`;
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** True of an empty folder, and of one that this module wrote. */
function isForFigures(folder: string): boolean {
  if (!statSync(folder).isDirectory()) return false;
  const files = readdirSync(folder);
  return files.length === 0 || files.includes(stampName);
}

/**
 * Write some figures into a folder that stays otherwise as it is, each file in one move.
 *
 * @param made stamps of these figures
 */
export function updateFolder(folder: string, files: ReadonlyMap<string, Buffer>, made: Record<string, string>): void {
  const write = (path: string, content: Buffer | string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  for (const [path, content] of files) write(join(folder, path), content);
  write(join(folder, stampName), stampText({ ...readStamps(folder), ...made }));
}

/** What a figure was made from, as a short fingerprint: its declaration and the model. */
export function stampOf(declared: Declared, worldFingerprint: string): string {
  return createHash('sha256')
    .update(worldFingerprint)
    .update(JSON.stringify(declared.declaration))
    .digest('hex')
    .slice(0, 16);
}

function stampText(stamps: Record<string, string>): string {
  return `${JSON.stringify(Object.fromEntries(Object.entries(stamps).sort()), null, 2)}\n`;
}

/** The fingerprints of the figures that stand in a folder, by key. */
export function readStamps(folder: string): Record<string, string> {
  const file = join(folder, stampName);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** A figure as it stands in the folder. */
export function readFigure(folder: string, id: string, name: string): FigureData | undefined {
  const file = join(folder, id, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** All mistakes as one error, which the dev server shows at the place of the first. */
export function mistakesError(mistakes: readonly Mistake[]): Error {
  const [{ file, line, column }] = mistakes;
  const error = new Error(listMistakes(mistakes));
  error.name = mistakes.length === 1 ? 'A mistake in a page' : `${mistakes.length} mistakes in pages`;
  return Object.assign(error, { loc: { file, line, column } });
}
