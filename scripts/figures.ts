/** `npm run figures`: computes every figure that a page declares and writes its files. See --help. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { SingleBar } from 'cli-progress';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { choices } from '../src/figures/choices.ts';
import { checkUses, listMistakes } from '../src/figures/declarations.ts';
import { compareRecord, type FigureRecord, recordFigure, writeRecord } from '../src/figures/record.ts';
import { tolerance } from '../src/figures/tolerance.ts';
import {
  type ComputedFigure,
  computeFigures,
  figureFiles,
  figureKey,
  readPages,
  readStamps,
  replaceFolder,
  stampOf,
} from '../src/site/make-figures.ts';
import { openWorlds, type Worlds } from '../src/site/worlds.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const recordFile = join(root, 'tests/figures-record.json');

/** Everything went as asked. */
const fine = 0;
/** A figure or a page is not as it should be: a mistake, a number outside the tolerance, a figure that moved. */
const notRight = 1;
/** The command could not be carried out: a name or an option that does not exist, no model. */
const notPossible = 2;

const backends = ['auto', 'webgpu', 'webgl2', 'webasm', 'cpu', 'plain'] as const;

interface Options {
  check?: true;
  accept?: true;
  backend: (typeof backends)[number];
  out?: string;
  json?: true;
}

const program = new Command('npm run figures --')
  .description(
    'Compute figures from what pages declare in their frontmatter, hold each against float64, and write it as SVG, PNG, CSV and JSON.',
  )
  .argument('[figure...]', "which ones: 'woman', 'out-of-context#woman' or a page; all when none is named")
  .addOption(
    new Option(
      '--check',
      'write no pictures; compare with tests/figures-record.json and say which figure moved',
    ).conflicts(['accept', 'out']),
  )
  .option('--accept', 'write the pictures, and the record anew')
  .addOption(
    new Option('--backend <name>', `what computes attention: ${backends.join(', ')}`)
      .argParser(readBackend)
      .default('auto'),
  )
  .option('--out <folder>', 'where to, instead of public/figures')
  .option('--json', 'say what was made as JSON on standard output')
  .addHelpText(
    'after',
    '\nExit status: 0 fine; 1 a mistake in a page, or a figure that moved; 2 not possible as asked.',
  )
  .showHelpAfterError('--help lists the options.')
  .exitOverride();

const progress = createProgress();
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? fine : notPossible;
    throw error;
  }
  const options = program.opts<Options>();
  let worlds: Worlds;
  try {
    worlds = await openWorlds(root, options.backend);
  } catch (error) {
    return refuse((error as Error).message);
  }
  try {
    return await makeFigures(program.args, options, worlds);
  } finally {
    progress.stop();
    await worlds.close();
  }
}

async function makeFigures(names: string[], options: Options, worlds: Worlds): Promise<number> {
  const { pages, mistakes } = readPages(root, worlds.gpu);
  const declared = pages.flatMap((page) => page.figures.map((one) => ({ page, declared: one })));
  const wanted = names.length === 0 ? declared : declared.filter((one) => names.some((name) => isCalled(name, one)));
  const missing = names.filter((name) => !declared.some((one) => isCalled(name, one)));
  if (missing.length > 0 && mistakes.length === 0) {
    const known = declared.map((one) => figureKey(one.page, one.declared));
    return refuse(missing.map((name) => `No page declares a figure '${name}'. ${choices(name, known)}`).join('\n'));
  }

  progress.start(options.check ? wanted.length : 2 * wanted.length);
  const computed = await computeFigures(wanted, worlds, (one) =>
    progress.step('computing', figureKey(one.page, one.declared)),
  );
  mistakes.push(...computed.mistakes);
  for (const page of pages) {
    const own = computed.figures.filter((figure) => figure.page === page).map(({ data }) => data);
    mistakes.push(...checkUses(page, new Map(own.map((data) => [data.name, data]))));
  }
  if (mistakes.length > 0) {
    progress.stop();
    note(listMistakes(mistakes.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)));
    note(bad(`${count(mistakes.length, 'mistake')}. Nothing was written.`));
    return notRight;
  }
  const outside = computed.figures.filter(({ comparison }) => comparison.outside.length > 0);
  if (outside.length > 0) {
    progress.stop();
    for (const { key, comparison } of outside) {
      note(`${key}: ${count(comparison.outside.length, 'cell')} farther than ${tolerance} from float64`);
      for (const line of comparison.outside.slice(0, 3)) note(`  ${line}`);
    }
    note(bad(`${worlds.backend} computed numbers that are not right. Nothing was written.`));
    return notRight;
  }

  const byKey = new Map(computed.figures.map((figure) => [figure.key, figure.data]));
  let record: FigureRecord;
  try {
    record = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {};
  } catch (error) {
    progress.stop();
    return refuse(
      `${relative(process.cwd(), recordFile)} cannot be read: ${(error as Error).message}. Take it from git, or delete it and run: npm run figures -- --accept`,
    );
  }
  const moved = compareRecord(record, byKey, names.length === 0);
  if (options.check) {
    progress.stop();
    report(computed.figures, new Map(), options);
    if (moved.length === 0) {
      note(`${count(byKey.size, 'figure')} as the record has ${byKey.size === 1 ? 'it' : 'them'}.`);
      return fine;
    }
    for (const line of moved) note(line);
    note(bad(`${count(moved.length, 'figure')} moved. If that is right, run: npm run figures -- --accept`));
    return notRight;
  }

  const files = new Map<string, Buffer>();
  const bytes = new Map<string, number>();
  // Pictures are made outside this thread, most of the time: as many at once as there are cores.
  const waiting = computed.figures.values();
  const drawAll = async () => {
    for (const figure of waiting) {
      progress.step('drawing', figure.key);
      const start = performance.now();
      const own = await figureFiles(figure);
      figure.milliseconds += performance.now() - start;
      for (const [path, content] of own) files.set(path, content);
      bytes.set(
        figure.key,
        [...own.values()].reduce((sum, { length }) => sum + length, 0),
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, drawAll));
  const out = options.out ? resolve(options.out) : join(root, 'public/figures');
  const others = declared.filter((one) => !wanted.includes(one));
  const old = readStamps(out);
  const stamps: Record<string, string> = {};
  for (const one of declared) {
    const key = figureKey(one.page, one.declared);
    if (wanted.includes(one)) stamps[key] = stampOf(one.declared, worlds.fingerprint);
    else if (old[key]) stamps[key] = old[key];
  }
  const inProject = !relative(root, out).startsWith('..');
  const keep = others.map(({ page, declared: { name } }) => `${page.id}/${name}`);
  try {
    replaceFolder(out, files, keep, stamps, inProject ? join(root, '.cache') : undefined);
  } catch (error) {
    progress.stop();
    return refuse((error as Error).message);
  }

  if (options.accept) {
    const kept = names.length === 0 ? {} : record;
    for (const { key, data } of computed.figures) kept[key] = recordFigure(data);
    writeFileSync(`${recordFile}.new`, writeRecord(kept));
    renameSync(`${recordFile}.new`, recordFile);
  }
  progress.stop();
  report(computed.figures, bytes, options);
  const where = relative(process.cwd(), out) || '.';
  note(`${count(files.size, 'file')} in ${where}. Attention by ${worlds.backend}: ${worlds.reason}.`);
  if (options.accept) note(`Wrote ${relative(process.cwd(), recordFile)}.`);
  else if (moved.length > 0) {
    note(
      `${count(moved.length, 'figure')} not as the record has ${moved.length === 1 ? 'it' : 'them'}: --check says more, --accept rewrites it.`,
    );
  }
  return fine;
}

/** A figure answers to its name, to page#name with a whole or a short page, and to its page. */
function isCalled(name: string, { page, declared }: { page: { id: string }; declared: { name: string } }): boolean {
  const short = page.id.slice(page.id.lastIndexOf('/') + 1);
  return [declared.name, `${page.id}#${declared.name}`, `${short}#${declared.name}`, page.id, short].includes(name);
}

/** What was made, for people as a table and for programs as JSON: the only thing that goes to standard output. */
function report(figures: ComputedFigure[], bytes: Map<string, number>, options: Options) {
  if (options.json) {
    const list = figures.map(({ key, data, backend, comparison, milliseconds }) => ({
      figure: key,
      kind: data.kind,
      backend: backend ?? null,
      largestDifference: comparison.largest,
      milliseconds: Math.round(milliseconds * 10) / 10,
      bytes: bytes.get(key) ?? null,
    }));
    console.log(JSON.stringify(list, null, 2));
    return;
  }
  if (figures.length === 0) return;
  const head = ['figure', 'kind', 'attention by', 'off float64 by', 'ms', 'bytes'];
  const rows = figures.map(({ key, data, backend, comparison, milliseconds }) => [
    key,
    data.kind,
    backend ?? 'none',
    comparison.largest === 0 ? '0' : comparison.largest.toExponential(1),
    milliseconds.toFixed(1),
    bytes.get(key)?.toLocaleString('en') ?? '–',
  ]);
  const widths = head.map((_, c) => Math.max(...[head, ...rows].map((row) => row[c].length)));
  const text = (row: string[]) =>
    row
      .map((cell, c) => (c < 3 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  console.log(styleText('bold', text(head), { stream: process.stdout }));
  for (const row of rows) console.log(text(row));
  const slowest = figures.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 3);
  if (figures.length > 3)
    note(`Slowest: ${slowest.map(({ key, milliseconds }) => `${key} (${milliseconds.toFixed(0)} ms)`).join(', ')}.`);
}

/** A bar where someone watches, a line each where a log is kept. */
function createProgress() {
  if (!process.stderr.isTTY)
    return { start() {}, step: (doing: string, name: string) => note(`${doing} ${name}`), stop() {} };
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {doing} {name}',
    stream: process.stderr,
    clearOnComplete: true,
  });
  let done = 0;
  return {
    start: (total: number) => bar.start(total, 0, { doing: '', name: '' }),
    step: (doing: string, name: string) => bar.update(done++, { doing, name }),
    /** Clears the bar; what is said next starts on an empty line. */
    stop: () => bar.stop(),
  };
}

/** @throws {InvalidArgumentError} with the nearest backend there is. */
function readBackend(name: string): Options['backend'] {
  const found = backends.find((one) => one === name);
  if (!found) throw new InvalidArgumentError(choices(name, backends));
  return found;
}

function refuse(message: string): number {
  note(bad(message));
  return notPossible;
}

function note(message: string) {
  process.stderr.write(`${message}\n`);
}

function bad(message: string): string {
  return styleText('red', message, { stream: process.stderr });
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
