import { type Distribution, distribution, mix, remember, table, type Weights } from '../distribution.ts';
import {
  aboutCompanions,
  aboutPeople,
  adjectiveClass,
  secondAboutCompanions,
  secondAboutPeople,
  suitability,
} from './adjectives.ts';
import { companions, nounClass, people } from './nouns.ts';

/**
 * The words of plain sentences: all nouns and all adjectives of the stories, each with each. What does not suit is rare,
 * not impossible, since a reader may ask after a golden hat or a hungry house.
 */
const nouns: Weights = {};
for (const [noun, weight] of Object.entries({ ...companions, ...people })) nouns[noun] = Math.sqrt(weight);

const adjectives: Record<'person' | 'other', Distribution> = {
  person: mix([
    [0.9, aboutPeople],
    [0.1, aboutCompanions],
  ]),
  other: mix([
    [0.2, aboutPeople],
    [0.8, aboutCompanions],
  ]),
};
/** An adjective before its noun is known. */
export const anyAdjective: Distribution = mix([
  [0.5, aboutPeople],
  [0.5, aboutCompanions],
]);
export const anySecondAdjective: Distribution = mix([
  [0.5, secondAboutPeople],
  [0.5, secondAboutCompanions],
]);

/** How well an adjective suits a noun here; never 0. */
const suits = (adjective: string, noun: string): number =>
  adjective === '' ? 1 : 0.1 + Math.min(suitability(adjective, noun), 5);

/** The nouns that up to two adjectives ('' for none) suit, without those in `taken`. */
export function nounGiven(first: string, second: string, taken: readonly string[]): Distribution {
  const result: Weights = {};
  for (const noun in nouns) {
    if (!taken.includes(noun)) result[noun] = nouns[noun] * suits(first, noun) * suits(second, noun);
  }
  return distribution(result);
}

/** What can be said of a noun; '' stands for someone known by name. */
export const adjectiveOf = remember((noun): Distribution => {
  if (noun === '') return adjectives.person;
  if (!(noun in nouns)) return adjectives.other;
  const general = nounClass[noun] === 'person' ? adjectives.person : adjectives.other;
  const result: Weights = {};
  for (const adjective in adjectiveClass) {
    result[adjective] = (general.byWord.get(adjective) ?? 0) * suits(adjective, noun);
  }
  return distribution(result);
});

/** What one may do to another. */
export const towards: Distribution = table(
  'saw:6 met:3 loved:4 liked:3 knew:1 followed:2 watched:2 helped:1 hated:2 called:1 fed:1',
);
/** What everyone may feel about one. */
export const everyoneFelt: Distribution = table('loved:5 liked:3 hated:3 feared:3 knew:1 saw:1');
