import { adjectiveClass } from './lexicon/adjectives.ts';
import { heldBack, listedAdjectives, lookedUpNouns, lookedUpPeople } from './lexicon/listed.ts';
import { men, surnames, women } from './lexicon/names.ts';
import { companions, type Gender, genders } from './lexicon/nouns.ts';
import { act, comeUpon, meet } from './lexicon/verbs.ts';
import { articleOf } from './noun-phrase.ts';
import { mulberry32 } from './random.ts';
import { subjects } from './telling.ts';

/** A list stops at this many words. */
const LONGEST = 46;

const unique = (words: readonly string[]): string[] => [...new Set(words)];
/** The words that lists of the language hold back are held back here too. */
const isListed = (word: string): boolean =>
  !Object.values(heldBack).some((words) => words.some((held) => held === word));
const allAdjectives = unique([...listedAdjectives.words, ...Object.keys(adjectiveClass)]).filter(isListed);
const animals = lookedUpNouns.words.filter((noun) => !lookedUpPeople.byWord.has(noun));
/** People and animals in turn, so that the first few nouns already have both, and then everything else. */
const allNouns = unique([
  ...animals.flatMap((animal, i) => [...lookedUpPeople.words.slice(i, i + 1), animal]),
  ...Object.keys(companions),
]).filter(isListed);
const betweenSentences = ['rain fell .', 'night came .', 'anna slept .', 'tom ran .'];

/** Writes a list word by word, and marks the words that what was read decides. */
class ListWriter {
  readonly words: string[] = [];
  readonly decided: boolean[] = [];
  readonly random: () => number;

  constructor(seed: number) {
    this.random = mulberry32(seed);
  }

  say(phrase: string, decided = false): void {
    for (const word of phrase.split(' ')) {
      this.words.push(word);
      this.decided.push(decided);
    }
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  oneOf(words: readonly string[]): string {
    return words[this.below(words.length)];
  }

  oneNotIn(words: readonly string[], taken: readonly string[]): string {
    for (;;) {
      const word = this.oneOf(words);
      if (!taken.includes(word)) return word;
    }
  }
}

/**
 * Warm-up texts for training, not part of the language: things listed in the language's own sentences and then asked
 * about again and again, so that nearly all there is to learn is to look back.
 * @param seed an integer; the same seed gives the same list
 * @param level from 0 (few different words, two pairs) to 1 (all words, up to four pairs)
 * @returns the words, and for each whether the words before it decide it: only those should count in a loss
 */
export function sampleList(seed: number, level: number): { words: string[]; decided: boolean[] } {
  const writer = new ListWriter(seed);
  const extra = level < 0.25 ? 1 : level < 0.6 ? 2 : 3;
  const known = level >= 1 ? allNouns.length + allAdjectives.length : 6 + Math.floor(level * 50);
  const half = known >> 1;
  const adjectives = allAdjectives.slice(0, known);
  const nouns = allNouns.slice(0, known);
  const names = [...women.words.slice(0, half), ...men.words.slice(0, half)];
  const kind = writer.random();
  if (kind < 0.08) pairsOfWords(writer, [...adjectives, ...nouns, ...names], extra);
  else if (kind < 0.16) pairsEitherWay(writer, adjectives, nouns, extra);
  else if (kind < 0.3) surnamesAgain(writer, names, extra);
  else describedThings(writer, adjectives, nouns, names, extra, level);
  return { words: writer.words.slice(0, LONGEST), decided: writer.decided.slice(0, LONGEST) };
}

/**
 * The very first warm-up: any two words, and the same pairs over and over. Whoever looks for the word just read and takes
 * what followed it the last time is always right, so heads that look back form here within a thousand steps or so; the
 * sentences of {@link sampleList} alone do not form them in ten thousand.
 * @param seed an integer; the same seed gives the same list
 * @returns as {@link sampleList}
 */
export function samplePairs(seed: number): { words: string[]; decided: boolean[] } {
  const writer = new ListWriter(seed);
  pairsOfWords(writer, [...allAdjectives, ...allNouns, ...women.words, ...men.words], 3);
  return { words: writer.words, decided: writer.decided };
}

/** Any two words, and the same pairs over and over: after the first of a pair comes the second. */
function pairsOfWords(writer: ListWriter, words: readonly string[], extra: number): void {
  const count = 2 + writer.below(2 * extra - 1);
  const first: string[] = [];
  const second: string[] = [];
  for (let i = 0; i < count; i++) {
    first.push(writer.oneNotIn(words, first));
    second.push(writer.oneOf(words));
  }
  const said = new Set<number>();
  while (writer.words.length < 44) {
    const i = writer.below(count);
    writer.say(first[i]);
    writer.say(second[i], said.has(i));
    said.add(i);
  }
}

/** *black cat . white dog . dog white . black cat .*: each of a pair calls for the other, whichever comes first. */
function pairsEitherWay(
  writer: ListWriter,
  adjectives: readonly string[],
  nouns: readonly string[],
  extra: number,
): void {
  const things = somethings(writer, adjectives, nouns, 2 + writer.below(extra));
  for (const { adjective, noun } of things) writer.say(`${adjective} ${noun} .`);
  while (writer.words.length < 42) {
    const { adjective, noun } = things[writer.below(things.length)];
    const turned = writer.chance(0.6);
    writer.say(turned ? noun : adjective);
    writer.say(turned ? adjective : noun, true);
    writer.say('.');
  }
}

/** People with surnames who meet each other over and over. */
function surnamesAgain(writer: ListWriter, names: readonly string[], extra: number): void {
  const count = 2 + writer.below(extra);
  const first: string[] = [];
  const last: string[] = [];
  for (let i = 0; i < count; i++) {
    first.push(writer.oneNotIn(names, first));
    last.push(writer.oneNotIn(surnames.words, last));
  }
  const said = new Set<number>();
  let next = 0;
  const sayName = () => {
    const i = next < count ? next : writer.below(count);
    next++;
    writer.say(first[i]);
    writer.say(last[i], said.has(i));
    said.add(i);
  };
  while (writer.words.length < 38) {
    sayName();
    writer.say(writer.oneOf(meet.words));
    sayName();
    writer.say('.');
  }
}

interface Something {
  adjective: string;
  noun: string;
}

/** Nouns with an adjective each, no word twice. */
function somethings(
  writer: ListWriter,
  adjectives: readonly string[],
  nouns: readonly string[],
  count: number,
): Something[] {
  const things: Something[] = [];
  for (let i = 0; i < count; i++) {
    const adjective = writer.oneNotIn(
      adjectives,
      things.map((thing) => thing.adjective),
    );
    const noun = writer.oneNotIn(
      nouns,
      things.map((thing) => thing.noun),
    );
    things.push({ adjective, noun });
  }
  return things;
}

/** One list of all things, each with its adjective, or the adjectives told after it. */
function listed(writer: ListWriter, things: readonly Something[], names: readonly string[]): void {
  const toldAfter = writer.chance(0.5);
  const opening = writer.random();
  if (opening < 0.25) writer.say('there was');
  else if (opening < 0.45) writer.say('once there was');
  else if (opening < 0.65) {
    writer.say(`${writer.chance(0.5) ? 'once ' : ''}${writer.oneOf(names)} ${writer.oneOf(comeUpon.words)}`);
  }
  const known = opening > 0.85 && !toldAfter;
  things.forEach(({ adjective, noun }, i) => {
    if (i > 0) writer.say(!toldAfter && i === 1 && writer.chance(0.5) ? 'with' : 'and');
    if (toldAfter) writer.say(`${articleOf(noun)} ${noun}`);
    else writer.say(`${known ? 'the' : articleOf(adjective)} ${adjective} ${noun}`);
  });
  if (opening > 0.65) writer.say('were there');
  writer.say('.');
  if (toldAfter) {
    const order = [...things];
    for (let i = order.length - 1; i > 0; i--) {
      const j = writer.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    writer.say(`${order.map(({ adjective, noun }) => `the ${noun} was ${adjective}`).join(' and ')} .`);
  }
}

/**
 * Plain sentences: *the cat was black . the dog was white .*, *the black cat saw the white dog .*, *a black cat had a
 * white dog .*, *the black cat with the white dog was black .*
 */
function plainly(writer: ListWriter, things: readonly Something[]): void {
  const [one, other, ...rest] = things;
  const way = writer.below(4);
  const phrase = ({ adjective, noun }: Something, article = 'the') =>
    `${article === 'the' ? article : articleOf(adjective)} ${adjective} ${noun}`;
  const article = writer.oneOf(['the', 'a']);
  if (way === 0) writer.say(`the ${one.noun} was ${one.adjective} . the ${other.noun} was ${other.adjective} .`);
  else if (way === 1) writer.say(`${phrase(one, article)} ${writer.oneOf(meet.words)} ${phrase(other, article)} .`);
  else if (way === 2) writer.say(`${phrase(one, article)} had ${phrase(other, 'a')} .`);
  else {
    writer.say(`${phrase(one, article)} with ${phrase(other, article)} was`);
    writer.say(one.adjective, true);
    writer.say('.');
  }
  for (const thing of rest) writer.say(`the ${thing.noun} was ${thing.adjective} .`);
}

/** Two or more nouns, each with an adjective at once or told afterwards, and then questions about them. */
function describedThings(
  writer: ListWriter,
  adjectives: readonly string[],
  nouns: readonly string[],
  names: readonly string[],
  extra: number,
  level: number,
): void {
  const count = 2 + writer.below(extra);
  const things = somethings(writer, adjectives, nouns, count);
  if (writer.chance(0.3)) plainly(writer, things);
  else listed(writer, things, names);
  if (writer.chance(0.2)) writer.say(writer.oneOf(betweenSentences));

  const genderOf = (noun: string): Gender => genders[noun] ?? 'n';
  const until = level < 0.6 ? Math.min(40, writer.words.length + 12) : 40;
  while (writer.words.length < until) {
    const thing = things[writer.below(count)];
    if (writer.chance(0.2)) writer.say('then');
    const gender = genderOf(thing.noun);
    const unmistakable = things.every((other) => other === thing || genderOf(other.noun) !== gender);
    if (writer.chance(0.7)) {
      if (unmistakable && writer.chance(0.4)) writer.say(subjects[gender]);
      else writer.say(`the ${thing.noun}`);
      writer.say('was');
      writer.say(thing.adjective, true);
      writer.say('.');
    } else {
      writer.say(`the ${thing.adjective}`);
      writer.say(thing.noun, true);
      writer.say(writer.oneOf(act.words));
      writer.say('.');
    }
  }
}
