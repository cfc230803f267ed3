/**
 * While someone writes: before a page is rendered, its declarations are read again, and figures that changed are made
 * anew. What is wrong stops the page and is shown in its place.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkUses, readPage } from '../figures/declarations.ts';
import {
  computeFigures,
  figureFiles,
  figureKey,
  mistakesError,
  pageId,
  readFigure,
  readStamps,
  stampOf,
  updateFolder,
} from './make-figures.ts';
import { openWorlds, type Worlds } from './worlds.ts';

let worlds: Promise<Worlds> | undefined;
/** One page after the other: they share the folder. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Make a page's figures what its frontmatter says.
 *
 * @param file path of the page from the project's root.
 * @throws {Error} with all mistakes, each with file, line and column.
 */
export function freshenFigures(root: string, folder: string, file: string): Promise<void> {
  const done = turn.then(() => freshen(root, folder, file));
  turn = done.catch(() => {});
  return done;
}

async function freshen(root: string, folder: string, file: string): Promise<void> {
  worlds ??= openWorlds(root);
  const world = await worlds.catch((error) => {
    worlds = undefined;
    throw error;
  });
  const source = readFileSync(join(root, file), 'utf8');
  const { page, mistakes } = readPage(pageId(file), file, source, world.gpu);
  const stamps = readStamps(folder);
  const isFresh = (declared: (typeof page.figures)[number]) =>
    stamps[figureKey(page, declared)] === stampOf(declared, world.fingerprint) &&
    readFigure(folder, page.id, declared.name) !== undefined;
  const stale = page.figures.filter((declared) => !isFresh(declared));
  const computed = await computeFigures(
    stale.map((declared) => ({ page, declared })),
    world,
  );
  for (const { key, page: owner, declared, comparison } of computed.figures) {
    if (comparison.outside.length === 0) continue;
    const message = `${key} is outside the tolerance: ${comparison.outside[0]}.`;
    mistakes.push({ file: owner.file, line: declared.line, column: declared.column, message });
  }
  // Uses are checked against all figures of the page, made now or before.
  const data = new Map(computed.figures.map((figure) => [figure.data.name, figure.data]));
  for (const { name } of page.figures) {
    const old = readFigure(folder, page.id, name);
    if (old && !data.has(name)) data.set(name, old);
  }
  const inText = checkUses(page, data);
  const inDeclarations = computed.mistakes.filter(
    (mistake) => !inText.some((same) => same.message === mistake.message),
  );
  const all = [...mistakes, ...inDeclarations, ...inText];
  if (all.length > 0) throw mistakesError(all);
  if (stale.length === 0) return;

  const files = new Map<string, Buffer>();
  for (const figure of computed.figures)
    for (const [path, content] of await figureFiles(figure)) files.set(path, content);
  const made = Object.fromEntries(
    computed.figures.map(({ key, declared }) => [key, stampOf(declared, world.fingerprint)]),
  );
  updateFolder(folder, files, made);
}
