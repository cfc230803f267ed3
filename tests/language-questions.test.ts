/** The questions that a model is asked: each is in the language, and the language itself gives the right answer. */
import { describe, expect, test } from 'vitest';
import { guideForms, guideScenes } from '../src/language/guide-scenes.ts';
import { trueNextWord, vocabulary } from '../src/language/language.ts';
import { nameScenes } from '../src/language/name-scenes.ts';
import { senseScenes, senses } from '../src/language/sense-scenes.ts';
import { wordKind } from '../src/language/word-kinds.ts';

const EACH = 25;

describe('questions about the guide’s own sentence', () => {
  test.for(guideForms.map((form) => [form]))('%s', ([form]) => {
    const scenes = guideScenes(form, EACH, 11);
    expect(scenes).toHaveLength(EACH);
    for (const { words, right, wrong } of scenes) {
      const truth = trueNextWord(words);
      const most = Math.max(...wrong.map((word) => truth.get(word) ?? 0));
      expect(truth.get(right) ?? 0, words.join(' ')).toBeGreaterThan(most);
      expect(words.at(-1)).toBe(form.endsWith('not') ? 'not' : 'was');
    }
    expect(new Set(scenes.map(({ words }) => words.join(' '))).size).toBeGreaterThan(EACH / 2);
  });

  test('ask for both of two people', () => {
    const asked = guideScenes('two people, she or he', 60, 1).map(({ words }) => words.at(-2));
    expect(new Set(asked)).toEqual(new Set(['she', 'he']));
  });

  test('are the same for the same seed, and refuse a form that does not exist', () => {
    expect(guideScenes('it', 5, 3)).toEqual(guideScenes('it', 5, 3));
    expect(guideScenes('it', 5, 3)).not.toEqual(guideScenes('it', 5, 4));
    expect(() => guideScenes('them', 1, 1)).toThrow(/the person \| the companion .* but received "them"/);
  });
});

test.for([['surname'], ['taker']] as const)('names: only one %s can follow', ([kind]) => {
  for (const { words, right, wrong } of nameScenes(kind, EACH, 5)) {
    const truth = trueNextWord(words);
    expect(truth.get(right), words.join(' ')).toBeCloseTo(1, 9);
    expect(truth.get(wrong[0]) ?? 0).toBeCloseTo(0, 9);
  }
});

describe('homonyms', () => {
  test('are the eight of the guide, each with two senses or more', () => {
    expect(Object.keys(senses).sort()).toEqual(
      ['bank', 'bat', 'letter', 'light', 'pitcher', 'seal', 'spring', 'star'].sort(),
    );
    for (const ofWord of Object.values(senses)) expect(ofWord.length).toBeGreaterThanOrEqual(2);
  });

  test.for(Object.entries(senses).flatMap(([word, ofWord]) => ofWord.map((sense) => [word, sense])))(
    '%s, %s: the clue decides',
    ([word, sense]) => {
      for (const { words, fits, fitsOther } of senseScenes(word, sense, EACH, 5)) {
        const truth = trueNextWord(words);
        const together = (list: readonly string[]) => list.reduce((sum, said) => sum + (truth.get(said) ?? 0), 0);
        expect(together(fits), words.join(' ')).toBeGreaterThan(5 * together(fitsOther));
        expect(fits.some((said) => fitsOther.includes(said))).toBe(false);
      }
    },
  );

  test('refuse a sense that does not exist', () => {
    expect(() => senseScenes('bank', 'sky', 1, 1)).toThrow(/river \| money, but received "sky" of "bank"/);
    expect(() => senseScenes('cat', 'sky', 1, 1)).toThrow(/bank \| bat/);
  });
});

describe('kinds of words', () => {
  test('every word has one, as a grammar book would say', () => {
    for (const word of vocabulary) expect(wordKind(word)).toMatch(/\w/);
    const some = {
      ...{ beautiful: 'adjective', muddy: 'adjective', cat: 'noun', bank: 'noun', anna: 'name', smith: 'name' },
      ...{
        the: 'article',
        she: 'pronoun',
        was: 'was',
        met: 'verb',
        with: 'linking word',
        very: 'adverb',
        '.': 'full stop',
      },
    };
    for (const [word, kind] of Object.entries(some)) expect(wordKind(word), word).toBe(kind);
    expect(wordKind(vocabulary[0])).toBe('start');
    expect(() => wordKind('xylophone')).toThrow(/"xylophone"/);
  });
});
