/** A number of a figure's table, said in a sentence. */
import type { Column, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { cellPlace } from './look-up.ts';
import {
  sayAngle,
  sayBits,
  sayDecimal,
  sayPerMillion,
  sayShare,
  saySigned,
  wholePercents,
  withPercentSign,
} from './numbers.ts';
import { groupsOf } from './shell.ts';

/** How prose may say a number. */
export const manners = ['percent', 'decimal', 'per million', 'bits', 'count', 'number', 'degrees'] as const;
export type Manner = (typeof manners)[number];

/**
 * The number in this row and column, in words fit for prose. Percentages of weights are rounded as the strip rounds
 * them, together with the others of their row, so that prose and picture say the same.
 *
 * @throws {FigureError} when there is no such row or column, or it holds no number.
 */
export function quote(data: FigureData, row: string, column?: string, as?: Manner): string {
  const place = cellPlace(data, row, column);
  const found = data.columns[place.column];
  const cell = data.rows[place.row][place.column];
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
    case 'number':
      return saySigned(cell);
    case 'degrees':
      return sayAngle(cell);
    case 'count':
      return cell.toLocaleString('en');
    default:
      return found.unit === 'weight' ? sayWeight(data, place) : sayShare(cell);
  }
}

function usual({ unit }: Column): Manner {
  if (unit === 'nats') return 'number';
  return unit === 'bits' || unit === 'count' || unit === 'number' || unit === 'degrees' ? unit : 'percent';
}

/**
 * A weight among those it adds up to 1 with: the rows of its total; without totals the column, where it is the only one of
 * weights, or else the row.
 */
function sayWeight(data: FigureData, { row, column }: { row: number; column: number }): string {
  const weights = data.columns.flatMap(({ unit }, c) => (unit === 'weight' ? [c] : []));
  const totals = groupsOf(data).flatMap(({ total, to }) => (total ? [to] : []));
  let whole = data.rows.map((_, r) => [r, column]);
  if (totals.length > 0)
    whole = whole.slice(
      totals.filter((end) => end <= row).at(-1),
      totals.find((end) => end > row),
    );
  else if (weights.length > 1) whole = weights.map((c) => [row, c]);
  const filled = whole.filter(([r, c]) => typeof data.rows[r][c] === 'number');
  const percents = wholePercents(filled.map(([r, c]) => data.rows[r][c] as number));
  const percent = percents[filled.findIndex(([r, c]) => r === row && c === column)];
  return percent === 0 && data.rows[row][column] !== 0 ? 'less than 1\u00a0%' : withPercentSign(percent);
}
