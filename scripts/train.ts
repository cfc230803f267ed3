/** `npm run train`: trains Easel and writes it as a GGUF file. The same options give the same file. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { plain } from '../src/attention/plain.ts';
import { vocabulary } from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';
import { compileKernels } from '../src/model/compile.ts';
import type { GgufEntry } from '../src/model/gguf.ts';
import { EASEL_START, initialWeights, type StartOptions } from '../src/model/initialise.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import { type LlamaConfig, parameterCount } from '../src/model/parameters.ts';
import { gapToLanguage } from '../src/model/quality.ts';
import { EASEL_RECIPE, type HelperTask, help, type Progress, train } from '../src/model/train.ts';
import { type Curriculum, heldOutText, trainingTexts } from './texts.ts';

const EASEL: LlamaConfig = {
  vocabularySize: vocabulary.length,
  width: 64,
  nLayers: 4,
  nHeads: 4,
  nKeyHeads: 4,
  headDim: 16,
  feedForward: 160,
  contextLength: 64,
  ropeBase: 10000,
  epsilon: 1e-5,
  qkvBias: true,
};

interface Options {
  steps: number;
  seed: number;
  out: string;
  threads: number;
  rate: number;
  listsUntil: number;
  listsGrow: number;
  plant: number;
  plantOutputs: number;
  report: number;
  checkpoint: number;
  texts: number;
}

if (isMainThread) await main();
else {
  const { task, curriculum } = workerData as { task: HelperTask; curriculum: Curriculum };
  await help(task, trainingTexts(curriculum));
}

async function main(): Promise<void> {
  const options = readOptions();
  const { seed } = options;
  const recipe = { ...EASEL_RECIPE, steps: options.steps, threads: options.threads, peakRate: options.rate };
  const curriculum: Curriculum = { seed, listsUntil: options.listsUntil, listsGrow: options.listsGrow };
  const start: StartOptions = { ...EASEL_START, plant: options.plant, plantOutputs: options.plantOutputs };
  const heldOut = Array.from({ length: options.texts }, (_, i) => heldOutText(i));

  console.log(
    `Training Easel: ${parameterCount(EASEL).toLocaleString('en')} parameters, ${options.steps} steps of ` +
      `${recipe.tokensPerStep} tokens on ${options.threads} thread${options.threads === 1 ? '' : 's'}, seed ${seed}.`,
  );
  const module = await compileKernels();
  const clock = stopwatch(options.steps);

  const save = (weights: Float32Array, progress: Pick<Progress, 'step' | 'tokens'>, path: string) => {
    const unnamed = openModel(modelFile(EASEL, weights, vocabulary, []).buffer);
    const { gap, entropy } = gapToLanguage(unnamed, heldOut, { attend: plain });
    const about = aboutEasel(options, progress, { gap, entropy });
    mkdirSync(dirname(path), { recursive: true });
    const bytes = modelFile(EASEL, weights, vocabulary, about);
    writeFileSync(path, bytes);
    return { gap, entropy, bytes: bytes.length };
  };

  let lossSum = 0;
  let tokens = 0;
  const weights = await train(
    EASEL,
    recipe,
    initialWeights(EASEL, start, mulberry32(seed)),
    module,
    trainingTexts(curriculum),
    {
      startHelper(task) {
        const worker = new Worker(new URL(import.meta.url), { workerData: { task, curriculum }, argv: [] });
        return { stop: () => worker.terminate() };
      },
      report(progress) {
        const { step } = progress;
        tokens = progress.tokens;
        lossSum += progress.loss;
        clock.step(step, tokens);
        if (step % options.report === 0 || step === options.steps) {
          const checkpoint = options.checkpoint > 0 && step % options.checkpoint === 0 && step < options.steps;
          const path = options.out.replace(/(\.gguf)?$/, `.step-${step}.gguf`);
          const gap = checkpoint ? save(progress.averaged, progress, path).gap : gapNow(progress.averaged, heldOut);
          const since = step % options.report || options.report;
          clock.say(
            `step ${step}  loss ${(lossSum / since).toFixed(4)}  gap ${gap.toFixed(4)} nats  ` +
              `${Math.round(clock.speed()).toLocaleString('en')} tokens/s  ${clock.left()} left`,
          );
          lossSum = 0;
        }
      },
    },
  );
  clock.stop();
  const { gap, entropy, bytes } = save(weights, { step: options.steps, tokens }, options.out);
  console.log(
    `Wrote ${options.out} (${(bytes / 1000).toFixed(0)} kB): ${gap.toFixed(4)} nats a word above the language's ` +
      `${entropy.toFixed(4)} on ${heldOut.length} held-out texts. Now run: npm run evaluate`,
  );
}

function gapNow(flat: Float32Array, heldOut: ReturnType<typeof heldOutText>[]): number {
  const model = openModel(modelFile(EASEL, flat, vocabulary, []).buffer);
  return gapToLanguage(model, heldOut, { attend: plain }).gap;
}

/** What the file says about itself. No date: the same training gives the same bytes. */
function aboutEasel(
  options: Options,
  { step, tokens }: Pick<Progress, 'step' | 'tokens'>,
  { gap, entropy }: { gap: number; entropy: number },
): GgufEntry[] {
  const { seed, threads, rate, listsUntil, listsGrow, plant, plantOutputs } = options;
  const command =
    `npm run train -- --steps ${options.steps} --seed ${seed} --threads ${threads} --rate ${rate} ` +
    `--lists-until ${listsUntil} --lists-grow ${listsGrow} --plant ${plant} --plant-outputs ${plantOutputs} ` +
    `--texts ${options.texts}`;
  return [
    ['general.name', 'string', 'Easel'],
    ['general.license', 'string', 'mit'],
    [
      'general.description',
      'string',
      'A tiny model of a little language whose exact probabilities are known, trained to show how attention works. ' +
        'It knows nothing of the world.',
    ],
    ['easel.training.command', 'string', command],
    ['easel.training.seed', 'uint32', seed],
    ['easel.training.steps', 'uint32', step],
    ['easel.training.tokens', 'uint32', tokens],
    [
      'easel.training.start',
      'string',
      plant > 0
        ? 'heads 1 and 2 of layer 1 started as "look one word back" and "look two words back"'
        : 'random, no head was given a job',
    ],
    ['easel.quality.texts', 'uint32', options.texts],
    ['easel.quality.entropy_nats', 'float32', entropy],
    ['easel.quality.gap_nats', 'float32', gap],
  ];
}

/** A bar on a terminal, lines elsewhere. */
function stopwatch(steps: number) {
  const began = performance.now();
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: '{bar} {percentage} %  step {value} of {total}  {note}' }, Presets.shades_classic)
    : undefined;
  bar?.start(steps, 0, { note: '' });
  let done = 0;
  let seen = 0;
  const seconds = () => (performance.now() - began) / 1000;
  const speed = () => seen / seconds();
  const left = () => {
    const rest = Math.round((seconds() / Math.max(1, done)) * (steps - done));
    return rest < 90 ? `${rest} s` : `${Math.round(rest / 60)} min`;
  };
  return {
    step(step: number, tokens: number) {
      done = step;
      seen = tokens;
      if (step % 20 === 0) bar?.update(step, { note: `${Math.round(speed() / 100) / 10} k tokens/s  ${left()} left` });
    },
    say(line: string) {
      if (!bar) console.log(line);
      else bar.update(done, { note: line.replace(/^step \d+ {2}/, '') });
    },
    speed,
    left,
    stop: () => bar?.stop(),
  };
}

function readOptions(): Options {
  const whole = (least: number) => (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} up.`);
    }
    return value;
  };
  const positive = (text: string) => {
    const value = Number(text);
    if (!(value >= 0) || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number from 0 up.');
    return value;
  };
  return new Command('train')
    .description(
      'Train Easel on the little language and write it as a GGUF file. Without options: the training whose weights are in the repository.',
    )
    .option('--steps <n>', 'steps of 2,048 tokens', whole(1), EASEL_RECIPE.steps)
    .option('--seed <n>', 'start and order of the texts', whole(0), 1)
    .option('--out <path>', 'file to write', 'public/model/easel.gguf')
    .option('--threads <n>', 'threads that share a step; part of the recipe, since sums are rounded', whole(1), 2)
    .option('--rate <x>', 'peak learning rate', positive, EASEL_RECIPE.peakRate)
    .option('--lists-until <n>', 'step at which the last warm-up list is read', whole(0), 5000)
    .option('--lists-grow <n>', 'steps over which the lists grow', whole(0), 1500)
    .option('--plant <x>', 'strength with which two heads start looking one and two words back; 0: not', positive, 5)
    .option('--plant-outputs <x>', 'factor on what these two heads write at first', positive, 6)
    .option('--report <n>', 'steps between reports', whole(1), 250)
    .option(
      '--checkpoint <n>',
      'steps between checkpoints beside the file, a multiple of --report; 0: none',
      whole(0),
      0,
    )
    .option('--texts <n>', 'held-out texts to measure by', whole(1), 200)
    .parse()
    .opts<Options>();
}
