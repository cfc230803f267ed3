/**
 * The attention of one head as a staircase: row, the word that looks; column, the word looked at.
 *
 * ```yaml
 * kind: heatmap
 * title: Where does each word look?
 * caption: The hatched steps are what a word has not read yet.
 * text: there was a beautiful woman with an ugly cat
 * role: previous-word  # or layer: 1 and head: 1
 * word: woman          # frames this row. Absent: no row
 * numbers: row         # none, row or all. Absent: row where a word is given, else none
 * causal: false        # without the mask: words look at those after them too
 * tools: [mask]        # what a reader may change, beside cut and mute. Absent: all three, behind a button
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, changeFields, headFields, type Kind } from './kind.ts';
import { drawHeatmap } from './matrix.ts';
import { heatmapData, readPattern, type Tool } from './pattern.ts';

export interface HeatmapDeclaration extends BaseDeclaration {
  kind: 'heatmap';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  numbers?: 'none' | 'row' | 'all';
  causal?: boolean;
  tools?: Tool[];
}

export const heatmap: Kind<HeatmapDeclaration> = {
  name: 'heatmap',
  schema: z.strictObject({
    kind: z.literal('heatmap'),
    ...baseFields,
    ...headFields,
    ...changeFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    numbers: z.enum(['none', 'row', 'all']).optional(),
  }),
  compute: async (declaration, world, name) =>
    heatmapData(declaration, await readPattern(declaration, world, { causal: declaration.causal }), world, name),
  draw: async (data) => drawHeatmap(data),
  alive: true,
};
