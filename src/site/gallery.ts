/** All figures of the guide, by kind: what the gallery shows. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../figures/kinds.ts';
import { pageId } from './make-figures.ts';

/** What a page of content/docs tells about itself and its figures. */
export interface GalleryPage {
  filePath?: string;
  data: { title: string; figures?: Record<string, unknown> };
}

export interface GalleryFigure {
  /** 'lessons/out-of-context' */
  page: string;
  pageTitle: string;
  name: string;
  title: string;
}

/**
 * The figures that pages declare, kind by kind in the order of the kinds, and within a kind in the order of the pages.
 * Kinds of which there is none are left out.
 */
export function galleryOf(pages: readonly GalleryPage[]): { kind: string; figures: GalleryFigure[] }[] {
  const all = pages.flatMap(({ filePath, data }) =>
    Object.entries((data.figures ?? {}) as Record<string, { kind: string; title: string }>).map(
      ([name, { kind, title }]) => ({ kind, page: pageId(filePath!), pageTitle: data.title, name, title }),
    ),
  );
  return kinds.flatMap(({ name: kind }) => {
    const figures = all.filter((one) => one.kind === kind).map(({ kind: _, ...rest }) => rest);
    return figures.length === 0 ? [] : [{ kind, figures }];
  });
}

/** Width and height of a figure's picture, in px; undefined where it has not been made yet. */
export function pictureSize(folder: string, page: string, name: string): { width: number; height: number } | undefined {
  const file = join(folder, page, `${name}.svg`);
  if (!existsSync(file)) return undefined;
  const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(readFileSync(file, 'utf8'))!;
  return { width: Number(width), height: Number(height) };
}

/**
 * What each kind shows, in the words of the table for authors: 'arcs' is 'how one word looks at the words before it'.
 *
 * @param source the page with that table, a row a kind
 * @throws {Error} when a kind has no row there
 */
export function whatKindsShow(source: string): Record<string, string> {
  const rows = new Map(
    [...source.matchAll(/^\| `([\w-]+)` \| ([^|]+?) \| /gm)].map(([, kind, shows]) => [kind, shows]),
  );
  const missing = kinds.filter(({ name }) => !rows.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw new Error(`The table of kinds in reference/writing-a-lesson.mdx has no row for ${missing.join(', ')}.`);
  return Object.fromEntries(rows);
}
