/** The kinds of figure there are. */
import { arcs } from './arcs.ts';
import { heatmap } from './heatmap.ts';
import type { Kind } from './kind.ts';
import { narrowing } from './narrowing.ts';
import { nextWord } from './next-word.ts';
import { scatter } from './scatter.ts';

export const kinds: readonly Kind[] = [arcs, heatmap, nextWord, narrowing, scatter];

/** Each kind by its name. */
export const kindByName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind]));
