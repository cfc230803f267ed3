import { type Distribution, distribution, remember, table, type Weights, weights, wordsOf } from '../distribution.ts';
import { belongings, companions, type NounClass, nounClass, people } from './nouns.ts';

/**
 * The adjectives, and which nouns they suit.
 *
 * To add an adjective: put it into a class, and give it a weight for people ({@link aboutPeople}), for what they have
 * ({@link aboutCompanions}), or both. Pairs that are likelier or less likely than their classes say go into
 * {@link pairs} (companions) and {@link peoplePairs}.
 */
export type AdjectiveClass = 'looks' | 'size' | 'age' | 'mind' | 'colour' | 'feel' | 'sound' | 'wealth';

const classes: Record<AdjectiveClass, readonly string[]> = {
  looks: wordsOf('beautiful ugly lovely pretty strange'),
  size: wordsOf('big small tall tiny huge little'),
  age: wordsOf('old young'),
  mind: wordsOf('kind cruel clever foolish wise brave shy gentle proud lazy friendly angry happy sad hungry tired'),
  colour: wordsOf('black white red blue green brown grey golden'),
  feel: wordsOf('soft warm cold wet dirty clean heavy broken'),
  sound: wordsOf('loud quiet'),
  wealth: wordsOf('rich poor famous'),
};

/** The class of every adjective that can describe a noun of `lexicon/nouns.ts`. */
export const adjectiveClass: Readonly<Record<string, AdjectiveClass>> = Object.fromEntries(
  Object.entries(classes).flatMap(([name, words]) => words.map((word) => [word, name as AdjectiveClass])),
);
const adjectiveSet: ReadonlySet<string> = new Set(Object.keys(adjectiveClass));
export const isAdjective = (word: string): boolean => adjectiveSet.has(word);

/** How often an adjective is said of a person, before the person is known. */
export const aboutPeople: Distribution = table(`
  beautiful:8 ugly:4 lovely:4 pretty:3 strange:2 big:2 small:2 tall:5 tiny:1 huge:1 little:3 old:7 young:5 kind:4
  cruel:2 clever:3 foolish:2 wise:2 brave:2 shy:2 gentle:2 proud:2 lazy:2 friendly:2 angry:2 happy:3 sad:3 hungry:1
  tired:1 loud:1 quiet:2 rich:3 poor:3 famous:2`);

/** … and of what people have, before that is known. */
const companionWeights: Weights = weights(`
  beautiful:4 ugly:9 lovely:3 pretty:2 strange:4 big:6 small:6 tall:1 tiny:3 huge:3 little:4 old:6 young:2 kind:2
  cruel:2 clever:3 foolish:2 wise:1 brave:1.5 shy:1 gentle:1.5 proud:1 lazy:2.5 friendly:3 angry:2.5 happy:2 sad:2
  hungry:2.5 tired:1 black:5 white:4 red:2.5 blue:1.5 green:1.5 brown:3 grey:2 golden:1 soft:1.5 warm:1 cold:1 wet:1
  dirty:2 clean:1 heavy:1 broken:.7 loud:2 quiet:1.5 rich:.5 poor:.7 famous:.5`);
export const aboutCompanions: Distribution = distribution(companionWeights);

/** How well a class of adjectives suits a class of nouns; 0 means never. */
const suits: Record<AdjectiveClass, Record<NounClass, number>> = {
  looks: { person: 1, animal: 1, cloth: 1, body: 1, voice: 0.5, character: 1, object: 1, place: 1 },
  size: { person: 1, animal: 1.6, cloth: 1, body: 1.5, voice: 0, character: 0.5, object: 2, place: 3 },
  age: { person: 2, animal: 1, cloth: 2, body: 0.6, voice: 0, character: 0, object: 1.5, place: 3 },
  mind: { person: 3, animal: 1, cloth: 0, body: 1, voice: 0.5, character: 4, object: 0, place: 0 },
  colour: { person: 0, animal: 1, cloth: 5, body: 0.3, voice: 0, character: 0, object: 3, place: 2 },
  feel: { person: 0, animal: 0.4, cloth: 3, body: 1, voice: 1, character: 1, object: 5, place: 4 },
  sound: { person: 1.5, animal: 1.2, cloth: 0, body: 0, voice: 60, character: 1, object: 0, place: 2 },
  wealth: { person: 4, animal: 0.1, cloth: 0, body: 0.3, voice: 0, character: 0, object: 0, place: 0 },
};

/** Pairs of adjective and companion that the classes get wrong, as factors. */
const pairs: Readonly<Record<string, Weights>> = {
  black: weights('cat:2 horse:2 dog:1'),
  white: weights('rabbit:6 horse:3 dress:3 cat:.8'),
  red: weights('fox:15 hat:3 dress:3 ball:4 cat:.3 dog:.3 nose:8'),
  blue: weights('bird:15 hat:2 coat:2 cat:.05 dog:.05 dress:3 creature:3'),
  green: weights('frog:25 snake:15 parrot:15 cat:.05 dog:.05 creature:3 hat:2'),
  brown: weights('dog:2 horse:3 mouse:2 bag:3'),
  grey: weights('mouse:15 cat:1.2 owl:6 beard:30 coat:2'),
  golden: weights('crown:60 ring:90 dog:.8 cat:.2 hat:.2 sword:6'),
  wise: weights('owl:60 cat:.7 dog:.7'),
  hungry: weights('cat:1.5 dog:1.5 pig:8 lion:20 face:0 personality:0'),
  lazy: weights('cat:2.5 dog:.8 pig:6 face:0'),
  brave: weights('dog:2 lion:40 horse:6 cat:.4 face:.5'),
  tiny: weights('mouse:25 bird:8 frog:6 horse:0 lion:0 house:3'),
  huge: weights('dog:1.3 horse:9 lion:15 creature:2 mouse:0 cat:.5 nose:8'),
  loud: weights('bird:8 parrot:20 dog:2 cat:.3'),
  quiet: weights('mouse:25 cat:1.5 voice:1'),
  soft: weights('voice:60 cat:1.2 rabbit:20 face:1'),
  warm: weights('coat:20 personality:15 voice:15 cat:.3 dog:.3 house:4'),
  cold: weights('personality:12 face:2 voice:8 house:4'),
  broken: weights('cat:0 dog:0 creature:0 face:0 personality:0 stick:15 doll:15 ring:5 nose:5'),
  heavy: weights('bag:30 sword:20 crown:10 cat:.5 dog:.5 face:0 personality:0'),
  clever: weights('fox:40 dog:1.2 cat:1.2'),
  gentle: weights('voice:30 horse:10 dog:1.2'),
  friendly: weights('dog:2 face:5'),
  angry: weights('dog:1.4 bird:3 face:4 lion:8'),
  happy: weights('child:10 face:3'),
  sad: weights('face:6 dog:1.2'),
  strange: weights('creature:4 personality:3 voice:6 hat:1.5'),
  lovely: weights('creature:5 voice:12 garden:15 dress:6 daughter:6 face:3'),
  beautiful: weights('voice:10 garden:10 dress:8 horse:6 daughter:8 creature:1.5'),
  pretty: weights('dress:10 girl:1 daughter:8 face:4'),
  tall: weights(
    'cat:.02 dog:.1 horse:6 man:4 hat:5 house:8 creature:1.5 son:6 friend:4 mouse:0 face:0 nose:0 personality:0',
  ),
  big: weights('personality:2 nose:8'),
  little: weights('mouse:8 bird:6 son:8 daughter:8'),
  old: weights('friend:10 house:3 dog:1.3'),
  young: weights(`hat:0 coat:0 house:0 boat:0 bag:0 ring:0 sword:0 dress:0 crown:0 stick:0 broom:0 ball:0 doll:0 face:2
    friend:6`),
  wet: weights('dog:2.5 frog:8 coat:2 nose:8'),
  dirty: weights('pig:25 dog:1.6 face:2 coat:2'),
  clean: weights('cat:1.2 coat:1'),
  rich: weights('friend:6 man:1'),
  famous: weights('creature:2 friend:8 son:3'),
  foolish: weights('dog:1.4 son:3'),
  kind: weights('face:5 voice:10'),
  cruel: weights('face:2 voice:6'),
};

/** Pairs of adjective and person, as factors. */
const peoplePairs: Readonly<Record<string, Weights>> = {
  beautiful: weights('woman:3 queen:3 princess:4 lady:3 girl:2 witch:.5 man:.2 boy:.2 king:.2'),
  ugly: weights('witch:4 man:1.5 woman:.7 princess:.2'),
  lovely: weights('lady:3 girl:3 princess:3 woman:2 man:.3'),
  pretty: weights('girl:5 woman:2 princess:3 man:.1 king:.1 boy:.2'),
  tall: weights('man:2.5 soldier:3 king:1.5 girl:.6'),
  little: weights('girl:6 boy:6 king:.2 queen:.2 man:.4 woman:.4'),
  old: weights('man:2 woman:2 wizard:5 witch:3 king:2 girl:.05 boy:.05 prince:.1 princess:.1'),
  young: weights('prince:4 princess:4 woman:1.5 man:1.5 doctor:2 wizard:.3'),
  wise: weights('king:4 queen:4 wizard:10 teacher:4 doctor:3'),
  brave: weights('soldier:12 prince:6 sailor:4 king:2'),
  cruel: weights('king:5 queen:5 witch:5'),
  rich: weights('king:3 queen:3 lady:4 boy:.2 girl:.2'),
  poor: weights('farmer:6 sailor:2 king:.1 queen:.1 boy:2 girl:2'),
  famous: weights('artist:20 doctor:5 king:2 soldier:3 girl:.3 boy:.3'),
  clever: weights('doctor:4 teacher:4 girl:1.5 boy:1.5 wizard:3'),
  shy: weights('girl:3 boy:3 king:.2'),
  proud: weights('king:4 queen:4 princess:3 soldier:3'),
  hungry: weights('boy:4 farmer:3'),
  kind: weights('doctor:4 teacher:3 baker:3 queen:1.5'),
  gentle: weights('doctor:3 woman:1.5'),
  lazy: weights('boy:4 baker:2'),
  strange: weights('wizard:4 artist:4 man:1.5'),
  tired: weights('soldier:6 sailor:5 farmer:4'),
  small: weights('boy:3 girl:3'),
  huge: weights('man:3 king:2'),
  big: weights('man:3 farmer:2'),
};

/** Words that strengthen or weaken an adjective. */
export const intensifiers: Distribution = table('very:10 really:3 quite:2 rather:2 extremely:1');
export const isIntensifier = (word: string): boolean => intensifiers.byWord.has(word);

/** Only after an adjective of size or age may a second one come: *small black*, *old wise*. */
export const takesSecond = (adjective: string): boolean =>
  adjectiveClass[adjective] === 'size' || adjectiveClass[adjective] === 'age';
export const secondAboutPeople: Distribution = table(
  'beautiful:3 kind:2 clever:1.5 wise:1 friendly:1 sad:1 rich:1 poor:1',
);
export const secondAboutCompanions: Distribution = table(
  'black:3 white:2 grey:2 brown:2 red:1 green:1 friendly:1 angry:1 hungry:1 ugly:1',
);

/** Adjectives that form *the most …*, for one who is so beyond all others. */
export const superlatives: Weights = weights(
  'beautiful:12 strange:2 clever:3 foolish:2 cruel:2 gentle:2 friendly:2 famous:3',
);

/** What people think of whoever is so. */
export const admired: ReadonlySet<string> = new Set(
  wordsOf('beautiful lovely pretty kind clever wise brave gentle friendly happy golden soft warm clean famous'),
);
export const disliked: ReadonlySet<string> = new Set(wordsOf('ugly cruel foolish lazy angry dirty cold loud broken'));

/** How well an adjective (or none, '') suits a companion, as a factor. */
export function suitability(adjective: string, noun: string): number {
  if (!adjective) return 1;
  return suits[adjectiveClass[adjective]][nounClass[noun]] * (pairs[adjective]?.[noun] ?? 1);
}

/** The person meant, once up to two adjectives ('' for none) are known. */
export const personGiven = remember((first, second): Distribution => {
  const result: Weights = {};
  for (const noun in people) {
    let weight = people[noun];
    for (const adjective of [first, second]) if (adjective) weight *= peoplePairs[adjective]?.[noun] ?? 1;
    result[noun] = weight;
  }
  return distribution(result);
});

/** How much each companion weighs for an owner, once up to two adjectives are known. */
const companionTable = remember((owner, first, second): Weights => {
  const result: Weights = {};
  for (const noun in companions) {
    const has = noun === owner ? 0 : (belongings[owner]?.[noun] ?? 1);
    result[noun] = companions[noun] * has * suitability(first, noun) * suitability(second, noun);
  }
  return result;
});

/** What the owner ('' for nobody) has, once up to two adjectives are known; `excluded` is a list with commas. */
export function companionGiven(owner: string, first: string, second: string, excluded: string): Distribution {
  const result = { ...companionTable(owner, first, second) };
  for (const noun of excluded.split(',')) delete result[noun];
  return distribution(result);
}

/** The adjective said of what this owner has: likelier if it suits more of what such an owner would have. */
export const companionAdjective = remember((owner, excluded): Distribution => {
  const list = excluded.split(',');
  const nouns = Object.keys(companions).filter((noun) => !list.includes(noun));
  const sum = (weight: Weights) => nouns.reduce((total, noun) => total + weight[noun], 0);
  const all = sum(companionTable(owner, '', ''));
  const result: Weights = {};
  for (const adjective in companionWeights) {
    const suited = sum(companionTable(owner, adjective, ''));
    result[adjective] = companionWeights[adjective] * Math.sqrt(suited / all);
  }
  return distribution(result);
});

/** An animal, once up to two adjectives are known; all animals are nearer in frequency than as companions. */
export const animalGiven = remember((first, second): Distribution => {
  const result: Weights = {};
  for (const noun in companions) {
    if (nounClass[noun] !== 'animal') continue;
    result[noun] = companions[noun] ** 0.6 * suitability(first, noun) * suitability(second, noun);
  }
  const suited = Object.values(result).some((weight) => weight > 0);
  return suited ? distribution(result) : table('creature');
});
