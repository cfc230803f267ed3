/** The training figure, drawn by Observable Plot: a broad line for the model, a thin one for what cannot be bettered. */
import * as Plot from '@observablehq/plot';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { NARROW_WIDTH } from './measure.ts';
import { sayLarge, saySigned } from './numbers.ts';
import { type Plotted, plotHtml, plotted } from './plot.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml } from './text.ts';

interface Point {
  tokens: number;
  loss: number;
  entropy: number;
  gap: number;
}

function pointsOf(data: FigureData): Point[] {
  return data.rows.map(([, tokens, loss, entropy, gap]) => ({ tokens, loss, entropy, gap }) as Point);
}

/** Round numbers from 0 to at most `most`, about so many of them. */
function roundTicks(most: number, count: number): number[] {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** A letter of a label, on average, in px. */
const LETTER = 7.2;

function curve(data: FigureData, width: number, narrow: boolean): Plotted {
  const points = pointsOf(data);
  const { show, aim } = data.detail as { show: 'loss' | 'gap'; aim?: number };
  const last = points[points.length - 1];
  const words = roundTicks(last.tokens, narrow ? 2 : 5);
  const gaps = show === 'gap';
  const values = points.map((point) => (gaps ? point.gap : point.loss));
  // A gap measured on few texts may come out below 0; a logarithm has no place for it.
  const drawn = points.filter(({ gap }) => !gaps || gap > 0);
  const lowest = gaps ? 10 ** Math.floor(Math.log10(Math.min(...values.filter((x) => x > 0), aim ?? Infinity))) : 0;
  const highest = gaps ? 10 ** Math.ceil(Math.log10(Math.max(...values))) : Math.ceil(Math.max(...values));
  const heights: number[] = gaps ? [] : roundTicks(highest, 6);
  if (gaps) for (let x = lowest; x <= highest * 1.01; x *= 10) heights.push(Number(x.toPrecision(1)));
  const height = narrow ? 260 : 320;
  const [left, right] = [44, narrow ? 8 : 16];
  /** Above the highest point of the curve that the text stands over. */
  const over = (text: string) => {
    const covered = (text.length * LETTER) / (width - left - right);
    return Math.max(
      ...points.flatMap(({ tokens }, i) => (tokens >= last.tokens * (1 - covered) ? values[i] : [])),
      lowest,
    );
  };
  /** Over the aim's line rather than across it, where the curve runs just below. */
  const clearOfAim = (value: number) => {
    if (aim === undefined || value >= aim) return value;
    const distance = (Math.log10(aim / value) / Math.log10(highest / lowest)) * (height - 54);
    return distance < 26 ? aim : value;
  };
  const label = (text: string, value: number, side: 'left' | 'right', dy: number) =>
    Plot.text([{ text, value }], {
      frameAnchor: side,
      textAnchor: side === 'left' ? 'start' : 'end',
      y: 'value',
      dx: side === 'left' ? 4 : 0,
      dy,
      text: 'text',
      className: 'name',
    } as Plot.TextOptions);
  // Between a line and the axis under it there may be no room for a name; then it joins the other one, above.
  const below = (last.entropy / highest) * (height - 54) > 26;
  const ofModel = `${data.series[0].label}: ${saySigned(gaps ? last.gap : last.loss)} at the end`;
  const ofLanguage = `The language itself: ${saySigned(last.entropy)}`;
  return plotted({
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: 20,
    marginBottom: 34,
    axis: null,
    x: { domain: [0, last.tokens] },
    y: gaps ? { type: 'log', domain: [lowest, highest] } : { domain: [0, highest] },
    marks: [
      Plot.ruleY([lowest], { className: 'axis' } as Plot.RuleYOptions),
      Plot.text(words, {
        x: (tokens: number) => tokens,
        frameAnchor: 'bottom',
        dy: 18,
        text: (tokens: number) => (tokens === 0 ? '0' : sayLarge(tokens)),
      } as Plot.TextOptions),
      Plot.text(heights, {
        y: (value: number) => value,
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -10,
        text: (value: number) => String(value),
      } as Plot.TextOptions),
      ...(gaps ? [] : [Plot.lineY(points, { x: 'tokens', y: 'entropy', className: 'truth' } as Plot.LineYOptions)]),
      ...(aim === undefined ? [] : [Plot.ruleY([aim], { className: 'truth' } as Plot.RuleYOptions)]),
      Plot.lineY(drawn, { x: 'tokens', y: gaps ? 'gap' : 'loss', className: 'model' } as Plot.LineYOptions),
      label(ofModel, clearOfAim(over(ofModel)), 'right', gaps || below ? -12 : -30),
      ...(gaps ? [] : [label(ofLanguage, below ? last.entropy : over(ofModel), 'right', below ? 14 : -12)]),
      // The curve starts high and leaves room at the left: over the aim, but on a phone, where it comes down sooner, under it.
      ...(aim === undefined ? [] : [label(`The aim: ${aim}`, aim, 'left', narrow ? 11 : -12)]),
    ],
  });
}

/** The course of it, for those who hear it: a few points from first to last. */
function aloud(data: FigureData): string {
  const points = pointsOf(data);
  const gaps = data.detail.show === 'gap';
  const few = [...new Set([0, 0.1, 0.25, 0.5, 1].map((part) => Math.round(part * (points.length - 1))))];
  const said = few.map(
    (i) => `${saySigned(gaps ? points[i].gap : points[i].loss)} after ${sayLarge(points[i].tokens)} words`,
  );
  const truth = gaps ? '' : ` The language itself: ${saySigned(points[0].entropy)}.`;
  return `${data.series[0].label}, in nats a word: ${said.join('; ')}.${truth}`;
}

/** Page and file of a training figure. */
export function drawTraining(data: FigureData): Drawing {
  const { rows, columns } = data.axes!;
  const wide = curve(data, SHEET_WIDTH, false);
  const axes = `<p class="axes"><span><b>Across:</b> ${escapeHtml(rows)}</span><span><b>Up:</b> ${escapeHtml(columns)}</span></p>`;
  return {
    html: `${axes}${plotHtml(wide, curve(data, NARROW_WIDTH, true), 'plot', escapeHtml(aloud(data)))}`,
    svg: sheet(
      data,
      `${sheetLine(`Across: ${rows}. Up: ${columns}.`)}<g class="plot" transform="translate(0 ${LINE})">${wide.body}</g>`,
      LINE + wide.height,
    ),
  };
}
