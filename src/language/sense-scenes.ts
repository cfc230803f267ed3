import { allOf, anyone, lightWith, meanings, mood, type Step, topics } from './lexicon/homonyms.ts';
import { men, women } from './lexicon/names.ts';
import { type Gender, genders } from './lexicon/nouns.ts';
import { notice } from './lexicon/verbs.ts';
import { mulberry32 } from './random.ts';
import { subjects } from './telling.ts';

/** A text that asks for a word about a homonym: *anna sat by the river . she saw the bank . the bank was*. */
export interface SenseScene {
  words: string[];
  /** What only fits the sense that the text gives the homonym … */
  fits: string[];
  /** … and what only fits another one. */
  fitsOther: string[];
}

/** homonym → its senses, named by the topic that gives each */
export const senses: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(meanings).map(([word, topicsOfWord]) => [
    word,
    [...Object.keys(topicsOfWord), ...(word === 'light' ? Object.keys(lightWith) : [])],
  ]),
);

/** The words that can be said of a homonym in one sense. */
const saidOf = (word: string, sense: string): readonly string[] =>
  (meanings[word][sense]?.adjectives ?? lightWith[sense]).words;

/**
 * Random texts in which a clue gives a homonym one of its senses, now and then with a sentence in between.
 *
 * @param word a key of {@link senses}
 * @param sense one of its senses there
 * @throws RangeError for a homonym or a sense that does not exist
 */
export function senseScenes(word: string, sense: string, count: number, seed: number): SenseScene[] {
  if (!senses[word]?.includes(sense)) {
    throw new RangeError(
      `senseScenes: expected a sense out of ${senses[word]?.join(' | ') ?? `those of ${Object.keys(senses).join(' | ')}`}, ` +
        `but received "${sense}" of "${word}"`,
    );
  }
  const own = saidOf(word, sense);
  const other = senses[word].filter((name) => name !== sense).flatMap((name) => saidOf(word, name));
  const fits = own.filter((said) => !other.includes(said));
  const fitsOther = [...new Set(other)].filter((said) => !own.includes(said));

  const random = mulberry32(seed);
  const any = (words: readonly string[]) => words[Math.floor(random() * words.length)];
  const someone = (): { said: string; gender: Gender } => {
    if (random() < 0.4) {
      const noun = any(anyone.words);
      return { said: `the ${noun}`, gender: genders[noun] ?? (random() < 0.5 ? 'f' : 'm') };
    }
    return random() < 0.5 ? { said: any(women.words), gender: 'f' } : { said: any(men.words), gender: 'm' };
  };
  return Array.from({ length: count }, () => {
    let again: string | undefined;
    const say = (step: Step): string => {
      if (step.kind === 'say') return step.words;
      if (step.kind === 'one of') return any(step.words.words);
      const { said, gender } = someone();
      again = subjects[gender];
      return said;
    };
    const clues = topics[sense].clues;
    let text = clues[Math.floor(random() * clues.length)].map(say).join(' ');
    if (random() < 0.25) text += ` ${any(allOf.words)} was ${any(mood.words)} .`;
    if (sense in lightWith) text += ` it was ${word} and`;
    else {
      if (random() < 0.7) text += ` ${again ?? someone().said} ${any(notice.words)} the ${word} .`;
      text += ` the ${word} was`;
    }
    return { words: text.split(' '), fits, fitsOther };
  });
}
