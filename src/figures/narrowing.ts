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
 * ```
 */
import { z } from 'zod';
import { describedNouns, modifiersOf, narrow } from '../language/narrowing.ts';
import { choices, nearest } from './choices.ts';
import type { Cell, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { rounded, sayBits, sayShare } from './numbers.ts';

export interface NarrowingDeclaration extends BaseDeclaration {
  kind: 'narrowing';
  noun: string;
  steps: { say: string; modifiers?: string[] }[];
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
  }),
  async compute(declaration, _world, name): Promise<FigureData> {
    if (!describedNouns.includes(declaration.noun)) {
      const said = choices(declaration.noun, describedNouns);
      throw new FigureError(`noun: no story describes a '${declaration.noun}'. ${said}`, 'noun');
    }
    const shares = declaration.steps.map(({ modifiers = [] }, index) => shareOf(declaration.noun, modifiers, index));
    const rows: Cell[][] = declaration.steps.map(({ say }, index) => {
      const before = shares[index - 1] ?? 1;
      return [
        say,
        rounded(shares[index]),
        rounded(-Math.log2(shares[index])),
        rounded(Math.log2(before / shares[index])),
      ];
    });
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
        { id: 'bits', label: 'Bits', unit: 'bits', series: 'share' },
        { id: 'added', label: 'Bits added by this step', unit: 'bits', series: 'share' },
      ],
      rows,
      notice: noticeOfSteps(rows),
      detail: { noun: declaration.noun, modifiers: declaration.steps.map((step) => step.modifiers ?? []) },
    };
  },
  // Plot draws what stays; it is fetched only where a figure of this kind is drawn, which is never in a page.
  draw: async (data) => (await import('./narrowing-plot.ts')).drawNarrowing(data),
  alive: false,
};

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

/** What the steps show, said only where it is so. */
export function noticeOfSteps(rows: readonly Cell[][]): string {
  const steps = rows.map(([say, share, bits]) => ({ say: String(say), share: share as number, bits: bits as number }));
  const last = steps.at(-1)!;
  const drops = steps.slice(1).map((step, k) => ({ step, factor: steps[k].share / step.share }));
  const largest = drops.reduce((a, b) => (b.factor > a.factor ? b : a));
  const grows = drops.some(({ factor }) => factor < 1 - 1e-9);
  const idle = drops.filter(({ factor }) => Math.abs(factor - 1) < 1e-9);
  let sentence = `After *${last.say}*, ${sayShare(last.share)} are left: ${sayBits(last.bits)} bits, counted as halvings.`;
  if (largest.factor > 1 + 1e-9) {
    const factor = largest.factor < 9.5 ? largest.factor.toFixed(1) : String(Math.round(largest.factor));
    sentence += ` The largest step is *${largest.step.say}*: ${factor} times fewer than before it.`;
  }
  if (!grows && idle.length > 0) {
    sentence += ` *${idle[0].step.say}* narrows nothing by itself; no step widens.`;
  } else if (!grows) sentence += ' No step widens what is left.';
  return sentence;
}
