/**
 * What the cells of figures of the arithmetic should say, worked out from their declarations: arrows, products, spread,
 * added and blend. Nothing of src/figures or src/attention takes part.
 */
import { mulberry32 } from '../../src/language/random.ts';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const length = (list: readonly number[]) => Math.sqrt(dot(list, list));
const sharesOf = (scores: readonly number[]) => {
  const powers = scores.map((score) => Math.exp(score));
  return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
};

/** A cell of arrows: rows of keys, then one of the query. */
export function arrowsCell(
  d: { query?: unknown; keys?: Record<string, number[]>; temperature?: number },
  row: number,
  label: string,
): number {
  const [query] = Object.values(d.query as Record<string, number[]>);
  const keys = Object.values(d.keys!);
  const list = keys[row] ?? query;
  if (label === 'First number') return list[0];
  if (label === 'Second number') return list[1];
  if (label === 'Product of the first') return query[0] * list[0];
  if (label === 'Product of the second') return query[1] * list[1];
  const scores = keys.map((key) => dot(query, key));
  if (label === 'Dot product') return scores[row];
  if (label === 'Divided by 1.41') return scores[row] / Math.SQRT2;
  return sharesOf(scores.map((score) => score / Math.SQRT2 / (d.temperature ?? 1)))[row];
}

/** A cell of one dot product: the places of the lists, then what follows from their sum. */
export function productsCell(
  query: readonly number[],
  key: readonly number[],
  weight: number,
  name: string,
  label: string,
) {
  const at = Number(name) - 1;
  if (label.startsWith('Query')) return query[at];
  if (label.startsWith('Key')) return key[at];
  if (label === 'Product') return query[at] * key[at];
  if (name === 'softmax') return weight;
  return name === 'divided' ? dot(query, key) / Math.sqrt(query.length) : dot(query, key);
}

/** Random lists of one length, drawn and weighed once more. */
function draw(size: number, keys: number, draws: number, seed: number) {
  const random = mulberry32(seed);
  const normal = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  };
  const ranks = { undivided: Array<number>(keys).fill(0), divided: Array<number>(keys).fill(0) };
  let squares = 0;
  for (let round = 0; round < draws; round++) {
    const query = Array.from({ length: size }, normal);
    const scores: number[] = [];
    for (let k = 0; k < keys; k++) {
      let score = 0;
      for (let c = 0; c < size; c++) score += query[c] * normal();
      scores.push(score);
      squares += score ** 2;
    }
    for (const [how, by] of [['undivided', 1] as const, ['divided', Math.sqrt(size)] as const]) {
      const sorted = sharesOf(scores.map((score) => score / by)).sort((a, b) => b - a);
      for (let k = 0; k < keys; k++) ranks[how][k] += sorted[k] / draws;
    }
  }
  return { ...ranks, raw: Math.sqrt(squares / (draws * keys)) };
}
const drawn = new Map<string, ReturnType<typeof draw>>();

/** A cell of random lists: a row for each length, then one for each place by weight. */
export function spreadCell(
  d: { lengths?: number[]; keys?: unknown; draws?: number; seed?: number },
  row: number,
  name: string,
  label: string,
): number {
  const { lengths = [], keys = 8, draws = 1000, seed = 1 } = d;
  const size = lengths[row] ?? Number(/^(\d+) numbers/.exec(label)![1]);
  const key = [size, keys, draws, seed].join();
  if (!drawn.has(key)) drawn.set(key, draw(size, keys as number, draws, seed));
  const { raw, undivided, divided } = drawn.get(key)!;
  if (label === 'How widely the dot products spread') return raw;
  if (label === 'The same, divided by the root') return raw / Math.sqrt(size);
  const ranks = label.endsWith('undivided') ? undivided : divided;
  return ranks[label.startsWith('Largest') ? 0 : Number(name) - 1];
}

/** A cell of a list before and after. */
export function addedCell(d: { before?: number[]; after?: number[] }, row: number, label: string): number {
  const [before, after] = [d.before![row], d.after![row]];
  return { Before: before, After: after, Added: after - before }[label]!;
}

/** A cell of a blend, from the values of all words in view, in the numbers that the figure shows. */
export function blendCell(
  parts: { weights: readonly number[]; values: readonly number[][]; before: readonly number[]; inWord: boolean },
  names: readonly string[],
  row: number,
  name: string,
  label: string,
): number {
  const { weights, values, before, inWord } = parts;
  const sizes = values.map(length);
  const blend = values[0].map((_, c) => values.reduce((sum, value, j) => sum + weights[j] * value[c], 0));
  const at = Number(name) - 1;
  const brought = weights.map((weight, j) => weight * sizes[j]);
  if (label === 'Weight') return weights[row];
  if (label === 'Size of its value') return sizes[row];
  if (label === 'Weight × size') return brought[row];
  if (label.startsWith('Share')) return brought[row] / brought.reduce((sum, x) => sum + x, 0);
  if (label.startsWith('Likeness')) return dot(blend, values[row]) / (length(blend) * sizes[row]);
  if (label.startsWith('Value of ')) return values[names.indexOf(label.slice('Value of '.length))][at];
  if (label === 'Blend' || label === 'What this head adds') return blend[at];
  return inWord && label.endsWith(' after') ? before[at] + blend[at] : before[at];
}
