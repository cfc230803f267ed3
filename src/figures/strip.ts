/**
 * One word's attention as a strip (the sentence as a line of type, links above it) and as a column (the same, turned a
 * quarter, for narrow boxes). Pure functions from numbers to SVG text, so that a build and a page share them.
 *
 * A link is a stroke that starts broad at the word looked at and thins to a point at the word that looks.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px, wordWidth } from './measure.ts';
import { wholePercents } from './numbers.ts';
import { oddsList, oddsMarks } from './odds-picture.ts';
import { LINE as SHEET_LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { groupsOf } from './shell.ts';
import { escapeHtml, START } from './text.ts';

/** One word of a text and its weights for the places up to itself, or for all of them where the mask is off. */
export interface Row {
  words: readonly string[];
  looking: number;
  weights: readonly number[];
  /** Places that it may not look at since a reader cut the link. */
  cut?: readonly number[];
}

export interface StripOptions {
  /** Words answer to pointer and keys: they become one group of buttons with one tab stop. */
  alive?: boolean;
  /** Draws the place of the word to come, after the last word. */
  slot?: boolean;
  /** The words of a strip above or below, with which this one lines up: each has the room of the wider of two. */
  beside?: readonly string[];
  /** Places that are marked as changed. */
  changed?: readonly number[];
}

/** Opacity of a stroke: 0.56 is the faintest that keeps 3:1 on the page. */
export const tone = (w: number): string => String(Math.round((0.56 + 0.44 * w ** 0.6) * 100) / 100);

/** The letters of a word that is looked at gain weight too. */
export const letterWeight = (w: number): number => Math.round(400 + 280 * w ** 0.7);

type Point = [along: number, away: number];

/** The first `part` of a cubic curve, itself a cubic curve: De Casteljau's construction. */
function startOfCurve([a, b, c, d]: Point[], part: number): Point[] {
  const between = (p: Point, q: Point): Point => [p[0] + (q[0] - p[0]) * part, p[1] + (q[1] - p[1]) * part];
  const [ab, bc, cd] = [between(a, b), between(b, c), between(c, d)];
  const [abc, bcd] = [between(ab, bc), between(bc, cd)];
  return [a, ab, abc, between(abc, bcd)];
}

/** A stroke along a line: `to` is the word looked at, `from` the word that looks; both along the axis of the text. */
export function stroke(
  from: number,
  to: number,
  line: number,
  w: number,
  height: number,
  upright: boolean,
  fullness: number,
): string {
  const broad = 1.2 + w * fullness;
  const back = to < from ? -1 : 1;
  const swell = broad * (upright ? 0.34 : 0.36);
  const half = broad / 2;
  const point = (along: number, away: number) =>
    upright ? `${px(along)} ${px(line - away)}` : `${px(line - away)} ${px(along)}`;
  const tip = upright ? 0.1 : 0;
  const outer = `M${point(to + back * half, 0)}C${point(to + back * half, height + swell)} ${point(from, height + swell)} ${point(from, 0)}`;
  const inner = `L${point(from + back * tip, 0)}C${point(from, height - swell)} ${point(to - back * half, height - swell)} ${point(to - back * half, 0)}Z`;
  const hairs =
    broad > 7
      ? [
          [-0.52, 0.3],
          [0.02, 0.44],
          [0.5, 0.24],
        ].map(([side, part]) => {
          const along = to + back * half * side;
          const away = height + swell * side;
          const [, b, c, d] = startOfCurve(
            [
              [along, 0],
              [along, away],
              [from, away],
              [from, 0],
            ],
            part,
          );
          return `<path class="hair" d="M${point(along, 0)}C${point(...b)} ${point(...c)} ${point(...d)}"/>`;
        })
      : [];
  return `<path d="${outer}${inner}"/>${hairs.join('')}`;
}

/** A word's name is its text, then its share, as they stand there. */
function groupAttributes(place: number, row: Row, options: StripOptions): string {
  const classes = ['word'];
  if (place === row.looking) classes.push('looking');
  if (place >= row.weights.length) classes.push('later');
  if (place === 0) classes.push('start');
  if (row.cut?.includes(place)) classes.push('is-cut');
  const shared = `class="${classes.join(' ')}" data-place="${place}"`;
  if (!options.alive) return shared;
  return `${shared} role="button" tabindex="${place === row.looking ? 0 : -1}" aria-pressed="${place === row.looking}"`;
}

/** What the picture shows, in one sentence, for those who hear it. */
export function rowAloud(row: Row): string {
  const percents = wholePercents(row.weights);
  const parts = row.weights
    .map((w, i) => ({ w, i }))
    .filter(({ i }) => percents[i] > 0)
    .sort((a, b) => b.w - a.w || b.i - a.i)
    .map(({ i }) => `${row.words[i]} ${percents[i]} %`);
  parts.push(...(row.cut ?? []).map((place) => `${row.words[place]} cut`));
  const text = row.words.slice(1).join(' ');
  return `Where the word ${row.words[row.looking]} looks in “${text}”: ${parts.join(', ')}.`;
}

function svgOpen(className: string, width: number, height: number, row: Row, options: StripOptions): string {
  const role = options.alive ? 'group' : 'img';
  return `<svg class="${className}" viewBox="0 0 ${width} ${px(height)}" role="${role}" aria-label="${escapeHtml(rowAloud(row))}">`;
}

export interface Marks {
  body: string;
  width: number;
  height: number;
}

/** Type sizes a strip may take, largest first, and the least gap between words, in ems. */
const SIZES = [21, 20, 19, 18, 17, 16, 15];
const LEAST_GAP = 0.62;
/** Room for a percentage under a short word, so that two of them never touch. */
const LEAST_SLOT = 27;

const slotWidths = (words: readonly string[], size: number, beside: readonly string[] = []) =>
  words.map((word, i) => Math.max(LEAST_SLOT, wordWidth(word, size), wordWidth(beside[i] ?? '', size)));

/** The size at which a text fits one line, or undefined: then it stands as a column at any width. */
export function stripSize(
  words: readonly string[],
  width: number,
  { slot, beside }: StripOptions = {},
): number | undefined {
  const tail = slot ? 58 : 0;
  return SIZES.find((size) => {
    const sum = slotWidths(words, size, beside).reduce((a, b) => a + b, 0);
    return sum + LEAST_GAP * size * (words.length - 1) + 14 <= width - tail;
  });
}

export function stripMarks(row: Row, width: number, options: StripOptions): Marks | undefined {
  const { words, looking, weights } = row;
  const size = stripSize(words, width, options);
  if (size === undefined) return undefined;
  const n = words.length;
  const percents = wholePercents(weights);
  const widths = words.map((word) => wordWidth(word, size));
  const slots = slotWidths(words, size, options.beside);
  const sum = slots.reduce((a, b) => a + b, 0);
  const tail = options.slot ? 58 : 0;
  const gap = Math.min(size * 1.2, (width - tail - sum - 14) / Math.max(1, n - 1));
  let x = Math.max(7, (width - tail - sum - gap * (n - 1)) / 2);
  const centre = slots.map((slot) => {
    const middle = x + slot / 2;
    x += slot + gap;
    return middle;
  });
  const left = centre.map((middle, i) => middle - widths[i] / 2);
  const isCut = (j: number) => row.cut?.includes(j) === true;
  const drawn = (j: number) => percents[j] > 0 || isCut(j);
  const far = Math.max(60, ...weights.map((_, j) => (drawn(j) ? Math.abs(centre[looking] - centre[j]) : 0)));
  // The farthest link gets the full rise, nearer ones less: strokes nest and do not cross.
  const reach = (distance: number) => Math.min(118, 26 + Math.max(60, distance) * 0.42);
  const span = reach(far);
  const rise = (distance: number) => 22 + (span - 22) * (distance / far) ** 0.85;
  // Room for the longest link that this text can have, so that nothing jumps when another word looks.
  const base = reach(centre[n - 1] - centre[0]) * 0.76 + 14 + size * 1.15;
  const foot = base - size * 1.02;
  const under = base + size * 0.42;
  const percentLine = under + 27;
  const height = percentLine + 8;

  let arcs = '';
  for (const { w, j } of weights.map((w, j) => ({ w, j })).sort((a, b) => a.w - b.w)) {
    if (!drawn(j)) continue;
    if (isCut(j) && j !== looking) {
      const height = rise(Math.abs(centre[looking] - centre[j]));
      const [a, b, y] = [px(centre[j]), px(centre[looking]), px(foot)];
      arcs += `<g class="severed" data-to="${j}"><path class="cut" d="M${a} ${y}C${a} ${px(foot - height)} ${b} ${px(foot - height)} ${b} ${y}"/><g class="snip" transform="translate(${px((centre[j] + centre[looking]) / 2)} ${px(foot - height * 0.75)})"><rect x="-13" y="-9" width="26" height="18"/><path d="M-7 8L-1 -8M1 8L7 -8"/></g></g>`;
    } else if (isCut(j)) {
      // The chip's own letters say it.
    } else if (j === looking) {
      const side = Math.max(widths[j] * 0.28, 5);
      arcs += `<path class="self" style="stroke-width:${px(1 + w * 10)}px;opacity:${tone(w)}" d="M${px(centre[j] + side)} ${px(foot)}C${px(centre[j] + side)} ${px(foot - 17)} ${px(centre[j] - side)} ${px(foot - 17)} ${px(centre[j] - side)} ${px(foot)}"/>`;
    } else {
      const height = rise(Math.abs(centre[looking] - centre[j]));
      arcs += `<g class="arc"${options.alive ? ` data-to="${j}"` : ''} style="opacity:${tone(w)}">${stroke(centre[looking], centre[j], foot, w, height, true, 15)}</g>`;
    }
  }

  let text = '';
  words.forEach((word, i) => {
    const later = i >= weights.length;
    const pad = gap / 2 - 0.5;
    const w = later ? 0 : weights[i];
    text += `<g ${groupAttributes(i, row, options)}>`;
    text += `<rect class="hit" x="${px(centre[i] - slots[i] / 2 - pad)}" y="${px(foot - 6)}" width="${px(slots[i] + pad * 2)}" height="${px(height - foot + 6)}"/>`;
    if (options.changed?.includes(i)) {
      const pad = i === looking ? 9 : 5;
      text += `<rect class="differs" x="${px(left[i] - pad)}" y="${px(base - size * 0.98 - 3)}" width="${px(widths[i] + 2 * pad)}" height="${px(size * 1.38 + 6)}"/>`;
    }
    if (i === looking) {
      text += `<rect class="chip" x="${px(left[i] - 6)}" y="${px(base - size * 0.98)}" width="${px(widths[i] + 12)}" height="${px(size * 1.38)}" rx="3"/>`;
    }
    text +=
      i === 0
        ? `<text class="tag" x="${px(centre[i])}" y="${px(base - 1)}">${START}</text>`
        : `<text x="${px(centre[i])}" y="${px(base)}" style="font-size:${size}px;font-weight:${i === looking ? 500 : letterWeight(w)}">${escapeHtml(word)}</text>`;
    if (!later && percents[i] > 0) {
      const bar = Math.max(widths[i], 12);
      text += `<rect class="paint" x="${px(centre[i] - bar / 2)}" y="${px(under + 1)}" width="${px(bar)}" height="${px(1 + w * 7)}" style="opacity:${tone(w)}"/>`;
      text += `<text class="pct${percents[i] >= 10 ? ' strong' : ''}" x="${px(centre[i])}" y="${px(percentLine)}"> ${percents[i]}\u00a0<tspan class="unit">%</tspan></text>`;
    }
    if (isCut(i)) text += `<text class="pct" x="${px(centre[i])}" y="${px(percentLine)}"> cut</text>`;
    text += '</g>';
  });
  if (weights.length < n) {
    const a = left[weights.length];
    const b = left[n - 1] + widths[n - 1];
    const middle = Math.min((a + b) / 2, width - 42);
    text += `<g class="unread"><path d="M${px(a)} ${px(under + 3)}v4H${px(b)}v-4"/><text x="${px(middle)}" y="${px(percentLine)}">not read yet</text></g>`;
  }
  if (options.slot) text += `<path class="slot" d="M${px(x - gap + 12)} ${px(base + 5)}h46"/>`;
  return { body: `<g class="arcs">${arcs}</g>${text}`, width, height };
}

/** The strip, or nothing where the text is too long for one line. */
export function drawStrip(row: Row, options: StripOptions = {}): string {
  const marks = stripMarks(row, SHEET_WIDTH, options);
  if (!marks) return '';
  return `${svgOpen('strip wide', marks.width, marks.height, row, options)}${marks.body}</svg>`;
}

const COLUMN_WIDTH = 328;
const LINE = 40;

function columnMarks(row: Row, options: StripOptions): Marks {
  const { words, looking, weights } = row;
  const size = 18;
  const gutter = 74;
  const barLeft = 206;
  const barWidth = 72;
  const percents = wholePercents(weights);
  const y = (i: number) => i * LINE + LINE / 2;
  const isCut = (j: number) => row.cut?.includes(j) === true;
  const drawn = (j: number) => percents[j] > 0 || isCut(j);
  const far = Math.max(LINE, ...weights.map((_, j) => (drawn(j) ? Math.abs(looking - j) * LINE : 0)));
  const span = Math.min(84, 30 + far * 0.2);
  const rise = (distance: number) => 18 + (span - 18) * (distance / far) ** 0.9;

  let arcs = '';
  for (const { w, j } of weights.map((w, j) => ({ w, j })).sort((a, b) => a.w - b.w)) {
    if (!drawn(j) || j === looking) continue;
    const height = rise(Math.abs(looking - j) * LINE);
    if (isCut(j)) {
      const [a, b] = [px(y(j)), px(y(looking))];
      arcs += `<g class="severed" data-to="${j}"><path class="cut" d="M${gutter} ${a}C${px(gutter - height)} ${a} ${px(gutter - height)} ${b} ${gutter} ${b}"/><g class="snip" transform="translate(${px(gutter - height * 0.75)} ${px((y(j) + y(looking)) / 2)})"><rect x="-9" y="-11" width="18" height="22"/><path d="M-8 -2L8 -6M-8 6L8 2"/></g></g>`;
      continue;
    }
    arcs += `<g class="arc"${options.alive ? ` data-to="${j}"` : ''} style="opacity:${tone(w)}">${stroke(y(looking), y(j), gutter, w, height, false, 14)}</g>`;
  }
  let text = '';
  words.forEach((word, i) => {
    const later = i >= weights.length;
    const w = later ? 0 : weights[i];
    text += `<g ${groupAttributes(i, row, options)}>`;
    text += `<rect class="hit" x="${gutter}" y="${i * LINE}" width="${COLUMN_WIDTH - gutter}" height="${LINE}"/>`;
    if (i === looking) {
      text += `<rect class="chip" x="${gutter + 4}" y="${y(i) - 14}" width="${px(wordWidth(word, size) + 14)}" height="28" rx="3"/>`;
    }
    text +=
      i === 0
        ? `<text class="tag" x="${gutter + 11}" y="${y(i) + 4}">${START}</text>`
        : `<text x="${gutter + 11}" y="${y(i) + 6}" style="font-size:${size}px;font-weight:${i === looking ? 500 : letterWeight(w)}">${escapeHtml(word)}</text>`;
    if (!later && percents[i] > 0) {
      text += `<rect class="paint" x="${barLeft}" y="${y(i) - 4}" width="${px(Math.max(1.5, w * barWidth))}" height="8" style="opacity:${tone(w)}"/>`;
      text += `<text class="pct${percents[i] >= 10 ? ' strong' : ''}" x="${COLUMN_WIDTH - 2}" y="${y(i) + 5}"> ${percents[i]}\u00a0<tspan class="unit">%</tspan></text>`;
    } else if (isCut(i)) {
      text += `<text class="pct" x="${COLUMN_WIDTH - 2}" y="${y(i) + 5}"> cut</text>`;
    } else if (i === looking) {
      text += `<text class="pct" x="${COLUMN_WIDTH - 2}" y="${y(i) + 5}"> looks</text>`;
    } else if (i === weights.length) {
      text += `<text class="pct" x="${COLUMN_WIDTH - 2}" y="${y(i) + 5}"> not read yet</text>`;
    }
    text += '</g>';
  });
  return { body: `<g class="arcs">${arcs}</g>${text}`, width: COLUMN_WIDTH, height: words.length * LINE };
}

/** The column: always fits. */
export function drawColumn(row: Row, options: StripOptions = {}): string {
  const marks = columnMarks(row, options);
  return `${svgOpen('strip narrow', marks.width, marks.height, row, options)}${marks.body}</svg>`;
}

/** The row that an arcs figure's table holds. */
export function rowOf(data: FigureData): Row {
  const { words, looking } = data.detail as { words: string[]; looking: number };
  const at = data.columns.findIndex((c) => c.id === 'weight');
  const column = data.rows.slice(0, words.length).map((row) => row[at]);
  return { words, looking, weights: column.filter((cell): cell is number => typeof cell === 'number') };
}

/** The next words that an arcs figure's table holds, if it has any. */
export function nextOf(data: FigureData): [word: string, probability: number][] | undefined {
  const at = data.columns.findIndex((c) => c.id === 'next');
  const group = groupsOf(data).find((g) => g.columns?.includes('next'));
  if (at < 0 || !group) return undefined;
  return data.rows.slice(group.from, group.to).map((r) => [String(r[0]), r[at] as number]);
}

/**
 * Strip and column both stand in the page; a container query shows one.
 * @param options.cut places whose links to the looking word a reader cut
 * @param options.odds stands in the place of the list of next words
 */
export function arcsHtml(
  data: FigureData,
  options: StripOptions & { cut?: readonly number[]; odds?: string } = {},
): string {
  const row = { ...rowOf(data), cut: options.cut };
  const next = nextOf(data);
  const last = row.looking === row.words.length - 1;
  const strip = drawStrip(row, { ...options, slot: next !== undefined && last });
  const column = drawColumn(row, options);
  const list = options.odds ?? (next ? oddsList(next) : '');
  return `<div class="picture${strip ? '' : ' long'}${next ? ' with-next' : ''}">${stripAxes()}<div class="sides"><div class="sentence">${strip}${column}</div>${list}</div></div>`;
}

/** The sentence above the picture that says which way the looking goes. */
function stripAxes(): string {
  return '<p class="axes"><span><b>Stroke:</b> broad at the word looked at, thin at the word that looks</span></p>';
}

/** Page and file of an arcs figure. */
export function drawArcs(data: FigureData): Drawing {
  const row = rowOf(data);
  const next = nextOf(data);
  const strip = stripMarks(row, SHEET_WIDTH, { slot: next !== undefined && row.looking === row.words.length - 1 });
  const { body, height } = strip ?? columnMarks(row, {});
  let picture = `<g class="strip ${strip ? 'wide' : 'narrow'}">${body}</g>`;
  let tall = height;
  if (next) {
    const list = oddsMarks(next);
    picture += `<g class="odds" transform="translate(${strip ? `0 ${px(height + 24)}` : `${COLUMN_WIDTH + 64} 0`})">${list.body}</g>`;
    tall = strip ? height + 24 + list.height : Math.max(height, list.height);
  }
  const axes = sheetLine('Stroke: broad at the word looked at, thin at the word that looks.');
  return {
    html: arcsHtml(data),
    svg: sheet(data, `${axes}<g transform="translate(0 ${SHEET_LINE})">${picture}</g>`, SHEET_LINE + tall),
  };
}
