/** What a model is asked: texts whose next word can be right or wrong, by kind. */
import { guideForms, guideScenes } from '../../src/language/guide-scenes.ts';
import { nameScenes } from '../../src/language/name-scenes.ts';
import { type BindingScene, bindingFrames, bindingScenes, lookUpFrames } from '../../src/language/scenes.ts';
import { senseScenes, senses } from '../../src/language/sense-scenes.ts';
import type { Choice } from '../../src/model/quality.ts';
import { idOf } from '../texts.ts';

/** One kind of question. */
export interface Test {
  name: string;
  choices: Choice[];
}

export interface Tests {
  /** The guide's own sentence with other words: which adjective goes with whom. */
  guide: Test[];
  /** Sentences in which neither order nor *with* tells that … */
  frames: Test[];
  /** … and the same with words that never stand in such sentences in the language. */
  strange: Test[];
  /** Surnames, and who gets the book. */
  names: Test[];
  /** Homonyms in each of their senses: *bank, river*. */
  senses: Test[];
}

/** A sense of a homonym gets this share of the texts that each other kind of question gets: there are so many. */
const SENSE_SHARE = 0.2;

/**
 * Makes the tests.
 *
 * @param count texts of each kind; of each sense of a homonym a fifth of that
 * @param seed other texts for another seed
 */
export function makeTests(count: number, seed: number): Tests {
  const test = (name: string, scenes: BindingScene[]): Test => ({ name, choices: scenes.map(choiceOf) });
  const scenesOf = (frames: readonly string[], options: { unpractised?: boolean }) =>
    frames.map((frame, i) => test(frame, bindingScenes(frame, count, seed + i, options)));
  return {
    guide: guideForms.map((form, i) => test(form, guideScenes(form, count, seed + i))),
    frames: scenesOf(bindingFrames, {}),
    strange: scenesOf(lookUpFrames, { unpractised: true }),
    names: [
      test('surname', nameScenes('surname', count, seed)),
      test('gave a book to', nameScenes('taker', count, seed)),
    ],
    senses: Object.entries(senses).flatMap(([word, ofWord]) =>
      ofWord.map((sense, i) => ({
        name: `${word}, ${sense}`,
        choices: senseScenes(word, sense, Math.ceil(count * SENSE_SHARE), seed + i).map(
          ({ words, fits, fitsOther }): Choice => ({
            ids: [0, ...words.map(idOf)],
            right: fits.map(idOf),
            wrong: [fitsOther.map(idOf)],
          }),
        ),
      })),
    ),
  };
}

/** A scene as a choice between words of the vocabulary. */
export function choiceOf({ words, right, wrong }: BindingScene): Choice {
  return { ids: [0, ...words.map(idOf)], right: [idOf(right)], wrong: wrong.map((word) => [idOf(word)]) };
}
