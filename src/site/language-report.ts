/** What the card of the little language says: drawn from its grammar and counted, never typed. */
import { sayShare } from '../figures/numbers.ts';
import { kinds } from '../language/grammar.ts';
import { sample, surprisal, vocabulary } from '../language/language.ts';
import { lightWith, meanings } from '../language/lexicon/homonyms.ts';
import { Sampler } from '../language/sampler.ts';
import { bindingFrames, bindingScenes } from '../language/scenes.ts';
import { senseScenes, senses } from '../language/sense-scenes.ts';
import { type WordKind, wordKind } from '../language/word-kinds.ts';
import type { Table } from './easel-report.ts';

/** Texts that the facts are counted on; their seeds are nobody else's. */
const COUNTED = 1000;
const FIRST_SEED = 0x70000000;

/** What each kind of text is, in words. A test compares the names with the grammar. */
export const kindsInWords: Readonly<Record<string, string>> = {
  lookUp: 'look-ups: only the text itself tells whose adjective is whose',
  description: 'descriptions: a person, what they have, and what was said of either',
  plain: 'plain sentences, in any order',
  homonyms: 'words of two meanings, with or without a clue',
  names: 'two people with names: surnames, gifts, jobs',
  lists: 'lists of two or three, told of again',
  creatures: 'one phrase and little more',
  mistakes: 'one form over and over, with mistakes made on purpose',
  captions: 'captions, as under a picture',
  superlatives: 'someone who was so beyond all others',
};

let facts: Record<string, string> | undefined;

/** What each sentence of the card may quote, by name; counted once, since it takes a second. */
export function languageFacts(): Record<string, string> {
  facts ??= countFacts();
  return facts;
}

function countFacts(): Record<string, string> {
  let words = 0;
  let nats = 0;
  let withTheEnds = 0;
  let several = 0;
  let longest = 0;
  for (let i = 0; i < COUNTED; i++) {
    const text = sample(FIRST_SEED + i).words;
    const stops = text.filter((word) => word === '.').length;
    if (stops >= 2 && stops <= 6) several++;
    words += text.length;
    longest = Math.max(longest, text.length);
    for (const surprise of surprisal(text)) {
      nats += surprise;
      withTheEnds++;
    }
  }
  const entropy = nats / withTheEnds;
  return {
    words: (vocabulary.length - 2).toLocaleString('en'),
    kinds: Object.keys(kinds).length.toLocaleString('en'),
    'texts counted': COUNTED.toLocaleString('en'),
    'words a text': Math.round(words / COUNTED).toLocaleString('en'),
    'longest text': longest.toLocaleString('en'),
    'of two to six sentences': sayShare(several / COUNTED),
    entropy: entropy.toFixed(2),
    bits: (entropy / Math.LN2).toFixed(2),
    choices: Math.exp(entropy).toFixed(1),
    mistakes: sayShare(kinds.mistakes.share),
    homonyms: Object.keys(meanings).length.toLocaleString('en'),
    frames: bindingFrames.length.toLocaleString('en'),
  };
}

/** What an example of a kind should have in it, where not every text shows what the kind is for. */
const telling: Readonly<Record<string, RegExp>> = {
  lookUp: /^an? \w+ and an? \w+ were there .* then/,
  plain: /^the cat .* it was/,
  mistakes: /since \..* since/,
};

/** A text of one kind that is neither very short nor very long: the first one by seed. */
function exampleOf(kind: string): string {
  for (let seed = 1; ; seed++) {
    const sampler = new Sampler(seed);
    kinds[kind].tell(sampler);
    const { words } = sampler;
    const text = words.join(' ');
    if (words.length >= 8 && words.length <= 26 && (telling[kind]?.test(text) ?? true)) return text;
  }
}

/** Every kind of text with its share and an example, commonest first. */
export function kindsOfText(): Table {
  const byShare = Object.keys(kinds).sort((one, other) => kinds[other].share - kinds[one].share);
  return {
    columns: [{ label: 'kind of text' }, { label: 'share', number: true }, { label: 'one of them' }],
    rows: byShare.map((kind) => [kindsInWords[kind], sayShare(kinds[kind].share), `*${exampleOf(kind)}*`]),
  };
}

/** Every kind of sentence in which an adjective is asked for, with an example and its answer. */
export function kindsOfQuestion(): Table {
  return {
    columns: [{ label: 'kind of sentence' }, { label: 'one of them' }, { label: 'must follow' }],
    rows: bindingFrames.map((frame, i) => {
      const [{ words, right }] = bindingScenes(frame, 1, 100 + i);
      return [frame, `*${words.join(' ')}*`, `*${right}*`];
    }),
  };
}

/** Every word of two meanings, sense by sense. */
export function wordsOfTwoMeanings(): Table {
  return {
    columns: [{ label: 'word' }, { label: 'after' }, { label: 'was' }],
    rows: Object.entries(senses).flatMap(([word, ofWord]) =>
      ofWord.map((sense, i) => {
        const [{ words }] = senseScenes(word, sense, 1, 10 + i);
        const clue = words.slice(0, words.indexOf('.') + 1).join(' ');
        const adjectives = meanings[word][sense]?.adjectives ?? lightWith[sense];
        const before = sense in lightWith ? 'light and ' : '';
        return [`*${word}*`, `*${clue}*`, adjectives.words.map((word) => `*${before}${word}*`).join(', ')];
      }),
    ),
  };
}

const headings: readonly (readonly [WordKind, string])[] = [
  ['noun', 'nouns'],
  ['adjective', 'adjectives'],
  ['name', 'names'],
  ['verb', 'verbs'],
  ['was', 'was and were'],
  ['pronoun', 'pronouns'],
  ['linking word', 'linking words'],
  ['adverb', 'adverbs and the like'],
  ['article', 'articles'],
];

/** All words, by what they mostly are. */
export function allWords(): Table {
  return {
    columns: [{ label: 'what they mostly are' }, { label: 'how many', number: true }, { label: 'words' }],
    rows: headings.map(([kind, label]) => {
      const words = vocabulary.filter((word) => wordKind(word) === kind);
      return [label, words.length.toLocaleString('en'), `*${words.join(' ')}*`];
    }),
  };
}
