import { type Distribution, distribution, mix, remember, type Weights, weights } from '../distribution.ts';

/**
 * Words with two meanings, and the topics that tell them apart.
 *
 * A topic opens with a clue (*anna sat by the river .*) and then brings up one of its words. A word with a meaning in
 * two topics has an entry in {@link meanings} for each: what is said of a *bank* beside a river and of one full of money.
 * In patterns, `P` stands for a person and `{a,b}` for one word out of several; alternatives are parted by `|`.
 */
export interface Topic {
  clues: readonly (readonly Step[])[];
  /** The words it may bring up, with weights; none for the two topics about *light* the adjective. */
  words: Weights;
}
export type Step = { kind: 'person' } | { kind: 'one of'; words: Distribution } | { kind: 'say'; words: string };

const oneOf = remember((list): Distribution => distribution(weights(list.split(',').join(' '))));

/** Patterns, each brought to end in a full stop. */
function patterns(text: string): Step[][] {
  return text.split('|').map((pattern) => {
    const whole = pattern.trim().endsWith('.') ? pattern.trim() : `${pattern.trim()} .`;
    return whole.split(' ').map((part): Step => {
      if (part === 'P') return { kind: 'person' };
      if (part.startsWith('{')) return { kind: 'one of', words: oneOf(part.slice(1, -1)) };
      return { kind: 'say', words: part };
    });
  });
}

const topic = (clues: string, words = ''): Topic => ({
  clues: patterns(clues),
  words: words === '' ? {} : weights(words),
});

export const topics: Readonly<Record<string, Topic>> = {
  river: topic(
    'P {sat,stood,fished,waited} by the {river,stream,lake} .|P {swam,sailed} {in,on} the {river,stream,lake} .',
    'bank:6 boat:2',
  ),
  money: topic('P {needed,wanted,counted,earned} {money,gold,coins} .|P had no {money,gold,coins} .', 'bank:7 purse:1'),
  cave: topic('it was dark in the {cave,attic,cellar} .|P slept in the {cave,attic,cellar} .', 'bat:6 mouse:1'),
  game: topic('the {game,match} was long .|P {played,won,lost} the {game,match} .', 'bat:4 pitcher:4'),
  sky: topic('the {sky,night} was {clear,dark} .|P looked at the {sky,moon} .', 'star:6 moon:1'),
  film: topic('the {film,play,show} {began,ended} .|P watched the {film,play,show} .', 'star:6 singer:1'),
  lamp: topic('P {lit,held} the {lamp,candle} .|the {lamp,candle} was new .', 'light:6'),
  bag: topic('P {lifted,carried} the {box,basket} .|the {box,basket} was empty .'),
  winter: topic('the winter was over .|the snow {melted,fell} .', 'spring:6'),
  machine: topic(
    'the {clock,machine,engine} {stopped,broke} .|P {fixed,opened} the {clock,machine,engine} .',
    'spring:6',
  ),
  mail: topic('the postman {came,knocked} .|P waited for the {postman,mail} .', 'letter:6 parcel:1'),
  school: topic('the class learned to {read,write} .|P learned to {read,write} .', 'letter:6 word:1'),
  feast: topic('the guests were thirsty .|P wanted some {water,milk,juice} .', 'pitcher:6 cup:1'),
  ice: topic('P walked on the {ice,beach,rocks} .|the {ice,beach,sea} was cold .', 'seal:6'),
  court: topic('P signed the {paper,law} .|the {paper,law} was ready .', 'seal:6'),
  morning: topic('the sun {rose,shone} .|P woke in the morning .'),
};
export const topicNames: readonly string[] = Object.keys(topics);
/** How often a topic comes, against 1 for most. */
export const topicWeights: readonly number[] = topicNames.map(
  (name) => ({ river: 1.6, money: 1.6, game: 1.3 })[name] ?? 1,
);

/** The topic's word that is brought up. */
export const broughtUp = remember((name): Distribution => distribution(topics[name].words));

/** What is said of a word in one of its meanings: an adjective, or one of two patterns. */
export interface Meaning {
  /** The adjectives, after *was very* or *was so* … */
  adjectives: Distribution;
  /** … and after *was*, where *very* and *so* may come first. */
  afterWas: Distribution;
  patterns: readonly [readonly Step[], readonly Step[]];
  /** Whether the word, so meant, is a person. */
  isPerson: boolean;
}

function meaning(adjectiveTable: string, text: string, isPerson = false): Meaning {
  const adjectives = distribution(weights(adjectiveTable));
  const afterWas = mix([
    [0.1, 'very'],
    [0.04, 'so'],
    [0.86, adjectives],
  ]);
  const [first, second] = patterns(text);
  return { adjectives, afterWas, patterns: [first, second], isPerson };
}

/** word → topic → what it means there. */
export const meanings: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  bank: {
    river: meaning('muddy:4 wet:3 grassy:2 steep:2', 'was full of {reeds,frogs,ducks}|was near the water'),
    money: meaning('closed:4 open:3 crowded:2 rich:2', 'was full of {gold,people,coins}|was near the market'),
  },
  bat: {
    cave: meaning('hungry:3 furry:3 asleep:2 black:2', 'flew {away,home,out}|ate {insects,fruit}'),
    game: meaning('wooden:4 broken:3 heavy:2 new:2', 'hit the ball|fell {down,away}'),
  },
  star: {
    sky: meaning('bright:5 distant:3 golden:1 tiny:1', 'shone {brightly,above}|{twinkled,faded}'),
    film: meaning('famous:5 rich:2 handsome:3 beautiful:1', 'sang {well,badly}|{danced,smiled}', true),
  },
  light: {
    lamp: meaning('bright:4 dim:3 warm:2 yellow:2', 'shone {brightly,above}|went out'),
  },
  spring: {
    winter: meaning('sunny:4 warm:3 green:2 late:2', 'was full of {flowers,birds}|came {early,late}'),
    machine: meaning('rusty:4 bent:3 broken:2 tight:2', 'was made of {steel,iron}|fell {out,down}'),
  },
  letter: {
    mail: meaning('sealed:3 long:4 sad:2 late:2', 'came from {anna,ben,france,london}|was full of news'),
    school: meaning('round:4 capital:3 missing:2 silent:2', 'came before {another,b}|was an {a,e,i,o}'),
  },
  pitcher: {
    game: meaning('strong:4 tired:2 fast:3 young:2', 'threw the ball|ran {fast,home}', true),
    feast: meaning('full:4 empty:3 cracked:2 cold:2', 'was full of {water,milk,juice}|stood on the table'),
  },
  seal: {
    ice: meaning('wet:3 fat:3 playful:3 hungry:2', 'ate {fish,fruit}|swam {away,home}'),
    court: meaning('official:4 red:3 royal:3 broken:1', 'was made of {wax,gold}|belonged to the {king,queen}'),
  },
};

/** *light* once more, as an adjective: what was lifted is *light and small*, a morning is *light and warm*. */
export const lightWith: Readonly<Record<string, Distribution>> = {
  bag: distribution(weights('small:4 easy:3 soft:2 cheap:2')),
  morning: distribution(weights('warm:4 bright:4 sunny:2')),
};
export const lightOrVery: Distribution = distribution(weights('light:.85 very:.15'));

/** Who is meant by `P`, if not a name. */
export const anyone: Distribution = distribution(
  weights('woman:3 man:3 girl:2 boy:2 king:1 queen:1 sailor:1 doctor:1 teacher:1 farmer:1'),
);
/** A sentence in between that has nothing to do with the clue: *everything was quiet .* */
export const allOf: Distribution = distribution(weights('everything:3 everyone:2 nobody:1'));
export const mood: Distribution = distribution(weights('quiet:4 still:2 happy:2 ready:1 new:1'));
