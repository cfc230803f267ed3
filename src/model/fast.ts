/**
 * Forward and backward pass over a packed batch, on the kernels of `kernels/`: what training runs. The plain form of the
 * same mathematics is `llama.ts` and `backward.ts`; a test holds this one against it.
 *
 * One shared memory holds, in float32: the weights, then for each thread its gradients, its activations and its scratch
 * space. Threads read the same weights and write only into their own part.
 */

import type { Batch } from './batch.ts';
import { flatLength, type LlamaConfig, roundUp, tensorPlaces } from './parameters.ts';

/** Memory below this address is left to the compiled module (its constants). */
const FIRST_BYTE = 65536;
/** Numbers in a line of the processor's cache. */
const CACHE_LINE = 16;
/** Most memory, in pages of 64 KiB: 1 GiB. A shared memory has to name its limit, and the module the same one. */
export const MOST_PAGES = 16384;

type MatmulArguments = [number, number, number, number, number, number, number, number, number, number, 0 | 1];

interface Kernels {
  matmul(...args: MatmulArguments): void;
  /** Compiled where it is the faster one. */
  matmulWide?(...args: MatmulArguments): void;
  transpose(from: number, to: number, rows: number, columns: number, toRow: number): void;
  embed(ids: number, table: number, x: number, n: number, width: number): void;
  embedBackward(ids: number, dx: number, dTable: number, n: number, width: number): void;
  attend(...args: number[]): void;
  attendBackward(...args: number[]): void;
  rmsNorm(x: number, scale: number, y: number, factor: number, n: number, size: number, epsilon: number): void;
  rmsNormBackward(...args: number[]): void;
  rotate(...args: number[]): void;
  addBias(x: number, bias: number, n: number, size: number): void;
  addBiasBackward(dx: number, dBias: number, n: number, size: number): void;
  gatedUnit(gateUp: number, hidden: number, n: number, size: number): void;
  gatedUnitBackward(gateUp: number, dHidden: number, dGateUp: number, n: number, size: number): void;
  softmax(x: number, n: number, size: number, stride: number): void;
  zero(x: number, size: number): void;
  copy(from: number, to: number, size: number): void;
}

/** Named places in memory, in bytes. */
type Places = Record<string, number>;

/**
 * Says whether the kernels can run this model.
 *
 * @returns a sentence that says what stands in the way, or nothing
 */
export function unfit(config: LlamaConfig): string | undefined {
  const { nHeads, nKeyHeads, headDim, width, feedForward } = config;
  if (headDim !== 16) return `the attention kernel is written for heads of 16 numbers, this model has ${headDim}`;
  if (nKeyHeads !== nHeads)
    return `the kernels expect as many key heads as heads (${nHeads}), this model has ${nKeyHeads}`;
  if (nHeads * headDim !== width) return `the kernels expect nHeads · headDim = width (${width})`;
  if (feedForward % 8 !== 0)
    return `the kernels expect a feed-forward size in steps of 8, this model has ${feedForward}`;
  return undefined;
}

/**
 * A memory large enough for `threads` threads that each take `batchTokens` tokens a step.
 *
 * @param shared whether the kernels were compiled for a memory that threads share
 */
export function createMemory(
  config: LlamaConfig,
  batchTokens: number,
  threads: number,
  shared = true,
): WebAssembly.Memory {
  const numbers = weightsLength(config) + threads * threadLength(config, batchTokens);
  const pages = Math.ceil((FIRST_BYTE + numbers * 4) / 65536);
  return new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared });
}

/** One thread's pass. `weights` is shared by all threads of a memory, `gradients` is this thread's own. */
export interface FastPass {
  weights: Float32Array;
  gradients: Float32Array;
  /** The gradients of another thread in the same memory. */
  gradientsOf(thread: number): Float32Array;
  /** Fills `logits`. Call {@link FastPass.readWeights} first whenever weights have changed. */
  forward(batch: Batch): void;
  /** Turns logits into probabilities, in place: [n, vocabularyRounded]. */
  toProbabilities(batch: Batch): void;
  /** From d loss / d logits, written into `logits`, to `gradients`. */
  backward(batch: Batch): void;
  /** Copies what the forward pass needs transposed. */
  readWeights(): void;
  /** [batchTokens, vocabularyRounded] */
  logits: Float32Array;
  vocabularyRounded: number;
}

/**
 * Sets up the pass of one thread.
 *
 * @param batchTokens room for this many tokens; a multiple of 4
 */
export async function createFastPass(
  config: LlamaConfig,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  batchTokens: number,
  thread: number,
): Promise<FastPass> {
  const obstacle = unfit(config);
  if (obstacle) throw new Error(`The fast pass cannot run this model: ${obstacle}. Use the plain form.`);
  const { width, nLayers, nHeads, headDim, feedForward, vocabularySize, epsilon } = config;
  const contextLength = roundUp(config.contextLength, 4); // rows of weights are read four at a time
  const vocabularyRounded = roundUp(vocabularySize, 8);
  const instance = await WebAssembly.instantiate(module, { env: { memory, abort: failed } });
  const kernel = instance.exports as unknown as Kernels;
  const matmul = kernel.matmulWide ?? kernel.matmul;

  const numbers = flatLength(config);
  const tensors = tensorPlaces(config);
  const placesFrom = (start: number): Places =>
    Object.fromEntries(tensors.map(({ name, offset }) => [name, start + offset * 4]));
  const startOf = (index: number) =>
    FIRST_BYTE + (weightsLength(config) + index * threadLength(config, batchTokens)) * 4;
  const view = (start: number, length: number) => new Float32Array(memory.buffer, start, length);

  const w = placesFrom(FIRST_BYTE);
  const g = placesFrom(startOf(thread));
  const a: Places = {};
  let end = startOf(thread) + weightsLength(config) * 4;
  for (const [name, length] of activationLengths(config, batchTokens)) {
    a[name] = end;
    end += length * 4;
  }
  writeRotations(view(a.rotations, contextLength * 2 * headDim), config);
  const idsThere = new Int32Array(memory.buffer, a.ids, batchTokens);
  const positions = new Int32Array(memory.buffer, a.positions, batchTokens);
  const { zero, copy } = kernel;
  const scale = 1 / Math.sqrt(headDim);

  // y [n, outputs] = x [n, inputs] · Wᵀ, where `turned` is Wᵀ [inputs, outputs]
  const project = (n: number, x: number, inputs: number, turned: number, outputs: number, y: number, more: 0 | 1 = 0) =>
    matmul(n, outputs, inputs, x, inputs, 1, turned, outputs, y, outputs, more);
  // dW [outputs, inputs] += dyᵀ x
  const collect = (n: number, dy: number, outputs: number, x: number, inputs: number, dw: number) =>
    matmul(outputs, inputs, n, dy, 1, outputs, x, inputs, dw, inputs, 1);
  // dx [n, inputs] = dy · W
  const send = (n: number, dy: number, outputs: number, weight: number, inputs: number, dx: number) =>
    matmul(n, inputs, outputs, dy, outputs, 1, weight, inputs, dx, inputs, 0);

  const readWeights = () => {
    const turn = (name: string, to: number, rows: number, columns: number, toRow = rows) =>
      kernel.transpose(w[name], to, rows, columns, toRow);
    turn('token_embd.weight', a.embeddingTurned, vocabularySize, width, vocabularyRounded);
    for (let l = 0; l < nLayers; l++) {
      turn(`blk.${l}.attn_q.weight`, a[`qkvTurned${l}`], 3 * width, width);
      turn(`blk.${l}.attn_output.weight`, a[`outputTurned${l}`], width, width);
      turn(`blk.${l}.ffn_gate.weight`, a[`gateUpTurned${l}`], 2 * feedForward, width);
      turn(`blk.${l}.ffn_down.weight`, a[`downTurned${l}`], width, feedForward);
    }
  };

  const forward = ({ ids, positions: placeInText, length }: Batch) => {
    const n = roundUp(length, 4);
    idsThere.set(ids.subarray(0, length));
    positions.set(placeInText.subarray(0, length));
    kernel.embed(a.ids, w['token_embd.weight'], a.x0, length, width);
    zero(a.x0 + length * width * 4, (n - length) * width);
    for (let l = 0; l < nLayers; l++) {
      const [x, qkv, heads, middle, gateUp, hidden, next] = [
        a[`x${l}`],
        a[`qkv${l}`],
        a[`heads${l}`],
        a[`middle${l}`],
        a[`gateUp${l}`],
        a[`hidden${l}`],
        a[`x${l + 1}`],
      ];
      kernel.rmsNorm(x, w[`blk.${l}.attn_norm.weight`], a[`norm1${l}`], a[`factor1${l}`], n, width, epsilon);
      project(n, a[`norm1${l}`], width, a[`qkvTurned${l}`], 3 * width, qkv);
      if (config.qkvBias) kernel.addBias(qkv, w[`blk.${l}.attn_q.bias`], n, 3 * width);
      kernel.rotate(qkv, a.rotations, a.positions, length, width, headDim, 1);
      kernel.attend(qkv, a[`weights${l}`], heads, a.positions, length, width, nHeads, contextLength, scale);
      zero(heads + length * width * 4, (n - length) * width);
      copy(x, middle, n * width);
      project(n, heads, width, a[`outputTurned${l}`], width, middle, 1);

      kernel.rmsNorm(middle, w[`blk.${l}.ffn_norm.weight`], a[`norm2${l}`], a[`factor2${l}`], n, width, epsilon);
      project(n, a[`norm2${l}`], width, a[`gateUpTurned${l}`], 2 * feedForward, gateUp);
      kernel.gatedUnit(gateUp, hidden, n, feedForward);
      copy(middle, next, n * width);
      project(n, hidden, feedForward, a[`downTurned${l}`], width, next, 1);
    }
    kernel.rmsNorm(a[`x${nLayers}`], w['output_norm.weight'], a.finalNorm, a.finalFactor, n, width, epsilon);
    project(n, a.finalNorm, width, a.embeddingTurned, vocabularyRounded, a.logits);
  };

  const backward = ({ length }: Batch) => {
    const n = roundUp(length, 4);
    zero(startOf(thread), numbers);
    zero(a.logits + length * vocabularyRounded * 4, (n - length) * vocabularyRounded);
    collect(n, a.logits, vocabularyRounded, a.finalNorm, width, g['token_embd.weight']);
    matmul(n, width, vocabularySize, a.logits, vocabularyRounded, 1, w['token_embd.weight'], width, a.dNorm, width, 0);
    zero(a.dx, n * width);
    kernel.rmsNormBackward(
      a[`x${nLayers}`],
      w['output_norm.weight'],
      a.finalFactor,
      a.dNorm,
      a.dx,
      g['output_norm.weight'],
      n,
      width,
    );
    for (let l = nLayers - 1; l >= 0; l--) {
      const [gateUp, hidden, qkv] = [a[`gateUp${l}`], a[`hidden${l}`], a[`qkv${l}`]];
      collect(n, a.dx, width, hidden, feedForward, g[`blk.${l}.ffn_down.weight`]);
      send(n, a.dx, width, w[`blk.${l}.ffn_down.weight`], feedForward, a.dHidden);
      kernel.gatedUnitBackward(gateUp, a.dHidden, a.dGateUp, n, feedForward);
      collect(n, a.dGateUp, 2 * feedForward, a[`norm2${l}`], width, g[`blk.${l}.ffn_gate.weight`]);
      send(n, a.dGateUp, 2 * feedForward, w[`blk.${l}.ffn_gate.weight`], width, a.dNorm);
      kernel.rmsNormBackward(
        a[`middle${l}`],
        w[`blk.${l}.ffn_norm.weight`],
        a[`factor2${l}`],
        a.dNorm,
        a.dx,
        g[`blk.${l}.ffn_norm.weight`],
        n,
        width,
      );

      collect(n, a.dx, width, a[`heads${l}`], width, g[`blk.${l}.attn_output.weight`]);
      send(n, a.dx, width, w[`blk.${l}.attn_output.weight`], width, a.dHeads);
      zero(a.dQkv, n * 3 * width);
      kernel.attendBackward(
        qkv,
        a[`weights${l}`],
        a.dHeads,
        a.dQkv,
        a.scratch,
        a.positions,
        length,
        width,
        nHeads,
        contextLength,
        scale,
      );
      kernel.rotate(a.dQkv, a.rotations, a.positions, length, width, headDim, -1);
      if (config.qkvBias) kernel.addBiasBackward(a.dQkv, g[`blk.${l}.attn_q.bias`], length, 3 * width);
      collect(n, a.dQkv, 3 * width, a[`norm1${l}`], width, g[`blk.${l}.attn_q.weight`]);
      send(n, a.dQkv, 3 * width, w[`blk.${l}.attn_q.weight`], width, a.dNorm);
      kernel.rmsNormBackward(
        a[`x${l}`],
        w[`blk.${l}.attn_norm.weight`],
        a[`factor1${l}`],
        a.dNorm,
        a.dx,
        g[`blk.${l}.attn_norm.weight`],
        n,
        width,
      );
    }
    kernel.embedBackward(a.ids, a.dx, g['token_embd.weight'], length, width);
  };

  const gradients = view(startOf(thread), numbers);
  return {
    weights: view(FIRST_BYTE, numbers),
    gradients,
    gradientsOf: (other) => view(startOf(other), numbers),
    forward,
    toProbabilities: ({ length }) => kernel.softmax(a.logits, length, vocabularySize, vocabularyRounded),
    backward,
    readWeights,
    logits: view(a.logits, batchTokens * vocabularyRounded),
    vocabularyRounded,
  };
}

/** Room for all weights, or for their gradients, up to the next line of the cache. */
function weightsLength(config: LlamaConfig): number {
  return roundUp(flatLength(config), CACHE_LINE);
}

/** Numbers one thread needs: gradients, activations, scratch. */
function threadLength(config: LlamaConfig, batchTokens: number): number {
  return activationLengths(config, batchTokens).reduce((total, [, length]) => total + length, weightsLength(config));
}

/**
 * What a thread keeps besides its gradients. Each begins on a line of the cache (64 bytes): a vector of 256 bits that lies
 * across two lines takes twice as long to load.
 */
function activationLengths(config: LlamaConfig, n: number): [string, number][] {
  const { width, nLayers, nHeads, headDim, feedForward, contextLength } = config;
  const vocabulary = roundUp(config.vocabularySize, 8);
  const lengths: [string, number][] = [];
  for (let l = 0; l <= nLayers; l++) lengths.push([`x${l}`, n * width]);
  for (let l = 0; l < nLayers; l++) {
    lengths.push(
      [`norm1${l}`, n * width],
      [`factor1${l}`, n],
      [`qkv${l}`, n * 3 * width],
      [`weights${l}`, n * nHeads * roundUp(contextLength, 4)],
      [`heads${l}`, n * width],
      [`middle${l}`, n * width],
      [`norm2${l}`, n * width],
      [`factor2${l}`, n],
      [`gateUp${l}`, n * 2 * feedForward],
      [`hidden${l}`, n * feedForward],
      [`qkvTurned${l}`, width * 3 * width],
      [`outputTurned${l}`, width * width],
      [`gateUpTurned${l}`, width * 2 * feedForward],
      [`downTurned${l}`, feedForward * width],
    );
  }
  lengths.push(
    ['finalNorm', n * width],
    ['finalFactor', n],
    ['logits', n * vocabulary],
    ['embeddingTurned', width * vocabulary],
    ['dx', n * width],
    ['dNorm', n * width],
    ['dQkv', n * 3 * width],
    ['dHeads', n * width],
    ['dGateUp', n * 2 * feedForward],
    ['dHidden', n * feedForward],
    ['scratch', contextLength],
    ['ids', n],
    ['positions', n],
    ['rotations', contextLength * 2 * headDim],
  );
  return lengths.map(([name, length]) => [name, roundUp(length, CACHE_LINE)]);
}

/** For each position the cosines of its angles, each twice, then the sines as −, + for the two numbers of a pair. */
function writeRotations(table: Float32Array, { headDim, contextLength, ropeBase }: LlamaConfig): void {
  for (let position = 0; position < contextLength; position++) {
    for (let i = 0; i < headDim; i++) {
      const angle = position * ropeBase ** ((-2 * (i >> 1)) / headDim);
      table[position * 2 * headDim + i] = Math.cos(angle);
      table[position * 2 * headDim + headDim + i] = (i % 2 ? 1 : -1) * Math.sin(angle);
    }
  }
}

function failed(): never {
  throw new Error('A kernel stopped: it was given a place outside the memory.');
}
