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
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { drawHeatmap } from './matrix.ts';
import { heatmapData, readPattern } from './pattern.ts';

export interface HeatmapDeclaration extends BaseDeclaration {
  kind: 'heatmap';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  numbers?: 'none' | 'row' | 'all';
}

export const heatmap: Kind<HeatmapDeclaration> = {
  name: 'heatmap',
  schema: z.strictObject({
    kind: z.literal('heatmap'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    numbers: z.enum(['none', 'row', 'all']).optional(),
  }),
  compute: async (declaration, world, name) =>
    heatmapData(declaration, await readPattern(declaration, world), world, name),
  draw: async (data) => drawHeatmap(data),
  alive: true,
};
