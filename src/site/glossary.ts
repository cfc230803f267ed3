/** The words of the field and the plain words for them, read from content/glossary.yaml. */
import { parse } from 'yaml';
import { z } from 'zod';

const entry = z.strictObject({
  /** What one would say without the term. */
  plain: z.string().min(1),
  term: z.string().min(1),
  /** Other names for it. */
  also: z.array(z.string().min(1)).optional(),
  /** A sentence or two; *word* in italics. */
  means: z.string().regex(/[.!?]$/, 'ends like a sentence'),
  /** Slug of the lesson that introduces the term. */
  lesson: z.string().min(1),
  /** True of a term that is an everyday word as well: 'key' is looked for only where it is marked. */
  everyday: z.boolean().optional(),
});

export type GlossaryEntry = z.infer<typeof entry>;

/**
 * The entries in the order of the file.
 *
 * @param lessons slugs of all lessons, written or not: an entry may name no other.
 * @throws {Error} naming every mistake, when the file does not have the form its first lines describe.
 */
export function readGlossary(yaml: string, lessons: readonly string[]): GlossaryEntry[] {
  const read = z.array(entry).min(1).safeParse(parse(yaml));
  if (!read.success) throw new Error(`content/glossary.yaml is not right:\n${z.prettifyError(read.error)}`);
  const seen = new Set<string>();
  for (const { term, lesson } of read.data) {
    if (seen.has(term)) throw new Error(`content/glossary.yaml has the term '${term}' twice; keep one of the two.`);
    if (!lessons.includes(lesson)) {
      throw new Error(
        `content/glossary.yaml says that '${term}' comes in the lesson '${lesson}', which content/outline.yaml does not have. Its lessons are ${lessons.join(', ')}.`,
      );
    }
    seen.add(term);
  }
  return read.data;
}

/** What a heading or a term is called in an address: 'top-k', 'dot-product'. */
export function anchorOf(term: string): string {
  return term.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** A regular expression for a term in any of its forms: 'query', 'Query' and 'queries', 'logits' and 'logit'. */
export function patternOf(term: string): string {
  const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
  const first = escaped.replace(/^[a-z]/i, (c) => `[${c.toLowerCase()}${c.toUpperCase()}]`);
  if (/[^aeiou]y$/.test(term)) return `${first.slice(0, -1)}(?:y|ies)`;
  if (/(?:x|ss|sh|ch)$/.test(term)) return `${first}(?:es)?`;
  return /s$/.test(term) ? `${first}?` : `${first}s?`;
}

/** The entry that a marked text means, or undefined. */
export function entryOf(entries: readonly GlossaryEntry[], text: string): GlossaryEntry | undefined {
  const means = (name: string) => new RegExp(`^${patternOf(name)}$`).test(text.trim());
  return entries.find(({ term, also = [] }) => [term, ...also].some(means));
}
