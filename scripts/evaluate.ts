/**
 * `npm run evaluate`: how good the model is, and what its heads do. Writes, to public/model/: quality.json (the model card
 * and its figures), heads.json (the roles that lessons name heads by, and a card for each head) and, when several trainings
 * are compared, seeds.json.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { vocabulary } from '../src/language/language.ts';
import { compileKernels } from '../src/model/compile.ts';
import { createOdds } from '../src/model/odds.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';
import { measureHeads } from './evaluation/heads.ts';
import { headLines, qualityLines, seedLines, targetLines } from './evaluation/print.ts';
import { measureQuality, targetsOf } from './evaluation/quality.ts';
import { compareSeeds, type Measured } from './evaluation/seeds.ts';
import { makeTests } from './evaluation/tests.ts';

interface Options {
  model: string[];
  out: string;
  texts: number;
  prefixes: number;
  scenes: number;
  few: number;
  check?: boolean;
}

/** A model file, by which a report can be told from that of other weights. */
interface Source {
  file: string;
  sha256: string;
  /** The command that made it, and where it started from, as the file itself says. */
  command: string;
  seed: number;
  start: string;
}

/** Seeds of the random scenes: one for judging, one for heads, so that no head is chosen by what it is judged by. */
const JUDGED = 4242;
const WATCHED = 777;

const whole = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1 up.');
  return value;
};
const options = new Command('evaluate')
  .description('Measure the model against the language, find out what its heads do, and write both down.')
  .option(
    '--model <path>',
    'GGUF file; given again, further trainings to compare the first one with',
    (path: string, paths: string[] | undefined) => [...(paths ?? []), path],
  )
  .option('--out <folder>', 'folder for quality.json, heads.json and seeds.json', 'public/model')
  .option('--texts <n>', 'held-out texts', whole, 1000)
  .option('--prefixes <n>', 'places of held-out texts at which all odds are compared', whole, 2000)
  .option('--scenes <n>', 'scenes of each kind of sentence', whole, 500)
  .option('--few <n>', 'scenes of each kind, and thrice as many texts, to try each muted head on', whole, 100)
  .option('--check', 'write nothing, and end with 1 if a target is missed')
  .parse()
  .opts<Options>();

const began = performance.now();
const module = await compileKernels();
const files = options.model ?? ['public/model/easel.gguf'];
const sources: Source[] = [];
const measured: Measured[] = [];
for (const file of files) {
  const bytes = readFileSync(file);
  const model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  refuseOtherWords(model, file);
  const text = (key: string) => String(model.metadata.get(`easel.training.${key}`) ?? 'unknown');
  sources.push({
    file: basename(file),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    command: text('command'),
    seed: Number(model.metadata.get('easel.training.seed') ?? -1),
    start: text('start'),
  });
  const odds = await createOdds(model, module);
  const note = (what: string) => say(`${file}: ${what}`);
  const quality = measureQuality(
    odds,
    makeTests(options.scenes, JUDGED),
    { texts: options.texts, prefixes: options.prefixes, ofKind: options.few },
    note,
  );
  const heads = measureHeads(
    model,
    odds,
    makeTests(options.few, WATCHED),
    { texts: 3 * options.few, scenes: options.few },
    note,
  );
  measured.push({ quality, heads });
}
say('');

const [{ quality, heads }] = measured;
const targets = targetsOf(quality);
const missed = targets.filter(({ met }) => met === false);
console.log(`${sources[0].file}, made by: ${sources[0].command}\n`);
console.log([...targetLines(targets), '', ...qualityLines(quality), '', ...headLines(heads)].join('\n'));
const statements = measured.length > 1 ? compareSeeds(measured) : [];
if (statements.length > 0) console.log(['', `In ${measured.length} trainings:`, ...seedLines(statements)].join('\n'));
console.log(`\n${missed.length === 0 ? 'Every target is met.' : `${missed.length} targets are missed.`}`);

if (options.check) process.exitCode = missed.length > 0 ? 1 : 0;
else {
  const about =
    'Written by "npm run evaluate": do not edit. Layers and heads count from 1, places in a text from 0 (the start).';
  mkdirSync(options.out, { recursive: true });
  write('quality.json', { about, model: sources[0], targets, ...quality });
  write('heads.json', { about, model: sources[0], ...heads });
  if (statements.length > 0) write('seeds.json', { about, models: sources, statements });
}

function write(name: string, report: object): void {
  const path = join(options.out, name);
  const text = JSON.stringify(report, (_, value) => (typeof value === 'number' ? rounded(value) : value), 2)
    // short lists of numbers on one line
    .replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`);
  writeFileSync(path, `${text}\n`);
  console.log(`Wrote ${path}.`);
}

/** Four digits that matter, so that the last bits of a processor make no difference. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function refuseOtherWords(model: LanguageModel, file: string): void {
  const { vocabulary: words } = model.tokenizer;
  if (words.length === vocabulary.length && words.every((word, id) => id === 0 || word === vocabulary[id])) return;
  throw new Error(
    `${file} was trained on other words (${words.length}) than the language has now (${vocabulary.length}). ` +
      'Train it anew with npm run train.',
  );
}

/** Progress, to the side of what is printed: one line on a terminal, a line for each step elsewhere. */
function say(what: string): void {
  const { isTTY } = process.stderr;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  if (what === '') process.stderr.write(isTTY ? '\r\x1b[K' : `done in ${seconds} s\n`);
  else process.stderr.write(isTTY ? `\r\x1b[K${seconds} s  ${what} …` : `${seconds} s  ${what}\n`);
}
