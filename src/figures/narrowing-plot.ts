/** The narrowing figure, drawn by Observable Plot in our type and colours: one bar a phrase, its numbers beside it. */
import * as Plot from '@observablehq/plot';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { wordWidth } from './measure.ts';
import { sayBits, sayShare } from './numbers.ts';
import { type Plotted, plotHtml, plotted } from './plot.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml } from './text.ts';

interface Step {
  say: string;
  share: number;
  bits: number;
}

const PHRASE_SIZE = 17;

function stepsOf(data: FigureData): Step[] {
  return data.rows.map(([say, share, bits]) => ({ say: String(say), share: share as number, bits: bits as number }));
}

function phraseWidth(phrase: string): number {
  return (
    phrase.split(' ').reduce((sum, word) => sum + wordWidth(word, PHRASE_SIZE), 0) + (phrase.split(' ').length - 1) * 5
  );
}

/**
 * The marks as Plot draws them. Wide: phrase, bar and numbers on one line. Narrow: the phrase above them.
 */
function plot(data: FigureData, width: number, narrow: boolean): Plotted {
  const steps = stepsOf(data);
  const line = narrow ? 58 : 42;
  const left = narrow ? 0 : Math.ceil(Math.max(...steps.map((s) => phraseWidth(s.say)))) + 20;
  const right = narrow ? 112 : 128;
  const say = (s: Step) => `${sayShare(s.share)}${s.bits > 0 ? `, ${sayBits(s.bits)} bits` : ''}`;
  const names = steps.map((_, i) => i);
  const lift = narrow ? -16 : 0;
  return plotted({
    width,
    height: steps.length * line,
    marginLeft: left,
    marginRight: right,
    marginTop: 0,
    marginBottom: 0,
    axis: null,
    x: { domain: [0, 1] },
    y: { domain: names, type: 'band', padding: 0 },
    marks: [
      Plot.barX(steps, {
        x1: 0,
        x2: 1,
        y: (_: Step, i: number) => i,
        insetTop: narrow ? 34 : 13,
        insetBottom: narrow ? 10 : 13,
        className: 'all',
      } as Plot.BarXOptions),
      Plot.barX(steps, {
        x1: 0,
        // Never thinner than a hairline: what is left is little, not nothing.
        x2: (step: Step) => Math.max(step.share, 1.5 / (width - left - right)),
        y: (_: Step, i: number) => i,
        insetTop: narrow ? 34 : 13,
        insetBottom: narrow ? 10 : 13,
        className: 'fits',
      } as Plot.BarXOptions),
      Plot.text(steps, {
        frameAnchor: 'left',
        y: (_: Step, i: number) => i,
        text: 'say',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -16,
        dy: narrow ? lift + 4 : 1,
        className: 'phrase',
      } as Plot.TextOptions),
      Plot.text(steps, {
        frameAnchor: 'right',
        y: (_: Step, i: number) => i,
        text: say,
        textAnchor: 'start',
        dx: narrow ? 10 : 14,
        dy: narrow ? 12 : 0,
        className: 'said',
      } as Plot.TextOptions),
    ],
  });
}

/** What the steps show, for those who hear it. */
function aloud(data: FigureData): string {
  return stepsOf(data)
    .map((s) => `${s.say}: ${sayShare(s.share)} still fits, ${sayBits(s.bits)} bits`)
    .join('; ');
}

/** Page and file of a narrowing figure. */
export function drawNarrowing(data: FigureData): Drawing {
  const label = escapeHtml(`${aloud(data)}.`);
  const wide = plot(data, SHEET_WIDTH, false);
  const axes = `<p class="axes"><span><b>Bar:</b> the share of all introductions of a <i>${escapeHtml(String(data.detail.noun))}</i> that still fit</span></p>`;
  return {
    html: `${axes}${plotHtml(wide, plot(data, 328, true), 'steps', label)}`,
    svg: sheet(data, `<g class="steps">${wide.body}</g>`, wide.height),
  };
}
