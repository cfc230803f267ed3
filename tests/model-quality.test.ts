/** Holds the committed weights to the bar, on texts and scenes that were not in the training, and the reports to the weights. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { guidePrompts } from '../scripts/evaluation/guide-prompts.ts';
import { type HeadsReport, inWords, measureHeads } from '../scripts/evaluation/heads.ts';
import { type Quality, type Target, targetsOf } from '../scripts/evaluation/quality.ts';
import type { Statement } from '../scripts/evaluation/seeds.ts';
import { makeTests, type Test } from '../scripts/evaluation/tests.ts';
import { heldOutText, idOf } from '../scripts/texts.ts';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { trueNextWord, vocabulary } from '../src/language/language.ts';
import { compileKernels } from '../src/model/compile.ts';
import { allHeads, type Example, type HeadPlace } from '../src/model/heads.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { createOdds, type Odds } from '../src/model/odds.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';
import { parameterCount } from '../src/model/parameters.ts';
import { choose, gapOf, textCosts, totalVariation } from '../src/model/quality.ts';

/** The largest difference between two lists of the same length. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

const WEIGHTS = 'public/model/easel.gguf';
/** Scenes of each kind, and their seed: others than those of `npm run evaluate`. */
const [SCENES, SEED] = [100, 90_000];

const bytes = readFileSync(WEIGHTS);
let model: LanguageModel;
let odds: Odds;
beforeAll(async () => {
  model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  odds = await createOdds(model, await compileKernels());
}, 60_000);

describe('the committed Easel', () => {
  test('is small, speaks the language, and says where it comes from', () => {
    expect(bytes.length).toBeLessThan(500_000);
    expect(parameterCount(model.config)).toBeLessThanOrEqual(240_000);
    expect(model.tokenizer.vocabulary).toEqual(vocabulary);
    expect(model.config.contextLength).toBe(65);
    for (const key of ['general.license', 'general.description', 'easel.training.command', 'easel.training.start']) {
      expect(model.metadata.get(key), key).toMatch(/\w/);
    }
    expect(model.metadata.get('easel.training.seed')).toBeTypeOf('number');
  });

  test('is at most 0.02 nats a word above the language', () => {
    const texts = Array.from({ length: 500 }, (_, i) => heldOutText(5000 + i));
    const { gap, standardError, places } = gapOf(textCosts(odds, texts));
    expect(places).toBeGreaterThan(9000);
    expect(standardError).toBeLessThan(0.005);
    expect(gap).toBeLessThanOrEqual(0.02 + standardError);
    // a gap below 0 by more than chance would mean that the entropies are wrong
    expect(gap).toBeGreaterThan(-3 * standardError);
  }, 120_000);

  test.for(guidePrompts())('after "%s" is within 0.08 of the truth', (prompt) => {
    const words = prompt.split(' ').filter(Boolean);
    expect(distancesIn([words])).toHaveLength(1);
    expect(distancesIn([words])[0]).toBeLessThanOrEqual(0.08);
  });

  test('is within 0.04 of the truth on average over held-out prefixes', () => {
    const prefixes: string[][] = [];
    for (let i = 0; prefixes.length < 500; i++) {
      const { words } = heldOutText(6000 + i);
      for (let t = i % 9; t <= words.length; t += 9) prefixes.push(words.slice(0, t));
    }
    const all = distancesIn(prefixes);
    expect(all.reduce((sum, one) => sum + one, 0) / all.length).toBeLessThanOrEqual(0.04);
  }, 120_000);

  const tests = makeTests(SCENES, SEED);
  const cases = (list: readonly Test[]) => list.map(({ name, choices }) => [name, choices] as const);
  test.for(cases(tests.guide))('the guide’s sentence, %s: the right adjective in 99 % of scenes', ([, choices]) => {
    expect(choose(odds, choices).share).toBeGreaterThanOrEqual(0.99);
  });
  test.for(cases(tests.frames))('%s: the right adjective in 97 % of scenes', ([, choices]) => {
    expect(choose(odds, choices).share).toBeGreaterThanOrEqual(0.97);
  });
  test.for(cases(tests.names))('%s: the right name gets 0.9 or more', ([, choices]) => {
    expect(choose(odds, choices).right).toBeGreaterThanOrEqual(0.9);
  });
  test.for(cases(tests.senses))('%s: the right sense', ([, choices]) => {
    expect(choose(odds, choices).share).toBeGreaterThanOrEqual(0.99);
  });

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
});

/** Total variation to the truth after each of these beginnings. */
function distancesIn(prefixes: readonly string[][]): number[] {
  const distances: number[] = [];
  odds(
    prefixes.map((words) => [0, ...words.map(idOf)]),
    (index, after) => {
      const words = prefixes[index];
      const truth = new Map([...trueNextWord(words)].map(([word, probability]) => [idOf(word), probability]));
      distances.push(totalVariation(after(words.length), truth));
    },
  );
  return distances;
}

interface Source {
  file: string;
  sha256: string;
  command: string;
}
const json = (name: string) => JSON.parse(readFileSync(`public/model/${name}`, 'utf8'));

describe('the reports that npm run evaluate has written', () => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let quality: Quality & { model: Source; targets: Target[] };
  let heads: HeadsReport & { model: Source };
  beforeAll(() => {
    quality = json('quality.json');
    heads = json('heads.json');
  });

  test('are about the committed weights; if not, run npm run evaluate', () => {
    expect(quality.model.sha256, 'quality.json').toBe(sha256);
    expect(heads.model.sha256, 'heads.json').toBe(sha256);
    expect(quality.model.command).toBe(model.metadata.get('easel.training.command'));
    expect(heads.model).toEqual(quality.model);
  });

  test('the targets follow from what was measured', () => {
    expect(quality.targets.length).toBeGreaterThan(50);
    expect(targetsOf(quality)).toEqual(quality.targets);
    expect(quality.gap.texts).toBeGreaterThanOrEqual(1000);
    expect(quality.prefixes.count).toBeGreaterThanOrEqual(2000);
    for (const { texts, name } of [...quality.guide, ...quality.frames])
      expect(texts, name).toBeGreaterThanOrEqual(500);
  });

  test('quality is what a fresh measurement finds, but for chance', () => {
    const texts = Array.from({ length: 300 }, (_, i) => heldOutText(5000 + i));
    const { gap, standardError } = gapOf(textCosts(odds, texts));
    expect(Math.abs(gap - quality.gap.gap)).toBeLessThan(4 * Math.hypot(standardError, quality.gap.standardError));
    for (const { text, variation } of quality.prompts) {
      expect(distancesIn([text.split(' ').filter(Boolean)])[0], text).toBeCloseTo(variation, 3);
    }
  });

  test('calibration: all bins together hold every word at every place, and what is said and true add up to one a place', () => {
    const { calibration, prefixes } = quality;
    const words = calibration.reduce((sum, { count }) => sum + count, 0);
    expect(words).toBe(prefixes.count * vocabulary.length);
    for (const kind of ['predicted', 'truth', 'observed'] as const) {
      const total = calibration.reduce((sum, bin) => sum + bin.count * bin[kind], 0);
      expect(total / prefixes.count, kind).toBeCloseTo(1, 2);
    }
  });

  test('every role has a head that there is, or a reason why not', () => {
    const places = allHeads(model).map(({ layer, head }) => `${layer}.${head}`);
    const needed = ['previous-word', 'adjective', 'noun', 'binding', 'copy', 'asked-adjective'];
    expect(Object.keys(heads.evidence)).toEqual(expect.arrayContaining(needed));
    for (const [role, { convincing, checks, layer, head }] of Object.entries(heads.evidence)) {
      expect(places, role).toContain(`${layer}.${head}`);
      expect(checks.length, role).toBeGreaterThan(0);
      if (convincing) {
        expect(heads.roles[role]).toEqual({ layer, head });
        expect(checks.every(({ refuted }) => refuted)).toBe(true);
        expect(heads.noHead[role]).toBeUndefined();
      } else {
        expect(heads.roles[role]).toBeUndefined();
        expect(heads.noHead[role]).toMatch(/^The nearest to it is layer \d/);
      }
    }
  });

  test('every head is described by what was measured, and its examples show that', () => {
    expect(heads.heads.map(({ layer, head }) => ({ layer, head }))).toEqual(allHeads(model));
    for (const one of heads.heads) {
      expect(one.looks).toBe(inWords(one));
      expect(one.costs).toBeCloseTo(one.scoresWithout.gap - heads.scores.gap, 3);
      expect(one.example.expected).toContain(one.example.key);
      expectLook(one, one.example);
      if (!one.counterExample) continue;
      expect(one.counterExample.expected).not.toContain(one.counterExample.key);
      expectLook(one, one.counterExample);
    }
  });

  /** The head gives most of its weight to that place, and as much as was written. */
  function expectLook({ layer, head }: HeadPlace, { text, query, key, weight }: Example): void {
    const words = text.split(' ');
    const ids = [0, ...words.map(idOf)];
    expect(query).toBe(words.length);
    const { weights } = forward(model, ids, { attend: plain }).layers[layer - 1].attention;
    const n = ids.length;
    const row = [...weights.subarray(((head - 1) * n + query) * n, ((head - 1) * n + query) * n + query + 1)];
    expect(row.indexOf(Math.max(...row)), `${layer}.${head}: ${text}`).toBe(key);
    expect(row[key]).toBeCloseTo(weight, 3);
  }

  test('heads do in other scenes what their roles say', () => {
    const few = makeTests(10, SEED);
    const again = measureHeads(model, odds, few, { texts: 60, scenes: 40 }, () => {});
    for (const [role, { layer, head }] of Object.entries(heads.roles)) {
      const { evidence } = again;
      const alike = [evidence[role], ...evidence[role].alsoConvincing].map((place) => `${place.layer}.${place.head}`);
      expect(alike, role).toContain(`${layer}.${head}`);
      expect(Math.abs(evidence[role].value - heads.evidence[role].value), role).toBeLessThan(0.15);
    }
  }, 120_000);

  test('the comparison of trainings is about these weights first', () => {
    const { models, statements }: { models: Source[]; statements: Statement[] } = json('seeds.json');
    expect(models[0].sha256).toBe(sha256);
    expect(new Set(models.map((one) => one.sha256)).size).toBe(models.length);
    for (const { statement, holds, values, holdsInAll } of statements) {
      expect(holds, statement).toHaveLength(models.length);
      expect(values).toHaveLength(models.length);
      expect(holdsInAll).toBe(holds.every(Boolean));
    }
  });
});
