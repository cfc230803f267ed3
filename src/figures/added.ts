/**
 * A list of numbers before and after, typed by an author, and what must have been added in between.
 *
 * ```yaml
 * kind: added
 * title: What was added to *creature*?
 * caption: Made-up numbers.
 * word: creature
 * before: [0.123, 0.235, -0.314]
 * after: [0.543, -0.235, 0.823]
 * ```
 */
import { z } from 'zod';
import type { Column, FigureData } from './figure-data.ts';
import { type BaseDeclaration, baseFields, type Drawing, type Kind } from './kind.ts';
import { rounded, saySigned } from './numbers.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml, inlineHtml } from './text.ts';
import { type Weft, weaveHtml, weaveKey, weaveMarks } from './weave.ts';

export interface AddedDeclaration extends BaseDeclaration {
  kind: 'added';
  word: string;
  before: number[];
  after: number[];
}

const list = z.array(z.number()).min(1).max(16);

/** What each row is called; *word* as ever. */
const rowsOf = (word: string) => [`*${word}*, bare`, 'added: context', `*${word}*, in context`];

export const added: Kind<AddedDeclaration> = {
  name: 'added',
  schema: z
    .strictObject({ kind: z.literal('added'), ...baseFields, word: z.string().min(1), before: list, after: list })
    .refine(({ before, after }) => before.length === after.length, {
      message: 'Before and after must be lists of the same length.',
      path: ['after'],
    }),
  compute: async (declaration, _world, name) => addedData(declaration, name),
  draw: async (data) => drawAdded(data),
  alive: false,
};

/** The figure. */
export function addedData(
  { title, caption, word, before, after }: Omit<AddedDeclaration, 'kind'>,
  name: string,
): FigureData {
  const number = (id: string, label: string): Column => ({
    id,
    label,
    unit: 'number',
    series: 'lists',
    scale: 'list',
  });
  const between = after.map((x, c) => rounded(x - before[c]));
  return {
    kind: 'added',
    name,
    title,
    caption,
    series: [{ id: 'lists', label: 'Lists', provenance: 'hand-made', source: 'typed by an author' }],
    axes: { rows: 'a place in the list', columns: 'before, what was added, after' },
    columns: [
      { id: 'place', label: 'Place in the list', unit: 'text' },
      number('before', 'Before'),
      number('added', 'Added'),
      number('after', 'After'),
    ],
    rows: before.map((x, c) => [String(c + 1), x, between[c], after[c]]),
    notice: noticeOfAdded(before, between, after),
    detail: { word },
  };
}

/** Where most was added. */
export function noticeOfAdded(before: readonly number[], between: readonly number[], after: readonly number[]): string {
  const most = between.reduce((best, x, c) => (Math.abs(x) > Math.abs(between[best]) ? c : best), 0);
  return `Most was added in place ${most + 1}: ${saySigned(before[most])} with ${saySigned(between[most])} makes ${saySigned(after[most])}.`;
}

function drawAdded(data: FigureData): Drawing {
  const labels = rowsOf(String(data.detail.word));
  const wefts: Weft[] = labels.map((label, k) => ({
    label,
    values: data.rows.map((row) => row[k + 1] as number),
    ...(k === 0 && { stored: true }),
    ...(k === 1 && { role: 'value' as const }),
    ...(k === 2 && { sum: true }),
  }));
  // So few numbers can stand there in digits, too.
  const cells = wefts.map(
    ({ label, values, sum }) =>
      `<tr${sum ? ' class="sum"' : ''}><th scope="row">${inlineHtml(label)}</th>${values.map((x) => `<td class="num">${saySigned(x)}</td>`).join('')}</tr>`,
  );
  const say = `Thread: ${weaveKey}.`;
  const { body, height } = weaveMarks(wefts, 190, SHEET_WIDTH);
  let digits = '';
  wefts.forEach(({ label, values }, k) => {
    const y = height + 60 + k * 26;
    digits += `<text x="0" y="${y}">${escapeHtml(label.replaceAll('*', ''))}</text>`;
    values.forEach((x, c) => {
      digits += `<text class="end" x="${px(190 + ((c + 0.5) * (SHEET_WIDTH - 190)) / values.length + 20)}" y="${y}">${saySigned(x)}</text>`;
    });
  });
  return {
    html: `<p class="axes"><span><b>Thread:</b> ${weaveKey}</span></p><div class="picture">${weaveHtml(wefts)}<div class="scroll" role="group" tabindex="0" aria-label="The same in digits"><table class="nw digits"><tbody>${cells.join('')}</tbody></table></div></div>`,
    svg: sheet(
      data,
      `<g class="odds"><text class="soft" x="0" y="10">${say}</text>${digits}</g><g transform="translate(0 26)">${body}</g>`,
      height + 60 + wefts.length * 26,
    ),
  };
}

const px = (x: number) => String(Math.round(x));
