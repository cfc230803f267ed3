/** A figure's table as files that other programs read. */
import type { Cell, FigureData } from './figure-data.ts';

/** CSV as RFC 4180 has it: a line of column names, then the rows, each ended by CR LF; an empty cell holds nothing. */
export function csvOf(data: FigureData): string {
  const field = (cell: Cell) => {
    const text = cell === null ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [data.columns.map(({ id }) => id), ...data.rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** The whole value, a line for each row of the table. */
export function jsonOf(data: FigureData): string {
  const fields = Object.entries(data).filter(([, value]) => value !== undefined);
  const lines = fields.map(([key, value]) => {
    const text =
      key === 'rows'
        ? `[\n${(value as Cell[][]).map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]`
        : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
