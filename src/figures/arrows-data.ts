/** A query and a few keys of two numbers each, and the weights that follow from them, as the data of a figure. */
import type { Column, FigureData } from './figure-data.ts';
import { dot, softmax } from './list-arithmetic.ts';
import { rounded, saySigned, wholePercents, withPercentSign } from './numbers.ts';

/** A list of two numbers: how far across, how far up. */
export type Arrow = readonly [across: number, up: number];

/** Everything that a picture of arrows rests on. */
export interface Arrows {
  /** The word that looks. */
  word: string;
  query: Arrow;
  keys: { word: string; list: Arrow }[];
  /** What the scores are divided by before the softmax, beside √2; 1 in a model. */
  temperature: number;
}

/** An arrow longer than this would leave the picture. */
export const FARTHEST = 2.8;

/** Lists of two numbers: dot products are divided by the root of that. */
export const ROOT = Math.SQRT2;

/** The scores of all keys, divided by the root, and what softmax makes of them at this temperature. */
export function weigh({ query, keys, temperature }: Arrows) {
  const scores = keys.map(({ list }) => dot(query, list));
  const scaled = scores.map((score) => score / ROOT);
  return { scores, scaled, weights: softmax(scaled.map((score) => score / temperature)) };
}

/** The figure. */
export function arrowsData(ask: { title: string; caption: string }, arrows: Arrows, name: string): FigureData {
  const { word, query, keys, temperature } = arrows;
  const { scores, scaled, weights } = weigh(arrows);
  const number = (id: string, label: string, scale?: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'lists',
    ...(scale && { scale }),
  });
  const rows = keys.map(({ word: key, list }, k) => [
    key,
    ...[...list, query[0] * list[0], query[1] * list[1], scores[k], scaled[k], weights[k]].map(rounded),
  ]);
  return {
    kind: 'arrows',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [{ id: 'lists', label: 'Lists', provenance: 'hand-made', source: 'numbers made up for this page' }],
    axes: { rows: `a word whose key is held against the query of *${word}*`, columns: 'what becomes of the two lists' },
    columns: [
      { id: 'word', label: 'Key of', unit: 'word' },
      number('across', 'First number', 'lists'),
      number('up', 'Second number', 'lists'),
      number('first', 'Product of the first', 'scores'),
      number('second', 'Product of the second', 'scores'),
      number('score', 'Dot product', 'scores'),
      number('scaled', `Divided by ${saySigned(ROOT, 2)}`, 'scores'),
      { id: 'weight', label: 'Weight', unit: 'weight', series: 'lists' },
    ],
    rows: [...rows, [word, ...query.map(rounded), null, null, null, null, null]],
    groups: [
      { from: 0, to: keys.length, total: 'All together', sums: ['weight'] },
      { from: keys.length, to: keys.length + 1, columns: ['word', 'across', 'up'], first: 'Query of' },
    ],
    notice: noticeOfArrows(arrows),
    detail: { temperature },
  };
}

/** What the table of a figure rests on. */
export function arrowsOf(data: FigureData): Arrows {
  const list = (row: FigureData['rows'][number]) => [row[1] as number, row[2] as number] as const;
  const rows = data.rows.slice(0, -1);
  const last = data.rows.at(-1)!;
  return {
    word: String(last[0]),
    query: list(last),
    keys: rows.map((row) => ({ word: String(row[0]), list: list(row) })),
    temperature: data.detail.temperature as number,
  };
}

/** Which key gets most, which least, and that the least is still something. */
export function noticeOfArrows(arrows: Arrows): string {
  const { keys, temperature } = arrows;
  const { scores, weights } = weigh(arrows);
  const percents = wholePercents(weights);
  const order = keys.map((_, k) => k).sort((a, b) => weights[b] - weights[a] || a - b);
  const [most, least] = [order[0], order.at(-1)!];
  const share = (k: number) => (percents[k] === 0 ? 'less than 1\u00a0%' : withPercentSign(percents[k]));
  const says = (k: number) => `*${keys[k].word}*, with a dot product of ${saySigned(scores[k], 2)}`;
  const at = temperature === 1 ? '' : `At temperature ${sayTemperature(temperature)}: `;
  if (percents[most] === percents[least]) return `${at}the keys share the weight evenly, with ${share(most)} each.`;
  return `${at}${at ? 'm' : 'M'}ost weight goes to the key of ${says(most)}: ${share(most)}. Least goes to that of ${says(least)}, but ${share(least)} is not nothing.`;
}

/** '1', '0.5', '0.25'. */
export const sayTemperature = (temperature: number) => String(Number(temperature.toPrecision(3)));
