/** A small model with Easel's shape of file and no training: for tests of what is around a model. */
import { reference } from '../src/attention/reference.ts';
import type { CalibrationBin } from '../src/figures/calibration-bins.ts';
import type { Moment } from '../src/figures/moments-list.ts';
import type { TrainingLog } from '../src/figures/training-log.ts';
import { createWorld, type World } from '../src/figures/world.ts';
import { mulberry32 } from '../src/language/random.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import type { LlamaConfig } from '../src/model/parameters.ts';

export const untrainedConfig: LlamaConfig = {
  vocabularySize: vocabulary.length,
  width: 16,
  nLayers: 2,
  nHeads: 2,
  nKeyHeads: 2,
  headDim: 8,
  feedForward: 24,
  contextLength: 32,
  ropeBase: 10000,
  epsilon: 1e-5,
  qkvBias: true,
};

/** Roles that some heads are said to have. */
export const untrainedRoles = {
  adjective: { layer: 2, head: 1 },
  noun: { layer: 2, head: 2 },
  'previous-word': { layer: 1, head: 2 },
};

/** Bytes of a GGUF file; another seed gives other weights, and the stronger they are the surer the model is of itself. */
export function untrainedModel(seed: number, strength = 1): Uint8Array<ArrayBuffer> {
  const flat = initialWeights(untrainedConfig, EASEL_START, mulberry32(seed)).map((weight) => weight * strength);
  return modelFile(untrainedConfig, flat, vocabulary, [['general.name', 'string', 'Easel']]);
}

/** A world of that model, in float64. */
export function untrainedWorld(seed = 1, strength = 1): World {
  const model = openModel(untrainedModel(seed, strength).buffer);
  return createWorld({ model, heads: untrainedRoles, attend: reference, precision: 'float64' });
}

/** A training that nobody ran: the gap shrinks to a third with every row. */
export const inventedLog: TrainingLog = {
  heldOutTexts: 20,
  entropy: 1.1,
  rows: Array.from({ length: 6 }, (_, i) => ({
    step: 100 * i,
    tokens: 204_800 * i,
    loss: 0.4 + 5 / (i + 1),
    gap: 4 / 3 ** i,
  })),
};

/** A model that nobody measured: a little too sure of itself, and it expects rare words twice too often. */
export const inventedCalibration: readonly CalibrationBin[] = [
  { from: 0, to: 0.001, count: 90_000, predicted: 0.00002, truth: 0.00001, observed: 0 },
  { from: 0.001, to: 0.1, count: 4000, predicted: 0.02, truth: 0.021, observed: 0.0195 },
  { from: 0.1, to: 0.5, count: 500, predicted: 0.3, truth: 0.29, observed: 0.302 },
  { from: 0.5, to: 1, count: 200, predicted: 0.8, truth: 0.75, observed: 0.76 },
];

/** Three moments of a training that nobody ran: other random numbers each time, and ever stronger ones. */
export const inventedMoments: readonly Moment[] = [1, 2, 3].map((seed, i) => ({
  step: 150 * i,
  tokens: 300_000 * i,
  gap: 4 / (i + 1),
  ...(i > 0 && { reading: i === 1 ? 'pairs' : 'stories' }),
  file: `step-${i}.gguf`,
  bytes: 1000,
  open: async () => openModel(untrainedModel(seed, seed).buffer),
}));
