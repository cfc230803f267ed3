/** What is true of the little language's next word. A page fetches this, and with it the language, only when it is asked. */
import { trueNextWord } from '../language/language.ts';
import { END } from '../language/teller.ts';
import { vocabulary } from '../language/vocabulary.ts';
import type { Odds } from './odds.ts';
import { END_OF_TEXT } from './text.ts';

/**
 * The true odds after some words: a word that can never come has 0, one outside the vocabulary has no entry.
 * @throws OutsideLanguageError where the language never says these words
 */
export function oddsTrue(words: readonly string[]): Odds {
  const next = trueNextWord(words);
  return new Map(vocabulary.map((word) => [word === END ? END_OF_TEXT : word, next.get(word) ?? 0]));
}
