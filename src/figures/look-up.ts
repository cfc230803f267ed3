/** One number of a figure, asked for by its row and column: what prose quotes. */
import type { Cell, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';

/**
 * The cell in the row whose first cell is `row` and the column with this id (absent: the only column of numbers that the
 * row fills). A word that heads several rows is counted: 'was 1', 'was 2'.
 * @throws FigureError that lists what there is to choose from
 */
export function cellAt(data: FigureData, row: string, column?: string): Cell {
  const at = data.columns.findIndex((c) => c.id === column || (column !== undefined && c.label === column));
  if (column !== undefined && at < 0) {
    throw new FigureError(
      `Figure '${data.name}' has no column '${column}'. Its columns are ${data.columns.map((c) => c.id).join(', ')}.`,
      'column',
    );
  }
  const match = /^(.*?)(?: (\d+))?$/.exec(row)!;
  let rows = data.rows.filter((r) => r[0] === row);
  let which = 0;
  if (rows.length === 0 && match[2]) {
    rows = data.rows.filter((r) => r[0] === match[1]);
    which = Number(match[2]);
  }
  if (at >= 0) rows = rows.length > 1 && rows.some((r) => r[at] !== null) ? rows.filter((r) => r[at] !== null) : rows;
  const found = which > 0 ? rows[which - 1] : rows.length === 1 ? rows[0] : undefined;
  if (!found) {
    const names = [...new Set(data.rows.map((r) => String(r[0])))].join(', ');
    throw new FigureError(
      rows.length > 1
        ? `Figure '${data.name}' has ${rows.length} rows '${row}': write '${row} 1', '${row} 2', …`
        : `Figure '${data.name}' has no row '${row}'. Its rows are ${names}.`,
      'row',
    );
  }
  if (at >= 0) return found[at];
  const numbers = data.columns.flatMap((c, i) => (c.series && found[i] !== null ? [i] : []));
  if (numbers.length !== 1) {
    throw new FigureError(
      `Figure '${data.name}', row '${row}': say which column, one of ${numbers.map((i) => data.columns[i].id).join(', ')}.`,
      'column',
    );
  }
  return found[numbers[0]];
}
