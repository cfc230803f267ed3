/** Lists of numbers as the data of a figure: a column for each list, a row for each place in it. */
import type { Column, FigureData } from './figure-data.ts';
import { cosine } from './list-arithmetic.ts';
import { saySigned } from './numbers.ts';
import { ordinal } from './pattern.ts';

/** One list of numbers: whose, and which of its lists. */
export interface Thread {
  /** Named so that it differs from every other word of its text: 'was 1'. */
  word: string;
  /** 'bare', 'layer 2', 'query', 'key' or 'value'. */
  stage: string;
  values: readonly number[];
}

const isOfHead = (stage: string) => ['query', 'key', 'value'].includes(stage);

/** 'bare *woman*', '*woman* after layer 2', 'the query of *woman*'. */
function inWords({ word, stage }: Thread): string {
  if (stage === 'bare') return `bare *${word}*`;
  return isOfHead(stage) ? `the ${stage} of *${word}*` : `*${word}* after ${stage}`;
}

/** The figure. All lists have one length. */
export function vectorsData(
  ask: { title: string; caption: string; text: string },
  threads: readonly Thread[],
  source: string,
  name: string,
): FigureData {
  const columns: Column[] = [
    { id: 'place', label: 'Place in the list', unit: 'text' },
    ...threads.map((thread): Column => {
      const label = inWords(thread).replaceAll('*', '');
      return {
        id: `${thread.word}, ${thread.stage}`,
        label: label.charAt(0).toUpperCase() + label.slice(1),
        unit: 'number',
        series: 'threads',
        scale: 'threads',
      };
    }),
  ];
  return {
    kind: 'vectors',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [{ id: 'threads', label: 'Numbers', provenance: 'learned', source }],
    axes: { rows: 'a list of numbers', columns: 'its numbers, in their order' },
    columns,
    rows: threads[0].values.map((_, i) => [String(i + 1), ...threads.map(({ values }) => values[i])]),
    notice: noticeOfThreads(threads),
    detail: { text: ask.text, threads: threads.map(({ word, stage }) => ({ word, stage })) },
  };
}

/** The lists that a figure's table holds. */
export function threadsOf(data: FigureData): Thread[] {
  const { threads } = data.detail as { threads: Omit<Thread, 'values'>[] };
  return threads.map((thread, k) => ({ ...thread, values: data.rows.map((row) => row[k + 1] as number) }));
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
/** How far a number of the list lies from zero, on average. */
const size = ({ values }: Thread) => mean(values.map(Math.abs));

/** What the lists show, said only where it is so. */
export function noticeOfThreads(threads: readonly Thread[]): string {
  const stages = new Set(threads.map(({ stage }) => stage));
  const words = new Set(threads.map(({ word }) => word));
  if (words.size === 1 && stages.size > 1 && !isOfHead(threads[0].stage)) return noticeOfGrowth(threads);
  if (stages.size === 1 && words.size > 1) return noticeOfLikeness(threads);
  const largest = threads
    .map((thread) => {
      const at = thread.values.reduce((best, x, i, all) => (Math.abs(x) > Math.abs(all[best]) ? i : best), 0);
      return { thread, at, value: thread.values[at] };
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const [first] = largest;
  const count = first.thread.values.length;
  return `Farthest from zero is the ${ordinal(first.at + 1)} of the ${count} numbers of ${inWords(first.thread)}: ${saySigned(first.value, 2)}.`;
}

function noticeOfGrowth(threads: readonly Thread[]): string {
  const [first, last] = [threads[0], threads.at(-1)!];
  const [before, after] = [size(first), size(last)];
  const times = (factor: number) => (factor < 9.95 ? factor.toFixed(1) : String(Math.round(factor)));
  let change = '';
  if (before > 0 && after > 0) {
    if (after > before * 1.15) change = `, ${times(after / before)} times as far`;
    else if (before > after * 1.15) change = `, ${times(before / after)} times nearer`;
    else change = ', about as far';
  }
  const then = last.stage === 'bare' ? 'in the bare word' : `after ${last.stage}`;
  return `A number of ${inWords(first)} lies ${saySigned(before, 2)} from zero on average; ${then} it is ${saySigned(after, 2)}${change}.`;
}

function noticeOfLikeness(threads: readonly Thread[]): string {
  const pairs = threads
    .flatMap((a, i) => threads.slice(i + 1).map((b) => ({ a, b, cosine: cosine(a.values, b.values) })))
    .sort((x, y) => y.cosine - x.cosine);
  const both = ({ a, b }: (typeof pairs)[number]) => `${inWords(a)} and ${inWords(b)}`;
  const same = pairs.find(({ a, b }) => a.values.every((x, i) => x === b.values[i]));
  if (same) return `Number for number the same: ${both(same)}.`;
  const [near, far] = [pairs[0], pairs.at(-1)!];
  const say = (pair: typeof near) => saySigned(pair.cosine, 2);
  const meaning = '1 would be the same direction, 0 nothing in common';
  if (pairs.length === 1) return `The likeness of ${both(near)} is ${say(near)}: ${meaning}.`;
  return `Most alike are ${both(near)}, with ${say(near)}: ${meaning}. Least alike are ${both(far)}, with ${say(far)}.`;
}
