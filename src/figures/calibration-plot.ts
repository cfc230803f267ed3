/** The calibration figure, drawn by Observable Plot: a dot a bin, and the line on which what is said is what is so. */
import * as Plot from '@observablehq/plot';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { NARROW_WIDTH } from './measure.ts';
import { sayPart, sayShare } from './numbers.ts';
import { type Plotted, plotHtml, plotted } from './plot.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml } from './text.ts';

interface Dot {
  predicted: number;
  truth: number;
}

function dotsOf(data: FigureData): Dot[] {
  return data.rows.map(([, predicted, truth]) => ({ predicted: predicted as number, truth: truth as number }));
}

/** Both axes in powers of ten: most words are rare, and rare ones should be seen, too. */
function diagram(data: FigureData, width: number, narrow: boolean): Plotted {
  const dots = dotsOf(data);
  const known = dots.flatMap(({ predicted, truth }) => [predicted, truth]).filter((share) => share > 0);
  const lowest = 10 ** Math.floor(Math.log10(Math.min(...known)));
  const powers: number[] = [];
  for (let power = 1; power >= lowest * 0.99; power /= 10) powers.push(Number(power.toPrecision(1)));
  // The smallest shares are long to write: side by side every other one has room, one above the other all but on a phone.
  const fewer = powers.filter((_, i) => i % 2 === 0);
  // What never happens lies on the edge: a logarithm has no place for it.
  const placed = dots.map(({ predicted, truth }) => ({
    x: Math.max(predicted, lowest),
    y: Math.max(truth, lowest),
    truth,
  }));
  const side = narrow ? 200 : 410;
  const [left, top] = [narrow ? 66 : 84, 16];
  const corner = { inset: narrow ? 8 : 16 };
  return plotted({
    width,
    height: top + side + 34,
    marginLeft: left,
    marginRight: width - left - side,
    marginTop: top,
    marginBottom: 34,
    axis: null,
    x: { type: 'log', domain: [lowest, 1] },
    y: { type: 'log', domain: [lowest, 1] },
    marks: [
      Plot.ruleX([lowest], { className: 'axis' } as Plot.RuleXOptions),
      Plot.ruleY([lowest], { className: 'axis' } as Plot.RuleYOptions),
      Plot.text(fewer, { x: (t: number) => t, frameAnchor: 'bottom', dy: 18, text: sayPart } as Plot.TextOptions),
      Plot.text(narrow ? fewer : powers, {
        y: (t: number) => t,
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -10,
        text: sayPart,
      } as Plot.TextOptions),
      Plot.text(['It says too little'], {
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: corner.inset,
        dy: corner.inset,
      } as Plot.TextOptions),
      Plot.text(['It says too much'], {
        frameAnchor: 'bottom-right',
        textAnchor: 'end',
        dx: -corner.inset,
        dy: -corner.inset,
      } as Plot.TextOptions),
      Plot.link([{ from: lowest, to: 1 }], {
        x1: 'from',
        y1: 'from',
        x2: 'to',
        y2: 'to',
        className: 'truth',
      } as Plot.LinkOptions),
      ...['full', 'open'].map((paint) =>
        Plot.dot(
          placed.filter(({ truth }) => truth > 0 === (paint === 'full')),
          { x: 'x', y: 'y', r: narrow ? 4 : 5, className: paint } as Plot.DotOptions,
        ),
      ),
    ],
  });
}

/** What each dot says, for those who hear it. */
function aloud(data: FigureData): string {
  const dots = dotsOf(data).map(({ predicted, truth }) => `${sayShare(predicted)} said, ${sayShare(truth)} true`);
  return `${dots.join('; ')}.`;
}

/** Page and file of a calibration figure. */
export function drawCalibration(data: FigureData): Drawing {
  const { rows, columns } = data.axes!;
  const wide = diagram(data, SHEET_WIDTH, false);
  const axes = `<p class="axes"><span><b>Across:</b> ${escapeHtml(rows)}</span><span><b>Up:</b> ${escapeHtml(columns)}</span><span><b>On the line:</b> it says what is so</span></p>`;
  return {
    html: `${axes}${plotHtml(wide, diagram(data, NARROW_WIDTH, true), 'plot', escapeHtml(aloud(data)))}`,
    svg: sheet(
      data,
      `${sheetLine(`Across: ${rows}. Up: ${columns}. On the line: it says what is so.`)}<g class="plot" transform="translate(0 ${LINE})">${wide.body}</g>`,
      LINE + wide.height,
    ),
  };
}
