/** Words with weights, as the tables of the lexicon have them: any positive numbers, only their ratios count. */
export type Weights = Record<string, number>;

/** The words that may come at some place, with probabilities that add up to 1. Never changed after it was made. */
export interface Distribution {
  readonly words: readonly string[];
  /** probabilities[i] belongs to words[i] */
  readonly probabilities: readonly number[];
  /** The same by word; a word that is not in it has probability 0. */
  readonly byWord: ReadonlyMap<string, number>;
}

/**
 * Reads a table such as `cat:42 dog:28 bird`; a word without a number weighs 1.
 * @throws RangeError for a weight that is not a number of at least 0
 */
export function weights(table: string): Weights {
  const result: Weights = {};
  for (const entry of table.trim().split(/\s+/)) {
    const [word, weight] = entry.split(':');
    result[word] = weight === undefined ? 1 : Number(weight);
    if (!(result[word] >= 0)) throw new RangeError(`weights: expected "word:number" but received "${entry}"`);
  }
  return result;
}

/** The words of a table, without weights. */
export const wordsOf = (table: string): string[] => table.trim().split(/\s+/);

/**
 * Probabilities from weights. Words of weight 0 are left out.
 * @throws RangeError if no word has a weight above 0
 */
export function distribution(from: Weights): Distribution {
  const words: string[] = [];
  const probabilities: number[] = [];
  let sum = 0;
  for (const word in from) {
    if (from[word] > 0) {
      words.push(word);
      probabilities.push(from[word]);
      sum += from[word];
    }
  }
  if (words.length === 0) throw new RangeError('distribution: expected at least one word with a weight above 0');
  for (let i = 0; i < probabilities.length; i++) probabilities[i] /= sum;
  return new WordDistribution(words, probabilities);
}

class WordDistribution implements Distribution {
  readonly words: readonly string[];
  readonly probabilities: readonly number[];
  private map: ReadonlyMap<string, number> | undefined;

  constructor(words: readonly string[], probabilities: readonly number[]) {
    this.words = words;
    this.probabilities = probabilities;
  }

  /** Made when it is first asked for: whoever only samples never asks. */
  get byWord(): ReadonlyMap<string, number> {
    this.map ??= new Map(this.words.map((word, i) => [word, this.probabilities[i]]));
    return this.map;
  }
}

/** A distribution straight from a table such as `cat:42 dog:28`. */
export const table = (text: string): Distribution => distribution(weights(text));

/** One distribution out of several (or of single words), each with its share. Shares need not add up to 1. */
export function mix(parts: readonly (readonly [share: number, part: Distribution | string])[]): Distribution {
  const result: Weights = {};
  let sum = 0;
  for (const [share] of parts) sum += share;
  for (const [share, part] of parts) {
    if (share <= 0) continue;
    if (typeof part === 'string') result[part] = (result[part] ?? 0) + share / sum;
    else {
      for (let i = 0; i < part.words.length; i++) {
        const word = part.words[i];
        result[word] = (result[word] ?? 0) + (share / sum) * part.probabilities[i];
      }
    }
  }
  return distribution(result);
}

/** Visits every word with its probability. */
export function each(of: Distribution, visit: (word: string, probability: number) => void): void {
  for (let i = 0; i < of.words.length; i++) visit(of.words[i], of.probabilities[i]);
}

/** The same distribution with some words taken out, the others raised in proportion. */
export function without(from: Distribution, taken: readonly string[]): Distribution {
  const result: Weights = {};
  from.words.forEach((word, i) => {
    if (!taken.includes(word)) result[word] = from.probabilities[i];
  });
  return distribution(result);
}

/**
 * Remembers what a function of strings gave. Distributions are made once and then shared, so that sampling is fast and
 * a caller can keep something of its own (such as token ids) for each distribution. Only for arguments that come in at
 * most some ten thousand combinations, since nothing is ever forgotten.
 */
export function remember<Parts extends string[], Result>(
  make: (...parts: Parts) => Result,
): (...parts: Parts) => Result {
  const known = new Map<string, Result>();
  return (...parts) => {
    const key = parts.length === 1 ? parts[0] : parts.join('|');
    let result = known.get(key);
    if (result === undefined) {
      result = make(...parts);
      known.set(key, result);
    }
    return result;
  };
}

/** All words equally likely. */
export const equally = remember((...words): Distribution => distribution(weights(words.join(' '))));
