/** The parts of the build that are ours: fonts before anything is served, robots.txt, cards, and a dev server that keeps up. */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { writeCards } from './cards.ts';
import { buildFonts } from './fonts.ts';

/** The integration that makes fonts, robots.txt and cards, and tells open pages when a lesson comes or goes. */
export function site(): AstroIntegration {
  return {
    name: 'in-context',
    hooks: {
      'astro:config:setup': async ({ injectRoute, logger }) => {
        const { made } = await buildFonts();
        if (made) logger.info('Cut the fonts down to what the site uses: public/fonts/.');
        injectRoute({
          pattern: '/robots.txt',
          entrypoint: new URL('./robots.txt.ts', import.meta.url),
          prerender: true,
        });
      },
      'astro:build:done': async ({ dir, logger }) => {
        const cards = await writeCards(fileURLToPath(new URL('../../', import.meta.url)), fileURLToPath(dir));
        logger.info(`Drew ${cards} cards for links to the pages: cards/.`);
      },
      'astro:server:setup': ({ server }) => {
        // A lesson written or deleted changes what the sidebar and the contents may link to, on every page.
        const lessons = fileURLToPath(new URL('../../content/docs/', import.meta.url));
        const reload = (path: string) => {
          if (path.startsWith(lessons)) server.ws.send({ type: 'full-reload' });
        };
        server.watcher.on('add', reload).on('unlink', reload);
      },
    },
  };
}
