/**
 * Why dot products are divided by the root of the length of the lists: random lists, short and long, and what softmax makes
 * of their dot products with and without the division.
 *
 * ```yaml
 * kind: spread
 * title: What if nobody divided?
 * caption: Real queries and keys are not random; at the start of a training they are close to it.
 * lengths: [2, 16, 64] # how many numbers a list has
 * keys: 8              # how many keys one query meets. Absent: 8
 * draws: 1000          # how often it is tried. Absent: 1000
 * seed: 1              # absent: 1
 * ```
 *
 * Vaswani et al. 2017, section 3.2.1, https://arxiv.org/abs/1706.03762.
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { spreadData, spreadOf } from './spread-data.ts';
import { drawSpread } from './spread-picture.ts';

export interface SpreadDeclaration extends BaseDeclaration {
  kind: 'spread';
  lengths: number[];
  keys?: number;
  draws?: number;
  seed?: number;
}

export const spread: Kind<SpreadDeclaration> = {
  name: 'spread',
  schema: z.strictObject({
    kind: z.literal('spread'),
    ...baseFields,
    lengths: z.array(z.number().int().min(1).max(256)).min(1).max(5),
    keys: z.number().int().min(2).max(12).optional(),
    draws: z.number().int().min(1).max(2000).optional(),
    seed: z.number().int().optional(),
  }),
  async compute({ title, caption, lengths, keys = 8, draws = 1000, seed = 1 }, _world, name) {
    const spreads = [...new Set(lengths)].map((length) => spreadOf(length, keys, draws, seed));
    return spreadData({ title, caption, keys, draws, seed }, spreads, name);
  },
  draw: async (data) => drawSpread(data),
  alive: false,
};
