/** What Easel reads while it is trained, and the held-out texts it is judged by. */

import { type Distribution, END, sample, surprisal, vocabulary } from '../src/language/language.ts';
import { sampleList, samplePairs } from '../src/language/lists.ts';
import { mulberry32 } from '../src/language/random.ts';
import type { Target, TrainingText } from '../src/model/batch.ts';
import type { TextSource } from '../src/model/train.ts';

const ids = new Map(vocabulary.map((word, id) => [word, id]));
ids.set(END, 0);

/** A word's id in the language's vocabulary. */
export function idOf(word: string): number {
  const id = ids.get(word);
  if (id === undefined) throw new Error(`The language says "${word}", which is not in its vocabulary.`);
  return id;
}

/** How the warm-up lists come and go. Steps from 0. */
export interface Curriculum {
  seed: number;
  /** Until this step there are only pairs of words. */
  pairsUntil: number;
  /** From there the share of lists among the texts falls evenly from all to none at this step. */
  listsUntil: number;
  /** The lists grow from two short ones to their full size over this many steps after the pairs. */
  listsGrow: number;
}

/** Training texts are numbered below this, held-out texts from here on, so that none is in both. */
const HELD_OUT = 0x40000000;
/** Room for the texts of one thread and of one seed. */
const TEXTS_A_THREAD = 20_000_000;
const TEXTS_A_SEED = 100_000_000;

/** The stream of training texts: pairs of words, then lists, then the language more and more. */
export function trainingTexts({ seed, pairsUntil, listsUntil, listsGrow }: Curriculum): TextSource {
  return (thread, index, step) => {
    const number = ((seed * TEXTS_A_SEED) % HELD_OUT) + thread * TEXTS_A_THREAD + index;
    if (step < pairsUntil) return listText(samplePairs(number));
    const sincePairs = step - pairsUntil;
    const share = 1 - sincePairs / Math.max(1, listsUntil - pairsUntil);
    if (share > 0 && mulberry32(number ^ 0x5bd1e995)() < share) {
      return listText(sampleList(number, Math.min(1, sincePairs / Math.max(1, listsGrow))));
    }
    const { words, drawnFrom } = sample(number);
    return { ids: words.map(idOf), targets: drawnFrom.map(targetOf) };
  };
}

/** The n-th held-out text with the nats that the language itself needs for each of its words and the end. */
export function heldOutText(index: number): { words: string[]; ids: number[]; nats: number[] } {
  const { words } = sample(HELD_OUT + index);
  return { words, ids: words.map(idOf), nats: surprisal(words) };
}

/** A warm-up list: only what the words before decide is learnt from. */
function listText({ words, decided }: ReturnType<typeof sampleList>): TrainingText {
  return { ids: words.map(idOf), targets: words.map((_, i): Target => (decided[i] ? 'certain' : 'none')) };
}

const targets = new WeakMap<Distribution, Target>();

function targetOf(drawnFrom: Distribution | null): Target {
  if (!drawnFrom) return 'certain';
  let target = targets.get(drawnFrom);
  if (!target) {
    target = { ids: drawnFrom.words.map(idOf), probabilities: drawnFrom.probabilities };
    targets.set(drawnFrom, target);
  }
  return target;
}
