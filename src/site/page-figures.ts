/** What a component of a lesson asks for: a figure of the page it stands in. */
import type { AstroGlobal } from 'astro';
import type { FigureData } from '../figures/figure-data.ts';
import { withBase } from './base.ts';
import { pageId, readFigure } from './make-figures.ts';

export interface PageFigure {
  data: FigureData;
  /** Address of the figure's files without their ending. */
  files: string;
  /** The page as messages name it. */
  file: string;
}

/**
 * The figure `name` of the page that is being rendered, as the script or the dev server has written it.
 *
 * @param astro the component's own Astro object: it knows the page.
 * @throws {Error} that says which page, and what to run, when there is no such figure.
 */
export function pageFigure(
  astro: Pick<AstroGlobal, 'locals'>,
  component: string,
  name: string | undefined,
): PageFigure {
  const file = astro.locals.starlightRoute?.entry?.filePath;
  if (!file)
    throw new Error(`<${component}> works only in pages of content/docs, whose frontmatter declares the figure.`);
  if (!name) throw new Error(`<${component}> in ${file} should say which figure it means.`);
  const id = pageId(file);
  const data = readFigure(import.meta.env.FIGURES_FOLDER, id, name);
  if (!data) {
    throw new Error(
      `${file} asks for a figure '${name}' that has not been made. Declare it in the page's frontmatter, then run npm run figures.`,
    );
  }
  return { data, files: withBase(import.meta.env.BASE_URL, `/figures/${id}/${name}`), file };
}
