/** Text for a page and for a file, and how a figure names a word of its sentence. */
import { FigureError } from './figure-error.ts';

/** The marker before the first word, as figures and their tables call it: a place, not a word. */
export const START = 'start';
/** The same marker where it could come next: then it ends the text. */
export const END_OF_TEXT = 'end of text';

/** A word of the vocabulary as a sentence speaks of it: a mark alone would be overlooked. `*word*` stands in italics. */
export function spokenOf(word: string): string {
  return { '.': 'the full stop', [END_OF_TEXT]: 'the end of the text' }[word] ?? `*${word}*`;
}

/** Safe inside HTML and SVG text and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}

/** Title, caption or notice as HTML: escaped, and *word* in italics. */
export function inlineHtml(text: string): string {
  return escapeHtml(text).replace(/\*([^*\n]+)\*/g, '<i>$1</i>');
}

/** The same without marks, for titles of files and for labels. */
export function plainText(text: string): string {
  return text.replace(/\*([^*\n]+)\*/g, '$1');
}

/**
 * Names for the words of a text that are all different: a word that stands there once is its own name, one that comes
 * back is counted: 'was 1', 'was 2'. Vocabulary words hold no space and no digit, so the two never meet.
 */
export function wordNames(words: readonly string[]): string[] {
  const total = new Map<string, number>();
  for (const word of words) total.set(word, (total.get(word) ?? 0) + 1);
  const seen = new Map<string, number>();
  return words.map((word) => {
    if (total.get(word) === 1) return word;
    const n = (seen.get(word) ?? 0) + 1;
    seen.set(word, n);
    return `${word} ${n}`;
  });
}

/**
 * The position a declaration means by 'was' (its last occurrence) or 'was 1' (its first).
 * @throws FigureError naming the words there are
 */
export function findWord(words: readonly string[], asked: string, field = 'word'): number {
  const match = /^(\S+)(?: (\d+))?$/.exec(asked.trim().toLowerCase());
  const word = match?.[1] ?? asked;
  const places = words.flatMap((w, i) => (w === word ? [i] : []));
  const place = match?.[2] ? places[Number(match[2]) - 1] : places.at(-1);
  if (place === undefined) {
    throw new FigureError(
      `${field}: expected one of ${wordNames(words).join(', ')}, but '${asked}' came. Write a word of the text, with a number after it where it stands there more than once.`,
      field,
    );
  }
  return place;
}

/** The row that holds what the named words leave over. */
export const OTHER_WORDS = 'every other word';
