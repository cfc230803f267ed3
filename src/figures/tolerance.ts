/** How far a figure's numbers may be from the same figure computed in float64. */
import type { FigureData, Unit } from './figure-data.ts';

/** Absolute for weights and probabilities; for anything else, of the largest entry of its column, or of its scale. */
export const tolerance = 1e-5;

/** A difference of exactly the tolerance should not fail by the last bit of a subtraction. */
const slack = 1 + 1e-9;

const sharesOfOne: readonly Unit[] = ['probability', 'weight', 'share'];

export interface Comparison {
  /** The largest difference, measured as the tolerance measures it. */
  largest: number;
  /** One line for each cell that is too far off, or cannot be compared. Empty when the figure may be written. */
  outside: string[];
}

/** Hold one table against another, cell by cell. */
export function compareTables(computed: FigureData, reference: FigureData): Comparison {
  const outside: string[] = [];
  let largest = 0;
  const shape = (data: FigureData) => `${data.rows.length} rows of ${data.columns.length}`;
  if (shape(computed) !== shape(reference)) {
    return {
      largest: Number.POSITIVE_INFINITY,
      outside: [`${shape(computed)} cells, where float64 has ${shape(reference)}`],
    };
  }
  const entries = (data: FigureData, c: number) =>
    data.rows.map((row) => row[c]).filter((cell) => typeof cell === 'number');
  computed.columns.forEach(({ id, unit, scale: shared }, c) => {
    const together = reference.columns.flatMap((column, k) =>
      k === c || (shared && column.scale === shared) ? [k] : [],
    );
    const largestEntry = Math.max(...together.flatMap((k) => entries(reference, k)).map(Math.abs), Number.MIN_VALUE);
    const scale = sharesOfOne.includes(unit) ? 1 : largestEntry;
    reference.rows.forEach((row, r) => {
      const [got, want] = [computed.rows[r][c], row[c]];
      const where = `row ${r + 1} ('${row[0]}'), column '${id}'`;
      if (typeof got === 'number' && typeof want === 'number') {
        const difference = Math.abs(got - want) / scale;
        largest = Math.max(largest, difference);
        if (!(difference <= tolerance * slack)) outside.push(`${where}: ${got}, where float64 gives ${want}`);
      } else if (got !== want) {
        largest = Number.POSITIVE_INFINITY;
        outside.push(`${where}: '${got}', where float64 gives '${want}'`);
      }
    });
  });
  return { largest, outside };
}
