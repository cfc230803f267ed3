/** Where training starts. */

import { flatLength, type LlamaConfig, tensorPlaces, weightsIn } from './parameters.ts';

export interface StartOptions {
  /** Standard deviation of the embedding's entries. */
  embedding: number;
  /** Factor on the usual size of the two matrices that write into the residual stream. */
  outputs: number;
  /** Standard deviation of the biases of queries and keys. */
  bias: number;
  /**
   * Above 0, heads 1 and 2 of the first layer start as "look one word back" and "look two words back", with this
   * strength: their query bias is their key bias turned by one or two positions. They are free to change. 0: no help.
   */
  plant: number;
  /** Factor on what the planted heads write. */
  plantOutputs: number;
}

/** What a 64-wide Easel starts from. */
export const EASEL_START: StartOptions = { embedding: 0.3, outputs: 0.2, bias: 0.5, plant: 0, plantOutputs: 1 };

/**
 * Random weights: normal, with a standard deviation of 1/√inputs for matrices that read, the same divided by √(2·layers)
 * for those that write back (Radford et al. 2019, GPT-2); norms start at 1, value biases at 0.
 *
 * @param random uniform numbers in [0, 1)
 * @returns all weights in the order of `tensorPlaces`
 */
export function initialWeights(config: LlamaConfig, options: StartOptions, random: () => number): Float32Array {
  const flat = new Float32Array(flatLength(config));
  for (const { name, shape, offset, length } of tensorPlaces(config)) {
    const deviation = startDeviation(name, shape, config, options);
    for (let i = 0; i < length; i++) flat[offset + i] = deviation === 'ones' ? 1 : deviation * normal(random);
  }
  if (options.plant > 0) plant(flat, config, options);
  return flat;
}

function startDeviation(name: string, shape: number[], config: LlamaConfig, options: StartOptions): number | 'ones' {
  if (name.endsWith('norm.weight')) return 'ones';
  if (name === 'token_embd.weight') return options.embedding;
  if (name.endsWith('attn_v.bias')) return 0;
  if (name.endsWith('.bias')) return options.bias;
  const usual = 1 / Math.sqrt(shape[1]);
  const writes = name.endsWith('attn_output.weight') || name.endsWith('ffn_down.weight');
  return writes ? (options.outputs * usual) / Math.sqrt(2 * config.nLayers) : usual;
}

/** Box and Muller's way from uniform to normal numbers. */
function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(random() || 1e-9));
  return radius * Math.cos(2 * Math.PI * random());
}

function plant(flat: Float32Array, config: LlamaConfig, { plant: strength, plantOutputs }: StartOptions): void {
  const { width, headDim, nHeads } = config;
  const { query, key, queryBias, keyBias, attentionOutput } = weightsIn(config, flat).layers[0];
  if (!queryBias || !keyBias) throw new Error('A planted start needs biases on queries and keys: set qkvBias.');
  for (const [head, back] of [
    [0, 1],
    [1, 2],
  ]) {
    for (let i = 0; i < headDim / 2; i++) {
      const angle = config.ropeBase ** ((-2 * i) / headDim) * back;
      const pair = head * headDim + 2 * i;
      queryBias[pair] = strength * Math.cos(angle);
      queryBias[pair + 1] = -strength * Math.sin(angle);
      keyBias[pair] = strength;
      keyBias[pair + 1] = 0;
    }
    // what the words say matters less than where they stand, at first
    for (let i = head * headDim * width; i < (head + 1) * headDim * width; i++) {
      query[i] *= 0.1;
      key[i] *= 0.1;
    }
  }
  for (let row = 0; row < width; row++) {
    for (let i = 0; i < 2 * headDim; i++) attentionOutput[row * nHeads * headDim + i] *= plantOutputs;
  }
}
