/**
 * `npm run train`: trains Easel and writes its files. The same options give the same bytes, in one go or in several: a
 * training that was stopped goes on with `--resume`.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { styleText } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Presets, SingleBar } from 'cli-progress';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { plain } from '../src/attention/plain.ts';
import { vocabulary } from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';
import { checkpointFile, readCheckpoint } from '../src/model/checkpoint.ts';
import { compileKernels } from '../src/model/compile.ts';
import { EASEL } from '../src/model/easel.ts';
import type { GgufEntry } from '../src/model/gguf.ts';
import { EASEL_START, initialWeights, type StartOptions } from '../src/model/initialise.ts';
import { createOdds } from '../src/model/odds.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import { type LlamaConfig, parameterCount, weightsIn } from '../src/model/parameters.ts';
import { gapOf, gapToLanguage, textCosts } from '../src/model/quality.ts';
import {
  beforeTraining,
  EASEL_RECIPE,
  type HelperTask,
  help,
  type Recipe,
  type TrainingState,
  train,
} from '../src/model/train.ts';
import { type Curriculum, heldOutText, trainingTexts } from './texts.ts';

/** What decides the bytes that come out. A training that goes on has to keep all of it. */
interface Choices {
  steps: number;
  seed: number;
  threads: number;
  rate: number;
  pairsUntil: number;
  listsUntil: number;
  listsGrow: number;
  plant: number;
  plantOutputs: number;
  ropeBase: number;
  texts: number;
  report: number;
  moments: number;
}

interface Options extends Choices {
  out: string;
  checkpoint: number;
  resume?: string | true;
}

/** One row of the training log. */
interface Row {
  step: number;
  tokens: number;
  /** Mean over the steps since the row before, in nats a place. */
  loss: number;
  /** Nats a word above the language's entropy, of the averaged weights, on the held-out texts. */
  gap: number;
  rate: number;
}

/** A snapshot of the training. */
interface Moment {
  step: number;
  tokens: number;
  gap: number;
  file: string;
  bytes: number;
}

/** What follows from the choices and from the sources; if any of it has changed, the bytes would not be the same. */
interface Plan {
  config: LlamaConfig;
  recipe: Recipe;
  start: StartOptions;
  curriculum: Curriculum;
  /** Of vocabulary and grammar. */
  language: string;
}

/** What a checkpoint remembers besides the state of the training. */
interface Notes {
  choices: Choices;
  out: string;
  plan: Plan;
  rows: Row[];
  /** Sum of the losses since the last row. */
  lossSum: number;
  moments: Moment[];
}

const FINE = 0;
const FAILED = 1;
const NOT_POSSIBLE = 2;
const STOPPED = 130; // what a shell expects after Ctrl-C

const DEFAULT_OUT = 'public/model';
/** Rows of the training log, about, where `--report` does not say otherwise. */
const ROWS = 200;
/** More would no longer fit into a checkpoint. */
const MOST_ROWS = 5000;

/** Bad options, or a checkpoint that does not fit them. */
class UsageError extends Error {}

if (isMainThread) {
  try {
    process.exitCode = await main();
  } catch (error) {
    const { message } = error as Error;
    console.error(styleText('red', message, { stream: process.stderr }));
    process.exitCode = error instanceof UsageError ? NOT_POSSIBLE : FAILED;
  }
} else {
  const { task, curriculum } = workerData as { task: HelperTask; curriculum: Curriculum };
  await help(task, trainingTexts(curriculum));
}

async function main(): Promise<number> {
  const command = commandLine();
  try {
    command.parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : NOT_POSSIBLE; // it has said why
    throw error;
  }
  const options = command.opts<Options>();
  if (/\.gguf$/.test(options.out)) {
    throw new UsageError(`Expected --out to be a folder but received ${options.out}. Its file is easel.gguf.`);
  }
  const found = options.resume === undefined ? undefined : openCheckpoint(options, command);
  const { choices, out } = found?.notes ?? { choices: choicesOf(options), out: options.out };
  const plan = planOf(choices);
  if (found) refuseOtherPlan(plan, found.notes.plan, found.path);

  const { config, recipe, curriculum } = plan;
  // what is not finished does not lie where a site is built from
  const workFolder = out === DEFAULT_OUT ? '.cache/train' : out;
  const checkpoint = found?.path ?? checkpointIn(out);
  const unfinishedMoments = join(workFolder, 'moments.part');
  const heldOut = Array.from({ length: choices.texts }, (_, i) => heldOutText(i));
  const momentSteps = spread(choices.moments, choices.steps);
  const notes: Notes = found?.notes ?? { choices, out, plan, rows: [], lossSum: 0, moments: [] };
  let state = found?.state;
  if (state) {
    const lost = notes.moments.find(({ file }) => !existsSync(join(unfinishedMoments, file)));
    if (lost && state.step < choices.steps) {
      throw new Error(`${join(unfinishedMoments, lost.file)} is gone, which belongs to ${checkpoint}. Start over.`);
    }
  } else {
    state = beforeTraining(config, initialWeights(config, plan.start, mulberry32(choices.seed)), recipe.threads);
    if (existsSync(checkpoint)) console.log(`Starting over; ${checkpoint} (--resume would go on from it) will go.`);
    rmSync(checkpoint, { force: true });
    rmSync(unfinishedMoments, { recursive: true, force: true });
  }

  /** The bytes of a model file, and how good it is. */
  const file = (weights: Float32Array, progress: { step: number; tokens: number }, type: 'F16' | 'Q8_0') => {
    const unnamed = openModel(modelFile(config, weights, vocabulary, [], { type }).buffer);
    const quality = gapToLanguage(unnamed, heldOut, { attend: plain });
    const about = aboutEasel(choices, plan.language, progress, quality);
    return { ...quality, bytes: modelFile(config, weights, vocabulary, about, { type }) };
  };
  const keepMoment = ({ averaged, step, tokens }: TrainingState) => {
    if (!momentSteps.includes(step)) return;
    const { bytes, gap } = file(averaged, { step, tokens }, 'Q8_0');
    const name = `step-${String(step).padStart(String(choices.steps).length, '0')}.gguf`;
    replaceFile(join(unfinishedMoments, name), bytes);
    notes.moments.push({ step, tokens, gap: round(gap, 4), file: name, bytes: bytes.length });
  };

  console.log(
    `${found ? `Going on after step ${count(state.step)}` : 'Training Easel'}: ` +
      `${count(parameterCount(config))} parameters, ${count(choices.steps)} steps of ` +
      `${count(recipe.tokensPerStep)} tokens on ${choices.threads} thread${choices.threads === 1 ? '' : 's'}, ` +
      `seed ${choices.seed}.`,
  );
  const module = await compileKernels();
  const stopped = new AbortController();
  const unlisten = listenForStop(stopped);
  const clock = stopwatch(choices.steps, state);
  if (!found) keepMoment(state);
  state = await train(config, recipe, state, module, trainingTexts(curriculum), {
    signal: stopped.signal,
    startHelper(task) {
      const worker = new Worker(new URL(import.meta.url), { workerData: { task, curriculum }, argv: [] });
      return { stop: () => worker.terminate() };
    },
    async report(progress) {
      const { step, tokens, loss, rate, averaged } = progress;
      notes.lossSum += loss;
      clock.step(step, tokens, loss, notes.rows.at(-1));
      if (step % choices.report === 0 || step === choices.steps) {
        const since = step - (notes.rows.at(-1)?.step ?? 0);
        const odds = await createOdds({ config, weights: weightsIn(config, averaged) }, module);
        const { gap } = gapOf(textCosts(odds, heldOut));
        const row = {
          step,
          tokens,
          loss: round(notes.lossSum / since, 4),
          gap: round(gap, 4),
          rate: Number(rate.toPrecision(4)),
        };
        notes.rows.push(row);
        notes.lossSum = 0;
        clock.row(row);
      }
      keepMoment(progress);
      if (step % options.checkpoint === 0 && step < choices.steps) {
        replaceFile(checkpoint, checkpointFile(progress, notes));
      }
      await setImmediate(); // lets signals through
    },
  });
  clock.stop();
  unlisten();
  replaceFile(checkpoint, checkpointFile(state, notes));
  if (state.step < choices.steps) {
    const where = checkpoint === checkpointIn(DEFAULT_OUT) ? '' : ` ${checkpoint}`;
    console.log(
      `Stopped after step ${count(state.step)} of ${count(choices.steps)}; everything is in ${checkpoint}.\n` +
        `Go on with: npm run train -- --resume${where}`,
    );
    return STOPPED;
  }

  const { averaged } = state;
  const f16 = file(averaged, state, 'F16');
  const q8 = file(averaged, state, 'Q8_0');
  replaceFile(join(out, 'easel.gguf'), f16.bytes);
  replaceFile(join(out, 'easel.q8_0.gguf'), q8.bytes);
  replaceFile(join(out, 'training.json'), trainingLog(choices, plan, f16.entropy, notes.rows));
  if (existsSync(unfinishedMoments)) {
    replaceFile(join(unfinishedMoments, 'index.json'), momentList(notes.moments));
    rmSync(join(out, 'moments'), { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    renameSync(unfinishedMoments, join(out, 'moments'));
  }
  console.log(
    `Wrote ${join(out, 'easel.gguf')} (${kilobytes(f16.bytes)}): ${f16.gap.toFixed(4)} nats a word above the language's ` +
      `${f16.entropy.toFixed(4)} on ${heldOut.length} held-out texts; and easel.q8_0.gguf (${kilobytes(q8.bytes)}): ` +
      `${q8.gap.toFixed(4)}. Now run: npm run evaluate`,
  );
  return FINE;
}

/** All that is decided before the first step. */
function planOf(choices: Choices): Plan {
  const { steps, threads, rate, seed, pairsUntil, listsUntil, listsGrow, plant, plantOutputs, ropeBase } = choices;
  return {
    config: { vocabularySize: vocabulary.length, ...EASEL, ropeBase },
    recipe: { ...EASEL_RECIPE, steps, threads, peakRate: rate },
    start: { ...EASEL_START, plant, plantOutputs },
    curriculum: { seed, pairsUntil, listsUntil, listsGrow },
    language: languageHash(),
  };
}

/** A fingerprint of vocabulary and grammar: the words, and what some hundreds of texts say and were drawn from. */
function languageHash(): string {
  const hash = createHash('sha256').update(vocabulary.join(' '));
  const texts = trainingTexts({ seed: 0, pairsUntil: 0, listsUntil: 2, listsGrow: 2 });
  for (let index = 0; index < 500; index++) {
    const { ids, targets } = texts(0, index, index % 3); // lists, both, the language alone
    hash.update(JSON.stringify(ids));
    for (const target of targets) {
      if (typeof target === 'string') hash.update(target);
      else hash.update(JSON.stringify([Array.from(target.ids), Array.from(target.probabilities)]));
    }
  }
  return hash.digest('hex');
}

/**
 * Reads the checkpoint that `--resume` names.
 *
 * @throws UsageError when an option that was given says otherwise than the checkpoint
 */
function openCheckpoint(options: Options, command: Command): { path: string; state: TrainingState; notes: Notes } {
  const path = typeof options.resume === 'string' ? options.resume : checkpointIn(options.out);
  if (!existsSync(path)) {
    throw new UsageError(`There is no checkpoint ${path} to go on from. Start without --resume, or name another.`);
  }
  let found: ReturnType<typeof readCheckpoint>;
  try {
    found = readCheckpoint(readFileSync(path));
  } catch (error) {
    throw new Error(`Cannot go on from ${path}. ${(error as Error).message} Start over without --resume.`);
  }
  const notes = found.notes as Notes;
  for (const option of command.options) {
    const name = option.attributeName() as keyof Choices;
    if (command.getOptionValueSource(name) !== 'cli') continue;
    if (name in notes.choices && options[name] !== notes.choices[name]) {
      throw new UsageError(
        `${path} was begun with ${option.long} ${notes.choices[name]}, so it cannot go on with ${options[name]}. ` +
          'Leave the option out, or start over without --resume.',
      );
    }
  }
  if (command.getOptionValueSource('out') === 'cli' && options.out !== notes.out) {
    throw new UsageError(`${path} writes to ${notes.out}, not to ${options.out}. Leave --out away.`);
  }
  return { path, state: found.state, notes };
}

/** @throws UsageError naming what differs between the sources of now and those the checkpoint was made with */
function refuseOtherPlan(now: Plan, then: Plan, path: string): void {
  for (const part of Object.keys(now) as (keyof Plan)[]) {
    const [a, b] = [then[part], now[part]].map((value) => JSON.stringify(value));
    if (a === b) continue;
    const what =
      part === 'language'
        ? 'The vocabulary or the grammar has changed'
        : `The ${part} of this training has changed from ${a} to ${b}`;
    throw new UsageError(`${what} since ${path} was written: it cannot go on. Start over without --resume.`);
  }
}

/** Where a training into this folder keeps its checkpoint. */
function checkpointIn(out: string): string {
  return join(out === DEFAULT_OUT ? '.cache/train' : out, 'easel.checkpoint.gguf');
}

/** Writes a file so that at any time either the old one is there or the new one, whole. */
function replaceFile(path: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, contents, { flush: true });
  renameSync(`${path}.part`, path);
}

/**
 * Steps at which to keep a snapshot: `n` of them from 0 to the last, close together at first, since most is learned
 * early: they grow with the cube, rounded to two digits.
 */
function spread(n: number, steps: number): number[] {
  const all = Array.from({ length: n }, (_, i) => {
    const step = Number((steps * (i / Math.max(1, n - 1)) ** 3).toPrecision(2));
    return i === n - 1 ? steps : Math.round(step);
  });
  return [...new Set(all)];
}

/** Ctrl-C asks the training to stop after its step; a second one ends the process at once. Returns how to stop listening. */
function listenForStop(controller: AbortController): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const unlisten = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    // one press arrives several times: from the terminal, and passed on by npm and by scripts/node.mjs
    setTimeout(unlisten, 500).unref();
  };
  for (const signal of signals) process.on(signal, stop);
  return unlisten;
}

function trainingLog(choices: Choices, { config, recipe }: Plan, entropy: number, rows: Row[]): string {
  const head = {
    about:
      'Written by "npm run train": do not edit. loss: nats a place of the training texts, the warm-up lists among them, ' +
      'mean since the row before. gap: nats a word above the entropy of the language on the held-out texts, of the ' +
      'averaged weights.',
    parameters: parameterCount(config),
    tokensPerStep: recipe.tokensPerStep,
    heldOutTexts: choices.texts,
    entropy: round(entropy, 4),
  };
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": ${lines(rows)}\n}\n`;
}

function momentList(moments: Moment[]): string {
  const about =
    'Written by "npm run train": do not edit. Snapshots of the training, Q8_0; gap: nats a word above the entropy of the ' +
    'language on the held-out texts.';
  return `{\n  "about": ${JSON.stringify(about)},\n  "moments": ${lines(moments)}\n}\n`;
}

/** A JSON array with one entry a line. */
function lines(entries: unknown[]): string {
  return `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
}

/** What the file says about itself. No date: the same training gives the same bytes. */
function aboutEasel(
  choices: Choices,
  language: string,
  { step, tokens }: { step: number; tokens: number },
  { gap, entropy }: { gap: number; entropy: number },
): GgufEntry[] {
  const { plant } = choices;
  return [
    ['general.name', 'string', step < choices.steps ? `Easel after ${step} steps` : 'Easel'],
    ['general.license', 'string', 'cc-by-4.0'],
    [
      'general.description',
      'string',
      'A tiny model of a little language whose exact probabilities are known, trained to show how attention works. ' +
        'It knows nothing of the world.',
    ],
    ['easel.training.command', 'string', commandFor(choices)],
    ['easel.training.seed', 'uint32', choices.seed],
    ['easel.training.steps', 'uint32', step],
    ['easel.training.tokens', 'uint32', tokens],
    [
      'easel.training.start',
      'string',
      plant > 0
        ? 'heads 1 and 2 of layer 1 started as "look one word back" and "look two words back"'
        : 'random, no head was given a job',
    ],
    ['easel.language.sha256', 'string', language],
    ['easel.quality.texts', 'uint32', choices.texts],
    ['easel.quality.entropy_nats', 'float32', entropy],
    ['easel.quality.gap_nats', 'float32', gap],
  ];
}

/** The command that makes the same weights, whatever the defaults will be by then. */
function commandFor(choices: Choices): string {
  const { steps, seed, threads, rate, pairsUntil, listsUntil, listsGrow, plant, plantOutputs, ropeBase, texts } =
    choices;
  return (
    `npm run train -- --steps ${steps} --seed ${seed} --threads ${threads} --rate ${rate} ` +
    `--pairs-until ${pairsUntil} --lists-until ${listsUntil} --lists-grow ${listsGrow} --plant ${plant} --plant-outputs ${plantOutputs} ` +
    `--rope-base ${ropeBase} --texts ${texts}`
  );
}

/** A bar on a terminal, a line for each row of the log elsewhere. */
function stopwatch(steps: number, start: { step: number; tokens: number }) {
  const began = performance.now();
  const bar =
    process.stdout.isTTY && process.env.TERM !== 'dumb'
      ? new SingleBar(
          {
            format: '{bar} {percentage} %  step {value} of {total}  {note}',
            stream: process.stdout,
            barsize: 24,
            gracefulExit: false,
          },
          Presets.shades_classic,
        )
      : undefined;
  bar?.start(steps, start.step, { note: '' });
  let now = start;
  const seconds = () => (performance.now() - began) / 1000;
  const speed = () => `${count(Math.round((now.tokens - start.tokens) / seconds()))} tokens/s`;
  const left = () => {
    const rest = Math.round((seconds() / Math.max(1, now.step - start.step)) * (steps - now.step));
    return `${rest < 90 ? `${rest} s` : `${Math.round(rest / 60)} min`} left`;
  };
  return {
    step(step: number, tokens: number, loss: number, last: Row | undefined) {
      now = { step, tokens };
      const gap = last ? `gap ${last.gap.toFixed(4)} nats at step ${count(last.step)}` : 'gap not measured yet';
      bar?.update(step, { note: `loss ${loss.toFixed(4)}  ${gap}  ${speed()}  ${left()}` });
    },
    row({ step, loss, gap }: Row) {
      if (bar) return;
      console.log(`step ${step}  loss ${loss.toFixed(4)}  gap ${gap.toFixed(4)} nats  ${speed()}  ${left()}`);
    },
    stop: () => bar?.stop(),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function count(n: number): string {
  return n.toLocaleString('en');
}

function kilobytes(bytes: Uint8Array): string {
  return `${(bytes.length / 1000).toFixed(0)} kB`;
}

function choicesOf(options: Options): Choices {
  const { out: _out, checkpoint: _checkpoint, resume: _resume, ...choices } = options;
  const report = choices.report ?? Math.max(1, Math.round(choices.steps / ROWS));
  if (choices.steps / report > MOST_ROWS) {
    throw new UsageError(
      `Expected at most ${count(MOST_ROWS)} rows in the log but --report ${report} gives ` +
        `${count(Math.ceil(choices.steps / report))}.`,
    );
  }
  return { ...choices, report };
}

function commandLine(): Command {
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
  const aboveOne = (text: string) => {
    const value = Number(text);
    if (!(value > 1) || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number above 1.');
    return value;
  };
  return new Command('train')
    .description(
      'Train Easel on the little language and write its files: easel.gguf, easel.q8_0.gguf, training.json and moments/. ' +
        'Without options: the training whose weights are in the repository. Ctrl-C stops it, --resume goes on.',
    )
    .option('--steps <n>', 'steps of 2,048 tokens', whole(1), EASEL_RECIPE.steps)
    .option('--seed <n>', 'start and order of the texts', whole(0), 1)
    .option('--out <folder>', 'folder to write to; one training, one folder', DEFAULT_OUT)
    .option('--resume [path]', 'go on from the checkpoint of a stopped training; its options need not be said again')
    .option('--checkpoint <n>', 'steps between checkpoints, in case the machine stops', whole(1), 500)
    .option('--moments <n>', 'snapshots of the training to keep, in moments/; 0: none', whole(0), 12)
    .option('--threads <n>', 'threads that share a step; part of the recipe, since sums are rounded', whole(1), 2)
    .option('--rate <x>', 'peak learning rate', positive, EASEL_RECIPE.peakRate)
    .option('--pairs-until <n>', 'step until which only pairs of words are read', whole(0), 0)
    .option('--lists-until <n>', 'step at which the last warm-up list is read', whole(0), 5000)
    .option('--lists-grow <n>', 'steps over which the lists grow', whole(0), 1500)
    .option('--plant <x>', 'strength with which two heads start looking one and two words back; 0: not', positive, 5)
    .option('--plant-outputs <x>', 'factor on what these two heads write at first', positive, 6)
    .option('--rope-base <x>', 'base of the rotary embedding', aboveOne, EASEL.ropeBase)
    .option('--report <n>', `steps between rows of the training log (default: ${ROWS} rows)`, whole(1))
    .option('--texts <n>', 'held-out texts to measure by', whole(1), 200)
    .exitOverride();
}
