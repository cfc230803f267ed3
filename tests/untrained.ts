/** A small model with Easel's shape of file and no training: for tests of what is around a model. */
import { reference } from '../src/attention/reference.ts';
import { createWorld, type World } from '../src/figures/world.ts';
import { mulberry32 } from '../src/language/random.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import type { LlamaConfig } from '../src/model/parameters.ts';

const config: LlamaConfig = {
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
export const untrainedRoles = { adjective: { layer: 2, head: 1 }, 'previous-word': { layer: 1, head: 2 } };

/** Bytes of a GGUF file; another seed gives other weights, and the stronger they are the surer the model is of itself. */
export function untrainedModel(seed: number, strength = 1): Uint8Array<ArrayBuffer> {
  const flat = initialWeights(config, EASEL_START, mulberry32(seed)).map((weight) => weight * strength);
  return modelFile(config, flat, vocabulary, [['general.name', 'string', 'Easel']]);
}

/** A world of that model, in float64. */
export function untrainedWorld(seed = 1, strength = 1): World {
  const model = openModel(untrainedModel(seed, strength).buffer);
  return createWorld({ model, heads: untrainedRoles, attend: reference, precision: 'float64' });
}
