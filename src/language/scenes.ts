import { listedAdjectives, lookedUpNouns, lookedUpPeople } from './lexicon/listed.ts';
import { type Gender, genders } from './lexicon/nouns.ts';
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

type Role = 'person' | 'animal' | 'woman' | 'man' | 'anyone' | 'same kind';
interface Frame {
  roles: readonly Role[];
  /** Whether the roles come in any order. */
  anyOrder?: boolean;
  /** How the question refers to one of them; default *the* and the noun. */
  question?: 'pronoun' | 'then the';
  /** `told`: a list such as *the cat was black and the woman was old*, in any order. */
  text: (phrases: readonly string[], things: readonly Described[], told: string, any: AnyOf) => string;
}
type AnyOf = (words: readonly string[]) => string;

const pauses = ['rain fell .', 'night came .', 'anna slept .', 'tom ran .', 'snow fell .'];
const people = ['anna', 'ben', 'lucy', 'tom', 'mary', 'max'];
const bare = ({ noun }: Described) => `${articleOf(noun)} ${noun}`;
const known = ({ adjective, noun }: Described) => `the ${adjective} ${noun}`;
const two: Role[] = ['anyone', 'anyone'];
const three: Role[] = ['anyone', 'anyone', 'anyone'];
const trio: Role[] = ['woman', 'man', 'animal'];

/** The kinds of sentence in which a model is asked which adjective belongs to which noun. */
const frames: Readonly<Record<string, Frame>> = {
  'person with thing': { roles: ['person', 'animal'], text: ([a, b]) => `there was ${a} with ${b} .` },
  'thing with person': { roles: ['animal', 'person'], text: ([a, b]) => `there was ${a} with ${b} .` },
  'thing with person, seen': {
    roles: ['animal', 'person'],
    text: ([a, b], _things, _told, any) => `${any(people)} saw ${a} with ${b} .`,
  },
  'person with thing, sentence between': {
    roles: ['person', 'animal'],
    text: ([a, b], _things, _told, any) => `once there was ${a} with ${b} . ${any(pauses)}`,
  },
  'thing with person, sentence between': {
    roles: ['animal', 'person'],
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
  'pronoun, thing with person': {
    roles: ['animal', 'person'],
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

/** The words that stand in such sentences in the language … */
const practised = {
  adjectives: listedAdjectives.words,
  animals: lookedUpNouns.words.filter((noun) => !(noun in genders)),
  women: lookedUpPeople.words.filter((noun) => genders[noun] === 'f'),
  men: lookedUpPeople.words.filter((noun) => genders[noun] === 'm'),
};
/** … and words of the language that never stand there. */
const unpractised: typeof practised = {
  adjectives: ['brave', 'shy', 'kind', 'wise', 'soft', 'golden', 'loud', 'gentle', 'cruel', 'foolish'],
  animals: ['parrot', 'snake', 'lion'],
  women: ['witch', 'princess', 'lady'],
  men: ['wizard', 'prince'],
};
/** Adjectives that the language says of no person described by *there was … with*. */
const neverOfPeople = ['black', 'white', 'wet'];

/**
 * Random scenes of one kind, to see whether a model gives the right adjective more probability than every wrong one.
 * @param frame one of {@link bindingFrames}
 * @param options.unpractised take words that never stand in such sentences in the language; then most of the texts are
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
  const words = options.unpractised ? unpractised : practised;
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
  const pools = { person: persons, animal: words.animals, woman: words.women, man: words.men };

  return Array.from({ length: count }, () => {
    const kind = random() < 0.5 ? 'animal' : 'person';
    const roles = form.anyOrder ? shuffled(form.roles) : form.roles;
    const things: Described[] = [];
    for (const role of roles) {
      const poolName = role === 'same kind' ? kind : role === 'anyone' ? (random() < 0.5 ? 'animal' : 'person') : role;
      const taken = things.map((thing) => thing.adjective);
      if (frame === 'person with thing' && things.length === 0) taken.push(...neverOfPeople);
      const adjective = other(words.adjectives, taken);
      things.push({
        adjective,
        noun: other(
          pools[poolName],
          things.map((thing) => thing.noun),
        ),
      });
    }
    const told = shuffled(things)
      .map(({ noun, adjective }) => `the ${noun} was ${adjective}`)
      .join(' and ');
    const phrases = things.map(({ adjective, noun }) => `${articleOf(adjective)} ${adjective} ${noun}`);
    const text = form.text(phrases, things, told, any);
    const asked = things[below(things.length)];
    const gender: Gender = genders[asked.noun] ?? 'n';
    const subject =
      form.question === 'pronoun'
        ? subjects[gender]
        : `${form.question === 'then the' ? 'then ' : ''}the ${asked.noun}`;
    return {
      words: `${text} ${subject} was`.split(' '),
      right: asked.adjective,
      wrong: things.filter((thing) => thing !== asked).map((thing) => thing.adjective),
    };
  });
}
