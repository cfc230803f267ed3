import { expect, test } from 'vitest';
import { Filter } from '../src/language/filter.ts';
import { kinds } from '../src/language/grammar.ts';
import { END, sample, trueNextWord, vocabulary } from '../src/language/language.ts';
import { meanings } from '../src/language/lexicon/homonyms.ts';
import { companions, nounClass, people } from '../src/language/lexicon/nouns.ts';

const words = (text: string): string[] => text.split(' ');

test('the shares of the kinds of text add up to 1', () => {
  const sum = Object.values(kinds).reduce((total, { share }) => total + share, 0);
  expect(sum).toBeCloseTo(1, 12);
});

test('a seed gives one text, whatever was sampled before', () => {
  const once = Array.from({ length: 200 }, (_, seed) => sample(seed).words.join(' '));
  const again = Array.from({ length: 200 }, (_, i) => sample(199 - i).words.join(' ')).reverse();
  expect(again).toEqual(once);
  expect(new Set(once).size).toBeGreaterThan(190);
  // These change only if the grammar does; then the model must be trained again.
  expect(once[0]).toBe('clara turner loved peter walker . peter walker saw clara turner .');
  expect(once[12]).toBe(
    'max jones met tom carter in the world . tom carter knew max jones . tom carter was happy . max jones was tall .',
  );
});

test('every word comes with the distribution it was drawn from', () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < 3000; seed++) {
    const { words, drawnFrom } = sample(seed);
    expect(drawnFrom.length).toBe(words.length + 1);
    [...words, END].forEach((word, i) => {
      const from = drawnFrom[i];
      if (from === null) return;
      const sum = from.probabilities.reduce((total, probability) => total + probability, 0);
      const possible = from.words.length > 1 && from.probabilities[from.words.indexOf(word)] > 0;
      if (!possible || Math.abs(sum - 1) > 1e-9) wrong.push(`${seed}: ${words.slice(0, i + 1).join(' ')}`);
    });
  }
  expect(wrong).toEqual([]);
});

test('nearly every distribution is the same object each time, so that a caller can keep something for it', () => {
  const seen = new Set<unknown>();
  for (let seed = 0; seed < 2000; seed++) for (const from of sample(seed).drawnFrom) if (from) seen.add(from);
  let draws = 0;
  let known = 0;
  for (let seed = 0; seed < 2000; seed++) {
    for (const from of sample(seed).drawnFrom) {
      if (from === null) continue;
      draws++;
      if (seen.has(from)) known++;
    }
  }
  expect(known / draws).toBeGreaterThan(0.9);
  expect(draws / seen.size).toBeGreaterThan(4);
});

test('texts are short enough for the model, end in a full stop, and take the right article', () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < 10000; seed++) {
    const { words } = sample(seed);
    const text = words.join(' ');
    if (words.length >= 63 || words.at(-1) !== '.') wrong.push(text);
    if (/\ba [aeiou]|\ban [^aeiou]/.test(text)) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test('the vocabulary is what the grammar can say, no more and no less', () => {
  const said = new Set<string>();
  const seen = new Set<unknown>();
  for (let seed = 0; seed < 8000; seed++) {
    const { words, drawnFrom } = sample(1_000_000 + seed);
    for (const word of words) said.add(word);
    for (const from of drawnFrom) {
      if (from === null || seen.has(from)) continue;
      seen.add(from);
      for (const word of from.words) said.add(word);
    }
  }
  said.delete(END);
  const listed = new Set(vocabulary.slice(1));
  expect([...said].filter((word) => !listed.has(word)).sort(), 'add to src/language/vocabulary.ts').toEqual([]);
  expect(
    [...listed].filter((word) => !said.has(word)),
    'take out of src/language/vocabulary.ts',
  ).toEqual([]);
  expect(vocabulary[0]).toBe(END);
  expect(vocabulary[1]).toBe('.');
  expect(vocabulary.slice(2)).toEqual([...vocabulary.slice(2)].sort());
  expect(new Set(vocabulary).size).toBe(vocabulary.length);
});

test('every noun has a class', () => {
  for (const noun of [...Object.keys(people), ...Object.keys(companions)]) expect(nounClass, noun).toHaveProperty(noun);
});

test("the guide's examples are in the language", () => {
  const examples = [
    'woman',
    'a woman',
    'a beautiful woman',
    'a very beautiful woman',
    'the most beautiful woman in the world',
    'the most beautiful woman in the world had an ugly cat .',
    'anna saw the most beautiful woman in the world .',
    'woman . a woman . a beautiful woman . a very beautiful woman . the most beautiful woman in the world .',
    'there was a beautiful woman with an ugly cat .',
    'a beautiful woman with an ugly cat .',
    'there was a beautiful woman with an ugly cat . the woman was beautiful . the cat was ugly .',
    'there was an ugly cat with a beautiful woman . the woman was beautiful .',
    'there was a beautiful woman with an ugly cat . she was beautiful . it was ugly .',
    'a very lovely creature slept in the garden .',
    'it was a very lovely creature .',
    'there was a beautiful woman with an ugly face .',
    'there was a beautiful woman with an ugly personality .',
    'there was a beautiful woman with an ugly since .',
    'anna smith met ben jones . ben jones saw anna smith .',
    'anna and ben went to the market . anna gave a book to ben . ben liked the book .',
    'anna sat by the river . she saw the bank . the bank was muddy .',
    'anna counted money . she saw the bank . the bank was closed .',
    'the woman lifted the box . it was light and small .',
  ];
  for (const example of examples) {
    const next = trueNextWord(words(example));
    expect(next.size, example).toBeGreaterThan(0);
    for (const word of words(example)) expect(vocabulary).toContain(word);
  }
});

test('each word of two meanings can follow its clues and be seen without any', () => {
  expect(Object.keys(meanings).sort()).toEqual(['bank', 'bat', 'letter', 'light', 'pitcher', 'seal', 'spring', 'star']);
  for (const word of Object.keys(meanings)) {
    const next = trueNextWord(words(`anna saw the ${word} . the ${word} was`));
    for (const meaning of Object.values(meanings[word])) {
      for (const adjective of meaning.adjectives.words) expect(next.has(adjective), `${word} ${adjective}`).toBe(true);
    }
  }
  const muddy = (clue: string) => trueNextWord(words(`${clue} she saw the bank . the bank was`)).get('muddy') ?? 0;
  expect(muddy('anna sat by the river .')).toBeGreaterThan(0.2);
  expect(muddy('anna counted money .')).toBe(0);
});

test('a text counts each of its derivations once', () => {
  // Summed over the last word, the probability of a beginning is the probability of the beginning one word shorter.
  const tell = Object.values(kinds).map((kind) => kind.tell);
  for (let seed = 0; seed < 40; seed++) {
    const text = sample(seed).words;
    const filter = new Filter(text, 0).run((teller) => tell[teller.choose(tell.map(() => 1))](teller));
    for (let i = 0; i <= text.length; i++) {
      const sum = [...filter.next[i].values()].reduce((total, probability) => total + probability, 0);
      expect(sum / filter.reached[i]).toBeCloseTo(1, 9);
    }
  }
});
