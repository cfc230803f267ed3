/** Rotary positions of one query and one key, as the data of a figure. */

import { rotate, rotationTable } from '../model/layers.ts';
import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Series } from './figure-data.ts';
import { rounded } from './numbers.ts';
import { called, headSeries } from './pattern.ts';
import { wordNames } from './text.ts';
import type { HeadPlace, World } from './world.ts';

/** A query and a key before they are turned, and how fast their pairs turn. */
export interface Turning extends HeadPlace {
  /** `words[0]` is the start. */
  words: readonly string[];
  /** Places of the word that looks and of the word looked at, the second not after the first. */
  looking: number;
  at: number;
  /** Which pairs are shown, counted from 1. */
  pairs: readonly number[];
  /** Degrees from one place to the next, for every pair of a list. */
  degrees: number[];
  /** [headDim] */
  query: number[];
  key: number[];
  /** See `LlamaConfig`. */
  ropeBase: number;
}

/** How many places have a dial, and how many distances a score at least. */
const PLACES = 8;
/** Where the key stands when both hands of a pair are shown; last, the key stays behind and the query goes on as far. */
const MOVES = [0, 3, 6];
const APART = 3;
/** The same two words are looked at once more, so many places further on. */
export const FURTHER = 10;

/** One query and one key out of a run. `[looking, at]` are their places. */
export function turning(
  trace: ForwardTrace,
  words: readonly string[],
  { layer, head }: HeadPlace,
  [looking, at]: readonly [number, number],
  pairs: readonly number[],
  { model }: World,
): Turning {
  const { nHeads, nKeyHeads, headDim, ropeBase } = model.config;
  const { queriesBeforeRotation, keysBeforeRotation } = trace.layers[layer - 1];
  const n = words.length;
  const list = (all: Float32Array | Float64Array, row: number) =>
    Array.from(all.subarray(row * headDim, (row + 1) * headDim), rounded);
  const keyHead = Math.floor(((head - 1) * nKeyHeads) / nHeads);
  const degrees = Array.from({ length: headDim / 2 }, (_, i) => (180 / Math.PI) * ropeBase ** ((-2 * i) / headDim));
  return {
    ...{ words, layer, head, looking, at, pairs, degrees, ropeBase },
    query: list(queriesBeforeRotation, (head - 1) * n + looking),
    key: list(keysBeforeRotation, keyHead * n + at),
  };
}

/**
 * What each pair adds to the dot product of query and key, as they stand at these places: [headDim / 2].
 */
export function productsAt({ query, key, ropeBase }: Turning, queryPlace: number, keyPlace: number): number[] {
  const turn = (list: readonly number[], place: number) =>
    rotate(Float64Array.from(list), list.length, rotationTable([place], list.length, ropeBase));
  const [q, k] = [turn(query, queryPlace), turn(key, keyPlace)];
  return Array.from({ length: query.length / 2 }, (_, i) => q[2 * i] * k[2 * i] + q[2 * i + 1] * k[2 * i + 1]);
}

/** The dot product of query and key as they stand at these places. */
export function scoreAt(turn: Turning, queryPlace: number, keyPlace: number): number {
  return productsAt(turn, queryPlace, keyPlace).reduce((sum, product) => sum + product, 0);
}

/** Where the hand of a pair points before it is turned, in degrees from the first of its two numbers. */
export function direction(list: readonly number[], pair: number): number {
  return (180 / Math.PI) * Math.atan2(list[2 * pair - 1], list[2 * pair - 2]);
}

/** The figure. */
export function rotationData(
  ask: { title: string; caption: string; text: string; role?: string },
  turn: Turning,
  world: World,
  name: string,
): FigureData {
  const { words, looking, at, pairs, degrees } = turn;
  const names = wordNames(words);
  const apart = looking - at;
  const number = (id: string, label: string, series: string, scale?: string): Column => ({
    ...{ id, label, unit: 'number' as const, series },
    ...(scale && { scale }),
  });
  const dials = pairs.map((pair) => number(`pair ${pair}`, `Pair ${pair} turned by, in degrees`, 'turn', 'turn'));
  const hands = [
    number('query', `Query of ${names[looking]}, pair ${pairs[0]}, in degrees`, 'score', 'hand'),
    number('key', `Key of ${names[at]}, pair ${pairs[0]}, in degrees`, 'score', 'hand'),
    number('between', 'Between the two', 'score', 'hand'),
  ];
  const scores = [
    number('score', 'Dot product', 'score', 'score'),
    number('further', `Dot product, both ${FURTHER} places further on`, 'score', 'score'),
  ];
  const columns: Column[] = [{ id: 'what', label: 'Place', unit: 'text' }, ...dials, ...hands, ...scores];
  const line = (what: string, filled: Record<string, number>): Cell[] =>
    columns.map(({ id }, c) => (c === 0 ? what : filled[id] === undefined ? null : rounded(filled[id])));
  const rows: Cell[][] = [];
  for (let place = 0; place < PLACES; place++) {
    const turned = pairs.map((pair) => [`pair ${pair}`, place * degrees[pair - 1]]);
    rows.push(line(`place ${place}`, Object.fromEntries(turned)));
  }
  const [q, k] = [turn.query, turn.key].map((list) => direction(list, pairs[0]));
  const step = degrees[pairs[0] - 1];
  const pairsOfPlaces = [...MOVES.map((place) => [place + apart, place]), [MOVES[0] + apart + APART, MOVES[0]]];
  for (const [queryPlace, keyPlace] of pairsOfPlaces) {
    const [query, key] = [q + queryPlace * step, k + keyPlace * step];
    rows.push(line(`query at ${queryPlace}, key at ${keyPlace}`, { query, key, between: query - key }));
  }
  const scoresFrom = rows.length;
  const distances = Math.max(PLACES, apart + 1);
  for (let distance = 0; distance < distances; distance++) {
    const score = scoreAt(turn, distance, 0);
    rows.push(line(`distance ${distance}`, { score, further: scoreAt(turn, distance + FURTHER, FURTHER) }));
  }
  const learned = headSeries('score', world, turn);
  const series: Series[] = [
    { id: 'turn', label: 'Turned by', provenance: 'exact', source: 'the rule of rotary positions' },
    { ...learned, label: 'Dot product' },
  ];
  const ids = (of: Column[]) => ['what', ...of.map(({ id }) => id)];
  return {
    kind: 'rotation',
    name,
    title: ask.title,
    caption: ask.caption,
    series,
    axes: { rows: 'a pair of numbers', columns: 'the place in the text' },
    columns,
    rows,
    groups: [
      { from: 0, to: PLACES, columns: ids(dials) },
      { from: PLACES, to: scoresFrom, columns: ids(hands), first: 'Places' },
      { from: scoresFrom, to: rows.length, columns: ids(scores), first: 'Distance' },
    ],
    notice: noticeOfTurning(
      turn,
      rows.slice(scoresFrom).map((row) => row.slice(-2) as [number, number]),
    ),
    detail: {
      ...{ text: ask.text, words, looking, at, pairs, layer: turn.layer, head: turn.head },
      ...(ask.role ? { role: ask.role } : {}),
    },
  };
}

/** Degrees as they are said: '57°', '1.8°', '.006°'. */
export function sayDegrees(degrees: number): string {
  if (Math.abs(degrees) >= 9.95) return `${Math.round(degrees)}°`.replace('-', '−');
  return `${Number(degrees.toPrecision(2))}°`.replace('-', '−').replace(/^(−?)0\./, '$1.');
}

/** How fast the pairs turn, and at which distance these two agree most; said only where it is so. */
export function noticeOfTurning(turn: Turning, scores: readonly (readonly [number, number])[]): string {
  const { words, looking, at, pairs, degrees } = turn;
  const speeds = pairs.map((pair) => ({ pair, degrees: degrees[pair - 1] })).sort((a, b) => b.degrees - a.degrees);
  const [fast, slow] = [speeds[0], speeds.at(-1)!];
  const fastest = `Pair ${fast.pair} turns by ${sayDegrees(fast.degrees)} from one place to the next`;
  const turns = fast === slow ? fastest : `${fastest}, pair ${slow.pair} by ${sayDegrees(slow.degrees)}`;
  const best = scores.reduce((top, [score], i) => (score > scores[top][0] ? i : top), 0);
  const apart = looking - at;
  const asker = looking === 0 ? 'the start' : `*${words[looking]}*`;
  const whose = at === looking ? 'its own key' : `the key of ${called(words, at, looking)}`;
  const here = best === apart ? 'the distance at which they stand' : `here they stand ${apart} apart`;
  const places = best === 1 ? '1 place' : `${best} places`;
  return `${turns}. Of the distances shown, the query of ${asker} and ${whose} agree most at ${places}${best === apart ? ', ' : '; '}${here}.`;
}
