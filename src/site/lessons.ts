/** The lessons as they are written, and the glossary, read from the folder of the project. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type GlossaryEntry, readGlossary } from './glossary.ts';
import { lessonsOf, type OutlineLesson, readOutline } from './outline.ts';
import type { LessonSource } from './terms.ts';

/**
 * @param root the project's folder
 * @returns the lessons that have a file, in their order, and the glossary
 */
export function readLessons(root: string): {
  lessons: LessonSource[];
  entries: GlossaryEntry[];
  outline: OutlineLesson[];
} {
  const outline = lessonsOf(readOutline(readFileSync(join(root, 'content/outline.yaml'), 'utf8')));
  const order = outline.map(({ slug }) => slug);
  const entries = readGlossary(readFileSync(join(root, 'content/glossary.yaml'), 'utf8'), order);
  const lessons = globSync('content/docs/lessons/*.mdx', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .map((file) => ({ slug: basename(file, '.mdx'), file, source: readFileSync(join(root, file), 'utf8') }))
    .sort((a, b) => order.indexOf(a.slug) - order.indexOf(b.slug));
  return { lessons, entries, outline };
}
