/** The glossary for the page that is being rendered, and where its entries stand on this site. */
import glossaryText from '../../content/glossary.yaml?raw';
import outlineText from '../../content/outline.yaml?raw';
import { withBase } from './base.ts';
import { anchorOf, entryOf, type GlossaryEntry, readGlossary } from './glossary.ts';
import { lessonsOf, readOutline } from './outline.ts';

export const lessons = lessonsOf(readOutline(outlineText));

export const glossary = readGlossary(
  glossaryText,
  lessons.map(({ slug }) => slug),
);

/** The address of an entry, base path included. */
export function glossaryLink(entry: GlossaryEntry): string {
  return withBase(import.meta.env.BASE_URL, `/reference/glossary/#${anchorOf(entry.term)}`);
}

/** Where a badge leads to: the entry of its word; nowhere when there is none. */
export function badgeLink(word: string): string | undefined {
  const entry = entryOf(glossary, word);
  return entry && glossaryLink(entry);
}
