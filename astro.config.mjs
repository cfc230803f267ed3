import { satteri } from '@astrojs/markdown-satteri';
import sitemap from '@astrojs/sitemap';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { readAddress } from './src/site/address.ts';
import { figures } from './src/site/figures-integration.ts';
import { site } from './src/site/integration.ts';
import { lessonComponentsPlugin } from './src/site/lesson-components.ts';
import { basePathPlugin, mathPlugin } from './src/site/markdown.ts';
import { wasmPlugin } from './src/site/wasm.ts';

// SITE_URL, BASE_PATH and REPOSITORY_URL say where the site and its sources live; see src/site/address.ts.
const address = readAddress();

export default defineConfig({
  site: address.site,
  base: address.base,
  // Starlight's loader looks for content/docs below srcDir, so content/ can stand at the top.
  srcDir: '.',
  markdown: {
    processor: satteri({
      // One dollar is money; two are a formula.
      features: { math: { singleDollarTextMath: false } },
      mdastPlugins: [mathPlugin()],
      hastPlugins: [basePathPlugin(address.base)],
    }),
  },
  integrations: [
    site(),
    figures(),
    // Figures by themselves are for frames in other pages, and nothing to be found.
    sitemap({ filter: (page) => !page.startsWith(new URL(`${address.base}figures/`, address.site).href) }),
    starlight({
      title: 'In Context',
      description: 'The attention mechanism, explained with pictures that are computed.',
      favicon: '/favicon.svg',
      disable404Route: true,
      lastUpdated: address.dates,
      editLink: address.edit ? { baseUrl: address.edit } : {},
      routeMiddleware: ['./src/site/route.ts', './src/site/figures-route.ts'],
      // Long lines turn instead of sliding, and no code stands in the picture of a window.
      expressiveCode: { defaultProps: { wrap: true, frame: 'none' } },
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      customCss: [
        './src/styles/fonts.css',
        './src/styles/tokens.css',
        './src/styles/starlight.css',
        './src/styles/figures.css',
        './src/styles/lesson.css',
      ],
      components: {
        Footer: './src/components/Footer.astro',
        Head: './src/components/Head.astro',
        Header: './src/components/Header.astro',
        Hero: './src/components/Hero.astro',
        MobileTableOfContents: './src/components/MobileTableOfContents.astro',
        PageTitle: './src/components/PageTitle.astro',
        Sidebar: './src/components/Sidebar.astro',
      },
    }),
  ],
  vite: {
    plugins: [lessonComponentsPlugin(), wasmPlugin()],
    build: {
      assetsInlineLimit: 0,
      // gpu.js is one file of this size, fetched only when a reader asks to use the graphics chip.
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        onLog(level, log, handle) {
          // Astro marks pages with a directive of its own and reads the mark before bundling; that it does not outlive the
          // bundling is no news to anybody.
          if (log.code === 'MODULE_LEVEL_DIRECTIVE' && log.message.includes('use astro:')) return;
          handle(level, log);
        },
      },
    },
  },
});
