/**
 * What a page may write in MDX without importing it. The lines go to the end of the file, so that the lines an error
 * message names stay those of the author.
 */
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'astro';
import { tagNames } from '../figures/tags.ts';

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/** With the slashes of an import, on Windows too. */
const folder = fileURLToPath(new URL('../components/', import.meta.url)).replaceAll('\\', '/');
const isPage = /\/content\/docs\/.*\.mdx$/;

/** Gives every page the tags of `figures/tags.ts`. */
export function lessonComponentsPlugin(): Plugin {
  return {
    name: 'lesson-components',
    enforce: 'pre',
    transform(code, id) {
      if (!isPage.test(id)) return;
      const imports = tagNames.map((name) => `import Lesson${name} from '${folder}${name}.astro';`);
      const entries = tagNames.map((name) => `${name}: Lesson${name}`);
      return {
        code: `${code}\n\n${imports.join('\n')}\nexport const components = { ${entries.join(', ')} };\n`,
        map: null,
      };
    },
  };
}
