import { kinds } from './grammar.ts';
import type { Degree, Introduction } from './introduction.ts';
import { isAdjective } from './lexicon/adjectives.ts';
import { nounClass } from './lexicon/nouns.ts';
import { realm } from './lexicon/places.ts';

/**
 * How modifiers narrow a noun: of all the women whom the language's stories introduce, what share still fits *a
 * beautiful woman*.
 *
 * Counted is the phrase in which a story first mentions a noun, weighted by how likely the story is: *a woman*, *a very
 * beautiful woman*, *the woman* (as if she were known), *the most beautiful woman in the world*. A story introduces the
 * same noun once at most. Not counted: what a later sentence says of her; the captions, the plain sentences and the
 * texts with mistakes, which are no stories; gifts, places and the words of two meanings, which no story describes by an
 * adjective when it first mentions them.
 *
 * A phrase fits what it is true of: whoever is the most beautiful in the world is very beautiful, and beautiful. So
 * a longer phrase never fits more.
 *
 * The shares are exact: the grammar's own choices, multiplied out. Nothing is sampled.
 */
export interface Narrowing {
  /** Between 0 and 1: the share of introductions that fit. */
  share: number;
  /** −log2(share): how many halvings; Infinity where nothing fits. */
  bits: number;
}

/** What a list of modifiers asks for. */
interface Wanted {
  isNew: boolean;
  adjectives: Map<string, Degree>;
  realms: Set<string>;
}

const degrees: readonly Degree[] = ['plain', 'very', 'most'];

/**
 * The exact share of all introductions of a noun that fit some modifiers.
 * @param noun a noun that stories describe: one of {@link describedNouns}
 * @param modifiers any of: `a` (someone new, not *the* woman), an adjective, `very` or `most` before an adjective
 *   (as an entry of its own or in one, `very beautiful`), and `in the world` or another realm. Their order does not
 *   matter, except that `very` and `most` belong to the adjective that follows. None: everyone, 1.
 * @throws RangeError for a noun that no story describes, or a word that is no modifier
 */
export function narrow(noun: string, modifiers: readonly string[]): Narrowing {
  const introductions = introductionsOf(noun);
  const wanted = parse(modifiers);
  let all = 0;
  let fitting = 0;
  for (const introduction of introductions) {
    all += introduction.expected;
    if (fits(introduction, wanted)) fitting += introduction.expected;
  }
  const share = fitting === all ? 1 : fitting / all;
  return { share, bits: share === 1 ? 0 : -Math.log2(share) };
}

/** The modifiers a noun can take, likeliest first, with the share that fits each by itself. */
export function modifiersOf(noun: string): { modifier: string; share: number }[] {
  const found = new Set<string>(['a']);
  for (const { adjectives, degree, realm } of introductionsOf(noun)) {
    for (const adjective of adjectives) found.add(adjective);
    if (degree !== 'plain') found.add(`very ${adjectives[0]}`);
    if (degree === 'most') found.add(`most ${adjectives[0]}`);
    if (realm !== undefined) found.add(`in the ${realm}`);
  }
  return [...found]
    .map((modifier) => ({ modifier, share: narrow(noun, [modifier]).share }))
    .sort((one, other) => other.share - one.share || (one.modifier < other.modifier ? -1 : 1));
}

/** Introductions that fit the same of some modifiers. */
export interface CrowdPart {
  /** Which of the modifiers they fit, in the order given. */
  fits: string[];
  /** Of all introductions of the noun, between 0 and 1. */
  share: number;
}

/**
 * All introductions of a noun, sorted by which of some modifiers they fit. Whoever fits several of them at once is in the
 * parts that list all of these, so the parts answer for every combination what {@link narrow} would.
 * @param modifiers each as in {@link narrow}: `a`, `very beautiful`, `in the world`
 * @returns parts with shares above 0 that add up to 1, largest first
 * @throws RangeError as {@link narrow} does
 */
export function crowdOf(noun: string, modifiers: readonly string[]): CrowdPart[] {
  const introductions = introductionsOf(noun);
  const wanted = modifiers.map((modifier) => parse([modifier]));
  const all = introductions.reduce((sum, { expected }) => sum + expected, 0);
  const parts = new Map<string, CrowdPart>();
  for (const introduction of introductions) {
    const fitting = modifiers.filter((_, i) => fits(introduction, wanted[i]));
    const key = fitting.join();
    const part = parts.get(key) ?? { fits: fitting, share: 0 };
    part.share += introduction.expected / all;
    parts.set(key, part);
  }
  return [...parts.values()].sort((one, other) => other.share - one.share);
}

/** The nouns that stories describe, by alphabet. */
export const describedNouns: readonly string[] = Object.keys(nounClass).sort();

const known = new Map<string, readonly Introduction[]>();

/** Every way in which stories introduce a noun; counted once, then remembered. */
function introductionsOf(noun: string): readonly Introduction[] {
  if (!Object.hasOwn(nounClass, noun)) {
    throw new RangeError(
      `narrow: expected a noun that stories describe, such as woman or cat, but received "${noun}". ` +
        `They are: ${describedNouns.join(' ')}.`,
    );
  }
  let introductions = known.get(noun);
  if (introductions === undefined) {
    const found = new Map<string, Introduction>();
    for (const kind of Object.values(kinds)) {
      kind.introduces?.(noun, kind.share, (introduction) => {
        const { isNew, degree, adjectives, realm } = introduction;
        const key = `${isNew} ${degree} ${adjectives.join(' ')} ${realm}`;
        const same = found.get(key);
        if (same) same.expected += introduction.expected;
        else found.set(key, { ...introduction });
      });
    }
    introductions = [...found.values()].filter(({ expected }) => expected > 0);
    known.set(noun, introductions);
  }
  return introductions;
}

function fits(introduction: Introduction, wanted: Wanted): boolean {
  if (wanted.isNew && !introduction.isNew) return false;
  for (const where of wanted.realms) if (introduction.realm !== where) return false;
  for (const [adjective, degree] of wanted.adjectives) {
    const place = introduction.adjectives.indexOf(adjective);
    if (place < 0) return false;
    // "very" strengthens the adjective it stands before, which is the first
    const said = place === 0 ? introduction.degree : 'plain';
    if (degrees.indexOf(said) < degrees.indexOf(degree)) return false;
  }
  return true;
}

function parse(modifiers: readonly string[]): Wanted {
  const wanted: Wanted = { isNew: false, adjectives: new Map(), realms: new Set() };
  const words = modifiers.flatMap((modifier) => modifier.trim().split(/\s+/));
  let degree: Degree | null = null;
  const wrong = (word: string, why: string) => new RangeError(`narrow: "${word}" in "${words.join(' ')}" ${why}`);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === 'in' && words[i + 1] === 'the' && realm.byWord.has(words[i + 2])) {
      wanted.realms.add(words[i + 2]);
      i += 2;
    } else if (word === 'very' || word === 'most') {
      if (degree !== null) throw wrong(word, `comes after "${degree}"; take one of the two.`);
      degree = word;
    } else if (word === 'a' || word === 'an') wanted.isNew = true;
    else if (isAdjective(word)) {
      const before = wanted.adjectives.get(word) ?? 'plain';
      const now: Degree = degree ?? 'plain';
      wanted.adjectives.set(word, degrees.indexOf(now) > degrees.indexOf(before) ? now : before);
      degree = null;
    } else if (word !== 'the') {
      throw wrong(
        word,
        'is no modifier: take "a", an adjective, "very" or "most" and an adjective, or "in the world".',
      );
    }
  }
  if (degree !== null) throw wrong(degree, 'needs an adjective after it, as in "very beautiful".');
  return wanted;
}
