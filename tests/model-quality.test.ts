/** Holds the committed weights to the bar, on texts and scenes that were not in the training. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { heldOutText, idOf } from '../scripts/texts.ts';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { vocabulary } from '../src/language/language.ts';
import { bindingFrames, bindingScenes } from '../src/language/scenes.ts';
import { type AdjectiveQuestion, allHeads, choices, whereBindingLooks, whereHeadsLook } from '../src/model/heads.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';
import { parameterCount } from '../src/model/parameters.ts';
import { gapToLanguage } from '../src/model/quality.ts';

/** The largest difference between two lists of the same length. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

describe('the committed Easel', () => {
  let model: LanguageModel;
  let size: number;
  beforeAll(() => {
    const bytes = readFileSync('public/model/easel.gguf');
    size = bytes.length;
    model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  });

  test('is small, speaks the language, and says where it comes from', () => {
    expect(size).toBeLessThan(500_000);
    expect(parameterCount(model.config)).toBeLessThanOrEqual(240_000);
    expect(model.tokenizer.vocabulary).toEqual(vocabulary);
    expect(model.config.contextLength).toBe(64);
    for (const key of ['general.license', 'general.description', 'easel.training.command', 'easel.training.start']) {
      expect(model.metadata.get(key), key).toMatch(/\w/);
    }
    expect(model.metadata.get('easel.training.seed')).toBeTypeOf('number');
  });

  test('is at most 0.06 nats a word above the language', () => {
    const texts = Array.from({ length: 150 }, (_, i) => heldOutText(5000 + i));
    const { gap, places } = gapToLanguage(model, texts, { attend: plain });
    expect(places).toBeGreaterThan(3000);
    expect(gap).toBeLessThanOrEqual(0.06);
    // a gap below 0 by more than chance would mean that the entropies are wrong
    expect(gap).toBeGreaterThan(-0.01);
  }, 120_000);

  test('gives the right adjective in at least 95 % of 500 scenes', () => {
    const each = Math.ceil(500 / bindingFrames.length);
    const scenes = bindingFrames.flatMap((frame, i) => bindingScenes(frame, each, 900 + i)).slice(0, 500);
    const asked = scenes.map(({ words, right, wrong }) => ({
      ids: [0, ...words.map(idOf)],
      right: idOf(right),
      wrong: wrong.map(idOf),
    }));
    expect(asked).toHaveLength(500);
    expect(choices(model, asked, plain).share).toBeGreaterThanOrEqual(0.95);
  }, 120_000);

  test('gives the same probabilities in float32 as in float64, within 1e-5', () => {
    for (let i = 0; i < 20; i++) {
      const ids = [0, ...heldOutText(9000 + i).ids];
      const single = forward(model, ids, { attend: plain });
      const double = forward(model, ids, { attend: reference, precision: 'float64' });
      for (let t = 0; t < ids.length; t++) {
        const a = probabilities(single.logits, t, model.config.vocabularySize);
        const b = probabilities(double.logits, t, model.config.vocabularySize);
        expect(apart(a, b)).toBeLessThan(1e-5);
      }
      single.layers.forEach(({ attention: { weights } }, layer) => {
        const exact = double.layers[layer].attention.weights;
        expect(apart(weights, exact)).toBeLessThan(1e-5);
      });
    }
  }, 60_000);

  test('has heads that do what their roles say', () => {
    const { roles } = JSON.parse(readFileSync('public/model/heads.json', 'utf8'));
    const indexOf = (role: string) => {
      const index = allHeads(model).findIndex(
        ({ layer, head }) => layer === roles[role].layer && head === roles[role].head,
      );
      expect(index, role).toBeGreaterThanOrEqual(0);
      return index;
    };
    const texts = Array.from({ length: 40 }, (_, i) => [0, ...heldOutText(7000 + i).ids]);
    const previous = whereHeadsLook(model, texts, plain).map(({ previousWord }) => previousWord);
    expect(Math.max(...previous)).toBe(previous[indexOf('previous-word')]);
    expect(previous[indexOf('previous-word')]).toBeGreaterThan(0.5);

    // "there was a … woman with a … cat . the woman was": the other noun and adjective stand nearer
    const questions = bindingScenes('person with thing', 80, 77)
      .map(({ words, right, wrong }): AdjectiveQuestion => {
        const described = (adjective: string) => {
          const place = 1 + words.indexOf(adjective);
          return { adjective: place, noun: place + 1 };
        };
        return { ids: [0, ...words.map(idOf)], own: described(right), others: wrong.map(described) };
      })
      .filter(({ own, others }) => others.every((other) => other.noun > own.noun));
    expect(questions.length).toBeGreaterThan(20);
    const looking = whereBindingLooks(model, questions, plain);
    const adjective = looking[indexOf('adjective')];
    // most of its weight by far, and yet not a habit of looking one word back
    expect(adjective.nounOnAdjective).toBeGreaterThan(0.6);
    expect(adjective.nounOnWordBefore).toBeLessThan(0.1);
    const noun = looking[indexOf('noun')];
    expect(noun.ownNoun).toBeGreaterThan(0.8);
    expect(noun.otherNoun).toBeLessThan(0.1);
  }, 60_000);
});
