import { aboutPeople, suitability } from './lexicon/adjectives.ts';
import { heldBack, listedAdjectives, lookedUpNouns, lookedUpPeople } from './lexicon/listed.ts';
import { type Gender, genders, lifeless, nounClass } from './lexicon/nouns.ts';
import { articleOf } from './noun-phrase.ts';
import { mulberry32 } from './random.ts';
import { subjects } from './telling.ts';

/** A text that ends in *was*, and the adjective that must follow: that of whom it speaks, not of another. */
export interface BindingScene {
  words: string[];
  right: string;
  /** The adjectives of the others in the text. */
  wrong: string[];
}

interface Described {
  noun: string;
  adjective: string;
}

/** other: an animal or a thing; anyone: a person, an animal or a thing. */
type Role = 'person' | 'animal' | 'other' | 'woman' | 'man' | 'anyone' | 'same kind';
interface Frame {
  roles: readonly Role[];
  /** Whether the language has every adjective and noun in it, those of `heldBack` included. */
  everyWord?: boolean;
  /** Whether the roles come in any order. */
  anyOrder?: boolean;
  /** How the question refers to one of them; default *the* and the noun; at once: it goes on about the first. */
  question?: 'pronoun' | 'then the' | 'at once';
  /** `told`: a list such as *the cat was black and the woman was old*, in any order. */
  text: (phrases: readonly string[], things: readonly Described[], told: string, any: AnyOf) => string;
}
type AnyOf = (words: readonly string[]) => string;

const pauses = ['rain fell .', 'night came .', 'anna slept .', 'tom ran .', 'snow fell .'];
const meetings = ['saw', 'met', 'liked'];
const people = ['anna', 'ben', 'lucy', 'tom', 'mary', 'max'];
const bare = ({ noun }: Described) => `${articleOf(noun)} ${noun}`;
const known = ({ adjective, noun }: Described) => `the ${adjective} ${noun}`;
const two: Role[] = ['anyone', 'anyone'];
const three: Role[] = ['anyone', 'anyone', 'anyone'];
const trio: Role[] = ['woman', 'man', 'other'];
const living: Role[] = ['person', 'animal'];

/** The kinds of sentence in which a model is asked which adjective belongs to which noun. */
const frames: Readonly<Record<string, Frame>> = {
  'person with thing': { everyWord: true, roles: ['person', 'animal'], text: ([a, b]) => `there was ${a} with ${b} .` },
  'thing with person': { roles: ['other', 'person'], text: ([a, b]) => `there was ${a} with ${b} .` },
  'thing with person, seen': {
    roles: ['other', 'person'],
    text: ([a, b], _things, _told, any) => `${any(people)} saw ${a} with ${b} .`,
  },
  'person with thing, sentence between': {
    roles: ['person', 'other'],
    text: ([a, b], _things, _told, any) => `once there was ${a} with ${b} . ${any(pauses)}`,
  },
  'thing with person, sentence between': {
    roles: ['other', 'person'],
    text: ([a, b], _things, _told, any) => `once there was ${a} with ${b} . ${any(pauses)}`,
  },
  'list of two': { roles: two, text: ([a, b]) => `there was ${a} and ${b} .` },
  'list of three': { roles: three, text: ([a, b, c]) => `there was ${a} and ${b} and ${c} .` },
  'with and a third': { roles: three, text: ([a, b, c]) => `once there was ${a} with ${b} and ${c} .` },
  'were there': { roles: two, text: (_, [a, b]) => `${known(a)} and ${known(b)} were there .` },
  'told after, two': { roles: two, text: (_, [a, b], told) => `${bare(a)} and ${bare(b)} were there . ${told} .` },
  'told after, two, then': {
    roles: two,
    question: 'then the',
    text: (_, [a, b], told) => `${bare(a)} and ${bare(b)} were there . ${told} .`,
  },
  'told after, three': {
    roles: three,
    text: (_, [a, b, c], told) => `${bare(a)} and ${bare(b)} and ${bare(c)} were there . ${told} .`,
  },
  'told after, three, sentence between': {
    roles: three,
    text: (_, [a, b, c], told, any) =>
      `once ${any(people)} saw ${bare(a)} and ${bare(b)} and ${bare(c)} . ${told} . ${any(pauses)}`,
  },
  'two of one kind': { roles: ['same kind', 'same kind'], text: ([a, b]) => `once there was ${a} with ${b} .` },
  had: { everyWord: true, roles: ['person', 'animal'], text: ([a, b]) => `${a} had ${b} .` },
  'one met the other': {
    everyWord: true,
    roles: living,
    anyOrder: true,
    text: (_, [a, b], _told, any) => `${known(a)} ${any(meetings)} ${known(b)} .`,
  },
  'told one by one': {
    everyWord: true,
    roles: two,
    text: (_, [a, b]) => `the ${a.noun} was ${a.adjective} . the ${b.noun} was ${b.adjective} .`,
  },
  'the one with the other was': {
    everyWord: true,
    roles: two,
    question: 'at once',
    text: (_, [a, b]) => `${known(a)} with ${known(b)}`,
  },
  'pronoun, thing with person': {
    roles: ['other', 'person'],
    question: 'pronoun',
    text: ([a, b]) => `there was ${a} with ${b} .`,
  },
  'pronoun, three': {
    roles: trio,
    anyOrder: true,
    question: 'pronoun',
    text: ([a, b, c]) => `once there was ${a} with ${b} and ${c} .`,
  },
  'pronoun, told after, three': {
    roles: trio,
    anyOrder: true,
    question: 'pronoun',
    text: (_, [a, b, c], told) => `${bare(a)} and ${bare(b)} and ${bare(c)} were there . ${told} .`,
  },
};

/** The names of the kinds of sentence. */
export const bindingFrames: readonly string[] = Object.keys(frames);

/**
 * Those in which the words of `heldBack` never stand in the language, so that whoever gets them right with such words
 * has learnt more than the words it practised with.
 */
export const lookUpFrames: readonly string[] = bindingFrames.filter((name) => !frames[name].everyWord);

/** The words that stand in such sentences in the language. */
const practised = {
  adjectives: listedAdjectives.words,
  animals: lookedUpNouns.words.filter((noun) => nounClass[noun] === 'animal'),
  things: lookedUpNouns.words.filter((noun) => lifeless.includes(noun)),
  women: lookedUpPeople.words.filter((noun) => genders[noun] === 'f'),
  men: lookedUpPeople.words.filter((noun) => genders[noun] === 'm'),
};

/** The adjectives that no description says of a noun. */
const unsaid = (noun: string): string[] =>
  practised.adjectives.filter((adjective) =>
    nounClass[noun] === 'person' ? !aboutPeople.byWord.has(adjective) : !(suitability(adjective, noun) > 0),
  );

/**
 * Random scenes of one kind, to see whether a model gives the right adjective more probability than every wrong one.
 * @param frame one of {@link bindingFrames}
 * @param options.unpractised take words that lists and look-ups hold back; then the texts of {@link lookUpFrames} are
 *   outside the language, and only a model can be asked
 * @throws RangeError for a frame that does not exist
 */
export function bindingScenes(
  frame: string,
  count: number,
  seed: number,
  options: { unpractised?: boolean } = {},
): BindingScene[] {
  const form = frames[frame];
  if (!form) {
    throw new RangeError(
      `bindingScenes: expected a frame out of ${bindingFrames.join(' | ')}, but received "${frame}"`,
    );
  }
  const words: Record<keyof typeof practised, readonly string[]> = options.unpractised ? heldBack : practised;
  const random = mulberry32(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const any = (list: readonly string[]) => list[below(list.length)];
  const other = (list: readonly string[], taken: readonly string[]) =>
    any(list.filter((word) => !taken.includes(word)));
  const shuffled = <Item>(items: readonly Item[]): Item[] => {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  };
  const persons = [...words.women, ...words.men];
  const others = [...words.animals, ...words.things];
  const pools = { person: persons, animal: words.animals, other: others, woman: words.women, man: words.men };

  return Array.from({ length: count }, () => {
    const kind = random() < 0.5 ? 'other' : 'person';
    const roles = form.anyOrder ? shuffled(form.roles) : form.roles;
    const things: Described[] = [];
    for (const role of roles) {
      const poolName = role === 'same kind' ? kind : role === 'anyone' ? (random() < 0.5 ? 'other' : 'person') : role;
      const taken = things.map((thing) => thing.adjective);
      const noun = other(
        pools[poolName],
        things.map((thing) => thing.noun),
      );
      if (frame === 'person with thing') taken.push(...unsaid(noun));
      things.push({ adjective: other(words.adjectives, taken), noun });
    }
    const told = shuffled(things)
      .map(({ noun, adjective }) => `the ${noun} was ${adjective}`)
      .join(' and ');
    const phrases = things.map(({ adjective, noun }) => `${articleOf(adjective)} ${adjective} ${noun}`);
    const text = form.text(phrases, things, told, any);
    const asked = form.question === 'at once' ? things[0] : things[below(things.length)];
    const gender: Gender = genders[asked.noun] ?? 'n';
    const subject =
      form.question === 'pronoun'
        ? subjects[gender]
        : `${form.question === 'then the' ? 'then ' : ''}the ${asked.noun}`;
    return {
      words: (form.question === 'at once' ? `${text} was` : `${text} ${subject} was`).split(' '),
      right: asked.adjective,
      wrong: things.filter((thing) => thing !== asked).map((thing) => thing.adjective),
    };
  });
}
