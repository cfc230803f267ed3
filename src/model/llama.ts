/**
 * The forward pass of a `llama` language model, keeping every step of every layer and head.
 *
 * The family: RMS norm before each block, rotary positions, grouped heads, a gated feed-forward block, and the
 * embedding used again as the output matrix. Touvron et al. 2023, https://arxiv.org/abs/2302.13971.
 */

import type { AsyncAttend, Attend, AttendInput, AttendOptions, AttendTrace, FloatArray } from '../attention/attend.ts';
import { add, gatedUnit, joinHeads, linear, rmsNorm, rotate, rotationTable, softmax, splitHeads } from './layers.ts';
import type { LlamaConfig, LlamaLayerWeights, LlamaWeights } from './parameters.ts';

export type { LlamaConfig, LlamaWeights } from './parameters.ts';

/** What a forward pass needs of a model. */
export interface Llama {
  config: LlamaConfig;
  weights: LlamaWeights;
}

export interface ForwardOptions {
  /** Default float32. With float64, hand in the reference form of attention. */
  precision?: 'float32' | 'float64';
  /** Links that may not be used. All indices from 0. */
  cut?: readonly { layer: number; head: number; query: number; key: number }[];
  /** Heads whose output is replaced by zeros. Indices from 0. */
  mute?: readonly { layer: number; head: number }[];
  /** Default true. False takes the mask off: every word may look at those after it, as it never did in training. */
  causal?: boolean;
}

/** One layer, step by step. n is the number of words. */
export interface LayerTrace {
  /** [n, width], as every array below without a shape of its own */
  input: FloatArray;
  attentionNorm: FloatArray;
  /** [nHeads, n, headDim] */
  queriesBeforeRotation: FloatArray;
  /** [nKeyHeads, n, headDim] */
  keysBeforeRotation: FloatArray;
  /** [nHeads, n, headDim] */
  queries: FloatArray;
  /** [nKeyHeads, n, headDim] */
  keys: FloatArray;
  /** [nKeyHeads, n, headDim] */
  values: FloatArray;
  attention: AttendTrace;
  /** [n, nHeads · headDim]: the outputs of all heads side by side; a muted head's columns are 0 */
  heads: FloatArray;
  attentionOutput: FloatArray;
  /** input + attentionOutput */
  afterAttention: FloatArray;
  feedForwardNorm: FloatArray;
  /** [n, feedForward] */
  gate: FloatArray;
  /** [n, feedForward] */
  up: FloatArray;
  /** [n, feedForward] */
  hidden: FloatArray;
  feedForwardOutput: FloatArray;
  /** afterAttention + feedForwardOutput */
  output: FloatArray;
}

export interface ForwardTrace {
  ids: number[];
  /** [n, width] */
  embedding: FloatArray;
  layers: LayerTrace[];
  /** [n, width] */
  finalNorm: FloatArray;
  /** [n, vocabularySize] */
  logits: FloatArray;
}

/** Words that a model cannot take: none, too many, or ids outside its vocabulary. */
export class ModelInputError extends Error {
  override name = 'ModelInputError';
}

/** A forward pass with a form of attention that answers at once. */
export function forward(
  model: Llama,
  ids: readonly number[],
  options: ForwardOptions & { attend: Attend },
): ForwardTrace {
  const pass = forwardPass(model, ids, options);
  let step = pass.next();
  while (!step.done) step = pass.next(options.attend(...step.value));
  return step.value;
}

/** A forward pass with a form of attention that answers later. */
export async function forwardAsync(
  model: Llama,
  ids: readonly number[],
  options: ForwardOptions & { attend: AsyncAttend },
): Promise<ForwardTrace> {
  const pass = forwardPass(model, ids, options);
  let step = pass.next();
  while (!step.done) step = pass.next(await options.attend(...step.value));
  return step.value;
}

/** The pass itself: it yields each layer's attention as a question and goes on with the answer. */
function* forwardPass(
  model: Llama,
  ids: readonly number[],
  options: ForwardOptions,
): Generator<[AttendInput, AttendOptions], ForwardTrace, AttendTrace> {
  const { config, weights } = model;
  const { width, nLayers, nHeads, nKeyHeads, headDim, feedForward } = config;
  checkIds(ids, config);
  checkHeads([...(options.cut ?? []), ...(options.mute ?? [])], config);
  const n = ids.length;
  const table = rotationTable(
    Array.from(ids, (_, position) => position),
    headDim,
    config.ropeBase,
  );

  const embedding = options.precision === 'float64' ? new Float64Array(n * width) : new Float32Array(n * width);
  for (let t = 0; t < n; t++) {
    embedding.set(weights.tokenEmbedding.subarray(ids[t] * width, (ids[t] + 1) * width), t * width);
  }

  const layers: LayerTrace[] = [];
  let input: FloatArray = embedding;
  for (let layer = 0; layer < nLayers; layer++) {
    const w: LlamaLayerWeights = weights.layers[layer];
    const attentionNorm = rmsNorm(input, w.attentionNorm, config.epsilon);
    const queryRows = linear(attentionNorm, w.query, width, nHeads * headDim, w.queryBias);
    const keyRows = linear(attentionNorm, w.key, width, nKeyHeads * headDim, w.keyBias);
    const valueRows = linear(attentionNorm, w.value, width, nKeyHeads * headDim, w.valueBias);
    const queriesBeforeRotation = splitHeads(queryRows, nHeads, headDim);
    const keysBeforeRotation = splitHeads(keyRows, nKeyHeads, headDim);
    const queries = rotate(queriesBeforeRotation, headDim, table);
    const keys = rotate(keysBeforeRotation, headDim, table);
    const values = splitHeads(valueRows, nKeyHeads, headDim);

    const shape = { nHeads, nKeyHeads, nQueries: n, nKeys: n, headDim, valueDim: headDim };
    const cut = options.cut?.filter((link) => link.layer === layer);
    const attention = yield [
      { q: queries, k: keys, v: values, ...shape },
      { causal: options.causal ?? true, ...(cut?.length && { cut }) },
    ];

    const heads = joinHeads(attention.output, nHeads, headDim, input);
    for (const muted of options.mute ?? []) {
      if (muted.layer === layer) silence(heads, muted.head, nHeads, headDim);
    }
    const attentionOutput = linear(heads, w.attentionOutput, nHeads * headDim, width);
    const afterAttention = add(input, attentionOutput);

    const feedForwardNorm = rmsNorm(afterAttention, w.feedForwardNorm, config.epsilon);
    const gate = linear(feedForwardNorm, w.gate, width, feedForward);
    const up = linear(feedForwardNorm, w.up, width, feedForward);
    const hidden = gatedUnit(gate, up);
    const feedForwardOutput = linear(hidden, w.down, feedForward, width);
    const output = add(afterAttention, feedForwardOutput);

    layers.push({
      input,
      attentionNorm,
      queriesBeforeRotation,
      keysBeforeRotation,
      queries,
      keys,
      values,
      attention,
      heads,
      attentionOutput,
      afterAttention,
      feedForwardNorm,
      gate,
      up,
      hidden,
      feedForwardOutput,
      output,
    });
    input = output;
  }

  const finalNorm = rmsNorm(input, weights.outputNorm, config.epsilon);
  const logits = linear(finalNorm, weights.tokenEmbedding, width, config.vocabularySize);
  return { ids: [...ids], embedding, layers, finalNorm, logits };
}

/** The probabilities that follow from one row of logits: softmax over the vocabulary. */
export function probabilities(logits: FloatArray, row: number, vocabularySize: number): FloatArray {
  return softmax(logits.subarray(row * vocabularySize, (row + 1) * vocabularySize), vocabularySize);
}

/** Puts zeros where head `head` wrote. heads: [n, nHeads · headDim] */
function silence(heads: FloatArray, head: number, nHeads: number, headDim: number): void {
  for (let start = head * headDim; start < heads.length; start += nHeads * headDim) {
    heads.fill(0, start, start + headDim);
  }
}

function checkIds(ids: readonly number[], { vocabularySize, contextLength }: LlamaConfig): void {
  if (ids.length === 0 || ids.length > contextLength) {
    throw new ModelInputError(
      `Expected 1 to ${contextLength} word ids (the start marker included) but received ${ids.length}; ` +
        (ids.length ? 'shorten the text.' : 'begin with the start marker, id 0.'),
    );
  }
  for (const [index, id] of ids.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= vocabularySize) {
      throw new ModelInputError(
        `Expected word ids from 0 to ${vocabularySize - 1} but received ${id} at index ${index}; ` +
          'encode the text with the tokenizer of this model.',
      );
    }
  }
}

function checkHeads(places: readonly { layer: number; head: number }[], { nLayers, nHeads }: LlamaConfig): void {
  for (const { layer, head } of places) {
    if (!(layer >= 0 && layer < nLayers && head >= 0 && head < nHeads)) {
      throw new ModelInputError(
        `Expected layers from 0 to ${nLayers - 1} and heads from 0 to ${nHeads - 1} to cut or mute but received ` +
          `layer ${layer}, head ${head}; here both count from 0.`,
      );
    }
  }
}
