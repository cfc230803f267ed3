/**
 * Connects figures with the site. A build stops at a mistake in a declaration, or at figures that are not made from what
 * the pages declare now; the dev server shows mistakes in the page and makes changed figures anew.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration, ViteUserConfig } from 'astro';
import { checkUses, listMistakes, readPage } from '../figures/declarations.ts';
import {
  figureKey,
  mistakesError,
  pageId,
  pagesFolder,
  readFigure,
  readPages,
  readStamps,
  stampOf,
} from './make-figures.ts';
import { openReferenceWorld } from './worlds.ts';

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/** The integration that checks pages and their figures before a build, and while the dev server runs. */
export function figures(): AstroIntegration {
  return {
    name: 'in-context-figures',
    hooks: {
      'astro:config:setup': ({ config, command, updateConfig, injectRoute, logger }) => {
        const root = fileURLToPath(config.root);
        const folder = fileURLToPath(new URL('figures', config.publicDir));
        updateConfig({
          vite: {
            define: {
              'import.meta.env.FIGURES_FOLDER': JSON.stringify(folder),
              'import.meta.env.PROJECT_FOLDER': JSON.stringify(root),
            },
            plugins: command === 'dev' ? [pageMistakesPlugin(root)] : [],
          },
        });
        injectRoute({
          pattern: '/figures/[...figure]',
          entrypoint: './src/components/BareFigure.astro',
          prerender: true,
        });
        if (command === 'build') checkBuild(root, folder);
        if (command === 'dev') {
          const { world } = openReferenceWorld(root);
          const { mistakes } = readPages(root, world);
          if (mistakes.length > 0) logger.warn(`\n${listMistakes(mistakes)}`);
        }
      },
      'astro:server:setup': ({ server }) => {
        const pages = fileURLToPath(new URL(`../../${pagesFolder}/`, import.meta.url));
        // A page that failed to render listens for nothing but this.
        server.watcher.on('change', (path) => {
          if (path.startsWith(pages) && path.endsWith('.mdx')) server.ws.send({ type: 'full-reload' });
        });
      },
    },
  };
}

/** Looks at a page before Astro does, whose own complaint about YAML names no line. */
function pageMistakesPlugin(root: string): Plugin {
  const isPage = /^[^?]+\.mdx$/;
  return {
    name: 'page-mistakes',
    enforce: 'pre',
    transform(_, id) {
      const file = relative(root, id).replaceAll('\\', '/');
      if (!isPage.test(id) || !file.startsWith(`${pagesFolder}/`)) return;
      const { mistakes } = readPage(pageId(file), file, readFileSync(id, 'utf8'), openReferenceWorld(root).world);
      if (mistakes.length > 0) throw mistakesError(mistakes);
    },
  };
}

/** @throws {Error} when the pages hold a mistake, or the folder of figures is not what they declare. */
function checkBuild(root: string, folder: string): void {
  const { world, fingerprint } = openReferenceWorld(root);
  const { pages, mistakes } = readPages(root, world);
  const stamps = readStamps(folder);
  const stale: string[] = [];
  for (const page of pages) {
    const data = new Map<string, NonNullable<ReturnType<typeof readFigure>>>();
    for (const declared of page.figures) {
      const key = figureKey(page, declared);
      const figure = readFigure(folder, page.id, declared.name);
      if (figure && stamps[key] === stampOf(declared, fingerprint)) data.set(declared.name, figure);
      else stale.push(key);
    }
    mistakes.push(...checkUses(page, data));
  }
  if (mistakes.length > 0) throw new Error(`Mistakes in pages:\n${listMistakes(mistakes)}`);
  if (stale.length > 0) {
    throw new Error(
      `Not made from what the pages declare now: ${stale.join(', ')}. Run npm run build, or npm run figures first.`,
    );
  }
}
