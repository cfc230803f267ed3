/**
 * Narrowing: of all the women (or cats) that the little language's stories introduce, what share still fits as a phrase
 * grows. Exact, from the grammar. A modifier can only lower the share.
 *
 * ```yaml
 * kind: narrowing
 * title: How many women are left?
 * caption: A bit is one halving. The share counts introductions in stories, not women in the world.
 * noun: woman
 * steps:
 *   - say: woman
 *   - say: a beautiful woman
 *     modifiers: [beautiful]
 *   - say: a very beautiful woman
 *     modifiers: [very, beautiful]
 * more: [old, tall]     # words a reader can put to it, besides those of the steps. Absent: none
 * ```
 */
import { z } from 'zod';
import { type CrowdPart, crowdOf, describedNouns, modifiersOf, narrow } from '../language/narrowing.ts';
import { choices, nearest } from './choices.ts';
import type { FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { noticeOfSteps } from './narrowing-notice.ts';
import { type Crowd, modifiersFrom, narrowingRows, wordsOf } from './narrowing-phrase.ts';
import { drawNarrowing } from './narrowing-picture.ts';

export interface NarrowingDeclaration extends BaseDeclaration {
  kind: 'narrowing';
  noun: string;
  steps: { say: string; modifiers?: string[] }[];
  more?: string[];
}

export const narrowing: Kind<NarrowingDeclaration> = {
  name: 'narrowing',
  schema: z.strictObject({
    kind: z.literal('narrowing'),
    ...baseFields,
    noun: z.string().min(1),
    steps: z
      .array(z.strictObject({ say: z.string().min(1), modifiers: z.array(z.string().min(1)).optional() }))
      .min(2)
      .max(12),
    more: z.array(z.string().min(1)).min(1).max(8).optional(),
  }),
  async compute(declaration, _world, name): Promise<FigureData> {
    if (!describedNouns.includes(declaration.noun)) {
      const said = choices(declaration.noun, describedNouns);
      throw new FigureError(`noun: no story describes a '${declaration.noun}'. ${said}`, 'noun');
    }
    const shares = declaration.steps.map(({ modifiers = [] }, index) => shareOf(declaration.noun, modifiers, index));
    const rows = narrowingRows(declaration.steps.map(({ say }, step) => ({ say, share: shares[step] })));
    const words = wordsOf([
      ...declaration.steps.flatMap(({ modifiers = [] }) => modifiers),
      ...(declaration.more ?? []),
    ]);
    return {
      kind: 'narrowing',
      name,
      title: declaration.title,
      caption: declaration.caption,
      series: [
        {
          id: 'share',
          label: 'The little language',
          provenance: 'exact',
          source: 'the grammar of the little language',
        },
      ],
      axes: {
        rows: 'what has been said',
        columns: `the share of all introductions of a *${declaration.noun}* that still fit`,
      },
      columns: [
        { id: 'phrase', label: 'What has been said', unit: 'word' },
        { id: 'share', label: 'Share that still fits', unit: 'share', series: 'share' },
        { id: 'bits', label: 'Bits', unit: 'bits', series: 'share', empty: 'nobody is left' },
        { id: 'added', label: 'Bits added by this step', unit: 'bits', series: 'share', empty: 'nobody is left' },
      ],
      rows,
      notice: noticeOfSteps(rows),
      detail: {
        noun: declaration.noun,
        modifiers: declaration.steps.map((step) => step.modifiers ?? []),
        words,
        crowd: crowd(declaration.noun, words),
      },
    };
  },
  draw: async (data) => drawNarrowing(data),
  alive: true,
};

/** The crowd in parts, for whatever words a reader puts together; of combinations that no story uses there is no part. */
function crowd(noun: string, words: readonly string[]): Crowd {
  let parts: CrowdPart[];
  try {
    parts = crowdOf(noun, modifiersFrom(words));
  } catch (error) {
    throw new FigureError(`more: ${(error as Error).message}`, 'more');
  }
  return parts.map(({ fits, share }) => [fits, Math.round(share * 1e10) / 1e10]);
}

function shareOf(noun: string, modifiers: readonly string[], step: number): number {
  const field = `steps.${step}.modifiers`;
  let share: number;
  try {
    share = narrow(noun, modifiers).share;
  } catch (error) {
    const known = modifiersOf(noun).map(({ modifier }) => modifier);
    const near = modifiers.filter((word) => !known.includes(word)).map((word) => nearest(word, known));
    const hint = near[0] === undefined ? '' : ` Did you mean '${near[0]}'?`;
    throw new FigureError(`steps, number ${step + 1}: ${(error as Error).message}${hint}`, field);
  }
  if (share > 0) return share;
  throw new FigureError(
    `steps, number ${step + 1}: the stories never introduce a ${noun} that is ${modifiers.join(' and ')}, so nothing is left to share. Take a modifier out.`,
    field,
  );
}
