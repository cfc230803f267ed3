import type { AttendInput, AttendOptions, FloatArray } from './attend.ts';

/** What was asked of a form of attention could not be done; says which argument, what was expected and what came. */
export class AttendError extends Error {
  /** Name of the argument or option, as written in the contract: `q`, `nHeads`, `cut[2]`, … */
  readonly argument: string;
  /** What would have been right, shapes with their names: `[nHeads 2, nQueries 3, headDim 4], 24 numbers`. */
  readonly expected: string;
  /** What came instead. */
  readonly received: string;

  constructor(argument: string, expected: string, received: string) {
    super(`attention: ${argument} should be ${expected}, but came as ${received}`);
    this.name = 'AttendError';
    this.argument = argument;
    this.expected = expected;
    this.received = received;
  }
}

/** The numbers a form may hold: float64 for the reference, float32 for the others. */
export type Precision = 'float32' | 'float64';

const LARGEST: Record<Precision, number> = { float32: 3.4028234663852886e38, float64: Number.MAX_VALUE };

/** A checked request, with every default filled in. All forms start from one of these. */
export interface Request extends AttendInput {
  /** Query heads that share one key head. */
  groupSize: number;
  scale: number;
  /** 0: none. */
  softcap: number;
  trace: 'all' | 'output';
  /** 1 where a query may look at a key: [nQueries, nKeys], or [nHeads, nQueries, nKeys] when heads differ. */
  visible: Uint8Array;
  /** Step from one head's table to the next in `visible`; 0 when all heads share one. */
  visibleStride: number;
  /** For each row of `visible`, its first visible key and the one after its last; nKeys and 0 in a row without any. */
  first: Int32Array;
  end: Int32Array;
  /** Whether some key between the first and the last of its row is hidden. */
  hasGaps: boolean;
  /** What the mask adds to each score, shaped like the mask that came; null when nothing is added. */
  bias: FloatArray | null;
  /** Step from one head's table to the next in `bias`; 0 when all heads share one. */
  biasStride: number;
}

/**
 * Checks a request and works out which link is visible.
 *
 * @param precision the numbers the form computes with: a value beyond its range counts as not finite.
 * @throws {AttendError} naming the argument, the expected shape and the one that came.
 */
export function checkRequest(input: AttendInput, options: AttendOptions = {}, precision: Precision): Request {
  return checkNumbers(planRequest(input, options), precision);
}

/**
 * The first half of {@link checkRequest}: sizes, options and visible links, without a look at the numbers in q, k and v.
 *
 * @throws {AttendError} as {@link checkRequest}.
 */
export function planRequest(input: AttendInput, options: AttendOptions = {}): Request {
  const { nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim } = input;
  for (const name of ['nHeads', 'nKeyHeads', 'nQueries', 'nKeys', 'headDim', 'valueDim'] as const) {
    if (!Number.isSafeInteger(input[name]) || input[name] < 1) {
      throw new AttendError(name, 'a whole number of at least 1', show(input[name]));
    }
  }
  if (nHeads % nKeyHeads !== 0) {
    throw new AttendError('nHeads', `a multiple of nKeyHeads (${nKeyHeads})`, show(nHeads));
  }
  checkShape('q', input.q, { nHeads, nQueries, headDim });
  checkShape('k', input.k, { nKeyHeads, nKeys, headDim });
  checkShape('v', input.v, { nKeyHeads, nKeys, valueDim });

  const scale = finiteOption('scale', options.scale ?? 1 / Math.sqrt(headDim), -Infinity);
  const softcap = finiteOption('softcap', options.softcap ?? 0, 0);
  const trace = options.trace ?? 'all';
  if (trace !== 'all' && trace !== 'output') throw new AttendError('trace', `'all' or 'output'`, show(trace));
  return { ...input, groupSize: nHeads / nKeyHeads, scale, softcap, trace, ...findVisible(input, options) };
}

/**
 * The second half of {@link checkRequest}. Only what some query looks at has to be finite. A row of q, k or v that is
 * hidden everywhere may hold anything; if it is not finite it is replaced by zeros (in a copy), so that NaN never reaches a
 * sum, and its scores read 0.
 *
 * @throws {AttendError} naming the first number that is looked at and not finite.
 */
export function checkNumbers(request: Request, precision: Precision): Request {
  const { nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim, visible, visibleStride, first, end } = request;
  const looks = new Uint8Array(nHeads * nQueries);
  const seen = new Uint8Array(nKeyHeads * nKeys);
  for (let head = 0; head < nHeads; head++) {
    const keyRow = Math.floor(head / request.groupSize) * nKeys;
    for (let query = 0; query < nQueries; query++) {
      const row = visibleStride === 0 ? query : head * nQueries + query;
      if (end[row] === 0) continue;
      looks[head * nQueries + query] = 1;
      if (!request.hasGaps) seen.fill(1, keyRow + first[row], keyRow + end[row]);
      else for (let key = first[row]; key < end[row]; key++) seen[keyRow + key] |= visible[row * nKeys + key];
    }
  }
  const largest = LARGEST[precision];
  return {
    ...request,
    q: finiteRows('q', request.q, { nHeads, nQueries, headDim }, looks, largest),
    k: finiteRows('k', request.k, { nKeyHeads, nKeys, headDim }, seen, largest),
    v: finiteRows('v', request.v, { nKeyHeads, nKeys, valueDim }, seen, largest),
  };
}

/** Says that finite inputs gave a score or a result that the form's numbers cannot hold. */
export function overflow(precision: Precision): AttendError {
  return new AttendError(
    'q, k, v, scale or mask',
    `small enough for ${precision} throughout`,
    'numbers whose scores or weighted sum are too large for it',
  );
}

/** Which links the causal rule, the window, the mask and the cuts leave, and what the mask adds. */
function findVisible(
  input: AttendInput,
  options: AttendOptions,
): Pick<Request, 'visible' | 'visibleStride' | 'first' | 'end' | 'hasGaps' | 'bias' | 'biasStride'> {
  const { nHeads, nQueries, nKeys } = input;
  const table = nQueries * nKeys;
  const { mask, cut = [], window = {} } = options;
  const firstPosition = options.firstPosition ?? nKeys - nQueries;
  if (!Number.isSafeInteger(firstPosition)) {
    throw new AttendError('firstPosition', 'a whole number', show(firstPosition));
  }
  for (const side of ['left', 'right'] as const) {
    const reach = window[side];
    if (reach !== undefined && (!Number.isSafeInteger(reach) || reach < 0)) {
      throw new AttendError(`window.${side}`, 'a whole number of at least 0, or left out for no limit', show(reach));
    }
  }
  const biasStride = mask && mask.length !== table ? table : 0;
  if (mask) checkMask(input, mask);
  checkCuts(input, cut);

  const left = window.left ?? Infinity;
  const right = Math.min(window.right ?? Infinity, options.causal ? 0 : Infinity);
  const perHead = biasStride !== 0 || cut.length > 0;
  const visible = new Uint8Array(perHead ? nHeads * table : table);
  for (let head = 0; head * table < visible.length; head++) {
    for (let query = 0; query < nQueries; query++) {
      const row = head * table + query * nKeys;
      const position = firstPosition + query;
      const start = Math.max(0, position - left);
      const stop = Math.min(nKeys, position + right + 1);
      if (start < stop) visible.fill(1, row + start, row + stop);
      if (!mask) continue;
      for (let key = start; key < stop; key++) {
        const hides = mask[head * biasStride + query * nKeys + key];
        if (hides === false || hides === -Infinity) visible[row + key] = 0;
        else if (typeof hides === 'number' && !(hides < Infinity)) {
          throw new AttendError(
            `mask[${biasStride ? `${head}, ` : ''}${query}, ${key}]`,
            'a finite number, or −Infinity to hide the link',
            show(hides),
          );
        }
      }
    }
  }
  for (const { head, query, key } of cut) visible[head * table + query * nKeys + key] = 0;
  return {
    visible,
    visibleStride: perHead ? table : 0,
    ...findEdges(visible, nKeys),
    bias: isFloatArray(mask) ? mask : null,
    biasStride: isFloatArray(mask) ? biasStride : 0,
  };
}

/** Where the visible keys of each row begin and end, and whether all between are visible too. */
function findEdges(visible: Uint8Array, nKeys: number): Pick<Request, 'first' | 'end' | 'hasGaps'> {
  const rows = visible.length / nKeys;
  const first = new Int32Array(rows).fill(nKeys);
  const end = new Int32Array(rows);
  let hasGaps = false;
  for (let row = 0; row < rows; row++) {
    const keys = visible.subarray(row * nKeys, (row + 1) * nKeys);
    const start = keys.indexOf(1);
    if (start < 0) continue;
    first[row] = start;
    end[row] = keys.lastIndexOf(1) + 1;
    hasGaps ||= keys.subarray(start, end[row]).includes(0);
  }
  return { first, end, hasGaps };
}

function checkMask(input: AttendInput, mask: NonNullable<AttendOptions['mask']>): void {
  const { nHeads, nQueries, nKeys } = input;
  const table = nQueries * nKeys;
  const expected =
    `[nQueries ${nQueries}, nKeys ${nKeys}], ${table} entries for all heads alike, ` +
    `or [nHeads ${nHeads}, nQueries ${nQueries}, nKeys ${nKeys}], ${nHeads * table} entries`;
  if (!isFloatArray(mask) && !Array.isArray(mask)) {
    throw new AttendError('mask', `a float array or a list of booleans, ${expected}`, show(mask));
  }
  if (mask.length !== table && mask.length !== nHeads * table) {
    throw new AttendError('mask', expected, `${mask.length} entries`);
  }
  if (isFloatArray(mask)) return;
  const odd = mask.findIndex((entry) => typeof entry !== 'boolean');
  if (odd >= 0) throw new AttendError(`mask[${odd}]`, 'true or false (numbers go into a float array)', show(mask[odd]));
}

function checkCuts(input: AttendInput, cuts: NonNullable<AttendOptions['cut']>): void {
  const sizes = { head: input.nHeads, query: input.nQueries, key: input.nKeys };
  for (const [index, link] of cuts.entries()) {
    for (const name of ['head', 'query', 'key'] as const) {
      const value = link?.[name];
      if (!Number.isSafeInteger(value) || value < 0 || value >= sizes[name]) {
        throw new AttendError(`cut[${index}].${name}`, `a whole number from 0 to ${sizes[name] - 1}`, show(value));
      }
    }
  }
}

/** Sizes by name, slowest index first. */
type Shape = Record<string, number>;

function showShape(shape: Shape): string {
  const sizes = Object.entries(shape).map(([name, size]) => `${name} ${size}`);
  return `[${sizes.join(', ')}]`;
}

function checkShape(name: string, values: unknown, shape: Shape): asserts values is FloatArray {
  const length = Object.values(shape).reduce((product, size) => product * size, 1);
  const expected = `${showShape(shape)}, ${length} numbers`;
  if (!isFloatArray(values)) {
    throw new AttendError(name, `a Float32Array or Float64Array ${expected}`, show(values));
  }
  if (values.length !== length) throw new AttendError(name, expected, `${values.length} numbers`);
}

function finiteOption(name: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new AttendError(name, least === 0 ? 'a finite number of at least 0' : 'a finite number', show(value));
}

/** The same array, or a copy in which rows that nobody looks at and that are not finite are zeros. */
function finiteRows(name: string, values: FloatArray, shape: Shape, used: Uint8Array, largest: number): FloatArray {
  const [, rowsPerHead, width] = Object.values(shape);
  let clean = values;
  for (let row = 0; row < used.length; row++) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (Math.abs(values[at]) <= largest) continue;
      if (used[row] === 1) {
        const place = [Math.floor(row / rowsPerHead), row % rowsPerHead, at % width].join(', ');
        throw new AttendError(
          `${name}[${place}]`,
          `a finite number of at most ${largest.toPrecision(3)}, like all that is not hidden of ${showShape(shape)}`,
          show(values[at]),
        );
      }
      if (clean === values) clean = values.slice();
      clean.fill(0, row * width, (row + 1) * width);
      break;
    }
  }
  return clean;
}

function isFloatArray(values: unknown): values is FloatArray {
  return values instanceof Float32Array || values instanceof Float64Array;
}

/** A short, exact name for whatever came. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${(value as Uint8Array).length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
