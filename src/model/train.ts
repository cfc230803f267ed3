/**
 * The training loop: every step, each thread packs a batch of its own texts and computes its gradients; the first thread
 * adds them up in the order of the threads and moves the weights. The same recipe gives the same bytes on the same kind
 * of processor, however busy it is: nothing depends on the clock or on which thread is ready first.
 */

import { adamW, cosineRate } from './adamw.ts';
import { type Batch, packer, type TrainingText } from './batch.ts';
import { createFastPass, createMemory, type FastPass } from './fast.ts';
import { crossEntropy } from './loss.ts';
import { flatLength, type LlamaConfig } from './parameters.ts';
import { createPlainPass } from './plain-pass.ts';

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
  steps: 40000,
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

/** Everything that the rest of a training depends on: go on from here and the bytes are those of an unbroken run. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  /** Places seen. */
  tokens: number;
  /** How many texts each thread has taken from its stream. The last one waits for the next batch. */
  drawn: number[];
  /** The weights as they are moved, in the order of `tensorPlaces`. */
  weights: Float32Array;
  /** Their moving average: the result. */
  averaged: Float32Array;
  /** AdamW's running mean of each gradient. */
  mean: Float32Array;
  /** AdamW's running mean of each gradient's square. */
  square: Float32Array;
}

/** The state before the first step. */
export function beforeTraining(config: LlamaConfig, weights: Float32Array, threads: number): TrainingState {
  return {
    step: 0,
    tokens: 0,
    drawn: new Array<number>(threads).fill(0),
    weights,
    averaged: Float32Array.from(weights),
    mean: new Float32Array(flatLength(config)),
    square: new Float32Array(flatLength(config)),
  };
}

/** After a step: the state, whose arrays go on changing (copy what you keep), and how the step went. */
export interface Progress extends TrainingState {
  /** Mean loss of this step over all its places, in nats. */
  loss: number;
  rate: number;
}

/** One thread's part of a step, on the kernels or in plain TypeScript. */
export interface Pass {
  weights: Float32Array;
  gradients: Float32Array;
  /** The gradients of another thread. */
  gradientsOf(thread: number): Float32Array;
  /** Fills `gradients`, multiplied by `factor`; returns the loss, summed over the batch, in nats. */
  learn(batch: Batch, factor: number): number;
}

/** What a helping thread is started with. All of it can be passed to a worker. */
export interface HelperTask {
  config: LlamaConfig;
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  batchTokens: number;
  thread: number;
  tokensPerStep: number;
  /** Steps done, and texts taken by this thread, before the helper starts. */
  firstStep: number;
  drawn: number;
  /** [steps begun, helpers ready or done with a step, counted up, helpers that failed] */
  signals: Int32Array<SharedArrayBuffer>;
  /** [places, loss, texts taken so far] of each thread's last step */
  results: Float64Array<SharedArrayBuffer>;
}

/** A started thread, and how to end it. */
export interface Helper {
  stop(): Promise<unknown>;
}

/** How often a thread looks for a signal before it goes to sleep: some milliseconds. */
const LOOKS = 2_000_000;

const BEGUN = 0;
const DONE = 1;
const FAILED = 2;

/**
 * Trains from `start` to the recipe's last step, or until `signal` stops it after a step.
 *
 * @param module the kernels; without them the plain form works, on one thread
 * @param start {@link beforeTraining}, or where an earlier training with the same arguments stopped; not changed
 * @param startHelper starts a thread that calls {@link help} with the task; needed when the recipe has several threads
 * @param report called and awaited after every step; the only time at which signals and messages get through
 * @param shared whether the kernels were compiled for a memory that threads share, which one thread can do without
 * @returns the state after the last step done
 */
export async function train(
  config: LlamaConfig,
  recipe: Recipe,
  start: TrainingState,
  module: WebAssembly.Module | undefined,
  texts: TextSource,
  options: {
    startHelper?: (task: HelperTask) => Helper;
    report?: (progress: Progress) => void | Promise<void>;
    signal?: AbortSignal;
    shared?: boolean;
  } = {},
): Promise<TrainingState> {
  const { startHelper, report, signal, shared = true } = options;
  const { steps, threads, tokensPerStep } = recipe;
  if (threads > 1 && !startHelper) throw new Error(`A recipe with ${threads} threads needs a way to start helpers.`);
  if (threads > 1 && !(module && shared)) {
    throw new Error(`A recipe with ${threads} threads needs kernels compiled for a memory that threads share.`);
  }
  if (start.drawn.length !== threads) {
    throw new Error(`Expected a state of ${threads} threads but received one of ${start.drawn.length}.`);
  }
  const batchTokens = Math.floor(tokensPerStep / threads / 4) * 4;
  const memory = module && createMemory(config, batchTokens, threads, shared);
  const pass =
    module && memory ? await createKernelPass(config, module, memory, batchTokens, 0) : createPlainPass(config);
  pass.weights.set(start.weights);
  const state: TrainingState = {
    ...start,
    drawn: [...start.drawn],
    weights: pass.weights,
    averaged: Float32Array.from(start.averaged),
    mean: Float32Array.from(start.mean),
    square: Float32Array.from(start.square),
  };
  const { averaged } = state;
  const move = adamW(config, recipe, state);
  const { step: firstStep, drawn } = start;
  const work = worker(pass, texts, { thread: 0, batchTokens, tokensPerStep, firstStep, drawn: drawn[0] });
  const team =
    threads > 1 && module && memory && startHelper
      ? await startTeam({ config, module, memory, batchTokens, tokensPerStep, firstStep, drawn }, startHelper)
      : undefined;
  try {
    while (state.step < steps && !signal?.aborted) {
      const { step } = state;
      team?.begin();
      const shares = [work(step), ...(team?.finish() ?? [])];
      let places = 0;
      let loss = 0;
      shares.forEach((share, thread) => {
        if (thread > 0) addTo(pass.gradients, pass.gradientsOf(thread));
        places += share.places;
        loss += share.loss;
        state.drawn[thread] = share.drawn;
      });
      if (!Number.isFinite(loss)) {
        throw new Error(
          `The loss of step ${step + 1} is no number any more: try a lower rate than ${recipe.peakRate}.`,
        );
      }
      const rate = cosineRate(step, steps, recipe.peakRate, recipe.warmUp);
      move(pass.weights, pass.gradients, rate, step);
      // a short memory at first, so that the random start is soon forgotten
      const keep = Math.min(recipe.average, (step + 1) / (step + 10));
      for (let i = 0; i < averaged.length; i++) averaged[i] += (1 - keep) * (pass.weights[i] - averaged[i]);
      state.step++;
      state.tokens += places;
      await report?.({ ...state, loss: loss / places, rate });
    }
  } finally {
    await team?.stop();
  }
  return { ...state, weights: Float32Array.from(pass.weights) };
}

/** The helping threads, seen from the first. */
interface Team {
  /** Lets them begin the next step. */
  begin(): void;
  /** Waits until all are done with it; what each did, in the order of the threads. */
  finish(): Share[];
  stop(): Promise<unknown>;
}

/** Starts a helper for each thread but the first, and waits until all are ready. */
async function startTeam(
  task: Omit<HelperTask, 'thread' | 'drawn' | 'signals' | 'results'> & { drawn: number[] },
  startHelper: (task: HelperTask) => Helper,
): Promise<Team> {
  const signals = new Int32Array(new SharedArrayBuffer(12));
  const results = new Float64Array(new SharedArrayBuffer(24 * task.drawn.length));
  const helpers = task.drawn
    .map((drawn, thread) => ({ ...task, thread, drawn, signals, results }))
    .slice(1)
    .map(startHelper);
  // each helper counts itself once when it is ready, and once more after each step
  let round = 0;
  while (Atomics.load(signals, DONE) < helpers.length) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    begin() {
      round++;
      Atomics.store(signals, BEGUN, round);
      Atomics.notify(signals, BEGUN);
    },
    finish() {
      for (;;) {
        const done = Atomics.load(signals, DONE);
        if (Atomics.load(signals, FAILED) > 0) throw new Error('A training thread failed; its own message follows.');
        if (done === helpers.length * (round + 1)) break;
        waitForChange(signals, DONE, done);
      }
      return helpers.map((_, i) => {
        const [places, loss, drawn] = results.subarray(3 * (i + 1));
        return { places, loss, drawn };
      });
    },
    stop: () => Promise.all(helpers.map((helper) => helper.stop())),
  };
}

/** What a helping thread does, until it is ended from outside. */
export async function help(task: HelperTask, texts: TextSource): Promise<never> {
  const { config, module, memory, batchTokens, thread, signals, results } = task;
  const work = worker(await createKernelPass(config, module, memory, batchTokens, thread), texts, task);
  try {
    for (let round = 0; ; round++) {
      Atomics.add(signals, DONE, 1);
      Atomics.notify(signals, DONE);
      while (Atomics.load(signals, BEGUN) <= round) waitForChange(signals, BEGUN, round);
      const { places, loss, drawn } = work(task.firstStep + round);
      results.set([places, loss, drawn], 3 * thread);
    }
  } catch (error) {
    // the first thread sleeps while it waits, so it has to be told here
    Atomics.add(signals, FAILED, 1);
    Atomics.notify(signals, DONE);
    throw error;
  }
}

/**
 * Waits while a signal has this value, a second at most. At first awake: to fall asleep and be woken takes longer than most
 * of these waits.
 */
function waitForChange(signals: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  for (let looks = 0; looks < LOOKS; looks++) if (Atomics.load(signals, index) !== value) return;
  Atomics.wait(signals, index, value, 1000);
}

/** What a thread did in a step. */
interface Share {
  places: number;
  /** Summed over the places, in nats. */
  loss: number;
  /** How many texts it has taken from its stream so far. */
  drawn: number;
}

/** One thread's share of a step, which leaves the gradients in the pass. */
function worker(
  pass: Pass,
  texts: TextSource,
  task: Pick<HelperTask, 'thread' | 'batchTokens' | 'tokensPerStep' | 'firstStep' | 'drawn'>,
): (step: number) => Share {
  const { thread, batchTokens, tokensPerStep, firstStep } = task;
  let { drawn } = task;
  let now = firstStep;
  // every step ends with a text that no longer fitted, so the last one drawn is the one that waits
  const waiting = drawn > 0 ? texts(thread, drawn - 1, firstStep - 1) : undefined;
  const nextBatch = packer(batchTokens, () => texts(thread, drawn++, now), waiting);
  return (step) => {
    now = step;
    const batch = nextBatch();
    const loss = pass.learn(batch, 1 / tokensPerStep);
    return { places: batch.length, loss, drawn };
  };
}

/** A thread's pass on the kernels. */
async function createKernelPass(...setting: Parameters<typeof createFastPass>): Promise<Pass> {
  const pass = await createFastPass(...setting);
  const learn = (batch: Batch, factor: number) => {
    pass.readWeights();
    pass.forward(batch);
    const loss = lossOf(pass, batch, factor);
    pass.backward(batch);
    return loss;
  };
  return { ...pass, learn };
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
