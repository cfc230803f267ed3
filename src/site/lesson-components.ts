/**
 * What a page may write in MDX without importing it, and the terms of a lesson, which lead to their meaning without being
 * tagged. The lines go to the end of the file, so that the lines an error message names stay those of the author.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'astro';
import { tagNames } from '../figures/tags.ts';
import { readGlossary } from './glossary.ts';
import { lessonsOf, readOutline } from './outline.ts';
import { markTerms } from './terms.ts';

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/** With the slashes of an import, on Windows too. */
const folder = fileURLToPath(new URL('../components/', import.meta.url)).replaceAll('\\', '/');
const isPage = /\/content\/docs\/.*\.mdx$/;
const isLesson = /\/content\/docs\/lessons\/.*\.mdx$/;
const contentFile = (name: string) => readFileSync(new URL(`../../content/${name}`, import.meta.url), 'utf8');

/** Gives every page the tags of `figures/tags.ts`, and the terms of a lesson their tag. */
export function lessonComponentsPlugin(): Plugin {
  return {
    name: 'lesson-components',
    enforce: 'pre',
    transform(code, id) {
      if (!isPage.test(id)) return;
      const imports = tagNames.map((name) => `import Lesson${name} from '${folder}${name}.astro';`);
      const entries = tagNames.map((name) => `${name}: Lesson${name}`);
      const text = isLesson.test(id) ? withTerms(code) : code;
      return {
        code: `${text}\n\n${imports.join('\n')}\nexport const components = { ${entries.join(', ')} };\n`,
        map: null,
      };
    },
  };
}

function withTerms(source: string): string {
  const slugs = lessonsOf(readOutline(contentFile('outline.yaml'))).map(({ slug }) => slug);
  try {
    return markTerms(source, readGlossary(contentFile('glossary.yaml'), slugs));
  } catch {
    // Of a text that is not MDX, or a glossary that is not right, others complain, and know the line.
    return source;
  }
}
