/** Where heads look: mean weights on chosen places, and the habits that describe a head in words. */

import type { Attend } from '../attention/attend.ts';
import { forward, type Llama } from './llama.ts';

/** One head, counted from 1 as people count. */
export interface HeadPlace {
  layer: number;
  head: number;
}

/** Every head of a model, layer by layer. */
export function allHeads({ config }: Pick<Llama, 'config'>): HeadPlace[] {
  return Array.from({ length: config.nLayers * config.nHeads }, (_, i) => ({
    layer: Math.floor(i / config.nHeads) + 1,
    head: (i % config.nHeads) + 1,
  }));
}

/** A look to be measured: from one place of a text to others, of which the one with the largest weight counts. */
export interface Look {
  name: string;
  /** Places from 0, which is the start marker. */
  query: number;
  keys: readonly number[];
}

/** How much weight a kind of look gets on average, and from how many looks. */
export interface MeanWeight {
  weight: number;
  count: number;
}

/**
 * Mean attention weights of looks with the same name over many texts.
 *
 * @param texts ids with the start marker, and the looks to measure in each
 * @returns one entry for each of {@link allHeads}: name → mean weight
 */
export function meanWeights(
  model: Llama,
  texts: readonly { ids: readonly number[]; looks: readonly Look[] }[],
  attend: Attend,
): Map<string, MeanWeight>[] {
  const sums = allHeads(model).map(() => new Map<string, MeanWeight>());
  for (const { ids, looks } of texts) {
    const weight = weightsOf(model, ids, attend);
    for (const { name, query, keys } of looks) {
      sums.forEach((of, index) => {
        const sum = of.get(name) ?? { weight: 0, count: 0 };
        sum.weight += Math.max(0, ...keys.map((key) => weight(index, query, key)));
        sum.count++;
        of.set(name, sum);
      });
    }
  }
  for (const of of sums) for (const sum of of.values()) sum.weight /= sum.count;
  return sums;
}

/** A text with the kind of each word, as a grammar book would name it. */
export interface LabelledText {
  /** With the start marker, as the lists below. */
  ids: readonly number[];
  words: readonly string[];
  kinds: readonly string[];
}

/** What a head does at some kinds of word: it gives its largest weight to a certain place. */
export interface Habit {
  /** From which words, such as 'new noun with an adjective'; 'any word' where it does the same everywhere. */
  from: string[];
  /** To where, a key of {@link targets}. */
  to: string;
  /** How many of the places in all texts these words are. */
  places: number;
  /** In which share of them the largest weight goes there. */
  share: number;
  /** Mean weight that goes there. */
  weight: number;
  /** In which share of the sentences that have such a word it does so for more than half of them. */
  sentences: number;
}

/** One look of a head in a text; places from 0, the start marker. */
export interface Example {
  /** Words up to the one that looks, without the start marker. */
  text: string;
  query: number;
  /** Where most of the weight goes, and how much. */
  key: number;
  weight: number;
  /** Where the habit says it should go. */
  expected: number[];
}

/** A head in words and numbers. */
export interface HeadHabits {
  /** The first is the one to be known by: of the clear ones, the commonest that does more than rest at the start. */
  habits: Habit[];
  /** Whether the first habit is clear: {@link CLEAR} of its places or more. If not, it is the nearest to one. */
  clear: boolean;
  /** The share of all places from which some clear habit speaks. */
  covered: number;
  /** The look with the largest weight that follows the first habit … */
  example: Example;
  /** … and the one with the largest weight among those that do not; null where all do. */
  counterExample: Example | null;
}

/** From this share of places on, a habit is clear enough to be told. */
export const CLEAR = 0.6;
/** A habit of a whole head, whatever the word, from this share on. */
const WHOLE = 0.75;
/** Targets whose kappas are closer than this do equally well; the one that claims more is told. */
const CLOSE = 0.02;
/** Fewer places than this say nothing. */
const FEWEST = 25;
/** An example should have a choice: it looks from this place of its text or a later one, if there is such a one. */
const EXAMPLE_FROM = 6;

/**
 * The places that a look may be aimed at, from word t of a text; several where any of them will do. The earlier in this
 * list, the more is claimed.
 */
export const targets: Readonly<Record<string, (text: LabelledText, t: number) => number[]>> = {
  'the start': () => [0],
  itself: (_, t) => [t],
  'the word before': (_, t) => real(t - 1),
  'the word two back': (_, t) => real(t - 2),
  'the word three back': (_, t) => real(t - 3),
  'the same word before': ({ ids }, t) => real(ids.lastIndexOf(ids[t], t - 1)),
  'what followed the same word': ({ ids }, t) => {
    const earlier = ids.lastIndexOf(ids[t], t - 1);
    return earlier > 0 && earlier + 1 < t ? [earlier + 1] : [];
  },
  'what stood before the same word': ({ ids }, t) => real(ids.lastIndexOf(ids[t], t - 1) - 1),
  'the place where the word before it came first': ({ ids }, t) => {
    const first = ids.indexOf(ids[t - 1]);
    return first > 0 && first < t - 1 ? [first] : [];
  },
  'an adjective': ofKind('adjective'),
  'a noun': ofKind('noun'),
  'a name': ofKind('name'),
  'a pronoun': ofKind('pronoun'),
  '*was*': ofKind('was'),
  'a verb': ofKind('verb'),
  'an article': ofKind('article'),
  'a linking word': ofKind('linking word'),
  'a full stop': ofKind('full stop'),
};

function real(place: number): number[] {
  return place > 0 ? [place] : [];
}

function ofKind(kind: string) {
  return ({ kinds }: LabelledText, t: number): number[] => {
    const places: number[] = [];
    for (let place = 1; place < t; place++) if (kinds[place] === kind) places.push(place);
    return places;
  };
}

/** From what sort of word a look comes. */
function sourceOf({ ids, kinds }: LabelledText, t: number): string {
  const named = (place: number) => ids.indexOf(ids[place]) < place;
  const kind = kinds[t];
  if (kind === 'noun') {
    if (named(t)) return 'noun named before';
    return kinds[t - 1] === 'adjective' ? 'new noun with an adjective' : 'new noun without an adjective';
  }
  if (kind === 'name') return named(t) ? 'name heard before' : 'new name';
  if (kind !== 'was') return kind;
  if (kinds[t - 1] === 'pronoun') return '*was* after a pronoun';
  return kinds[t - 1] === 'noun' && named(t - 1) ? '*was* after a noun named before' : 'other *was*';
}

interface Tally {
  places: number;
  hits: number;
  weight: number;
  /** Hits of a look aimed blindly, any visible place as likely as another. */
  blind: number;
}

/**
 * Finds out what each head mostly does, word by word, in ordinary texts. For every sort of word it takes the target that
 * the head's largest weight hits most often, compared with blind aim: (hits − blind) / (places − blind), Cohen's kappa.
 * Sorts of word with the same target make one habit.
 *
 * @returns one entry for each of {@link allHeads}
 * @throws RangeError when there are too few texts
 */
export function headHabits(model: Llama, texts: readonly LabelledText[], attend: Attend): HeadHabits[] {
  const heads = allHeads(model);
  // head → sort of word → target → tally
  const tallies = heads.map(() => new Map<string, Map<string, Tally>>());
  const looked = texts.map((text) => {
    const weight = weightsOf(model, text.ids, attend);
    const strongest = heads.map((_, index) => text.ids.map((_, t) => largest(weight, index, t)));
    for (let t = 1; t < text.ids.length; t++) {
      const source = sourceOf(text, t);
      for (const [target, aim] of Object.entries(targets)) {
        const places = aim(text, t);
        tallies.forEach((bySource, index) => {
          const byTarget = bySource.get(source) ?? new Map<string, Tally>();
          bySource.set(source, byTarget);
          const tally = byTarget.get(target) ?? { places: 0, hits: 0, weight: 0, blind: 0 };
          tally.places++;
          if (places.includes(strongest[index][t])) tally.hits++;
          for (const place of places) tally.weight += weight(index, t, place);
          tally.blind += places.length / (t + 1);
          byTarget.set(target, tally);
        });
      }
    }
    return { text, weight, strongest };
  });

  return tallies.map((bySource, index) => {
    const { habits, clear, covered } = habitsFrom(bySource);
    const first = habits[0];
    let example: Example | null = null;
    let counterExample: Example | null = null;
    const sentences = habits.map(() => ({ all: 0, kept: 0 }));
    for (const { text, weight, strongest } of looked) {
      habits.forEach((habit, h) => {
        for (const places of sentencesOf(text)) {
          const own = places.filter((t) => speaksOf(habit, text, t));
          if (own.length === 0) continue;
          const hits = own.filter((t) => targets[habit.to](text, t).includes(strongest[index][t])).length;
          sentences[h].all++;
          if (hits > own.length / 2) sentences[h].kept++;
        }
      });
      for (let t = 1; t < text.ids.length; t++) {
        if (!speaksOf(first, text, t)) continue;
        const expected = targets[first.to](text, t);
        const key = strongest[index][t];
        const look = { query: t, key, weight: weight(index, t, key), expected };
        const told = { text: text.words.slice(1, t + 1).join(' '), ...look };
        if (expected.includes(key)) example = better(example, told);
        else if (expected.length > 0) counterExample = better(counterExample, told);
      }
    }
    habits.forEach((habit, h) => {
      habit.sentences = sentences[h].kept / sentences[h].all;
    });
    return { habits, clear, covered, example: example!, counterExample };
  });
}

/** Of two examples the one with a choice of words, then the one with more weight. */
function better(known: Example | null, other: Example): Example {
  if (!known) return other;
  const early = Number(known.query < EXAMPLE_FROM) - Number(other.query < EXAMPLE_FROM);
  return early > 0 || (early === 0 && other.weight > known.weight) ? other : known;
}

/** Clear habits first, the telling one at the head; where none is clear, the nearest to one alone. */
function habitsFrom(bySource: ReadonlyMap<string, ReadonlyMap<string, Tally>>) {
  const all = new Map<string, Tally>();
  const byTarget = new Map<string, { from: string[]; tally: Tally }>();
  let nearest: { from: string[]; to: string; tally: Tally } | undefined;
  for (const [source, tallies] of bySource) {
    for (const [target, tally] of tallies) all.set(target, sumOf(all.get(target), tally));
    const [to, tally] = [...tallies].reduce((best, other) => (kappa(other[1]) > kappa(best[1]) + CLOSE ? other : best));
    if (tally.places < FEWEST) continue;
    if (!nearest || tally.hits / tally.places > nearest.tally.hits / nearest.tally.places) {
      nearest = { from: [source], to, tally };
    }
    if (tally.hits / tally.places < CLEAR) continue;
    const known = byTarget.get(to);
    byTarget.set(to, { from: [...(known?.from ?? []), source], tally: sumOf(known?.tally, tally) });
  }
  const places = Math.max(...[...all.values()].map((tally) => tally.places));
  const whole = [...all].find(([, { hits }]) => hits / places >= WHOLE);
  if (whole) byTarget.set(whole[0], { from: ['any word'], tally: whole[1] });
  let found = [...byTarget].map(([to, { from, tally }]) => ({ from, to, tally }));
  if (whole) found = found.filter(({ to }) => to === whole[0]);
  if (!nearest) throw new RangeError(`Expected more texts: no sort of word comes up ${FEWEST} times in them.`);
  const clear = found.length > 0;
  if (!clear) found = [nearest];
  const rests = (to: string) => to === 'the start' || to === 'itself';
  found.sort((a, b) => Number(rests(a.to)) - Number(rests(b.to)) || b.tally.hits - a.tally.hits);
  const habits = found.map(
    ({ from, to, tally }): Habit => ({
      from,
      to,
      places: tally.places,
      share: tally.hits / tally.places,
      weight: tally.weight / tally.places,
      sentences: 0,
    }),
  );
  const covered = clear ? habits.reduce((sum, habit) => sum + habit.places, 0) / places : 0;
  return { habits, clear, covered };
}

function speaksOf({ from }: Habit, text: LabelledText, t: number): boolean {
  return from[0] === 'any word' || from.includes(sourceOf(text, t));
}

function kappa({ places, hits, blind }: Tally): number {
  return (hits - blind) / Math.max(1e-9, places - blind);
}

function sumOf(a: Tally | undefined, b: Tally): Tally {
  if (!a) return { ...b };
  return {
    places: a.places + b.places,
    hits: a.hits + b.hits,
    weight: a.weight + b.weight,
    blind: a.blind + b.blind,
  };
}

/** The places of each sentence, full stop included. */
function sentencesOf({ kinds }: LabelledText): number[][] {
  const sentences: number[][] = [];
  let sentence: number[] = [];
  for (let t = 1; t < kinds.length; t++) {
    sentence.push(t);
    if (kinds[t] === 'full stop' || t === kinds.length - 1) {
      sentences.push(sentence);
      sentence = [];
    }
  }
  return sentences;
}

type WeightAt = (index: number, query: number, key: number) => number;

/** Attention weights of one text: by head (in the order of {@link allHeads}), query and key. */
function weightsOf(model: Llama, ids: readonly number[], attend: Attend): WeightAt {
  const { nHeads } = model.config;
  const layers = forward(model, ids, { attend }).layers.map(({ attention }) => attention.weights);
  const n = ids.length;
  return (index, query, key) => layers[Math.floor(index / nHeads)][((index % nHeads) * n + query) * n + key];
}

/** The place with the largest weight; of equals the first. */
function largest(weight: WeightAt, index: number, query: number): number {
  let best = 0;
  for (let key = 1; key <= query; key++) if (weight(index, query, key) > weight(index, query, best)) best = key;
  return best;
}
