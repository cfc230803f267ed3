/** Easel's shape. Its recipe is in `train.ts`, its start in `initialise.ts`. */

import type { LlamaConfig } from './parameters.ts';

/**
 * What Easel is trained with. The vocabulary's size comes from the language; the base of the rotary embedding may be
 * tried with `npm run train -- --rope-base`.
 */
export const EASEL: Omit<LlamaConfig, 'vocabularySize'> = {
  width: 64,
  nLayers: 4,
  nHeads: 4,
  nKeyHeads: 4,
  headDim: 16,
  feedForward: 160,
  contextLength: 65,
  ropeBase: 10000,
  epsilon: 1e-5,
  qkvBias: true,
};
