/**
 * What every kind of figure has to offer: the shape of its declaration, how its numbers are computed and how it is drawn.
 * Adding a kind is adding a file that exports one {@link Kind} and one line in `kinds.ts`.
 */
import { z } from 'zod';
import type { FigureData } from './figure-data.ts';
import { TOOLS } from './pattern.ts';
import type { World } from './world.ts';

/** One picture, twice. */
export interface Drawing {
  /** What stands in the page, inside the figure: colours by CSS variables, sizes by `styles/figures/`. */
  html: string;
  /** A file of its own: fixed width, its own colours for light and dark, a title and a description. */
  svg: string;
}

export interface Kind<D extends BaseDeclaration = BaseDeclaration> {
  name: D['kind'];
  /** Strict: a field that the kind does not know is a mistake. */
  schema: z.ZodType<D>;
  /**
   * The figure's numbers. The same code for the script (attention on gpu.js), the check (float64) and a page (plain).
   * @param name the figure's key in its lesson: the first part of every id in the drawing
   * @throws FigureError when a word is unknown, a head does not exist, or a text is too long
   */
  compute(declaration: D, world: World, name: string): Promise<FigureData>;
  /** A pure function of the data: no page, no files, no clock. */
  draw(data: FigureData): Promise<Drawing>;
  /** True where `islands/kinds/` has a file of this kind's name, which answers to a reader. */
  alive: boolean;
}

/** The fields of every declaration. `*word*` in title and caption sets a word in italics. */
export interface BaseDeclaration {
  kind: string;
  title: string;
  caption: string;
}

/** Spread into the strict object of each kind's schema. */
export const baseFields = {
  title: z
    .string()
    .regex(/\?$/, 'is a question, and ends with a question mark')
    .describe('A question in plain words. *word* is set in italics.'),
  caption: z.string().min(1).describe('What was simplified, or what a reader may misread, in a sentence or two.'),
};

/** What is changed in a head's work, or may be by a reader. */
export const changeFields = {
  causal: z.boolean().optional(),
  tools: z.array(z.enum(TOOLS)).min(1).optional(),
};

/** Which head of the model: its job (`role`), or its layer and head, both counted from 1. */
export const headFields = {
  role: z.string().min(1).optional(),
  layer: z.number().int().min(1).optional(),
  head: z.number().int().min(1).optional(),
};
