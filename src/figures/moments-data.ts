/** One text at moments of a training, as the data of a figure: a row for each word, a column for each moment. */
import type { Cell, Column, FigureData } from './figure-data.ts';
import type { MomentFacts } from './moments-list.ts';
import { rounded, sayShare, wholePercents, withPercentSign } from './numbers.ts';
import { type Odds, remainder, topWords } from './odds.ts';
import { called, patternOf, peakOf } from './pattern.ts';
import { OTHER_WORDS } from './text.ts';
import type { HeadPlace, World } from './world.ts';

/** Where the last word of a text looks, and what comes next: the weights add up to 1, and so do the odds. */
export interface Look {
  weights: readonly number[];
  odds: Odds;
}

/** One head on one text, at all moments. */
export interface Looks extends HeadPlace {
  /** `words[0]` is the start; the last one looks. */
  words: readonly string[];
  moments: readonly MomentFacts[];
  /** One for each moment; undefined where the model of that moment has not been fetched. */
  looks: readonly (Look | undefined)[];
}

/** What one moment's model makes of a text. */
export async function readLook(ids: readonly number[], place: HeadPlace, world: World): Promise<Look> {
  const text = { ids: [...ids], words: ids.map(String) };
  const { weights, odds } = patternOf(await world.run(ids), text, place, world);
  return { weights: weights.at(-1)!, odds };
}

/** What a next word must have had at some moment, beside those that are likeliest at the end, to get a row of its own. */
const NOTABLE = 0.2;

const idOf = (moments: readonly MomentFacts[], i: number) =>
  i === 0 ? 'before' : i === moments.length - 1 ? 'the end' : `step ${moments[i].step}`;

/** When a moment was: 'before training', 'after 2,800 steps', 'at the end'. */
export function sayMoment(moments: readonly MomentFacts[], i: number): string {
  if (i === 0) return 'before training';
  return i === moments.length - 1 ? 'at the end' : `after ${moments[i].step.toLocaleString('en')} steps`;
}

/** The figure. `model` is its name. */
export function momentsData(
  ask: { title: string; caption: string; text: string; role?: string; next?: number; words?: readonly string[] },
  seen: Looks,
  model: string,
  name: string,
): FigureData {
  const { words, moments, looks, layer, head } = seen;
  const next = nextRows(looks, ask.next ?? 4, ask.words ?? []);
  const weightColumns = moments.map(
    (_, i): Column => ({
      id: idOf(moments, i),
      label: capital(sayMoment(moments, i)),
      unit: 'weight',
      series: i === 0 ? 'weight before' : 'weight',
      empty: 'not fetched',
    }),
  );
  const nextColumns = moments.map(
    (_, i): Column => ({
      id: `next ${idOf(moments, i)}`,
      label: capital(sayMoment(moments, i)),
      unit: 'probability',
      series: i === 0 ? 'next before' : 'next',
      empty: 'not fetched',
    }),
  );
  const none = moments.map(() => null);
  const rows: Cell[][] = [
    ...words.map((word, i): Cell[] => [word, i, ...looks.map((look) => look?.weights[i] ?? null), ...none]),
    ...next.map(([word, ...shares]): Cell[] => [word, null, ...none, ...shares]),
  ];
  const where = `layer ${layer}, head ${head}`;
  return {
    kind: 'moments',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [
      {
        id: 'weight',
        label: 'Weight',
        provenance: 'learned',
        source: `${model}, ${where}, at moments of its training`,
      },
      { id: 'next', label: 'Next word', provenance: 'learned', source: `${model}, at moments of its training` },
      { id: 'weight before', label: 'Weight', provenance: 'random', source: `${model} before training, ${where}` },
      { id: 'next before', label: 'Next word', provenance: 'random', source: `${model} before training` },
    ],
    axes: { rows: 'the word looked at, and below it the word that could come next', columns: 'steps of training' },
    columns: [
      { id: 'word', label: 'Word', unit: 'word' },
      { id: 'place', label: 'Place', unit: 'count' },
      ...weightColumns,
      ...nextColumns,
    ],
    rows,
    groups: [
      {
        from: 0,
        to: words.length,
        columns: ['word', 'place', ...weightColumns.map(({ id }) => id)],
        total: 'All together',
      },
      {
        label: 'What could come next',
        from: words.length,
        to: rows.length,
        columns: ['word', ...nextColumns.map(({ id }) => id)],
        first: 'Next word',
        total: 'All together',
      },
    ],
    notice: noticeOfMoments(seen),
    detail: {
      text: ask.text,
      words,
      layer,
      head,
      ...(ask.role ? { role: ask.role } : {}),
      next: ask.next ?? 4,
      moments,
    },
  };
}

const capital = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}`;

/** What a figure's table holds. Odds of words that have no row are not in it. */
export function looksOf(data: FigureData): Looks {
  const { words, layer, head, moments } = data.detail as unknown as Looks;
  const read = (i: number): Look | undefined => {
    const [weight, next] = [2 + i, 2 + moments.length + i];
    if (data.rows[0][weight] === null) return undefined;
    const odds = data.rows.slice(words.length).map((row): [string, number] => [String(row[0]), row[next] as number]);
    return { weights: data.rows.slice(0, words.length).map((row) => row[weight] as number), odds: new Map(odds) };
  };
  return { words, layer, head, moments, looks: moments.map((_, i) => read(i)) };
}

/** The words that deserve a row, the likeliest of the last moment first, and all others in one, so that each column makes 1. */
function nextRows(
  looks: readonly (Look | undefined)[],
  count: number,
  asked: readonly string[],
): [word: string, ...shares: Cell[]][] {
  const end = looks.findLast((look) => look)?.odds ?? new Map<string, number>();
  const notable = looks.flatMap((look) => {
    const [[word, p]] = look ? topWords(look.odds, 1).top : [['', 0] as [string, number]];
    return p >= NOTABLE ? [word] : [];
  });
  const words = new Set([...topWords(end, count).top.map(([word]) => word), ...notable, ...asked]);
  const order = [...words].sort((a, b) => (end.get(b) ?? 0) - (end.get(a) ?? 0) || (a < b ? -1 : 1));
  const rows = order.map((word): [string, ...Cell[]] => [
    word,
    ...looks.map((look) => (look ? rounded(look.odds.get(word) ?? 0) : null)),
  ]);
  const rest = looks.map((look, i) => (look ? remainder(rows.map((row) => row[i + 1] as number)) : null));
  return [...rows, [OTHER_WORDS, ...rest]];
}

/** What changed between the first moment and the last of those that are there, said only where it is so. */
export function noticeOfMoments({ words, moments, looks }: Looks): string {
  const seen = looks.flatMap((look, i) => (look ? [{ i, ...look, peak: peakOf(look.weights) }] : []));
  if (seen.length === 0) return 'No moment of the training has been fetched for these words.';
  const looking = words.length - 1;
  const [first, end] = [seen[0], seen[seen.length - 1]];
  const at = called(words, end.peak, looking);
  const asker = `*${words[looking]}*`;
  const share = (look: Look) => {
    const percent = wholePercents(look.weights)[end.peak];
    return percent === 0 ? 'less than 1\u00a0%' : withPercentSign(percent);
  };
  const best = (look: Look) => topWords(look.odds, 1).top[0];
  const when = (i: number) => sayMoment(moments, i);
  /** The first moment from which on it is as it is at the last. */
  const since = (same: (one: (typeof seen)[number]) => boolean) => seen[seen.findLastIndex((one) => !same(one)) + 1];
  const [word, p] = best(end);
  if (first === end) {
    return `${capital(when(end.i))}, ${asker} looks most at ${at}: ${share(end)}. Likeliest to come next: *${word}* (${sayShare(p)}).`;
  }
  const looksSince = since(({ peak }) => peak === end.peak);
  const saysSince = since((one) => best(one)[0] === word);
  const looksEver =
    looksSince === first
      ? ''
      : looksSince === end
        ? ', its most'
        : `, its most from ${moments[looksSince.i].step.toLocaleString('en')} steps on`;
  const [was, q] = best(first);
  const next =
    saysSince === first
      ? `Likeliest to come next is *${word}* at every moment.`
      : `Likeliest to come next: *${was}* (${sayShare(q)}) ${when(first.i)}, *${word}* (${sayShare(p)}) ${when(end.i)}${saysSince === end ? '' : `, and *${word}* at each moment since ${moments[saysSince.i].step.toLocaleString('en')} steps`}.`;
  return `${capital(when(first.i))}, ${asker} gave ${at} ${share(first)}; ${when(end.i)} it gives ${share(end)}${looksEver}. ${next}`;
}
