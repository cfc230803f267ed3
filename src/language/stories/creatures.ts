import { type Count, countRule } from '../introduction.ts';
import { place } from '../lexicon/places.ts';
import { act } from '../lexicon/verbs.ts';
import { animalRule, companionRule, type Entity, nounPhrase } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { perhapsOneMore } from '../telling.ts';

/** *it was …*, *… slept in the garden*, *there was … in the garden* */
const ways = [0.3, 0.4, 0.3];

/** Short stories of one phrase: *a very lovely creature slept in the garden .* */
export function creatures(teller: Teller): void {
  const way = teller.choose(ways);
  let entity: Entity;
  if (way === 0) {
    teller.emit('it was');
    entity = nounPhrase(teller, companionRule('', ''));
  } else {
    if (way === 2) teller.emit('there was');
    entity = nounPhrase(teller, animalRule);
    if (way === 1) teller.pick(act);
    teller.emit('in the');
    teller.pick(place);
  }
  teller.emit('.');
  perhapsOneMore(teller, entity);
}

/** How often these stories introduce a noun. */
export function countCreatures(noun: string, expected: number, count: Count): void {
  countRule(companionRule('', ''), noun, expected * ways[0], count);
  countRule(animalRule, noun, expected * (ways[1] + ways[2]), count);
}
