import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenizer, splitWords } from '../src/model/tokenizer.ts';

const words = ['<end>', '.', 'a', 'an', 'beautiful', 'beard', 'cat', 'coat', 'ugly', 'was', 'woman', 'women'];
const tokenizer = createTokenizer(words, 8);

describe('the tokenizer', () => {
  test('makes ids of words, with the start marker first', () => {
    expect(tokenizer.encode('a beautiful woman')).toEqual({
      ids: [0, 2, 4, 10],
      words: ['a', 'beautiful', 'woman'],
      unknown: [],
    });
    expect(tokenizer.encode('')).toEqual({ ids: [0], words: [], unknown: [] });
  });

  test('does not mind capitals, spaces and a full stop that sticks', () => {
    expect(tokenizer.encode('  An UGLY\n\tcat. ').ids).toEqual([0, 3, 8, 6, 1]);
  });

  test('points out what it does not know, with words that are written alike', () => {
    const { ids, words, unknown } = tokenizer.encode('a beutiful womann, zebra');
    expect(words).toEqual(['a', 'beutiful', 'womann', ',', 'zebra']);
    expect(ids).toEqual([0, 2]);
    expect(unknown).toEqual([
      { word: 'beutiful', index: 1, suggestions: ['beautiful'] },
      { word: 'womann', index: 2, suggestions: ['woman', 'women'] },
      { word: ',', index: 3, suggestions: [] },
      { word: 'zebra', index: 4, suggestions: [] },
    ]);
  });

  test('finishes a word that was begun, nearest first', () => {
    expect(tokenizer.encode('bea').unknown[0].suggestions).toEqual(['beard', 'beautiful']);
    expect(tokenizer.encode('ct').unknown[0].suggestions).toEqual(['cat']);
    expect(tokenizer.encode('zz').unknown[0].suggestions).toEqual([]);
    expect(tokenizer.encode('cot').unknown[0].suggestions).toEqual(['cat', 'coat']);
  });

  test('does not take a typed marker or a name of JavaScript for a word', () => {
    expect(tokenizer.encode('<end>').unknown.map(({ word }) => word)).toEqual(['<', 'end', '>']);
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(tokenizer.encode(word).unknown.length, word).toBeGreaterThan(0);
    }
    expect(tokenizer.idOf('constructor')).toBeUndefined();
  });

  test('says when a text is too long, and does not cut it', () => {
    expect(tokenizer.encode('a cat was a cat was a').tooLong).toBeUndefined();
    const { tooLong, ids } = tokenizer.encode('a cat was a cat was a cat');
    expect(tooLong).toEqual({ words: 8, most: 7 });
    expect(ids).toHaveLength(9);
  });

  test('keeps an apostrophe or a hyphen inside a word, and composes letters', () => {
    expect(splitWords("the cat's well-known tail -- 'quoted'!")).toEqual([
      ...['the', "cat's", 'well-known', 'tail', '-', '-', "'", 'quoted', "'", '!'],
    ]);
    expect(splitWords('CAFE\u0301')).toEqual(['café']);
  });

  test('goes there and back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: words.length - 1 }), { maxLength: 7 }), (ids) => {
        expect(tokenizer.encode(tokenizer.decode(ids)).ids).toEqual([0, ...ids]);
      }),
    );
    expect(tokenizer.decode([0, 6, 1])).toBe('<end> cat .');
    expect(() => tokenizer.decode([12])).toThrow(/from 0 to 11 but received 12/);
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { ids, words, unknown } = tokenizer.encode(text);
        expect(ids.length - 1 + unknown.length).toBe(words.length);
        expect(unknown.every(({ word, index }) => words[index] === word)).toBe(true);
      }),
    );
  });
});
