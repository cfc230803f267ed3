/**
 * The backward pass by hand, one function for each step of the forward pass: from the gradient of a step's result to the
 * gradients of what went in. The slow, clear form; `fast.ts` is held against it, and it against finite differences.
 *
 * Naming: dX is the gradient of the loss with respect to X. "+=" in a comment: the function adds to what is there.
 */

import type { Attend, FloatArray } from '../attention/attend.ts';
import type { TrainingText } from './batch.ts';
import { joinHeads, rotate, rotationTable, splitHeads, zerosLike } from './layers.ts';
import { forward, type LayerTrace, type Llama, probabilities } from './llama.ts';
import { crossEntropy } from './loss.ts';
import { flatLength, type LlamaConfig, type LlamaLayerWeights, weightsIn } from './parameters.ts';

/**
 * Loss and gradients of one text.
 *
 * @param attend the form of attention used on the way forward
 * @param factor multiplies the gradient (1 / places in the batch, say)
 * @returns loss: nats, summed over the text's places; flat: the gradients in the order of `tensorPlaces`
 */
export function lossAndGradients(
  model: Llama,
  { ids, targets }: TrainingText,
  { attend, precision, factor = 1 }: { attend: Attend; precision?: 'float32' | 'float64'; factor?: number },
): { loss: number; flat: FloatArray } {
  const { config, weights } = model;
  const { width, vocabularySize } = config;
  const input = [0, ...ids];
  const n = input.length;
  const trace = forward(model, input, { attend, precision });

  const flat = zerosLike(trace.embedding, flatLength(config));
  const gradients = weightsIn(config, flat);

  // dLogits [n, vocabularySize]
  const dLogits = zerosLike(trace.logits, trace.logits.length);
  let loss = 0;
  for (let t = 0; t < n; t++) {
    const row = probabilities(trace.logits, t, vocabularySize);
    loss += crossEntropy(row, ids[t] ?? 0, targets[t] ?? 'none', factor);
    dLogits.set(row, t * vocabularySize);
  }

  const dFinal = linearBackward(
    dLogits,
    trace.finalNorm,
    weights.tokenEmbedding,
    gradients.tokenEmbedding,
    width,
    vocabularySize,
  );
  const last = trace.layers.at(-1)?.output ?? trace.embedding;
  let dx = rmsNormBackward(dFinal, last, weights.outputNorm, gradients.outputNorm, config.epsilon);
  for (let layer = config.nLayers - 1; layer >= 0; layer--) {
    dx = layerBackward(dx, trace.layers[layer], weights.layers[layer], gradients.layers[layer], config);
  }
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < width; i++) gradients.tokenEmbedding[input[t] * width + i] += dx[t * width + i];
  }
  return { loss, flat };
}

/** One layer. dOutput [n, width]; returns dInput [n, width]; gradients +=. */
function layerBackward(
  dOutput: FloatArray,
  trace: LayerTrace,
  weights: LlamaLayerWeights,
  gradients: LlamaLayerWeights,
  config: LlamaConfig,
): FloatArray {
  const { width, nHeads, nKeyHeads, headDim, feedForward, epsilon } = config;
  const n = dOutput.length / width;

  // output = afterAttention + down(gatedUnit(gate, up))
  const dHidden = linearBackward(dOutput, trace.hidden, weights.down, gradients.down, feedForward, width);
  const { dGate, dUp } = gatedUnitBackward(dHidden, trace.gate, trace.up);
  const dNorm = linearBackward(dGate, trace.feedForwardNorm, weights.gate, gradients.gate, width, feedForward);
  addTo(dNorm, linearBackward(dUp, trace.feedForwardNorm, weights.up, gradients.up, width, feedForward));
  const dAfter = rmsNormBackward(
    dNorm,
    trace.afterAttention,
    weights.feedForwardNorm,
    gradients.feedForwardNorm,
    epsilon,
  );
  addTo(dAfter, dOutput);

  // afterAttention = input + attentionOutput(heads)
  const size = nHeads * headDim;
  const dHeads = linearBackward(dAfter, trace.heads, weights.attentionOutput, gradients.attentionOutput, size, width);
  const { dQueries, dKeys, dValues } = attendBackward(splitHeads(dHeads, nHeads, headDim), trace, config);
  const table = rotationTable(
    Array.from({ length: n }, (_, t) => t),
    headDim,
    config.ropeBase,
  );
  const back = { direction: -1 } as const;
  const dQueryRows = joinHeads(rotate(dQueries, headDim, table, back), nHeads, headDim, dOutput);
  const dKeyRows = joinHeads(rotate(dKeys, headDim, table, back), nKeyHeads, headDim, dOutput);
  const dValueRows = joinHeads(dValues, nKeyHeads, headDim, dOutput);

  const x = trace.attentionNorm;
  const keySize = nKeyHeads * headDim;
  const dx = linearBackward(dQueryRows, x, weights.query, gradients.query, width, size, gradients.queryBias);
  addTo(dx, linearBackward(dKeyRows, x, weights.key, gradients.key, width, keySize, gradients.keyBias));
  addTo(dx, linearBackward(dValueRows, x, weights.value, gradients.value, width, keySize, gradients.valueBias));
  const dInput = rmsNormBackward(dx, trace.input, weights.attentionNorm, gradients.attentionNorm, epsilon);
  addTo(dInput, dAfter);
  return dInput;
}

/** y = x Wᵀ + bias. dy [n, outputs]; returns dx [n, inputs]; dw [outputs, inputs] += and dBias [outputs] +=. */
export function linearBackward(
  dy: FloatArray,
  x: FloatArray,
  w: FloatArray,
  dw: FloatArray,
  inputs: number,
  outputs: number,
  dBias?: FloatArray,
): FloatArray {
  const n = dy.length / outputs;
  const dx = zerosLike(x, x.length);
  for (let t = 0; t < n; t++) {
    for (let o = 0; o < outputs; o++) {
      const d = dy[t * outputs + o];
      if (dBias) dBias[o] += d;
      for (let i = 0; i < inputs; i++) {
        dx[t * inputs + i] += d * w[o * inputs + i];
        dw[o * inputs + i] += d * x[t * inputs + i];
      }
    }
  }
  return dx;
}

/** y = x / rms(x) · scale. dy [n, size]; returns dx [n, size]; dScale [size] +=. */
export function rmsNormBackward(
  dy: FloatArray,
  x: FloatArray,
  scale: FloatArray,
  dScale: FloatArray,
  epsilon: number,
): FloatArray {
  const size = scale.length;
  const dx = zerosLike(x, x.length);
  for (let row = 0; row < x.length; row += size) {
    let squares = 0;
    let dot = 0;
    for (let i = 0; i < size; i++) {
      squares += x[row + i] * x[row + i];
      dot += dy[row + i] * scale[i] * x[row + i];
    }
    const factor = 1 / Math.sqrt(squares / size + epsilon);
    const along = (dot * factor ** 3) / size;
    for (let i = 0; i < size; i++) {
      dScale[i] += dy[row + i] * x[row + i] * factor;
      dx[row + i] = dy[row + i] * scale[i] * factor - x[row + i] * along;
    }
  }
  return dx;
}

/** hidden = swish(gate) · up. All [n, feedForward]. */
export function gatedUnitBackward(
  dHidden: FloatArray,
  gate: FloatArray,
  up: FloatArray,
): { dGate: FloatArray; dUp: FloatArray } {
  const dGate = zerosLike(gate, gate.length);
  const dUp = zerosLike(up, up.length);
  for (let i = 0; i < gate.length; i++) {
    const sigmoid = 1 / (1 + Math.exp(-gate[i]));
    dGate[i] = dHidden[i] * up[i] * sigmoid * (1 + gate[i] * (1 - sigmoid));
    dUp[i] = dHidden[i] * gate[i] * sigmoid;
  }
  return { dGate, dUp };
}

/** Attention. dOutput [nHeads, n, headDim]; returns the gradients of the rotated queries and keys, and of the values. */
export function attendBackward(
  dOutput: FloatArray,
  { queries, keys, values, attention: { weights } }: Pick<LayerTrace, 'queries' | 'keys' | 'values' | 'attention'>,
  { nHeads, nKeyHeads, headDim }: Pick<LlamaConfig, 'nHeads' | 'nKeyHeads' | 'headDim'>,
): { dQueries: FloatArray; dKeys: FloatArray; dValues: FloatArray } {
  const n = queries.length / (nHeads * headDim);
  const scale = 1 / Math.sqrt(headDim);
  const dQueries = zerosLike(queries, queries.length);
  const dKeys = zerosLike(keys, keys.length);
  const dValues = zerosLike(values, values.length);
  const dWeight = new Float64Array(n);
  for (let h = 0; h < nHeads; h++) {
    const keyHead = Math.floor(h / (nHeads / nKeyHeads));
    for (let t = 0; t < n; t++) {
      const query = (h * n + t) * headDim;
      let mean = 0;
      for (let j = 0; j <= t; j++) {
        const weight = weights[(h * n + t) * n + j];
        const value = (keyHead * n + j) * headDim;
        dWeight[j] = 0;
        for (let i = 0; i < headDim; i++) {
          dWeight[j] += dOutput[query + i] * values[value + i];
          dValues[value + i] += weight * dOutput[query + i];
        }
        mean += weight * dWeight[j];
      }
      for (let j = 0; j <= t; j++) {
        const dScore = weights[(h * n + t) * n + j] * (dWeight[j] - mean) * scale;
        const key = (keyHead * n + j) * headDim;
        for (let i = 0; i < headDim; i++) {
          dQueries[query + i] += dScore * keys[key + i];
          dKeys[key + i] += dScore * queries[query + i];
        }
      }
    }
  }
  return { dQueries, dKeys, dValues };
}

/** a += b */
function addTo(a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
}
