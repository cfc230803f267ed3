import { aboutPeople, companionAdjective, companionGiven, personGiven } from './lexicon/adjectives.ts';
import { type Gender, genders, nounClass, relatives } from './lexicon/nouns.ts';
import { articleOf } from './noun-phrase.ts';
import { mulberry32 } from './random.ts';
import type { BindingScene } from './scenes.ts';
import { subjects } from './telling.ts';

/** A person with what they have, each with an adjective: *a beautiful woman with an ugly cat*. */
interface Pair {
  person: string;
  companion: string;
  adjectives: readonly [person: string, companion: string];
}

/** Picks one word out of several. */
type AnyOf = (words: readonly string[]) => string;

interface Form {
  /** Whom the question is about: the person, the companion, or either, by chance. */
  asks: 'person' | 'companion' | 'either';
  /** *the woman* or *she* */
  by: 'noun' | 'pronoun';
  /** Whether *not* follows *was*; then the other's adjective is right, for so the language goes on. */
  not?: boolean;
  /** Whether the two are a woman and a man, each of whom can be meant by a pronoun. */
  twoPeople?: boolean;
}

/** The questions of the guide's own sentence, *there was a beautiful woman with an ugly cat . … was*. */
const forms: Readonly<Record<string, Form>> = {
  'the person': { asks: 'person', by: 'noun' },
  'the companion': { asks: 'companion', by: 'noun' },
  'she or he': { asks: 'person', by: 'pronoun' },
  it: { asks: 'companion', by: 'pronoun' },
  'the person, not': { asks: 'person', by: 'noun', not: true },
  'the companion, not': { asks: 'companion', by: 'noun', not: true },
  'she or he, not': { asks: 'person', by: 'pronoun', not: true },
  'it, not': { asks: 'companion', by: 'pronoun', not: true },
  'two people, she or he': { asks: 'either', by: 'pronoun', twoPeople: true },
};

/** The names of these questions. */
export const guideForms: readonly string[] = Object.keys(forms);

const people = Object.keys(genders);
const genderOf = (noun: string): Gender | undefined =>
  genders[noun] ?? relatives[noun] ?? (nounClass[noun] === 'person' ? undefined : 'n');

/**
 * Random sentences like the guide's own, with every adjective that the language says of such a person and of what they
 * have, and a question about one of the two.
 *
 * @param form one of {@link guideForms}
 * @throws RangeError for a form that does not exist
 */
export function guideScenes(form: string, count: number, seed: number): BindingScene[] {
  const question = forms[form];
  if (!question) {
    throw new RangeError(`guideScenes: expected a form out of ${guideForms.join(' | ')}, but received "${form}"`);
  }
  const random = mulberry32(seed);
  const any: AnyOf = (words) => words[Math.floor(random() * words.length)];
  return Array.from({ length: count }, () => {
    const { person, companion, adjectives } = question.twoPeople ? twoPeople(any) : personWithThing(any);
    const asked = question.asks === 'either' ? (random() < 0.5 ? 0 : 1) : question.asks === 'person' ? 0 : 1;
    const noun = [person, companion][asked];
    const subject = question.by === 'noun' ? `the ${noun}` : subjects[genderOf(noun)!];
    const [first, second] = adjectives;
    const text =
      `there was ${articleOf(first)} ${first} ${person} with ${articleOf(second)} ${second} ${companion} . ` +
      `${subject} was${question.not ? ' not' : ''}`;
    const [own, other] = [adjectives[asked], adjectives[1 - asked]];
    return { words: text.split(' '), right: question.not ? other : own, wrong: [question.not ? own : other] };
  });
}

/** A woman, a man, … with an animal or a thing; what goes together in the language goes together here. */
function personWithThing(any: AnyOf): Pair {
  for (;;) {
    const first = any(aboutPeople.words);
    const person = any(personGiven(first, '').words.filter((noun) => people.includes(noun)));
    const second = any(companionAdjective(person, '').words);
    const things = companionGiven(person, second, '', '').words.filter((noun) => genderOf(noun) === 'n');
    if (second !== first && things.length > 0) {
      return { person, companion: any(things), adjectives: [first, second] };
    }
  }
}

/** *a tall man with a lovely woman*, *an old lady with a kind man* */
function twoPeople(any: AnyOf): Pair {
  const [person, companion] = any(['man woman', 'woman man', 'lady man']).split(' ');
  const first = any(aboutPeople.words);
  const second = any(
    companionAdjective(person, '').words.filter(
      (adjective) => adjective !== first && companionGiven(person, adjective, '', '').byWord.has(companion),
    ),
  );
  return { person, companion, adjectives: [first, second] };
}
