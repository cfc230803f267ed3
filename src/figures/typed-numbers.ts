/** Numbers that an author typed into the text of a page although a figure of the page shows them. */
import type { Column, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type Manner, quote } from './quote.ts';

/** A decimal or a percentage as it stands in the text. Lines and columns count from 1. */
export interface TypedNumber {
  /** '.42', '3.5', '42 %', '4.2 per cent' */
  text: string;
  line: number;
  column: number;
}

interface Node {
  type: string;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

const number = /(?<![\p{L}\d.,])(?:\d*\.\d+|\d+)(?:[ \u00a0]?(?:%|per cent\b))?(?![\p{L}\d]|[.,]\d)/gu;
const isPercent = (text: string) => /%|per cent/.test(text);

/**
 * The decimals and percentages in the text of a page: in what a reader reads, so not in code, formulas, braces or attributes.
 * @param tree of the whole page
 * @param source that it was parsed from
 */
export function typedNumbers(tree: Node, source: string): TypedNumber[] {
  const found: TypedNumber[] = [];
  const visit = (node: Node) => {
    const from = node.position?.start.offset;
    if (node.type === 'text' && from !== undefined) {
      for (const match of source.slice(from, node.position!.end.offset).matchAll(number)) {
        if (!match[0].includes('.') && !isPercent(match[0])) continue;
        const before = source.slice(0, from + match.index);
        const line = before.split('\n').length;
        found.push({ text: match[0], line, column: before.length - before.lastIndexOf('\n') });
      }
    }
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  return found;
}

/**
 * The tag that quotes a typed number from a figure, where one shows it; undefined otherwise. Figures that an author typed
 * prove nothing and are passed over, and so are 0 and the whole.
 */
export function valueFor(typed: string, figures: Iterable<FigureData>): string | undefined {
  const digits = /\d*\.?\d+/.exec(typed)![0];
  const value = Number(digits);
  if (value === 0 || value === (isPercent(typed) ? 100 : 1)) return undefined;
  const decimals = digits.includes('.') ? digits.length - digits.indexOf('.') - 1 : 0;
  const same = (cell: number) => Math.abs(cell).toFixed(decimals) === value.toFixed(decimals);
  for (const data of figures) {
    for (const [c, column] of data.columns.entries()) {
      const provenance = data.series.find(({ id }) => id === column.series)?.provenance;
      if (provenance === undefined || provenance === 'hand-made') continue;
      const manner = mannerOf(column, isPercent(typed), decimals);
      if (manner === undefined) continue;
      for (const [r, cells] of data.rows.entries()) {
        const cell = cells[c];
        if (typeof cell !== 'number') continue;
        const row = rowName(data, r);
        const shown = manner === 'percent' ? same(cell * 100) || saysPercent(data, row, column.id, digits) : same(cell);
        if (!shown) continue;
        const as = manner === 'decimal' ? ' as="decimal"' : '';
        return `<Value figure="${data.name}" row="${row}" column="${column.id}"${as} />`;
      }
    }
  }
  return undefined;
}

/**
 * How a column's numbers would be typed; undefined where they would not be typed in this form. One decimal of a number that
 * may be any is too little to know it by.
 */
function mannerOf({ unit }: Column, percent: boolean, decimals: number): Manner | undefined {
  const isShare = unit === 'weight' || unit === 'probability' || unit === 'share';
  if (percent) return isShare ? 'percent' : undefined;
  if (unit === 'bits') return 'bits';
  if (decimals < 2) return undefined;
  if (isShare) return 'decimal';
  return unit === 'number' || unit === 'nats' ? 'number' : undefined;
}

/** Percentages of weights are rounded together, so that one may be a point off its own rounding. */
function saysPercent(data: FigureData, row: string, column: string, digits: string): boolean {
  try {
    return quote(data, row, column, 'percent').replace(/[\s\u00a0]?%$/, '') === digits;
  } catch (error) {
    // A row that cannot be asked for by its name cannot be quoted either.
    if (error instanceof FigureError) return false;
    throw error;
  }
}

/** How `<Value>` asks for a row: by its first cell, counted where several rows have the same. */
function rowName(data: FigureData, row: number): string {
  const name = String(data.rows[row][0]);
  const alike = data.rows.flatMap((cells, r) => (String(cells[0]) === name ? [r] : []));
  return alike.length === 1 ? name : `${name} ${alike.indexOf(row) + 1}`;
}
