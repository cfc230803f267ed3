import { type Distribution, distribution, mix, remember, table } from '../distribution.ts';
import { admired, disliked } from '../lexicon/adjectives.ts';
import { men, women } from '../lexicon/names.ts';
import { lifeless, nounClass } from '../lexicon/nouns.ts';
import { place, realm } from '../lexicon/places.ts';
import { careFor, crowd, feel, handle, why } from '../lexicon/verbs.ts';
import { companionRule, type Entity, namedRule, nounPhrase, personRule } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { describe, genderOf, herOrThe, isPerson, plainAdjective, refer, subjects } from '../telling.ts';

/** *was the most beautiful woman*, or *person*, *in the world* */
const kindOf = remember((noun): Distribution => {
  const general = { person: table('person'), animal: table('creature:.6 animal:.4') };
  const nounKind = nounClass[noun] as keyof typeof general;
  return mix([
    [0.85, noun],
    [0.15, general[nounKind] ?? table('thing')],
  ]);
});
const adjectiveOrNoun = remember((adjective, noun): Distribution => distribution({ [adjective]: 0.65, [noun]: 0.35 }));

/** *ugly cat* or *cat* */
function sayAgain(teller: Teller, entity: Entity): void {
  const adjective = entity.second || entity.adjective;
  if (adjective && teller.pick(adjectiveOrNoun(adjective, entity.noun)) === entity.noun) return;
  teller.emit(entity.noun);
}

function opinionOf(entity: Entity): -1 | 0 | 1 {
  const said = [entity.adjective, entity.second];
  if (said.some((adjective) => disliked.has(adjective))) return -1;
  return said.some((adjective) => admired.has(adjective)) ? 1 : 0;
}

/** The ways a description can open; the last keeps what the person has for a sentence of its own. */
export const openings = ['there was … with', '… had', '… lived with', 'NAME was … with', 'there was … .'] as const;
export const openingWeights = [0.5, 0.14, 0.12, 0.12, 0.12];
/** After the first thing a person has: nothing more, a place, or a second thing. */
export const moreWeights = [0.68, 0.14, 0.18];

/** A person with what they have, and then what was said of either: the guide's *beautiful woman with an ugly cat*. */
export function description(teller: Teller): void {
  const opening = openings[teller.choose(openingWeights)];
  let person: Entity;
  if (opening === 'NAME was … with') {
    const gender = teller.choose([1, 1]) === 1 ? 'm' : 'f';
    const name = teller.pick(gender === 'm' ? men : women);
    teller.emit('was');
    person = { ...nounPhrase(teller, namedRule(gender)), gender, name };
  } else {
    if (opening.startsWith('there was')) teller.emit('there was');
    person = nounPhrase(teller, personRule);
  }
  if (opening.endsWith('with')) teller.emit(opening === '… lived with' ? 'lived with' : 'with');
  if (opening === '… had') teller.emit('had');
  if (opening === 'there was … .') {
    const way = teller.choose([0.5, 0.2, 0.3]);
    if (way === 1) {
      teller.emit('in the');
      teller.pick(place);
    } else if (way === 2) {
      teller.emit('who was');
      teller.pick(plainAdjective(person));
    }
    teller.emit('.');
    refer(teller, person, []);
    teller.emit('had');
  }
  const excluded = opening === '… lived with' ? lifeless.join(',') : '';
  const first = nounPhrase(teller, companionRule(person.noun, excluded));
  const entities = [person, first];
  const more = teller.choose(moreWeights);
  if (more === 1) {
    teller.emit('in the');
    teller.pick(place);
  } else if (more === 2) {
    teller.emit('and');
    entities.push(nounPhrase(teller, companionRule(person.noun, first.noun)));
  }
  teller.emit('.');
  tellMore(teller, entities);
}

/** One to three sentences about the person (first in the list) and what they have. */
function tellMore(teller: Teller, entities: readonly Entity[]): void {
  const sentences = 1 + teller.choose([0.2, 0.45, 0.35]);
  const [person, ...owned] = entities;
  let last: Entity | null = null;
  for (let i = 0; i < sentences && teller.length < 34; i++) {
    const kind = teller.choose([0.66, 0.1, 0.14, 0.1]);
    if (kind === 2) {
      refer(teller, person, owned);
      const object = owned[teller.choose(owned.map(() => 1))];
      const alive = nounClass[object.noun] === 'animal' || isPerson(object);
      teller.pick(alive ? careFor : handle);
      teller.pick(herOrThe[genderOf(teller, person)]);
      sayAgain(teller, object);
      last = person;
    } else if (kind === 3) {
      const who = teller.pick(crowd);
      const object = entities[teller.choose(entities.map(() => 1))];
      teller.pick(feel(opinionOf(object), who));
      teller.emit('the');
      if (teller.choose([0.65, 0.35]) === 0) sayAgain(teller, object);
      else {
        teller.emit(object.noun);
        teller.pick(why);
        teller.emit(subjects[genderOf(teller, object)]);
        teller.emit('was');
        describe(teller, object, []);
      }
      last = object;
    } else {
      const subject: Entity = entities[teller.choose(entities.map((entity) => (entity === last ? 0.25 : 1)))];
      const others = entities.filter((entity) => entity !== subject);
      refer(teller, subject, others);
      teller.emit('was');
      if (kind === 0) describe(teller, subject, others);
      else {
        teller.emit('the most');
        teller.pick(plainAdjective(subject));
        teller.pick(kindOf(subject.noun));
        teller.emit('in the');
        teller.pick(realm);
      }
      last = subject;
    }
    teller.emit('.');
  }
}
