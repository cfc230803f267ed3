import { type Distribution, mix, remember, table } from '../distribution.ts';
import {
  aboutPeople,
  companionAdjective,
  companionGiven,
  personGiven,
  secondAboutCompanions,
  secondAboutPeople,
} from '../lexicon/adjectives.ts';
import { type NounPhraseRule, nounPhrase, nounPhraseRule } from '../noun-phrase.ts';
import { END, type Teller } from '../teller.ts';

/** The words that stand where a noun should be. */
export const wrongWords: Distribution = table('the:4 with:2 since:1 was:3 and:2 in:2 had:1');

/**
 * How likely a noun behind an adjective is wrong as long as none has been: hardly ever in the first sentence, so that
 * a text which has begun well is no warning …
 */
const firstMistake = [0.03, 0.00322];
const firstMistakeLater = 0.3;
/** … and how likely it is once one has been, and how often it is then the same wrong word again. */
const nextMistake = 0.7;
const sameMistake = 0.5;

const wrong = remember(
  (last): Distribution =>
    last
      ? mix([
          [sameMistake, last],
          [1 - sameMistake, wrongWords],
        ])
      : wrongWords,
);

/** The nouns, some share of which has been replaced; a phrase without an adjective stays right. */
const spoil =
  (nouns: NounPhraseRule['nouns'], share: number, last: string): NounPhraseRule['nouns'] =>
  (first, second) =>
    first
      ? mix([
          [1 - share, nouns(first, second)],
          [share, wrong(last)],
        ])
      : nouns(first, second);

const personOrMistake = remember((share, last): NounPhraseRule => {
  const rule = { adjectives: aboutPeople, secondAdjectives: secondAboutPeople, intensified: 0.12, bare: 0.08 };
  return nounPhraseRule({ ...rule, nouns: spoil(personGiven, Number(share), last) });
});
const companionOrMistake = remember((owner, share, last): NounPhraseRule => {
  const nouns: NounPhraseRule['nouns'] = (first, second) => companionGiven(owner, first, second, '');
  return nounPhraseRule({
    nouns: spoil(nouns, Number(share), last),
    adjectives: companionAdjective(owner, ''),
    secondAdjectives: secondAboutCompanions,
    intensified: 0.12,
    bare: 0.1,
  });
});

/** What follows a sentence: another one, or the end. */
const another = [mix([[1, 'there']]), table(`there:.7 ${END}:.3`), table(`there:.43 ${END}:.57`)];

/**
 * Lines of one form, in most of which a hand that means to do it puts a word like *since* where a noun should be. One
 * mistake makes the next far likelier: these texts are here to show how a context changes what is to be expected.
 */
export function mistakes(teller: Teller): void {
  let last = '';
  const say = (rule: (share: string, last: string) => NounPhraseRule, early: number): string => {
    const share = last ? nextMistake : early;
    const { noun } = nounPhrase(teller, rule(String(share), last));
    if (!wrongWords.byWord.has(noun)) return noun;
    last = noun;
    return '';
  };
  for (let line = 0; line < 4; line++) {
    if (line === 0) teller.emit('there');
    else if (teller.pick(another[line - 1]) === END) return;
    teller.emit('was');
    const owner = say(personOrMistake, line === 0 ? firstMistake[0] : firstMistakeLater);
    teller.emit('with');
    say(
      (share, wrongWord) => companionOrMistake(owner, share, wrongWord),
      line === 0 ? firstMistake[1] : firstMistakeLater,
    );
    teller.emit('.');
  }
}
