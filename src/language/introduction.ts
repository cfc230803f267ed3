import { each } from './distribution.ts';
import { intensifiers, takesSecond } from './lexicon/adjectives.ts';
import { type NounPhraseRule, secondShare, veryAgain } from './noun-phrase.ts';

/** How strongly a phrase says its first adjective: *beautiful*, *very beautiful*, *the most beautiful*. */
export type Degree = 'plain' | 'very' | 'most';

/** One way in which a story can introduce a noun, and how many such introductions a text has on average. */
export interface Introduction {
  /** *the*: as if known already. *a*, *an* and *the most …* bring in someone new. */
  isNew: boolean;
  degree: Degree;
  adjectives: readonly string[];
  /** … *in the world*, after *most* */
  realm?: string;
  expected: number;
}

/** Takes down an introduction; several of the same kind add up. */
export type Count = (introduction: Introduction) => void;

/** *very*, *really* and *extremely* say more than the bare adjective; *quite* and *rather* do not. */
const strong = new Set(['very', 'really', 'extremely']);

/** How often a phrase with an intensifier is as strong as *very*: by itself, or by a *very* after it. */
const shareOfVery = intensifiers.words
  .map((word, i) => intensifiers.probabilities[i] * (strong.has(word) ? 1 : veryAgain))
  .reduce((sum, share) => sum + share, 0);

/** What {@link countPhrase} must know of a rule: all but the nouns, of which it needs one only. */
type Adjectives = Pick<NounPhraseRule, 'adjectives' | 'secondAdjectives' | 'intensified' | 'bare'>;

/**
 * Counts the phrases of a rule that end in one noun: the same choices as `nounPhrase` makes, multiplied out.
 * @param probabilityOf the noun's probability once up to two adjectives ('' for none) are known
 * @param expected how many such phrases a text has on average
 */
export function countPhrase(
  rule: Adjectives,
  probabilityOf: (first: string, second: string) => number,
  expected: number,
  count: Count,
): void {
  const add = (degree: Degree, adjectives: readonly string[], probability: number) => {
    if (probability > 0) count({ isNew: true, degree, adjectives, expected: expected * probability });
  };
  const very = rule.intensified * shareOfVery;
  const plain = 1 - rule.bare - very;
  add('plain', [], rule.bare * probabilityOf('', ''));
  rule.adjectives.words.forEach((first, i) => {
    const share = rule.adjectives.probabilities[i];
    const single = (takesSecond(first) ? 1 - secondShare : 1) * probabilityOf(first, '');
    add('plain', [first], plain * share * single);
    add('very', [first], very * share * single);
    if (!takesSecond(first)) return;
    rule.secondAdjectives.words.forEach((second, j) => {
      const both = share * secondShare * rule.secondAdjectives.probabilities[j] * probabilityOf(first, second);
      add('plain', [first, second], plain * both);
      add('very', [first, second], very * both);
    });
  });
}

/** {@link countPhrase} with the rule's own nouns. */
export function countRule(rule: NounPhraseRule, noun: string, expected: number, count: Count): void {
  countPhrase(rule, (first, second) => rule.nouns(first, second).byWord.get(noun) ?? 0, expected, count);
}

const marginals = new WeakMap<NounPhraseRule, ReadonlyMap<string, number>>();

/** noun → how likely a phrase of this rule ends in it, whatever the adjectives. */
export function nounsOf(rule: NounPhraseRule): ReadonlyMap<string, number> {
  let nouns = marginals.get(rule);
  if (nouns === undefined) {
    const sums = new Map<string, number>();
    // Asked for a noun that always comes, countPhrase gives the share of each list of adjectives.
    countPhrase(
      rule,
      () => 1,
      1,
      ({ adjectives: [first = '', second = ''], expected }) =>
        each(rule.nouns(first, second), (noun, probability) => {
          sums.set(noun, (sums.get(noun) ?? 0) + expected * probability);
        }),
    );
    nouns = sums;
    marginals.set(rule, nouns);
  }
  return nouns;
}
