import { type Weights, weights, wordsOf } from '../distribution.ts';

/**
 * The nouns that stories describe.
 *
 * To add a noun that a person can have or live with: give it a weight in {@link otherCompanions} and put it into a class
 * in {@link classes}; that is enough. Which adjectives suit it follows from its class (`lexicon/adjectives.ts`), plain
 * sentences take it up by themselves, and the guide's numbers stay, since all but the seven main companions share what
 * these leave. Who has it more often than others can be said in {@link belongings}; to have it listed and looked up as
 * well, add it to `lexicon/listed.ts`. Then add it to `vocabulary.ts` (a test says so) and train the model again, for its
 * vocabulary has grown.
 */
export type NounClass = 'person' | 'animal' | 'cloth' | 'body' | 'voice' | 'character' | 'object' | 'place';
export type Gender = 'f' | 'm' | 'n';

/** Who a story can be about, and how often. */
export const people: Weights = weights(`
  woman:20 man:16 girl:9 boy:9 queen:6 king:6 witch:5 wizard:3 princess:4 prince:3 lady:4 sailor:3 doctor:3 teacher:3
  farmer:4 baker:2 soldier:3 artist:2`);

/** Nouns that are always *she* or always *he*. A sailor or a doctor can be either; what is no person is *it*. */
export const genders: Readonly<Record<string, 'f' | 'm'>> = {
  woman: 'f',
  man: 'm',
  girl: 'f',
  boy: 'm',
  queen: 'f',
  king: 'm',
  lady: 'f',
  witch: 'f',
  wizard: 'm',
  princess: 'f',
  prince: 'm',
};
/** Relatives have a gender for pronouns only. */
export const relatives: Readonly<Record<string, 'f' | 'm'>> = { daughter: 'f', son: 'm' };

const classes: Record<NounClass, readonly string[]> = {
  person: [...Object.keys(people), ...wordsOf('child daughter son friend')],
  animal: wordsOf('cat dog creature bird horse mouse rabbit owl frog fox parrot pig snake lion'),
  cloth: wordsOf('hat coat dress crown'),
  body: wordsOf('face nose beard'),
  voice: wordsOf('voice'),
  character: wordsOf('personality'),
  object: wordsOf('ring sword ball stick bag doll broom'),
  place: wordsOf('house garden boat'),
};

/** The class of every noun above. */
export const nounClass: Readonly<Record<string, NounClass>> = Object.fromEntries(
  Object.entries(classes).flatMap(([name, nouns]) => nouns.map((noun) => [noun, name as NounClass])),
);

/** The rest of the companions share 7 in 100 between them, so that the seven main ones keep the guide's numbers. */
const mainCompanions = weights('cat:42 dog:28 creature:9 hat:5 man:4 face:3 personality:2');
const otherCompanions = weights(`
  bird:.7 horse:.6 mouse:.4 rabbit:.4 owl:.3 frog:.4 fox:.3 parrot:.25 pig:.3 snake:.2 lion:.15 coat:.4 dress:.4
  crown:.15 nose:.4 beard:.05 voice:.3 ring:.15 sword:.1 ball:.1 stick:.15 bag:.2 doll:.2 broom:.1 child:.2
  daughter:.3 son:.3 friend:.3 woman:.001 house:.3 garden:.1 boat:.1`);
const otherSum = Object.values(otherCompanions).reduce((sum, weight) => sum + weight, 0);

/** What a person can have or live with, and how often, before the person and the adjective are known. */
export const companions: Weights = { ...mainCompanions };
for (const noun in otherCompanions) companions[noun] = otherCompanions[noun] * (7 / otherSum);

/** How many times likelier than usual a person has something. Who is not named has everything as usual. */
export const belongings: Readonly<Record<string, Weights>> = {
  woman: {},
  man: weights('man:0 woman:20000 dog:1.5 cat:.6 beard:20 hat:2 dress:0'),
  girl: weights('man:0 doll:40 rabbit:15 cat:1 face:1'),
  boy: weights('man:0 ball:60 frog:20 dog:1.5 cat:.5 dress:0'),
  queen: weights('crown:120 daughter:15 cat:.5 dog:.4 man:0 horse:4'),
  king: weights('crown:120 sword:90 horse:15 daughter:15 son:15 man:0 cat:.1 dog:.5 beard:60'),
  witch: weights('cat:1.6 broom:120 owl:15 frog:15 nose:8 hat:3 dog:.1 man:0'),
  wizard: weights('owl:30 stick:40 hat:6 beard:80 cat:.7 dog:.2 man:0'),
  princess: weights('frog:25 crown:50 dress:12 dog:.5 man:0'),
  prince: weights('sword:60 horse:25 crown:40 cat:.2 dog:.6 man:0'),
  lady: weights('dog:1.2 dress:8 hat:2 ring:30'),
  sailor: weights('parrot:80 boat:120 cat:.4 dog:.5 man:0 beard:50'),
  doctor: weights('bag:60 man:0 voice:5'),
  teacher: weights('voice:15 stick:20 bag:20 man:0'),
  farmer: weights('pig:60 horse:25 dog:1.5 garden:30 man:0'),
  baker: weights('hat:4 son:8 daughter:8 man:0'),
  soldier: weights('sword:120 horse:20 cat:.1 man:0'),
  artist: weights('hat:3 coat:20 bird:10 man:0'),
};

/** The companions that neither breathe nor speak: nobody *lived with* them. */
export const lifeless: readonly string[] = Object.keys(companions).filter(
  (noun) => nounClass[noun] !== 'person' && nounClass[noun] !== 'animal',
);
