/**
 * The weave: a list of numbers as threads on a line, filled and up above zero, open and down below. One scale for all rows
 * of a picture; heights follow the square root, so that small numbers stay visible. Pure functions from numbers to SVG
 * text; the page stretches each row to its own width.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { saySigned } from './numbers.ts';
import { ordinal } from './pattern.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml, inlineHtml, plainText } from './text.ts';
import { type Thread, threadsOf } from './vectors-data.ts';

/** One row of cloth. */
export interface Weft {
  /** Said beside it; *word* is set as a word. */
  label: string;
  values: readonly number[];
  /** Whose colour the threads take. Absent: the model's. */
  role?: 'query' | 'key' | 'value';
  /** Learned once and kept, so that it stands on a wash. */
  stored?: boolean;
  /** A rule above it: what stands over the rule adds up to this row. */
  sum?: boolean;
  /** Where each of its numbers can be chosen: what the list is called in the page, and which is chosen, from 0. */
  choose?: { list: string; at?: number };
}

/** The tallest thread, up or down, in px. */
export const HALF = 30;
/** From one thread to the next, of which the thread takes six tenths. */
export const PITCH = 10;

/** The scale of a picture: the largest entry of all its rows. */
export function scaleOf(rows: readonly Weft[]): number {
  return Math.max(...rows.flatMap(({ values }) => values.map(Math.abs)), Number.MIN_VALUE);
}

/** Threads of one row as two outlines, {@link PITCH} units apart, round the zero line at y = HALF + 2. */
export function threadMarks(values: readonly number[], scale: number): string {
  const zero = HALF + 2;
  let up = '';
  let down = '';
  values.forEach((value, i) => {
    const height = Math.sqrt(Math.abs(value) / scale) * HALF;
    if (height < 0.5) return;
    const x = i * PITCH + 2;
    if (value > 0) up += `M${x} ${zero}v-${px(height)}h6v${px(height)}z`;
    else down += `M${x} ${zero}v${px(height)}h6v-${px(height)}z`;
  });
  const line = `<path class="zero" d="M0 ${zero}H${values.length * PITCH}"/>`;
  return `${line}${up ? `<path class="up" d="${up}"/>` : ''}${down ? `<path class="down" d="${down}"/>` : ''}`;
}

/** What a row holds, for those who hear it. */
export function weftAloud({ label, values }: Weft): string {
  const say = (value: number) => saySigned(value, 2);
  return `${plainText(label)}: ${values.length} numbers from ${say(Math.min(...values))} to ${say(Math.max(...values))}.`;
}

/** A row whose numbers can be chosen is a slider over its places: arrow keys, a finger or a pointer. */
function chooserOf({ label, values, choose }: Weft): string {
  const at = choose!.at ?? 0;
  const chosen = `${ordinal(at + 1)} of ${values.length}: ${saySigned(values[at], 2)}`;
  return `role="slider" tabindex="0" data-list="${choose!.list}" aria-label="${escapeHtml(plainText(label))}, ${values.length} numbers" aria-valuemin="1" aria-valuemax="${values.length}" aria-valuenow="${at + 1}" aria-valuetext="${chosen}"`;
}

function chosenMark({ choose }: Weft): string {
  if (choose?.at === undefined) return '';
  return `<rect class="chosen" x="${choose.at * PITCH}" y="0" width="${PITCH}" height="${HALF * 2 + 4}"/>`;
}

function labelHtml({ label, role }: Weft): string {
  const text = inlineHtml(label);
  return role ? text.replace(role, `<span class="role ${role}">${role}</span>`) : text;
}

/** Rows for a page: label and cloth, side by side or, where it is narrow, one above the other. */
export function weaveHtml(rows: readonly Weft[], scale = scaleOf(rows)): string {
  const items = rows.map((row) => {
    const box = `0 0 ${row.values.length * PITCH} ${HALF * 2 + 4}`;
    const classes = [row.role, row.stored && 'stored', row.sum && 'sum'].filter(Boolean).join(' ');
    const svg = `<svg class="weave-row" viewBox="${box}" preserveAspectRatio="none" ${row.choose ? chooserOf(row) : `role="img" aria-label="${escapeHtml(weftAloud(row))}"`}>${chosenMark(row)}<g class="threads${row.role ? ` ${row.role}` : ''}">${threadMarks(row.values, scale)}</g></svg>`;
    return `<div${classes ? ` class="${classes}"` : ''}><dt>${labelHtml(row)}</dt><dd>${svg}</dd></div>`;
  });
  return `<dl class="weave">${items.join('')}</dl>`;
}

/** Rows for a file, `width` px wide, labels in the first `left` of them. */
export function weaveMarks(
  rows: readonly Weft[],
  left: number,
  width: number,
  scale = scaleOf(rows),
): { body: string; height: number } {
  const tall = HALF * 2 + 10;
  let body = '';
  rows.forEach((row, k) => {
    const y = k * tall;
    const stretch = Math.round(((width - left) / (row.values.length * PITCH)) * 1e4) / 1e4;
    if (row.stored) body += `<rect class="stored" x="${left}" y="${y}" width="${width - left}" height="${tall - 6}"/>`;
    if (row.sum) body += `<path class="rule" d="M0 ${y - 3}H${width}"/>`;
    const label = escapeHtml(row.label).replace(/\*([^*]+)\*/g, '<tspan class="word">$1</tspan>');
    body += `<text x="0" y="${y + HALF + 7}">${label}</text>`;
    body += `<g class="threads${row.role ? ` ${row.role}` : ''}" transform="translate(${left} ${y}) scale(${stretch} 1)">${threadMarks(row.values, scale)}</g>`;
  });
  return { body: `<g class="weave">${body}</g>`, height: rows.length * tall };
}

/** How to read the threads, in words. */
export const weaveKey = 'one number; filled and up above zero, open and down below';

/** Rows of a figure of lists: named by what tells them apart. */
function weftOf({ word, stage, values }: Thread, threads: readonly Thread[]): Weft {
  const oneWord = threads.every((other) => other.word === word);
  const oneStage = threads.every((other) => other.stage === stage);
  const role = stage === 'query' || stage === 'key' || stage === 'value' ? stage : undefined;
  const stageSaid = stage === 'bare' ? 'bare word' : role ? stage : `after ${stage}`;
  let label = `*${word}*, ${stageSaid}`;
  if (oneWord && threads.length > 1) label = stageSaid;
  else if (oneStage && threads.length > 1) label = role ? `${stage} of *${word}*` : `*${word}*`;
  return { label, values, role, stored: stage === 'bare' };
}

/** Page and file of a figure of lists. */
export function drawVectors(data: FigureData): Drawing {
  const threads = threadsOf(data);
  const rows = threads.map((thread) => weftOf(thread, threads));
  const length = threads[0].values.length;
  const more = 'Heights follow the square root; all rows share one scale.';
  const order = `From left to right: the ${length} numbers in their order`;
  const stored = rows.some((row) => row.stored) ? 'Shaded ground: learned once and stored' : '';
  const key = [`<span><b>Thread:</b> ${weaveKey}. ${more}</span>`, `<span>${order}</span>`];
  if (stored) key.push(`<span>${stored}</span>`);
  const lines = [`Thread: ${weaveKey}.${stored ? ` ${stored}.` : ''}`, `${more} ${order}.`];
  const above = lines.map((line, k) => `<g transform="translate(0 ${k * 20})">${sheetLine(line)}</g>`).join('');
  const top = LINE + 26;
  const { body, height } = weaveMarks(rows, 148, SHEET_WIDTH);
  return {
    html: `<p class="axes">${key.join('')}</p><div class="picture">${weaveHtml(rows)}</div>`,
    svg: sheet(data, `${above}<g transform="translate(0 ${top})">${body}</g>`, top + height),
  };
}
