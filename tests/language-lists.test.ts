import { describe, expect, test } from 'vitest';
import { OutsideLanguageError, trueNextWord, vocabulary } from '../src/language/language.ts';
import { heldBack } from '../src/language/lexicon/listed.ts';
import { sampleList } from '../src/language/lists.ts';
import { bindingFrames, bindingScenes, lookUpFrames } from '../src/language/scenes.ts';

const known = new Set(vocabulary);

describe('warm-up lists', () => {
  test('have words of the vocabulary only, and a mark for each', () => {
    for (const level of [0, 0.2, 0.5, 0.9, 1]) {
      for (let seed = 0; seed < 400; seed++) {
        const { words, decided } = sampleList(seed, level);
        expect(decided.length).toBe(words.length);
        expect(words.length).toBeLessThanOrEqual(46);
        expect(words.filter((word) => !known.has(word))).toEqual([]);
      }
    }
  });

  test('mark a word only if it stood in the text before', () => {
    let marked = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const { words, decided } = sampleList(seed, 1);
      words.forEach((word, i) => {
        if (!decided[i]) return;
        marked++;
        expect(words.slice(0, i), words.join(' ')).toContain(word);
      });
    }
    expect(marked).toBeGreaterThan(5000);
  });

  test('grow with the level, and depend on the seed alone', () => {
    const different = (level: number) => {
      const words = new Set<string>();
      for (let seed = 0; seed < 500; seed++) for (const word of sampleList(seed, level).words) words.add(word);
      return words.size;
    };
    expect(different(0)).toBeLessThan(different(0.5));
    expect(different(0.5)).toBeLessThan(different(1));
    expect(sampleList(3, 0.7)).toEqual(sampleList(3, 0.7));
    expect(sampleList(3, 0.7)).not.toEqual(sampleList(4, 0.7));
  });
});

describe('binding scenes', () => {
  test.each(bindingFrames)('%s: the language itself gives the right adjective most', (frame) => {
    for (const { words, right, wrong } of bindingScenes(frame, 25, 42)) {
      const next = trueNextWord(words);
      const text = words.join(' ');
      expect(next.get(right), text).toBeGreaterThan(0.4);
      expect(wrong.length).toBeGreaterThan(0);
      for (const adjective of wrong) expect(next.get(adjective) ?? 0, text).toBeLessThan(next.get(right)! / 5);
      expect(words.at(-1)).toBe('was');
    }
  });

  test('with words that never stand in such sentences, are still of the vocabulary', () => {
    for (const frame of bindingFrames) {
      for (const { words, right, wrong } of bindingScenes(frame, 50, 1, { unpractised: true })) {
        expect([...words, right, ...wrong].filter((word) => !known.has(word))).toEqual([]);
        expect(words).toContain(right);
        for (const adjective of wrong) expect(adjective).not.toBe(right);
      }
    }
  });

  test('the language never has words that lists hold back where it asks to look up', () => {
    expect(lookUpFrames.length).toBeGreaterThan(12);
    for (const frame of lookUpFrames) {
      for (const { words } of bindingScenes(frame, 50, 3, { unpractised: true })) {
        expect(() => trueNextWord(words), words.join(' ')).toThrow(OutsideLanguageError);
      }
    }
    const held: ReadonlySet<string> = new Set(Object.values(heldBack).flat());
    for (let seed = 0; seed < 2000; seed++) {
      expect(sampleList(seed, 1).words.filter((word) => held.has(word))).toEqual([]);
    }
  });

  test('depend on the seed alone, and an unknown frame is refused', () => {
    expect(bindingScenes('list of two', 5, 9)).toEqual(bindingScenes('list of two', 5, 9));
    expect(() => bindingScenes('list of ten', 1, 1)).toThrow(/list of ten/);
  });
});
