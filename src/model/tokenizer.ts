/** Words and the numbers that stand for them. One word is one token: the vocabulary is a list of words. */

import { distance } from 'fastest-levenshtein';

export interface UnknownWord {
  word: string;
  /** Its place in `words`, from 0. */
  index: number;
  /** Words of the vocabulary that are written alike, nearest first; at most three, perhaps none. */
  suggestions: string[];
}

export interface Encoded {
  /** Ids for the model: the start marker, then the words that are known. */
  ids: number[];
  /** All words of the text, lower-case, punctuation split off, without the start marker. */
  words: string[];
  unknown: UnknownWord[];
  /** Set when there are more words than the model can take in. */
  tooLong?: { words: number; most: number };
}

export interface Tokenizer {
  /** vocabulary[id] is the word; id 0 is the marker for start and end. */
  vocabulary: readonly string[];
  /** Most words in one text, without the start marker. */
  mostWords: number;
  encode(text: string): Encoded;
  /** The words, separated by spaces; the marker shows as it is written in the vocabulary. */
  decode(ids: readonly number[]): string;
  /** A word's id, or undefined. */
  idOf(word: string): number | undefined;
}

/** A misspelling is at most this many letters away. */
const FARTHEST = 2;
/** A longer "word" gets no suggestions: it is no misspelling of ours, and comparing takes time. */
const LONGEST_WORD = 30;

/**
 * A tokenizer for a list of words.
 *
 * @param vocabulary word by id; id 0 is the start and end marker
 * @param contextLength most ids the model takes, the start marker included
 */
export function createTokenizer(vocabulary: readonly string[], contextLength: number): Tokenizer {
  // a map, since a reader may type "constructor"
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  const mostWords = contextLength - 1;
  return {
    vocabulary,
    mostWords,
    idOf: (word) => ids.get(word),
    decode: (list) =>
      list
        .map((id) => {
          if (vocabulary[id] === undefined) {
            throw new RangeError(`Expected ids from 0 to ${vocabulary.length - 1} but received ${id}.`);
          }
          return vocabulary[id];
        })
        .join(' '),
    encode(text) {
      const words = splitWords(text);
      const known: number[] = [0];
      const unknown: UnknownWord[] = [];
      words.forEach((word, index) => {
        const id = ids.get(word);
        if (id === undefined || id === 0) unknown.push({ word, index, suggestions: suggest(word, vocabulary) });
        else known.push(id);
      });
      const tooLong = words.length > mostWords ? { words: words.length, most: mostWords } : undefined;
      return { ids: known, words, unknown, ...(tooLong && { tooLong }) };
    },
  };
}

/** Lower-case words; every mark of punctuation is a word of its own, but an apostrophe or hyphen inside a word stays. */
export function splitWords(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*|[^\s]/gu) ?? []
  );
}

/** The words written most like this one. */
function suggest(word: string, vocabulary: readonly string[]): string[] {
  if (word.length > LONGEST_WORD) return [];
  const candidates: { candidate: string; far: number }[] = [];
  for (const candidate of vocabulary.slice(1)) {
    if (!/\p{L}/u.test(candidate)) continue;
    const far = distance(word, candidate);
    // two changed letters turn any short word into any other
    const most = Math.min(FARTHEST, Math.floor(Math.max(word.length, candidate.length) / 3));
    const begun = word.length >= 3 && candidate.startsWith(word);
    if (far <= most || begun) candidates.push({ candidate, far: begun ? Math.min(far, FARTHEST) : far });
  }
  return candidates
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
