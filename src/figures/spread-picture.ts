/** A line for each length of list: how widely the dot products spread, and the weights from the largest down, twice. */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { sayShare, saySigned } from './numbers.ts';
import { sayRoot } from './products-data.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { sayLength } from './spread-data.ts';
import { escapeHtml } from './text.ts';

interface Line {
  length: number;
  raw: number;
  undivided: number[];
  divided: number[];
}

function linesOf(data: FigureData): Line[] {
  const { lengths } = data.detail as { lengths: number[] };
  const rankRows = data.rows.slice(data.groups![1].from);
  const c = (id: string) => data.columns.findIndex((column) => column.id === id);
  const ranks = (id: string) => rankRows.map((row) => row[c(id)] as number);
  return lengths.map((length, k) => ({
    length,
    raw: data.rows[k][c('raw')] as number,
    undivided: ranks(`undivided ${length}`),
    divided: ranks(`divided ${length}`),
  }));
}

/** Bars of the weights, one after the other from the largest down, in px. */
const WIDE = 200;
const HIGH = 64;
const STEP = 25;

/** The weights as bars from a common line. */
function barsMarks(weights: readonly number[]): string {
  const bars = weights.map((weight, k) => {
    const high = Math.max(1, weight * HIGH);
    return `<rect class="paint" x="${k * STEP}" y="${px(HIGH - high)}" width="16" height="${px(high)}"/>`;
  });
  return `${bars.join('')}<path class="zero" d="M0 ${HIGH}H${WIDE}"/>`;
}

function spreadHtml(lines: readonly Line[]): string {
  const most = (weights: readonly number[]) => `<b>${sayShare(weights[0])}</b>`;
  const bars = (weights: readonly number[], how: string) =>
    `<svg class="odds ranks" viewBox="0 0 ${WIDE} ${HIGH + 1}" role="img" aria-label="${how}: the largest weight is ${sayShare(weights[0])} on average, the smallest ${sayShare(weights.at(-1)!)}.">${barsMarks(weights)}</svg>`;
  const rows = lines.map(
    ({ length, raw, undivided, divided }) =>
      `<div class="lists"><p class="of"><b>${sayLength(length)}</b> a list<small>dot products spread ${saySigned(raw, 1)} wide</small></p><div><small>${most(undivided)} as they are</small>${bars(undivided, 'As they are')}</div><div><small>${most(divided)} divided by ${sayRoot(length)}</small>${bars(divided, `Divided by ${sayRoot(length)}`)}</div></div>`,
  );
  return `<p class="axes"><span><b>Bar:</b> a weight, from the largest to the smallest, on average over all draws</span><span><b>Per cent:</b> the largest of them</span></p><div class="picture"><div class="spread">${rows.join('')}</div></div>`;
}

/** Page and file of a figure of random lists. */
export function drawSpread(data: FigureData): Drawing {
  const lines = linesOf(data);
  let body = `<text class="soft" x="0" y="10">Bar: a weight, from the largest to the smallest, on average over all draws. Per cent: the largest of them.</text>`;
  lines.forEach(({ length, raw, undivided, divided }, k) => {
    const y = 34 + k * (HIGH + 62);
    body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/><text class="head" x="0" y="${y + 24}">${escapeHtml(`${sayLength(length)} a list`)}</text><text class="soft" x="0" y="${y + 46}">dot products spread</text><text class="soft" x="0" y="${y + 64}">${saySigned(raw, 1)} wide</text>`;
    body += `<text class="soft" x="200" y="${y + 24}">${sayShare(undivided[0])} as they are</text><g transform="translate(200 ${y + 38})">${barsMarks(undivided)}</g>`;
    body += `<text class="soft" x="470" y="${y + 24}">${sayShare(divided[0])} divided by ${sayRoot(length)}</text><g transform="translate(470 ${y + 38})">${barsMarks(divided)}</g>`;
  });
  return {
    html: spreadHtml(lines),
    svg: sheet(data, `<g class="odds">${body}</g>`, 34 + lines.length * (HIGH + 62)),
  };
}
