/**
 * A model of one layer and one head that learns a language of 24 words while one watches: what it reads, its shape, its recipe.
 * The code that trains it is the code that trained Easel. The script runs it to draw the figure, and a page's worker runs it
 * again: the same seed gives the same numbers.
 *
 * *there was a tall queen with a dog . one was tall*, or *there was a queen with a tall dog . one was tall*: there is one
 * adjective, beside the person or beside the animal, and the last word is that adjective again.
 */
import { plain } from '../attention/plain.ts';
import { mulberry32 } from '../language/random.ts';
import type { Target, TrainingText } from '../model/batch.ts';
import { EASEL_START, initialWeights } from '../model/initialise.ts';
import { forward, probabilities } from '../model/llama.ts';
import type { LanguageModel } from '../model/open.ts';
import { type LlamaConfig, parameterCount, weightsIn } from '../model/parameters.ts';
import { createTokenizer } from '../model/tokenizer.ts';
import { beforeTraining, EASEL_RECIPE, type Recipe, type TrainingState, train } from '../model/train.ts';

const people = ['woman', 'man', 'queen', 'king', 'girl', 'boy'];
const animals = ['cat', 'dog', 'horse', 'bird', 'lion', 'fox'];
const adjectives = ['beautiful', 'tall', 'black', 'white', 'lovely', 'old'];

/** All it knows. */
const vocabulary = ['<end>', 'there', 'was', 'a', 'with', '.', 'one', ...people, ...animals, ...adjectives];
const idOf = new Map(vocabulary.map((word, id) => [word, id]));

const config: LlamaConfig = {
  vocabularySize: vocabulary.length,
  width: 16,
  nLayers: 1,
  nHeads: 1,
  nKeyHeads: 1,
  headDim: 16,
  feedForward: 32,
  contextLength: 16,
  ropeBase: 10000,
  epsilon: 1e-5,
  qkvBias: true,
};

/** How many numbers it learns. */
export const pupilParameters = parameterCount(config);

/** How many different texts there are: two places for the adjective. */
export const pupilTexts = 2 * people.length * animals.length * adjectives.length;

export const PUPIL_STEPS = 300;

/** Steps between two reports. */
const PUPIL_STRIDE = 4;

/** Easel's recipe with a higher rate, for a model that is small, and for one thread. */
function recipeFor(steps: number): Recipe {
  return { ...EASEL_RECIPE, steps, threads: 1, tokensPerStep: 256, peakRate: 0.015, warmUp: 10, average: 0.8 };
}

const drawnFrom = (lists: string[][]): Target => {
  const ids = lists.flat().map((word) => idOf.get(word)!);
  return { ids, probabilities: ids.map(() => 1 / ids.length) };
};
/** What may stand after the first *a*: half of the texts have their adjective there. Each list is as long as the others. */
const opening = drawnFrom([adjectives, people]);
const [aPerson, anAnimal, anAdjective] = [people, animals, adjectives].map((words) => drawnFrom([words]));

/** The n-th text, with the odds from which each of its words was drawn. */
function textOf(n: number): TrainingText {
  const random = mulberry32(n);
  const one = (words: readonly string[]) => words[Math.floor(random() * words.length)];
  const [person, animal, adjective] = [one(people), one(animals), one(adjectives)];
  const first = random() < 0.5;
  const words = first
    ? ['there', 'was', 'a', adjective, person, 'with', 'a', animal, '.', 'one', 'was', adjective]
    : ['there', 'was', 'a', person, 'with', 'a', adjective, animal, '.', 'one', 'was', adjective];
  const targets: Target[] = [...words, 'the end'].map(() => 'certain');
  targets[3] = opening;
  targets[first ? 4 : 6] = first ? aPerson : anAdjective;
  targets[7] = anAnimal;
  return { ids: words.map((word) => idOf.get(word)!), targets };
}

/** The same text with its adjective at the other noun; a text of another make stays as it is. */
export function moveAdjective(text: string): string {
  const [first, second] = [/^there was a (\w+) (\w+) with a (\w+) /, /^there was a (\w+) with a (\w+) (\w+) /];
  if (first.test(text)) return text.replace(first, 'there was a $2 with a $1 $3 ');
  return text.replace(second, 'there was a $2 $1 with a $3 ');
}

/** Nats a word that nobody can do without: ln 12 for the word after the first *a*, ln 6 twice, over 12 words and the end. */
export const pupilEntropy = (Math.log(12) + 2 * Math.log(6)) / 13;

/** Texts with which it is measured; with 432 in all, it has met most of them. */
const MEASURED = Array.from({ length: 8 }, (_, i) => textOf(0x40000000 + i));

/** One point of the curve. */
export interface PupilPoint {
  step: number;
  /** Mean surprise over all words, in nats. */
  loss: number;
  /** The same of the last word alone. */
  last: number;
}

/** The model with these weights. */
export function pupilModel(flat: Float32Array): LanguageModel {
  return {
    config,
    weights: weightsIn(config, flat),
    tokenizer: createTokenizer(vocabulary, config.contextLength),
    name: 'The small model',
    metadata: new Map(),
  };
}

/** How surprised it is at the words of some texts. */
export function measurePupil(flat: Float32Array, step: number): PupilPoint {
  const model = pupilModel(flat);
  let [loss, last, counted] = [0, 0, 0];
  for (const { ids, targets } of MEASURED) {
    const { logits } = forward(model, [0, ...ids], { attend: plain });
    targets.forEach((target, place) => {
      if (target === 'none') return;
      const p = probabilities(logits, place, config.vocabularySize);
      const surprise =
        target === 'certain'
          ? -Math.log(p[place < ids.length ? ids[place] : 0])
          : -Array.from(target.ids, (id) => Math.log(p[id])).reduce((a, b) => a + b) / target.ids.length;
      loss += surprise;
      counted++;
      if (place === ids.length - 1) last += surprise;
    });
  }
  return { step, loss: loss / counted, last: last / MEASURED.length };
}

/** Random weights, before the first step. */
export function newPupil(seed: number): TrainingState {
  const start = { ...EASEL_START, outputs: 0.5 };
  return beforeTraining(config, initialWeights(config, start, mulberry32(seed)), 1);
}

/**
 * Trains it.
 *
 * @param seed of the random weights and of the order of the texts
 * @param steps of the whole training
 * @param module the kernels for one thread; without them plain TypeScript does the work
 * @param report called and awaited after every {@link PUPIL_STRIDE} steps with the result so far
 * @returns the state after the last step, or after the step at which `signal` stopped it
 */
export function trainPupil(
  seed: number,
  steps: number,
  module: WebAssembly.Module | undefined,
  report: (step: number, averaged: Float32Array) => void | Promise<void> = () => {},
  signal?: AbortSignal,
): Promise<TrainingState> {
  const texts = (_: number, index: number) => textOf(seed * 1_000_003 + index);
  return train(config, recipeFor(steps), newPupil(seed), module, texts, {
    shared: false,
    signal,
    report: ({ step, averaged }) => (step % PUPIL_STRIDE === 0 ? report(step, averaged) : undefined),
  });
}
