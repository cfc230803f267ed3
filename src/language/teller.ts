import type { Distribution } from './distribution.ts';

/** The end of a text, and the marker before its first word. Not a word of the language. */
export const END = '<end>';

/**
 * What the grammar talks to. Every kind of story is written once, as a program that makes decisions through a teller;
 * the {@link Sampler} decides by chance and so writes a text, the {@link Filter} follows every decision that agrees with
 * a given text and so finds exact probabilities.
 */
export interface Teller {
  /** How many words have been said. */
  readonly length: number;
  /** A decision that the text does not show at once. Gives an index; weights need not add up to 1. */
  choose(weights: readonly number[]): number;
  /** Says one word, drawn from a distribution, and gives it. After {@link END} the story must return. */
  pick(from: Distribution): string;
  /** Says words that could not have been others. */
  emit(words: string): void;
}

const splits = new Map<string, readonly string[]>();

/** The words of a phrase, split once for every phrase of the grammar. */
export function splitPhrase(phrase: string): readonly string[] {
  let words = splits.get(phrase);
  if (words === undefined) {
    words = phrase.split(' ');
    splits.set(phrase, words);
  }
  return words;
}
