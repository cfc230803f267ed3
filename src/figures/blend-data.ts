/** What one head mixes into one word, as the data of a figure. */
import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Series } from './figure-data.ts';
import { rounded, wholePercents, withPercentSign } from './numbers.ts';
import { called, peakOf } from './pattern.ts';
import { wordNames } from './text.ts';
import type { HeadPlace, World } from './world.ts';

/** What reaches one word in one head. Lists a word are for the words up to the looking one. */
export interface RowBlend extends HeadPlace {
  /** All words of the text; `words[0]` is the start. */
  words: readonly string[];
  /** The word that looks. */
  looking: number;
  space: 'head' | 'word';
  /** Adds up to 1. */
  weights: number[];
  /** The value of each word: in the word's space, what the head's output matrix makes of it. */
  values: number[][];
  /** The size of each of these lists: the root of the sum of its squares. */
  sizes: number[];
  /** The word's numbers before, what is added to them (in the word's space only), and after. */
  before: number[];
  added?: number[];
  after: number[];
}

const length = (list: readonly number[]) => Math.sqrt(list.reduce((sum, x) => sum + x * x, 0));

/** One row out of a run. */
export function rowBlend(
  trace: ForwardTrace,
  words: readonly string[],
  { layer, head }: HeadPlace,
  looking: number,
  space: 'head' | 'word',
  { model }: World,
): RowBlend {
  const { nHeads, nKeyHeads, headDim, width } = model.config;
  const { input, values, attention } = trace.layers[layer - 1];
  const n = words.length;
  const query = (head - 1) * n + looking;
  const firstKey = Math.floor(((head - 1) * nKeyHeads) / nHeads) * n;
  const list = (all: Float32Array | Float64Array, row: number, size: number) =>
    Array.from(all.subarray(row * size, (row + 1) * size));
  const weights = list(attention.weights, query, n).slice(0, looking + 1);
  const own = weights.map((_, j) => list(values, firstKey + j, headDim));
  const mixed = list(attention.output, query, headDim);
  const base = { words, layer, head, looking, space, weights: weights.map(rounded) };
  const exact = (lists: readonly number[][]) => ({
    values: lists.map((list) => list.map(rounded)),
    sizes: lists.map((list) => rounded(length(list))),
  });
  if (space === 'head') return { ...base, ...exact(own), before: own[looking].map(rounded), after: mixed.map(rounded) };
  // The head's columns of the output matrix [width, nHeads · headDim] bring its numbers into the word's.
  const matrix = model.weights.layers[layer - 1].attentionOutput;
  const toWord = (value: readonly number[]) =>
    Array.from({ length: width }, (_, c) => {
      const from = (c * nHeads + head - 1) * headDim;
      return value.reduce((sum, x, d) => sum + x * matrix[from + d], 0);
    });
  const before = list(input, looking, width);
  const added = toWord(mixed);
  return {
    ...base,
    ...exact(own.map(toWord)),
    before: before.map(rounded),
    added: added.map(rounded),
    after: before.map((x, c) => rounded(x + added[c])),
  };
}

/** What follows from weights and values: what each word brings, and how like its value the blend is. */
function outcomeOf({ weights, values, sizes }: Pick<RowBlend, 'weights' | 'values' | 'sizes'>) {
  const brought = weights.map((w, j) => w * sizes[j]);
  const all = brought.reduce((a, b) => a + b, 0);
  const shares = brought.map((x) => (all > 0 ? x / all : 1 / brought.length));
  const mixed = values[0].map((_, c) => values.reduce((sum, value, j) => sum + weights[j] * value[c], 0));
  const likeness = values.map((value, j) => {
    const lengths = sizes[j] * length(mixed);
    return lengths > 0 ? value.reduce((sum, x, c) => sum + x * mixed[c], 0) / lengths : 0;
  });
  return { brought, shares, mixed, likeness };
}

/** The figure. Its numbers are those of the series 'weight'. */
export function blendData(
  ask: { title: string; caption: string; text: string; role?: string },
  row: RowBlend,
  series: Series[],
  name: string,
): FigureData {
  const { words, looking, space, weights, values, sizes, before, added, after } = row;
  const names = wordNames(words);
  const { brought, shares, likeness } = outcomeOf(row);
  const number = (id: string, label: string, scale?: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'weight',
    ...(scale && { scale }),
  });
  const lists: Column[] =
    space === 'head'
      ? [number('before', `Own value of ${names[looking]}`, 'list'), number('after', 'Blend', 'list')]
      : [
          number('before', `${names[looking]} before`, 'list'),
          number('added', 'What this head adds', 'list'),
          number('after', `${names[looking]} after`, 'list'),
        ];
  const columns: Column[] = [
    { id: 'word', label: 'Word looked at', unit: 'word' },
    { id: 'weight', label: 'Weight', unit: 'weight', series: 'weight' },
    number('size', 'Size of its value'),
    number('brought', 'Weight × size'),
    { id: 'share', label: 'Share of all that is brought', unit: 'weight', series: 'weight' },
    { ...number('likeness', 'Likeness of the blend to its value'), scale: 'likeness' },
    ...lists,
    ...values.map((_, j) => number(valueColumn(names[j]), `Value of ${names[j]}`, 'list')),
  ];
  const none = [...lists, ...values].map(() => null);
  const rows: Cell[][] = weights.map((w, j) => [
    names[j],
    w,
    sizes[j],
    rounded(brought[j]),
    rounded(shares[j]),
    rounded(likeness[j]),
    ...none,
  ]);
  const split = rows.length;
  after.forEach((x, c) => {
    const cells = added ? [before[c], added[c], x] : [before[c], x];
    rows.push([String(c + 1), null, null, null, null, null, ...cells, ...values.map((value) => value[c])]);
  });
  return {
    kind: 'blend',
    name,
    title: ask.title,
    caption: ask.caption,
    series,
    axes: { rows: `a word that *${words[looking]}* looks at`, columns: 'how much it is looked at, how much it brings' },
    columns,
    rows,
    groups: [
      {
        from: 0,
        to: split,
        columns: ['word', 'weight', 'size', 'brought', 'share', 'likeness'],
        total: 'All together',
        sums: ['weight', 'brought', 'share'],
      },
      {
        from: split,
        to: rows.length,
        columns: ['word', ...columns.slice(6).map(({ id }) => id)],
        first: 'Place in the list',
      },
    ],
    notice: noticeOfBlend(row, shares),
    detail: {
      text: ask.text,
      words,
      looking,
      layer: row.layer,
      head: row.head,
      space,
      ...(ask.role ? { role: ask.role } : {}),
    },
  };
}

/** The column with the value of a word. */
const valueColumn = (name: string) => `value of ${name}`;

/** What a figure's table rests on. */
export function rowOf(data: FigureData): RowBlend {
  const { words, looking, layer, head, space } = data.detail as unknown as RowBlend;
  const { to } = data.groups![0];
  const column = (id: string, from: number, end: number) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return data.rows.slice(from, end).map((row) => row[c] as number);
  };
  const list = (id: string) => column(id, to, data.rows.length);
  return {
    ...{ words, looking, layer, head, space },
    weights: column('weight', 0, to),
    sizes: column('size', 0, to),
    values: wordNames(words)
      .slice(0, to)
      .map((name) => list(valueColumn(name))),
    before: list('before'),
    ...(space === 'word' && { added: list('added') }),
    after: list('after'),
  };
}

/** The same figure with weights of a reader's choosing; the values stay as they are. */
export function withWeights(data: FigureData, weights: number[]): FigureData {
  const row = { ...rowOf(data), weights };
  const { mixed } = outcomeOf(row);
  const { text, role } = data.detail as { text: string; role?: string };
  const ask = { title: data.title, caption: data.caption, text, ...(role && { role }) };
  const changed: RowBlend =
    row.space === 'head'
      ? { ...row, after: mixed.map(rounded) }
      : { ...row, added: mixed.map(rounded), after: row.before.map((x, c) => rounded(x + mixed[c])) };
  return blendData(ask, changed, data.series, data.name);
}

/**
 * Weights after one of them was set: the others keep their proportions, and all of them add up to 1. Where the others had
 * nothing they share the rest evenly.
 */
export function shareOut(weights: readonly number[], at: number, weight: number): number[] {
  if (weights.length === 1) return [1];
  const others = weights.reduce((sum, w, j) => (j === at ? sum : sum + w), 0);
  return weights.map((w, j) => {
    if (j === at) return weight;
    return others > 1e-9 ? (w / others) * (1 - weight) : (1 - weight) / (weights.length - 1);
  });
}

/** Whether those that are looked at most also bring most; said only where it is so. */
export function noticeOfBlend({ words, looking, weights }: RowBlend, shares: readonly number[]): string {
  const at = (j: number) => called(words, j, looking);
  if (weights.length === 1)
    return 'There is nothing to look at but the place itself: all the weight, and all that is brought.';
  const looked = wholePercents(weights);
  const brings = wholePercents(shares);
  const say = (percent: number) => (percent === 0 ? 'less than 1\u00a0%' : withPercentSign(percent));
  const [first, richest] = [peakOf(weights), peakOf(shares)];
  const name = (j: number) => (j === looking ? 'the word itself' : at(j));
  if (looked[first] === 100 && brings[first] === 100) {
    return `But for a trace, all of the weight of *${words[looking]}* goes to ${name(first)}, and all that is brought comes from there.`;
  }
  const most = `Most looked at is ${name(first)}, with ${say(looked[first])} of the weight of *${words[looking]}*`;
  const sentence =
    first === richest
      ? `${most}, and it also brings most: ${say(brings[first])} of all that is brought.`
      : `${most}, but it brings only ${say(brings[first])}; most comes from ${name(richest)}: ${say(brings[richest])}, for ${say(looked[richest])} of the weight.`;
  const gaps = shares.map((share, j) => share - weights[j]);
  const widest = gaps.reduce((best, gap, j) => (Math.abs(gap) > Math.abs(gaps[best]) ? j : best), 0);
  if (first !== richest || Math.abs(gaps[widest]) < 0.05 || widest === first) return sentence;
  const less = gaps[widest] < 0;
  return `${sentence} Farthest from its weight is ${name(widest)}: looked at with ${say(looked[widest])}, it brings ${less ? 'only ' : ''}${say(brings[widest])}, its value being ${less ? 'small' : 'large'}.`;
}
