/**
 * How places get into a score: each pair of numbers of a query or key is turned by its place, fast pairs and slow ones, so
 * that the score depends on how far the two words stand apart and on nothing else about their places.
 *
 * ```yaml
 * kind: rotation
 * title: How does a word know how far away another is?
 * caption: One head of sixteen; the other pairs of its lists turn more slowly still.
 * text: there was a beautiful woman
 * role: previous-word  # or layer: 1 and head: 1
 * word: woman          # whose query. Absent: the last word of the text
 * at: beautiful        # whose key. Absent: the word before that
 * pairs: [1, 2, 3]     # which pairs have dials. Absent: all, or eight of them where there are more
 * ```
 *
 * Su et al. 2021, https://arxiv.org/abs/2104.09864.
 */
import { z } from 'zod';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { findPair, readText, resolveHead } from './pattern.ts';
import { rotationData, turning } from './rotation-data.ts';
import { drawRotation } from './rotation-picture.ts';

export interface RotationDeclaration extends BaseDeclaration {
  kind: 'rotation';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  at?: string;
  pairs?: number[];
}

/** So many dials stand below each other where a head has more pairs. */
const MOST_PAIRS = 8;

export const rotation: Kind<RotationDeclaration> = {
  name: 'rotation',
  schema: z.strictObject({
    kind: z.literal('rotation'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    at: z.string().min(1).optional(),
    pairs: z.array(z.number().int().min(1)).min(1).max(12).optional(),
  }),
  async compute(declaration, world, name) {
    const text = readText(declaration.text, world);
    const place = resolveHead(declaration, world);
    const [looking, asked] = findPair(text.words, declaration);
    const all = world.model.config.headDim / 2;
    declaration.pairs?.forEach((pair, k) => {
      if (pair <= all) return;
      throw new FigureError(`pairs: expected 1 to ${all}, but ${pair} came.`, `pairs.${k}`);
    });
    const count = Math.min(MOST_PAIRS, all);
    const spread = Array.from({ length: count }, (_, i) => 1 + Math.round((i * (all - 1)) / Math.max(1, count - 1)));
    const pairs = [...new Set(declaration.pairs ?? spread)];
    const trace = await world.run(text.ids);
    return rotationData(declaration, turning(trace, text.words, place, [looking, asked], pairs, world), world, name);
  },
  draw: async (data) => drawRotation(data),
  alive: true,
};
