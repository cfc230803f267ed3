import type { Attend, AttendTrace } from './attend.ts';
import { checkRequest, overflow, type Request } from './check.ts';

/**
 * The form that answers at once: float32 arrays, plain loops, no graphics chip. Sums run in the float64 that JavaScript
 * computes with anyway and are rounded when they are stored, so it is as exact as its results can show.
 *
 * @throws {AttendError} when a shape, an option or a visible number is not right; see the contract in `attend.ts`.
 */
export const plain: Attend = (input, options = {}) => answerPlainly(checkRequest(input, options, 'float32'));

/** The plain form for a request that has been checked already. */
export function answerPlainly(request: Request): AttendTrace {
  const trace = emptyTrace(request);
  const answerRow = plainRows(request, trace);
  for (let head = 0; head < request.nHeads; head++) {
    for (let query = 0; query < request.nQueries; query++) answerRow(head, query);
  }
  return trace;
}

/** The float32 arrays of a trace, all zeros; those of the steps have length 0 when only the output is asked for. */
export function emptyTrace({ trace, nHeads, nQueries, nKeys, valueDim }: Request): AttendTrace {
  const table = () => new Float32Array(trace === 'all' ? nHeads * nQueries * nKeys : 0);
  const output = new Float32Array(nHeads * nQueries * valueDim);
  return { scores: table(), scaled: table(), capped: table(), masked: table(), weights: table(), output };
}

/** Returns what writes the row of a head and a query into every step of `trace`; nothing where it looks at nothing. */
export function plainRows(request: Request, trace: AttendTrace): (head: number, query: number) => void {
  const { q, k, v, nQueries, nKeys, headDim, valueDim, groupSize, scale, softcap, visible, bias } = request;
  const keepsAll = request.trace === 'all';
  const { scores, scaled, capped, masked, weights, output } = trace;
  const dots = new Float64Array(nKeys);
  const logits = new Float64Array(nKeys);
  const mixed = new Float64Array(valueDim);

  return (head, query) => {
    const keyHead = Math.floor(head / groupSize);
    const valuesStart = keyHead * nKeys * valueDim;
    const rowIndex = head * nQueries + query;
    const row = rowIndex * nKeys;
    const visibleRow = head * request.visibleStride + query * nKeys;
    const biasRow = head * request.biasStride + query * nKeys;

    // Nobody asks for the scores of keys before the first visible one or after the last, unless every step is kept.
    const first = keepsAll ? 0 : request.first[visibleRow / nKeys];
    const end = keepsAll ? nKeys : request.end[visibleRow / nKeys];
    dotProducts(dots, q, rowIndex * headDim, k, keyHead * nKeys * headDim, first, end, headDim);

    let largest = -Infinity;
    for (let key = first; key < end; key++) {
      const scaledScore = dots[key] * scale;
      const cappedScore = softcap > 0 ? softcap * Math.tanh(scaledScore / softcap) : scaledScore;
      let logit = -Infinity;
      if (visible[visibleRow + key] === 1) {
        logit = bias === null ? cappedScore : cappedScore + bias[biasRow + key];
        if (!(logit < Infinity)) throw overflow('float32');
        if (logit > largest) largest = logit;
      }
      logits[key] = logit;
      if (keepsAll) {
        scores[row + key] = dots[key];
        scaled[row + key] = scaledScore;
        capped[row + key] = cappedScore;
        masked[row + key] = logit;
      }
    }
    if (largest === -Infinity) return; // nothing left to look at: weights and output stay 0

    let total = 0;
    for (let key = first; key < end; key++) {
      const power = logits[key] === -Infinity ? 0 : Math.exp(logits[key] - largest);
      logits[key] = power;
      total += power;
    }
    mixed.fill(0);
    for (let key = first; key < end; key++) {
      const weight = logits[key] / total;
      if (keepsAll) weights[row + key] = weight;
      if (weight === 0) continue;
      const valueRow = valuesStart + key * valueDim;
      for (let d = 0; d < valueDim; d++) mixed[d] += weight * v[valueRow + d];
    }
    output.set(mixed, rowIndex * valueDim);
  };
}

/** dots[j] = q·k_j for j from `start` up to `end`. Four keys at a time, so that each number of the query is read once for four products. */
function dotProducts(
  dots: Float64Array,
  q: ArrayLike<number>,
  queryStart: number,
  k: ArrayLike<number>,
  keysStart: number,
  start: number,
  end: number,
  headDim: number,
): void {
  let key = start;
  for (; key + 4 <= end; key += 4) {
    const first = keysStart + key * headDim;
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let d = 0; d < headDim; d++) {
      const x = q[queryStart + d];
      a += x * k[first + d];
      b += x * k[first + headDim + d];
      c += x * k[first + 2 * headDim + d];
      e += x * k[first + 3 * headDim + d];
    }
    dots[key] = a;
    dots[key + 1] = b;
    dots[key + 2] = c;
    dots[key + 3] = e;
  }
  for (; key < end; key++) {
    const first = keysStart + key * headDim;
    let sum = 0;
    for (let d = 0; d < headDim; d++) sum += q[queryStart + d] * k[first + d];
    dots[key] = sum;
  }
}
