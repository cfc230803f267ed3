/**
 * One text at moments of the model's training: where its last word looks in one head, and what is taken to come next, from
 * before the first step to the last.
 *
 * ```yaml
 * kind: moments
 * title: When did *was* begin to look back?
 * caption: One head of sixteen.
 * text: there was a beautiful woman with an ugly cat . the woman was
 * role: noun           # or layer: 2 and head: 1
 * next: 4              # how many of the likeliest next words, at the end. Absent: 4
 * words: [ugly]        # next words that are shown too, however unlikely
 * ```
 */
import { z } from 'zod';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { momentsData, readLook } from './moments-data.ts';
import { drawMoments } from './moments-picture.ts';
import { readText, resolveHead } from './pattern.ts';

export interface MomentsDeclaration extends BaseDeclaration {
  kind: 'moments';
  text: string;
  role?: string;
  layer?: number;
  head?: number;
  next?: number;
  words?: string[];
}

export const moments: Kind<MomentsDeclaration> = {
  name: 'moments',
  schema: z.strictObject({
    kind: z.literal('moments'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    next: z.number().int().min(1).max(8).optional(),
    words: z.array(z.string().min(1)).optional(),
  }),
  async compute(declaration, world, name) {
    if (!world.moments) {
      throw new FigureError(
        "kind: there are no moments of the training, public/model/moments. 'npm run train' keeps them.",
        'kind',
      );
    }
    const { ids, words } = readText(declaration.text, world);
    const place = resolveHead(declaration, world);
    for (const word of declaration.words ?? []) {
      if (world.model.tokenizer.idOf(word) !== undefined) continue;
      throw new FigureError(`words: ${world.model.name} does not know '${word}'.`, 'words');
    }
    const looks = [];
    for (const moment of world.moments) looks.push(await readLook(ids, place, world.with(await moment.open())));
    const facts = world.moments.map(({ open, ...rest }) => rest);
    return momentsData(declaration, { words, ...place, moments: facts, looks }, world.model.name, name);
  },
  draw: async (data) => drawMoments(data),
  alive: true,
};
