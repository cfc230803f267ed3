import { type Distribution, distribution, each, mix, remember, table, type Weights, without } from '../distribution.ts';

/**
 * The words of the stories in which several things are listed, each with an adjective, and asked about later. Any
 * adjective may stand with any noun here, so that nothing but the text itself tells which belongs to which.
 */
export const listedAdjectives: Distribution = table(`
  black:3 white:3 small:2 big:2 old:2 young:2 hungry:2 happy:2 sad:2 angry:2 quiet:2 beautiful:3 ugly:3 lovely:2
  clever:2 strange:2 tired:2 wet:1 poor:1 rich:1 tall:2 little:2 proud:1 lazy:1 friendly:1 pretty:1 huge:1 tiny:1 red:1
  blue:1 green:1 brown:1 grey:1 dirty:1 clean:1 warm:1 cold:1 heavy:1 broken:1 famous:1`);
/** The nouns of plain lists … */
export const listedNouns: Distribution = table(`
  cat:3 dog:3 bird:2 horse:2 mouse:2 rabbit:2 owl:1.5 frog:1.5 fox:1.5 pig:1.5 creature:2 woman:2 man:2
  girl:2 boy:2 king:1 queen:1 princess:1 prince:1 sailor:1 farmer:1 doctor:1 teacher:1 soldier:1 hat:1 house:1 coat:1
  dress:.7 ball:.7 ring:.7 bag:.7 doll:.7 boat:.7 sword:.5 nose:.5 garden:.5`);
/** … and of the stories where who had which adjective must be looked up. */
export const lookedUpNouns: Distribution = table(`
  cat:3 dog:3 bird:2 horse:2 mouse:2 rabbit:2 owl:1.5 frog:1.5 fox:1.5 pig:1.5 creature:2 woman:5 man:5 girl:4 boy:4
  queen:2 king:2 princess:2 prince:2 hat:1.5 coat:1 house:1 ball:1 ring:1 bag:1 doll:1 boat:1`);
/** The people among them: *a black dog with a tall woman*. */
export const lookedUpPeople: Distribution = table('woman:5 man:5 girl:4 boy:4 queen:2 king:2 princess:2 prince:2');
/** … and what comes second in *a black dog with a …*: mostly a person, now and then something else. */
export const afterTurn = remember(
  (first): Distribution =>
    mix([
      [0.65, lookedUpPeople],
      [0.35, without(lookedUpNouns, [first])],
    ]),
);
/**
 * Words that never stand in lists and look-ups, so that a model can be asked whether it has learnt to look back or only
 * to look back for these words. Other stories have them.
 */
export const heldBack = {
  adjectives: ['brave', 'shy', 'kind', 'wise', 'soft', 'loud', 'gentle', 'cruel', 'foolish'],
  animals: ['parrot', 'snake', 'lion'],
  things: ['broom', 'stick'],
  women: ['witch', 'lady'],
  men: ['wizard'],
} as const satisfies Record<string, readonly string[]>;

/** A list goes on with *and*; after something that is no person it may turn round: *an ugly cat with a …*. */
export const andOrWith: Distribution = table('and with');

/** The same without the words already listed, so that each adjective and noun means one thing. */
const others = (all: Distribution) => remember((...taken): Distribution => without(all, taken));
export const otherAdjective = others(listedAdjectives);
export const otherListedNoun = others(listedNouns);
export const otherLookedUpNoun = others(lookedUpNouns);

/** Which word comes first (place 0), second or third when words are drawn one after another and none comes twice. */
export function drawnAt(all: Distribution, other: (...taken: string[]) => Distribution, place: number): Distribution {
  const result: Weights = {};
  const draw = (taken: readonly string[], probability: number) =>
    each(taken.length === 0 ? all : other(...taken), (word, share) => {
      if (taken.length < place) draw([...taken, word], probability * share);
      else result[word] = (result[word] ?? 0) + probability * share;
    });
  draw([], 1);
  return distribution(result);
}

/** What follows *was very*, of something with this adjective; it is rarely anything else. */
export const sameAdjective = remember(
  (adjective): Distribution =>
    mix([
      [0.95, adjective],
      [0.05, listedAdjectives],
    ]),
);
/** What follows *was*. */
export const veryOrSame = remember(
  (adjective): Distribution =>
    mix([
      [0.06, 'very'],
      [0.94, sameAdjective(adjective)],
    ]),
);
