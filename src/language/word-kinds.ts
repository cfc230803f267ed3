import { wordsOf } from './distribution.ts';
import { adjectiveClass } from './lexicon/adjectives.ts';
import { lightWith, meanings, mood } from './lexicon/homonyms.ts';
import { men, surnames, women } from './lexicon/names.ts';
import { vocabulary } from './vocabulary.ts';

/** What a word mostly is, roughly as at school; *was* and *were* stand apart, since so much is asked after them. */
export type WordKind =
  | 'start'
  | 'full stop'
  | 'article'
  | 'adjective'
  | 'noun'
  | 'name'
  | 'pronoun'
  | 'was'
  | 'verb'
  | 'linking word'
  | 'adverb';

/** Every word that is neither noun, name nor adjective of the lexicon. A word with two uses stands with the commoner one. */
const listed: Readonly<Partial<Record<WordKind, readonly string[]>>> = {
  'full stop': ['.'],
  article: wordsOf('a an the'),
  pronoun: wordsOf('he her his i it its nobody everyone everything she who'),
  was: wordsOf('was were'),
  verb: wordsOf(`ate began belonged broke called came carried cleaned counted danced earned ended faded feared fed fell fished
    fixed flew followed found gave had hated held helped hid hit jumped kissed knew knocked learned lifted liked lit
    lived looked lost loved made melted met needed noticed opened played ran read remembered rose sailed sang sat saw
    shone showed signed slept smiled sold stood stopped swam thanked threw twinkled waited walked wanted watched went
    woke won write`),
  'linking word': wordsOf('and at because before by for from in near of on since to with'),
  adverb: wordsOf(`above asleep away badly brightly down early extremely fast home most not once out over quite rather
    really so some another no still then there very well`),
};

const kinds = new Map<string, WordKind>([
  ...Object.entries(listed).flatMap(([kind, words]) => words.map((word) => [word, kind as WordKind] as const)),
  ...[women, men, surnames].flatMap(({ words }) => words.map((word) => [word, 'name'] as const)),
  ...Object.keys(adjectiveClass).map((word) => [word, 'adjective'] as const),
]);
const alsoAdjectives = [
  ...Object.values(meanings).flatMap((senses) => Object.values(senses).flatMap(({ adjectives }) => adjectives.words)),
  ...Object.values(lightWith).flatMap(({ words }) => words),
  ...mood.words,
  ...wordsOf('clear dark empty long thirsty'),
];
for (const word of alsoAdjectives) if (!kinds.has(word)) kinds.set(word, 'adjective');
// what is left are nouns; the first entry of the vocabulary is the start
for (const word of vocabulary.slice(1)) if (!kinds.has(word)) kinds.set(word, 'noun');

/**
 * What a word of the language mostly is.
 *
 * @param word a word of the vocabulary; its first entry is the start of a text
 * @throws RangeError for a word that the language does not have
 */
export function wordKind(word: string): WordKind {
  if (word === vocabulary[0]) return 'start';
  const kind = kinds.get(word);
  if (!kind) throw new RangeError(`wordKind: expected a word of the language, but received "${word}"`);
  return kind;
}
