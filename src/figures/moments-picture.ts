/**
 * Moments of a training: the text as a strip at one of them, and below it a grid with a column for each. Above, in the tones
 * of attention, where the last word looks; below, as squares of ink, what could come next.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { tone } from './matrix.ts';
import { NARROW_WIDTH, px, wordWidth } from './measure.ts';
import { type Looks, looksOf, sayMoment } from './moments-data.ts';
import type { MomentFacts } from './moments-list.ts';
import { sayLarge, saySigned, sayTenthPercent, wholePercents } from './numbers.ts';
import { called, peakOf } from './pattern.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { drawStrip, type Marks, stripMarks } from './strip.ts';
import { END_OF_TEXT, escapeHtml, OTHER_WORDS, START } from './text.ts';

/** Where the columns of the grid begin and how broad one is, in px; a slider above lies over them. */
interface Columns {
  left: number;
  cell: number;
}

const PERCENT = 54;

function columnsOf({ words, moments, next }: Grid, width: number): Columns {
  const size = width < SHEET_WIDTH ? 13 : 15;
  const widest = Math.max(...[...words, ...next.map(({ word }) => shown(word))].map((word) => wordWidth(word, size)));
  const left = Math.ceil(widest) + 12;
  return { left, cell: Math.floor(((width - left - PERCENT) / moments.length) * 10) / 10 };
}

interface Grid extends Looks {
  /** A row for each word that could come next: its odds at each moment. */
  next: { word: string; shares: (number | undefined)[] }[];
}

function gridOf(data: FigureData): Grid {
  const looks = looksOf(data);
  const from = 2 + looks.moments.length;
  const next = data.rows.slice(looks.words.length).map((row) => ({
    word: String(row[0]),
    shares: row.slice(from).map((cell) => (typeof cell === 'number' ? cell : undefined)),
  }));
  return { ...looks, next };
}

/** As it stands in the grid, where there is little room. */
const shown = (word: string) => (word === OTHER_WORDS ? 'others' : word === END_OF_TEXT ? 'the end' : word);

/** Moments that follow each other and read the same. */
function stretches(moments: readonly MomentFacts[]): { reading: string; from: number; to: number }[] {
  const all: { reading: string; from: number; to: number }[] = [];
  moments.forEach(({ reading = '' }, i) => {
    const last = all.at(-1);
    if (last?.reading === reading) last.to = i + 1;
    else all.push({ reading, from: i, to: i + 1 });
  });
  return all.filter(({ reading }) => reading !== '');
}

/** A letter of the sans at 13 px, on average. */
const LETTER = 6.6;

function gridMarks(grid: Grid, width: number, chosen: number, prefix: string, alive: boolean): Marks {
  const { words, moments, looks, next } = grid;
  const narrow = width < SHEET_WIDTH;
  const { left, cell } = columnsOf(grid, width);
  const line = narrow ? 24 : 22;
  const size = narrow ? 13 : 15;
  const x = (i: number) => left + i * cell;
  const right = x(moments.length);
  let text = '';
  let cells = '';

  // What was read, then the steps.
  let y = 0;
  const read = stretches(moments);
  if (read.length > 0) {
    for (const { reading, from, to } of read) {
      const [a, b] = [x(from) + 3, x(to) - 3];
      const fits = [reading, ...(reading.includes(' and ') ? ['mixed'] : [])].find(
        (words) => words.length * LETTER <= b - a,
      );
      text += `<path class="line" style="fill:none" d="M${px(a)} 26v-5H${px(b)}v5"/>`;
      if (fits) text += `<text class="soft" style="font-size:13px" x="${px(a)}" y="14">${fits}</text>`;
    }
    text += `<text class="none" x="0" y="14">read</text>`;
    y = 34;
  }
  const steps = moments.map(({ step }) => step.toLocaleString('en'));
  const tall = narrow ? Math.max(...steps.map((step) => step.length)) * 7.4 + 8 : 22;
  text += `<text class="none" x="0" y="${px(y + tall - 7)}">steps</text>`;
  steps.forEach((step, i) => {
    const [cx, cy] = [x(i) + cell / 2, y + tall - 7];
    const bold = i === chosen ? ';font-weight:700' : '';
    text += narrow
      ? `<text class="soft" style="font-size:13px${bold}" transform="translate(${px(cx + 4.5)} ${px(cy)}) rotate(-90)">${step}</text>`
      : `<text class="soft" style="font-size:13px;text-anchor:middle${bold}" x="${px(cx)}" y="${px(cy)}">${step}</text>`;
  });
  y += tall;
  const top = y;

  const label = (word: string, row: number, looking = false) => {
    const machine = [START, OTHER_WORDS, END_OF_TEXT].includes(word);
    const style = machine ? 'font-size:13px' : `font-size:${size}px${looking ? ';font-weight:650' : ''}`;
    return `<text class="${machine ? 'soft' : 'word'} end" style="${style}" x="${px(left - 8)}" y="${px(row + line / 2 + 5)}">${escapeHtml(shown(word))}</text>`;
  };
  const percents = (shares: readonly number[], from: number) =>
    wholePercents(shares).map((percent, k) => {
      const few = percent === 0 && shares[k] > 0 ? '&lt;\u00a01' : String(percent);
      if (percent === 0 && shares[k] < 0.0005) return '';
      return `<text class="end${percent >= 10 ? ' head' : ' soft'}" style="font-size:13px" x="${px(width - 2)}" y="${px(from + k * line + line / 2 + 5)}">${few}\u00a0%</text>`;
    });

  words.forEach((word, j) => {
    text += label(word, y + j * line, j === words.length - 1);
    looks.forEach((look, i) => {
      if (!look) return;
      const said = `${sayMoment(moments, i)}, ${words.at(-1)} looks at ${j === words.length - 1 ? 'itself' : word}: ${sayTenthPercent(look.weights[j])}`;
      cells += `<rect class="w${tone(look.weights[j])}" x="${px(x(i) + 0.5)}" y="${px(y + j * line + 0.5)}" width="${px(cell - 1)}" height="${line - 1}"><title>${escapeHtml(said)}</title></rect>`;
    });
  });
  const now = looks[chosen];
  if (now) text += percents(now.weights, y).join('');
  y += words.length * line;

  text += `<text class="none" x="${px(x(0))}" y="${y + 22}">What could come next</text>`;
  y += 32;
  const from = y;
  next.forEach(({ word, shares }, k) => {
    text += label(word, y + k * line);
    text += `<path class="line" d="M${px(x(0))} ${px(y + k * line + line)}H${px(right)}"/>`;
    if (word === OTHER_WORDS) return;
    shares.forEach((share, i) => {
      const side = Math.sqrt(share ?? 0) * (Math.min(cell, line) - 3);
      if (side < 1) return;
      text += `<rect class="filled" x="${px(x(i) + (cell - side) / 2)}" y="${px(y + k * line + (line - side) / 2)}" width="${px(side)}" height="${px(side)}"/>`;
    });
  });
  const shares = next.flatMap((row) => row.shares[chosen] ?? []);
  if (shares.length === next.length) text += percents(shares, from).join('');
  y += next.length * line;

  if (looks.some((look) => !look)) {
    cells += `<defs><pattern id="${prefix}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path class="hatch" d="M0 3.5H7"/></pattern></defs>`;
    looks.forEach((look, i) => {
      if (look) return;
      cells += `<rect fill="url(#${prefix}-hatch)" x="${px(x(i) + 0.5)}" y="${top}" width="${px(cell - 1)}" height="${words.length * line}"/>`;
    });
  }
  cells += `<rect class="rowmark" x="${px(x(chosen) - 0.5)}" y="${px(top - 0.5)}" width="${px(cell + 1)}" height="${px(y - top + 1)}"/>`;
  const hits = alive
    ? moments.map(
        (_, i) =>
          `<rect class="moment-hit" data-moment="${i}" x="${px(x(i))}" y="0" width="${px(cell)}" height="${px(y)}"/>`,
      )
    : [];
  return {
    body: `<g class="odds">${text}</g><g class="matrix">${cells}</g>${hits.join('')}`,
    width,
    height: Math.ceil(y + 3),
  };
}

/** Moment by moment where the word looks most, for those who hear it. */
function aloud({ words, moments, looks }: Looks): string {
  const looking = words.length - 1;
  const said = looks.flatMap((look, i) => {
    if (!look) return [];
    const peak = peakOf(look.weights);
    return `${sayMoment(moments, i)} at ${called(words, peak, looking).replaceAll('*', '')}, ${sayTenthPercent(look.weights[peak])}`;
  });
  return `Where the word ${words[looking]} looks most: ${said.join('; ')}.`;
}

/** What is known of one moment, in a line. */
function aboutMoment(moments: readonly MomentFacts[], i: number): string {
  const { tokens, gap } = moments[i];
  const when = sayMoment(moments, i);
  const read = tokens === 0 ? 'nothing read' : `${sayLarge(tokens)} words read`;
  return `<b>${when[0].toUpperCase()}${when.slice(1)}</b>${i === moments.length - 1 ? `, ${moments[i].step.toLocaleString('en')} steps` : ''} · ${read} · ${saySigned(gap)} nats from the best that can be`;
}

export interface MomentsOptions {
  /** The moment that is shown as a strip and framed; absent: the last. */
  chosen?: number;
  /** Columns answer to the pointer. */
  alive?: boolean;
}

/** How to read the grid. */
export function momentsAxes(data: FigureData): string {
  const looking = looksOf(data).words.at(-1)!;
  return `<p class="axes"><span><b>Across:</b> steps of training</span><span><b>Down:</b> the word that <i>${escapeHtml(looking)}</i> looks at; a stronger colour is more</span><span><b>Square:</b> how likely a next word is</span></p>`;
}

/** The strip of one moment with a line about it; where there is no room for a strip, or no model, only the line. */
export function momentHtml(data: FigureData, { chosen }: MomentsOptions = {}): string {
  const { words, moments, looks } = looksOf(data);
  const i = chosen ?? moments.length - 1;
  const look = looks[i];
  const strip = look ? drawStrip({ words, looking: words.length - 1, weights: look.weights }) : '';
  return `<p class="part">${aboutMoment(moments, i)}</p><div class="sentence">${strip}</div>`;
}

/** The grid at two widths, and where its columns lie, in shares of the width. */
export function momentsGridHtml(data: FigureData, { chosen, alive = false }: MomentsOptions = {}): string {
  const grid = gridOf(data);
  const i = chosen ?? grid.moments.length - 1;
  return [SHEET_WIDTH, NARROW_WIDTH]
    .map((width) => {
      const name = width === SHEET_WIDTH ? 'wide' : 'narrow';
      const { body, height } = gridMarks(grid, width, i, `${data.name}-${name}`, alive);
      return `<svg class="plot ${name} grid-of-moments" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(aloud(grid))}">${body}</svg>`;
    })
    .join('');
}

/** For a slider above the grid: the middle of its first column and the way to the last, in per cent of the width. */
export function sliderPlaces(data: FigureData): {
  wide: [from: number, way: number];
  narrow: [from: number, way: number];
} {
  const grid = gridOf(data);
  const place = (width: number): [number, number] => {
    const { left, cell } = columnsOf(grid, width);
    return [(100 * (left + cell / 2)) / width, (100 * cell * (grid.moments.length - 1)) / width];
  };
  return { wide: place(SHEET_WIDTH), narrow: place(NARROW_WIDTH) };
}

/** Page and file. */
export function drawMoments(data: FigureData): Drawing {
  const { words, moments, looks } = looksOf(data);
  const looking = words.at(-1)!;
  const end = looks.length - 1;
  const html = `<div class="picture moments">${momentsAxes(data)}<div class="moment">${momentHtml(data)}</div><div class="grid">${momentsGridHtml(data)}</div></div>`;

  let y = LINE;
  let body = sheetLine(
    `Across: steps of training. Down: the word that ${looking} looks at; a stronger colour is more. Square: how likely a next word is.`,
  );
  const look = looks[end];
  const strip = look && stripMarks({ words, looking: words.length - 1, weights: look.weights }, SHEET_WIDTH, {});
  if (strip) {
    const line = aboutMoment(moments, end).replace(/<\/?b>/g, '');
    body += `<g class="odds"><text x="0" y="${y + 14}">${escapeHtml(line)}</text></g>`;
    body += `<g class="strip wide" transform="translate(0 ${y + 16})">${strip.body}</g>`;
    y += strip.height + 40;
  }
  const grid = gridMarks(gridOf(data), SHEET_WIDTH, end, `${data.name}-file`, false);
  body += `<g transform="translate(0 ${px(y)})">${grid.body}</g>`;
  return { html, svg: sheet(data, body, y + grid.height) };
}
