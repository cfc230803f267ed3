/**
 * One step of training Easel, by our kernels and by TensorFlow.js, for `npm run bench -- --rivals`: the same weights, the
 * same texts, the same loss, clipping, AdamW and moving average, and what comes out is held against each other.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { FloatArray } from '../src/attention/attend.ts';
import { vocabulary } from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';
import { cosineRate } from '../src/model/adamw.ts';
import type { TrainingText } from '../src/model/batch.ts';
import { EASEL } from '../src/model/easel.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { rotationTable } from '../src/model/layers.ts';
import { type LlamaConfig, type TensorPlace, tensorPlaces } from '../src/model/parameters.ts';
import {
  beforeTraining,
  EASEL_RECIPE,
  type HelperTask,
  help,
  type Progress,
  type Recipe,
  type TextSource,
  type TrainingState,
  train,
} from '../src/model/train.ts';
import { openTensorflow, registerGradients, type Save, type Tfjs, type TfTensor } from './rivals.ts';
import { trainingTexts } from './texts.ts';

/** A training before its next step. All further steps read the same texts. */
export interface StepTask {
  config: LlamaConfig;
  recipe: Recipe;
  state: TrainingState;
  /** The texts of each half of a batch, which they fill to the last place. */
  halves: TrainingText[][];
}

/** Somebody who has taken the first of these steps. */
export interface Learner {
  name: string;
  /** Of that step, in nats a place. */
  loss: number;
  /** After it, in the order of `tensorPlaces`. */
  weights: Float32Array;
  /** Takes one more step. */
  step(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Steps before the one that is compared, so that AdamW remembers something. */
const STEPS_BEFORE = 20;
/** Most by which two learners may differ: in the loss as a share of it, in the weights as a share of how far they moved. */
const TOLERANCE = 1e-4;

if (!isMainThread && workerData?.rivalTask) {
  const { rivalTask, halves } = workerData as { rivalTask: HelperTask; halves: TrainingText[][] };
  await help(rivalTask, overAndOver(halves));
}

/** Easel's own training shortly after its start, on texts of the language and no lists. */
export async function openStep(module: WebAssembly.Module): Promise<StepTask> {
  const config = { vocabularySize: vocabulary.length, ...EASEL };
  const recipe = EASEL_RECIPE;
  const curriculum = trainingTexts({ seed: 1, pairsUntil: 0, listsUntil: 0, listsGrow: 0 });
  const texts: TextSource = (thread, index) => curriculum(thread, index, STEPS_BEFORE);
  const halves = [0, 1].map((thread) => {
    let drawn = 0;
    return fill(recipe.tokensPerStep / 2, () => texts(thread, drawn++, 0));
  });
  const start = beforeTraining(config, initialWeights(config, EASEL_START, mulberry32(1)), 1);
  const state = await train(config, { ...recipe, steps: STEPS_BEFORE, threads: 1 }, start, module, texts);
  return { config, recipe, state, halves };
}

/** Texts for exactly `places` places: the last one is cut where the batch is full. */
function fill(places: number, next: () => TrainingText): TrainingText[] {
  const texts: TrainingText[] = [];
  for (let left = places; left > 0; ) {
    const { ids, targets } = next();
    const length = Math.min(left, ids.length + 1);
    texts.push({ ids: ids.slice(0, length - 1), targets: targets.slice(0, length) });
    left -= length;
  }
  return texts;
}

/** The same texts in every step: those of each thread fill its batch. */
function overAndOver(shares: TrainingText[][]): TextSource {
  return (thread, index) => shares[thread][index % shares[thread].length];
}

/**
 * Compares the first step of two learners.
 *
 * @returns how far the weights are apart, as a share of how far they moved
 * @throws {Error} when loss or weights are further apart than rounding explains
 */
export function apart(one: Learner, other: Learner, { state }: StepTask): number {
  const distance = (a: Float32Array, b: Float32Array) =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
  const off = distance(other.weights, one.weights) / distance(one.weights, state.weights);
  if (!(Math.abs(other.loss - one.loss) <= TOLERANCE * one.loss && off <= TOLERANCE)) {
    throw new Error(
      `"${one.name}" and "${other.name}" do not take the same step: their losses are ${one.loss} and ${other.loss}, and ` +
        `their weights are apart by ${off} of how far they moved.`,
    );
  }
  return off;
}

/** Our kernels, on one thread or two. The training waits in its report until it is asked for the next step. */
export async function ourLearner(
  { config, recipe, state, halves }: StepTask,
  module: WebAssembly.Module,
  threads: 1 | 2,
): Promise<Learner> {
  const stopping = new AbortController();
  let asked = Promise.withResolvers<void>();
  let taken = Promise.withResolvers<Progress>();
  const training = train(
    config,
    { ...recipe, threads },
    { ...state, drawn: new Array<number>(threads).fill(0) },
    module,
    overAndOver(threads === 1 ? [halves.flat()] : halves),
    {
      signal: stopping.signal,
      startHelper(task) {
        const worker = new Worker(new URL(import.meta.url), { workerData: { rivalTask: task, halves } });
        return { stop: () => worker.terminate() };
      },
      async report(progress) {
        taken.resolve(progress);
        await asked.promise;
        asked = Promise.withResolvers();
      },
    },
  );
  const first = await Promise.race([taken.promise, training as Promise<Progress>]);
  return {
    name: threads === 1 ? 'npm run train, one thread' : 'npm run train, two threads',
    loss: first.loss,
    weights: Float32Array.from(first.weights),
    step() {
      taken = Promise.withResolvers();
      asked.resolve();
      return Promise.race([taken.promise, training]);
    },
    close() {
      stopping.abort();
      asked.resolve();
      return training;
    },
  };
}

/** A tensor of the model as TensorFlow.js trains it, all of the same shape. */
interface Parameter {
  place: TensorPlace;
  weights: TfTensor;
  averaged: TfTensor;
  mean: TfTensor;
  square: TfTensor;
}

/** TensorFlow.js on WebAssembly with SIMD, one thread, put together as well as it allows. */
export async function tensorflowLearner({ config, recipe, state, halves }: StepTask): Promise<Learner> {
  const tf = await openTensorflow();
  await registerGradients();
  const lossOf = tensorflowLoss(tf, config, halves.flat(), recipe.tokensPerStep);
  let step = state.step;
  let parameters = tensorPlaces(config).map((place): Parameter => {
    const { offset, length, shape } = place;
    const tensor = (values: Float32Array) => tf.tensor(values.slice(offset, offset + length), shape);
    return {
      place,
      weights: tensor(state.weights),
      averaged: tensor(state.averaged),
      mean: tensor(state.mean),
      square: tensor(state.square),
    };
  });

  /** AdamW and the moving average, as `adamW` and `train` have them; `step` is counted from 0. */
  const move = ({ place, weights, averaged, mean, square }: Parameter, gradient: TfTensor): Parameter => {
    const { beta1, beta2 } = recipe;
    const rate = cosineRate(step, recipe.steps, recipe.peakRate, recipe.warmUp);
    const newMean = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
    const newSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const size = tf.add(tf.mul(tf.sqrt(newSquare), 1 / Math.sqrt(1 - beta2 ** (step + 1))), 1e-8);
    const way = tf.div(tf.mul(newMean, rate / (1 - beta1 ** (step + 1))), size);
    const kept = place.shape.length > 1 ? tf.mul(weights, 1 - rate * recipe.weightDecay) : weights;
    const newWeights = tf.sub(kept, way);
    const keep = Math.min(recipe.average, (step + 1) / (step + 10));
    const newAveraged = tf.add(averaged, tf.mul(tf.sub(newWeights, averaged), 1 - keep));
    return { place, weights: newWeights, averaged: newAveraged, mean: newMean, square: newSquare };
  };

  /** Returns the loss. */
  const takeStep = async () => {
    const { loss, moved } = tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads(lossOf)(parameters.map(({ weights }) => weights));
      const squares = grads.map((gradient) => tf.sum(tf.square(gradient)));
      const length = tf.sqrt(squares.reduce((a, b) => tf.add(a, b)));
      const shrink = tf.minimum(tf.div(recipe.clip, length), 1);
      return { loss: value, moved: parameters.map((one, i) => move(one, tf.mul(grads[i], shrink))) };
    });
    for (const { weights, averaged, mean, square } of parameters) tf.dispose([weights, averaged, mean, square]);
    parameters = moved;
    step++;
    const [nats] = await loss.data();
    tf.dispose([loss]);
    return nats;
  };

  const loss = await takeStep();
  const weights = Float32Array.from(state.weights);
  for (const { place, weights: tensor } of parameters) weights.set(await tensor.data(), place.offset);
  return { name: 'tfjs, wasm, one thread', loss, weights, step: takeStep, close: async () => {} };
}

/**
 * Mean loss of the batch as a function of the tensors in the order of `tensorPlaces`. In the shapes, N is rows · T places, H
 * the number of heads and D their size.
 */
function tensorflowLoss(
  tf: Tfjs,
  config: LlamaConfig,
  texts: TrainingText[],
  tokensPerStep: number,
): (...tensors: TfTensor[]) => TfTensor {
  const { width, nHeads, headDim, nLayers, vocabularySize, epsilon } = config;
  const { rows, T, ids, mask, targets, cos, sin, minusSin, partner } = tensorflowBatch(tf, config, texts);

  // [N, inputs], [outputs, inputs] → [N, outputs]. Matrices are turned first: the fast product of TensorFlow.js takes none
  // that it has to read turned, and the gradients it would derive are such products.
  const linear = tf.customGrad((x: TfTensor, w: TfTensor, save: Save) => {
    save([x, w]);
    return {
      value: tf.matMul(x, tf.transpose(w)),
      gradFunc: (dy: TfTensor, [x, w]: TfTensor[]) => [tf.matMul(dy, w), tf.matMul(tf.transpose(dy), x)],
    };
  });
  // [vocabulary, width] → [N, width]. The gradient that TensorFlow.js knows needs a kernel that is missing in WebAssembly.
  const embed = tf.customGrad((embedding) => ({
    value: tf.gather(embedding, ids),
    gradFunc: (dy) => [tf.scatterND(tf.reshape(ids, [rows * T, 1]), dy, [vocabularySize, width])],
  }));
  const rmsNorm = (x: TfTensor, scale: TfTensor) =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon))), scale);
  // [H, rows, T, D]. Turning by the opposite angles is the gradient.
  const turn = (x: TfTensor, sines: TfTensor) => {
    const partners = tf.matMul(tf.reshape(x, [nHeads * rows * T, headDim]), partner);
    return tf.add(tf.mul(x, cos), tf.mul(tf.reshape(partners, x.shape), sines));
  };
  const rotate = tf.customGrad((x) => ({ value: turn(x, sin), gradFunc: (dy) => [turn(dy, minusSin)] }));
  // [N, width] → [H, rows, T, D]
  const byHead = (x: TfTensor) => tf.transpose(tf.reshape(x, [rows, T, nHeads, headDim]), [2, 0, 1, 3]);
  // all [N, width]
  const attention = (q: TfTensor, k: TfTensor, v: TfTensor) => {
    const scores = tf.matMul(tf.mul(rotate(byHead(q)), 1 / Math.sqrt(headDim)), rotate(byHead(k)), false, true);
    const heads = tf.matMul(tf.softmax(tf.add(scores, mask)), byHead(v));
    return tf.reshape(tf.transpose(heads, [1, 2, 0, 3]), [rows * T, width]);
  };

  const names = tensorPlaces(config).map(({ name }) => name);
  return (...tensors) => {
    const tensor = (name: string) => tensors[names.indexOf(name)];
    let x = embed(tensor('token_embd.weight'));
    for (let layer = 0; layer < nLayers; layer++) {
      const w = (part: string) => tensor(`blk.${layer}.${part}`);
      const norm1 = rmsNorm(x, w('attn_norm.weight'));
      const q = tf.add(linear(norm1, w('attn_q.weight')), w('attn_q.bias'));
      const k = tf.add(linear(norm1, w('attn_k.weight')), w('attn_k.bias'));
      const v = tf.add(linear(norm1, w('attn_v.weight')), w('attn_v.bias'));
      x = tf.add(x, linear(attention(q, k, v), w('attn_output.weight')));
      const norm2 = rmsNorm(x, w('ffn_norm.weight'));
      const gate = linear(norm2, w('ffn_gate.weight'));
      const hidden = tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(norm2, w('ffn_up.weight')));
      x = tf.add(x, linear(hidden, w('ffn_down.weight')));
    }
    const logits = linear(rmsNorm(x, tensor('output_norm.weight')), tensor('token_embd.weight'));
    return tf.mul(tf.sum(tf.mul(tf.logSoftmax(logits), targets)), -1 / tokensPerStep);
  };
}

/**
 * The batch as constant tensors, packed as is usual: several texts in a row, rows as long as the longest text, each word
 * seeing only its own text. Left-over places have no target, and no text sees them.
 */
function tensorflowBatch(tf: Tfjs, { vocabularySize, headDim, ropeBase }: LlamaConfig, texts: TrainingText[]) {
  const T = Math.max(...texts.map(({ ids }) => ids.length + 1));
  const rows = firstFit(texts, T);
  const N = rows.length * T;
  const ids = new Int32Array(N);
  const targets = new Float32Array(N * vocabularySize);
  const mask = new Float32Array(N * T).fill(-1e9);
  const positions = new Array<number>(N).fill(0);
  for (const [row, inRow] of rows.entries()) {
    let start = 0;
    for (const text of inRow) {
      for (let position = 0; position <= text.ids.length; position++) {
        const place = row * T + start + position;
        ids[place] = position === 0 ? 0 : text.ids[position - 1];
        positions[place] = position;
        mask.fill(0, place * T + start, place * T + start + position + 1);
        const target = text.targets[position] ?? 'none';
        if (target === 'certain') {
          targets[place * vocabularySize + (text.ids[position] ?? 0)] = 1;
        } else if (target !== 'none') {
          for (let i = 0; i < target.ids.length; i++) {
            targets[place * vocabularySize + target.ids[i]] += target.probabilities[i];
          }
        }
      }
      start += text.ids.length + 1;
    }
  }
  const { cos, sin, pairs } = rotationTable(positions, headDim, ropeBase);
  // each angle twice, for the two numbers of a pair
  const twice = (angles: FloatArray) => Float32Array.from({ length: 2 * N * pairs }, (_, i) => angles[i >> 1]);
  // (a, b) · partner = (−b, a) for each pair
  const partner = new Float32Array(headDim * headDim);
  for (let i = 0; i < headDim; i++) partner[i * headDim + (i ^ 1)] = i % 2 ? -1 : 1;
  return {
    rows: rows.length,
    T,
    ids: tf.tensor(ids, [N], 'int32'),
    targets: tf.tensor(targets, [N, vocabularySize]),
    mask: tf.tensor(mask, [1, rows.length, T, T]),
    cos: tf.tensor(twice(cos), [1, rows.length, T, headDim]),
    sin: tf.tensor(twice(sin), [1, rows.length, T, headDim]),
    minusSin: tf.tensor(twice(sin.map((value) => -value)), [1, rows.length, T, headDim]),
    partner: tf.tensor(partner, [headDim, headDim]),
  };
}

/** The longest text first, each into the first row of `length` places that has room for it. */
function firstFit(texts: TrainingText[], length: number): TrainingText[][] {
  const rows: { left: number; texts: TrainingText[] }[] = [];
  for (const text of texts.toSorted((a, b) => b.ids.length - a.ids.length)) {
    const size = text.ids.length + 1;
    let row = rows.find(({ left }) => left >= size);
    if (!row) {
      row = { left: length, texts: [] };
      rows.push(row);
    }
    row.texts.push(text);
    row.left -= size;
  }
  return rows.map((row) => row.texts);
}
