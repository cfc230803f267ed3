/** The odds of the next word over a whole vocabulary, and how they are cut down to rows that still add up to 1. */
import { type ForwardTrace, probabilities } from '../model/llama.ts';
import { rounded } from './numbers.ts';
import { END_OF_TEXT } from './text.ts';
import type { World } from './world.ts';

/** Word → probability; adds up to 1. The end of the text is an entry like any word. */
export type Odds = ReadonlyMap<string, number>;

/** What the model says after the last word of a run. */
export function oddsOfModel(trace: ForwardTrace, world: World): Odds {
  const { vocabularySize } = world.model.config;
  const p = probabilities(trace.logits, trace.ids.length - 1, vocabularySize);
  return new Map(Array.from(p, (x, id) => [id === 0 ? END_OF_TEXT : world.model.tokenizer.vocabulary[id], x]));
}

/** The likeliest words in order, and what is left for all the others; rounded so that together they are exactly 1. */
export function topWords(odds: Odds, count: number): { top: [word: string, probability: number][]; rest: number } {
  const top = [...odds]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, count)
    .map(([word, p]): [string, number] => [word, rounded(p)]);
  return { top, rest: remainder(top.map(([, p]) => p)) };
}

/** 1 less the rounded shares; never below 0. */
export function remainder(shares: readonly number[]): number {
  return Math.max(0, rounded(1 - shares.reduce((sum, p) => sum + p, 0)));
}
