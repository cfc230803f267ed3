/**
 * All rows of one head as a staircase, read like the mileage chart of a road atlas. Row: the word that looks. Column: the
 * word looked at; the column names stand on the steps. What a word may not see is hatched and says so.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px, wordWidth } from './measure.ts';
import { sayTenthPercent, wholePercents } from './numbers.ts';
import { isUnmasked, weightsOf } from './pattern.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml } from './text.ts';

/** One head over one text: `words[0]` is the start, `weights[i]` has i + 1 entries, or n where the mask is off. */
export interface Staircase {
  words: readonly string[];
  weights: readonly (readonly number[])[];
  /** The framed row, if any. */
  looking?: number;
  numbers?: 'none' | 'row' | 'all';
  /** The chosen cell, if any: [row, column]. */
  picked?: readonly [number, number];
  /** Links that a reader cut: [row, column]. */
  cut?: readonly (readonly [number, number])[];
}

/** Eleven steps of tone, 0 to 10; the curve lifts small weights so that 5 % is seen. */
export function tone(weight: number): number {
  return Math.max(0, Math.min(10, Math.round(weight ** 0.8 * 10)));
}

const TYPE = 15;
const SIN = Math.sin((48 / 180) * Math.PI);
const COS = Math.cos((48 / 180) * Math.PI);

/** Cells are 36 px, and smaller, down to 26, for long texts; never narrower than their numbers. */
function cellSize(n: number, label: number): number {
  return Math.max(26, Math.min(36, Math.floor((SHEET_WIDTH - label - 60) / n)));
}

function staircaseMarks(
  stair: Staircase,
  prefix: string,
  alive: boolean,
): { body: string; width: number; height: number } {
  const { words, weights, looking, picked, numbers = 'none' } = stair;
  const n = words.length;
  const left = Math.ceil(Math.max(...words.map((word) => wordWidth(word, TYPE)))) + 14;
  const cell = cellSize(n, left);
  // With the mask on, column names stand on the stairs; without stairs they stand above the square, aslant.
  const square = isUnmasked(weights);
  const slant = words.map((word) => wordWidth(word, TYPE));
  const top = square ? Math.ceil(Math.max(...slant) * SIN + 22) : 30;
  const over = square
    ? Math.max(4, ...slant.map((wide, j) => wide * COS + cell / 2 + 8 - (n - j) * cell))
    : Math.max(4, wordWidth(words[n - 1], TYPE) + 8 - cell);
  const width = left + n * cell + over;
  const height = top + n * cell + 3;
  const x = (j: number) => left + j * cell;
  const y = (i: number) => top + i * cell;

  let steps = `M${x(1)} ${y(0)}`;
  for (let i = 0; i < n - 1; i++) steps += `V${y(i + 1)}H${x(i + 2)}`;
  let body =
    n < 2 || square
      ? ''
      : `<defs><pattern id="${prefix}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path class="hatch" d="M0 3.5H7"/></pattern></defs><path fill="url(#${prefix}-hatch)" d="${steps}V${y(0)}Z"/>`;

  for (let i = 0; i < n; i++) {
    const on = i === looking;
    body += `<text class="row${on ? ' on' : ''}${i === 0 ? ' start' : ''}" x="${left - 10}" y="${px(y(i) + cell / 2 + TYPE * 0.34)}"${i === 0 ? '' : ` style="font-size:${TYPE}px"`}>${escapeHtml(words[i])}</text>`;
    const percents = wholePercents(weights[i]);
    for (let j = 0; j < weights[i].length; j++) {
      const w = weights[i][j];
      const isCut = stair.cut?.some(([row, column]) => row === i && column === j);
      const said = `${words[i]} looks at ${words[j]}: ${isCut ? 'cut' : sayTenthPercent(w)}`;
      const tile = `<rect class="${isCut ? 'cutcell' : `w${tone(w)}`}" x="${x(j) + 0.5}" y="${y(i) + 0.5}" width="${cell - 1}" height="${cell - 1}"/>`;
      const notches = isCut
        ? `<path class="cutmark" d="M${px(x(j) + cell * 0.3)} ${px(y(i) + cell * 0.74)}l${px(cell * 0.18)} ${px(cell * -0.48)}M${px(x(j) + cell * 0.52)} ${px(y(i) + cell * 0.74)}l${px(cell * 0.18)} ${px(cell * -0.48)}"/>`
        : '';
      const number =
        (numbers === 'all' || (numbers === 'row' && on)) && percents[j] > 0
          ? `<text class="val${tone(w) >= 6 ? ' inv' : ''}" x="${px(x(j) + cell / 2)}" y="${px(y(i) + cell / 2 + 4.5)}">${percents[j]}</text>`
          : '';
      body += `<g class="cell"${alive ? ` data-row="${i}" data-column="${j}"` : ''}><title>${escapeHtml(said)}</title>${tile}${number}${notches}</g>`;
    }
  }
  const chosen = picked?.[1] ?? -1;
  for (let j = 0; j < n; j++) {
    const size = j === 0 ? '' : ` style="font-size:${TYPE}px"`;
    const at = square
      ? `transform="translate(${px(x(j) + cell / 2 + 4)} ${top - 8}) rotate(-48)"`
      : `x="${px(x(j) + 3)}" y="${px(y(j) - cell * 0.24)}"`;
    body += `<g class="col${chosen === j ? ' on' : ''}${j === 0 ? ' start' : ''}"><text ${at}${size}>${escapeHtml(words[j])}</text></g>`;
  }
  if (n >= 6 && !square) {
    const right = x(n) - 10;
    body += `<text class="never" x="${right}" y="${top + 24}">not read yet:<tspan x="${right}" dy="18">no looking ahead</tspan></text>`;
  }
  if (looking !== undefined) {
    body += `<rect class="rowmark" x="${x(0) - 0.5}" y="${y(looking) - 0.5}" width="${weights[looking].length * cell + 1}" height="${cell + 1}"/>`;
  }
  if (picked) {
    body += `<rect class="pick" x="${x(picked[1]) - 1}" y="${y(picked[0]) - 1}" width="${cell + 2}" height="${cell + 2}"/>`;
  }
  return { body, width: Math.ceil(width), height };
}

/** What the staircase shows, in one sentence for each word's strongest look, for those who hear it. */
export function staircaseAloud(stair: Staircase): string {
  const looks = stair.weights.slice(1).map((row, k) => {
    const best = row.reduce((top, w, j) => (w >= row[top] ? j : top), 0);
    if (row[best] === 0) return `${stair.words[k + 1]} at nothing`;
    const at = best === k + 1 ? 'itself' : stair.words[best];
    return `${stair.words[k + 1]} most at ${at}, ${sayTenthPercent(row[best])}`;
  });
  return `Row: the word that looks. Column: the word looked at. ${looks.join('; ')}.`;
}

/**
 * The staircase as SVG.
 * @param prefix makes its ids unique in a page
 */
export function drawStaircase(stair: Staircase, prefix: string, options: { alive?: boolean } = {}): string {
  const { body, width, height } = staircaseMarks(stair, prefix, options.alive === true);
  return `<svg class="matrix" viewBox="0 0 ${width} ${px(height)}" style="--native:${width}px" role="img" aria-label="${escapeHtml(staircaseAloud(stair))}">${body}</svg>`;
}

/** The sentence above the picture that says which way to read, and the scale of tones. */
export function staircaseAxes(): string {
  const tones = Array.from({ length: 11 }, (_, k) => `<i style="background:var(--w${k})"></i>`).join('');
  return `<p class="axes"><span><b>Row:</b> the word that looks</span><span><b>Column:</b> the word looked at</span><span class="ramp">0\u00a0%<span class="tones" aria-hidden="true">${tones}</span>100\u00a0%</span></p>`;
}

/** What a heatmap figure's table holds. */
export function staircaseOf(data: FigureData): Staircase {
  const { words, looking, numbers } = data.detail as unknown as Staircase;
  return { words, looking, numbers, weights: weightsOf(data) };
}

/** Axes and staircase, in a region that slides sideways where it must; a chosen cell is read out below. */
export function heatmapHtml(stair: Staircase, prefix: string, options: { alive?: boolean } = {}): string {
  const label = `Attention of one head, a table of tones; slides sideways where it is wider than the screen.${options.alive ? ' Arrow keys choose a cell.' : ''}`;
  const { words, weights, picked } = stair;
  const reading = picked
    ? `<p class="reading"><span><i>${escapeHtml(words[picked[0]])}</i> looks at <i>${escapeHtml(picked[0] === picked[1] ? 'itself' : words[picked[1]])}</i></span> <b>${stair.cut?.some(([i, j]) => i === picked[0] && j === picked[1]) ? 'cut' : sayTenthPercent(weights[picked[0]][picked[1]])}</b></p>`
    : '';
  return `${staircaseAxes()}<div class="scroll" role="group" tabindex="0" aria-label="${label}">${drawStaircase(stair, prefix, options)}</div>${reading}`;
}

/** Page and file of a heatmap figure. */
export function drawHeatmap(data: FigureData): Drawing {
  const stair = staircaseOf(data);
  const { body, width, height } = staircaseMarks(stair, `${data.name}-file`, false);
  const scale = Math.min(1, SHEET_WIDTH / width);
  const size = scale < 1 ? ` scale(${Math.floor(scale * 1000) / 1000})` : '';
  const axes = sheetLine('Row: the word that looks. Column: the word looked at. Stronger colour: more weight.');
  return {
    html: `<div class="picture">${heatmapHtml(stair, data.name)}</div>`,
    svg: sheet(
      data,
      `${axes}<g class="matrix" transform="translate(0 ${LINE})${size}">${body}</g>`,
      LINE + Math.ceil(height * scale),
    ),
  };
}
