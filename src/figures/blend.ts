/**
 * What one head mixes into a word: how much each word is looked at, how much it brings (weight × size of its value), and
 * the word's numbers before and after.
 *
 * ```yaml
 * kind: blend
 * title: Who was looked at, and who brought something?
 * caption: One head of sixteen; the others add their own.
 * text: there was a beautiful woman with an ugly cat
 * role: adjective      # or layer: 2 and head: 1
 * word: woman          # the word that looks. Absent: the last word of the text
 * space: word          # in the numbers of the word; absent: head, in the few numbers of the head
 * ```
 *
 * In the head's own space, before is the value that the word would hand on if it looked at nobody but itself. In the
 * word's space a value counts as what the head's output matrix makes of it, and before is the word as it enters the layer.
 * Sizes of weighted values instead of weights: Kobayashi et al. 2020, https://arxiv.org/abs/2004.10102.
 */
import { z } from 'zod';
import { blendData, rowBlend } from './blend-data.ts';
import { drawBlend } from './blend-picture.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { headSeries, readText, resolveHead } from './pattern.ts';
import { findWord } from './text.ts';

export interface BlendDeclaration extends BaseDeclaration {
  kind: 'blend';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  space?: 'head' | 'word';
}

export const blend: Kind<BlendDeclaration> = {
  name: 'blend',
  schema: z.strictObject({
    kind: z.literal('blend'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    space: z.enum(['head', 'word']).optional(),
  }),
  async compute(declaration, world, name) {
    const { word, space = 'head' } = declaration;
    const text = readText(declaration.text, world);
    const place = resolveHead(declaration, world);
    const looking = word === undefined ? text.words.length - 1 : findWord(text.words, word);
    const row = rowBlend(await world.run(text.ids), text.words, place, looking, space, world);
    return blendData(declaration, row, [headSeries('weight', world, place)], name);
  },
  draw: async (data) => drawBlend(data),
  alive: true,
};
