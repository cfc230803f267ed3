/**
 * How a training went: how well the next word is told, on texts that were kept apart, while the model reads more and more.
 * The language's own entropy is exact, and nobody can do better.
 *
 * ```yaml
 * kind: training
 * title: How did Easel get better?
 * caption: Words are counted as often as they were read.
 * show: gap    # loss: with the language's entropy; gap: what lies between the two, in powers of ten. Absent: loss
 * aim: 0.02    # a gap to mark, in nats; only with show: gap
 * ```
 */
import { z } from 'zod';
import type { Cell, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { rounded, sayLarge, saySigned } from './numbers.ts';

export interface TrainingDeclaration extends BaseDeclaration {
  kind: 'training';
  show?: 'loss' | 'gap';
  aim?: number;
}

/** What the last row is called, so that prose can quote it whatever the number of steps. */
const END = 'the end';

export const training: Kind<TrainingDeclaration> = {
  name: 'training',
  schema: z
    .strictObject({
      kind: z.literal('training'),
      ...baseFields,
      show: z.enum(['loss', 'gap']).optional(),
      aim: z.number().positive().optional(),
    })
    .refine(({ show, aim }) => aim === undefined || show === 'gap', {
      path: ['aim'],
      message: "marks a gap, so it needs 'show: gap'",
    }),
  async compute(declaration, world, name): Promise<FigureData> {
    const log = world.training;
    if (!log) {
      throw new FigureError(
        "kind: there is no log of the training, public/model/training.json. 'npm run train' writes it.",
        'kind',
      );
    }
    const { show = 'loss', aim } = declaration;
    const rows = log.rows.map(({ step, tokens, loss, gap }, i): Cell[] => [
      i === log.rows.length - 1 ? END : `step ${step.toLocaleString('en')}`,
      tokens,
      rounded(log.entropy + gap),
      rounded(log.entropy),
      rounded(gap),
      rounded(loss),
    ]);
    return {
      kind: 'training',
      name,
      title: declaration.title,
      caption: declaration.caption,
      series: [
        { id: 'model', label: world.model.name, provenance: 'learned', source: world.model.name },
        {
          id: 'language',
          label: 'The little language',
          provenance: 'exact',
          source: 'the grammar of the little language',
        },
      ],
      axes: {
        rows: 'how many words it has read',
        columns: `its ${show === 'gap' ? 'needless ' : ''}surprise at the next word, in nats`,
      },
      columns: [
        { id: 'at', label: 'After', unit: 'text' },
        { id: 'tokens', label: 'Words read', unit: 'count' },
        { id: 'loss', label: `${world.model.name}, nats a word`, unit: 'nats', series: 'model' },
        { id: 'entropy', label: 'The language itself', unit: 'nats', series: 'language' },
        { id: 'gap', label: 'Between the two', unit: 'nats', series: 'model' },
        { id: 'practice', label: 'On the texts it practised on', unit: 'nats', series: 'model' },
      ],
      rows,
      notice: noticeOfTraining(rows, show),
      detail: { show, ...(aim !== undefined && { aim }), texts: log.heldOutTexts },
    };
  },
  // Plot draws what stays; it is fetched only where a figure of this kind is drawn, which is never in a page.
  draw: async (data) => (await import('./training-plot.ts')).drawTraining(data),
  alive: false,
};

/**
 * What the curve shows, said only where it is so.
 *
 * @param rows as {@link training} makes them: name, words read, nats of the model, of the language, and between the two
 */
export function noticeOfTraining(rows: readonly Cell[][], show: 'loss' | 'gap'): string {
  const points = rows.map(
    ([, tokens, loss, entropy, gap]) => ({ tokens, loss, entropy, gap }) as Record<string, number>,
  );
  const [first, last] = [points[0], points[points.length - 1]];
  if (show === 'gap') {
    const passed = [1, 0.1, 0.01].flatMap((mark) => {
      const above = points.findLastIndex(({ gap }) => gap >= mark);
      return above >= 0 && above < points.length - 1 ? [{ mark, tokens: points[above + 1].tokens }] : [];
    });
    const way = passed.map(({ mark, tokens }) => `below ${mark} for good by ${sayLarge(tokens)} words`);
    return `${way.length > 0 ? `The gap is ${way.join(', ')}. ` : ''}At the end it is ${saySigned(last.gap)} nats a word.`;
  }
  const peak = points.reduce((a, b) => (b.gap > a.gap ? b : a));
  // The last point above the middle: from the next one on it is nearer to the end than to the beginning.
  const half = points.findLastIndex(({ gap }) => gap > (first.gap + last.gap) / 2) + 1;
  const choices = (nats: number) => Math.exp(nats).toFixed(2);
  const parts: string[] = [];
  if (peak !== first && peak.gap > 1.1 * first.gap && peak.tokens < last.tokens / 2) {
    parts.push(`At first it gets worse at these texts, until ${sayLarge(peak.tokens)} words are read.`);
  }
  if (last.gap < first.gap && half < points.length && points[half].tokens < last.tokens / 4) {
    parts.push(
      `Half of the way is behind it after ${sayLarge(points[half].tokens)} of ${sayLarge(last.tokens)} words.`,
    );
  }
  parts.push(
    `At the end it is as unsure of the next word as someone who chooses among ${choices(last.loss)} equally likely ones; the language itself leaves ${choices(last.entropy)}.`,
  );
  return parts.join(' ');
}
