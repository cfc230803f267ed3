/** The same words in two texts: how far apart their lists of numbers lie after every step, as the data of a figure. */
import type { FloatArray } from '../attention/attend.ts';
import { bothNext } from './compare-data.ts';
import type { Cell, Column, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { rounded, sayAngle } from './numbers.ts';
import { type Odds, oddsOfModel } from './odds.ts';
import { readText } from './pattern.ts';
import { findWord } from './text.ts';
import type { World } from './world.ts';

export interface ApartAsk {
  title: string;
  caption: string;
  words: readonly string[];
  /** What each is called in the picture, and the text itself. */
  texts: readonly { say: string; text: string }[];
}

/** Both texts, read. */
export interface Apart {
  words: readonly string[];
  /** bare; then of each layer, after attention and after the feed-forward step. */
  stages: string[];
  /** [word][text][stage]: [width] */
  lists: FloatArray[][][];
  /** [word][stage], in degrees. */
  angles: number[][];
  /** What comes next after either text. */
  odds: [Odds, Odds];
}

/** The steps of a model at which a list is looked at. */
export function stagesOf(nLayers: number): string[] {
  const layers = Array.from({ length: nLayers }, (_, l) => l + 1);
  return ['bare', ...layers.flatMap((layer) => [`layer ${layer}, attention`, `layer ${layer}, feed-forward`])];
}

/** 'as the bare word', 'after attention in layer 2'. */
export function sayStage(stage: string): string {
  const match = /^(layer \d+), (.*)$/.exec(stage);
  if (!match) return 'as the bare word';
  return match[2] === 'attention' ? `after attention in ${match[1]}` : `after the feed-forward step of ${match[1]}`;
}

/**
 * Runs both texts.
 * @throws FigureError when a text cannot be read or lacks one of the words
 */
export async function readApart({ words, texts }: Pick<ApartAsk, 'words' | 'texts'>, world: World): Promise<Apart> {
  const { width, nLayers } = world.model.config;
  const stages = stagesOf(nLayers);
  const lists: FloatArray[][][] = words.map(() => []);
  const odds: Odds[] = [];
  for (const { text } of texts) {
    const read = readText(text, world, 'texts');
    const trace = await world.run(read.ids);
    const all = [trace.embedding, ...trace.layers.flatMap(({ afterAttention, output }) => [afterAttention, output])];
    words.forEach((word, k) => {
      const place = placeIn(read.words, word);
      lists[k].push(all.map((rows) => rows.slice(place * width, (place + 1) * width)));
    });
    odds.push(oddsOfModel(trace, world));
  }
  const angles = lists.map(([first, second]) => stages.map((_, stage) => angleBetween(first[stage], second[stage])));
  return { words, stages, lists, angles, odds: [odds[0], odds[1]] };
}

function placeIn(words: readonly string[], word: string): number {
  try {
    return findWord(words, word, 'words');
  } catch (error) {
    throw new FigureError(`${(error as Error).message} Each word has to stand in both texts.`, 'words');
  }
}

/**
 * The angle between two lists, in degrees: 0 in the same direction, 90 with nothing in common, 180 the opposite way.
 * By the half angle, which stays exact where the lists nearly agree (Kahan 2006, "How futile are mindless assessments of
 * roundoff", section 12).
 */
export function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const size = (list: ArrayLike<number>) => Math.hypot(...Array.from(list));
  const [sizeA, sizeB] = [size(a), size(b)];
  if (sizeA === 0 || sizeB === 0) return 0;
  const units = Array.from(a, (x, i): [number, number] => [x / sizeA, b[i] / sizeB]);
  const apart = Math.hypot(...units.map(([x, y]) => x - y));
  const together = Math.hypot(...units.map(([x, y]) => x + y));
  return (2 * Math.atan2(apart, together) * 180) / Math.PI;
}

/** Which lists stand side by side below the angles. */
export interface ShownLists {
  word: number;
  stage: number;
}

/** The figure. */
export function apartData(
  ask: ApartAsk,
  apart: Apart,
  { next, shown }: { next: number; shown: ShownLists },
  world: World,
  name: string,
): FigureData {
  const { words, stages, lists, angles, odds } = apart;
  const [here, there] = ask.texts.map(({ say }) => say);
  const pair = lists[shown.word].map((all) => all[shown.stage]);
  const list = (id: string, label: string): Column => ({ id, label, unit: 'number', series: 'lists', scale: 'lists' });
  const odd = (id: string, label: string): Column => ({ id, label, unit: 'probability', series: 'next' });
  const columns: Column[] = [
    { id: 'stage', label: 'When', unit: 'text' },
    ...words.map((word): Column => ({ id: word, label: `Angle of ${word}`, unit: 'degrees', series: 'lists' })),
    list('first', `${words[shown.word]}, ${here}`),
    list('second', `${words[shown.word]}, ${there}`),
    list('difference', 'Second less first'),
    odd('next', `Being next, ${here}`),
    odd('other next', `Being next, ${there}`),
  ];
  const cells = (at: string, filled: Record<string, Cell>): Cell[] =>
    columns.map(({ id }, c) => (c === 0 ? at : (filled[id] ?? null)));
  const rows = stages.map((stage, s) =>
    cells(stage, Object.fromEntries(words.map((word, k) => [word, rounded(angles[k][s])]))),
  );
  const ofLists = rows.length;
  Array.from(pair[0]).forEach((first, c) => {
    const second = pair[1][c];
    const numbers = { first: rounded(first), second: rounded(second), difference: rounded(second - first) };
    rows.push(cells(String(c + 1), numbers));
  });
  const ofNext = rows.length;
  for (const [word, p, q] of bothNext(odds[0], odds[1], next)) rows.push(cells(word, { next: p, 'other next': q }));
  return {
    kind: 'apart',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [
      { id: 'lists', label: world.model.name, provenance: 'learned', source: world.model.name },
      { id: 'next', label: 'Next word', provenance: 'learned', source: world.model.name },
    ],
    axes: { rows: 'a step of the model', columns: 'the angle between the two lists of a word, one from each text' },
    columns,
    rows,
    groups: [
      { from: 0, to: ofLists, columns: ['stage', ...words] },
      {
        from: ofLists,
        to: ofNext,
        columns: ['stage', 'first', 'second', 'difference'],
        first: `Place in the list, ${sayStage(stages[shown.stage])}`,
      },
      {
        from: ofNext,
        to: rows.length,
        columns: ['stage', 'next', 'other next'],
        first: 'Next word',
        total: 'All together',
      },
    ],
    notice: noticeOfApart(apart, [here, there]),
    detail: { words, texts: ask.texts, shown, next },
  };
}

/** How much wider than the last angle another must be to be told of, in degrees. */
const WIDER = 5;

/** What the angles show, said only where it is so. */
export function noticeOfApart({ words, stages, angles, odds }: Omit<Apart, 'lists'>, says: readonly string[]): string {
  const sentences = words.map((word, k) => {
    const row = angles[k];
    const last = row.at(-1)!;
    const most = row.indexOf(Math.max(...row));
    if (row[most] < 0.05) return `*${word}* stays the same list in both texts.`;
    const first = row.findIndex((angle) => angle >= 0.05);
    const widest =
      row[most] - last < WIDER ? '' : `, and lie farthest apart ${sayStage(stages[most])}, at ${sayAngle(row[most])}`;
    return `At the end the two lists of *${word}* are ${sayAngle(last)} apart; they first part ${sayStage(stages[first])}${widest}.`;
  });
  const best = (all: Odds) => [...all].reduce((top, entry) => (entry[1] > top[1] ? entry : top))[0];
  const [here, there] = odds.map(best);
  sentences.push(
    here === there
      ? `Likeliest to come next is *${here}* in both texts.`
      : `Likeliest to come next: *${here}* ${says[0]}, *${there}* ${says[1]}.`,
  );
  return sentences.join(' ');
}
