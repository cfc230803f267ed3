/** AdamW: Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101. */

import { type LlamaConfig, tensorPlaces } from './parameters.ts';

export interface AdamWOptions {
  weightDecay: number;
  beta1: number;
  beta2: number;
  /** Gradients longer than this (Euclidean length over all parameters) are shortened to it. */
  clip: number;
}

/** What AdamW remembers of earlier steps: for every weight the running mean of its gradient, and of its square. */
export interface AdamWState {
  mean: Float32Array;
  square: Float32Array;
}

/**
 * An optimiser for one long array of weights. Norms and biases do not decay.
 *
 * @param state all 0 before the first step; changed by every step
 * @returns a function that takes one step (counted from 0) with the given rate, changes `weights`, and returns the
 *   gradient's length
 */
export function adamW(
  config: LlamaConfig,
  { weightDecay, beta1, beta2, clip }: AdamWOptions,
  { mean, square }: AdamWState,
): (weights: Float32Array, gradients: Float32Array, rate: number, step: number) => number {
  const places = tensorPlaces(config);
  return (weights, gradients, rate, step) => {
    let squares = 0;
    for (let i = 0; i < gradients.length; i++) squares += gradients[i] * gradients[i];
    const length = Math.sqrt(squares);
    const shrink = length > clip ? clip / length : 1;
    // both averages begin at 0 and are too small at first
    const meanRate = rate / (1 - beta1 ** (step + 1));
    const squareFactor = 1 / Math.sqrt(1 - beta2 ** (step + 1));
    for (const { shape, offset, length: size } of places) {
      const decay = shape.length > 1 ? rate * weightDecay : 0;
      for (let i = offset; i < offset + size; i++) {
        const gradient = gradients[i] * shrink;
        mean[i] = beta1 * mean[i] + (1 - beta1) * gradient;
        square[i] = beta2 * square[i] + (1 - beta2) * gradient * gradient;
        weights[i] -= (meanRate * mean[i]) / (Math.sqrt(square[i]) * squareFactor + 1e-8) + decay * weights[i];
      }
    }
    return length;
  };
}

/** The rate of a step: a straight rise over `warmUp` steps, then a cosine down to 1 % of the peak. step from 0. */
export function cosineRate(step: number, steps: number, peak: number, warmUp: number): number {
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  const progress = (step - warmUp) / Math.max(1, steps - warmUp);
  return peak * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
