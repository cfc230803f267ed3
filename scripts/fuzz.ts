/**
 * `npm run fuzz`: opens 100,000 damaged and odd GGUF files. Each must give a GgufError or a working model, within a second
 * and 64 MiB, and nothing else. A second process does it, so that a crash or an endless loop is told as well.
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { GgufError } from '../src/model/gguf.ts';
import { createMutants, tryToOpen } from './mutants.ts';

const MOST_MIB = 64;
const MOST_MS = 1000;
/** Files between two signs of life, and how long to wait for one: twice what all of them may take. */
const BATCH = 100;
const PATIENCE_MS = 2 * BATCH * MOST_MS;

interface Progress {
  /** Files tried so far. */
  done: number;
  opened: number;
  /** The most memory above that of a process that has just opened a good file. */
  mib: number;
  slowest: { index: number; ms: number };
  failure?: string;
}

const whole = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number from 0 up.');
  return value;
};
const options = new Command('fuzz')
  .description('Open damaged and odd GGUF files: each must give a GgufError or a working model.')
  .option('--count <n>', 'files', whole, 100_000)
  .option('--from <n>', 'number of the first', whole, 0)
  .option('--seed <n>', 'another seed, other files', whole, 1)
  .parse()
  .opts<{ count: number; from: number; seed: number }>();

if (process.send) work();
else supervise();

function supervise(): void {
  // a small heap, so that what is counted is not rubbish waiting to be collected
  const child = fork(import.meta.filename, process.argv.slice(2), {
    execArgv: [`--max-old-space-size=${MOST_MIB}`, '--max-semi-space-size=2', '--expose-gc'],
  });
  let last: Progress = { done: 0, opened: 0, mib: 0, slowest: { index: 0, ms: 0 } };
  let said = 0;
  const give = (up: string) => {
    console.error(
      `${up} After file ${options.from + last.done}; to see: npm run fuzz -- --seed ${options.seed} --from …`,
    );
    process.exitCode = 1;
    child.kill('SIGKILL');
  };
  const stuck = () => give(`Nothing heard for ${PATIENCE_MS / 1000} s.`);
  let timer = setTimeout(stuck, PATIENCE_MS);
  child.on('message', (message) => {
    last = message as Progress;
    clearTimeout(timer);
    timer = setTimeout(stuck, PATIENCE_MS);
    if (last.failure) give(last.failure);
    if (last.done - said >= 10_000) {
      said = last.done;
      console.log(`${last.done.toLocaleString('en')} files …`);
    }
  });
  child.on('exit', (code, signal) => {
    clearTimeout(timer);
    if (process.exitCode) return;
    const { done, opened, mib, slowest } = last;
    if (code !== 0 || done !== options.count) return give(`The process ended with ${signal ?? code}.`);
    console.log(
      `${done.toLocaleString('en')} files: ${(done - opened).toLocaleString('en')} refused with a GgufError, ` +
        `${opened.toLocaleString('en')} opened. Most memory ${mib.toFixed(0)} MiB, slowest ${slowest.ms.toFixed(0)} ms ` +
        `(file ${slowest.index}).`,
    );
  });
}

function work(): void {
  const large = ['easel.gguf', 'easel.q8_0.gguf'].map((name) =>
    readFileSync(join(import.meta.dirname, '..', 'public', 'model', name)),
  );
  const mutants = createMutants(options.seed, large);
  tryToOpen(new Uint8Array(large[0]));
  globalThis.gc?.();
  const memoryNow = () => process.memoryUsage.rss() / 2 ** 20;
  const before = memoryNow();
  const progress: Progress = { done: 0, opened: 0, mib: 0, slowest: { index: options.from, ms: 0 } };
  const report = (failure?: string) => process.send!({ ...progress, failure });
  for (let index = options.from; index < options.from + options.count; index++) {
    const bytes = mutants.make(index);
    const start = performance.now();
    try {
      if (!(tryToOpen(bytes) instanceof GgufError)) progress.opened++;
    } catch (error) {
      return void report(`File ${index} gave neither a GgufError nor a working model. ${(error as Error).stack}`);
    }
    const ms = performance.now() - start;
    // the highest the process ever stood, whatever was collected since
    progress.mib = Math.max(progress.mib, process.resourceUsage().maxRSS / 1024 - before);
    progress.done++;
    if (ms > progress.slowest.ms) progress.slowest = { index, ms };
    if (ms > MOST_MS) return void report(`File ${index} took ${ms.toFixed(0)} ms.`);
    if (progress.mib > MOST_MIB) return void report(`File ${index} took the memory to ${progress.mib.toFixed(0)} MiB.`);
    if (progress.done % BATCH === 0) report();
    if (progress.done % 20 === 0) globalThis.gc?.();
  }
  report();
  process.disconnect?.();
}
