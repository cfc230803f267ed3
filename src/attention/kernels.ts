import type { AttendTrace, FloatArray } from './attend.ts';
import { overflow, type Request } from './check.ts';

/** What we use of gpu.js. Its own types name neither `createPipeline`'s object results nor typed arrays as input. */
export interface GpuJs {
  GPU: new (settings: { mode: string }) => GpuInstance;
  input: (values: Float32Array, size: [number, number, number]) => unknown;
}

interface GpuInstance {
  createKernel(source: string, settings: object): (...handles: unknown[]) => unknown;
  createPipeline(plan: (...handles: unknown[]) => object, settings: { threads: boolean }): Pipeline;
  destroy(): void | Promise<void>;
  /** What it draws with in a WebGL mode. */
  readonly context: unknown;
}

interface Pipeline {
  (...values: unknown[]): Promise<Record<string, Float32Array[][]>>;
  /** The mode of the kernels that ran; known after the first call. */
  readonly backend: string | null;
  readonly fallbackReason: string | null;
  destroy(): Promise<void>;
}

/** What answers requests: one gpu.js mode with its compiled pipelines, or the plain form. */
export interface Engine {
  run(request: Request): Promise<AttendTrace>;
  destroy(): Promise<void>;
}

/*
 * The kernels are strings: gpu.js reads their source, and a minifier would rewrite a function's. Each computes one cell;
 * x is the fastest index. Loops are bounded by constants, and nothing in them may be infinite or NaN, since the backends
 * disagree about both: a hidden link is HIDDEN here and becomes −Infinity on the way out.
 *
 * A float32 has 24 bits. A score of 4,000 is therefore known to 0.0001 only, and the weights of two keys that lie close
 * together at that height would be visibly off. So every score is carried as two numbers, a coarse part without any
 * error and the rest (see `split`), and only the difference from the row's best key goes into exp.
 */
const HIDDEN = '-3.0e38';
const BARELY_ABOVE_HIDDEN = '-2.9e38';
/** A mask this low leaves nothing of a score that it is added to, not even in float64; so nothing is left here either. */
const SWALLOWS_SCORES = '-1.0e18';

/** Mask values below this are lifted to it for the kernels, so that a finite number is never taken for HIDDEN. */
const LOWEST_BIAS = -2.0e38;
/** Beyond these, a float32 score could reach HIDDEN or overflow. */
const LARGEST_SCORE = 3.0e37;
const LARGEST_BIAS = 1.0e38;

const SOURCES = {
  coarse: `function (qHigh, kHigh) {
    const keyHead = Math.floor((this.thread.z + 0.5) / this.constants.groupSize);
    let sum = 0;
    for (let d = 0; d < this.constants.headDim; d++) {
      sum += qHigh[this.thread.z][this.thread.y][d] * kHigh[keyHead][this.thread.x][d];
    }
    return sum;
  }`,
  rest: `function (qHigh, qLow, kHigh, kLow) {
    const keyHead = Math.floor((this.thread.z + 0.5) / this.constants.groupSize);
    let sum = 0;
    for (let d = 0; d < this.constants.headDim; d++) {
      const low = qLow[this.thread.z][this.thread.y][d];
      const whole = qHigh[this.thread.z][this.thread.y][d] + low;
      sum += whole * kLow[keyHead][this.thread.x][d] + low * kHigh[keyHead][this.thread.x][d];
    }
    return sum;
  }`,
  masked: `function (coarse, rest, bias) {
    const added = bias[this.thread.z * this.constants.tablePerHead][this.thread.y][this.thread.x];
    if (added < ${BARELY_ABOVE_HIDDEN}) {
      return ${HIDDEN};
    }
    let score = coarse[this.thread.z][this.thread.y][this.thread.x] + rest[this.thread.z][this.thread.y][this.thread.x];
    score = score * this.constants.scale;
    if (this.constants.isCapped > 0.5) {
      const share = Math.max(-15, Math.min(15, score / this.constants.softcap));
      score = this.constants.softcap * Math.tanh(share);
    }
    return score + added;
  }`,
  best: `function (masked) {
    let largest = ${HIDDEN};
    let best = 0;
    for (let j = 0; j < this.constants.nKeys; j++) {
      const score = masked[this.thread.y][this.thread.x][j];
      if (score > largest) {
        largest = score;
        best = j;
      }
    }
    return best;
  }`,
  powers: `function (coarse, rest, bias, masked, best) {
    const score = masked[this.thread.z][this.thread.y][this.thread.x];
    if (score < ${BARELY_ABOVE_HIDDEN}) {
      return 0;
    }
    const top = Math.floor(best[this.thread.z][this.thread.y] + 0.5);
    const largest = masked[this.thread.z][this.thread.y][top];
    let below = score - largest;
    if (this.constants.isCapped < 0.5 && largest > ${SWALLOWS_SCORES}) {
      const table = this.thread.z * this.constants.tablePerHead;
      const coarseBelow = coarse[this.thread.z][this.thread.y][this.thread.x] - coarse[this.thread.z][this.thread.y][top];
      const restBelow = rest[this.thread.z][this.thread.y][this.thread.x] - rest[this.thread.z][this.thread.y][top];
      const biasBelow = bias[table][this.thread.y][this.thread.x] - bias[table][this.thread.y][top];
      below = coarseBelow * this.constants.scale + restBelow * this.constants.scale + biasBelow;
    }
    return Math.exp(below);
  }`,
  total: `function (powers) {
    let sum = 0;
    for (let j = 0; j < this.constants.nKeys; j++) {
      sum += powers[this.thread.y][this.thread.x][j];
    }
    return sum;
  }`,
  weights: `function (powers, total) {
    const power = powers[this.thread.z][this.thread.y][this.thread.x];
    if (power > 0) {
      return power / total[this.thread.z][this.thread.y];
    }
    return 0;
  }`,
  output: `function (weights, v) {
    const keyHead = Math.floor((this.thread.z + 0.5) / this.constants.groupSize);
    let sum = 0;
    for (let j = 0; j < this.constants.nKeys; j++) {
      sum += weights[this.thread.z][this.thread.y][j] * v[keyHead][j][this.thread.x];
    }
    return sum;
  }`,
};

/** A pipeline keeps the shape it was first called with, so each shape has its own; the least recently used goes. */
const MOST_PIPELINES = 8;

/**
 * Opens one gpu.js mode.
 *
 * @param mode a mode of gpu.js: `webgpu`, `webgl2`, `webasm` or `cpu`.
 * @returns an engine whose `run` throws when gpu.js executed anything in another mode than this one, and an AttendError
 *   when the numbers are too large for the kernels.
 */
export function openEngine({ GPU, input }: GpuJs, mode: string): Engine {
  const gpu = new GPU({ mode });
  const pipelines = new Map<string, Pipeline>();

  async function pipelineFor(request: Request, tablePerHead: number): Promise<Pipeline> {
    const { nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim, scale, softcap, trace } = request;
    const key = [nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim, scale, softcap, trace, tablePerHead].join();
    const found = pipelines.get(key);
    if (found) {
      pipelines.delete(key);
      pipelines.set(key, found);
      return found;
    }
    const made = compile(gpu, request, tablePerHead);
    pipelines.set(key, made);
    for (const [oldest, pipeline] of pipelines) {
      if (pipelines.size <= MOST_PIPELINES) break;
      pipelines.delete(oldest);
      await pipeline.destroy();
    }
    return made;
  }

  return {
    async run(request) {
      if (!fitsKernels(request)) throw overflow('float32');
      const { nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim } = request;
      const { table, heads } = biasTable(request);
      const pipeline = await pipelineFor(request, heads > 1 ? 1 : 0);
      const q = split(request.q, headDim);
      const k = split(request.k, headDim);
      const result = await pipeline(
        input(q.high, [headDim, nQueries, nHeads]),
        input(q.low, [headDim, nQueries, nHeads]),
        input(k.high, [headDim, nKeys, nKeyHeads]),
        input(k.low, [headDim, nKeys, nKeyHeads]),
        input(Float32Array.from(request.v), [valueDim, nKeys, nKeyHeads]),
        input(table, [nKeys, nQueries, heads]),
      );
      const ran = modeThatRan(gpu, pipeline);
      if (ran !== mode) {
        throw new Error(`gpu.js ran ${ran} instead of ${mode} (${pipeline.fallbackReason ?? 'no reason given'})`);
      }
      return readTrace(request, result);
    },
    async destroy() {
      for (const pipeline of pipelines.values()) await pipeline.destroy();
      pipelines.clear();
      await gpu.destroy();
    },
  };
}

/** gpu.js calls both of its WebGL modes `gpu`; the drawing context tells them apart. */
function modeThatRan(gpu: GpuInstance, pipeline: Pipeline): string {
  if (pipeline.backend !== 'gpu') return pipeline.backend ?? 'nothing';
  return gpu.context instanceof WebGL2RenderingContext ? 'webgl2' : 'webgl';
}

/** Whether every number on the way stays well inside float32; the kernels could not tell an overflow reliably. */
function fitsKernels(request: Request): boolean {
  const { q, k, bias, headDim, scale, softcap } = request;
  let largestBias = 0;
  for (const added of bias ?? []) largestBias = Math.max(largestBias, added);
  const largestScore = largestOf(q) * largestOf(k) * headDim;
  return (
    largestScore * Math.max(1, Math.abs(scale)) <= LARGEST_SCORE &&
    softcap <= LARGEST_SCORE &&
    largestBias <= LARGEST_BIAS
  );
}

function largestOf(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function compile(gpu: GpuInstance, request: Request, tablePerHead: number): Pipeline {
  const { nHeads, nQueries, nKeys, headDim, valueDim, groupSize, scale, softcap, trace } = request;
  const cells = [nKeys, nQueries, nHeads];
  const rows = [nQueries, nHeads];
  const settings = {
    precision: 'single',
    loopMaxIterations: Math.max(nKeys, headDim) + 1,
    constants: { nKeys, headDim, groupSize, tablePerHead, scale, softcap, isCapped: softcap > 0 ? 1 : 0 },
    constantTypes: {
      nKeys: 'Integer',
      headDim: 'Integer',
      groupSize: 'Float',
      tablePerHead: 'Integer',
      scale: 'Float',
      softcap: 'Float',
      isCapped: 'Float',
    },
  };
  const kernel = (name: keyof typeof SOURCES, output: number[]) =>
    gpu.createKernel(SOURCES[name], { ...settings, output });
  const coarseOf = kernel('coarse', cells);
  const restOf = kernel('rest', cells);
  const maskedOf = kernel('masked', cells);
  const bestOf = kernel('best', rows);
  const powersOf = kernel('powers', cells);
  const totalOf = kernel('total', rows);
  const weightsOf = kernel('weights', cells);
  const outputOf = kernel('output', [valueDim, nQueries, nHeads]);
  return gpu.createPipeline(
    (qHigh, qLow, kHigh, kLow, v, bias) => {
      const coarse = coarseOf(qHigh, kHigh);
      const rest = restOf(qHigh, qLow, kHigh, kLow);
      const masked = maskedOf(coarse, rest, bias);
      const powers = powersOf(coarse, rest, bias, masked, bestOf(masked));
      const weights = weightsOf(powers, totalOf(powers));
      const output = outputOf(weights, v);
      return trace === 'all' ? { coarse, rest, masked, weights, output } : { output };
    },
    // One thread: same bytes either way, but worker threads would keep Node from leaving.
    { threads: false },
  );
}

/**
 * Splits each number into a coarse part with so few bits that a dot product of coarse parts is exact in float32, in
 * whatever order a chip adds it up, and the small part that is left. (Ozaki et al., "Error-free transformations of matrix
 * multiplication", 2012, with two slices.)
 *
 * @param values rows of `width` numbers, each row with a unit of its own.
 */
function split(values: FloatArray, width: number): { high: Float32Array; low: Float32Array } {
  // Products have twice the bits, and adding up `width` of them takes ⌈log2 width⌉ more; 24 is what a float32 holds.
  const bits = Math.max(1, Math.floor((24 - Math.ceil(Math.log2(width))) / 2));
  const high = new Float32Array(values.length);
  const low = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    const largest = largestOf(values.subarray(row, row + width));
    const unit = largest > 0 ? 2 ** (Math.ceil(Math.log2(largest)) - bits) : 1;
    for (let at = row; at < row + width; at++) {
      high[at] = Math.round(values[at] / unit) * unit;
      low[at] = values[at] - high[at];
    }
  }
  return { high, low };
}

/** Mask, causal rule, window and cuts as one table of what is added to each score. */
function biasTable(request: Request): { table: Float32Array; heads: number } {
  const { nHeads, nQueries, nKeys, visible, visibleStride, bias, biasStride } = request;
  const heads = visibleStride > 0 || biasStride > 0 ? nHeads : 1;
  const size = nQueries * nKeys;
  const table = new Float32Array(heads * size);
  const hidden = Number(HIDDEN);
  for (let head = 0; head < heads; head++) {
    for (let cell = 0; cell < size; cell++) {
      const added = bias ? Math.max(bias[head * biasStride + cell], LOWEST_BIAS) : 0;
      table[head * size + cell] = visible[head * visibleStride + cell] === 1 ? added : hidden;
    }
  }
  return { table, heads };
}

/** What gpu.js computed, laid out flat; scaled and capped are the scores taken two steps further, cell by cell. */
function readTrace(request: Request, result: Record<string, Float32Array[][]>): AttendTrace {
  const { nHeads, nQueries, nKeys, visible, visibleStride, bias, biasStride, softcap } = request;
  const output = flatten(result.output);
  for (const value of output) {
    if (!Number.isFinite(value)) throw new Error('gpu.js gave a result that is not finite');
  }
  if (request.trace === 'output') {
    const none = new Float32Array(0);
    return { scores: none, scaled: none, capped: none, masked: none, weights: none, output };
  }
  const rest = flatten(result.rest);
  const scores = flatten(result.coarse).map((coarse, at) => coarse + rest[at]);
  const scale = Math.fround(request.scale);
  const scaled = scores.map((score) => score * scale);
  const capped = softcap > 0 ? scaled.map((score) => softcap * Math.tanh(score / softcap)) : scaled.slice();
  const masked = flatten(result.masked);
  for (let head = 0; head < nHeads; head++) {
    for (let cell = 0; cell < nQueries * nKeys; cell++) {
      const at = head * nQueries * nKeys + cell;
      const added = bias ? bias[head * biasStride + cell] : 0;
      if (visible[head * visibleStride + cell] === 0) masked[at] = -Infinity;
      else if (added < LOWEST_BIAS) masked[at] = capped[at] + added;
    }
  }
  return { scores, scaled, capped, masked, weights: flatten(result.weights), output };
}

function flatten(planes: Float32Array[][]): Float32Array {
  const width = planes[0][0].length;
  const flat = new Float32Array(planes.length * planes[0].length * width);
  let at = 0;
  for (const plane of planes) {
    for (const row of plane) {
      flat.set(row, at);
      at += width;
    }
  }
  return flat;
}
