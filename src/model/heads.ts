/** What each head does, measured: where it looks, and what is lost without it. */

import type { Attend } from '../attention/attend.ts';
import { forward, type Llama, probabilities } from './llama.ts';

/** One head, counted from 1 as people count. */
export interface HeadPlace {
  layer: number;
  head: number;
}

/** Mean attention weights of one head over many texts. The start marker's own row is left out. */
export interface Looking {
  /** on the start marker */
  start: number;
  /** on the word itself */
  self: number;
  /** on the word before (the start marker does not count as one) */
  previousWord: number;
  /** on the second word back */
  secondWordBack: number;
  /** on the last earlier place of the same word, where there is one */
  sameWord: number;
  /** on the word that followed the same word the last time, where there is one other than the word itself */
  afterSameWord: number;
}

/** A noun and its adjective, as places among the ids (the start marker is place 0). */
export interface Described {
  noun: number;
  adjective: number;
}

/**
 * A text such as "there was a beautiful woman with an ugly cat . the woman was", which ends by asking for the adjective of
 * one of its nouns.
 */
export interface AdjectiveQuestion {
  ids: readonly number[];
  /** the one asked about, where it was introduced */
  own: Described;
  others: readonly Described[];
}

/** Mean attention weights over many such texts. */
export interface BindingLooking {
  /** from the last word: on the noun it asks about, where that was introduced */
  ownNoun: number;
  /** … and on the other noun that gets most */
  otherNoun: number;
  /** from the last word: on the adjective it asks for */
  ownAdjective: number;
  /** … and on the other adjective that gets most */
  otherAdjective: number;
  /** from a noun that has just been described, on its adjective (which stands just before it) */
  nounOnAdjective: number;
  /** from a noun without an adjective, on the word just before it: what mere looking back would give */
  nounOnWordBefore: number;
}

/** Every head of a model, layer by layer. */
export function allHeads({ config }: Pick<Llama, 'config'>): HeadPlace[] {
  return Array.from({ length: config.nLayers * config.nHeads }, (_, i) => ({
    layer: Math.floor(i / config.nHeads) + 1,
    head: (i % config.nHeads) + 1,
  }));
}

/**
 * Where heads look in ordinary texts.
 *
 * @param texts ids with the start marker
 * @returns one entry for each of {@link allHeads}
 */
export function whereHeadsLook(model: Llama, texts: readonly (readonly number[])[], attend: Attend): Looking[] {
  const keys = ['start', 'self', 'previousWord', 'secondWordBack', 'sameWord', 'afterSameWord'] as const;
  const means = createMeans(model, keys);
  for (const ids of texts) {
    const weight = weightsOf(model, ids, attend);
    means.forEach((mean, index) => {
      for (let t = 1; t < ids.length; t++) {
        mean.start.add(weight(index, t, 0));
        mean.self.add(weight(index, t, t));
        if (t > 1) mean.previousWord.add(weight(index, t, t - 1));
        if (t > 2) mean.secondWordBack.add(weight(index, t, t - 2));
        const earlier = ids.lastIndexOf(ids[t], t - 1);
        if (earlier > 0) mean.sameWord.add(weight(index, t, earlier));
        if (earlier > 0 && earlier + 1 < t) mean.afterSameWord.add(weight(index, t, earlier + 1));
      }
    });
  }
  return valuesOf(means, keys);
}

/** Where heads look when adjectives have to find their nouns; one entry for each of {@link allHeads}. */
export function whereBindingLooks(
  model: Llama,
  questions: readonly AdjectiveQuestion[],
  attend: Attend,
): BindingLooking[] {
  const keys = [
    ...(['ownNoun', 'otherNoun', 'ownAdjective', 'otherAdjective'] as const),
    ...(['nounOnAdjective', 'nounOnWordBefore'] as const),
  ];
  const means = createMeans(model, keys);
  for (const { ids, own, others } of questions) {
    const weight = weightsOf(model, ids, attend);
    const last = ids.length - 1;
    means.forEach((mean, index) => {
      const most = (places: number[]) => Math.max(0, ...places.map((place) => weight(index, last, place)));
      mean.ownNoun.add(weight(index, last, own.noun));
      mean.otherNoun.add(most(others.map(({ noun }) => noun)));
      mean.ownAdjective.add(weight(index, last, own.adjective));
      mean.otherAdjective.add(most(others.map(({ adjective }) => adjective)));
      for (const { noun, adjective } of [own, ...others]) mean.nounOnAdjective.add(weight(index, noun, adjective));
      // "the woman was": the noun before the last word has no adjective
      mean.nounOnWordBefore.add(weight(index, last - 1, last - 2));
    });
  }
  return valuesOf(means, keys);
}

/** A text and the words of which the right one should get more probability than each wrong one. */
export interface Choice {
  ids: readonly number[];
  right: number;
  wrong: readonly number[];
}

/**
 * How often the right word gets more probability than every wrong one, and how much each gets on average.
 *
 * @param mute heads to silence, counted from 1
 */
export function choices(
  model: Llama,
  asked: readonly Choice[],
  attend: Attend,
  mute: readonly HeadPlace[] = [],
): { share: number; right: number; bestWrong: number } {
  const [share, right, bestWrong] = [createMean(), createMean(), createMean()];
  const silent = mute.map(({ layer, head }) => ({ layer: layer - 1, head: head - 1 }));
  for (const choice of asked) {
    const { logits } = forward(model, choice.ids, { attend, mute: silent });
    const next = probabilities(logits, choice.ids.length - 1, model.config.vocabularySize);
    const most = Math.max(0, ...choice.wrong.map((id) => next[id]));
    share.add(next[choice.right] > most ? 1 : 0);
    right.add(next[choice.right]);
    bestWrong.add(most);
  }
  return { share: share.value(), right: right.value(), bestWrong: bestWrong.value() };
}

/** The head with the largest score. */
export function bestHead(model: Llama, score: (index: number) => number): HeadPlace {
  const heads = allHeads(model);
  let best = 0;
  for (let index = 1; index < heads.length; index++) if (score(index) > score(best)) best = index;
  return heads[best];
}

/** Attention weights of one text: by head (in the order of {@link allHeads}), query and key. */
function weightsOf(
  model: Llama,
  ids: readonly number[],
  attend: Attend,
): (index: number, query: number, key: number) => number {
  const { nHeads } = model.config;
  const { layers } = forward(model, ids, { attend });
  const n = ids.length;
  return (index, query, key) =>
    layers[Math.floor(index / nHeads)].attention.weights[((index % nHeads) * n + query) * n + key];
}

/** For each head, a mean for each key. */
function createMeans<Key extends string>(model: Llama, keys: readonly Key[]): Record<Key, Mean>[] {
  return allHeads(model).map(() => Object.fromEntries(keys.map((key) => [key, createMean()])) as Record<Key, Mean>);
}

function valuesOf<Key extends string>(means: Record<Key, Mean>[], keys: readonly Key[]): Record<Key, number>[] {
  return means.map((mean) => Object.fromEntries(keys.map((key) => [key, mean[key].value()])) as Record<Key, number>);
}

type Mean = ReturnType<typeof createMean>;

function createMean() {
  let sum = 0;
  let count = 0;
  return {
    add(value: number) {
      sum += value;
      count++;
    },
    value: () => (count ? sum / count : 0),
  };
}
