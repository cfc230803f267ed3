import { describe, expect, test } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { mulberry32 } from '../src/language/random.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import {
  forward,
  forwardAsync,
  type Llama,
  type LlamaConfig,
  ModelInputError,
  probabilities,
} from '../src/model/llama.ts';
import { flatLength, parameterCount, tensorPlaces, weightsIn } from '../src/model/parameters.ts';

const config: LlamaConfig = {
  vocabularySize: 13,
  width: 12,
  nLayers: 2,
  nHeads: 4,
  nKeyHeads: 2,
  headDim: 6,
  feedForward: 10,
  contextLength: 9,
  ropeBase: 50,
  epsilon: 1e-5,
  qkvBias: true,
};

function randomModel(seed: number): Llama {
  const flat = initialWeights(config, { ...EASEL_START, outputs: 1 }, mulberry32(seed));
  const random = mulberry32(seed + 1000);
  for (let i = 0; i < flat.length; i++) flat[i] += random() * 0.2 - 0.1;
  return { config, weights: weightsIn(config, flat) };
}

const model = randomModel(4);
const ids = [0, 3, 7, 3, 12, 1, 7];
const exact = { attend: reference, precision: 'float64' } as const;

/** The same model once more, written as the formulas are, with lists of lists and one word after another. */
function logitsByTheBook({ config: c, weights }: Llama, text: number[]): number[][] {
  const rows = (flat: ArrayLike<number>, size: number) =>
    Array.from({ length: flat.length / size }, (_, r) => Array.from({ length: size }, (_, i) => flat[r * size + i]));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const times = (matrix: ArrayLike<number>, x: number[]) => rows(matrix, x.length).map((row) => dot(row, x));
  const plus = (a: number[], b: ArrayLike<number>) => a.map((value, i) => value + b[i]);
  const norm = (x: number[], scale: ArrayLike<number>) => {
    const size = Math.sqrt(dot(x, x) / x.length + c.epsilon);
    return x.map((value, i) => (value / size) * scale[i]);
  };
  // a pair of numbers as one complex number, turned
  const turn = (x: number[], position: number) =>
    x.map((_, i) => {
      const angle = position / c.ropeBase ** ((i - (i % 2)) / c.headDim);
      return i % 2 === 0
        ? x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle)
        : x[i - 1] * Math.sin(angle) + x[i] * Math.cos(angle);
    });
  let stream = text.map((id) => rows(weights.tokenEmbedding, c.width)[id]);
  for (const w of weights.layers) {
    const normed = stream.map((x) => norm(x, w.attentionNorm));
    const heads = (matrix: ArrayLike<number>, bias: ArrayLike<number>) =>
      normed.map((x) => rows(plus(times(matrix, x), bias), c.headDim));
    const q = heads(w.query, w.queryBias!);
    const k = heads(w.key, w.keyBias!);
    const v = heads(w.value, w.valueBias!);
    stream = stream.map((x, t) => {
      const outputs = q[t].flatMap((query, h) => {
        const g = Math.floor((h * c.nKeyHeads) / c.nHeads);
        const scores = k.slice(0, t + 1).map((key, j) => dot(turn(query, t), turn(key[g], j)) / Math.sqrt(c.headDim));
        const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
        return v[0][g].map((_, i) => scores.reduce((sum, s, j) => sum + (Math.exp(s) / total) * v[j][g][i], 0));
      });
      const middle = plus(x, times(w.attentionOutput, outputs));
      const y = norm(middle, w.feedForwardNorm);
      const up = times(w.up, y);
      const hidden = times(w.gate, y).map((gate, i) => (gate / (1 + Math.exp(-gate))) * up[i]);
      return plus(middle, times(w.down, hidden));
    });
  }
  return stream.map((x) => times(weights.tokenEmbedding, norm(x, weights.outputNorm)));
}

/** The largest difference between two lists. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

describe('the forward pass', () => {
  const trace = forward(model, ids, exact);

  test('gives what the formulas say', () => {
    expect(apart(trace.logits, logitsByTheBook(model, ids).flat())).toBeLessThan(1e-12);
  });

  test('keeps every step, in the shapes it promises', () => {
    const n = ids.length;
    expect(trace.ids).toEqual(ids);
    expect(trace.layers).toHaveLength(2);
    const sizes: Record<string, number> = {
      input: n * 12,
      attentionNorm: n * 12,
      queriesBeforeRotation: 4 * n * 6,
      keysBeforeRotation: 2 * n * 6,
      queries: 4 * n * 6,
      keys: 2 * n * 6,
      values: 2 * n * 6,
      heads: n * 24,
      attentionOutput: n * 12,
      afterAttention: n * 12,
      feedForwardNorm: n * 12,
      gate: n * 10,
      up: n * 10,
      hidden: n * 10,
      feedForwardOutput: n * 12,
      output: n * 12,
    };
    for (const layer of trace.layers) {
      const { attention, ...steps } = layer;
      expect(Object.keys(steps).sort()).toEqual(Object.keys(sizes).sort());
      for (const [name, step] of Object.entries(steps)) expect(step.length, name).toBe(sizes[name]);
      expect(attention.weights).toHaveLength(4 * n * n);
      expect(
        apart(
          layer.output,
          layer.afterAttention.map((x, i) => x + layer.feedForwardOutput[i]),
        ),
      ).toBe(0);
      expect(
        apart(
          layer.afterAttention,
          layer.input.map((x, i) => x + layer.attentionOutput[i]),
        ),
      ).toBe(0);
    }
    expect(trace.layers[1].input).toBe(trace.layers[0].output);
    expect(trace.logits).toHaveLength(n * 13);
    const next = probabilities(trace.logits, n - 1, 13);
    expect(Array.from(next).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  test('is as exact in float32 as float32 allows', () => {
    const single = forward(model, ids, { attend: plain });
    expect(single.logits).toBeInstanceOf(Float32Array);
    expect(trace.logits).toBeInstanceOf(Float64Array);
    expect(apart(single.logits, trace.logits)).toBeLessThan(2e-6);
  });

  test('is the same when attention answers later', async () => {
    const later = await forwardAsync(model, ids, { ...exact, attend: async (...asked) => reference(...asked) });
    expect(later).toEqual(trace);
  });

  test('does not let a later word change what came before', () => {
    const other = forward(model, [...ids.slice(0, 5), 9, 2], exact);
    expect(apart(other.logits.subarray(0, 5 * 13), trace.logits.subarray(0, 5 * 13))).toBe(0);
    expect(apart(other.logits.subarray(5 * 13), trace.logits.subarray(5 * 13))).toBeGreaterThan(0.01);
  });

  test('asks only the layer it should to leave a link out', () => {
    const link = { layer: 1, head: 2, query: 6, key: 4 };
    const cut = forward(model, ids, { ...exact, cut: [link] });
    const n = ids.length;
    const place = (2 * n + 6) * n + 4;
    expect(trace.layers[1].attention.weights[place]).toBeGreaterThan(0);
    expect(cut.layers[1].attention.weights[place]).toBe(0);
    expect(cut.layers[0]).toEqual(trace.layers[0]);
    expect(apart(cut.logits.subarray(0, 6 * 13), trace.logits.subarray(0, 6 * 13))).toBe(0);
    expect(apart(cut.logits, trace.logits)).toBeGreaterThan(1e-4);
  });

  test('silences a muted head and only that', () => {
    const muted = forward(model, ids, { ...exact, mute: [{ layer: 0, head: 3 }] });
    const { heads } = muted.layers[0];
    for (let t = 0; t < ids.length; t++) {
      const row = heads.subarray(t * 24, (t + 1) * 24);
      expect(row.subarray(18).every((x) => x === 0)).toBe(true);
      expect(apart(row.subarray(0, 18), trace.layers[0].heads.subarray(t * 24, t * 24 + 18))).toBe(0);
    }
    expect(muted.layers[0].attention).toEqual(trace.layers[0].attention);
    expect(apart(muted.logits, trace.logits)).toBeGreaterThan(1e-4);
  });

  test('says what it cannot take', () => {
    expect(() => forward(model, [], exact)).toThrow(ModelInputError);
    expect(() => forward(model, new Array(10).fill(0), exact)).toThrow(/1 to 9 word ids .* received 10; shorten/);
    expect(() => forward(model, [0, 13], exact)).toThrow(/from 0 to 12 but received 13 at index 1/);
    expect(() => forward(model, [0, 1.5], exact)).toThrow(ModelInputError);
    const changes = [{ mute: [{ layer: 2, head: 0 }] }, { cut: [{ layer: 0, head: 4, query: 1, key: 0 }] }];
    for (const change of changes) expect(() => forward(model, ids, { ...exact, ...change })).toThrow(/layers? .* head/);
  });
});

describe('the weights', () => {
  test('lie one after another without overlap', () => {
    const places = tensorPlaces(config);
    for (let i = 1; i < places.length; i++) {
      expect(places[i].offset).toBeGreaterThanOrEqual(places[i - 1].offset + places[i - 1].length);
    }
    // embedding 13 × 12; a layer: norms 2 × 12, q and output 24 × 12 each, k and v 12 × 12 each, biases 24 + 12 + 12,
    // three matrices of 10 × 12; last norm 12
    expect(parameterCount(config)).toBe(156 + 2 * (24 + 2 * 288 + 2 * 144 + 48 + 360) + 12);
    expect(flatLength(config)).toBe(parameterCount(config) + 3 * 12);
  });

  test('start the same with the same seed, and planted heads look one and two words back', () => {
    const easel = { ...config, headDim: 16, nHeads: 3, nKeyHeads: 3, contextLength: 16, ropeBase: 10000 };
    const start = (plant: number) => initialWeights(easel, { ...EASEL_START, plant }, mulberry32(5));
    expect(start(0)).toEqual(start(0));
    const text = [0, 3, 7, 3, 12, 1, 7, 2, 5, 9, 11, 4];
    const n = text.length;
    const weightBack = (plant: number, head: number, back: number) => {
      const planted = { config: easel, weights: weightsIn(easel, start(plant)) };
      const { weights } = forward(planted, text, { attend: plain }).layers[0].attention;
      return Math.min(...text.slice(3).map((_, i) => weights[(head * n + i + 3) * n + i + 3 - back]));
    };
    expect(weightBack(5, 0, 1)).toBeGreaterThan(0.7);
    expect(weightBack(5, 1, 2)).toBeGreaterThan(0.7);
    expect(weightBack(0, 0, 1)).toBeLessThan(0.5);
  });
});
