import type { Distribution } from './distribution.ts';
import { Filter } from './filter.ts';
import { tell } from './grammar.ts';
import { Sampler } from './sampler.ts';
import { END } from './teller.ts';
import { vocabulary } from './vocabulary.ts';

export type { Distribution };
export { END, vocabulary };

/** A text the grammar cannot have told, with the first word that shows it. */
export class OutsideLanguageError extends Error {
  override readonly name = 'OutsideLanguageError';
  /** The first word that cannot stand where it stands … */
  readonly word: string;
  /** … its index, from 0 … */
  readonly index: number;
  /** … and what could have stood there instead, likeliest first. */
  readonly expected: readonly string[];

  constructor(word: string, index: number, expected: readonly string[]) {
    const could = expected
      .slice(0, 6)
      .map((other) => `"${other}"`)
      .join(', ');
    super(
      expected.length === 0
        ? `outside the language: nothing can follow the end of a text, but word ${index + 1} is "${word}"`
        : `outside the language: word ${index + 1} is "${word}", where the grammar could only say ${could}` +
            (expected.length > 6 ? ` or one of ${expected.length - 6} more` : ''),
    );
    this.word = word;
    this.index = index;
    this.expected = expected;
  }
}

/**
 * Writes one text of the language.
 * @param seed an integer; the same seed gives the same text
 * @returns its words, and for every word and the end (words.length + 1 entries) the distribution it was drawn from, null
 *   where only one word was possible. A distribution is the same object each time it is used.
 */
export function sample(seed: number): { words: string[]; drawnFrom: (Distribution | null)[] } {
  const sampler = new Sampler(seed);
  tell(sampler);
  const { words, drawnFrom } = sampler;
  if (drawnFrom.length === words.length) drawnFrom.push(null);
  return { words, drawnFrom };
}

/**
 * The exact probability of every word that can follow a text: summed over all ways in which the grammar could have told
 * the words so far.
 * @returns word (or END) → probability, likeliest first, adding up to 1; words that cannot follow are left out
 * @throws OutsideLanguageError if the grammar cannot tell the words
 */
export function trueNextWord(words: readonly string[]): Map<string, number> {
  const filter = new Filter(words).run(tell);
  if (!(filter.reached[words.length] > 0)) throw outside(words, filter);
  return normalised(filter.next[words.length]);
}

/**
 * {@link trueNextWord} after no word, the first word, the first two, …: words.length + 1 entries, in one pass.
 * @throws OutsideLanguageError if the grammar cannot tell the words
 */
export function trueNextWords(words: readonly string[]): Map<string, number>[] {
  const filter = new Filter(words, 0).run(tell);
  if (!(filter.reached[words.length] > 0)) throw outside(words, filter);
  return filter.next.map(normalised);
}

/**
 * How surprising each word of a whole text is: −ln of its true probability, in nats, for every word and then the end
 * (words.length + 1 entries).
 * @throws OutsideLanguageError if the grammar cannot tell the words, or cannot end there
 */
export function surprisal(words: readonly string[]): number[] {
  const text = [...words, END];
  const filter = new Filter(text).run(tell);
  if (!(filter.reached[text.length] > 0)) throw outside(text, filter);
  return text.map((_, i) => -Math.log(filter.reached[i + 1] / filter.reached[i]));
}

function normalised(next: ReadonlyMap<string, number>): Map<string, number> {
  let sum = 0;
  for (const probability of next.values()) sum += probability;
  const entries = [...next].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  return new Map(entries.map(([word, probability]) => [word, probability / sum]));
}

function outside(text: readonly string[], filter: Filter): OutsideLanguageError {
  const index = text.findIndex((_, i) => !(filter.reached[i + 1] > 0));
  const { next } = new Filter(text.slice(0, index)).run(tell);
  return new OutsideLanguageError(text[index], index, [...normalised(next[index]).keys()]);
}
