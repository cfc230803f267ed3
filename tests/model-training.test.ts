import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../src/language/random.ts';
import { adamW, cosineRate } from '../src/model/adamw.ts';
import { packer, type TrainingText } from '../src/model/batch.ts';
import { CheckpointError, checkpointFile, readCheckpoint } from '../src/model/checkpoint.ts';
import { compileKernels } from '../src/model/compile.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { flatLength, type LlamaConfig, tensorPlaces } from '../src/model/parameters.ts';
import { beforeTraining, EASEL_RECIPE, type Progress, type TextSource, train } from '../src/model/train.ts';

const config: LlamaConfig = {
  vocabularySize: 10,
  width: 16,
  nLayers: 1,
  nHeads: 1,
  nKeyHeads: 1,
  headDim: 16,
  feedForward: 16,
  contextLength: 12,
  ropeBase: 10000,
  epsilon: 1e-5,
  qkvBias: true,
};

/** Counting up or down by one, from anywhere, at random: after the second word all is known. */
const counting: TextSource = (thread, index) => {
  const random = mulberry32(thread * 1000 + index);
  const start = Math.floor(random() * 9);
  const direction = random() < 0.5 ? 1 : 8;
  const ids = Array.from({ length: 7 }, (_, i) => 1 + ((start + direction * i) % 9));
  return { ids, targets: [...ids.map((_, i) => (i < 2 ? ('none' as const) : ('certain' as const))), 'none'] };
};

/** Texts of one to eight words, so that nearly every batch leaves one waiting. */
const uneven: TextSource = (thread, index, step) => {
  const { ids } = counting(thread, index, step);
  const words = ids.slice(0, 1 + ((index * 5 + step) % 7));
  return { ids: words, targets: [...words.map(() => 'certain' as const), 'certain'] };
};

describe('training', async () => {
  const module = await compileKernels();
  const recipe = { ...EASEL_RECIPE, threads: 1, tokensPerStep: 128, peakRate: 0.02, warmUp: 5, average: 0.9 };
  const startFrom = (seed: number, threads = 1) =>
    beforeTraining(config, initialWeights(config, EASEL_START, mulberry32(seed)), threads);
  const run = async (seed: number, steps: number) => {
    const losses: Progress[] = [];
    const report = (progress: Progress) => void losses.push(progress);
    const state = await train(config, { ...recipe, steps }, startFrom(seed), module, counting, { report });
    return { state, losses };
  };

  test('learns a small task in a few dozen steps', async () => {
    const { losses } = await run(1, 80);
    expect(losses.map(({ step }) => step)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    // five of eight places count; not knowing would cost ln 9 at each of these
    expect(losses[0].loss).toBeGreaterThan(0.9);
    expect(losses.at(-1)!.loss).toBeLessThan(0.1);
    expect(losses.at(-1)!.tokens).toBe(80 * 128);
  });

  test('gives the same bytes for the same seed, others for another', async () => {
    const [first, again, other] = [await run(1, 12), await run(1, 12), await run(2, 12)];
    expect(again.state).toEqual(first.state);
    expect(other.state.averaged).not.toEqual(first.state.averaged);
  });

  test('stops after a step when it is asked to, and goes on to the same bytes, as often as one likes', async () => {
    let state = startFrom(3);
    for (const stopAt of [1, 2, 9, 20]) {
      const stop = new AbortController();
      const report = ({ step }: Progress) => {
        if (step === stopAt) stop.abort();
      };
      state = await train(config, { ...recipe, steps: 20 }, state, module, uneven, { report, signal: stop.signal });
      expect(state.step).toBe(stopAt);
      // what a checkpoint keeps is all it takes
      state = readCheckpoint(checkpointFile(state, {})).state;
    }
    const straight = await train(config, { ...recipe, steps: 20 }, startFrom(3), module, uneven);
    expect(state).toEqual(straight);
    expect(state.tokens).toBeLessThan(20 * 128); // texts did wait
  });

  test('comes to the same on the kernels that pages get, and without any', async () => {
    const kernels = await compileKernels({ wide: false, shared: false, relaxed: false });
    const few = { ...recipe, steps: 3 };
    const [{ state }, own, none] = [
      await run(4, 3),
      await train(config, few, startFrom(4), kernels, counting, { shared: false }),
      await train(config, few, startFrom(4), undefined, counting),
    ];
    for (const other of [own, none]) {
      expect(other.tokens).toBe(state.tokens);
      const off = other.averaged.map((value, i) => Math.abs(value - state.averaged[i]));
      expect(off.reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-5);
    }
    const moved = state.averaged.map((value, i) => Math.abs(value - startFrom(4).averaged[i]));
    expect(moved.reduce((a, b) => Math.max(a, b))).toBeGreaterThan(1e-3);
  });

  test('says so when the loss is no number any more', async () => {
    const wild = { ...recipe, steps: 50, peakRate: 1e30 };
    await expect(train(config, wild, startFrom(1), module, counting)).rejects.toThrow(/step \d+ is no number.*1e\+30/);
  });

  test('wants a way to start helpers when there are several threads, and a state of as many', async () => {
    const two = { ...recipe, threads: 2 };
    await expect(train(config, two, startFrom(1, 2), module, counting)).rejects.toThrow(/2 threads/);
    await expect(train(config, recipe, startFrom(1, 2), module, counting)).rejects.toThrow(/1 threads .* of 2/);
    const startHelper = () => ({ stop: async () => {} });
    for (const [kernels, shared] of [
      [module, false],
      [undefined, true],
    ] as const) {
      const wrong = train(config, two, startFrom(1, 2), kernels, counting, { startHelper, shared });
      await expect(wrong).rejects.toThrow(/2 threads needs kernels compiled for a memory/);
    }
  });
});

describe('a checkpoint', () => {
  const state = beforeTraining(config, initialWeights(config, EASEL_START, mulberry32(1)), 2);
  const bytes = checkpointFile({ ...state, step: 3, tokens: 4_294_967_301, drawn: [5, 6] }, { rows: [0.1 + 0.2] });

  test('holds state and notes to the last bit', () => {
    const { state: read, notes } = readCheckpoint(bytes);
    expect(read).toEqual({ ...state, step: 3, tokens: 4_294_967_301, drawn: [5, 6] });
    expect(notes).toEqual({ rows: [0.1 + 0.2] });
  });

  test('is refused when a byte is missing or wrong', () => {
    for (const length of [0, 10, 40, 1000, bytes.length - 1]) {
      expect(() => readCheckpoint(bytes.subarray(0, length))).toThrow(CheckpointError);
    }
    for (const place of [0, 30, bytes.length >> 1, bytes.length - 1]) {
      const wrong = Uint8Array.from(bytes);
      wrong[place] ^= 1;
      expect(() => readCheckpoint(wrong)).toThrow(/checksum.*damaged/);
    }
  });
});

describe('a batch', () => {
  test('packs texts one after another, each with a start marker, and keeps the one that does not fit', () => {
    const soft = { ids: [1], probabilities: [1] };
    const texts: TrainingText[] = [
      { ids: [5, 6], targets: ['certain', soft, 'none'] },
      { ids: [7], targets: ['none', 'certain'] },
      { ids: [8, 9], targets: ['certain', 'certain', 'certain'] },
      { ids: [4, 4, 4, 4, 4, 4, 4, 4], targets: [] },
    ];
    const next = packer(7, () => texts.shift()!);
    const batch = next();
    expect([...batch.ids.subarray(0, batch.length)]).toEqual([0, 5, 6, 0, 7]);
    expect([...batch.positions.subarray(0, batch.length)]).toEqual([0, 1, 2, 0, 1]);
    expect([...batch.following.subarray(0, batch.length)]).toEqual([5, 6, 0, 7, 0]);
    expect(batch.targets.slice(0, batch.length)).toEqual(['certain', soft, 'none', 'none', 'certain']);
    expect(batch.texts).toBe(2);
    // a text longer than a whole batch would wait for ever
    expect(next).toThrow(/at most 6 words but received one of 8/);
  });
});

describe('the optimiser', () => {
  const noSteps = () => ({ mean: new Float32Array(flatLength(config)), square: new Float32Array(flatLength(config)) });

  test('moves each weight by the rate at first, against its gradient; matrices shrink besides', () => {
    const move = adamW(config, { weightDecay: 0.1, beta1: 0.9, beta2: 0.98, clip: 1 }, noSteps());
    const weights = new Float32Array(flatLength(config)).fill(1);
    const gradients = new Float32Array(flatLength(config));
    const places = new Map(tensorPlaces(config).map((place) => [place.name, place.offset]));
    const matrix = places.get('blk.0.ffn_up.weight')!;
    const norm = places.get('output_norm.weight')!;
    gradients[matrix] = 0.3;
    gradients[norm] = -0.4;
    expect(move(weights, gradients, 0.01, 0)).toBeCloseTo(0.5, 6);
    expect(weights[matrix]).toBeCloseTo(1 - 0.01 - 0.001, 6);
    expect(weights[matrix + 1]).toBeCloseTo(1 - 0.001, 6);
    expect(weights[norm]).toBeCloseTo(1 + 0.01, 6);
    expect(weights[norm + 1]).toBe(1);
  });

  test('shortens a long gradient but not its direction', () => {
    const options = { weightDecay: 0, beta1: 0, beta2: 0, clip: 1 };
    const long = adamW(config, options, noSteps());
    const weights = new Float32Array(flatLength(config));
    const gradients = new Float32Array(flatLength(config));
    gradients[0] = 300;
    gradients[1] = 1e-6;
    expect(long(weights, gradients, 1, 0)).toBeCloseTo(300, 3);
    // with both betas 0 a step is gradient / (|gradient| + 1e-8): the shortened 3.3e-9 is felt
    expect(weights[0]).toBeCloseTo(-1, 5);
    expect(weights[1]).toBeCloseTo(-1 / 4, 2);
  });

  test('has a rate that rises, peaks and falls to a hundredth', () => {
    expect(cosineRate(0, 1000, 0.004, 100)).toBeCloseTo(0.00004, 9);
    expect(cosineRate(99, 1000, 0.004, 100)).toBeCloseTo(0.004, 9);
    expect(cosineRate(550, 1000, 0.004, 100)).toBeCloseTo(0.00202, 9);
    expect(cosineRate(1000, 1000, 0.004, 100)).toBeCloseTo(0.00004, 9);
  });
});
