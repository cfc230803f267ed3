/** Many heads over one text, as the data of a figure: a row for each pair of words, a column for each head. */
import type { ForwardTrace } from '../model/llama.ts';
import type { Cell, Column, FigureData, Group } from './figure-data.ts';
import { called, type Habit, habitOf, patternOf, peakOf, type ReadText } from './pattern.ts';
import { wordNames } from './text.ts';
import type { HeadPlace, World } from './world.ts';

/** One head over the whole text: `weights[i]` has i + 1 entries. Layer and head count from 1. */
export interface Head extends HeadPlace {
  weights: number[][];
}

/** What is shown of them, and how. */
export interface Heads {
  /** `words[0]` is the start. */
  words: readonly string[];
  shown: readonly Head[];
  framed?: HeadPlace;
  /** The word whose strongest look is named below each head; absent: the habit of all words. */
  looking?: number;
}

/** All heads of some layers, out of a run. Layers count from 1. */
export function headsOfTrace(trace: ForwardTrace, text: ReadText, layers: readonly number[], world: World): Head[] {
  return layers.flatMap((layer) =>
    Array.from({ length: world.model.config.nHeads }, (_, h): Head => {
      const place = { layer, head: h + 1 };
      return { ...place, weights: patternOf(trace, text, place, world).weights };
    }),
  );
}

/** The layers that are shown, each once. */
export function layersOf({ shown }: Pick<Heads, 'shown'>): number[] {
  return [...new Set(shown.map(({ layer }) => layer))];
}

/** The figure. */
export function headsData(
  ask: { title: string; caption: string; text: string },
  heads: Heads,
  world: World,
  name: string,
): FigureData {
  const { words, shown, framed, looking } = heads;
  const layers = layersOf(heads);
  const list = new Intl.ListFormat('en').format(layers.map(String));
  const whole = layers.length === world.model.config.nLayers;
  const which = whole ? `all ${shown.length} heads` : `layer${layers.length > 1 ? 's' : ''} ${list}`;
  const source = `${world.model.name}, ${which}`;
  const names = wordNames(words);
  const columns: Column[] = [
    { id: 'look', label: 'Who looks at whom', unit: 'word' },
    ...shown.map(
      ({ layer, head }): Column => ({
        id: `layer ${layer}, head ${head}`,
        label: `Layer ${layer}, head ${head}`,
        unit: 'weight',
        series: 'weight',
      }),
    ),
  ];
  const rows: Cell[][] = [];
  const groups: Group[] = [];
  names.forEach((asker, i) => {
    const from = rows.length;
    for (let j = 0; j <= i; j++) {
      rows.push([`${asker} looks at ${j === i ? 'itself' : names[j]}`, ...shown.map((one) => one.weights[i][j])]);
    }
    groups.push({ from, to: rows.length, total: `${asker}, all together` });
  });
  return {
    kind: 'heads',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [{ id: 'weight', label: 'Weight', provenance: 'learned', source }],
    axes: { rows: 'the word that looks', columns: 'the word looked at' },
    columns,
    rows,
    groups,
    notice: noticeOfHeads(heads),
    detail: {
      text: ask.text,
      words,
      heads: shown.map(({ layer, head }) => ({ layer, head })),
      ...(framed && { framed }),
      ...(looking !== undefined && { looking }),
    },
  };
}

/** The heads that a figure's table holds. */
export function headsOf(data: FigureData): Heads {
  const { words, heads, framed, looking } = data.detail as unknown as Heads & { heads: HeadPlace[] };
  const shown = heads.map((place, h) => {
    let at = 0;
    const weights = words.map((_, i) => {
      at += i;
      return Array.from({ length: i + 1 }, (_, j) => data.rows[at + j][h + 1] as number);
    });
    return { ...place, weights };
  });
  return { words, shown, framed, looking };
}

/** Where most words look, of a head that has a habit. */
const where: Record<Habit, string> = {
  before: 'at the place just before',
  self: 'at themselves',
  start: 'at the start',
  second: 'two places back',
};

const listed = (parts: string[]) => new Intl.ListFormat('en-GB').format(parts);

/** How often each comes up, the most frequent first. */
function counted<T>(all: readonly T[]): [T, number][] {
  const many = new Map<T, number>();
  for (const one of all) many.set(one, (many.get(one) ?? 0) + 1);
  return [...many].sort((a, b) => b[1] - a[1]);
}

/** What the heads do alike, counted. */
export function noticeOfHeads(heads: Heads): string {
  const { framed } = heads;
  const sentence = heads.looking === undefined ? noticeOfHabits(heads) : noticeOfLooks(heads, heads.looking);
  return framed ? `${sentence} The frame is around layer ${framed.layer}, head ${framed.head}.` : sentence;
}

function noticeOfHabits({ shown }: Heads): string {
  const all = `of ${shown.length === 1 ? 'this one head' : `these ${shown.length} heads`}`;
  const habits = shown.flatMap(({ weights }) => habitOf(weights)?.is ?? []);
  if (habits.length === 0) {
    return shown.length === 1
      ? 'This head has no one habit here: one word looks here, another there.'
      : `None ${all} has one habit here: in each, one word looks here, another there.`;
  }
  const parts = counted(habits).map(([habit, many], k) => `${where[habit]} in ${many}${k === 0 ? ` ${all}` : ''}`);
  const left = shown.length - habits.length;
  const rest = left === 0 ? '' : ` In the other${left === 1 ? '' : ` ${left}`}, one word looks here, another there.`;
  return `Most words look ${listed(parts)}.${rest}`;
}

function noticeOfLooks({ words, shown }: Heads, looking: number): string {
  const looks = counted(shown.map(({ weights }) => peakOf(weights[looking])));
  const asker = `*${words[looking]}*`;
  const [first, many] = looks[0];
  const at = called(words, first, looking);
  if (looks.length === 1) {
    return shown.length === 1
      ? `In this head, ${asker} looks most at ${at}.`
      : `In all of these ${shown.length} heads, ${asker} looks most at ${at}.`;
  }
  if (many === 1) return `In no two of these ${shown.length} heads does ${asker} look most at the same word.`;
  const also = looks.filter((look, k) => k > 0 && look[1] === many).map(([place]) => called(words, place, looking));
  const others = looks.length - 1 - also.length;
  const rest =
    others === 0 ? '' : `, and at ${others === 1 ? 'one other place' : `${others} other places`} in the rest`;
  return `The same word, ${shown.length} heads: ${asker} looks most at ${listed([at, ...also])} in ${many}${also.length > 0 ? ' each' : ''}${rest}.`;
}
