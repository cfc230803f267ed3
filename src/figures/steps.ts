/**
 * One word's pass through one head from beginning to end: its numbers at standard size, query, key and value, the dot
 * product with each key, divided, masked, turned into shares, the values blended by them, and the blend sent through the
 * output table and added. One of the dot products is opened: two lists, multiplied number by number.
 *
 * ```yaml
 * kind: steps
 * title: How does *woman* come by its shares?
 * caption: One head of sixteen.
 * text: there was a beautiful woman with an ugly cat
 * role: adjective      # or layer: 2 and head: 1
 * word: woman          # the word that looks. Absent: the last word of the text
 * at: beautiful        # shows key and value of this word and opens the dot product with it. Absent: the word looked at most
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { readText, resolveHead } from './pattern.ts';
import { rowSteps, stepsData } from './steps-data.ts';
import { drawSteps } from './steps-picture.ts';
import { findWord } from './text.ts';

export interface StepsDeclaration extends BaseDeclaration {
  kind: 'steps';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  at?: string;
}

export const steps: Kind<StepsDeclaration> = {
  name: 'steps',
  schema: z.strictObject({
    kind: z.literal('steps'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    word: z.string().min(1).optional(),
    at: z.string().min(1).optional(),
  }),
  async compute(declaration, world, name) {
    const { word, at } = declaration;
    const text = readText(declaration.text, world);
    const place = resolveHead(declaration, world);
    const looking = word === undefined ? text.words.length - 1 : findWord(text.words, word);
    const opened = at === undefined ? undefined : findWord(text.words, at, 'at');
    const row = rowSteps(await world.run(text.ids), text.words, place, looking, world);
    return stepsData(declaration, row, opened, world, name);
  },
  draw: async (data) => drawSteps(data),
  alive: true,
};
