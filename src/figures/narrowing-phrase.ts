/**
 * A phrase put together word by word, and who still fits it. The page's script answers from the parts of the crowd that the
 * figure holds, which is a hundredth of what the language's rules would weigh.
 */
import type { Cell } from './figure-data.ts';
import { rounded } from './numbers.ts';

/** Introductions that fit the same of the modifiers, as `detail.crowd` of a narrowing figure keeps them. */
export type Crowd = readonly (readonly [fits: readonly string[], share: number])[];

/** Words that say how much; they belong to the first describing word. */
const degrees: readonly string[] = ['very', 'most'];

const isRealm = (word: string) => word.startsWith('in the ');
const isAdjective = (word: string) => word !== 'a' && !degrees.includes(word) && !isRealm(word);

/** The words to put together, each by itself, from modifiers such as `very beautiful`: in the order of a phrase. */
export function wordsOf(modifiers: readonly string[]): string[] {
  const words = modifiers.flatMap((modifier) => (isRealm(modifier) ? [modifier] : modifier.split(' ')));
  const place = (word: string) => (word === 'a' ? 0 : degrees.includes(word) ? 1 : isRealm(word) ? 3 : 2);
  return [...new Set(words)].sort((one, other) => place(one) - place(other));
}

/** Everything that can be asked for by putting some words together: `a`, `beautiful`, `very beautiful`, … */
export function modifiersFrom(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    if (degrees.includes(word)) return [];
    return isAdjective(word) ? [word, ...degrees.filter((d) => words.includes(d)).map((d) => `${d} ${word}`)] : [word];
  });
}

/** What a word cannot do without; undefined where nothing is missing. */
export function missingFor(word: string, others: readonly string[]): 'a describing word' | '*most*' | undefined {
  if (degrees.includes(word) && !others.some(isAdjective)) return 'a describing word';
  // The stories say where only of the most beautiful, the cleverest, …
  if (isRealm(word) && !others.includes('most')) return '*most*';
  return undefined;
}

/**
 * The same words in an order in which each comes after what it cannot do without; those that never get it are left out.
 * Otherwise their order stays.
 */
export function sayable(words: readonly string[]): string[] {
  const said: string[] = [];
  for (;;) {
    const next = words.find((word) => !said.includes(word) && missingFor(word, said) === undefined);
    if (next === undefined) return said;
    said.push(next);
  }
}

/** What words in the order of their coming ask for: `very` and `most` belong to the first describing word. */
function asked(words: readonly string[]): string[] {
  const first = words.find(isAdjective);
  return words.flatMap((word) => (degrees.includes(word) ? [`${word} ${first}`] : [word]));
}

/** 'a very beautiful tall woman'; 'the most beautiful woman in the world'. */
export function phraseOf(noun: string, words: readonly string[]): string {
  const said = degrees.filter((word) => words.includes(word));
  const before = words.includes('most') ? ['the'] : words.includes('a') ? ['a'] : [];
  const phrase = [...before, ...said, ...words.filter(isAdjective), noun, ...words.filter(isRealm)].join(' ');
  return phrase.replace(/^a (?=[aeiou])/, 'an ');
}

/** The share of the whole crowd that fits the words. */
export function shareThatFits(crowd: Crowd, words: readonly string[]): number {
  const wanted = asked(words);
  const fitting = crowd.filter(([fits]) => wanted.every((modifier) => fits.includes(modifier)));
  // The parts are rounded, and so is their sum: all of them together are everyone.
  return fitting.length === crowd.length ? 1 : fitting.reduce((sum, [, share]) => sum + share, 0);
}

/**
 * Rows of a narrowing figure: what is said, the share that fits, how many halvings that is, and how many the step brought.
 * Where nobody is left there is nothing to halve.
 */
export function narrowingRows(steps: readonly { say: string; share: number }[]): Cell[][] {
  return steps.map(({ say, share }, step) => {
    const before = step === 0 ? 1 : steps[step - 1].share;
    if (share === 0) return [say, 0, null, before === 0 ? 0 : null];
    return [say, rounded(share), rounded(-Math.log2(share)), rounded(Math.log2(before / share))];
  });
}

/** The rows of a phrase that grows word by word, from the noun by itself. */
export function rowsOfPhrase(noun: string, crowd: Crowd, words: readonly string[]): Cell[][] {
  const steps = [[], ...words.map((_, i) => words.slice(0, i + 1))];
  return narrowingRows(steps.map((said) => ({ say: phraseOf(noun, said), share: shareThatFits(crowd, said) })));
}
