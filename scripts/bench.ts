/** `npm run bench`: how long things take, as ratios within one run, and what the pages weigh. See --help. */
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import type { AsyncAttend, Attend, AttendInput } from '../src/attention/attend.ts';
import { createGpuAttend } from '../src/attention/gpu.ts';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { createSimdAttend } from '../src/attention/simd.ts';
import { vocabulary } from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';
import { packer } from '../src/model/batch.ts';
import { attentionBytes, compileKernels } from '../src/model/compile.ts';
import { EASEL } from '../src/model/easel.ts';
import { createFastPass, createMemory } from '../src/model/fast.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { forward, forwardAsync } from '../src/model/llama.ts';
import { createPlainPass } from '../src/model/plain-pass.ts';
import { lossOf } from '../src/model/train.ts';
import { computeFigure, figureFiles, figureKey, readPages } from '../src/site/make-figures.ts';
import { openWorlds, type Worlds } from '../src/site/worlds.ts';
import { coldStart, waits } from './bench-browser.ts';
import { type Cost, costOfGuide, costOfLessons, LESSONS, shares } from './bench-guide.ts';
import { weighPages } from './page-weight.ts';
import { apart, openStep, ourLearner, tensorflowLearner } from './rival-training.ts';
import { installRivals, openRivals } from './rivals.ts';
import { trainingTexts } from './texts.ts';

const root = join(import.meta.dirname, '..');
const LENGTHS = [32, 128, 512, 2048];
/** Beyond this length the slowest forms are left out: one turn of theirs would take the better part of a minute. */
const SLOW_UNTIL = 512;
const N_HEADS = 8;
const HEAD_DIM = 64;
const WORDS = 24;
/** Of one training batch; a quarter of what a thread takes in a step, so that plain does not take the whole day. */
const PLACES = 256;

/** Rounds in which all take turns. The quickest turn counts: what else the machine does can only make one slower. */
const ROUNDS = 5;
/** One turn lasts at least this long, by repeating what is quick. */
const TURN_MS = 15;

const options = new Command('bench')
  .description(
    'Time attention in every form, a step of training, a forward pass of Easel and one figure, and weigh the scripts of the built pages. ' +
      'Times are those of the quickest of several turns and depend on the machine; the ratios beside them are what to compare.',
  )
  .option(
    '--rivals',
    'measure TensorFlow.js and ONNX Runtime too; they are installed into tests/rivals when first asked for',
  )
  .option(
    '--guide',
    'instead, time the figures and the site of the whole guide, cold and warm, and of 30 and 300 generated lessons: takes about ten minutes',
  )
  .option(
    '--browser',
    'instead, open the built site in a browser and time what a reader waits for: takes minutes; build the site first',
  )
  .parse()
  .opts<{ rivals?: true; guide?: true; browser?: true }>();

/** Something to time; one call is one piece of work. */
interface Contestant {
  name: string;
  run(): unknown;
}

console.log(`${cpus()[0]?.model ?? 'a processor'}, ${platform()} ${arch()}, Node ${process.versions.node}`);
if (options.guide) await benchGuide();
else if (options.browser) await benchBrowser();
else await benchParts();

async function benchParts(): Promise<void> {
  // Training first: it wants both cores, and what other libraries leave behind would share them.
  await benchStep();
  await benchTraining();
  await benchAttention();
  const worlds = await openWorlds(root).catch((error: Error) => error);
  if (worlds instanceof Error) {
    title('Easel and one figure');
    console.log(`not measured: ${worlds.message}`);
  } else {
    await benchModel(worlds);
    await benchFigure(worlds);
    await worlds.close();
  }
  weigh();
}

/** The whole guide, and generated ones. The aim is about 20 s for the figures of this one on two cores. */
async function benchGuide(): Promise<void> {
  title('Every figure of the guide, one after the other: where the time goes');
  const parts = await shares();
  const whole = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  print(
    ['part', 's', 'of all'],
    parts.map(({ part, seconds }) => [part, seconds.toFixed(2), `${((100 * seconds) / whole).toFixed(0)} %`]),
  );
  title('The guide as programs make it');
  const show = (costs: Cost[]) =>
    print(
      ['what', 's', 'peak MB'],
      costs.map(({ what, seconds, megabytes }) => [what, seconds.toFixed(1), megabytes.toFixed(0)]),
    );
  show(costOfGuide());
  title('Generated lessons of three figures each');
  const [few, many] = LESSONS.map(costOfLessons);
  show([...few, ...many]);
  many.forEach(({ seconds, megabytes }, i) => {
    const times = LESSONS[1] / LESSONS[0];
    console.log(
      `${times} times the lessons: ${few[i].what.split(' ')[0]} take ${ratio(seconds / few[i].seconds)} times as long and ${ratio(megabytes / few[i].megabytes)} times the memory.`,
    );
  });
}

/** What a reader waits for. The aim is an answer within a frame, 16.7 ms. */
async function benchBrowser(): Promise<void> {
  const site = join(root, 'dist');
  title('From opening the front page, nothing fetched before, to the first answer of its figure');
  print(
    ['processor', 'ms'],
    (await coldStart(site)).map(({ slowed, milliseconds }) => [`1 / ${slowed}`, milliseconds.toFixed(0)]),
  );
  title(
    'A figure of each kind: bytes (gzipped) and ms from coming into view to its first answer, ms from a key to paint',
  );
  print(
    ['kind', 'processor', 'script', 'model and numbers', 'to answer', 'key p50', 'p95'],
    (await waits(site)).map(({ kind, slowed, script, data, toAnswer, p50, p95 }) => [
      kind,
      `1 / ${slowed}`,
      script.toLocaleString('en'),
      data.toLocaleString('en'),
      toAnswer.toFixed(0),
      p50.toFixed(1),
      p95.toFixed(1),
    ]),
  );
}

async function openSimd(): Promise<Attend> {
  return createSimdAttend(await WebAssembly.compile(await attentionBytes()));
}

/** Causal attention, output only, so that all do the same work. */
async function benchAttention(): Promise<void> {
  title(`Causal attention, ${N_HEADS} heads of size ${HEAD_DIM}: ms, and times as long as plain`);
  const simd = await openSimd();
  const forms: { name: string; attend: Attend | AsyncAttend; slow?: true }[] = [
    { name: 'plain', attend: plain },
    { name: 'simd', attend: simd },
    { name: 'reference', attend: reference, slow: true },
  ];
  const close: (() => Promise<void>)[] = [];
  const chosen = await createGpuAttend();
  close.push(() => chosen.destroy());
  if (chosen.backend === 'webgpu') forms.push({ name: 'gpu.js, webgpu', attend: chosen.attend });
  for (const backend of ['webasm', 'cpu'] as const) {
    const gpu = await createGpuAttend({ backend });
    forms.push({ name: `gpu.js, ${backend}`, attend: gpu.attend, ...(backend === 'cpu' && { slow: true }) });
    close.push(() => gpu.destroy());
  }
  if (options.rivals) installRivals();
  const rivals = options.rivals ? await openRivals() : [];

  const table = new Map<string, { cells: string[]; off: number }>();
  for (const n of LENGTHS) {
    const input = randomInput(n);
    const truth = reference(input, { causal: true, trace: 'output' }).output;
    const running = forms.filter(({ slow }) => !slow || n <= SLOW_UNTIL);
    const contestants: Contestant[] = running.map(({ name, attend }) => ({
      name,
      run: () => attend(input, { causal: true, trace: 'output' }),
    }));
    for (const rival of rivals) {
      const task = { q: input.q as Float32Array, k: input.k as Float32Array, v: input.v as Float32Array };
      contestants.push({
        name: rival.name,
        run: await rival.prepare({ ...task, nHeads: N_HEADS, n, headDim: HEAD_DIM }),
      });
    }
    const times = await race(contestants);
    for (const { name, run } of contestants) {
      const found = (await run()) as Float32Array | { output: Float32Array };
      const output: ArrayLike<number> = 'output' in found ? found.output : found;
      const row = table.get(name) ?? { cells: [], off: 0 };
      row.cells.push(milliseconds(times.get(name)!), ratio(times.get(name)! / times.get('plain')!));
      for (const [at, value] of truth.entries()) row.off = Math.max(row.off, Math.abs(value - output[at]));
      table.set(name, row);
    }
  }
  print(
    ['form', ...LENGTHS.flatMap((n) => [`n = ${n}`, '× plain']), 'off float64 by'],
    [...table].map(([name, { cells, off }]) => [
      name,
      ...cells,
      ...new Array<string>(2 * LENGTHS.length - cells.length).fill('not run'),
      off === 0 ? '0' : off.toExponential(1),
    ]),
  );
  console.log(`gpu.js left to itself takes ${chosen.backend} here: ${chosen.reason}.`);
  if (!options.rivals) console.log('Other libraries are measured with --rivals.');
  for (const one of close) await one();
}

/** Forward pass, loss and gradients of one batch, on one thread, as a step of training computes them. */
async function benchTraining(): Promise<void> {
  title(`The gradients of ${PLACES} places of training, one thread`);
  const config = { vocabularySize: vocabulary.length, ...EASEL };
  const texts = trainingTexts({ seed: 1, pairsUntil: 0, listsUntil: 0, listsGrow: 0 });
  let drawn = 0;
  const batch = packer(PLACES, () => texts(0, drawn++, 0))();
  const weights = initialWeights(config, EASEL_START, mulberry32(1));
  const slow = createPlainPass(config);
  slow.weights.set(weights);
  const contestants: (Contestant & { gradients: Float32Array })[] = [
    { name: 'plain', gradients: slow.gradients, run: () => slow.learn(batch, 1 / PLACES) },
  ];
  for (const [name, wide] of [
    ['WebAssembly, as in pages', false],
    ['WebAssembly, as in npm run train', true],
  ] as const) {
    const module = await compileKernels({ wide, shared: wide, relaxed: wide });
    const pass = await createFastPass(config, module, createMemory(config, PLACES, 1, wide), PLACES, 0);
    pass.weights.set(weights);
    const run = () => {
      pass.readWeights();
      pass.forward(batch);
      lossOf(pass, batch, 1 / PLACES);
      pass.backward(batch);
    };
    contestants.push({ name, gradients: pass.gradients, run });
  }
  const times = await race(contestants);
  const largest = slow.gradients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  print(
    ['form', 'ms', '× plain', 'off plain by, of the largest'],
    contestants.map(({ name, gradients }) => {
      const off = gradients.reduce((most, value, i) => Math.max(most, Math.abs(value - slow.gradients[i])), 0);
      const time = times.get(name)!;
      return [
        name,
        milliseconds(time),
        ratio(time / times.get('plain')!),
        off === 0 ? '0' : (off / largest).toExponential(1),
      ];
    }),
  );
}

/** A whole step of training from the same state: gradients of one batch, clipping, AdamW, moving average. */
async function benchStep(): Promise<void> {
  const module = await compileKernels();
  const task = await openStep(module);
  const { tokensPerStep } = task.recipe;
  title(`A whole step of training, ${tokensPerStep.toLocaleString('en')} places`);
  const ours = await ourLearner(task, module, 1);
  const learners = [ours, await ourLearner(task, module, 2)];
  if (options.rivals) learners.push(await tensorflowLearner(task));
  const offs = learners.map((learner) => apart(ours, learner, task));
  const times = await race(learners.map(({ name, step }) => ({ name, run: step })));
  print(
    ['form', 'ms', '× one thread', 'places a second', 'weights off by, of the step'],
    learners.map(({ name }, i) => {
      const time = times.get(name)!;
      return [
        name,
        milliseconds(time),
        ratio(time / times.get(ours.name)!),
        Math.round((1000 * tokensPerStep) / time).toLocaleString('en'),
        offs[i] === 0 ? '0' : offs[i].toExponential(1),
      ];
    }),
  );
  if (options.rivals) console.log('tfjs has only one thread in Node.');
  for (const learner of learners) await learner.close();
}

async function benchModel({ gpu, reference: inFloat64, backend }: Worlds): Promise<void> {
  const { model } = gpu;
  title(`A forward pass of ${model.name}, ${WORDS} words, every step kept`);
  const random = mulberry32(1);
  const ids = Array.from({ length: WORDS }, (_, t) =>
    t === 0 ? 0 : Math.floor(random() * model.config.vocabularySize),
  );
  const onGpu = await createGpuAttend({ backend });
  const simd = await openSimd();
  const contestants: Contestant[] = [
    { name: 'plain', run: () => forward(model, ids, { attend: plain }) },
    { name: 'simd', run: () => forward(model, ids, { attend: simd }) },
    { name: 'reference, float64', run: () => inFloat64.run(ids) },
    { name: `gpu.js, ${backend}`, run: () => forwardAsync(model, ids, { attend: onGpu.attend }) },
  ];
  const times = await race(contestants);
  print(
    ['form', 'ms', '× plain'],
    contestants.map(({ name }) => [
      name,
      milliseconds(times.get(name)!),
      ratio(times.get(name)! / times.get('plain')!),
    ]),
  );
  await onGpu.destroy();
}

/** The first figure of each kind: read from its page, computed, compared with float64, drawn, and made into files. */
async function benchFigure(worlds: Worlds): Promise<void> {
  title('One figure from its declaration to its files');
  const { pages } = readPages(root, worlds.gpu);
  const declared = pages.flatMap((page) => page.figures.map((one) => ({ page, one })));
  const firsts = declared.filter(
    ({ one }, index) => declared.findIndex((other) => other.one.declaration.kind === one.declaration.kind) === index,
  );
  if (firsts.length === 0) {
    console.log('not measured: no page declares a figure yet');
    return;
  }
  const contestants: Contestant[] = firsts.map(({ page, one }) => ({
    name: `${figureKey(page, one)} (${one.declaration.kind})`,
    async run() {
      const made = await computeFigure(page, one, worlds);
      if (!('key' in made)) throw new Error(`${made.file}: ${made.message}`);
      return figureFiles(made);
    },
  }));
  contestants.push({ name: 'reading every page', run: () => readPages(root, worlds.gpu) });
  const times = await race(contestants);
  const least = Math.min(...firsts.map((_, index) => times.get(contestants[index].name)!));
  print(
    ['figure', 'ms', '× the quickest'],
    contestants.map(({ name }) => [name, milliseconds(times.get(name)!), ratio(times.get(name)! / least)]),
  );
}

function weigh(): void {
  title('Script of a page, gzipped');
  try {
    const rows = weighPages(join(root, 'dist'), process.env.BASE_PATH);
    const first = rows[0].bytes;
    print(
      ['what', 'page', 'files', 'bytes', '× the first'],
      rows.map(({ what, page, files, bytes }) => [
        what,
        page,
        String(files),
        bytes.toLocaleString('en'),
        ratio(bytes / first),
      ]),
    );
    if (rows.length < 4) console.log('No page of this site has an island that can load gpu.js.');
  } catch (error) {
    console.log(`not measured: ${(error as Error).message}`);
  }
}

function randomInput(n: number): AttendInput {
  const random = mulberry32(n);
  const numbers = () => Float32Array.from({ length: N_HEADS * n * HEAD_DIM }, () => 3.4 * (random() - 0.5));
  return {
    ...{ nHeads: N_HEADS, nKeyHeads: N_HEADS, nQueries: n, nKeys: n, headDim: HEAD_DIM, valueDim: HEAD_DIM },
    ...{ q: numbers(), k: numbers(), v: numbers() },
  };
}

/** The time of one call of each contestant, in ms, in its quickest turn. */
async function race(contestants: Contestant[]): Promise<Map<string, number>> {
  const quickest = new Map<string, number>();
  const repeats = new Map<string, number>();
  for (const { name, run } of contestants) {
    await run();
    const start = performance.now();
    await run();
    repeats.set(name, Math.max(1, Math.ceil(TURN_MS / Math.max(performance.now() - start, 0.001))));
    quickest.set(name, Infinity);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of contestants) {
      const count = repeats.get(name)!;
      const start = performance.now();
      for (let i = 0; i < count; i++) await run();
      quickest.set(name, Math.min(quickest.get(name)!, (performance.now() - start) / count));
    }
  }
  return quickest;
}

function milliseconds(time: number): string {
  return time < 10 ? time.toFixed(2) : time.toFixed(0);
}

function ratio(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}

function title(text: string): void {
  console.log(`\n${styleText('bold', text, { stream: process.stdout })}`);
}

function print(head: string[], rows: string[][]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const isNumber = head.map((_, column) => rows.every((row) => /^[\d.,e+-]+$/.test(row[column])));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    console.log(cells.join('  ').trimEnd());
  }
}
