/** Words that belong together, by a name an author can ask for: the classes of the language's own lexicon. */
import type { Distribution } from '../language/distribution.ts';
import { type AdjectiveClass, adjectiveClass } from '../language/lexicon/adjectives.ts';
import { men, surnames, women } from '../language/lexicon/names.ts';
import { type NounClass, nounClass } from '../language/lexicon/nouns.ts';
import { destination, place, realm } from '../language/lexicon/places.ts';

const nouns = (name: NounClass) => Object.keys(nounClass).filter((word) => nounClass[word] === name);
const adjectives = (name: AdjectiveClass) =>
  Object.keys(adjectiveClass).filter((word) => adjectiveClass[word] === name);
const all = (...lists: Distribution[]) => [...new Set(lists.flatMap((list) => list.words))];

/** Each class by the name it has in a figure; no word is in two of them. */
export const wordClasses: Readonly<Record<string, readonly string[]>> = {
  people: nouns('person'),
  animals: nouns('animal'),
  clothes: nouns('cloth'),
  'parts of the body': nouns('body'),
  things: nouns('object'),
  looks: adjectives('looks'),
  sizes: adjectives('size'),
  ages: adjectives('age'),
  natures: adjectives('mind'),
  colours: adjectives('colour'),
  touch: adjectives('feel'),
  sounds: adjectives('sound'),
  fortunes: adjectives('wealth'),
  'names of women': all(women),
  'names of men': all(men),
  surnames: all(surnames),
  places: all(place, realm, destination).filter((word) => nounClass[word] === undefined || nounClass[word] === 'place'),
};
