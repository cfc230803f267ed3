/**
 * What a page may write in MDX without importing it. The lines go to the end of the file, so that the lines an error
 * message names stay those of the author.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'astro';

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/** Files of src/components/, each an MDX tag of the same name. */
export const lessonComponents = ['Figure', 'Value', 'Guess', 'Fold', 'Keep', 'Role', 'Numbers'] as const;

const folder = fileURLToPath(new URL('../components/', import.meta.url));
const isPage = /\/content\/docs\/.*\.mdx$/;

export function lessonComponentsPlugin(): Plugin {
  return {
    name: 'lesson-components',
    enforce: 'pre',
    transform(code, id) {
      if (!isPage.test(id)) return;
      const names = lessonComponents.filter((name) => existsSync(`${folder}${name}.astro`));
      const imports = names.map((name) => `import Lesson${name} from '${folder}${name}.astro';`);
      const entries = names.map((name) => `${name}: Lesson${name}`);
      return {
        code: `${code}\n\n${imports.join('\n')}\nexport const components = { ${entries.join(', ')} };\n`,
        map: null,
      };
    },
  };
}
