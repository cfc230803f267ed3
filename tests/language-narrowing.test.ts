import { expect, test } from 'vitest';
import { kinds } from '../src/language/grammar.ts';
import type { Degree, Introduction } from '../src/language/introduction.ts';
import { isAdjective, isIntensifier } from '../src/language/lexicon/adjectives.ts';
import { describedNouns, modifiersOf, narrow } from '../src/language/narrowing.ts';
import { mulberry32 } from '../src/language/random.ts';
import { Sampler } from '../src/language/sampler.ts';

type Phrase = Omit<Introduction, 'expected'>;

/** The phrase in which a text first mentions a noun, read from the words alone; null where there is none. */
function firstPhrase(words: readonly string[], noun: string): Phrase | null {
  const at = words.indexOf(noun);
  if (at < 0) return null;
  let start = at;
  while (
    start > 0 &&
    (isAdjective(words[start - 1]) || isIntensifier(words[start - 1]) || words[start - 1] === 'most')
  ) {
    start--;
  }
  const before = words.slice(start, at);
  let degree: Degree = 'plain';
  if (before.some((word) => ['very', 'really', 'extremely'].includes(word))) degree = 'very';
  if (before.includes('most')) degree = 'most';
  return {
    isNew: words[start - 1] !== 'the' || degree === 'most',
    degree,
    adjectives: before.filter(isAdjective),
    realm: degree === 'most' ? words[at + 3] : undefined,
  };
}

/** What is compared of a phrase. */
const traits = (noun: string, { isNew, degree, adjectives, realm }: Phrase): string[] => [
  noun,
  `${noun}, ${isNew ? 'new' : 'known'}`,
  `${noun}, ${degree}`,
  `${noun}, ${adjectives.length} adjectives`,
  `${noun}, ${degree} ${adjectives.join(' ')}`,
  `${noun}, in the ${realm}`,
];

function add(sums: Map<string, number>, keys: readonly string[], value: number): void {
  for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + value);
}

test.each(Object.keys(kinds).filter((name) => kinds[name].introduces))(
  '%s: the count agrees with its texts',
  (name) => {
    const { tell, introduces } = kinds[name];
    // Nouns that no text mentions in another way before it introduces them.
    const nouns = ['woman', 'man', 'witch', 'cat', 'dog', 'face', 'personality', 'rabbit'];
    if (name === 'names') nouns.push('doctor', 'artist');
    const texts = 8000;
    const said = new Map<string, number>();
    for (let seed = 0; seed < texts; seed++) {
      const sampler = new Sampler(6_000_000 + seed);
      tell(sampler);
      for (const noun of nouns) {
        const phrase = firstPhrase(sampler.words, noun);
        if (phrase !== null) add(said, traits(noun, phrase), 1);
      }
    }
    const counted = new Map<string, number>();
    for (const noun of nouns) introduces!(noun, texts, (found) => add(counted, traits(noun, found), found.expected));

    expect([...said.keys()].filter((trait) => !counted.has(trait))).toEqual([]);
    expect(said.size).toBeGreaterThan(4);
    for (const [trait, expected] of counted) {
      if (expected < 10) continue;
      const deviation = Math.sqrt(expected * (1 - expected / texts));
      const difference = Math.abs((said.get(trait) ?? 0) - expected);
      expect(difference, `${trait}: ${said.get(trait)} for ${expected}`).toBeLessThanOrEqual(5 * deviation + 1e-6);
    }
  },
);

test("the guide's phrases narrow step by step", () => {
  const chain = [
    [],
    ['a'],
    ['a', 'beautiful'],
    ['a', 'very', 'beautiful'],
    ['most', 'beautiful'],
    ['most', 'beautiful', 'in the world'],
  ];
  const shares = chain.map((modifiers) => narrow('woman', modifiers).share);
  expect(shares[0]).toBe(1);
  shares.slice(1).forEach((share, i) => {
    expect(share).toBeLessThan(shares[i]);
    expect(share).toBeGreaterThan(0);
    expect(narrow('woman', chain[i + 1]).bits).toBeCloseTo(-Math.log2(share), 12);
  });
  expect(narrow('woman', []).bits).toBe(0);
  // A longer phrase implies the shorter ones, so naming them all changes nothing.
  const all = ['a', 'beautiful', 'very beautiful', 'most beautiful', 'in the world'];
  expect(narrow('woman', all).share).toBe(shares[5]);
});

test('a modifier never widens, whatever came before it', () => {
  expect(narrow('woman', ['most beautiful', 'in the world', 'in the city']).share).toBe(0);
  const random = mulberry32(11);
  for (const noun of ['woman', 'cat', 'creature', 'hat', 'daughter', 'personality']) {
    const modifiers = modifiersOf(noun).map(({ modifier }) => modifier);
    for (let i = 0; i < 60; i++) {
      const chosen: string[] = [];
      let share = 1;
      for (let k = 0; k < 4; k++) {
        chosen.push(modifiers[Math.floor(random() * modifiers.length)]);
        const narrowed = narrow(noun, chosen).share;
        expect(narrowed, `${noun}: ${chosen.join(', ')}`).toBeLessThanOrEqual(share);
        share = narrowed;
      }
    }
  }
});

test('every modifier offered for a noun fits some, and an unsuited one fits none', () => {
  for (const noun of ['woman', 'cat', 'voice', 'witch']) {
    for (const { modifier, share } of modifiersOf(noun)) {
      expect(share, `${modifier} ${noun}`).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  }
  expect(modifiersOf('voice').map(({ modifier }) => modifier)).not.toContain('tall');
  expect(narrow('voice', ['tall'])).toEqual({ share: 0, bits: Infinity });
});

test('what is no noun or no modifier is said to be so', () => {
  expect(describedNouns).toContain('woman');
  expect(() => narrow('dragon', [])).toThrow(/dragon.*\bcat\b/s);
  expect(() => narrow('constructor', [])).toThrow(RangeError);
  expect(() => narrow('woman', ['purple'])).toThrow(/"purple" in "purple" is no modifier/);
  expect(() => narrow('woman', ['very'])).toThrow(/needs an adjective/);
  expect(() => narrow('woman', ['very', 'most', 'beautiful'])).toThrow(/take one/);
});
