import { describe, expect, test } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { lossAndGradients } from '../src/model/backward.ts';
import { packer, type TrainingText } from '../src/model/batch.ts';
import { compileKernels } from '../src/model/compile.ts';
import { createFastPass, createMemory } from '../src/model/fast.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { forward, type LlamaConfig } from '../src/model/llama.ts';
import { crossEntropy } from '../src/model/loss.ts';
import { flatLength, tensorPlaces, weightsIn } from '../src/model/parameters.ts';
import { lossOf } from '../src/model/train.ts';

/** Numbers in [0, 1) that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const small: LlamaConfig = {
  vocabularySize: 11,
  width: 8,
  nLayers: 2,
  nHeads: 4,
  nKeyHeads: 2,
  headDim: 4,
  feedForward: 12,
  contextLength: 16,
  ropeBase: 100,
  epsilon: 1e-5,
  qkvBias: true,
};

/** One place of each kind: certain, a distribution, no loss. */
const text: TrainingText = {
  ids: [3, 1, 4, 1, 5],
  targets: ['certain', { ids: [1, 7, 0], probabilities: [0.5, 0.3, 0.2] }, 'certain', 'none', 'certain', 'certain'],
};

describe('the backward pass', () => {
  const random = numbers(7);
  const flat = Float64Array.from({ length: flatLength(small) }, () => random() * 1.6 - 0.8);
  for (const { name, offset, length } of tensorPlaces(small)) {
    if (name.endsWith('norm.weight')) for (let i = 0; i < length; i++) flat[offset + i] += 1;
  }
  const model = { config: small, weights: weightsIn(small, flat) };
  const options = { attend: reference, precision: 'float64' } as const;
  const { flat: gradients } = lossAndGradients(model, text, options);

  test.each(tensorPlaces(small).map((place) => [place.name, place] as const))(
    'agrees with finite differences in %s',
    (_name, { offset, length }) => {
      const picked = Array.from({ length: Math.min(length, 12) }, (_, i) => offset + Math.floor((i * length) / 12));
      for (const index of new Set(picked)) {
        const kept = flat[index];
        const step = 1e-5;
        flat[index] = kept + step;
        const above = lossAndGradients(model, text, options).loss;
        flat[index] = kept - step;
        const below = lossAndGradients(model, text, options).loss;
        flat[index] = kept;
        const difference = (above - below) / (2 * step);
        expect(Math.abs(gradients[index] - difference)).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
      }
    },
  );

  test('is not zero anywhere it could matter', () => {
    for (const { name, offset, length } of tensorPlaces(small)) {
      let largest = 0;
      for (let i = offset; i < offset + length; i++) largest = Math.max(largest, Math.abs(gradients[i]));
      expect(largest, name).toBeGreaterThan(1e-4);
    }
  });

  test('leaves a place without loss out', () => {
    const silent = { ids: text.ids, targets: text.targets.map(() => 'none' as const) };
    const { loss, flat: nothing } = lossAndGradients(model, silent, options);
    expect(loss).toBe(0);
    expect(nothing.every((d) => d === 0)).toBe(true);
  });
});

describe('the kernels', async () => {
  const config: LlamaConfig = {
    vocabularySize: 37,
    width: 32,
    nLayers: 2,
    nHeads: 2,
    nKeyHeads: 2,
    headDim: 16,
    feedForward: 40,
    contextLength: 18,
    ropeBase: 10000,
    epsilon: 1e-5,
    qkvBias: true,
  };
  const random = numbers(11);
  const start = initialWeights(config, { ...EASEL_START, outputs: 1 }, random);
  const texts = Array.from({ length: 9 }, (_, i): TrainingText => {
    const ids = Array.from({ length: 4 + ((i * 5) % 13) }, () => 1 + Math.floor(random() * 36));
    const targets = ids.map((_, t) =>
      t % 3 === 0
        ? ('certain' as const)
        : t % 3 === 1
          ? { ids: [2, 9], probabilities: [0.25, 0.75] }
          : ('none' as const),
    );
    return { ids, targets: [...targets, 'certain'] };
  });
  const size = 60; // not a whole number of texts: some places stay empty
  const queue = texts.values();
  const batch = packer(size, () => queue.next().value!)();
  const used = texts.slice(0, batch.texts);
  const memory = createMemory(config, size, 2);
  const pass = await createFastPass(config, await compileKernels(), memory, size, 1);
  pass.weights.set(start);
  pass.readWeights();
  pass.forward(batch);
  const logits = pass.logits.slice();
  pass.toProbabilities(batch);
  let loss = 0;
  for (let t = 0; t < batch.length; t++) {
    const row = pass.logits.subarray(t * pass.vocabularyRounded, (t + 1) * pass.vocabularyRounded);
    loss += crossEntropy(row, batch.following[t], batch.targets[t], 1 / size);
  }
  pass.backward(batch);
  const gradients = pass.gradients.slice();
  const model = { config, weights: weightsIn(config, start) };

  test('have a batch of several texts with room left over', () => {
    expect(batch.texts).toBeGreaterThan(3);
    expect(batch.length % 4).not.toBe(0);
  });

  test('give the logits of the plain form', () => {
    let place = 0;
    for (const { ids } of used) {
      const trace = forward(model, [0, ...ids], { attend: plain });
      for (let t = 0; t <= ids.length; t++, place++) {
        for (let v = 0; v < config.vocabularySize; v++) {
          const difference = logits[place * pass.vocabularyRounded + v] - trace.logits[t * config.vocabularySize + v];
          expect(Math.abs(difference)).toBeLessThan(2e-5);
        }
      }
    }
    expect(place).toBe(batch.length);
  });

  test('give the loss and every gradient of the plain form', () => {
    const sum = new Float64Array(flatLength(config));
    let total = 0;
    for (const one of used) {
      const { loss, flat } = lossAndGradients(model, one, {
        attend: reference,
        precision: 'float64',
        factor: 1 / size,
      });
      total += loss;
      for (let i = 0; i < sum.length; i++) sum[i] += flat[i];
    }
    expect(loss).toBeCloseTo(total, 3);
    for (const { name, offset, length } of tensorPlaces(config)) {
      let largest = 0;
      let worst = 0;
      for (let i = offset; i < offset + length; i++) {
        largest = Math.max(largest, Math.abs(sum[i]));
        worst = Math.max(worst, Math.abs(sum[i] - gradients[i]));
      }
      expect(worst, name).toBeLessThan(2e-5 * largest + 1e-8);
      expect(largest, name).toBeGreaterThan(1e-5);
    }
  });

  /** A step, from weights to gradients. */
  function again(one: typeof pass): Float32Array {
    one.readWeights();
    one.forward(batch);
    lossOf(one, batch, 1 / size);
    one.backward(batch);
    return one.gradients;
  }

  test('give the same bytes once the engine has optimised them', () => {
    for (let i = 0; i < 300; i++) again(pass);
    expect(again(pass)).toEqual(gradients);
  });

  test('give the same bytes in narrow tiles', async () => {
    const memory = createMemory(config, size, 1);
    const narrow = await createFastPass(config, await compileKernels({ wide: false }), memory, size, 0);
    narrow.weights.set(start);
    expect(again(narrow)).toEqual(gradients);
  });
});
