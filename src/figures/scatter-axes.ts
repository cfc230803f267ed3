/**
 * The two directions in which a cloud of points spreads most, and where the points lie along them: principal component
 * analysis (Pearson 1901), by Jacobi's method, which is slow, exact and the same everywhere.
 */

export interface Plane {
  /** Along the two directions, one pair a point; their mean is 0. */
  places: [number, number][];
  /** What share of the points' spread (the sum of squared distances from their mean) each direction keeps. */
  kept: [number, number];
}

/**
 * Lays points of many dimensions down on the plane that keeps most of their spread. The sign of a direction means nothing,
 * so it is fixed: of all points, the one farthest out lies on its positive side.
 *
 * @param points at least 3, each of the same length d ≥ 2
 */
export function mainPlane(points: readonly ArrayLike<number>[]): Plane {
  const n = points.length;
  const d = points[0].length;
  const mean = Array.from({ length: d }, (_, i) => points.reduce((sum, point) => sum + point[i], 0) / n);
  // centred: [n, d]
  const centred = points.map((point) => mean.map((m, i) => point[i] - m));
  // covariance, but for a factor: [d, d]
  const covariance = mean.map((_, i) => mean.map((_, j) => centred.reduce((sum, row) => sum + row[i] * row[j], 0)));
  const { values, vectors } = eigen(covariance);
  const spread = values.reduce((sum, value) => sum + value, 0);
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  const along = order.slice(0, 2).map((k) => {
    const places = centred.map((row) => row.reduce((sum, x, i) => sum + x * vectors[i][k], 0));
    const farthest = places.reduce((far, place) => (Math.abs(place) > Math.abs(far) ? place : far), 0);
    return farthest < 0 ? places.map((place) => -place) : places;
  });
  return {
    places: centred.map((_, r) => [along[0][r], along[1][r]]),
    kept: [values[order[0]] / spread, values[order[1]] / spread],
  };
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations,
 * §8.5): each turns one entry off the diagonal to 0, round after round, until all of them are.
 *
 * @returns vectors[i][k] is entry i of the vector that belongs to values[k]
 */
function eigen(symmetric: readonly number[][]): { values: number[]; vectors: number[][] } {
  const a = symmetric.map((row) => [...row]);
  const size = a.length;
  const vectors = a.map((_, i) => a.map((_, j): number => (i === j ? 1 : 0)));
  const total = a.flat().reduce((sum, x) => sum + x * x, 0);
  for (let round = 0; round < 60; round++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += a[p][q] ** 2;
    if (off <= total * 1e-30) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (a[p][q] === 0) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        for (let i = 0; i < size; i++) {
          [a[i][p], a[i][q]] = [cosine * a[i][p] - sine * a[i][q], sine * a[i][p] + cosine * a[i][q]];
        }
        for (let i = 0; i < size; i++) {
          [a[p][i], a[q][i]] = [cosine * a[p][i] - sine * a[q][i], sine * a[p][i] + cosine * a[q][i]];
          [vectors[i][p], vectors[i][q]] = [
            cosine * vectors[i][p] - sine * vectors[i][q],
            sine * vectors[i][p] + cosine * vectors[i][q],
          ];
        }
      }
    }
  }
  return { values: a.map((row, i) => row[i]), vectors };
}
