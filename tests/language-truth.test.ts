import { describe, expect, test } from 'vitest';
import {
  END,
  OutsideLanguageError,
  sample,
  surprisal,
  trueNextWord,
  trueNextWords,
  vocabulary,
} from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));
const nextAfter = (text: string): Map<string, number> => trueNextWord(words(text));
const sum = (next: ReadonlyMap<string, number>): number => [...next.values()].reduce((total, p) => total + p, 0);

test('the probabilities after any beginning add up to 1, likeliest first, all of them words', () => {
  const random = mulberry32(7);
  const known = new Set(vocabulary);
  for (let i = 0; i < 300; i++) {
    const text = sample(2_000_000 + i).words;
    const next = trueNextWord(text.slice(0, Math.floor(random() * (text.length + 1))));
    expect(Math.abs(sum(next) - 1)).toBeLessThan(1e-9);
    const probabilities = [...next.values()];
    probabilities.forEach((probability, k) => {
      expect(probability).toBeGreaterThan(0);
      if (k > 0) expect(probability).toBeLessThanOrEqual(probabilities[k - 1]);
    });
    for (const word of next.keys()) expect(known.has(word), word).toBe(true);
  }
});

describe('200,000 sampled texts', () => {
  /** How far Pearson's χ² lies from what chance gives, in standard deviations (Wilson and Hilferty 1931). */
  const deviations = (chiSquare: number, freedom: number): number => {
    const variance = 2 / (9 * freedom);
    return (Math.cbrt(chiSquare / freedom) - (1 - variance)) / Math.sqrt(variance);
  };
  /** χ² of the words that followed a beginning; those that are expected fewer than 10 times count as one. */
  const compare = (truth: ReadonlyMap<string, number>, followed: ReadonlyMap<string, unknown[]>, total: number) => {
    let chiSquare = 0;
    let freedom = -1;
    let rare = { seen: total, expected: total };
    for (const [word, probability] of truth) {
      const expected = total * probability;
      if (expected < 10) continue;
      const seen = followed.get(word)?.length ?? 0;
      chiSquare += (seen - expected) ** 2 / expected;
      rare = { seen: rare.seen - seen, expected: rare.expected - expected };
      freedom++;
    }
    if (rare.expected < 10) return { chiSquare, freedom };
    return { chiSquare: chiSquare + (rare.seen - rare.expected) ** 2 / rare.expected, freedom: freedom + 1 };
  };

  test('agree with the exact probabilities after every beginning that a hundred of them share', () => {
    const texts = Array.from({ length: 200_000 }, (_, i) => [...sample(3_000_000 + i).words, END]);
    const all = { chiSquare: 0, freedom: 0 };
    let beginnings = 0;
    let longest = 0;
    const visit = (start: readonly string[], sharing: readonly (readonly string[])[]): void => {
      const followed = new Map<string, (readonly string[])[]>();
      for (const text of sharing) {
        const word = text[start.length];
        const group = followed.get(word);
        if (group) group.push(text);
        else followed.set(word, [text]);
      }
      const truth = trueNextWord(start);
      expect(Math.abs(sum(truth) - 1)).toBeLessThan(1e-9);
      expect(
        [...followed.keys()].filter((word) => !truth.has(word)),
        start.join(' '),
      ).toEqual([]);
      const { chiSquare, freedom } = compare(truth, followed, sharing.length);
      beginnings++;
      longest = Math.max(longest, start.length);
      if (freedom > 0) {
        // one beginning in three million would be farther off by chance, and the seeds are fixed
        expect(deviations(chiSquare, freedom), start.join(' ')).toBeLessThan(5);
        all.chiSquare += chiSquare;
        all.freedom += freedom;
      }
      for (const [word, group] of followed) if (word !== END && group.length >= 100) visit([...start, word], group);
    };
    visit([], texts);
    expect(beginnings).toBeGreaterThan(800);
    expect(longest).toBeGreaterThan(7);
    // Neither farther from the truth than chance would be, all beginnings together, nor nearer.
    expect(all.freedom).toBeGreaterThan(5000);
    expect(Math.abs(deviations(all.chiSquare, all.freedom))).toBeLessThan(4);
  });
});

test('later words, too, are as surprising on average as the exact probabilities say', () => {
  // What a drawn word's surprisal exceeds the entropy by is 0 on average, whatever came before.
  let excess = 0;
  let variance = 0;
  for (let i = 0; i < 800; i++) {
    const text = sample(7_000_000 + i).words;
    trueNextWords(text).forEach((next, place) => {
      expect(Math.abs(sum(next) - 1)).toBeLessThan(1e-9);
      const entropy = -[...next.values()].reduce((total, p) => total + p * Math.log(p), 0);
      excess += -Math.log(next.get(text[place] ?? END)!) - entropy;
      for (const p of next.values()) variance += p * (-Math.log(p) - entropy) ** 2;
    });
  }
  expect(Math.abs(excess) / Math.sqrt(variance)).toBeLessThan(4);
});

test('one pass over a text gives what asking after every word gives', () => {
  for (let seed = 0; seed < 25; seed++) {
    const text = sample(4_000_000 + seed).words;
    const all = trueNextWords(text);
    expect(all.length).toBe(text.length + 1);
    all.forEach((next, i) => {
      const single = trueNextWord(text.slice(0, i));
      expect(next.size).toBe(single.size);
      for (const [word, probability] of single) expect(next.get(word)).toBeCloseTo(probability, 12);
    });
  }
});

test('surprisal is −ln of the true probability, word by word to the end', () => {
  for (let seed = 0; seed < 60; seed++) {
    const text = sample(5_000_000 + seed).words;
    const nats = surprisal(text);
    const truth = trueNextWords(text);
    expect(nats.length).toBe(text.length + 1);
    for (const [i, word] of [...text, END].entries()) expect(nats[i]).toBeCloseTo(-Math.log(truth[i].get(word)!), 9);
  }
});

describe("the guide's sentence", () => {
  const next = nextAfter('there was a beautiful woman with an ugly');

  test('has the probabilities of the source', () => {
    const source = { cat: 0.42, dog: 0.28, creature: 0.09, hat: 0.05, man: 0.04, face: 0.03, personality: 0.02 };
    for (const [word, probability] of Object.entries(source)) {
      expect(Math.abs(next.get(word)! - probability), word).toBeLessThan(0.003);
    }
    expect([...next.keys()].slice(0, 7)).toEqual(Object.keys(source));
    expect([...next.values()][7]).toBeLessThan(0.01);
  });

  test('leaves the wrong words of the source as little as the source does', () => {
    const source = { the: 0.0002, with: 0.0001, since: 0.00005 };
    for (const [word, probability] of Object.entries(source)) {
      expect(Math.abs(next.get(word)! / probability - 1), word).toBeLessThan(0.1);
    }
  });

  test.each([
    'there was a kind the with a small since . there was a beautiful woman with an ugly',
    'there was a tall since with a black since . there was a beautiful woman with an ugly',
    'there was a kind with with a small the . there was a beautiful woman with an ugly',
  ])('makes them likely after mistakes: %s', (text) => {
    const spoiled = nextAfter(text);
    expect(spoiled.get('since')! / next.get('since')!).toBeGreaterThan(100);
    expect(spoiled.get('cat')!).toBeLessThan(0.2);
  });

  test('gives the woman her adjective and the cat its own', () => {
    const scene = 'there was a beautiful woman with an ugly cat .';
    const she = nextAfter(`${scene} the woman was`);
    const it = nextAfter(`${scene} the cat was`);
    expect(she.get('beautiful')!).toBeGreaterThan(50 * (she.get('ugly') ?? 0));
    expect(it.get('ugly')!).toBeGreaterThan(20 * (it.get('beautiful') ?? 0));
    expect(nextAfter(`${scene} she was`).get('beautiful')!).toBeGreaterThan(0.5);
    const turned = nextAfter('there was an ugly cat with a beautiful woman . the woman was');
    expect(turned.get('beautiful')!).toBeGreaterThan(0.8);
  });
});

test('a surname is certain once it has been read', () => {
  expect(nextAfter('anna smith met ben jones . anna').get('smith')).toBe(1);
});

describe('outside the language', () => {
  const fails = (text: string, ask: (words: string[]) => unknown = trueNextWord): OutsideLanguageError => {
    try {
      ask(words(text));
    } catch (error) {
      expect(error).toBeInstanceOf(OutsideLanguageError);
      return error as OutsideLanguageError;
    }
    throw new Error(`"${text}" was taken to be in the language`);
  };

  test('the first impossible word is named, with what could have come', () => {
    const error = fails('there was a beautiful dragon with an ugly cat');
    expect([error.word, error.index]).toEqual(['dragon', 4]);
    expect(error.expected[0]).toBe('woman');
    expect(error.message).toContain('word 5 is "dragon"');
    expect(error.message).toContain('"woman"');
  });

  test('so it is by every way of asking', () => {
    for (const ask of [trueNextWord, trueNextWords, surprisal]) {
      expect(fails('the the', ask).index).toBe(1);
    }
  });

  test('a text that stops too early has END as its impossible word', () => {
    const error = fails('there was a', surprisal);
    expect([error.word, error.index]).toEqual([END, 3]);
  });

  test('nothing follows the end', () => {
    const error = fails(`it was a very lovely creature . ${END} the`);
    expect([error.word, error.index, error.expected.length]).toEqual(['the', 8, 0]);
    expect(error.message).toContain('end of a text');
  });
});
