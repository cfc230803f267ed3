/**
 * The same words in two texts: one stored list each to begin with, and how far apart the texts take them, step by step.
 *
 * ```yaml
 * kind: apart
 * title: How far does *bank* part from *bank*?
 * caption: Angles between lists of sixty-four numbers.
 * words: [bank, was]    # one to three, each in both texts; a word's last occurrence, the first is 'was 1'
 * texts:
 *   - { say: by the river, text: anna sat by the river . the bank was }
 *   - { say: short of money, text: anna needed money . the bank was }
 * show: layer 2, attention   # when the lists are shown, of the first word. Absent: after the last step
 * next: 4               # how many next words of each text. Absent: 4
 * ```
 */
import { z } from 'zod';
import { apartData, readApart } from './apart-data.ts';
import { drawApart } from './apart-picture.ts';
import { choices } from './choices.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';

export interface ApartDeclaration extends BaseDeclaration {
  kind: 'apart';
  words: string[];
  texts: { say: string; text: string }[];
  show?: string;
  next?: number;
}

export const apart: Kind<ApartDeclaration> = {
  name: 'apart',
  schema: z
    .strictObject({
      kind: z.literal('apart'),
      ...baseFields,
      words: z.array(z.string().min(1)).min(1).max(3),
      texts: z.array(z.strictObject({ say: z.string().min(1), text: z.string().min(1) })).length(2),
      show: z.string().optional(),
      next: z.number().int().min(1).max(10).optional(),
    })
    .superRefine(({ texts, words }, context) => {
      const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (texts[0]?.say === texts[1]?.say) problem('texts', 'need two different names (say)');
      if (new Set(words).size < words.length) problem('words', 'names a word twice');
    }),
  async compute(declaration, world, name) {
    const read = await readApart(declaration, world);
    const { show, next = 4 } = declaration;
    const stage = show === undefined ? read.stages.length - 1 : read.stages.indexOf(show);
    if (stage < 0) throw new FigureError(`show: there is no '${show}'. ${choices(show!, read.stages)}`, 'show');
    return apartData(declaration, read, { next, shown: { word: 0, stage } }, world, name);
  },
  draw: async (data) => drawApart(data),
  alive: true,
};
