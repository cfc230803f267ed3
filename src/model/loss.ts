/** Cross-entropy against what is known about the next word: the word itself, or the distribution it was drawn from. */

import type { FloatArray } from '../attention/attend.ts';
import type { Target } from './batch.ts';

/**
 * The loss −Σ target · log probability at one place; its gradient with respect to the logits replaces the probabilities.
 *
 * @param row this place's probabilities, at least vocabularySize of them; becomes (probability − target) · factor, or 0
 *   where the target is 'none'
 * @param following the id that follows in the text
 * @returns the loss in nats
 */
export function crossEntropy(row: FloatArray, following: number, target: Target, factor: number): number {
  if (target === 'none') {
    row.fill(0);
    return 0;
  }
  let loss = 0;
  if (target === 'certain') {
    loss = -Math.log(Math.max(row[following], TINY));
  } else {
    for (let i = 0; i < target.ids.length; i++) {
      loss -= target.probabilities[i] * Math.log(Math.max(row[target.ids[i]], TINY));
    }
  }
  for (let i = 0; i < row.length; i++) row[i] *= factor;
  if (target === 'certain') {
    row[following] -= factor;
  } else {
    for (let i = 0; i < target.ids.length; i++) row[target.ids[i]] -= target.probabilities[i] * factor;
  }
  return loss;
}

/** The smallest ordinary float32: a probability that was rounded to 0 still has a logarithm. */
const TINY = 1.2e-38;
