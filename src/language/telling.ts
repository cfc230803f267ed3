import { type Distribution, distribution, mix, remember, table } from './distribution.ts';
import { aboutCompanions, aboutPeople } from './lexicon/adjectives.ts';
import { type Gender, genders, nounClass, relatives } from './lexicon/nouns.ts';
import type { Entity } from './noun-phrase.ts';
import type { Teller } from './teller.ts';

/** What stories say again of someone they have introduced: a pronoun, the noun, and *was* with the adjective. */
export const subjects: Readonly<Record<Gender, string>> = { f: 'she', m: 'he', n: 'it' };
/** *her cat* or *the cat* */
export const herOrThe: Readonly<Record<Gender, Distribution>> = {
  f: table('her:.4 the:.6'),
  m: table('his:.4 the:.6'),
  n: table('its:.4 the:.6'),
};

/** Someone known by a name or a pronoun only has no noun and is a person. */
export const isPerson = ({ noun }: Entity): boolean => noun === '' || nounClass[noun] === 'person';

/** Whether someone is *she*, *he* or *it*; decided once for people who can be either, such as a doctor. */
export function genderOf(teller: Teller, entity: Entity): Gender {
  entity.gender ??= genders[entity.noun] ?? relatives[entity.noun];
  if (entity.gender === undefined) entity.gender = isPerson(entity) ? (teller.choose([1, 1]) === 0 ? 'f' : 'm') : 'n';
  return entity.gender;
}

const nounOrAdjective = remember((noun, adjective): Distribution => distribution({ [noun]: 0.85, [adjective]: 0.15 }));

/**
 * Refers to someone again: by name if there is one, by pronoun if it can mean nobody else, or as *the* and the noun,
 * now and then with the adjective.
 */
export function refer(teller: Teller, entity: Entity, others: readonly Entity[]): void {
  const ambiguous = others.some((other) => genderOf(teller, other) === genderOf(teller, entity));
  if (entity.name !== undefined && teller.choose([0.6, 0.4]) === 0) teller.emit(entity.name);
  else if (!ambiguous && teller.choose([0.4, 0.6]) === 0) teller.emit(subjects[genderOf(teller, entity)]);
  else {
    teller.emit('the');
    const { noun, adjective } = entity;
    if (!adjective) teller.emit(noun);
    else if (teller.pick(nounOrAdjective(noun, adjective)) === adjective) teller.emit(noun);
  }
}

/** How often an entity is said to be what it was introduced as; else it is anything at all. */
const SAME = 0.85;

function sameAgain(
  adjective: string,
  second: string,
  person: string,
  share: number,
): [number, Distribution | string][] {
  const anything = person ? aboutPeople : aboutCompanions;
  if (!adjective) return [[share, anything]];
  const known: [number, string][] = second
    ? [
        [0.45, adjective],
        [0.4, second],
      ]
    : [[SAME, adjective]];
  return [...known.map(([part, word]): [number, string] => [part * share, word]), [(1 - SAME) * share, anything]];
}

const whatWas = (adjective: string, second: string, person: string, ...others: string[]): Distribution => {
  const parts: [number, Distribution | string][] = [
    [0.1, 'very'],
    [0.03, 'so'],
  ];
  if (others.length) parts.push([0.09, 'not']);
  const rest = 1 - parts.reduce((sum, [share]) => sum + share, 0);
  return mix([...parts, ...sameAgain(adjective, second, person, rest)]);
};
const whatWasRemembered = remember(whatWas);
/** What follows *was*. With two others there are too many combinations to keep. */
const afterWas: typeof whatWas = (adjective, second, person, ...others) =>
  (others.length > 1 ? whatWas : whatWasRemembered)(adjective, second, person, ...others);
const afterVery = remember((adjective, second, person): Distribution => mix(sameAgain(adjective, second, person, 1)));
/** *not* is followed by what somebody else was. */
const afterNot = remember(
  (person, ...others): Distribution =>
    mix([
      ...others.map((other): [number, string] => [SAME / others.length, other]),
      [1 - SAME, person ? aboutPeople : aboutCompanions],
    ]),
);

/** The adjective of an entity without *very* or *not* before it. */
export function plainAdjective(entity: Entity): Distribution {
  return afterVery(entity.adjective, entity.second, isPerson(entity) ? 'person' : '');
}

/** Says what an entity was, after *was*. `others`: who else is in the story, so that it may be *not* as they are. */
export function describe(teller: Teller, entity: Entity, others: readonly Entity[]): void {
  const person = isPerson(entity) ? 'person' : '';
  const theirs = others.map((other) => other.adjective).filter(Boolean);
  const word = teller.pick(afterWas(entity.adjective, entity.second, person, ...theirs));
  if (word === 'very' || word === 'so') teller.pick(plainAdjective(entity));
  else if (word === 'not') teller.pick(afterNot(person, ...theirs));
}

/** One more sentence about someone, or none: *the cat was ugly .* */
export function perhapsOneMore(teller: Teller, entity: Entity): void {
  if (teller.choose([0.3, 0.7]) === 0) return;
  if (teller.choose([0.5, 0.5]) === 0) teller.emit(subjects[genderOf(teller, entity)]);
  else {
    teller.emit('the');
    teller.emit(entity.noun);
  }
  teller.emit('was');
  describe(teller, entity, []);
  teller.emit('.');
}
