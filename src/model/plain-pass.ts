/** A step of training in plain TypeScript, for where WebAssembly is missing: the same numbers, some twenty times slower. */

import { plain } from '../attention/plain.ts';
import { lossAndGradients } from './backward.ts';
import type { Batch, TrainingText } from './batch.ts';
import { flatLength, type LlamaConfig, weightsIn } from './parameters.ts';
import type { Pass } from './train.ts';

/** The pass of the only thread. */
export function createPlainPass(config: LlamaConfig): Pass {
  const weights = new Float32Array(flatLength(config));
  const gradients = new Float32Array(flatLength(config));
  const model = { config, weights: weightsIn(config, weights) };
  return {
    weights,
    gradients,
    gradientsOf(thread) {
      throw new Error(`The plain form has one thread, and was asked for the gradients of thread ${thread}.`);
    },
    learn(batch, factor) {
      let loss = 0;
      gradients.fill(0);
      for (const text of textsIn(batch)) {
        const one = lossAndGradients(model, text, { attend: plain, factor });
        for (let i = 0; i < gradients.length; i++) gradients[i] += one.flat[i];
        loss += one.loss;
      }
      return loss;
    },
  };
}

/** Takes apart what a packer put together. */
function textsIn({ ids, positions, targets, length }: Batch): TrainingText[] {
  const starts: number[] = [];
  for (let place = 0; place < length; place++) if (positions[place] === 0) starts.push(place);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? length;
    return { ids: Array.from(ids.subarray(start + 1, end)), targets: targets.slice(start, end) };
  });
}
