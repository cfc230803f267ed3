/** How far a model is from the truth it was trained on. */

import type { Attend } from '../attention/attend.ts';
import type { HeadPlace } from './heads.ts';
import { softmax } from './layers.ts';
import { type ForwardOptions, forward, type Llama } from './llama.ts';
import type { Odds } from './odds.ts';

/** A text, and what the language itself needs for each of its words and the end, in nats. */
export interface PricedText {
  /** Without markers. */
  ids: readonly number[];
  nats: readonly number[];
}

/**
 * Cross-entropy of texts, and how much of it is the model's fault.
 *
 * @returns nats a word: what the model needs, and how much more that is than the language's entropy on these texts
 */
export function gapToLanguage(
  model: Llama,
  texts: readonly PricedText[],
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

/** What a model and the language need for one text, in nats, over all its words and the end. */
export interface TextCost {
  loss: number;
  entropy: number;
  places: number;
}

/** {@link gapToLanguage}, text by text and fast. */
export function textCosts(odds: Odds, texts: readonly PricedText[], muted?: readonly HeadPlace[]): TextCost[] {
  const costs: TextCost[] = [];
  odds(
    texts.map(({ ids }) => [0, ...ids]),
    (index, after) => {
      const { ids, nats } = texts[index];
      let loss = 0;
      let entropy = 0;
      nats.forEach((own, t) => {
        loss -= Math.log(after(t)[ids[t] ?? 0]);
        entropy += own;
      });
      costs.push({ loss, entropy, places: nats.length });
    },
    muted,
  );
  return costs;
}

/**
 * The gap to the language's entropy over many texts, in nats a word, and how uncertain it is.
 *
 * @returns standardError: of the gap, from how much it differs between texts (ratio estimator)
 */
export function gapOf(costs: readonly TextCost[]) {
  let [loss, entropy, places] = [0, 0, 0];
  for (const cost of costs) {
    loss += cost.loss;
    entropy += cost.entropy;
    places += cost.places;
  }
  const gap = (loss - entropy) / places;
  let squares = 0;
  for (const cost of costs) squares += (cost.loss - cost.entropy - gap * cost.places) ** 2;
  return { loss: loss / places, entropy: entropy / places, gap, standardError: Math.sqrt(squares) / places, places };
}

/** A text whose next word can be right or wrong. */
export interface Choice {
  /** With the start marker. */
  ids: readonly number[];
  /** Words of which any is right … */
  right: readonly number[];
  /** … and groups of words that are wrong, each of which should get less than the right ones together. */
  wrong: readonly (readonly number[])[];
}

/** How a model chose in many texts. */
export interface Chosen {
  /** Share of the texts in which the right words get more probability than every wrong group. */
  share: number;
  /** Mean probability of the right words … */
  right: number;
  /** … and of the wrong group that gets most. */
  wrong: number;
  /** Share of the texts in which the right words get at least 0.9. */
  sure: number;
}

/** Lets a model choose. */
export function choose(odds: Odds, choices: readonly Choice[], muted?: readonly HeadPlace[]): Chosen {
  const sum = { share: 0, right: 0, wrong: 0, sure: 0 };
  odds(
    choices.map(({ ids }) => ids),
    (index, after) => {
      const { ids, right, wrong } = choices[index];
      const next = after(ids.length - 1);
      const together = (words: readonly number[]) => words.reduce((total, id) => total + next[id], 0);
      const own = together(right);
      const most = Math.max(0, ...wrong.map(together));
      sum.share += own > most ? 1 : 0;
      sum.right += own;
      sum.wrong += most;
      sum.sure += own >= 0.9 ? 1 : 0;
    },
    muted,
  );
  const { length } = choices;
  return {
    share: sum.share / length,
    right: sum.right / length,
    wrong: sum.wrong / length,
    sure: sum.sure / length,
  };
}

/**
 * Total variation distance between what a model says and the truth: half the sum of all differences. 0: the same,
 * 1: nothing in common.
 *
 * @param next the model's probabilities, by word id
 * @param truth by word id; words that are not in it cannot follow
 */
export function totalVariation(next: ArrayLike<number>, truth: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (let id = 0; id < next.length; id++) sum += Math.abs(next[id] - (truth.get(id) ?? 0));
  return sum / 2;
}

/**
 * How many nats more the model needs than the truth at one place: Σ truth · log(truth / model), the Kullback–Leibler
 * divergence.
 */
export function divergence(next: ArrayLike<number>, truth: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const [id, probability] of truth) if (probability > 0) sum += probability * Math.log(probability / next[id]);
  return sum;
}

/** One bar of a calibration diagram: all words at all places to which the model gave about the same probability. */
export interface CalibrationBin {
  /** Predicted probabilities from here … */
  from: number;
  /** … to below here (the last bin holds 1, too). */
  to: number;
  count: number;
  /** Means over the bin: what the model says, what is true, and how often such a word did follow. */
  predicted: number;
  truth: number;
  observed: number;
}

/** Borders of the bins: finer where probabilities are small, for most are. */
const BORDERS = [0, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1];

/** Collects predictions and sorts them into bins by what was predicted. */
export function calibration() {
  const bins = BORDERS.slice(1).map((to, i): CalibrationBin => {
    return { from: BORDERS[i], to, count: 0, predicted: 0, truth: 0, observed: 0 };
  });
  return {
    /** One place: the model's probabilities and the truth by word id, and the word that followed. */
    add(next: ArrayLike<number>, truth: ReadonlyMap<number, number>, followed: number) {
      for (let id = 0; id < next.length; id++) {
        const bin = bins.find(({ to }) => next[id] < to) ?? bins[bins.length - 1];
        bin.count++;
        bin.predicted += next[id];
        bin.truth += truth.get(id) ?? 0;
        if (id === followed) bin.observed++;
      }
    },
    /** The bins that hold anything. */
    bins: (): CalibrationBin[] =>
      bins
        .filter(({ count }) => count > 0)
        .map((bin) => ({
          ...bin,
          predicted: bin.predicted / bin.count,
          truth: bin.truth / bin.count,
          observed: bin.observed / bin.count,
        })),
  };
}
