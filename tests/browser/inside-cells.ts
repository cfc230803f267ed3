/**
 * What the cells of figures of a pass should say: every step of one word in one head, and one word in two texts. Worked out
 * from passes by other hands; nothing of src/figures or src/attention takes part.
 */
import type { Recomputed, RecomputedModel } from '../recompute.ts';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

type Run = Recomputed & { words: string[] };

/** Which word of which head, and the word whose key and value are shown; layer and head from 0. */
export interface StepsOf {
  layer: number;
  head: number;
  looking: number;
  /** Absent: the word looked at most. */
  at?: number;
}

/** A cell of the steps of one word; `row` counts through all tables of the figure. */
export function stepsCell(
  { words, queries, keys, values, weights, normed, streams }: Run,
  model: RecomputedModel,
  { layer, head, looking, at: asked }: StepsOf,
  row: number,
  label: string,
): number | null {
  const shares = weights[layer][head][looking];
  const at = asked ?? shares.indexOf(Math.max(...shares));
  const query = model.turn(queries[layer][head][looking], looking);
  const key = (word: number) => model.turn(keys[layer][head][word], word);
  const root = Math.sqrt(query.length);
  if (row < words.length) {
    if (label === 'Weight') return shares[row] ?? null;
    const score = dot(query, key(row));
    if (label === 'Dot product') return score;
    if (label === `Divided by ${root}`) return score / root;
    if (label === 'Masked') return row <= looking ? score / root : null;
    throw new Error(`No such step: ${label}`);
  }
  const place = row - words.length;
  const mixed = place - query.length;
  if (mixed < 0) {
    if (label.startsWith('Query of')) return query[place];
    if (label.startsWith('Key of')) return key(at)[place];
    if (label === 'Product') return query[place] * key(at)[place];
    return values[layer][head][at][place];
  }
  const blend = shares.reduce<number[]>(
    (all, share, j) => all.map((x, c) => x + share * values[layer][head][j][c]),
    query.map(() => 0),
  );
  const stream = mixed - query.length;
  if (stream < 0) {
    if (label === 'Blend') return blend[mixed];
    const whose = /^Weight × value of (.*)$/.exec(label)![1];
    const names = words.map((word, i) => {
      const alike = words.flatMap((other, j) => (other === word ? [j] : []));
      return alike.length === 1 ? word : `${word} ${alike.indexOf(i) + 1}`;
    });
    const j = names.indexOf(whose);
    return shares[j] * values[layer][head][j][mixed];
  }
  const before = streams[2 * layer][looking][stream];
  const after = streams[2 * layer + 1][looking][stream];
  const own = model.handOn(blend, layer, head)[stream];
  if (label === 'At standard size') return normed[layer][looking][stream];
  if (label === `What head ${head + 1} adds`) return own;
  if (label === 'What the other heads add') return after - before - own;
  return label === 'With all of it added' ? after : before;
}

/** A word in two texts: its lists after every step, [text][stage]. */
export function listsOf(runs: readonly Run[], word: string): number[][][] {
  return runs.map(({ words, streams }) => streams.map((rows) => rows[words.lastIndexOf(word)]));
}

/** The angle between two lists, in degrees, by the law of cosines. */
function angle(a: readonly number[], b: readonly number[]): number {
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}

/** A cell of words that part in two texts; `row` counts through all tables. What comes next is asked of `next`. */
export function apartCell(
  runs: readonly Run[],
  d: { words: string[]; texts: { say: string }[]; show?: string },
  row: number,
  label: string,
  next: (text: number) => number | null,
): number | null {
  const stages = runs[0].streams.length;
  const followed = /^Angle of (.*)$/.exec(label)?.[1];
  if (followed) {
    const [a, b] = listsOf(runs, followed).map((all) => all[row]);
    return angle(a, b);
  }
  const says = d.texts.map(({ say }) => say);
  const asked = says.findIndex((say) => label === `Being next, ${say}`);
  if (asked >= 0) return next(asked);
  const shown = /^layer (\d+), (.*)$/.exec(d.show ?? '');
  const stage = shown ? 2 * Number(shown[1]) - (shown[2] === 'attention' ? 1 : 0) : d.show === 'bare' ? 0 : stages - 1;
  const [first, second] = listsOf(runs, d.words[0]).map((all) => all[stage][row - stages]);
  return { [`${d.words[0]}, ${says[0]}`]: first, [`${d.words[0]}, ${says[1]}`]: second }[label] ?? second - first;
}
