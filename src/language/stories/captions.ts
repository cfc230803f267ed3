import { type Distribution, distribution, mix, remember, type Weights } from '../distribution.ts';
import { animalGiven, personGiven, suitability, superlatives } from '../lexicon/adjectives.ts';
import { nounClass } from '../lexicon/nouns.ts';
import { realm } from '../lexicon/places.ts';
import { articleOf, byArticle, companionRule, nounPhrase, personRule } from '../noun-phrase.ts';
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

/** The words under a picture: *a beautiful woman with an ugly cat .*, or the same one in more and more words. */
export function captions(teller: Teller): void {
  if (teller.choose([0.5, 0.5]) === 0) {
    const person = nounPhrase(teller, personRule);
    teller.emit('with');
    nounPhrase(teller, companionRule(person.noun, ''));
    teller.emit('.');
    perhapsOneMore(teller, person);
  } else narrowingCaption(teller);
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
