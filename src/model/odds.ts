/** The odds for the next word in many texts at once, on the kernels that training runs on: what measuring needs. */

import type { FloatArray } from '../attention/attend.ts';
import type { Batch } from './batch.ts';
import { createFastPass, createMemory } from './fast.ts';
import type { HeadPlace } from './heads.ts';
import type { Llama } from './llama.ts';
import { type LlamaWeights, weightsIn } from './parameters.ts';

/**
 * Reads texts and calls `visit` once for each, in order.
 *
 * @param texts ids with the start marker
 * @param visit gets the index of the text and a function from a place in it to the probabilities of what comes after that
 *   place, [vocabularySize]; they are good only until the call ends
 * @param muted heads whose output is replaced by zeros
 */
export type Odds = (
  texts: readonly (readonly number[])[],
  visit: (text: number, after: (place: number) => Float32Array) => void,
  muted?: readonly HeadPlace[],
) => void;

/** Places in one batch. */
const BATCH = 1024;

/**
 * Loads a model into the kernels. What comes out is what `forward` says, within float32, many times faster.
 *
 * @param module the compiled kernels
 * @throws Error when the kernels cannot run this model
 */
export async function createOdds({ config, weights }: Llama, module: WebAssembly.Module): Promise<Odds> {
  const { vocabularySize, width, nHeads, headDim, contextLength } = config;
  const pass = await createFastPass(config, module, createMemory(config, BATCH, 1), BATCH, 0);
  const loaded = weightsIn(config, pass.weights);
  const batch: Batch = {
    ids: new Int32Array(BATCH),
    positions: new Int32Array(BATCH),
    following: new Int32Array(BATCH),
    targets: [],
    length: 0,
    texts: 0,
  };
  const rowOf = (row: number) =>
    pass.logits.subarray(row * pass.vocabularyRounded, row * pass.vocabularyRounded + vocabularySize);

  const load = (muted: readonly HeadPlace[]) => {
    copyWeights(weights, loaded);
    // a head writes through its own columns of the output matrix [width, nHeads · headDim]
    for (const { layer, head } of muted) {
      const { attentionOutput } = loaded.layers[layer - 1];
      for (let row = 0; row < width; row++) {
        const start = row * nHeads * headDim + (head - 1) * headDim;
        attentionOutput.fill(0, start, start + headDim);
      }
    }
    pass.readWeights();
  };
  let loadedWithout: string | undefined;

  return (texts, visit, muted = []) => {
    const without = JSON.stringify(muted);
    if (without !== loadedWithout) load(muted);
    loadedWithout = without;
    for (let from = 0; from < texts.length; from += batch.texts) {
      batch.length = 0;
      batch.texts = 0;
      const starts: number[] = [];
      for (let i = from; i < texts.length && batch.length + texts[i].length <= BATCH; i++) {
        if (texts[i].length > contextLength) {
          throw new RangeError(
            `Expected at most ${contextLength} ids in a text, but text ${i} has ${texts[i].length}.`,
          );
        }
        starts.push(batch.length);
        texts[i].forEach((id, position) => {
          batch.ids[batch.length] = id;
          batch.positions[batch.length++] = position;
        });
        batch.texts++;
      }
      pass.forward(batch);
      pass.toProbabilities(batch);
      starts.forEach((start, i) => {
        visit(from + i, (place) => rowOf(start + place));
      });
    }
  };
}

function copyWeights(from: LlamaWeights, to: LlamaWeights): void {
  to.tokenEmbedding.set(from.tokenEmbedding);
  to.outputNorm.set(from.outputNorm);
  from.layers.forEach((layer, l) => {
    const parts = to.layers[l] as unknown as Record<string, FloatArray>;
    for (const [part, values] of Object.entries(layer)) parts[part].set(values as FloatArray);
  });
}
