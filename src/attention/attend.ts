/**
 * The contract that every form of attention keeps: the same inputs, the same trace out.
 *
 * Adding a form is adding a file that exports one function of type {@link Attend} and one line in the list of forms that
 * the shared suite in `tests/attention.test.ts` runs over.
 *
 * What every form promises:
 * - Wrong sizes, lengths or options throw an `AttendError` (`check.ts`) that names the argument, what was expected and
 *   what came.
 * - What some query looks at must be finite. A key, value or query that is hidden everywhere may hold anything: a row
 *   that is not finite then counts as zeros, so its scores read 0 and nothing of it leaks.
 * - A row with nothing left to look at is 0 throughout `weights` and `output`, never NaN.
 */

/** The typed arrays a form computes with: float64 for the reference, float32 for the others. */
export type FloatArray = Float32Array | Float64Array;

/** Queries, keys and values of all heads, row-major. */
export interface AttendInput {
  /** [nHeads, nQueries, headDim] */
  q: FloatArray;
  /** [nKeyHeads, nKeys, headDim] */
  k: FloatArray;
  /** [nKeyHeads, nKeys, valueDim] */
  v: FloatArray;
  nHeads: number;
  /** Divides nHeads; query head h uses key head ⌊h / (nHeads / nKeyHeads)⌋. */
  nKeyHeads: number;
  nQueries: number;
  nKeys: number;
  headDim: number;
  valueDim: number;
}

/** One link taken away: in this head, this query may not look at this key. Indices count from 0. */
export interface CutLink {
  head: number;
  query: number;
  key: number;
}

export interface AttendOptions {
  /** Factor on every score. Default 1/√headDim. */
  scale?: number;
  /** softcap · tanh(score / softcap); 0 or absent: none. */
  softcap?: number;
  /** A query may look at keys up to its own position only. Default false. */
  causal?: boolean;
  /**
   * Position of the first query among the keys; may be negative (queries that come before every key). Default
   * nKeys − nQueries (a cache came first). Matters to `causal` and `window` alone.
   */
  firstPosition?: number;
  /** How far a query at position p may look: keys p − left to p + right; an absent side has no limit. */
  window?: { left?: number; right?: number };
  /**
   * Added to the capped scores (numbers, −∞ hides; +∞ and NaN are errors) or a choice (false hides).
   * [nQueries, nKeys] for all heads alike, or [nHeads, nQueries, nKeys].
   */
  mask?: FloatArray | readonly boolean[];
  cut?: readonly CutLink[];
  /** 'all' keeps every step, 'output' only the result (the steps grow with nQueries × nKeys). Default 'all'. */
  trace?: 'all' | 'output';
}

/**
 * Every step from scores to output; each [nHeads, nQueries, nKeys] but the last. With trace 'output' only `output` has
 * entries, the others have length 0. A hidden link reads −∞ in `masked` and exactly 0 in `weights`; a row with nothing
 * left to look at is 0 throughout `weights` and `output`.
 */
export interface AttendTrace {
  /** q·k */
  scores: FloatArray;
  /** scores × scale */
  scaled: FloatArray;
  /** after softcap; equals scaled without one */
  capped: FloatArray;
  /** after mask, causal rule, window and cuts */
  masked: FloatArray;
  /** softmax of each row */
  weights: FloatArray;
  /** [nHeads, nQueries, valueDim] */
  output: FloatArray;
}

/** A form of attention that answers at once. */
export type Attend = (input: AttendInput, options?: AttendOptions) => AttendTrace;

/** A form that answers later (gpu.js). */
export type AsyncAttend = (input: AttendInput, options?: AttendOptions) => Promise<AttendTrace>;
