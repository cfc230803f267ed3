/**
 * The training loop: every step, each thread packs a batch of its own texts and computes its gradients; the first thread
 * adds them up in the order of the threads and moves the weights. The same recipe gives the same bytes on the same kind
 * of processor, however busy it is: nothing depends on the clock or on which thread is ready first.
 */

import { adamW, cosineRate } from './adamw.ts';
import { type Batch, packer, type TrainingText } from './batch.ts';
import { createFastPass, createMemory, type FastPass } from './fast.ts';
import { crossEntropy } from './loss.ts';
import type { LlamaConfig } from './parameters.ts';

export interface Recipe {
  steps: number;
  /** Places in one step's batch, over all threads. */
  tokensPerStep: number;
  threads: number;
  peakRate: number;
  warmUp: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  clip: number;
  /** The moving average of the weights keeps this share of itself each step; the average is the result. */
  average: number;
}

export const EASEL_RECIPE: Recipe = {
  steps: 10000,
  tokensPerStep: 2048,
  threads: 2,
  peakRate: 3e-3,
  warmUp: 100,
  weightDecay: 0.01,
  beta1: 0.9,
  beta2: 0.98,
  clip: 1,
  average: 0.998,
};

/** The texts of one thread: the n-th text for this thread, at this step of training. All counted from 0. */
export type TextSource = (thread: number, index: number, step: number) => TrainingText;

/** After a step: what was seen so far, and the weights as they would be saved now. */
export interface Progress {
  /** Steps done. */
  step: number;
  tokens: number;
  /** Mean loss of this step over all its places, in nats. */
  loss: number;
  rate: number;
  /** The moving average of the weights: a view, copy it to keep it. */
  averaged: Float32Array;
}

/** What a helping thread is started with. All of it can be passed to a worker. */
export interface HelperTask {
  config: LlamaConfig;
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  batchTokens: number;
  thread: number;
  tokensPerStep: number;
  /** [steps begun, helpers ready or done with a step, counted up, helpers that failed] */
  signals: Int32Array<SharedArrayBuffer>;
  /** [places, loss] of each thread's last step */
  results: Float64Array<SharedArrayBuffer>;
}

/** A started thread, and how to end it. */
export interface Helper {
  stop(): Promise<unknown>;
}

const BEGUN = 0;
const DONE = 1;
const FAILED = 2;

/**
 * Trains from `start`.
 *
 * @param startHelper starts a thread that calls {@link help} with the task; needed when the recipe has several threads
 * @param report called after every step
 * @returns the averaged weights in the order of `tensorPlaces`
 */
export async function train(
  config: LlamaConfig,
  recipe: Recipe,
  start: Float32Array,
  module: WebAssembly.Module,
  texts: TextSource,
  { startHelper, report }: { startHelper?: (task: HelperTask) => Helper; report?: (progress: Progress) => void } = {},
): Promise<Float32Array> {
  const { steps, threads, tokensPerStep } = recipe;
  if (threads > 1 && !startHelper) throw new Error(`A recipe with ${threads} threads needs a way to start helpers.`);
  const batchTokens = Math.floor(tokensPerStep / threads / 4) * 4;
  const memory = createMemory(config, batchTokens, threads);
  const signals = new Int32Array(new SharedArrayBuffer(12));
  const results = new Float64Array(new SharedArrayBuffer(16 * threads));
  const pass = await createFastPass(config, module, memory, batchTokens, 0);
  pass.weights.set(start);
  const helpers: Helper[] = [];
  for (let thread = 1; thread < threads; thread++) {
    helpers.push(startHelper!({ config, module, memory, batchTokens, thread, tokensPerStep, signals, results }));
  }
  // each helper counts itself once when it is ready
  while (Atomics.load(signals, DONE) < threads - 1) await new Promise((resolve) => setTimeout(resolve, 5));

  const averaged = Float32Array.from(start);
  const move = adamW(config, recipe);
  const work = worker(pass, texts, 0, batchTokens, tokensPerStep);
  let tokens = 0;
  try {
    for (let step = 0; step < steps; step++) {
      Atomics.store(signals, BEGUN, step + 1);
      Atomics.notify(signals, BEGUN);
      [results[0], results[1]] = work(step);
      for (;;) {
        const done = Atomics.load(signals, DONE);
        if (Atomics.load(signals, FAILED) > 0) throw new Error('A training thread failed; its own message follows.');
        if (done === (threads - 1) * (step + 2)) break;
        Atomics.wait(signals, DONE, done, 1000);
      }
      let places = 0;
      let loss = 0;
      for (let thread = 0; thread < threads; thread++) {
        if (thread > 0) addTo(pass.gradients, pass.gradientsOf(thread));
        places += results[2 * thread];
        loss += results[2 * thread + 1];
      }
      tokens += places;
      const rate = cosineRate(step, steps, recipe.peakRate, recipe.warmUp);
      move(pass.weights, pass.gradients, rate);
      // a short memory at first, so that the random start is soon forgotten
      const keep = Math.min(recipe.average, (step + 1) / (step + 10));
      for (let i = 0; i < averaged.length; i++) averaged[i] += (1 - keep) * (pass.weights[i] - averaged[i]);
      report?.({ step: step + 1, tokens, loss: loss / places, rate, averaged });
      if (step % 50 === 49) await new Promise((resolve) => setImmediate(resolve)); // lets Ctrl-C and messages through
    }
  } finally {
    await Promise.all(helpers.map((helper) => helper.stop()));
  }
  return averaged;
}

/** What a helping thread does, until it is ended from outside. */
export async function help(task: HelperTask, texts: TextSource): Promise<never> {
  const { config, module, memory, batchTokens, thread, tokensPerStep, signals, results } = task;
  const pass = await createFastPass(config, module, memory, batchTokens, thread);
  const work = worker(pass, texts, thread, batchTokens, tokensPerStep);
  try {
    for (let step = 0; ; step++) {
      Atomics.add(signals, DONE, 1);
      Atomics.notify(signals, DONE);
      while (Atomics.load(signals, BEGUN) <= step) Atomics.wait(signals, BEGUN, step);
      [results[2 * thread], results[2 * thread + 1]] = work(step);
    }
  } catch (error) {
    // the first thread sleeps while it waits, so it has to be told here
    Atomics.add(signals, FAILED, 1);
    Atomics.notify(signals, DONE);
    throw error;
  }
}

/** One thread's share of a step; returns [places, summed loss] and leaves the gradients in the pass. */
function worker(
  pass: FastPass,
  texts: TextSource,
  thread: number,
  batchTokens: number,
  tokensPerStep: number,
): (step: number) => [number, number] {
  let index = 0;
  let now = 0;
  const nextBatch = packer(batchTokens, () => texts(thread, index++, now));
  return (step) => {
    now = step;
    const batch = nextBatch();
    pass.readWeights();
    pass.forward(batch);
    const loss = lossOf(pass, batch, 1 / tokensPerStep);
    pass.backward(batch);
    return [batch.length, loss];
  };
}

/**
 * The loss of a batch after its forward pass, in nats, summed; leaves d loss / d logits × factor in `pass.logits`.
 */
export function lossOf(pass: FastPass, batch: Batch, factor: number): number {
  pass.toProbabilities(batch);
  let loss = 0;
  for (let t = 0; t < batch.length; t++) {
    const row = pass.logits.subarray(t * pass.vocabularyRounded, (t + 1) * pass.vocabularyRounded);
    loss += crossEntropy(row, batch.following[t], batch.targets[t], factor);
  }
  return loss;
}

/** a += b */
function addTo(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
}
