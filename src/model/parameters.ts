/** Which numbers a `llama` model learns: their names, shapes, and places in one long array. */

import type { FloatArray } from '../attention/attend.ts';

export interface LlamaConfig {
  vocabularySize: number;
  /** Numbers that stand for one word between layers. */
  width: number;
  nLayers: number;
  nHeads: number;
  /** Heads of keys and values; divides nHeads. */
  nKeyHeads: number;
  /** Numbers in one query, key or value. Even, since the rotary embedding turns pairs. */
  headDim: number;
  /** Numbers in the hidden layer of a feed-forward block. */
  feedForward: number;
  /** Most words, the start marker included. */
  contextLength: number;
  ropeBase: number;
  epsilon: number;
  /** Whether queries, keys and values have a bias (llama.cpp reads `attn_q.bias` and its kin where a file has them). */
  qkvBias: boolean;
}

/** One layer's weights. A matrix is [outputs, inputs]. */
export interface LlamaLayerWeights {
  /** [width] */
  attentionNorm: FloatArray;
  /** [nHeads · headDim, width] */
  query: FloatArray;
  /** [nKeyHeads · headDim, width] */
  key: FloatArray;
  /** [nKeyHeads · headDim, width] */
  value: FloatArray;
  queryBias?: FloatArray;
  keyBias?: FloatArray;
  valueBias?: FloatArray;
  /** [width, nHeads · headDim] */
  attentionOutput: FloatArray;
  /** [width] */
  feedForwardNorm: FloatArray;
  /** [feedForward, width] */
  gate: FloatArray;
  /** [feedForward, width] */
  up: FloatArray;
  /** [width, feedForward] */
  down: FloatArray;
}

export interface LlamaWeights {
  /** [vocabularySize, width]; also the output matrix (tied). */
  tokenEmbedding: FloatArray;
  layers: LlamaLayerWeights[];
  /** [width] */
  outputNorm: FloatArray;
}

/** One tensor: its GGUF name, its shape ([outputs, inputs] or [size]), and where it lies in the long array. */
export interface TensorPlace {
  name: string;
  shape: number[];
  offset: number;
  length: number;
}

const LAYER_TENSORS = {
  attentionNorm: 'attn_norm.weight',
  query: 'attn_q.weight',
  key: 'attn_k.weight',
  value: 'attn_v.weight',
  queryBias: 'attn_q.bias',
  keyBias: 'attn_k.bias',
  valueBias: 'attn_v.bias',
  attentionOutput: 'attn_output.weight',
  feedForwardNorm: 'ffn_norm.weight',
  gate: 'ffn_gate.weight',
  up: 'ffn_up.weight',
  down: 'ffn_down.weight',
} as const;

/**
 * Every tensor in order. Query, key and value follow each other, as do gate and up, so that each group is also one
 * larger matrix; after the embedding there is room to round the vocabulary up to whole tiles of eight.
 */
export function tensorPlaces(config: LlamaConfig): TensorPlace[] {
  const { width, nHeads, nKeyHeads, headDim, feedForward, vocabularySize } = config;
  const places: TensorPlace[] = [];
  let offset = 0;
  const place = (name: string, shape: number[], room?: number) => {
    const length = shape.reduce((product, size) => product * size, 1);
    places.push({ name, shape, offset, length });
    offset += room ?? length;
  };
  place('token_embd.weight', [vocabularySize, width], roundUp(vocabularySize, 8) * width);
  for (let layer = 0; layer < config.nLayers; layer++) {
    const shapes: Record<keyof typeof LAYER_TENSORS, number[] | undefined> = {
      attentionNorm: [width],
      query: [nHeads * headDim, width],
      key: [nKeyHeads * headDim, width],
      value: [nKeyHeads * headDim, width],
      queryBias: config.qkvBias ? [nHeads * headDim] : undefined,
      keyBias: config.qkvBias ? [nKeyHeads * headDim] : undefined,
      valueBias: config.qkvBias ? [nKeyHeads * headDim] : undefined,
      attentionOutput: [width, nHeads * headDim],
      feedForwardNorm: [width],
      gate: [feedForward, width],
      up: [feedForward, width],
      down: [width, feedForward],
    };
    for (const [part, shape] of Object.entries(shapes)) {
      if (shape) place(`blk.${layer}.${LAYER_TENSORS[part as keyof typeof LAYER_TENSORS]}`, shape);
    }
  }
  place('output_norm.weight', [width]);
  return places;
}

/** Length of the long array that {@link tensorPlaces} divides up. */
export function flatLength(config: LlamaConfig): number {
  const last = tensorPlaces(config).at(-1)!;
  return last.offset + last.length;
}

/** How many numbers the model learns. */
export function parameterCount(config: LlamaConfig): number {
  return tensorPlaces(config).reduce((total, { length }) => total + length, 0);
}

/** The weights by name, each fetched by its GGUF name. */
export function weightsFrom(config: LlamaConfig, tensor: (name: string) => FloatArray): LlamaWeights {
  const layers: LlamaLayerWeights[] = [];
  for (let layer = 0; layer < config.nLayers; layer++) {
    const part = (key: keyof typeof LAYER_TENSORS) => tensor(`blk.${layer}.${LAYER_TENSORS[key]}`);
    layers.push({
      attentionNorm: part('attentionNorm'),
      query: part('query'),
      key: part('key'),
      value: part('value'),
      ...(config.qkvBias && { queryBias: part('queryBias'), keyBias: part('keyBias'), valueBias: part('valueBias') }),
      attentionOutput: part('attentionOutput'),
      feedForwardNorm: part('feedForwardNorm'),
      gate: part('gate'),
      up: part('up'),
      down: part('down'),
    });
  }
  return { tokenEmbedding: tensor('token_embd.weight'), layers, outputNorm: tensor('output_norm.weight') };
}

/** The weights as views into one long array: changing one changes the other. */
export function weightsIn(config: LlamaConfig, flat: FloatArray): LlamaWeights {
  const places = new Map(tensorPlaces(config).map((place) => [place.name, place]));
  return weightsFrom(config, (name) => {
    const { offset, length } = places.get(name)!;
    return flat.subarray(offset, offset + length);
  });
}

/** The smallest multiple of `step` that is not below `n`. */
export function roundUp(n: number, step: number): number {
  return Math.ceil(n / step) * step;
}
