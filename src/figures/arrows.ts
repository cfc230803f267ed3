/**
 * A query and a few keys as arrows: how well each key agrees with the query, and how that becomes shares of one whole. Typed
 * by an author, two numbers a list, since more cannot be drawn.
 *
 * ```yaml
 * kind: arrows
 * title: Which key suits the query best?
 * caption: Real lists have more than two numbers.
 * query: { creature: [1.6, 0.7] }
 * keys:                # two to five
 *   lovely: [1.7, 0.9]
 *   very: [-0.4, 1.4]
 * temperature: 1       # absent: 1
 * ```
 */
import { z } from 'zod';
import { arrowsData, FARTHEST } from './arrows-data.ts';
import { drawArrows } from './arrows-picture.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';

export interface ArrowsDeclaration extends BaseDeclaration {
  kind: 'arrows';
  query: Record<string, [number, number]>;
  keys: Record<string, [number, number]>;
  temperature?: number;
}

const arrow = z
  .tuple([z.number(), z.number()])
  .refine((list) => Math.hypot(...list) <= FARTHEST, `is longer than ${FARTHEST}, and would leave the picture`);
const lists = z.record(z.string().min(1), arrow);

export const arrows: Kind<ArrowsDeclaration> = {
  name: 'arrows',
  schema: z.strictObject({
    kind: z.literal('arrows'),
    ...baseFields,
    query: lists.refine((list) => Object.keys(list).length === 1, 'is one word with its two numbers'),
    keys: lists.refine(
      (list) => Object.keys(list).length >= 2 && Object.keys(list).length <= 5,
      'are two to five words with two numbers each',
    ),
    temperature: z.number().min(0.1).max(4).optional(),
  }),
  async compute({ title, caption, query, keys, temperature = 1 }, _world, name) {
    const [[word, list]] = Object.entries(query);
    const all = Object.entries(keys).map(([key, of]) => ({ word: key, list: of }));
    return arrowsData({ title, caption }, { word, query: list, keys: all, temperature }, name);
  },
  draw: async (data) => drawArrows(data),
  alive: true,
};
