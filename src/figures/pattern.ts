/**
 * One head's attention over one text, as the data of a figure: a word's row (`arcs`) or all rows (`heatmap`). Used by the
 * kinds and by the page's own script, so nothing here knows of schemas or pictures.
 */

import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Group } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { rounded, wholePercents, withPercentSign } from './numbers.ts';
import { type Odds, oddsOfModel, topWords } from './odds.ts';
import { findWord, OTHER_WORDS, START, wordNames } from './text.ts';
import type { Changes, HeadPlace, World } from './world.ts';

/** What a figure of one head is asked to show. Layer and head count from 1. */
export interface PatternAsk {
  title: string;
  caption: string;
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  /** False: without the mask, so that words look at those after them too. */
  causal?: boolean;
  /** What a reader may change, side by side below the picture; absent: all of it, behind a button. */
  tools?: readonly Tool[];
}

/** Ways to interfere with a head: take a link away, drop what it found, take the mask off. */
export const TOOLS = ['cut', 'mute', 'mask'] as const;
export type Tool = (typeof TOOLS)[number];

/** Which word looks: by name ('was', 'was 1'), or by its place among the words, the start being 0. */
export interface Looking {
  word?: string;
  place?: number;
}

/** A text as a model reads it: `words[0]` is the start. */
export interface ReadText {
  ids: number[];
  words: string[];
}

/**
 * One head on one text: `weights[i][j]` is how much word i looks at word j, for j ≤ i, or for every j where the mask is off.
 * Each row adds up to 1, or to 0 where all its links are cut.
 */
export interface Pattern extends ReadText, HeadPlace {
  weights: number[][];
  odds: Odds;
}

/**
 * The words of a text with the start before them. `field` is what the declaration calls it.
 * @throws FigureError naming unknown words with the nearest known ones, or a text that is empty or too long
 */
export function readText(text: string, world: World, field = 'text'): ReadText {
  const read = world.model.tokenizer.encode(text);
  if (read.unknown.length > 0) {
    const list = read.unknown.map((u) =>
      u.suggestions.length > 0 ? `'${u.word}' (near: ${u.suggestions.join(', ')})` : `'${u.word}'`,
    );
    throw new FigureError(
      `${field}: ${world.model.name} does not know ${list.join(', ')}. Use words of its vocabulary.`,
      field,
    );
  }
  if (read.words.length === 0) throw new FigureError(`${field}: expected at least one word, but none came.`, field);
  if (read.tooLong) {
    throw new FigureError(
      `${field}: expected at most ${read.tooLong.most} words, but ${read.tooLong.words} came. Shorten it.`,
      field,
    );
  }
  return { ids: read.ids, words: [START, ...read.words] };
}

/**
 * Layer and head from a job or from numbers.
 * @throws FigureError when neither or both are given, the job is unknown or there is no such head
 */
export function resolveHead(ask: Pick<PatternAsk, 'role' | 'layer' | 'head'>, world: World): HeadPlace {
  const { nLayers, nHeads } = world.model.config;
  if (ask.role !== undefined) {
    if (ask.layer !== undefined || ask.head !== undefined) {
      throw new FigureError('role: give a role, or a layer and a head, not both.', 'role');
    }
    const place = world.heads[ask.role];
    if (!place) {
      const roles = Object.keys(world.heads).join(', ') || 'none yet: run npm run evaluate';
      throw new FigureError(`role: expected one of ${roles}, but '${ask.role}' came.`, 'role');
    }
    return { layer: place.layer, head: place.head };
  }
  const { layer, head } = ask;
  if (layer === undefined || head === undefined) {
    throw new FigureError('role: say which head is meant, by its role or by layer and head.', 'role');
  }
  if (layer > nLayers) throw new FigureError(`layer: expected 1 to ${nLayers}, but ${layer} came.`, 'layer');
  if (head > nHeads) throw new FigureError(`head: expected 1 to ${nHeads}, but ${head} came.`, 'head');
  return { layer, head };
}

/**
 * Runs the model over a text and keeps one head's weights and the odds for the next word.
 * @throws FigureError as {@link readText} and {@link resolveHead} do
 */
export async function readPattern(
  ask: Omit<PatternAsk, 'title' | 'caption'>,
  world: World,
  changes: Changes = {},
): Promise<Pattern> {
  const text = readText(ask.text, world);
  const place = resolveHead(ask, world);
  return patternOf(await world.run(text.ids, changes), text, place, world, changes);
}

/** One head's weights and the odds for the next word, out of a run. */
export function patternOf(
  trace: ForwardTrace,
  { ids, words }: ReadText,
  { layer, head }: HeadPlace,
  world: World,
  { causal = true }: Changes = {},
): Pattern {
  const n = ids.length;
  const all = trace.layers[layer - 1].attention.weights;
  const start = (head - 1) * n * n;
  const seen = (i: number) => (causal ? i + 1 : n);
  const weights = words.map((_, i) => Array.from(all.slice(start + i * n, start + i * n + seen(i)), rounded));
  return { ids, words, layer, head, weights, odds: oddsOfModel(trace, world) };
}

/**
 * The word that looks (absent: the last) and the word looked at (absent: the one before that).
 * @throws FigureError when the text has no such word, or it comes after the one that looks
 */
export function findPair(words: readonly string[], { word, at }: { word?: string; at?: string }): [number, number] {
  const looking = word === undefined ? words.length - 1 : findWord(words, word);
  const asked = at === undefined ? Math.max(0, looking - 1) : findWord(words, at, 'at');
  if (asked <= looking) return [looking, asked];
  throw new FigureError(
    `at: '${words[asked]}' comes after '${words[looking]}', which has not read it yet. Choose a word before it, or the word itself.`,
    'at',
  );
}

function placeOf(ask: Looking, pattern: Pattern): number | undefined {
  return ask.place ?? (ask.word === undefined ? undefined : findWord(pattern.words, ask.word));
}

/** The series of one head's numbers, with the head as its source. */
export function headSeries(id: string, world: World, place: HeadPlace, causal = true) {
  return {
    id,
    label: 'Weight',
    provenance: 'learned' as const,
    source: `${world.model.name}, layer ${place.layer}, head ${place.head}${causal ? '' : ', without its mask'}`,
  };
}

/** One word's row of weights; with `next`, also the likeliest next words after the whole text. */
export function arcsData(
  ask: PatternAsk & Looking & { next?: number },
  pattern: Pattern,
  world: World,
  name: string,
): FigureData {
  const looking = placeOf(ask, pattern) ?? pattern.words.length - 1;
  const row = pattern.weights[looking];
  const columns: Column[] = [
    { id: 'word', label: 'Word looked at', unit: 'word' },
    { id: 'place', label: 'Place', unit: 'count' },
    { id: 'weight', label: 'Weight', unit: 'weight', series: 'weight', empty: 'not read yet' },
  ];
  const rows: Cell[][] = pattern.words.map((word, i) => [word, i, row[i] ?? null]);
  const series = [headSeries('weight', world, pattern, ask.causal)];
  let groups: Group[] | undefined;
  if (ask.next) {
    columns.push({ id: 'next', label: 'Probability of being next', unit: 'probability', series: 'next' });
    series.push({ id: 'next', label: 'Next word', provenance: 'learned', source: world.model.name });
    for (const r of rows) r.push(null);
    const { top, rest } = topWords(pattern.odds, ask.next);
    const next: Cell[][] = [...top, [OTHER_WORDS, rest] as const].map(([word, p]) => [word, null, null, p]);
    groups = [
      { from: 0, to: rows.length, columns: ['word', 'place', 'weight'], total: 'All together' },
      {
        label: 'What it will say next',
        from: rows.length,
        to: rows.length + next.length,
        columns: ['word', 'next'],
        total: 'All together',
      },
    ];
    rows.push(...next);
  } else groups = [{ from: 0, to: rows.length, total: 'All together' }];
  return {
    kind: 'arcs',
    name,
    title: ask.title,
    caption: ask.caption,
    series,
    axes: { rows: 'the word looked at', columns: `how much *${pattern.words[looking]}* looks at it` },
    columns,
    rows,
    groups,
    notice: noticeOfRow(pattern.words, row, looking),
    detail: {
      text: ask.text,
      words: pattern.words,
      looking,
      layer: pattern.layer,
      head: pattern.head,
      ...(ask.role ? { role: ask.role } : {}),
      ...(ask.causal === false ? { causal: false } : {}),
      ...(ask.tools ? { tools: ask.tools } : {}),
    },
  };
}

/** All rows of one head as a square table: row, the word that looks; column, the word looked at. */
export function heatmapData(
  ask: PatternAsk & Looking & { numbers?: 'none' | 'row' | 'all' },
  pattern: Pattern,
  world: World,
  name: string,
): FigureData {
  const looking = placeOf(ask, pattern);
  const shown = pattern.words;
  const names = wordNames(shown);
  return {
    kind: 'heatmap',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [headSeries('weight', world, pattern, ask.causal)],
    axes: { rows: 'the word that looks', columns: 'the word looked at' },
    columns: [
      { id: 'word', label: 'Word that looks', unit: 'word' },
      ...shown.map(
        (word, i): Column => ({ id: names[i], label: word, unit: 'weight', series: 'weight', empty: 'not read yet' }),
      ),
    ],
    rows: shown.map((word, i) => [word, ...shown.map((_, j) => pattern.weights[i][j] ?? null)]),
    notice: noticeOfPattern(pattern.words, pattern.weights, looking),
    detail: {
      text: ask.text,
      words: pattern.words,
      layer: pattern.layer,
      head: pattern.head,
      numbers: ask.numbers ?? (looking === undefined ? 'none' : 'row'),
      ...(looking === undefined ? {} : { looking }),
      ...(ask.role ? { role: ask.role } : {}),
      ...(ask.causal === false ? { causal: false } : {}),
      ...(ask.tools ? { tools: ask.tools } : {}),
    },
  };
}

/** The weights of a heatmap's table again: rows up to the looking word, or whole ones where the mask is off. */
export function weightsOf(data: FigureData): number[][] {
  return data.rows.map((row) => row.slice(1).filter((cell): cell is number => typeof cell === 'number'));
}

/** Whether words look at those after them. */
export function isUnmasked(weights: readonly (readonly number[])[]): boolean {
  return weights.length > 1 && weights[0].length > 1;
}

const ORDER = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** 21st, 62nd, 13th. */
export function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][n % 10]) ?? 'th'}`;
}

/** How a sentence names a place of the text: the start, the word itself, the word, or the second of its kind. */
export function called(words: readonly string[], place: number, looking: number): string {
  if (place === looking) return 'itself';
  if (place === 0) return 'the start';
  const word = words[place];
  const same = words.flatMap((w, i) => (w === word ? [i] : []));
  if (same.length === 1) return `*${word}*`;
  const nth = same.indexOf(place);
  return `the ${ORDER[nth] ?? ordinal(nth + 1)} *${word}*`;
}

/** What one row shows, said only where it is so. */
export function noticeOfRow(words: readonly string[], row: readonly number[], looking = row.length - 1): string {
  if (row.every((w) => w === 0)) {
    return `Every link of *${words[looking]}* is cut. It looks at nothing, and this head brings it nothing.`;
  }
  if (row.length === 1) {
    return 'Before the first word there is nothing to look at but the place itself, so all of the weight stays there: 100\u00a0%.';
  }
  const asker = `*${words[looking]}*`;
  const percents = wholePercents(row);
  const order = row.map((w, i) => ({ w, i })).sort((a, b) => b.w - a.w || b.i - a.i);
  const [first, second] = order;
  const say = (i: number) => (percents[i] === 0 ? 'less than 1\u00a0%' : withPercentSign(percents[i]));
  const at = (i: number) => called(words, i, looking);
  const then =
    second.i === looking ? `the word itself keeps ${say(looking)}` : `next comes ${at(second.i)} with ${say(second.i)}`;
  let sentence: string;
  if (percents[first.i] === 100) {
    sentence = `All of the weight of ${asker}, but for a trace, lands on ${at(first.i)}: ${say(first.i)}.`;
  } else if (percents[first.i] >= 90) {
    sentence = `Nearly all of the weight of ${asker} lands on ${at(first.i)}: ${say(first.i)}.`;
  } else if (percents[first.i] >= 50) {
    const part = percents[first.i] === 50 ? 'Half' : 'More than half';
    sentence = `${part} of the weight of ${asker}, ${say(first.i)}, lands on ${at(first.i)}; ${then}.`;
  } else if (percents[first.i] - percents[second.i] <= 5) {
    sentence = `No word wins outright: ${asker} gives ${say(first.i)} to ${at(first.i)} and ${say(second.i)} to ${at(second.i)}.`;
  } else {
    sentence = `The largest share of ${asker}, ${say(first.i)}, goes to ${at(first.i)}; ${then}. Nothing has more than half.`;
  }
  if (looking < row.length - 1) {
    const ahead = percents.slice(looking + 1).reduce((sum, percent) => sum + percent, 0);
    const much = ahead === 0 ? 'less than 1\u00a0%' : withPercentSign(ahead);
    return `${sentence} To the words after it, which the mask would hide, goes ${much}.`;
  }
  const back = looking - first.i;
  const before = looking - 1;
  if (back >= 2 && before > 0 && first.i !== 0) {
    const nearer = second.i === before ? '' : `; the word just before, ${at(before)}, gets ${say(before)}`;
    const where = at(first.i);
    sentence += ` ${where.charAt(0).toUpperCase()}${where.slice(1)} stands ${back} places back${nearer}.`;
  }
  return sentence;
}

/** Where the largest weight of a row lies; of several, the last. */
export function peakOf(row: readonly number[]): number {
  return row.reduce((best, w, j) => (w >= row[best] ? j : best), 0);
}

/** Habits that a head may have, and how a sentence says them of one word and of several. */
export const habits = {
  before: { one: 'the place just before it', each: 'the place just before them' },
  self: { one: 'itself', each: 'themselves' },
  start: { one: 'the start', each: 'the start' },
  second: { one: 'the second place before it', each: 'the second place before them' },
} as const;
export type Habit = keyof typeof habits;

/** What more than six in ten words of a text do alike in one head, the start left out; undefined where they agree on nothing. */
export function habitOf(weights: readonly (readonly number[])[]): { is: Habit; many: number } | undefined {
  const peaks = weights.map(peakOf).slice(1);
  const count = (test: (peak: number, i: number) => boolean) => peaks.filter((peak, k) => test(peak, k + 1)).length;
  const [best] = [
    { is: 'before' as const, many: count((peak, i) => peak === i - 1) },
    { is: 'self' as const, many: count((peak, i) => peak === i) },
    { is: 'start' as const, many: count((peak) => peak === 0) },
    { is: 'second' as const, many: count((peak, i) => peak === i - 2) },
  ].sort((a, b) => b.many - a.many);
  return best.many > peaks.length * 0.6 ? best : undefined;
}

/** How much is looked ahead where the mask is off. The last word has nothing ahead of it. */
function noticeOfPeeking(weights: readonly (readonly number[])[]): string {
  const able = weights.slice(0, -1);
  const many = able.filter((row, i) => peakOf(row) > i).length;
  const ahead = able.map((row, i) => row.slice(i + 1).reduce((sum, w) => sum + w, 0));
  const share = ahead.reduce((sum, w) => sum + w, 0) / able.length;
  const most = many === 0 ? 'none looks' : many === 1 ? 'one looks' : `${many} look`;
  const much = share < 0.005 ? 'less than 1\u00a0%' : withPercentSign(Math.round(share * 100));
  return `Of the ${able.length} places with something ahead of them, ${most} most at a later word. On average a place gives ${much} of its weight to what comes after it.`;
}

/** What the whole staircase shows: a habit where most rows share one, else its darkest cells. */
export function noticeOfPattern(words: readonly string[], weights: readonly number[][], looking?: number): string {
  const rows = weights.slice(1);
  if (rows.length === 0) return 'With one place there is one weight, and it is 1.';
  const peak = rows.map(peakOf);
  const habit = habitOf(weights);
  let sentence: string;
  if (isUnmasked(weights)) {
    sentence = noticeOfPeeking(weights);
  } else if (habit) {
    sentence =
      habit.many === rows.length
        ? `Every word here looks most at ${habits[habit.is].one}.`
        : `${habit.many} of these ${rows.length} words look most at ${habits[habit.is].each}.`;
  } else {
    const cells = rows.flatMap((row, k) => row.map((w, j) => ({ w, i: k + 1, j }))).filter((c) => c.j > 0 && c.j < c.i);
    const [best] = cells.sort((a, b) => b.w - a.w);
    sentence = best
      ? `Its strongest look from one word to another: *${words[best.i]}* gives ${withPercentSign(wholePercents(weights[best.i])[best.j])} to *${words[best.j]}*.`
      : '';
  }
  if (looking !== undefined && looking > 0 && weights[looking].some((w) => w > 0)) {
    const row = weights[looking];
    const j = peak[looking - 1];
    sentence += ` In the framed row, *${words[looking]}* looks most at ${called(words, j, looking)}: ${withPercentSign(wholePercents(row)[j])}.`;
  }
  const whole = weights.every((row) => row.some((w) => w > 0));
  return `${sentence}${whole ? ' Each row adds up to 100\u00a0%.' : ''}`.trim();
}
