import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { heldOutText } from '../scripts/texts.ts';
import { plain } from '../src/attention/plain.ts';
import { OutsideLanguageError, trueNextWord, vocabulary } from '../src/language/language.ts';
import { isAdjective } from '../src/language/lexicon/adjectives.ts';
import { men, women } from '../src/language/lexicon/names.ts';
import { receive, thank } from '../src/language/lexicon/verbs.ts';
import { wordKind } from '../src/language/word-kinds.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { openModel } from '../src/model/open.ts';

interface Sentence {
  text: string;
  top?: string;
  right?: string;
  wrong?: string;
  outside?: boolean;
}

const sentences: Sentence[] = parse(readFileSync('tests/sentences.yaml', 'utf8'));

const groups: Record<string, (word: string) => boolean> = {
  noun: (word) => wordKind(word) === 'noun',
  adjective: (word) => isAdjective(word) || ['very', 'so', 'not'].includes(word),
  name: (word) => women.byWord.has(word) || men.byWord.has(word),
  verb: (word) => receive.byWord.has(word) || thank.byWord.has(word),
};

/** What is wrong with the next words after a sentence, or nothing. `chance` gives a word's probability. */
function complaints({ text, top, right, wrong }: Sentence, chance: (word: string) => number): string[] {
  const found: string[] = [];
  if (top !== undefined) {
    const likeliest = vocabulary.reduce((one, other) => (chance(other) > chance(one) ? other : one));
    const fits = top.split(' ').some((entry) => (groups[entry] ? groups[entry](likeliest) : entry === likeliest));
    if (!fits) found.push(`${text} … ${likeliest}, not ${top}`);
  }
  for (const good of right?.split(' ') ?? []) {
    for (const bad of wrong?.split(' ') ?? []) {
      if (!(chance(good) > chance(bad))) {
        found.push(
          `${text} … ${good} (${chance(good).toFixed(4)}) is no likelier than ${bad} (${chance(bad).toFixed(4)})`,
        );
      }
    }
  }
  return found;
}

test('there are a hundred sentences, each once, with known words and something to check', () => {
  expect(sentences.length).toBe(100);
  expect(new Set(sentences.map(({ text }) => text)).size).toBe(100);
  for (const { text, top, right, wrong } of sentences) {
    const asked = [top, right, wrong].flatMap((list) => list?.split(' ') ?? []).filter((word) => !groups[word]);
    for (const word of [...text.split(' '), ...asked]) expect(vocabulary, text).toContain(word);
    expect(top !== undefined || (right !== undefined && wrong !== undefined), text).toBe(true);
  }
});

test('the language says what must be said, or says that it cannot', () => {
  const found: string[] = [];
  for (const sentence of sentences) {
    try {
      const next = trueNextWord(sentence.text.split(' '));
      if (sentence.outside) found.push(`${sentence.text}: is in the language`);
      else found.push(...complaints(sentence, (word) => next.get(word) ?? 0));
    } catch (error) {
      if (!(error instanceof OutsideLanguageError)) throw error;
      if (!sentence.outside) found.push(`${sentence.text}: ${error.message}`);
    }
  }
  expect(found).toEqual([]);
});

const bytes = readFileSync('public/model/easel.gguf');
const model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

/** The weights say how many nats a word the language needed when they were trained; another number, another language. */
const texts = Array.from({ length: Number(model.metadata.get('easel.quality.texts')) }, (_, i) => heldOutText(i).nats);
const entropy = texts.flat().reduce((sum, nats) => sum + nats, 0) / texts.flat().length;
const learnt = Math.abs(entropy - Number(model.metadata.get('easel.quality.entropy_nats'))) < 1e-5;

describe.skipIf(!learnt)('Easel', () => {
  test('says of each of the hundred what must be said', () => {
    const found: string[] = [];
    for (const sentence of sentences) {
      const { ids } = model.tokenizer.encode(sentence.text);
      const { logits } = forward(model, ids, { attend: plain });
      const odds = probabilities(logits, ids.length - 1, model.config.vocabularySize);
      found.push(...complaints(sentence, (word) => odds[model.tokenizer.idOf(word)!]));
    }
    expect(found).toEqual([]);
  });
});
