import type { Distribution } from './distribution.ts';
import { mulberry32 } from './random.ts';
import { END, splitPhrase, type Teller } from './teller.ts';

/** Tells a story by chance, and keeps for every word the distribution it was drawn from. */
export class Sampler implements Teller {
  readonly words: string[] = [];
  /** One entry a word, and one for the end if the end was drawn; null where only one word was possible. */
  readonly drawnFrom: (Distribution | null)[] = [];
  readonly random: () => number;

  constructor(seed: number) {
    this.random = mulberry32(seed);
  }

  get length(): number {
    return this.words.length;
  }

  choose(weights: readonly number[]): number {
    let sum = 0;
    for (const weight of weights) sum += weight;
    let left = this.random() * sum;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  pick(from: Distribution): string {
    let left = this.random();
    const last = from.words.length - 1;
    let i = 0;
    for (; i < last; i++) {
      left -= from.probabilities[i];
      if (left < 0) break;
    }
    const word = from.words[i];
    this.drawnFrom.push(last === 0 ? null : from);
    if (word !== END) this.words.push(word);
    return word;
  }

  emit(words: string): void {
    for (const word of splitPhrase(words)) {
      this.words.push(word);
      this.drawnFrom.push(null);
    }
  }
}
