/** Words put together one by one: what the page answers from the figure's crowd is what the language itself says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindByName } from '../src/figures/kinds.ts';
import {
  type Crowd,
  missingFor,
  modifiersFrom,
  phraseOf,
  rowsOfPhrase,
  sayable,
  shareThatFits,
  wordsOf,
} from '../src/figures/narrowing-phrase.ts';
import { crowdOf, narrow } from '../src/language/narrowing.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld();
const declaration = {
  kind: 'narrowing',
  title: 'Who is left?',
  caption: 'A test.',
  noun: 'woman',
  steps: [
    { say: 'woman' },
    { say: 'a beautiful woman', modifiers: ['a', 'beautiful'] },
    { say: 'the most beautiful woman in the world', modifiers: ['a', 'most beautiful', 'in the world'] },
  ],
  more: ['very', 'old', 'tall', 'ugly'],
};
const compute = (asked: object) => {
  const kind = kindByName.get('narrowing')!;
  return kind.compute(kind.schema.parse(asked), world, 'fig');
};
const { detail } = await compute(declaration);
const { words, crowd } = detail as { words: string[]; crowd: Crowd };

/** Any words in any order of coming, as far as each has what it needs. */
const phrases = fc.shuffledSubarray(words).map(sayable);

describe('the crowd of a narrowing figure', () => {
  it('offers every word of the steps and the others, in the order of a phrase', () => {
    expect(words).toEqual(['a', 'most', 'very', 'beautiful', 'old', 'tall', 'ugly', 'in the world']);
    expect(crowd.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 8);
    expect(JSON.stringify(crowd).length).toBeLessThan(4000);
  });

  it('answers for any words as the language does', () => {
    fc.assert(
      fc.property(phrases, (said) => {
        const first = said.find((word) => ['beautiful', 'old', 'tall', 'ugly'].includes(word));
        const asked = said.map((word) => (['very', 'most'].includes(word) ? `${word} ${first}` : word));
        expect(shareThatFits(crowd, said)).toBeCloseTo(narrow('woman', asked).share, 8);
      }),
    );
  });

  it('is in the language, too, one part for each set of modifiers', () => {
    const parts = crowdOf('woman', ['a', 'very beautiful', 'beautiful']);
    expect(new Set(parts.map(({ fits }) => fits.join())).size).toBe(parts.length);
    const beautiful = parts.filter(({ fits }) => fits.includes('beautiful'));
    expect(beautiful.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(narrow('woman', ['beautiful']).share, 12);
    expect(parts.every(({ fits }) => !fits.includes('very beautiful') || fits.includes('beautiful'))).toBe(true);
  });

  it('refuses a word that is no modifier', async () => {
    await expect(compute({ ...declaration, more: ['since'] })).rejects.toThrow(/more: .*"since".*no modifier/);
  });
});

describe('a phrase that grows', () => {
  it('never fits more than before it grew, and says who is left', () => {
    fc.assert(
      fc.property(phrases, (said) => {
        const rows = rowsOfPhrase('woman', crowd, said);
        expect(rows).toHaveLength(said.length + 1);
        expect(rows[0]).toEqual(['woman', 1, 0, 0]);
        rows.slice(1).forEach((row, i) => {
          expect(row[1] as number).toBeLessThanOrEqual(rows[i][1] as number);
          if (row[1] === 0) expect(row[2]).toBeNull();
          else expect(row[2]).toBeCloseTo((rows[i][2] as number) + (row[3] as number), 6);
        });
      }),
    );
  });

  it('is put together as one would say it', () => {
    expect(phraseOf('woman', [])).toBe('woman');
    expect(phraseOf('woman', ['ugly', 'a'])).toBe('an ugly woman');
    expect(phraseOf('woman', ['a', 'old', 'tall', 'very'])).toBe('a very old tall woman');
    expect(phraseOf('woman', ['a', 'beautiful', 'most', 'in the world'])).toBe('the most beautiful woman in the world');
    expect(modifiersFrom(['a', 'very', 'old'])).toEqual(['a', 'old', 'very old']);
    expect(wordsOf(['in the world', 'most beautiful', 'a'])).toEqual(['a', 'most', 'beautiful', 'in the world']);
  });

  it('brings nothing by "very" after "most"', () => {
    const rows = rowsOfPhrase('woman', crowd, ['beautiful', 'most', 'very']);
    expect(rows.at(-1)!.slice(1)).toEqual([rows.at(-2)![1], rows.at(-2)![2], 0]);
  });

  it('has every word after what it cannot do without, or not at all', () => {
    expect(missingFor('very', ['a'])).toBe('a describing word');
    expect(missingFor('in the world', ['beautiful'])).toBe('*most*');
    expect(sayable(['a', 'most', 'in the world'])).toEqual(['a']);
    expect(sayable(['in the world', 'a', 'most', 'old', 'old'])).toEqual(['a', 'old', 'most', 'in the world']);
    expect(sayable(['beautiful', 'very'])).toEqual(['beautiful', 'very']);
  });
});
