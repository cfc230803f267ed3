import { type Distribution, distribution, mix, remember } from '../distribution.ts';
import { animalGiven, personGiven, superlatives } from '../lexicon/adjectives.ts';
import { men, women } from '../lexicon/names.ts';
import { place, realm } from '../lexicon/places.ts';
import { act, comeUpon } from '../lexicon/verbs.ts';
import { companionRule, type Entity, nounPhrase } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { perhapsOneMore } from '../telling.ts';

export const superlativeAdjective: Distribution = distribution(superlatives);
/** Mostly a person, now and then an animal, who suits the adjective. */
export const superlativeNoun = remember(
  (adjective): Distribution =>
    mix([
      [0.8, personGiven(adjective, '')],
      [0.2, animalGiven(adjective, '')],
    ]),
);

/** *most beautiful woman in the world*, after *the* */
export function sayMost(teller: Teller): Entity {
  teller.emit('most');
  const adjective = teller.pick(superlativeAdjective);
  const noun = teller.pick(superlativeNoun(adjective));
  teller.emit('in the');
  teller.pick(realm);
  return { noun, adjective, second: '' };
}

/** Stories about someone who is so beyond all others, as the one who acts or the one who is met. */
export function superlativeStories(teller: Teller): void {
  let entity: Entity;
  if (teller.choose([0.6, 0.4]) === 0) {
    teller.emit('the');
    entity = sayMost(teller);
    const way = teller.choose([0.4, 0.3, 0.3]);
    if (way === 0) {
      teller.emit('had');
      nounPhrase(teller, companionRule(entity.noun, ''));
    } else if (way === 1) teller.pick(act);
    else {
      teller.emit('lived in the');
      teller.pick(place);
    }
  } else {
    teller.pick(teller.choose([1, 1]) === 1 ? men : women);
    teller.pick(comeUpon);
    teller.emit('the');
    entity = sayMost(teller);
  }
  teller.emit('.');
  perhapsOneMore(teller, entity);
}
