import { type Distribution, distribution, mix, remember, table } from '../distribution.ts';
import { type Count, countPhrase, countRule, nounsOf } from '../introduction.ts';
import { admired, companionAdjective, disliked } from '../lexicon/adjectives.ts';
import { men, women } from '../lexicon/names.ts';
import { lifeless, nounClass } from '../lexicon/nouns.ts';
import { place, realm } from '../lexicon/places.ts';
import { careFor, crowd, feel, handle, why } from '../lexicon/verbs.ts';
import { companionRule, type Entity, namedRule, nounPhrase, personRule, secondCompanionRule } from '../noun-phrase.ts';
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
const openings = ['there was … with', '… had', '… lived with', 'NAME was … with', 'there was … .'] as const;
const openingWeights = [0.5, 0.14, 0.12, 0.12, 0.12];
/** After the first thing a person has: nothing more, a place, or a second thing. */
const moreWeights = [0.68, 0.14, 0.18];

/** Nobody *lived with* a hat. */
const nothingLifeless = lifeless.join(',');

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
  const excluded = opening === '… lived with' ? nothingLifeless : '';
  const first = nounPhrase(teller, companionRule(person.noun, excluded));
  const entities = [person, first];
  const more = teller.choose(moreWeights);
  if (more === 1) {
    teller.emit('in the');
    teller.pick(place);
  } else if (more === 2) {
    teller.emit('and');
    entities.push(nounPhrase(teller, secondCompanionRule(person.noun, first.noun)));
  }
  teller.emit('.');
  tellMore(teller, entities);
}

/** How often a description introduces a noun, and in which phrases: as the person, or as what the person has. */
export function countDescription(noun: string, expected: number, count: Count): void {
  // person → how often they come in a description, by the companions that are excluded as the first
  const owners = { '': new Map<string, number>(), [nothingLifeless]: new Map<string, number>() };
  openings.forEach((opening, k) => {
    const rules = opening === 'NAME was … with' ? [namedRule('f'), namedRule('m')] : [personRule];
    const ofOpening = owners[opening === '… lived with' ? nothingLifeless : ''];
    const share = (expected * openingWeights[k]) / rules.length;
    for (const rule of rules) {
      countRule(rule, noun, share, count);
      for (const [owner, probability] of nounsOf(rule)) addTo(ofOpening, owner, share * probability);
    }
  });
  // person → what they have first → how often something comes besides
  const besides = new Map<string, Map<string, number>>();
  for (const [excluded, ofOpening] of Object.entries(owners)) {
    for (const [owner, often] of ofOpening) {
      const rule = companionRule(owner, excluded);
      countRule(rule, noun, often, count);
      const firsts = besides.get(owner) ?? new Map<string, number>();
      besides.set(owner, firsts);
      for (const [first, probability] of nounsOf(rule)) {
        if (first !== noun) addTo(firsts, first, often * probability * moreWeights[2]);
      }
    }
  }
  for (const [owner, firsts] of besides) countSecond(owner, firsts, noun, count);
}

function addTo(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

/**
 * What a person has besides the first thing: as in the rule without it, in which the other nouns are raised by what it
 * leaves free, and the adjectives are those that suit the others.
 */
function countSecond(owner: string, firsts: ReadonlyMap<string, number>, noun: string, count: Count): void {
  const all = companionRule(owner, '');
  const cases = [...firsts].map(([first, often]) => ({ first, often, adjectives: companionAdjective(owner, first) }));
  countPhrase(
    all,
    (adjective, second) => {
      const { byWord } = all.nouns(adjective, second);
      const usually = byWord.get(noun) ?? 0;
      if (usually === 0) return 0;
      let expected = 0;
      for (const { first, often, adjectives } of cases) {
        const suited = adjective ? (adjectives.byWord.get(adjective) ?? 0) / all.adjectives.byWord.get(adjective)! : 1;
        expected += (often * suited * usually) / (1 - (byWord.get(first) ?? 0));
      }
      return expected;
    },
    1,
    count,
  );
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
