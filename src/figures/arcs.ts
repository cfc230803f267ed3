/**
 * The sentence as a strip with the links of one word: how much it looks at each word before it, and at itself.
 *
 * ```yaml
 * kind: arcs
 * title: Where does *was* look?
 * caption: One head of sixteen; the others look elsewhere.
 * text: there was a beautiful woman with an ugly cat . the woman was
 * role: adjective      # or layer: 2 and head: 1
 * word: was            # the last one; 'was 1' is the first. Absent: the last word of the text
 * next: 4              # also the four likeliest next words. Absent: none
 * causal: false        # without the mask: words look at those after them too
 * tools: [cut, mute]   # what a reader may change, beside mask. Absent: all three, behind a button
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, changeFields, headFields, type Kind } from './kind.ts';
import { arcsData, readPattern, type Tool } from './pattern.ts';
import { drawArcs } from './strip.ts';

export interface ArcsDeclaration extends BaseDeclaration {
  kind: 'arcs';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  next?: number;
  causal?: boolean;
  tools?: Tool[];
}

export const arcs: Kind<ArcsDeclaration> = {
  name: 'arcs',
  schema: z.strictObject({
    kind: z.literal('arcs'),
    ...baseFields,
    ...headFields,
    ...changeFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    next: z.number().int().min(1).max(12).optional(),
  }),
  compute: async (declaration, world, name) =>
    arcsData(declaration, await readPattern(declaration, world, { causal: declaration.causal }), world, name),
  draw: async (data) => drawArcs(data),
  alive: true,
};
