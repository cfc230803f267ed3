/**
 * The step after the model: from its odds to one word. Temperature first, then top-k, then top-p, and what is kept is scaled
 * up to make 1 again. Top-p is the nucleus of Holtzman et al. 2020, https://arxiv.org/abs/1904.09751.
 */
import { mulberry32 } from '../language/random.ts';
import type { Odds } from './odds.ts';

export interface SamplerSettings {
  /** 1 leaves the odds as they are, 0 takes the likeliest; at least 0. */
  temperature: number;
  /** How many of the likeliest words are kept; 0 keeps all. */
  topK: number;
  /** The likeliest words are kept until their chances make at least this much, at most 1. */
  topP: number;
}

/** Draws by the model's own odds. */
export const NEUTRAL: SamplerSettings = { temperature: 1, topK: 0, topP: 1 };

/** A word, what the model gives it, and the chance that it is drawn. */
export interface Chance {
  word: string;
  odds: number;
  chance: number;
}

/** Every word in the order of the model's odds, with the chance that these settings leave it; chances add up to 1. */
export function chancesOf(odds: Odds, { temperature, topK, topP }: SamplerSettings): Chance[] {
  const words = [...odds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const most = words[0][1];
  let chances = words.map(([, p], i) => {
    if (temperature === 0) return i === 0 ? 1 : 0;
    return Math.exp(Math.log(p / most) / temperature);
  });
  if (topK > 0) chances = chances.map((chance, i) => (i < topK ? chance : 0));
  chances = sharesOf(chances);
  let sum = 0;
  chances = chances.map((chance) => {
    // A sum of rounded numbers may stop just short of a whole.
    const kept = topP >= 1 || sum < topP - 1e-9;
    sum += chance;
    return kept ? chance : 0;
  });
  const shares = sharesOf(chances);
  return words.map(([word, p], i) => ({ word, odds: p, chance: shares[i] }));
}

function sharesOf(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / whole);
}

/**
 * The word on which a throw falls when the chances lie end to end.
 * @param at from 0 to below 1
 */
export function wordAt(chances: readonly Chance[], at: number): string {
  let end = 0;
  for (const { word, chance } of chances) {
    end += chance;
    if (at < end) return word;
  }
  // Sums of rounded numbers may end just below 1.
  return chances.findLast(({ chance }) => chance > 0)!.word;
}

/**
 * Where a throw falls, from 0 to below 1: the same for the same seed and count, everywhere.
 * @param count throws before this one
 */
export function throwOf(seed: number, count: number): number {
  const random = mulberry32(seed);
  for (let i = 0; i < count; i++) random();
  return random();
}
