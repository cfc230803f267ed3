import type { Attend, AttendTrace, FloatArray } from './attend.ts';
import { checkNumbers, planRequest, type Request } from './check.ts';
import { answerPlainly, emptyTrace, plainRows } from './plain.ts';

/** What the module compiled from `simd/attend.ts` exports; shapes and meaning stand there. Pointers are in bytes. */
interface Kernels {
  memory: WebAssembly.Memory;
  measure(numbers: number, lengths: number, rows: number, size: number): void;
  packKeys(keys: number, panels: number, nKeys: number, headDim: number): void;
  packValues(values: number, panels: number, nKeys: number, valueDim: number): void;
  score(...args: Eight): void;
  softmax(...args: [...Eight, stride: number, scale: number, softcap: number]): void;
  mix(...args: Eight): void;
  trim(from: number, to: number, rows: number, stride: number, size: number): void;
}
type Eight = [number, number, number, number, number, number, number, number];

/** Queries that go through the three steps together; a multiple of 4. Their scores stay in the processor's cache. */
const BLOCK = 32;
/** Memory below this address holds the module's constants. */
const FIRST_BYTE = 65536;
/** Up to here float32 rounds scores so little that a weight stays within 1e-5, even between two keys almost alike. */
const LARGEST_SCORE = 100;
/** Where the mask lifts or sinks a whole row by more than this, scores lose digits as the plain form loses them. */
const SWALLOWS = 2 ** 20;
/** The lowest float32. */
const LOWEST = -3.4028234663852886e38;
/** The tables of a trace in the order in which the kernels fill them. */
const STEPS = ['scores', 'scaled', 'capped', 'masked', 'weights'] as const;

/**
 * The form that answers at once and fastest: float32 in WebAssembly, four numbers an instruction. Only a block of queries
 * has its scores in memory at a time. The same input gives the same bytes on every processor.
 *
 * Where queries and keys are so long that float32 might not hold their scores exactly enough, the plain form writes the row.
 *
 * @param module compiled from `simd/attend.ts`; its memory grows with the largest input and is kept.
 * @returns the form; it throws `AttendError` as the contract in `attend.ts` says.
 */
export async function createSimdAttend(module: WebAssembly.Module): Promise<Attend> {
  const { exports } = await WebAssembly.instantiate(module);
  const kernels = exports as unknown as Kernels;
  return (input, options = {}) => answer(kernels, planRequest(input, options));
}

/** Attention for one request: copied in, packed, then block by block scores, softmax and weighted sum. */
function answer(kernels: Kernels, planned: Request): AttendTrace {
  const places = findPlaces(planned);
  const { memory } = kernels;
  const missing = places.top - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const floats = new Float32Array(memory.buffer);

  let request = planned;
  if (!load(kernels, floats, places, request)) {
    request = checkNumbers(planned, 'float32');
    if (!load(kernels, floats, places, request)) return answerPlainly(request);
  }
  writeReach(new Int32Array(memory.buffer), places, request);
  pack(kernels, floats, places, request);

  const { nHeads, nQueries, nKeys, headDim, valueDim, visibleStride, scale, softcap } = request;
  const { tables, step, added, largest, mixed, trimmed } = places;
  const trace = emptyTrace(request);
  const writePlainly = plainRows(request, trace);
  const copyOut = (from: number, stride: number, to: FloatArray, rows: number, size: number, row: number) => {
    kernels.trim(from, trimmed, rows, stride, size);
    to.set(floats.subarray(trimmed / 4, trimmed / 4 + rows * size), row * size);
  };

  for (let query = 0; query < nQueries; query += BLOCK) {
    const rows = Math.min(BLOCK, nQueries - query);
    for (let head = 0; head < nHeads; head++) {
      if (added !== 0 && (head === 0 || visibleStride > 0)) writeMask(floats, places, request, head, query, rows);
      const row = head * nQueries + query;
      const keyHead = Math.floor(head / request.groupSize);
      const reach = 4 * ((visibleStride === 0 ? 0 : head * places.reachLength) + query);
      const [first, end, spans] = [places.first + reach, places.end + reach, places.spans + reach / 2];

      const queries = places.q + 4 * row * headDim;
      const keys = places.keys + keyHead * places.keysLength;
      kernels.score(queries, keys, tables, spans, rows, nKeys, headDim, places.stride);
      kernels.softmax(tables, step, first, end, spans, added, largest, rows, places.stride, scale, softcap);
      const values = places.values + keyHead * places.valuesLength;
      kernels.mix(tables + 4 * step, values, mixed, spans, rows, nKeys, valueDim, places.stride);

      copyOut(mixed, roundUp(valueDim, 8), trace.output, rows, valueDim, row);
      if (request.trace === 'all') {
        for (const [index, name] of STEPS.entries()) {
          copyOut(tables + index * step, places.stride, trace[name], rows, nKeys, row);
        }
      }
      for (let i = 0; i < rows; i++) {
        if (isTooLong(floats, places, request, head, query + i)) writePlainly(head, query + i);
      }
    }
  }
  return trace;
}

type Places = ReturnType<typeof findPlaces>;

/** Where everything lies in the module's memory, in bytes; shapes as in `simd/attend.ts`. */
function findPlaces({ trace, nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim, ...request }: Request) {
  let top = FIRST_BYTE;
  const place = (count: number) => {
    const start = top;
    top += 4 * roundUp(count, 4);
    return start;
  };
  const keepsAll = trace === 'all';
  const stride = roundUp(nKeys, 8);
  const reachLength = roundUp(nQueries, 4);
  const reachTables = request.visibleStride === 0 ? 1 : nHeads;
  const isMasked = request.bias !== null || request.hasGaps;
  const places = {
    // Four rows, or two vectors of a row, are read together: there is room for those beyond the end.
    q: place((nHeads * nQueries + 4) * headDim),
    k: place((nKeyHeads * nKeys + 4) * headDim),
    v: place(nKeyHeads * nKeys * valueDim + 8),
    // Euclidean lengths of their rows.
    lengths: { q: place(nHeads * nQueries), k: place(nKeyHeads * nKeys), v: place(nKeyHeads * nKeys) },
    keys: place(nKeyHeads * stride * headDim),
    values: place(nKeyHeads * nKeys * roundUp(valueDim, 8)),
    first: place(reachTables * reachLength),
    end: place(reachTables * reachLength),
    spans: place((reachTables * reachLength) / 2),
    tables: place((keepsAll ? STEPS.length : 1) * BLOCK * stride),
    added: isMasked ? place(BLOCK * stride) : 0,
    largest: place(BLOCK),
    mixed: place(BLOCK * roundUp(valueDim, 8)),
    trimmed: place(BLOCK * Math.max(valueDim, keepsAll ? nKeys : 0)),
  };
  return {
    ...places,
    top,
    stride,
    /** Bytes from one table to the next. */
    step: keepsAll ? 4 * BLOCK * stride : 0,
    reachLength,
    /** Bytes from one head's panels to the next. */
    keysLength: 4 * stride * headDim,
    valuesLength: 4 * nKeys * roundUp(valueDim, 8),
  };
}

/** Copies q, k and v into memory and measures their rows. Returns whether every length is finite. */
function load(kernels: Kernels, floats: Float32Array, places: Places, request: Request): boolean {
  const { headDim, valueDim } = request;
  for (const [name, size] of [
    ['q', headDim],
    ['k', headDim],
    ['v', valueDim],
  ] as const) {
    const rows = request[name].length / size;
    floats.set(request[name], places[name] / 4);
    kernels.measure(places[name], places.lengths[name], rows, size);
    const lengths = places.lengths[name] / 4;
    for (let row = 0; row < rows; row++) if (!(floats[lengths + row] < Infinity)) return false;
  }
  return true;
}

/** Packs the keys and values of all heads into panels, and turns each key's length into that of the longest key so far. */
function pack(
  kernels: Kernels,
  floats: Float32Array,
  places: Places,
  { nKeyHeads, nKeys, headDim, valueDim }: Request,
): void {
  for (let head = 0; head < nKeyHeads; head++) {
    const row = 4 * head * nKeys;
    kernels.packKeys(places.k + row * headDim, places.keys + head * places.keysLength, nKeys, headDim);
    kernels.packValues(places.v + row * valueDim, places.values + head * places.valuesLength, nKeys, valueDim);
    const lengths = (places.lengths.k + row) / 4;
    for (let key = 1; key < nKeys; key++) {
      floats[lengths + key] = Math.max(floats[lengths + key - 1], floats[lengths + key]);
    }
  }
}

/**
 * Writes where each row's keys begin and end, and the same for every four rows together. With every step kept, all keys
 * have scores, seen or not.
 */
function writeReach(integers: Int32Array, { first, end, spans, reachLength }: Places, request: Request): void {
  const { nQueries, nKeys, trace } = request;
  for (let table = 0; table * nQueries < request.first.length; table++) {
    for (let start = 0; start < reachLength; start += 4) {
      let [from, to] = trace === 'all' ? [0, nKeys] : [nKeys, 0];
      const place = table * reachLength + start;
      for (let i = 0; i < 4 && start + i < nQueries; i++) {
        const row = table * nQueries + start + i;
        integers[first / 4 + place + i] = request.first[row];
        integers[end / 4 + place + i] = request.end[row];
        from = Math.min(from, request.first[row]);
        to = Math.max(to, request.end[row]);
      }
      integers[spans / 4 + place / 2] = from;
      integers[spans / 4 + place / 2 + 1] = to;
    }
  }
}

/** Writes what a mask adds to the scores of a block, and the largest entry of each row, which is taken from the others. */
function writeMask(
  floats: Float32Array,
  { added, largest, stride }: Places,
  { nKeys, visible, visibleStride, bias, biasStride }: Request,
  head: number,
  query: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const visibleRow = head * visibleStride + (query + row) * nKeys;
    const biasRow = head * biasStride + (query + row) * nKeys;
    let most = -Infinity;
    for (let key = 0; key < nKeys; key++) {
      if (visible[visibleRow + key]) most = Math.max(most, bias?.[biasRow + key] ?? 0);
    }
    floats[largest / 4 + row] = most;
    const place = added / 4 + row * stride;
    for (let key = 0; key < nKeys; key++) {
      const below = (bias?.[biasRow + key] ?? 0) - most;
      floats[place + key] = visible[visibleRow + key] ? Math.max(below, LOWEST) : -Infinity;
    }
  }
}

/**
 * Whether float32 is not enough for a row: its mask may swallow scores as only the plain form can tell, or its scores may be
 * large. None exceeds the query's length times that of the longest key, and a later word has no say in an earlier row.
 */
function isTooLong(
  floats: Float32Array,
  { lengths, added, largest }: Places,
  { nQueries, nKeys, groupSize, visibleStride, end, scale }: Request,
  head: number,
  query: number,
): boolean {
  const row = head * nQueries + query;
  const lastKey = end[visibleStride === 0 ? query : row] - 1;
  if (lastKey < 0) return false;
  if (added !== 0 && Math.abs(floats[largest / 4 + (query % BLOCK)]) > SWALLOWS) return true;
  const longestKey = floats[lengths.k / 4 + Math.floor(head / groupSize) * nKeys + lastKey];
  return floats[lengths.q / 4 + row] * longestKey * Math.abs(scale) > LARGEST_SCORE;
}

/** The smallest multiple of `step` that is not below `count`. */
function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
