/** What softmax makes of dot products of random lists, short and long, with and without the division by √d. */
import { mulberry32 } from '../language/random.ts';
import type { Column, FigureData } from './figure-data.ts';
import { softmax } from './list-arithmetic.ts';
import { rounded, sayShare, saySigned } from './numbers.ts';

/** What came of one length of list. */
export interface Spread {
  length: number;
  /** How far the scores lie from zero, root mean square: as they are, and divided by the root of the length. */
  raw: number;
  divided: number;
  /** The weights from the largest down, as they come out on average: without the division, and with it. */
  undividedWeights: number[];
  dividedWeights: number[];
}

/** Numbers as chance makes them where many small causes add up, mean 0 and spread 1: Box and Muller 1958. */
function normal(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Draws a query and some keys again and again.
 * @param length numbers in each list
 * @param keys how many keys one query meets
 * @param draws how often
 */
export function spreadOf(length: number, keys: number, draws: number, seed: number): Spread {
  const next = normal(mulberry32(seed));
  const root = Math.sqrt(length);
  const undividedWeights = new Array<number>(keys).fill(0);
  const dividedWeights = new Array<number>(keys).fill(0);
  let squares = 0;
  const add = (sums: number[], scores: readonly number[]) => {
    const sorted = softmax(scores).sort((a, b) => b - a);
    sorted.forEach((weight, rank) => {
      sums[rank] += weight / draws;
    });
  };
  for (let draw = 0; draw < draws; draw++) {
    const query = Array.from({ length }, next);
    const scores = Array.from({ length: keys }, () => query.reduce((sum, x) => sum + x * next(), 0));
    squares += scores.reduce((sum, score) => sum + score * score, 0);
    add(undividedWeights, scores);
    add(
      dividedWeights,
      scores.map((score) => score / root),
    );
  }
  const raw = Math.sqrt(squares / (draws * keys));
  return { length, raw, divided: raw / root, undividedWeights, dividedWeights };
}

/** '64 numbers': how a length stands in the table. */
export const sayLength = (length: number) => `${length} numbers`;

/** The figure. */
export function spreadData(
  ask: { title: string; caption: string; keys: number; draws: number; seed: number },
  spreads: readonly Spread[],
  name: string,
): FigureData {
  const number = (id: string, label: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'draws',
    scale: 'spread',
  });
  const share = (id: string, label: string): Column => ({ id, label, unit: 'share', series: 'draws' });
  const ranks = spreads.flatMap(({ length }) => [
    share(`undivided ${length}`, `${sayLength(length)}, undivided`),
    share(`divided ${length}`, `${sayLength(length)}, divided`),
  ]);
  const summary = ['raw', 'divided', 'top', 'top divided'];
  const rows = spreads.map((spread) => [
    sayLength(spread.length),
    ...[spread.raw, spread.divided, spread.undividedWeights[0], spread.dividedWeights[0]].map(rounded),
    ...ranks.map(() => null),
  ]);
  const rankRows = Array.from({ length: ask.keys }, (_, rank) => [
    String(rank + 1),
    ...summary.map(() => null),
    ...spreads.flatMap((spread) => [spread.undividedWeights[rank], spread.dividedWeights[rank]]).map(rounded),
  ]);
  const draws = ask.draws.toLocaleString('en');
  return {
    kind: 'spread',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [{ id: 'draws', label: 'Draws', provenance: 'random', source: `${draws} draws of ${ask.keys} keys` }],
    axes: { rows: 'how long the lists are', columns: 'what softmax makes of their dot products' },
    columns: [
      { id: 'length', label: 'Lists of', unit: 'text' },
      number('raw', 'How widely the dot products spread'),
      number('divided', 'The same, divided by the root'),
      share('top', 'Largest weight, undivided'),
      share('top divided', 'Largest weight, divided'),
      ...ranks,
    ],
    rows: [...rows, ...rankRows],
    groups: [
      { from: 0, to: rows.length, columns: ['length', ...summary] },
      {
        from: rows.length,
        to: rows.length + ask.keys,
        columns: ['length', ...ranks.map(({ id }) => id)],
        first: 'Place by weight',
      },
    ],
    notice: noticeOfSpreads(spreads),
    detail: { lengths: spreads.map(({ length }) => length), keys: ask.keys, seed: ask.seed },
  };
}

/** How much the winner takes at the shortest and the longest lists, undivided and divided. */
function noticeOfSpreads(spreads: readonly Spread[]): string {
  const [first, last] = [spreads[0], spreads.at(-1)!];
  const undivided = ({ undividedWeights }: Spread) => sayShare(undividedWeights[0]);
  const divided = ({ dividedWeights }: Spread) => sayShare(dividedWeights[0]);
  if (spreads.length === 1) {
    return `With lists of ${sayLength(first.length)}, the winner takes ${undivided(first)} on average; after the division ${divided(first)}.`;
  }
  return `Without the division, the winner takes ${undivided(first)} on average with lists of ${sayLength(first.length)}, and ${undivided(last)} with lists of ${sayLength(last.length)}, where the dot products spread ${saySigned(last.raw, 1)} wide. Divided by the root, they spread ${saySigned(last.divided, 1)} wide, and the winner takes ${divided(last)}.`;
}
