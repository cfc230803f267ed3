/** One dot product with everything that goes into it, as the data of a figure. */

import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Series } from './figure-data.ts';
import { dot, softmax } from './list-arithmetic.ts';
import { rounded, saySigned } from './numbers.ts';
import { headSeries } from './pattern.ts';
import type { HeadPlace, World } from './world.ts';

export interface Products {
  /** Whose they are; absent where an author typed them. */
  query: { word?: string; list: number[] };
  key: { word?: string; list: number[] };
  score: number;
  scaled: number;
  /** What softmax makes of the score, among the scores of how many keys. */
  weight: number;
  among: number;
  series: Series;
}

/** Lists that an author typed. There is one score, and softmax has no other to hold it against. */
export function handMadeProducts(query: number[], key: number[]): Products {
  const score = dot(query, key);
  const scaled = score / Math.sqrt(query.length);
  return {
    query: { list: query },
    key: { list: key },
    score,
    scaled,
    weight: softmax([scaled])[0],
    among: 1,
    series: { id: 'lists', label: 'Lists', provenance: 'hand-made', source: 'typed by an author' },
  };
}

/** Lists of a head: the query of word number `looking` and the key of word number `at`, out of a run. */
export function learnedProducts(
  trace: ForwardTrace,
  words: readonly string[],
  { layer, head }: HeadPlace,
  looking: number,
  at: number,
  world: World,
): Products {
  const { nHeads, nKeyHeads, headDim } = world.model.config;
  const { queries, keys, attention } = trace.layers[layer - 1];
  const n = words.length;
  const query = (head - 1) * n + looking;
  const key = Math.floor(((head - 1) * nKeyHeads) / nHeads) * n + at;
  const list = (all: Float32Array | Float64Array, row: number) =>
    Array.from(all.subarray(row * headDim, (row + 1) * headDim));
  const cell = query * n + at;
  return {
    query: { word: words[looking], list: list(queries, query) },
    key: { word: words[at], list: list(keys, key) },
    score: attention.scores[cell],
    scaled: attention.scaled[cell],
    weight: attention.weights[cell],
    among: looking + 1,
    series: { ...headSeries('lists', world, { layer, head }), id: 'lists' },
  };
}

/** The root of a length: '4', '1.73'. */
export function sayRoot(length: number): string {
  const root = Math.sqrt(length);
  return saySigned(root, Number.isInteger(root) ? 0 : 2);
}

/** The figure. */
export function productsData(
  ask: { title: string; caption: string },
  { query, key, score, scaled, weight, among, series }: Products,
  name: string,
): FigureData {
  const number = (id: string, label: string, scale: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'lists',
    scale,
  });
  const of = (role: string, word?: string) => (word ? `${role} of ${word}` : role);
  const each = query.list.map((x, c) => rounded(x * key.list[c]));
  const rows: Cell[][] = each.map((product, c) => [
    String(c + 1),
    rounded(query.list[c]),
    rounded(key.list[c]),
    product,
    null,
    null,
  ]);
  const split = rows.length;
  const root = sayRoot(split);
  rows.push(['dot product', null, null, null, rounded(score), null]);
  rows.push(['divided', null, null, null, rounded(scaled), null]);
  rows.push(['softmax', null, null, null, null, rounded(weight)]);
  return {
    kind: 'products',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [series],
    axes: { rows: 'a place in the two lists', columns: 'query times key' },
    columns: [
      { id: 'place', label: 'Place in the lists', unit: 'text' },
      number('query', of('Query', query.word), 'query'),
      number('key', of('Key', key.word), 'key'),
      number('product', 'Product', 'product'),
      number('score', 'Score', 'score'),
      { id: 'weight', label: 'Weight', unit: 'share', series: 'lists' },
    ],
    rows,
    groups: [
      { from: 0, to: split, columns: ['place', 'query', 'key', 'product'], total: 'Added up', sums: ['product'] },
      { from: split, to: split + 2, columns: ['place', 'score'], first: 'Step' },
      { from: split + 2, to: split + 3, columns: ['place', 'weight'], first: 'Step' },
    ],
    notice: noticeOfProducts(each, score, root, scaled, weight, among),
    detail: { ...(query.word && { looking: query.word, at: key.word }), among },
  };
}

/** Where the dot product comes from, and what becomes of it. */
function noticeOfProducts(
  each: readonly number[],
  score: number,
  root: string,
  scaled: number,
  weight: number,
  among: number,
): string {
  const largest = each.reduce((best, x, c) => (Math.abs(x) > Math.abs(each[best]) ? c : best), 0);
  // As many decimals as the picture has.
  const say = (value: number) => saySigned(value, among === 1 ? 3 : 2);
  const most = `The largest of the ${each.length} products is number ${largest + 1}, ${say(each[largest])}`;
  const sums = `${most}; all of them add up to ${say(score)}, and divided by ${root} that is ${say(scaled)}.`;
  return among === 1
    ? `${sums} It is the only score there is, so softmax makes ${saySigned(weight, 0)} of it, as it would of any other.`
    : sums;
}
