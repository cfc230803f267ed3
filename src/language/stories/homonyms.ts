import { table } from '../distribution.ts';
import type { Count } from '../introduction.ts';
import {
  allOf,
  anyone,
  broughtUp,
  lightOrVery,
  lightWith,
  type Meaning,
  meanings,
  mood,
  type Step,
  topicNames,
  topics,
  topicWeights,
} from '../lexicon/homonyms.ts';
import { men, women } from '../lexicon/names.ts';
import { type Gender, genders } from '../lexicon/nouns.ts';
import { notice } from '../lexicon/verbs.ts';
import { pickWithArticle } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { subjects } from '../telling.ts';

/** Who the clue was about; a noun whose gender may be open, or a name. */
interface Someone {
  noun: string;
  gender?: Gender;
}

/** *the woman*, a woman's or a man's name, *a woman*, *she* or *he* */
const someoneWeights = [0.32, 0.28, 0.28, 0.08, 0.04];
const sheOrHe = table('she he');
/** The clue first, or the word first. */
const ways = [0.85, 0.15];
/** Someone notices the word, or it acts by itself. */
const noticedWeights = [0.7, 0.3];

function saySomeone(teller: Teller): Someone {
  const way = teller.choose(someoneWeights);
  if (way === 0) {
    teller.emit('the');
    return { noun: teller.pick(anyone) };
  }
  if (way === 3) return { noun: pickWithArticle(teller, anyone) };
  if (way === 4) return { noun: '', gender: teller.pick(sheOrHe) === 'she' ? 'f' : 'm' };
  const gender = way === 1 ? 'f' : 'm';
  teller.pick(gender === 'f' ? women : men);
  return { noun: '', gender };
}

/** Says a pattern; gives whoever stands in it. */
function sayPattern(teller: Teller, steps: readonly Step[]): Someone | null {
  let someone: Someone | null = null;
  for (const step of steps) {
    if (step.kind === 'person') someone = saySomeone(teller);
    else if (step.kind === 'one of') teller.pick(step.words);
    else teller.emit(step.words);
  }
  return someone;
}

function sayAgain(teller: Teller, someone: Someone | null): void {
  if (someone === null) {
    saySomeone(teller);
    return;
  }
  const gender = someone.gender ?? genders[someone.noun] ?? (teller.choose([1, 1]) === 0 ? 'f' : 'm');
  teller.emit(subjects[gender]);
}

/** What is said of the word: *was muddy .*, *was full of reeds .* */
function sayOf(teller: Teller, meaning: Meaning | undefined): void {
  if (meaning === undefined) {
    teller.emit('was');
    teller.pick(mood);
    teller.emit('.');
    return;
  }
  const way = teller.choose([0.7, 0.15, 0.15]);
  if (way > 0) {
    sayPattern(teller, meaning.patterns[way - 1]);
    return;
  }
  teller.emit('was');
  const word = teller.pick(meaning.afterWas);
  if (word === 'very' || word === 'so') teller.pick(meaning.adjectives);
  teller.emit('.');
}

function sayMore(teller: Teller, word: string, meaning: Meaning): void {
  const sentences = 1 + teller.choose([0.5, 0.5]);
  for (let i = 0; i < sentences && teller.length < 36; i++) {
    if (i > 0 && teller.choose([0.4, 0.6]) === 1) teller.emit(meaning.isPerson ? 'he' : 'it');
    else {
      teller.emit('the');
      teller.emit(word);
    }
    sayOf(teller, meaning);
  }
}

const words = Object.keys(meanings);
/** *bank* opens a story twice as often as the others. */
const wordWeights = words.map((word) => (word === 'bank' ? 2 : 1));

/** How a story opens with the word itself: *anna saw the bank .*, *there was a bank .*, or *the bank was …* at once. */
const wordFirstWays = [0.6, 0.15, 0.25];

/** The word first; which meaning it has shows only in what follows. */
function wordFirst(teller: Teller): void {
  const word = words[teller.choose(wordWeights)];
  const way = teller.choose(wordFirstWays);
  if (way === 0) {
    saySomeone(teller);
    teller.pick(notice);
    teller.emit('the');
  } else if (way === 1) teller.emit('there was a');
  if (way < 2) {
    teller.emit(word);
    teller.emit('.');
  }
  const senses = Object.values(meanings[word]);
  sayMore(teller, word, senses[teller.choose(senses.map(() => 1))]);
}

/** The clue first: *anna sat by the river . she saw the bank . the bank was muddy .* */
function clueFirst(teller: Teller): void {
  const name = topicNames[teller.choose(topicWeights)];
  const someone = sayPattern(teller, topics[name].clues[teller.choose([1, 1])]);
  if (teller.choose([0.75, 0.25]) === 1) {
    teller.pick(allOf);
    teller.emit('was');
    teller.pick(mood);
    teller.emit('.');
  }
  if (lightWith[name]) {
    teller.emit('it was');
    if (teller.pick(lightOrVery) === 'very') teller.emit('light');
    teller.emit('and');
    teller.pick(lightWith[name]);
    teller.emit('.');
    return;
  }
  const noticed = teller.choose(noticedWeights) === 0;
  if (noticed) {
    sayAgain(teller, someone);
    teller.pick(notice);
  }
  teller.emit('the');
  const word = teller.pick(broughtUp(name));
  const meaning = meanings[word]?.[name];
  if (noticed) teller.emit('.');
  else sayOf(teller, meaning);
  if (meaning === undefined) return;
  if (!noticed && teller.choose([0.5, 0.5]) === 0) return;
  sayMore(teller, word, meaning);
}

/** Stories with a word of two meanings. */
export function homonyms(teller: Teller): void {
  if (teller.choose(ways) === 1) wordFirst(teller);
  else clueFirst(teller);
}

/** How often these stories introduce a person by a noun: *the woman*, as if she were known, or *a woman*. */
export function countHomonyms(noun: string, expected: number, count: Count): void {
  let someone = ways[1] * wordFirstWays[0];
  const allTopics = topicWeights.reduce((sum, weight) => sum + weight, 0);
  topicNames.forEach((name, i) => {
    for (const clue of topics[name].clues) {
      const share = (ways[0] * topicWeights[i]) / allTopics / topics[name].clues.length;
      if (clue.some((step) => step.kind === 'person')) someone += share;
      else if (!lightWith[name]) someone += share * noticedWeights[0];
    }
  });
  const often = expected * someone * (anyone.byWord.get(noun) ?? 0);
  if (often === 0) return;
  count({ isNew: false, degree: 'plain', adjectives: [], expected: often * someoneWeights[0] });
  count({ isNew: true, degree: 'plain', adjectives: [], expected: often * someoneWeights[3] });
}
