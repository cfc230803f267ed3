/** A number of a figure's table, said in a sentence. */
import type { Cell, Column, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { cellAt } from './look-up.ts';
import { sayBits, sayDecimal, sayPerMillion, sayShare, wholePercents, withPercentSign } from './numbers.ts';

/** How prose may say a number. */
export const manners = ['percent', 'decimal', 'per million', 'bits', 'count'] as const;
export type Manner = (typeof manners)[number];

/**
 * The number in this row and column, in words fit for prose. Percentages of weights are rounded as the strip rounds
 * them, together with the others of their row, so that prose and picture say the same.
 *
 * @throws {FigureError} when there is no such row or column, or it holds no number.
 */
export function quote(data: FigureData, row: string, column?: string, as?: Manner): string {
  const cell = cellAt(data, row, column);
  const found = data.columns.find(({ id, label }) => id === column || label === column) ?? onlyColumn(data, row, cell);
  if (typeof cell !== 'number') {
    const means = found.empty ? `: ${found.empty}` : '';
    throw new FigureError(`Figure '${data.name}' has no number in row '${row}', column '${found.id}'${means}.`, 'row');
  }
  switch (as ?? usual(found)) {
    case 'decimal':
      return sayDecimal(cell);
    case 'per million':
      return sayPerMillion(cell);
    case 'bits':
      return sayBits(cell);
    case 'count':
      return cell.toLocaleString('en');
    default:
      return found.unit === 'weight' ? sayWeight(data, cell) : sayShare(cell);
  }
}

function usual({ unit }: Column): Manner {
  return unit === 'bits' || unit === 'count' ? unit : 'percent';
}

function onlyColumn(data: FigureData, row: string, cell: Cell): Column {
  const cells = data.rows.find((r) => (r[0] === row || row.startsWith(`${r[0]} `)) && r.includes(cell));
  return data.columns.find((c, i) => c.series && cells?.[i] === cell) ?? data.columns[0];
}

/** A weight among those it adds up to 1 with: the column of one word's row, or the row of a square table. */
function sayWeight(data: FigureData, weight: number): string {
  const columns = data.columns.flatMap(({ unit }, c) => (unit === 'weight' ? [c] : []));
  const groups =
    columns.length === 1 ? [data.rows.map((row) => row[columns[0]])] : data.rows.map((row) => row.slice(1));
  const group = groups
    .map((cells) => cells.filter((cell) => typeof cell === 'number'))
    .find((g) => g.includes(weight))!;
  const percent = wholePercents(group)[group.indexOf(weight)];
  return percent === 0 && weight > 0 ? 'less than 1\u00a0%' : withPercentSign(percent);
}
