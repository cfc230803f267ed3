/**
 * Two texts that differ in a word: the same head, the same looking word, one strip under the other.
 *
 * ```yaml
 * kind: compare
 * title: Where does *was* look when one word is different?
 * caption: One head of sixteen.
 * text: there was a beautiful woman with an ugly cat . the woman was
 * other: there was a beautiful woman with an ugly cat . the cat was
 * role: noun           # or layer: 2 and head: 1
 * word: was            # the word that looks, in both. Absent: the last word of the text
 * next: 4              # also the likeliest next words of both. Absent: none
 * ```
 */
import { z } from 'zod';
import { compareData } from './compare-data.ts';
import { drawCompare } from './compare-picture.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { patternOf, readText, resolveHead } from './pattern.ts';
import { findWord } from './text.ts';

export interface CompareDeclaration extends BaseDeclaration {
  kind: 'compare';
  text: string;
  other: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  next?: number;
}

export const compare: Kind<CompareDeclaration> = {
  name: 'compare',
  schema: z.strictObject({
    kind: z.literal('compare'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    other: z.string().min(1),
    word: z.string().min(1).optional(),
    next: z.number().int().min(1).max(12).optional(),
  }),
  async compute(declaration, world, name) {
    const [text, other] = [readText(declaration.text, world), readText(declaration.other, world, 'other')];
    const [here, there] = [text.words.length - 1, other.words.length - 1];
    if (here !== there) {
      throw new FigureError(
        `other: expected ${here} words, as many as the text has, but ${there} came. The two may differ in a word, not in length.`,
        'other',
      );
    }
    if (text.words.every((word, i) => word === other.words[i])) {
      throw new FigureError('other: the two texts are the same. Change a word of one.', 'other');
    }
    const place = resolveHead(declaration, world);
    const looking = declaration.word === undefined ? here : findWord(text.words, declaration.word);
    const first = patternOf(await world.run(text.ids), text, place, world);
    const second = patternOf(await world.run(other.ids), other, place, world);
    return compareData(declaration, { first, second, looking }, world, name);
  },
  draw: async (data) => drawCompare(data),
  alive: false,
};
