/** One number of a figure, asked for by its row and column: what prose quotes. */
import type { Cell, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';

/** The cell that {@link cellPlace} finds. */
export function cellAt(data: FigureData, row: string, column?: string): Cell {
  const place = cellPlace(data, row, column);
  return data.rows[place.row][place.column];
}

/**
 * Where the cell stands, in indices of `rows` and `columns`: in the row whose first cell is `row`, and the column with this
 * id or label (absent: the only column of numbers that the row fills). A word that heads several rows is counted: 'was 1',
 * 'was 2'.
 * @throws FigureError that lists what there is to choose from
 */
export function cellPlace(data: FigureData, row: string, column?: string): { row: number; column: number } {
  const at = data.columns.findIndex((c) => c.id === column || (column !== undefined && c.label === column));
  if (column !== undefined && at < 0) {
    throw new FigureError(
      `Figure '${data.name}' has no column '${column}'. Its columns are ${data.columns.map((c) => c.id).join(', ')}.`,
      'column',
    );
  }
  const match = /^(.*?)(?: (\d+))?$/.exec(row)!;
  const rowsOf = (name: string) => data.rows.flatMap((r, i) => (r[0] === name ? [i] : []));
  let rows = rowsOf(row);
  let which = 0;
  if (rows.length === 0 && match[2]) {
    rows = rowsOf(match[1]);
    which = Number(match[2]);
  }
  const filled = rows.filter((i) => at >= 0 && data.rows[i][at] !== null);
  if (rows.length > 1 && filled.length > 0) rows = filled;
  const found = which > 0 ? rows[which - 1] : rows.length === 1 ? rows[0] : undefined;
  if (found === undefined) {
    const names = [...new Set(data.rows.map((r) => String(r[0])))].join(', ');
    throw new FigureError(
      rows.length > 1
        ? `Figure '${data.name}' has ${rows.length} rows '${row}': write '${row} 1', '${row} 2', …`
        : `Figure '${data.name}' has no row '${row}'. Its rows are ${names}.`,
      'row',
    );
  }
  if (at >= 0) return { row: found, column: at };
  const numbers = data.columns.flatMap((c, i) => (c.series && data.rows[found][i] !== null ? [i] : []));
  if (numbers.length !== 1) {
    throw new FigureError(
      `Figure '${data.name}', row '${row}': say which column, one of ${numbers.map((i) => data.columns[i].id).join(', ')}.`,
      'column',
    );
  }
  return { row: found, column: numbers[0] };
}
