import { type Distribution, distribution, mix, remember } from '../distribution.ts';
import { type Count, countRule } from '../introduction.ts';
import { animalGiven, personGiven, superlatives } from '../lexicon/adjectives.ts';
import { men, women } from '../lexicon/names.ts';
import { place, realm } from '../lexicon/places.ts';
import { act, comeUpon } from '../lexicon/verbs.ts';
import { companionRule, type Entity, nounPhrase } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { describe, perhapsOneMore } from '../telling.ts';

const superlativeAdjective: Distribution = distribution(superlatives);
/** Mostly a person, now and then an animal, who suits the adjective. */
const superlativeNoun = remember(
  (adjective): Distribution =>
    mix([
      [0.8, personGiven(adjective, '')],
      [0.2, animalGiven(adjective, '')],
    ]),
);

/** *most beautiful woman in the world*, after *the* */
function sayMost(teller: Teller): Entity {
  teller.emit('most');
  const adjective = teller.pick(superlativeAdjective);
  const noun = teller.pick(superlativeNoun(adjective));
  teller.emit('in the');
  teller.pick(realm);
  return { noun, adjective, second: '' };
}

/** Who acts, or who is met. */
const ways = [0.6, 0.4];
/** *had an ugly cat*, *slept*, *lived in the castle*, *was …* */
const deeds = [0.35, 0.25, 0.25, 0.15];

/** Stories about someone who is so beyond all others, as the one who acts or the one who is met. */
export function superlativeStories(teller: Teller): void {
  let entity: Entity;
  if (teller.choose(ways) === 0) {
    teller.emit('the');
    entity = sayMost(teller);
    const deed = teller.choose(deeds);
    if (deed === 0) {
      teller.emit('had');
      nounPhrase(teller, companionRule(entity.noun, ''));
    } else if (deed === 1) teller.pick(act);
    else if (deed === 3) {
      teller.emit('was');
      describe(teller, entity, []);
    } else {
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

/** How often these stories introduce a noun: as the one beyond all others, or as what that one had. */
export function countSuperlatives(noun: string, expected: number, count: Count): void {
  const owners = new Map<string, number>();
  superlativeAdjective.words.forEach((adjective, i) => {
    const nouns = superlativeNoun(adjective);
    nouns.words.forEach((owner, j) => {
      const often = expected * superlativeAdjective.probabilities[i] * nouns.probabilities[j];
      owners.set(owner, (owners.get(owner) ?? 0) + often * ways[0] * deeds[0]);
      if (owner !== noun) return;
      realm.words.forEach((where, k) => {
        const there = often * realm.probabilities[k];
        count({ isNew: true, degree: 'most', adjectives: [adjective], realm: where, expected: there });
      });
    });
  });
  for (const [owner, often] of owners) countRule(companionRule(owner, ''), noun, often, count);
}
