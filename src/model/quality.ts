/** How far a model is from the truth it was trained on. */

import type { Attend } from '../attention/attend.ts';
import { softmax } from './layers.ts';
import { type ForwardOptions, forward, type Llama } from './llama.ts';

/**
 * Cross-entropy of texts, and how much of it is the model's fault.
 *
 * @param texts word ids without markers, and what the language itself needs for each word and the end, in nats
 * @returns nats a word: what the model needs, and how much more that is than the language's entropy on these texts
 */
export function gapToLanguage(
  model: Llama,
  texts: readonly { ids: readonly number[]; nats: readonly number[] }[],
  options: ForwardOptions & { attend: Attend },
): { loss: number; entropy: number; gap: number; places: number } {
  const size = model.config.vocabularySize;
  let loss = 0;
  let entropy = 0;
  let places = 0;
  for (const { ids, nats } of texts) {
    const { logits } = forward(model, [0, ...ids], options);
    const probability = softmax(logits, size);
    nats.forEach((own, t) => {
      loss -= Math.log(probability[t * size + (ids[t] ?? 0)]);
      entropy += own;
      places++;
    });
  }
  return { loss: loss / places, entropy: entropy / places, gap: (loss - entropy) / places, places };
}
