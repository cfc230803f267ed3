/**
 * One dot product, opened: a query and a key, multiplied number by number, added up, divided by the root of their length,
 * and what softmax makes of that. The lists are a head's, or typed by an author.
 *
 * ```yaml
 * kind: products
 * title: How well do the two agree?
 * caption: One head of sixteen.
 * text: a very lovely creature
 * role: adjective      # or layer: 2 and head: 1
 * word: creature       # whose query. Absent: the last word of the text
 * at: lovely           # whose key. Absent: the word before that
 * ```
 *
 * ```yaml
 * kind: products
 * title: What do the notebook's numbers give?
 * caption: Typed by hand.
 * query: [0.952, 0.123, 0.443]
 * key: [0.824, -0.234, 0.385]
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { findPair, readText, resolveHead } from './pattern.ts';
import { handMadeProducts, learnedProducts, productsData } from './products-data.ts';
import { drawProducts } from './products-picture.ts';

export interface ProductsDeclaration extends BaseDeclaration {
  kind: 'products';
  text?: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  at?: string;
  query?: number[];
  key?: number[];
}

const list = z.array(z.number()).min(1).max(64);

export const products: Kind<ProductsDeclaration> = {
  name: 'products',
  schema: z
    .strictObject({
      kind: z.literal('products'),
      ...baseFields,
      ...headFields,
      text: z.string().min(1).optional(),
      word: z.string().min(1).optional(),
      at: z.string().min(1).optional(),
      query: list.optional(),
      key: list.optional(),
    })
    .refine(({ text, query, key }) => (text === undefined ? query && key : !query && !key), {
      message: 'Give a text and a head, or a query and a key of your own.',
    })
    .refine(({ query, key }) => query?.length === key?.length, {
      message: 'Query and key must be lists of the same length.',
      path: ['key'],
    }),
  async compute(declaration, world, name) {
    const { query, key } = declaration;
    if (query && key) return productsData(declaration, handMadeProducts(query, key), name);
    const text = readText(declaration.text!, world);
    const place = resolveHead(declaration, world);
    const [looking, asked] = findPair(text.words, declaration);
    const trace = await world.run(text.ids);
    return productsData(declaration, learnedProducts(trace, text.words, place, looking, asked, world), name);
  },
  draw: async (data) => drawProducts(data),
  alive: false,
};
