/**
 * Other libraries for `npm run bench -- --rivals`, and causal attention as they compute it, one processor core each. They are
 * packages of `tests/rivals/` alone, so they are found from there, and what we use of their types is written down here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { platform } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is asked of a rival: causal attention, every head with keys of its own. */
export interface Task {
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
  nHeads: number;
  n: number;
  headDim: number;
}

export interface Rival {
  name: string;
  /** Prepares one task and returns what runs it: the output, [nHeads, n, headDim]. */
  prepare(task: Task): Promise<() => Promise<Float32Array>>;
}

/** The folder with a package.json of its own. */
export const rivalsFolder = join(import.meta.dirname, '..', 'tests', 'rivals');

const find = createRequire(join(rivalsFolder, 'package.json'));

/**
 * Installs the packages of tests/rivals, unless they are there as its lock file wants them.
 * @throws {Error} when npm fails
 */
export function installRivals(): void {
  const installed = join(rivalsFolder, 'node_modules', '.package-lock.json'); // npm writes it last
  const wanted = join(rivalsFolder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log('Installing the rivals into tests/rivals (half a gigabyte) …');
  // None of them needs its install script; onnxruntime's would fetch libraries for CUDA.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: rivalsFolder,
    stdio: 'inherit',
    shell: platform() === 'win32',
  });
  if (status !== 0) throw new Error('Installing the rivals failed; nothing but the comparison with them needs them.');
}

/** @throws {Error} when they are not installed. */
export async function openRivals(): Promise<Rival[]> {
  return [await tensorflow(), await onnxruntime('onnxruntime-web'), await onnxruntime('onnxruntime-node')];
}

export interface TfTensor {
  shape: number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

/** Keeps what the gradients given to `customGrad` need. */
export type Save = (needed: TfTensor[]) => void;

interface TfGiven {
  value: TfTensor;
  gradFunc(dy: TfTensor, saved: TfTensor[]): TfTensor[];
}

/** What we use of TensorFlow.js. */
export interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  dispose(tensors: TfTensor[]): void;
  tensor(values: Float32Array | Int32Array, shape: number[], type?: 'int32'): TfTensor;
  /** Frees what was made on the way, and keeps the tensors of the result, however it holds them. */
  tidy<T extends object>(compute: () => T): T;
  /** The function's value, a single number, and its gradient with respect to each tensor. */
  valueAndGrads(
    compute: (...tensors: TfTensor[]) => TfTensor,
  ): (tensors: TfTensor[]) => { value: TfTensor; grads: TfTensor[] };
  /** A function whose gradients, one for each tensor that goes in, are given rather than derived. */
  customGrad(compute: (x: TfTensor) => TfGiven): (x: TfTensor) => TfTensor;
  customGrad(compute: (a: TfTensor, b: TfTensor, save: Save) => TfGiven): (a: TfTensor, b: TfTensor) => TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  transpose(x: TfTensor, order?: number[]): TfTensor;
  reshape(x: TfTensor, shape: number[]): TfTensor;
  gather(x: TfTensor, rows: TfTensor): TfTensor;
  scatterND(places: TfTensor, updates: TfTensor, shape: number[]): TfTensor;
  softmax(scores: TfTensor): TfTensor;
  logSoftmax(logits: TfTensor): TfTensor;
  sigmoid(x: TfTensor): TfTensor;
  square(x: TfTensor): TfTensor;
  sqrt(x: TfTensor): TfTensor;
  rsqrt(x: TfTensor): TfTensor;
  sum(x: TfTensor, axis?: number): TfTensor;
  mean(x: TfTensor, axis: number, keepDims: boolean): TfTensor;
  minimum(a: TfTensor, b: number): TfTensor;
  mul(a: TfTensor, b: TfTensor | number): TfTensor;
  div(a: TfTensor | number, b: TfTensor): TfTensor;
  add(a: TfTensor, b: TfTensor | number): TfTensor;
  sub(a: TfTensor, b: TfTensor): TfTensor;
}

/** TensorFlow.js on its WebAssembly backend. In Node it has one thread: https://github.com/tensorflow/tfjs/issues/3830. */
export async function openTensorflow(): Promise<Tfjs> {
  const tf: Tfjs = find('@tensorflow/tfjs-core');
  const wasm: { setWasmPaths(folder: string): void; setThreadsCount(count: number): void } = find(
    '@tensorflow/tfjs-backend-wasm',
  );
  wasm.setWasmPaths(dirname(find.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}

/**
 * Teaches TensorFlow.js the gradients of its operations. They come with its core but are no part of that core's build for
 * Node, and their files name each other without ".js", as bundlers allow.
 */
export async function registerGradients(): Promise<void> {
  const gradients = pathToFileURL(find.resolve('@tensorflow/tfjs-core/dist/register_all_gradients.js')).href;
  const folder = gradients.slice(0, gradients.lastIndexOf('/'));
  const hooks = registerHooks({
    resolve(name, context, next) {
      const isInside = name.startsWith('.') && context.parentURL?.startsWith(folder);
      return next(isInside ? `${name}.js` : name, context);
    },
  });
  await import(gradients);
  hooks.deregister();
}

async function tensorflow(): Promise<Rival> {
  const tf = await openTensorflow();
  return {
    name: 'tfjs, wasm',
    async prepare({ q, k, v, nHeads, n, headDim }) {
      const shape = [nHeads, n, headDim];
      const [queries, keys, values] = [tf.tensor(q, shape), tf.tensor(k, shape), tf.tensor(v, shape)];
      const future = Float32Array.from({ length: n * n }, (_, cell) => (cell % n > Math.floor(cell / n) ? -1e9 : 0));
      const mask = tf.tensor(future, [1, n, n]);
      return async () => {
        const output = tf.tidy(() => {
          const scaled = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(headDim));
          return tf.matMul(tf.softmax(tf.add(scaled, mask)), values);
        });
        const numbers = await output.data();
        output.dispose();
        return numbers;
      };
    },
  };
}

interface OnnxRuntime {
  env: { wasm: { numThreads: number; wasmPaths: string } };
  InferenceSession: {
    create(model: Uint8Array, options: object): Promise<{ run(feeds: object): Promise<{ Y: { data: Float32Array } }> }>;
  };
  Tensor: new (type: 'float32', data: Float32Array, shape: number[]) => unknown;
}

async function onnxruntime(name: 'onnxruntime-web' | 'onnxruntime-node'): Promise<Rival> {
  const ort: OnnxRuntime = find(name);
  const isWeb = name === 'onnxruntime-web';
  if (isWeb) {
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = pathToFileURL(dirname(find.resolve(name)) + sep).href;
  }
  return {
    name: isWeb ? 'onnxruntime-web, wasm' : 'onnxruntime-node',
    async prepare({ q, k, v, nHeads, n, headDim }) {
      const session = await ort.InferenceSession.create(attentionModel(), {
        executionProviders: [isWeb ? 'wasm' : 'cpu'],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      const tensor = (values: Float32Array) => new ort.Tensor('float32', values, [1, nHeads, n, headDim]);
      const feeds = { Q: tensor(q), K: tensor(k), V: tensor(v) };
      return async () => (await session.run(feeds)).Y.data;
    },
  };
}

/** An ONNX model of a single node, causal `Attention` of opset 23, in the bytes of its protocol buffers. */
function attentionModel(): Uint8Array {
  const FLOAT = 1;
  const INT = 2;
  const tensorType = [
    ...number(1, FLOAT),
    ...bytes(
      2,
      ['b', 'h', 'n', 'd'].flatMap((d) => bytes(1, text(2, d))),
    ),
  ];
  const tensor = (name: string) => [...text(1, name), ...bytes(2, bytes(1, tensorType))];
  const causal = [...text(1, 'is_causal'), ...number(3, 1), ...number(20, INT)];
  const names = ['Q', 'K', 'V'];
  const node = [
    ...names.flatMap((name) => text(1, name)),
    ...text(2, 'Y'),
    ...text(4, 'Attention'),
    ...bytes(5, causal),
  ];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'attention'),
    ...names.flatMap((name) => bytes(11, tensor(name))),
    ...bytes(12, tensor('Y')),
  ];
  return Uint8Array.from([...number(1, 10), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...number(2, 23)])]);
}

/** Protocol buffers: a field is its number and kind, then its value; lengths and whole numbers come seven bits a byte. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function bytes(field: number, content: number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

function text(field: number, content: string): number[] {
  return bytes(field, [...new TextEncoder().encode(content)]);
}
