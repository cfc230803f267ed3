import { type Distribution, distribution, mix, remember, type Weights } from '../distribution.ts';
import { animalGiven, personGiven, suitability, superlatives } from '../lexicon/adjectives.ts';
import { nounClass } from '../lexicon/nouns.ts';
import { place, realm } from '../lexicon/places.ts';
import {
  animalRule,
  articleOf,
  byArticle,
  companionRule,
  type Entity,
  nounPhrase,
  personRule,
} from '../noun-phrase.ts';
import { END, type Teller } from '../teller.ts';
import { perhapsOneMore } from '../telling.ts';

const captionNoun = mix([
  [0.6, personGiven('', '')],
  [0.4, animalGiven('', '')],
]);
/** The adjectives with *most* that suit a noun. */
const captionAdjective = remember((noun): Distribution => {
  const result: Weights = {};
  for (const adjective in superlatives) {
    const suited =
      nounClass[noun] === 'person' ? (personGiven(adjective, '').byWord.get(noun) ?? 0) : suitability(adjective, noun);
    result[adjective] = superlatives[adjective] * suited;
  }
  return distribution(result);
});
/** A caption may end after each full stop, or go on with the next article. */
const endOr = remember(
  (noun): Distribution =>
    mix([
      [0.15, END],
      [0.85, noun],
    ]),
);
const endOrArticle = remember(
  (noun): Distribution =>
    mix([
      [0.15, END],
      [0.85, byArticle(captionAdjective(noun)).article],
    ]),
);

/** *a beautiful woman with an ugly cat*, *woman . a woman . …*, *beautiful woman*, *a cat in the garden* */
const ways = [0.4, 0.35, 0.15, 0.1];

/** The words under a picture, or the same ones with more and more modifiers. */
export function captions(teller: Teller): void {
  const way = teller.choose(ways);
  if (way === 1) {
    narrowingCaption(teller);
    return;
  }
  let entity: Entity;
  if (way === 0) {
    entity = nounPhrase(teller, personRule);
    teller.emit('with');
    nounPhrase(teller, companionRule(entity.noun, ''));
  } else if (way === 2) entity = sayWithoutArticle(teller);
  else {
    entity = nounPhrase(teller, teller.choose([0.6, 0.4]) === 0 ? personRule : animalRule);
    teller.emit('in the');
    teller.pick(place);
  }
  teller.emit('.');
  perhapsOneMore(teller, entity);
}

const adjectiveFirst = {
  person: mix([
    [0.15, 'very'],
    [0.85, personRule.adjectives],
  ]),
  animal: mix([
    [0.15, 'very'],
    [0.85, animalRule.adjectives],
  ]),
};

/** *beautiful woman*, *very ugly cat* */
function sayWithoutArticle(teller: Teller): Entity {
  const isPerson = teller.choose([0.6, 0.4]) === 0;
  const rule = isPerson ? personRule : animalRule;
  let adjective = teller.pick(adjectiveFirst[isPerson ? 'person' : 'animal']);
  if (adjective === 'very') adjective = teller.pick(rule.adjectives);
  return { noun: teller.pick(rule.nouns(adjective, '')), adjective, second: '' };
}

/** *woman . a woman . a beautiful woman . a very beautiful woman . the most beautiful woman in the world .* */
function narrowingCaption(teller: Teller): void {
  const noun = teller.pick(captionNoun);
  teller.emit('.');
  if (teller.pick(endOr(articleOf(noun))) === END) return;
  teller.emit(noun);
  teller.emit('.');
  const article = teller.pick(endOrArticle(noun));
  if (article === END) return;
  const split = byArticle(captionAdjective(noun));
  const adjective = teller.pick(article === 'a' ? split.a! : split.an!);
  teller.emit(noun);
  teller.emit('.');
  if (teller.pick(endOr('a')) === END) return;
  teller.emit('very');
  teller.emit(adjective);
  teller.emit(noun);
  teller.emit('.');
  if (teller.pick(endOr('the')) === END) return;
  teller.emit('most');
  teller.emit(adjective);
  teller.emit(noun);
  teller.emit('in the');
  teller.pick(realm);
  teller.emit('.');
}
