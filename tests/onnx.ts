/**
 * Runs the ONNX standard's conformance cases on our functions: reads a case, turns the operator's inputs and attributes
 * into the terms of our contracts, and hands back the operator's outputs.
 *
 * The operators are described at https://onnx.ai/onnx/operators/ (Attention opsets 23 to 25).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AsyncAttend, Attend, AttendOptions, FloatArray } from '../src/attention/attend.ts';
import { joinHeads, rmsNorm, rotate, softmax, splitHeads, swish } from '../src/model/layers.ts';

export interface Tensor {
  dtype: string;
  shape: number[];
  /** Row-major; booleans as numbers. */
  data: number[];
}

export interface OnnxCase {
  name: string;
  operator: string;
  attributes: Record<string, number>;
  /** By position; undefined where the case leaves an optional one out. */
  inputs: (Tensor | undefined)[];
  outputs: (Tensor | undefined)[];
}

/** What an operator gave, by position; only the outputs that the case asks for are filled in. */
export type Outputs = (Pick<Tensor, 'shape' | 'data'> | undefined)[];

interface CaseFile {
  name: string;
  operator: string;
  attributes: Record<string, number>;
  inputOrder: string[];
  outputOrder: string[];
  inputs: Record<string, { dtype: string; shape: number[]; data: (number | boolean | string)[] }>;
  outputs: Record<string, { dtype: string; shape: number[]; data: (number | boolean | string)[] }>;
}

/** All cases of one operator in a folder that has a folder for each operator. */
export function readCases(folder: string, operator: string): OnnxCase[] {
  const files = readdirSync(join(folder, operator)).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const raw: CaseFile = JSON.parse(readFileSync(join(folder, operator, file), 'utf8'));
    const inOrder = (order: string[], tensors: CaseFile['inputs']) =>
      order.map((name) => (name === '' ? undefined : { ...tensors[name], data: tensors[name].data.map(toNumber) }));
    return {
      name: raw.name,
      operator: raw.operator,
      attributes: raw.attributes,
      inputs: inOrder(raw.inputOrder, raw.inputs),
      outputs: inOrder(raw.outputOrder, raw.outputs),
    };
  });
}

function toNumber(entry: number | boolean | string): number {
  if (typeof entry !== 'string') return Number(entry);
  const named: Record<string, number> = { inf: Infinity, '-inf': -Infinity, nan: Number.NaN };
  if (entry in named) return named[entry];
  throw new Error(`A tensor holds '${entry}'; expected a number, 'inf', '-inf' or 'nan'`);
}

/** How far an output may be from the case's: half-precision cases carry only three digits. */
export function tolerance(tensor: Tensor): number {
  return tensor.dtype === 'float16' || tensor.dtype === 'bfloat16' ? 8e-3 : 1e-5;
}

/** The largest difference of two tensors, entry by entry; equal infinities differ by 0, NaN by NaN. */
export function largestDifference(found: Pick<Tensor, 'shape' | 'data'>, expected: Tensor): number {
  if (found.shape.join() !== expected.shape.join() || found.data.length !== expected.data.length) return Number.NaN;
  let largest = 0;
  for (const [index, value] of expected.data.entries()) {
    const difference = found.data[index] === value ? 0 : Math.abs(found.data[index] - value);
    if (Number.isNaN(difference)) return Number.NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** Runs a case of any operator but Attention. */
export function runCase(onnxCase: OnnxCase): Outputs {
  const run = { RMSNormalization, RotaryEmbedding, Softmax, Swish }[onnxCase.operator];
  if (!run) throw new Error(`No adapter for the operator ${onnxCase.operator}`);
  return run(onnxCase);
}

/** Runs a case of Attention on one form of it: each sentence of the batch is one call. */
export async function runAttention(onnxCase: OnnxCase, attend: Attend | AsyncAttend): Promise<Outputs> {
  const { attributes } = onnxCase;
  const [Q, K, V, mask, pastKey, pastValue, realLengths] = onnxCase.inputs;
  const q = byHead(Q!, attributes.q_num_heads);
  const k = withPast(byHead(K!, attributes.kv_num_heads), pastKey);
  const v = withPast(byHead(V!, attributes.kv_num_heads), pastValue);
  const [batch, nHeads, nQueries, headDim] = q.shape;
  const [, nKeyHeads, nKeys] = k.shape;
  const valueDim = v.shape[3];
  const mode = (['scaled', 'capped', 'masked', 'weights'] as const)[attributes.qk_matmul_output_mode ?? 0];
  const output: number[] = [];
  const step: number[] = [];

  for (let sentence = 0; sentence < batch; sentence++) {
    const part = ({ shape, data }: Pick<Tensor, 'shape' | 'data'>) => {
      const size = shape[1] * shape[2] * shape[3];
      return Float64Array.from(data.slice(sentence * size, (sentence + 1) * size));
    };
    const realLength = realLengths?.data[sentence];
    const past = pastKey ? pastKey.shape[2] : 0;
    const options: AttendOptions = {
      scale: attributes.scale,
      softcap: attributes.softcap,
      causal: attributes.is_causal === 1,
      firstPosition: realLength === undefined ? past : realLength - nQueries,
      window: { left: reach(attributes.left_window_size), right: reach(attributes.right_window_size) },
      mask: maskOf(mask, sentence, [nHeads, nQueries, nKeys], realLength ?? nKeys),
    };
    const input = {
      ...{ nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim },
      ...{ q: part(q), k: part(k), v: part(v) },
    };
    const trace = await attend(input, options);
    output.push(...trace.output);
    step.push(...trace[mode]);
  }

  const asked = onnxCase.outputs;
  const shape = [batch, nHeads, nQueries, valueDim];
  const Y = Q!.shape.length === 3 ? joined(output, shape) : { shape, data: output };
  return [Y, asked[1] && k, asked[2] && v, asked[3] && { shape: [batch, nHeads, nQueries, nKeys], data: step }];
}

/** −1 and nothing at all: no limit. */
function reach(size: number | undefined): number | undefined {
  return size === undefined || size < 0 ? undefined : size;
}

/** [batch, n, heads × size] → [batch, heads, n, size]; four dimensions stay as they are. */
function byHead({ shape, data }: Tensor, heads: number): Pick<Tensor, 'shape' | 'data'> {
  if (shape.length === 4) return { shape, data };
  const [batch, n, width] = shape;
  const parts = inBatches(data, batch).map((part) => splitHeads(part, heads, width / heads));
  return { shape: [batch, heads, n, width / heads], data: parts.flatMap((part) => [...part]) };
}

/** The inverse of `byHead`. */
function joined(data: number[], [batch, heads, n, size]: number[]): Pick<Tensor, 'shape' | 'data'> {
  const parts = inBatches(data, batch).map((part) => joinHeads(part, heads, size, part));
  return { shape: [batch, n, heads * size], data: parts.flatMap((part) => [...part]) };
}

function inBatches(data: number[], batch: number): FloatArray[] {
  const size = data.length / batch;
  return Array.from({ length: batch }, (_, i) => Float64Array.from(data.slice(i * size, (i + 1) * size)));
}

/** Keys or values of the past, then those that came now. */
function withPast(now: Pick<Tensor, 'shape' | 'data'>, past: Tensor | undefined): Pick<Tensor, 'shape' | 'data'> {
  if (!past) return now;
  const [batch, heads, n, size] = now.shape;
  const before = past.shape[2];
  const data: number[] = [];
  for (let head = 0; head < batch * heads; head++) {
    data.push(...past.data.slice(head * before * size, (head + 1) * before * size));
    data.push(...now.data.slice(head * n * size, (head + 1) * n * size));
  }
  return { shape: [batch, heads, before + n, size], data };
}

/**
 * The mask of one sentence in our terms. A mask of one to four dimensions is stretched to [batch, heads, queries, keys] as
 * NumPy would; where its rows are shorter than the keys, the keys that are left over are hidden, as are those beyond the
 * sentence's real length.
 */
function maskOf(
  mask: Tensor | undefined,
  sentence: number,
  [nHeads, nQueries, nKeys]: number[],
  realLength: number,
): AttendOptions['mask'] {
  if (!mask && realLength >= nKeys) return undefined;
  const isChoice = !mask || mask.dtype === 'bool';
  const shape = mask ? [...Array<number>(4 - mask.shape.length).fill(1), ...mask.shape] : [1, 1, 1, nKeys];
  const [batches, heads, queries, width] = shape;
  const entries: number[] = [];
  for (let head = 0; head < (heads === 1 ? 1 : nHeads); head++) {
    for (let query = 0; query < nQueries; query++) {
      for (let key = 0; key < nKeys; key++) {
        const row = ((batches === 1 ? 0 : sentence) * heads + head) * queries + (queries === 1 ? 0 : query);
        const given = mask ? mask.data[row * width + key] : 1;
        entries.push(key < width && key < realLength ? given : isChoice ? 0 : -Infinity);
      }
    }
  }
  return isChoice ? entries.map((entry) => entry !== 0) : Float64Array.from(entries);
}

/** Every axis from `axis` on is normalised as one row. */
function RMSNormalization({ attributes, inputs }: OnnxCase): Outputs {
  const [x, scale] = inputs as [Tensor, Tensor];
  const axis = fromFront(attributes.axis ?? -1, x.shape.length);
  const rowShape = x.shape.slice(axis);
  const weights = stretch(scale, rowShape);
  const y = rmsNorm(Float64Array.from(x.data), weights, attributes.epsilon ?? 1e-5);
  return [{ shape: x.shape, data: [...y] }];
}

function RotaryEmbedding({ attributes, inputs }: OnnxCase): Outputs {
  const [input, cos, sin, positions] = inputs as [Tensor, Tensor, Tensor, Tensor | undefined];
  const x = byHead(input, attributes.num_heads);
  const [batch, , n, headDim] = x.shape;
  const rotaryDim = attributes.rotary_embedding_dim || headDim;
  const pairs = rotaryDim / 2;
  const data = inBatches(x.data, batch).flatMap((part, sentence) => {
    const rows = Array.from({ length: n }, (_, t) =>
      positions ? positions.data[sentence * n + t] : (cos.shape[0] === 1 ? 0 : sentence) * n + t,
    );
    const pick = (table: Tensor) =>
      Float64Array.from(rows.flatMap((row) => table.data.slice(row * pairs, (row + 1) * pairs)));
    const pairing = attributes.interleaved === 1 ? 'neighbours' : 'halves';
    return [...rotate(part, headDim, { cos: pick(cos), sin: pick(sin), pairs }, { pairing })];
  });
  return [input.shape.length === 3 ? joined(data, x.shape) : { shape: x.shape, data }];
}

/** Softmax along any axis: the axis is walked with the stride of what lies behind it. */
function Softmax({ attributes, inputs }: OnnxCase): Outputs {
  const [x] = inputs as [Tensor];
  const axis = fromFront(attributes.axis ?? -1, x.shape.length);
  const size = x.shape[axis];
  const stride = x.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const data = new Array<number>(x.data.length);
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / stride) % size !== 0) continue;
    const row = Float64Array.from({ length: size }, (_, i) => x.data[start + i * stride]);
    for (const [i, share] of softmax(row, size).entries()) data[start + i * stride] = share;
  }
  return [{ shape: x.shape, data }];
}

function Swish({ attributes, inputs }: OnnxCase): Outputs {
  const [x] = inputs as [Tensor];
  return [{ shape: x.shape, data: x.data.map((value) => swish(value, attributes.alpha ?? 1)) }];
}

function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Broadcasts a tensor to a shape, NumPy's way. */
function stretch({ shape, data }: Tensor, target: number[]): Float64Array {
  const from = [...Array<number>(target.length - shape.length).fill(1), ...shape];
  const length = target.reduce((product, size) => product * size, 1);
  return Float64Array.from({ length }, (_, index) => {
    let rest = index;
    let at = 0;
    let step = 1;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      if (from[axis] !== 1) at += (rest % target[axis]) * step;
      step *= from[axis];
      rest = Math.floor(rest / target[axis]);
    }
    return data[at];
  });
}
