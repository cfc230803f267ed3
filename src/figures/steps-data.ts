/** One word's row in one head, step by step, as the data of a figure. */
import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Group } from './figure-data.ts';
import { rounded, saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { called, headSeries, peakOf } from './pattern.ts';
import { wordNames } from './text.ts';
import type { HeadPlace, World } from './world.ts';

/** What one word does in one head. `words[0]` is the start; lists a word are for all words of the text. */
export interface RowSteps extends HeadPlace {
  words: readonly string[];
  /** The word that looks. */
  looking: number;
  /** The looking word as the layer takes it in, stored where the layer is the first, and at standard size: [width] */
  taken: number[];
  normed: number[];
  /** [headDim] */
  query: number[];
  /** A word: [headDim] */
  keys: number[][];
  values: number[][];
  /** A word: query · key, then the same × scale. Later words have them too: only the mask takes them out. */
  scores: number[];
  scaled: number[];
  /** Up to the looking word: adds up to 1. */
  weights: number[];
  /** What the head hands on: [headDim] */
  blend: number[];
  /** The blend through the output table; what the other heads of the layer add; the word with all of it added: [width] */
  part: number[];
  others: number[];
  after: number[];
}

/** One row out of a run. */
export function rowSteps(
  trace: ForwardTrace,
  words: readonly string[],
  { layer, head }: HeadPlace,
  looking: number,
  { model }: World,
): RowSteps {
  const { width, nHeads, nKeyHeads, headDim } = model.config;
  const { input, attentionNorm, queries, keys, values, attention, attentionOutput, afterAttention } =
    trace.layers[layer - 1];
  const { attentionOutput: table } = model.weights.layers[layer - 1];
  const n = words.length;
  const query = (head - 1) * n + looking;
  const firstKey = Math.floor(((head - 1) * nKeyHeads) / nHeads) * n;
  const list = (all: Float32Array | Float64Array, row: number, length: number) =>
    Array.from(all.subarray(row * length, (row + 1) * length), rounded);
  const blend = Array.from(attention.output.subarray(query * headDim, (query + 1) * headDim));
  const part = Array.from({ length: width }, (_, c) => {
    const own = c * nHeads * headDim + (head - 1) * headDim;
    return blend.reduce((sum, x, k) => sum + x * table[own + k], 0);
  });
  const added = attentionOutput.subarray(looking * width, (looking + 1) * width);
  return {
    words,
    layer,
    head,
    looking,
    taken: list(input, looking, width),
    normed: list(attentionNorm, looking, width),
    query: list(queries, query, headDim),
    keys: words.map((_, j) => list(keys, firstKey + j, headDim)),
    values: words.map((_, j) => list(values, firstKey + j, headDim)),
    scores: list(attention.scores, query, n),
    scaled: list(attention.scaled, query, n),
    weights: list(attention.weights, query, n).slice(0, looking + 1),
    blend: blend.map(rounded),
    part: part.map(rounded),
    others: part.map((x, c) => rounded(added[c] - x)),
    after: list(afterAttention, looking, width),
  };
}

/** The figure; `opened` is the word whose key and value are shown and whose dot product is taken apart. Absent: the word looked at most. */
export function stepsData(
  ask: { title: string; caption: string; text: string; role?: string },
  row: RowSteps,
  opened: number | undefined,
  world: World,
  name: string,
): FigureData {
  const { words, looking } = row;
  const at = opened ?? peakOf(row.weights);
  const names = wordNames(words);
  const hidden = 'not read yet';
  const number = (id: string, label: string, scale: string, empty?: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'weight',
    scale,
    ...(empty && { empty }),
  });
  const me = names[looking];
  const parts = words.slice(0, looking + 1).map((_, j) => `part of ${names[j]}`);
  const columns: Column[] = [
    { id: 'word', label: 'Word looked at', unit: 'word' },
    number('score', 'Dot product', 'scores'),
    number('scaled', `Divided by ${sayRoot(row.query.length)}`, 'scores'),
    number('masked', 'Masked', 'scores', `out: ${hidden}`),
    { id: 'weight', label: 'Weight', unit: 'weight', series: 'weight', empty: hidden },
    number('query', `Query of ${me}`, 'query'),
    number('key', `Key of ${names[at]}`, 'key'),
    number('product', 'Product', 'product'),
    number('value', `Value of ${names[at]}`, 'values'),
    ...parts.map((id, j) => number(id, `Weight × value of ${names[j]}`, 'values')),
    number('blend', 'Blend', 'values'),
    number('taken', row.layer === 1 ? `${me}, as stored` : `${me}, after layer ${row.layer - 1}`, 'word'),
    number('normed', 'At standard size', 'normed'),
    number('part', `What head ${row.head} adds`, 'word'),
    number('others', 'What the other heads add', 'word'),
    number('after', 'With all of it added', 'word'),
  ];
  const cells = (at: string, filled: Record<string, Cell>): Cell[] =>
    columns.map(({ id }, c) => (c === 0 ? at : (filled[id] ?? null)));
  const rows: Cell[][] = names.map((word, j) =>
    cells(word, {
      score: row.scores[j],
      scaled: row.scaled[j],
      masked: j <= looking ? row.scaled[j] : null,
      weight: row.weights[j] ?? null,
    }),
  );
  const groups: Group[] = [
    {
      from: 0,
      to: rows.length,
      columns: ['word', 'score', 'scaled', 'masked', 'weight'],
      total: 'All together',
    },
  ];
  const first = 'Place in the lists';
  const openedFrom = rows.length;
  row.query.forEach((query, c) => {
    const key = row.keys[at][c];
    rows.push(cells(String(c + 1), { query, key, product: rounded(query * key), value: row.values[at][c] }));
  });
  const lists = ['query', 'key', 'product', 'value'];
  groups.push({
    from: openedFrom,
    to: rows.length,
    columns: ['word', ...lists],
    first,
    total: 'Added up',
    sums: ['product'],
  });
  const from = rows.length;
  row.blend.forEach((blend, c) => {
    const shares = parts.map((id, j) => [id, rounded(row.weights[j] * row.values[j][c])]);
    rows.push(cells(String(c + 1), { ...Object.fromEntries(shares), blend }));
  });
  groups.push({ from, to: rows.length, columns: ['word', ...parts, 'blend'], first });
  const streamFrom = rows.length;
  row.taken.forEach((taken, c) => {
    const { normed, part, others, after } = row;
    rows.push(cells(String(c + 1), { taken, normed: normed[c], part: part[c], others: others[c], after: after[c] }));
  });
  const stream = ['taken', 'normed', 'part', 'others', 'after'];
  groups.push({ from: streamFrom, to: rows.length, columns: ['word', ...stream], first });
  return {
    kind: 'steps',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [headSeries('weight', world, row)],
    axes: { rows: `a word that *${words[looking]}* may look at`, columns: 'what becomes of its number, step by step' },
    columns,
    rows,
    groups,
    notice: noticeOfRowSteps(row),
    detail: {
      text: ask.text,
      words,
      looking,
      layer: row.layer,
      head: row.head,
      opened: at,
      ...(ask.role ? { role: ask.role } : {}),
    },
  };
}

/** The root of a length: '4', '2.83'. */
export function sayRoot(length: number): string {
  const root = Math.sqrt(length);
  return Number.isInteger(root) ? String(root) : saySigned(root, 2);
}

/** What becomes of the largest number, and of those that the mask takes out; said only where it is so. */
export function noticeOfRowSteps({
  words,
  looking,
  scores,
  weights,
}: Pick<RowSteps, 'words' | 'looking' | 'scores' | 'weights'>): string {
  const seen = scores.slice(0, looking + 1);
  const order = seen.map((score, j) => ({ score, j })).sort((a, b) => b.score - a.score || b.j - a.j);
  const [first, second] = order;
  const at = (j: number) => called(words, j, looking);
  const percents = wholePercents(weights);
  const share = (j: number) => (percents[j] === 0 ? 'less than 1\u00a0%' : withPercentSign(percents[j]));
  const say = (score: number) => saySigned(score, 2);
  if (!second) {
    return `There is nothing to look at but the place itself, so its one dot product, ${say(first.score)}, becomes all of the weight.`;
  }
  let sentence = `The largest dot product, ${say(first.score)} at ${at(first.j)}, becomes ${share(first.j)} of the weight; the second, ${say(second.score)} at ${at(second.j)}, becomes ${share(second.j)}.`;
  const later = scores.slice(looking + 1);
  if (later.length > 0) {
    const highest = later.reduce((best, score, k) => (score > later[best] ? k : best), 0);
    const place = looking + 1 + highest;
    if (later[highest] > first.score) {
      sentence += ` ${capital(at(place))} would have had more, ${say(later[highest])}, but has not been read yet.`;
    }
  }
  return sentence;
}

/** The first letter large, unless it belongs to a word spoken of as a word. */
function capital(text: string): string {
  return text.startsWith('*') ? `The word ${text}` : text.charAt(0).toUpperCase() + text.slice(1);
}
