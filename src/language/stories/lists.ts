import { type Distribution, each } from '../distribution.ts';
import type { Count } from '../introduction.ts';
import {
  afterTurn,
  andOrWith,
  drawnAt,
  listedAdjectives,
  listedNouns,
  otherAdjective,
  otherListedNoun,
  otherLookedUpNoun,
  sameAdjective,
  veryOrSame,
} from '../lexicon/listed.ts';
import { men, women } from '../lexicon/names.ts';
import { lifeless, nounClass } from '../lexicon/nouns.ts';
import { place } from '../lexicon/places.ts';
import { act, comeUpon, meet } from '../lexicon/verbs.ts';
import { type Entity, pickWithArticle } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { tellOfListed } from './look-up.ts';

/** *there was …*, *anna saw …*, *… met* */
const ways = [0.4, 0.35, 0.25];
/** Two things, or three. */
const lengths = [0.6, 0.4];

/** Two or three things, each with an adjective, and then sentences that use the same pairs. */
export function lists(teller: Teller): void {
  const way = teller.choose(ways);
  if (way === 0) teller.emit('there was');
  else if (way === 1) {
    teller.pick(teller.choose([1, 1]) === 1 ? men : women);
    teller.pick(comeUpon);
  }
  const length = 2 + teller.choose(lengths);
  const listed: Entity[] = [];
  let turned = false;
  for (let i = 0; i < length; i++) {
    if (i === 1 && way < 2 && nounClass[listed[0].noun] !== 'person') turned = teller.pick(andOrWith) === 'with';
    else if (i > 0) teller.emit('and');
    const adjective = pickWithArticle(teller, otherAdjective(...listed.map((entity) => entity.adjective)));
    const nouns = listed.map((entity) => entity.noun);
    const from = !turned ? otherListedNoun(...nouns) : i === 1 ? afterTurn(nouns[0]) : otherLookedUpNoun(...nouns);
    listed.push({ adjective, second: '', noun: teller.pick(from) });
  }
  if (way === 2) {
    teller.emit('met');
    if (teller.choose([0.6, 0.4]) === 1) {
      teller.emit('in the');
      teller.pick(place);
    }
  }
  teller.emit('.');
  if (turned) tellOfListed(teller, listed);
  else repeat(teller, listed);
}

function repeat(teller: Teller, listed: readonly Entity[]): void {
  const sentences = 2 + teller.choose([0.4, 0.4, 0.2]);
  let last: Entity | null = null;
  for (let i = 0; i < sentences && teller.length < 40; i++) {
    const subject: Entity = listed[teller.choose(listed.map((entity) => (entity === last ? 0.1 : 1)))];
    last = subject;
    const kind = teller.choose(lifeless.includes(subject.noun) ? [1, 0, 0] : [0.55, 0.25, 0.2]);
    teller.emit('the');
    if (kind === 0) {
      teller.emit(subject.noun);
      teller.emit('was');
      if (teller.pick(veryOrSame(subject.adjective)) === 'very') teller.pick(sameAdjective(subject.adjective));
    } else {
      const object = kind === 2 ? listed[teller.choose(listed.map((entity) => (entity === subject ? 0 : 1)))] : null;
      teller.emit(subject.adjective);
      teller.emit(subject.noun);
      if (object === null) teller.pick(act);
      else {
        teller.pick(meet);
        teller.emit('the');
        teller.emit(object.adjective);
        teller.emit(object.noun);
      }
    }
    teller.emit('.');
  }
}

/** How often lists introduce a noun, as their first, second or third. */
export function countLists(noun: string, expected: number, count: Count): void {
  const places = [0, 0, 0];
  const canTurn = ways[0] + ways[1];
  each(listedNouns, (first, often) => {
    if (first === noun) places[0] += often;
    const turned = nounClass[first] === 'person' ? 0 : canTurn * andOrWith.byWord.get('with')!;
    const rest = (second: Distribution, thirdAfter: (second: string) => Distribution, share: number) =>
      each(second, (word, probability) => {
        if (word === noun) places[1] += often * share * probability;
        places[2] += often * share * probability * lengths[1] * (thirdAfter(word).byWord.get(noun) ?? 0);
      });
    rest(otherListedNoun(first), (second) => otherListedNoun(first, second), 1 - turned);
    if (turned > 0) rest(afterTurn(first), (second) => otherLookedUpNoun(first, second), turned);
  });
  places.forEach((often, place) => {
    each(drawnAt(listedAdjectives, otherAdjective, place), (adjective, probability) =>
      count({ isNew: true, degree: 'plain', adjectives: [adjective], expected: expected * often * probability }),
    );
  });
}
