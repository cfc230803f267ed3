/** What the card of the little language says: of every kind something, and nothing that the language would not say. */
import { expect, test } from 'vitest';
import { kinds } from '../src/language/grammar.ts';
import { trueNextWord, vocabulary } from '../src/language/language.ts';
import { bindingFrames } from '../src/language/scenes.ts';
import {
  allWords,
  kindsOfQuestion,
  kindsOfText,
  languageFacts,
  wordsOfTwoMeanings,
} from '../src/site/language-report.ts';

const wordsIn = (cell: string): string[] => cell.replaceAll('*', '').replaceAll(',', '').split(' ');

test('every kind of text is described, and its example is of the language', () => {
  const { rows } = kindsOfText();
  expect(rows.length).toBe(Object.keys(kinds).length);
  for (const [what, , example] of rows) {
    expect(what).toMatch(/^[a-z]/);
    expect(trueNextWord(wordsIn(example)).size, example).toBeGreaterThan(0);
  }
});

test('every kind of sentence that asks for an adjective has an example with its answer', () => {
  const { rows } = kindsOfQuestion();
  expect(rows.map(([frame]) => frame)).toEqual(bindingFrames);
  for (const [, text, answer] of rows) {
    const next = [...trueNextWord(wordsIn(text)).keys()];
    expect([answer], text).toEqual([`*${next[0]}*`]);
  }
});

test('every word of two meanings has at least two, each with what can follow', () => {
  const { rows } = wordsOfTwoMeanings();
  const count = new Map<string, number>();
  for (const [word, clue, adjectives] of rows) {
    count.set(word, (count.get(word) ?? 0) + 1);
    const [first] = wordsIn(adjectives);
    const asked = first === 'light' ? 'it was' : `the ${wordsIn(word)[0]} was`;
    expect(trueNextWord(wordsIn(`${clue} ${asked}`)).has(first), `${clue} ${asked} ${first}`).toBe(true);
  }
  expect(count.size).toBe(8);
  for (const senses of count.values()) expect(senses).toBeGreaterThan(1);
});

test('every word stands in the table once', () => {
  const words = allWords().rows.flatMap(([, , cell]) => wordsIn(cell));
  expect(words.sort()).toEqual([...vocabulary.slice(2)].sort());
  for (const [, number, cell] of allWords().rows) expect(Number(number)).toBe(wordsIn(cell).length);
});

test('the facts are what the language does', () => {
  const facts = languageFacts();
  expect(Number(facts.words)).toBe(vocabulary.length - 2);
  expect(Number(facts.choices)).toBeCloseTo(Math.exp(Number(facts.entropy)), 0);
  expect(Number(facts.bits)).toBeCloseTo(Number(facts.entropy) / Math.LN2, 1);
  expect(facts.kinds).toBe(String(Object.keys(kinds).length));
});
