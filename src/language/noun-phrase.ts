import { type Distribution, distribution, mix, remember, type Weights, without } from './distribution.ts';
import {
  aboutPeople,
  animalGiven,
  companionAdjective,
  companionGiven,
  intensifiers,
  isAdjective,
  isIntensifier,
  personGiven,
  secondAboutCompanions,
  secondAboutPeople,
  takesSecond,
} from './lexicon/adjectives.ts';
import { type Gender, genders } from './lexicon/nouns.ts';
import type { Teller } from './teller.ts';

/** Someone or something a story has introduced. '' where there is no adjective. */
export interface Entity {
  noun: string;
  adjective: string;
  second: string;
  gender?: Gender;
  name?: string;
}

/** A distribution split by the article its words take: *a* or *an* is said first and tells what can follow. */
export interface ByArticle {
  article: Distribution;
  a: Distribution | null;
  an: Distribution | null;
}

/** By spelling, which is right for this lexicon; *unicorn* and *one-eyed* would sound like *you* and *won*. */
const takesAn = (word: string): boolean => 'aeiou'.includes(word[0]) && !/^(uni|one)/.test(word);
export const articleOf = (word: string): 'a' | 'an' => (takesAn(word) ? 'an' : 'a');

const splits = new WeakMap<Distribution, ByArticle>();

/** The split of a distribution, made once and remembered. A part is null where no word takes that article. */
export function byArticle(of: Distribution): ByArticle {
  let split = splits.get(of);
  if (split === undefined) {
    const parts: Record<'a' | 'an', Weights> = { a: {}, an: {} };
    let a = 0;
    of.words.forEach((word, i) => {
      parts[articleOf(word)][word] = of.probabilities[i];
      if (!takesAn(word)) a += of.probabilities[i];
    });
    const article: Weights = {};
    if (a > 0) article.a = a;
    if (1 - a > 1e-12) article.an = 1 - a;
    split = {
      article: distribution(article),
      a: 'a' in article ? distribution(parts.a) : null,
      an: 'an' in article ? distribution(parts.an) : null,
    };
    splits.set(of, split);
  }
  return split;
}

/** Says an article and a word of the distribution that takes it; gives the word. */
export function pickWithArticle(teller: Teller, from: Distribution): string {
  const split = byArticle(from);
  return teller.pick(teller.pick(split.article) === 'a' ? split.a! : split.an!);
}

/**
 * How a person, an animal or a thing is introduced: article, perhaps *very*, one or two adjectives or none, noun.
 * The adjective is drawn before the noun, and the noun to suit it.
 */
export interface NounPhraseRule {
  nouns: (first: string, second: string) => Distribution;
  adjectives: Distribution;
  secondAdjectives: Distribution;
  /** Shares of phrases with *very* or its like, and of phrases without an adjective. */
  intensified: number;
  bare: number;
  /** What follows the article. */
  opening: Distribution;
  afterIntensifier: Distribution;
  /** What follows an adjective of size or age: a second adjective, or the noun. */
  afterSize: (adjective: string) => Distribution;
}

/** How often an adjective of size or age is followed by a second one. */
export const secondShare = 0.22;
/** How often *very* is said twice. */
export const veryAgain = 0.1;

/** A rule from its nouns, adjectives and shares, with the distributions that follow from them mixed once. */
export function nounPhraseRule(
  rule: Pick<NounPhraseRule, 'nouns' | 'adjectives' | 'secondAdjectives' | 'intensified' | 'bare'>,
): NounPhraseRule {
  const { nouns, adjectives, secondAdjectives, intensified, bare } = rule;
  return {
    ...rule,
    opening: mix([
      [intensified, intensifiers],
      [bare, nouns('', '')],
      [1 - intensified - bare, adjectives],
    ]),
    afterIntensifier: mix([
      [veryAgain, 'very'],
      [1 - veryAgain, adjectives],
    ]),
    afterSize: remember((adjective) =>
      mix([
        [secondShare, secondAdjectives],
        [1 - secondShare, nouns(adjective, '')],
      ]),
    ),
  };
}

/** Says a noun phrase by a rule, article first; gives whom or what it introduces. */
export function nounPhrase(teller: Teller, rule: NounPhraseRule): Entity {
  return phraseFrom(teller, rule, pickWithArticle(teller, rule.opening));
}

/** Says the rest of a noun phrase of which the first word after the article has been said. */
export function phraseFrom(teller: Teller, rule: NounPhraseRule, first: string): Entity {
  let word = first;
  if (isIntensifier(word)) {
    word = teller.pick(rule.afterIntensifier);
    if (word === 'very') word = teller.pick(rule.adjectives);
  }
  if (!isAdjective(word)) return { noun: word, adjective: '', second: '' };
  const adjective = word;
  if (!takesSecond(adjective)) return { noun: teller.pick(rule.nouns(adjective, '')), adjective, second: '' };
  word = teller.pick(rule.afterSize(adjective));
  if (!isAdjective(word)) return { noun: word, adjective, second: '' };
  return { noun: teller.pick(rule.nouns(adjective, word)), adjective, second: word };
}

/** Any person. */
export const personRule: NounPhraseRule = nounPhraseRule({
  nouns: personGiven,
  adjectives: aboutPeople,
  secondAdjectives: secondAboutPeople,
  intensified: 0.12,
  bare: 0.08,
});

/** A person who has been named, so that only nouns for that gender fit: *anna was a tall girl with …* */
export const namedRule = remember((gender): NounPhraseRule => {
  const fitting = remember((first, second): Distribution => {
    const all = personGiven(first, second);
    return without(
      all,
      all.words.filter((noun) => (genders[noun] ?? gender) !== gender),
    );
  });
  return nounPhraseRule({
    nouns: fitting,
    adjectives: aboutPeople,
    secondAdjectives: secondAboutPeople,
    intensified: 0.1,
    bare: 0.08,
  });
});

function companions(owner: string, excluded: string, nouns: NounPhraseRule['nouns']): NounPhraseRule {
  return nounPhraseRule({
    nouns,
    adjectives: companionAdjective(owner, excluded),
    secondAdjectives: secondAboutCompanions,
    intensified: 0.12,
    bare: 0.1,
  });
}

/** What an owner ('' for nobody in particular) has, without the nouns in `excluded` (a list with commas). */
export const companionRule = remember((owner, excluded): NounPhraseRule => {
  const nouns = remember((first, second) => companionGiven(owner, first, second, excluded));
  return companions(owner, excluded, nouns);
});

/** What an owner has besides a first thing. Owner, thing and adjectives make too many combinations to keep. */
export const secondCompanionRule = remember(
  (owner, thing): NounPhraseRule =>
    companions(owner, thing, (first, second) => companionGiven(owner, first, second, thing)),
);

/** An animal by itself, more often *very* something: *a very lovely creature*. */
export const animalRule: NounPhraseRule = nounPhraseRule({
  nouns: animalGiven,
  adjectives: companionAdjective('', ''),
  secondAdjectives: secondAboutCompanions,
  intensified: 0.3,
  bare: 0.08,
});
