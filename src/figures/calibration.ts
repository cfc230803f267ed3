/**
 * Calibration: when the model says 30 %, is it so in 30 of 100 cases? Every word at many places of texts it has not seen is
 * sorted by what the model says of it; since the language's own probabilities are known, the truth needs no counting.
 *
 * ```yaml
 * kind: calibration
 * title: When Easel says 30 %, is it 30 %?
 * caption: A dot stands for thousands of words; what it says of each one may still be off.
 * ```
 */
import { z } from 'zod';
import type { CalibrationBin } from './calibration-bins.ts';
import type { Cell, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { rounded, sayPart, sayShare } from './numbers.ts';

export interface CalibrationDeclaration extends BaseDeclaration {
  kind: 'calibration';
}

export const calibration: Kind<CalibrationDeclaration> = {
  name: 'calibration',
  schema: z.strictObject({ kind: z.literal('calibration'), ...baseFields }),
  async compute(declaration, world, name): Promise<FigureData> {
    const bins = world.calibration;
    if (!bins) {
      throw new FigureError(
        "kind: nothing is known of how right the model is, in public/model/quality.json. 'npm run evaluate' writes it.",
        'kind',
      );
    }
    const easel = world.model.name;
    const rows = bins.map(({ from, to, count, predicted, truth, observed }): Cell[] => [
      `${sayPart(from)} to ${sayPart(to)}`,
      rounded(predicted),
      rounded(truth),
      rounded(observed),
      count,
    ]);
    return {
      kind: 'calibration',
      name,
      title: declaration.title,
      caption: declaration.caption,
      series: [
        { id: 'model', label: easel, provenance: 'learned', source: easel },
        {
          id: 'truth',
          label: 'The little language',
          provenance: 'exact',
          source: 'the grammar of the little language',
        },
      ],
      axes: { rows: `the probability that ${easel} gives to a word`, columns: 'the true probability of such words' },
      columns: [
        { id: 'bin', label: `${easel} says`, unit: 'text' },
        { id: 'predicted', label: 'On average', unit: 'share', series: 'model' },
        { id: 'truth', label: 'The truth', unit: 'share', series: 'truth' },
        { id: 'observed', label: 'It came', unit: 'share', series: 'truth' },
        { id: 'count', label: 'Words', unit: 'count' },
      ],
      rows,
      notice: noticeOfCalibration(bins, easel),
      detail: { from: bins.map(({ from }) => from) },
    };
  },
  // Plot draws what stays; it is fetched only where a figure of this kind is drawn, which is never in a page.
  draw: async (data) => (await import('./calibration-plot.ts')).drawCalibration(data),
  alive: false,
};

/** From here on a probability is one that a reader would call a chance. */
const CHANCE = 0.01;

/** How far the dots are from the line, said only where it is so. */
export function noticeOfCalibration(bins: readonly CalibrationBin[], model: string): string {
  const off = ({ predicted, truth }: CalibrationBin) => Math.abs(predicted - truth);
  const say = ({ predicted, truth }: CalibrationBin) =>
    `where ${model} says ${sayShare(predicted)}, it is ${sayShare(truth)}`;
  const widest = bins.reduce((a, b) => (off(b) > off(a) ? b : a));
  const parts = [`No dot is farther from the truth than this one: ${say(widest)}.`];
  const rare = bins.filter((bin) => bin.from < CHANCE && bin.predicted > 0);
  const factor = ({ predicted, truth }: CalibrationBin) => predicted / truth;
  const stretch = (bin: CalibrationBin) => Math.abs(Math.log(factor(bin)));
  if (rare.length > 0) {
    const worst = rare.reduce((a, b) => (stretch(b) > stretch(a) ? b : a));
    if (worst !== widest && stretch(worst) > Math.log(1.2)) {
      const [more, times] = factor(worst) > 1 ? ['more', factor(worst)] : ['less', 1 / factor(worst)];
      const often = Number.isFinite(times)
        ? `${times.toFixed(1)} times ${more} often than they come`
        : 'though they never come';
      parts.push(
        `Among words it takes to be rarer than one in a hundred, it is most wrong about those to which it gives ${sayShare(worst.predicted)}: it expects them ${often}.`,
      );
    }
  }
  return parts.join(' ');
}
