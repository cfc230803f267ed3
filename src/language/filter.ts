import type { Distribution } from './distribution.ts';
import { END, splitPhrase, type Teller } from './teller.ts';

/** Thrown to leave a story whose words no longer agree with the text; caught by {@link Filter.run}. */
class Disagreement extends Error {}
const disagreement = new Disagreement();

/** A derivation still to be followed: the hidden decisions so far, and the position from which its words are new. */
interface Branch {
  decisions: readonly number[];
  from: number;
}

/**
 * Follows every way in which the grammar could have told a text, and adds up their probabilities: the sum over
 * derivations of a probabilistic grammar, by running its program again for each list of hidden decisions. A branch
 * counts only the positions behind its last fork, since those before it were counted by the branch it came from.
 */
export class Filter implements Teller {
  /** reached[i]: the probability that a text begins with the first i words. */
  readonly reached: Float64Array;
  /** next[i]: word → probability that a text begins with the first i words and then has this word. */
  readonly next: readonly Map<string, number>[];
  private readonly text: readonly string[];
  private readonly recordFrom: number;
  private pending: Branch[] = [];
  private branch: Branch = { decisions: [], from: 0 };
  private decided = 0;
  private position = 0;
  private weight = 1;

  /**
   * @param text the words, END last if the text is to be whole
   * @param recordFrom the first position whose next words are kept (text.length: only after the last word)
   */
  constructor(text: readonly string[], recordFrom = text.length) {
    this.text = text;
    this.recordFrom = recordFrom;
    this.reached = new Float64Array(text.length + 1);
    this.next = Array.from({ length: text.length + 1 }, () => new Map());
  }

  get length(): number {
    return this.position;
  }

  /** Runs a story along all its derivations. Call once. */
  run(story: (teller: Teller) => void): this {
    this.reached[0] = 1;
    this.pending = [{ decisions: [], from: 0 }];
    for (let branch = this.pending.pop(); branch !== undefined; branch = this.pending.pop()) {
      this.branch = branch;
      this.decided = 0;
      this.position = 0;
      this.weight = 1;
      try {
        story(this);
        if (this.position === 0 || this.text[this.position - 1] !== END) this.say(END);
      } catch (error) {
        if (error !== disagreement) throw error;
      }
    }
    return this;
  }

  choose(weights: readonly number[]): number {
    const { decisions } = this.branch;
    if (this.decided < decisions.length) {
      const index = decisions[this.decided++];
      let sum = 0;
      for (const weight of weights) sum += weight;
      this.weight *= weights[index] / sum;
      return index;
    }
    for (let index = weights.length - 1; index >= 0; index--) {
      if (weights[index] > 0) this.pending.push({ decisions: [...decisions, index], from: this.position });
    }
    throw disagreement;
  }

  pick(from: Distribution): string {
    if (this.position >= this.recordFrom && this.position >= this.branch.from) {
      const next = this.next[this.position];
      for (let i = 0; i < from.words.length; i++) {
        const word = from.words[i];
        next.set(word, (next.get(word) ?? 0) + this.weight * from.probabilities[i]);
      }
    }
    if (this.position === this.text.length) throw disagreement;
    const word = this.text[this.position];
    const probability = from.byWord.get(word);
    if (probability === undefined) throw disagreement;
    this.weight *= probability;
    this.advance();
    return word;
  }

  emit(words: string): void {
    for (const word of splitPhrase(words)) this.say(word);
  }

  private say(word: string): void {
    if (this.position >= this.recordFrom && this.position >= this.branch.from) {
      const next = this.next[this.position];
      next.set(word, (next.get(word) ?? 0) + this.weight);
    }
    if (this.position === this.text.length || this.text[this.position] !== word) throw disagreement;
    this.advance();
  }

  private advance(): void {
    this.position++;
    if (this.position > this.branch.from) this.reached[this.position] += this.weight;
  }
}
