/** The lists that are stored for words, and how alike two of them are. Used by the kind and by the page's own script. */
import { cosine } from './list-arithmetic.ts';
import type { World } from './world.ts';

export interface Neighbour {
  word: string;
  /** See {@link cosine}. */
  likeness: number;
}

/** The list of numbers that is stored for a word of the vocabulary: [width]. */
export function storedList(word: string, { model }: World): Float64Array {
  const { width } = model.config;
  const id = model.tokenizer.vocabulary.indexOf(word);
  return Float64Array.from(model.weights.tokenEmbedding.subarray(id * width, (id + 1) * width));
}

/** All other words of the vocabulary, the most alike first; the marker between texts is no word. */
export function byLikeness(word: string, world: World): Neighbour[] {
  const own = storedList(word, world);
  return world.model.tokenizer.vocabulary
    .slice(1)
    .filter((other) => other !== word)
    .map((other) => ({ word: other, likeness: cosine(own, storedList(other, world)) }))
    .sort((a, b) => b.likeness - a.likeness || (a.word < b.word ? -1 : 1));
}
