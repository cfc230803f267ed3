/**
 * The committed memory of every figure's numbers, to four decimals: enough to see that a figure moved when a model, a
 * word or a line of code changed, and small enough to read in a diff.
 */
import type { Cell, FigureData } from './figure-data.ts';

/** Half a unit of the last decimal kept, with room for the last bits of another platform. */
const same = 0.5e-4 + 1e-5;

export interface RecordedFigure {
  kind: string;
  columns: string[];
  rows: Cell[][];
}

/** By figure: 'lessons/out-of-context#woman'. */
export type FigureRecord = Record<string, RecordedFigure>;

/** One figure as the record keeps it. */
export function recordFigure(data: FigureData): RecordedFigure {
  const round = (cell: Cell) => (typeof cell === 'number' ? Math.round(cell * 1e4) / 1e4 : cell);
  return { kind: data.kind, columns: data.columns.map(({ id }) => id), rows: data.rows.map((row) => row.map(round)) };
}

/** As the file stands: sorted by figure, a line for each row. The same record gives the same text. */
export function writeRecord(record: FigureRecord): string {
  const figures = Object.keys(record)
    .sort()
    .map((key) => {
      const { kind, columns, rows } = record[key];
      const lines = rows.map((row) => `\n      ${JSON.stringify(row)}`).join(',');
      return `  ${JSON.stringify(key)}: {\n    "kind": ${JSON.stringify(kind)},\n    "columns": ${JSON.stringify(columns)},\n    "rows": [${lines}\n    ]\n  }`;
    });
  return `{\n${figures.join(',\n')}\n}\n`;
}

/**
 * What moved, a sentence for each figure that did; empty when nothing did.
 *
 * @param whole also name figures of the record that are not among the computed ones.
 */
export function compareRecord(
  record: FigureRecord,
  computed: ReadonlyMap<string, FigureData>,
  whole: boolean,
): string[] {
  const moved: string[] = [];
  for (const [key, data] of computed) {
    const change = key in record ? compareFigure(record[key], data) : 'is not in the record';
    if (change) moved.push(`${key} ${change}`);
  }
  if (whole) {
    for (const key of Object.keys(record)) {
      if (!computed.has(key)) moved.push(`${key} is in the record, but no page declares it`);
    }
  }
  return moved;
}

function compareFigure(old: RecordedFigure, data: FigureData): string | undefined {
  if (old.kind !== data.kind) return `was of the kind ${old.kind}, is now ${data.kind}`;
  const columns = data.columns.map(({ id }) => id);
  if (columns.join() !== old.columns.join()) {
    return `had the columns ${old.columns.join(', ')}, has now ${columns.join(', ')}`;
  }
  const words = (rows: Cell[][]) => rows.map((row) => row.map((cell) => (typeof cell === 'number' ? '#' : cell)));
  const [before, after] = [words(old.rows), words(data.rows)];
  if (before.length !== after.length) return `had ${before.length} rows, has now ${after.length}`;
  const other = after.findIndex((row, r) => JSON.stringify(row) !== JSON.stringify(before[r]));
  if (other >= 0)
    return `has other words: row ${other + 1} was ${line(old.rows[other])}, is now ${line(data.rows[other])}`;

  let cells = 0;
  let worst = { by: 0, text: '' };
  data.rows.forEach((row, r) => {
    row.forEach((cell, c) => {
      const was = old.rows[r][c];
      if (typeof cell !== 'number' || typeof was !== 'number') return;
      const by = cell - was;
      if (Math.abs(by) <= same) return;
      cells += 1;
      if (Math.abs(by) <= Math.abs(worst.by)) return;
      const sign = by > 0 ? '+' : '−';
      worst = {
        by,
        text: `'${row[0]}', ${columns[c]}: ${was.toFixed(4)} → ${cell.toFixed(4)} (${sign}${Math.abs(by).toFixed(4)})`,
      };
    });
  });
  if (cells === 0) return undefined;
  return `moved in ${cells} ${cells === 1 ? 'number' : 'numbers'}; ${cells === 1 ? 'it is' : 'most of all'} ${worst.text}`;
}

function line(cells: readonly Cell[]): string {
  return cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(4) : (cell ?? '·'))).join(' | ');
}
