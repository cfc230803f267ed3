/** The instruments by which a model is measured, tried on things whose measure is known. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inWords, labelledText } from '../scripts/evaluation/heads.ts';
import { heldOutText } from '../scripts/texts.ts';
import type { Attend } from '../src/attention/attend.ts';
import { plain } from '../src/attention/plain.ts';
import { mulberry32 } from '../src/language/random.ts';
import { compileKernels } from '../src/model/compile.ts';
import { allHeads, headHabits, meanWeights, targets } from '../src/model/heads.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { createOdds, type Odds } from '../src/model/odds.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';
import {
  calibration,
  choose,
  divergence,
  gapOf,
  gapToLanguage,
  textCosts,
  totalVariation,
} from '../src/model/quality.ts';

let model: LanguageModel;
let odds: Odds;
beforeAll(async () => {
  const bytes = readFileSync('public/model/easel.gguf');
  model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  odds = await createOdds(model, await compileKernels());
}, 60_000);

describe('the odds of many texts', () => {
  const texts = Array.from({ length: 60 }, (_, i) => heldOutText(400 + i));
  const ids = texts.map((text) => [0, ...text.ids]);

  test.for([
    ['with all heads', []],
    [
      'without two of them',
      [
        { layer: 1, head: 2 },
        { layer: 2, head: 3 },
      ],
    ],
  ] as const)('are those of the forward pass, %s', ([, muted]) => {
    const mute = muted.map(({ layer, head }) => ({ layer: layer - 1, head: head - 1 }));
    const seen: number[] = [];
    odds(
      ids,
      (index, after) => {
        seen.push(index);
        const { logits } = forward(model, ids[index], { attend: plain, mute });
        ids[index].forEach((_, place) => {
          const expected = probabilities(logits, place, model.config.vocabularySize);
          const row = after(place);
          expect(row).toHaveLength(expected.length);
          for (let id = 0; id < row.length; id++) expect(Math.abs(row[id] - expected[id])).toBeLessThan(2e-5);
        });
      },
      muted,
    );
    expect(seen).toEqual(ids.map((_, index) => index));
  });

  test('refuse a text that is too long', () => {
    const most = model.config.contextLength;
    expect(() => odds([new Array(most + 1).fill(3)], () => {})).toThrow(`at most ${most} ids`);
  });

  test('give the same gap as the plain form', () => {
    const { gap, entropy, places } = gapToLanguage(model, texts, { attend: plain });
    const fast = gapOf(textCosts(odds, texts));
    expect(fast.gap).toBeCloseTo(gap, 4);
    expect(fast.entropy).toBeCloseTo(entropy, 9);
    expect(fast.places).toBe(places);
  });
});

/** Odds that say the same everywhere. */
const always =
  (...row: number[]): Odds =>
  (texts, visit) =>
    texts.forEach((_, index) => {
      visit(index, () => Float32Array.from(row));
    });

describe('measures', () => {
  const truth = new Map([
    [0, 0.5],
    [2, 0.5],
  ]);

  test('total variation and divergence, by hand', () => {
    expect(totalVariation([0.5, 0, 0.5], truth)).toBe(0);
    expect(totalVariation([0, 1, 0], truth)).toBe(1);
    expect(totalVariation([0.25, 0.25, 0.5], truth)).toBe(0.25);
    expect(divergence([0.5, 0, 0.5], truth)).toBe(0);
    expect(divergence([0.25, 0.25, 0.5], truth)).toBeCloseTo(Math.LN2 / 2, 12);
  });

  test('the gap and its uncertainty, by hand', () => {
    const costs = [
      { loss: 3, entropy: 2, places: 2 },
      { loss: 5, entropy: 2, places: 2 },
    ];
    const { loss, entropy, gap, standardError } = gapOf(costs);
    expect({ loss, entropy, gap }).toEqual({ loss: 2, entropy: 1, gap: 1 });
    expect(standardError).toBeCloseTo(Math.SQRT2 / 4, 12);
  });

  test('choices: together the right words must beat every wrong group', () => {
    const asked = { ids: [0], right: [0, 1], wrong: [[2], [3]] };
    const chosen = choose(always(0.2, 0.2, 0.3, 0.3), [asked]);
    expect(chosen.share).toBe(1);
    expect(chosen.right).toBeCloseTo(0.4, 6);
    expect(chosen.wrong).toBeCloseTo(0.3, 6);
    expect(choose(always(0.2, 0.2, 0.3, 0.3), [{ ...asked, wrong: [[2, 3]] }]).share).toBe(0);
    // a tie is not right
    expect(choose(always(0.25, 0.25, 0.25, 0.25), [{ ...asked, wrong: [[2, 3]] }]).share).toBe(0);
    expect(choose(always(0.95, 0, 0.05, 0), [asked]).sure).toBe(1);
  });

  test('calibration sorts words by what was said of them', () => {
    const bins = calibration();
    bins.add([0.05, 0.95], new Map([[1, 1]]), 1);
    bins.add([0.06, 0.94], new Map([[0, 1]]), 0);
    const [low, high] = bins.bins();
    expect(bins.bins()).toHaveLength(2);
    expect(low).toMatchObject({ from: 0.03, to: 0.1, count: 2, truth: 0.5, observed: 0.5 });
    expect(low.predicted).toBeCloseTo(0.055, 12);
    expect(high).toMatchObject({ from: 0.9, to: 0.97, count: 2, truth: 0.5, observed: 0.5 });
    bins.add([1, 0], new Map([[0, 1]]), 0);
    expect(bins.bins().at(-1)).toMatchObject({ to: 1, predicted: 1, observed: 1 });
  });
});

/** A form of attention whose heads all look where they are told. */
const lookingAt =
  (aim: (query: number) => number): Attend =>
  (input, options) => {
    const trace = plain(input, options);
    const { nHeads, nQueries, nKeys } = input;
    const weights = new Float32Array(nHeads * nQueries * nKeys);
    for (let row = 0; row < nHeads * nQueries; row++) weights[row * nKeys + aim(row % nQueries)] = 1;
    return { ...trace, weights };
  };

describe('habits of heads', () => {
  const texts = Array.from({ length: 40 }, (_, i) => {
    const { words, ids } = heldOutText(700 + i);
    return labelledText(words, ids);
  });

  test.for([
    ['the word before', (t: number) => Math.max(0, t - 1), 'Any word looks at the word before'],
    ['itself', (t: number) => t, 'Any word looks at itself (100 %).'],
    ['the start', () => 0, 'Any word looks at the start (100 %).'],
  ] as const)('a head that always looks at %s is found out', ([to, aim, said]) => {
    for (const found of headHabits(model, texts, lookingAt(aim))) {
      const { habits, clear, covered, example } = found;
      expect(habits).toHaveLength(1);
      expect(habits[0]).toMatchObject({ from: ['any word'], to });
      expect(habits[0].share).toBeGreaterThan(0.9);
      expect(habits[0].sentences).toBeGreaterThan(0.9);
      expect(clear).toBe(true);
      expect(covered).toBe(1);
      expect(example.weight).toBe(1);
      expect(example.key).toBe(aim(example.query));
      expect(inWords(found)).toContain(said);
    }
  });

  test('mean weights of looks, by name', () => {
    const { ids, kinds } = texts[0];
    const looks = ids.flatMap((_, t) => (t < 4 ? [] : [{ name: kinds[t], query: t, keys: [t - 1, t - 2] }]));
    // one word back from nouns, three words back from all others
    const attend = lookingAt((t) => (kinds[t] === 'noun' ? t - 1 : Math.max(0, t - 3)));
    for (const weights of meanWeights(model, [{ ids, looks }], attend)) {
      expect(weights.get('noun')?.weight).toBe(1);
      expect(weights.get('full stop')?.weight).toBe(0);
      const nouns = kinds.filter((kind, t) => t >= 4 && kind === 'noun').length;
      expect(weights.get('noun')?.count).toBe(nouns);
      expect(nouns).toBeGreaterThan(1);
    }
  });

  test('a head without a habit is said to have none', () => {
    const random = mulberry32(5);
    const [found] = headHabits(
      model,
      texts,
      lookingAt((t) => Math.floor(random() * (t + 1))),
    );
    expect(found.clear).toBe(false);
    expect(inWords(found)).toMatch(/^No clear habit\. The nearest to one: /);
  });

  test('are not told from too few texts', () => {
    expect(() =>
      headHabits(
        model,
        [labelledText(['anna'], [1])],
        lookingAt(() => 0),
      ),
    ).toThrow(/Expected more texts/);
  });

  test('targets, by hand', () => {
    const words = 'anna smith met ben . anna was'.split(' ');
    const text = labelledText(
      words,
      words.map((word) => model.tokenizer.vocabulary.indexOf(word)),
    );
    expect(targets['what followed the same word'](text, 6)).toEqual([2]);
    expect(targets['the same word before'](text, 6)).toEqual([1]);
    expect(targets['the place where the word before it came first'](text, 7)).toEqual([1]);
    expect(targets['what stood before the same word'](text, 6)).toEqual([]);
    expect(targets['a name'](text, 7)).toEqual([1, 2, 4, 6]);
    expect(targets['the word three back'](text, 3)).toEqual([]);
  });

  test('one for each head, layer by layer', () => {
    expect(allHeads(model).at(0)).toEqual({ layer: 1, head: 1 });
    expect(allHeads(model).at(-1)).toEqual({ layer: model.config.nLayers, head: model.config.nHeads });
  });
});
