/** Before a page is rendered while someone writes, its figures are made what its frontmatter says. A build has them. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  if (!import.meta.env.DEV) return;
  const file = locals.starlightRoute.entry.filePath;
  if (!file?.endsWith('.mdx')) return;
  const { freshenFigures } = await import('./figures-in-dev.ts');
  await freshenFigures(import.meta.env.PROJECT_FOLDER, import.meta.env.FIGURES_FOLDER, file);
});
