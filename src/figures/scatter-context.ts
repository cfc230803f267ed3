/** One word in two texts: where its list of numbers goes, from layer to layer, as each text changes it. */
import type { Cell, FigureData } from './figure-data.ts';
import { dot } from './list-arithmetic.ts';
import { rounded, saySigned } from './numbers.ts';
import { readText } from './pattern.ts';
import { mainPlane } from './scatter-axes.ts';
import { findWord } from './text.ts';
import type { World } from './world.ts';

export interface ContextAsk {
  title: string;
  caption: string;
  word: string;
  /** Two texts that hold the word, and what each is called in the picture. */
  texts: { say: string; text: string }[];
}

/** What the list of a word is called before any layer: the same in every text. */
const BARE = 'the bare word';

/**
 * The word's list after each layer, in both texts, in one plane. Lists grow from layer to layer; since the model brings them
 * to a standard size before it uses them, so does the figure.
 *
 * @throws FigureError when a text cannot be read or does not hold the word
 */
export async function contextData(ask: ContextAsk, world: World, name: string): Promise<FigureData> {
  const { width, nLayers } = world.model.config;
  // lists[text][stage]: [width], of length 1; stage 0 is the bare word
  const lists: Float64Array[][] = [];
  for (const { text } of ask.texts) {
    const { ids, words } = readText(text, world);
    const place = findWord(words, ask.word);
    const trace = await world.run(ids);
    const stages = [trace.embedding, ...trace.layers.map(({ output }) => output)];
    lists.push(stages.map((stage) => unit(Float64Array.from(stage.subarray(place * width, (place + 1) * width)))));
  }
  const stops = ask.texts.flatMap(({ say }, t) =>
    Array.from({ length: nLayers }, (_, layer) => ({ say, list: lists[t][layer + 1], stage: layer + 1 })),
  );
  const { places, kept } = mainPlane([lists[0][0], ...stops.map(({ list }) => list)]);
  const likeness = lists[0].map((list, stage) => dot(list, lists[1][stage]));
  const rows: Cell[][] = [
    [BARE, 'both', ...places[0].map(rounded), 1],
    ...stops.map(({ say, stage }, i): Cell[] => [
      `after layer ${stage}, ${say}`,
      say,
      ...places[i + 1].map(rounded),
      rounded(likeness[stage]),
    ]),
  ];
  return {
    kind: 'scatter',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [{ id: 'words', label: world.model.name, provenance: 'learned', source: world.model.name }],
    axes: {
      rows: `the word *${ask.word}* after a layer, where its list of numbers falls`,
      columns: `the two directions in which these lists of ${width} numbers differ most`,
    },
    columns: [
      { id: 'stage', label: 'When', unit: 'text' },
      { id: 'group', label: 'In which text', unit: 'text' },
      { id: 'first', label: 'Along the first direction', unit: 'number', series: 'words' },
      { id: 'second', label: 'Along the second', unit: 'number', series: 'words' },
      { id: 'likeness', label: 'Likeness to the same word in the other text', unit: 'number', series: 'words' },
    ],
    rows,
    notice: noticeOfContext(ask.word, likeness, kept[0] + kept[1]),
    detail: { word: ask.word, groups: ask.texts.map(({ say }) => say) },
  };
}

/** What the two paths show, said only where it is so. */
export function noticeOfContext(word: string, likeness: readonly number[], kept: number): string {
  const last = likeness.length - 1;
  const least = likeness.indexOf(Math.min(...likeness));
  const start = `Both paths begin at one list, since *${word}* is stored once.`;
  const apart = `After layer ${least} the two are least alike (${saySigned(likeness[least])}, where 1 is the same and 0 is nothing in common)`;
  const end = least === last ? '.' : `; after the last layer they are at ${saySigned(likeness[last])} again.`;
  return `${start} ${apart}${end} The picture keeps ${Math.round(kept * 100)}\u00a0% of how all these lists differ.`;
}

/** The same direction, length 1. */
function unit(list: Float64Array): Float64Array {
  const length = Math.sqrt(dot(list, list));
  return list.map((x) => x / length);
}
