/**
 * `npm run fuzz`: opens 100,000 damaged and odd GGUF files. Each must give a GgufError or a working model, within a second
 * and 64 MiB, and nothing else. This process makes them and another one opens them, so that only opening is measured, and a
 * crash or an endless loop has a number.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { GgufError } from '../src/model/gguf.ts';
import { createMutants, tryToOpen } from './mutants.ts';

const MOST_MS = 1000;
const MOST_MIB = 64;
/** When the other process is given up. */
const PATIENCE_MS = 20 * MOST_MS;
/** Files before another process takes over: one that has opened thousands is larger for that alone. */
const SHIFT = 10_000;

/** What came of one file. */
interface Outcome {
  opened: boolean;
  ms: number;
  /** The most memory the process has ever had, above what it had after opening a good file. */
  mib: number;
  failure?: string;
}

if (process.send) openWhatComes();
else await makeAndSend();

async function makeAndSend(): Promise<void> {
  const whole = (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number from 0 up.');
    return value;
  };
  const { count, from, seed } = new Command('fuzz')
    .description('Open damaged and odd GGUF files: each must give a GgufError or a working model.')
    .option('--count <n>', 'files', whole, 100_000)
    .option('--from <n>', 'number of the first', whole, 0)
    .option('--seed <n>', 'another seed, other files', whole, 1)
    .parse()
    .opts<{ count: number; from: number; seed: number }>();

  const large = ['easel.gguf', 'easel.q8_0.gguf'].map((name) => readFileSync(join('public', 'model', name)));
  const mutants = createMutants(seed, large);
  let opened = 0;
  const slowest = { ms: 0, index: from };
  const largest = { mib: 0, index: from };
  let child: ChildProcess | undefined;
  for (let index = from; index < from + count; index++) {
    if ((index - from) % SHIFT === 0) {
      child?.kill();
      if (index > from) console.log(`${(index - from).toLocaleString('en')} files …`);
      child = fork(import.meta.filename, {
        serialization: 'advanced',
        // a small heap, so that what is counted is not rubbish waiting to be collected
        execArgv: [`--max-old-space-size=${MOST_MIB}`, '--max-semi-space-size=2', '--expose-gc'],
      });
      await outcomeOf(child, new Uint8Array(large[0]));
    }
    const { failure, ...result } = await outcomeOf(child!, mutants.make(index));
    if (result.opened) opened++;
    if (result.ms > slowest.ms) Object.assign(slowest, { ms: result.ms, index });
    if (result.mib > largest.mib) Object.assign(largest, { mib: result.mib, index });
    const wrong =
      failure ??
      (result.ms > MOST_MS ? `took ${result.ms.toFixed(0)} ms` : undefined) ??
      (result.mib > MOST_MIB ? `took ${result.mib.toFixed(0)} MiB` : undefined);
    if (wrong) {
      console.error(`File ${index} ${wrong}\nOnce more: npm run fuzz -- --seed ${seed} --from ${index} --count 1`);
      process.exitCode = 1;
      break;
    }
  }
  child?.kill('SIGKILL');
  if (process.exitCode) return;
  console.log(
    `${count.toLocaleString('en')} files: ${(count - opened).toLocaleString('en')} refused with a GgufError, ` +
      `${opened.toLocaleString('en')} opened and working. Slowest ${slowest.ms.toFixed(0)} ms (file ${slowest.index}), ` +
      `most memory ${largest.mib.toFixed(0)} MiB (file ${largest.index}).`,
  );
}

/** Lets the other process open a file. */
async function outcomeOf(child: ChildProcess, bytes: Uint8Array): Promise<Outcome> {
  const nothing = { opened: false, ms: 0, mib: 0 };
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE_MS);
  child.send(bytes);
  try {
    return await Promise.race([
      once(child, 'message', { signal: stop.signal }).then(([outcome]): Outcome => outcome),
      once(child, 'exit', { signal: stop.signal }).then(
        ([code, signal]): Outcome => ({ ...nothing, failure: `ended the process: ${signal ?? `code ${code}`}` }),
      ),
    ]);
  } catch {
    return { ...nothing, failure: `was not done after ${PATIENCE_MS} ms` };
  } finally {
    clearTimeout(patience);
    stop.abort();
  }
}

function openWhatComes(): void {
  let files = 0;
  let before = 0;
  process.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
    const outcome: Outcome = { opened: false, ms: 0, mib: 0 };
    const file = new Uint8Array(bytes); // in a buffer of its own
    const start = performance.now();
    try {
      outcome.opened = !(tryToOpen(file) instanceof GgufError);
    } catch (error) {
      outcome.failure = `gave neither a GgufError nor a working model: ${(error as Error).stack}`;
    }
    outcome.ms = performance.now() - start;
    const peak = process.resourceUsage().maxRSS / 1024;
    if (files++ === 0) before = peak;
    outcome.mib = peak - before;
    if (files % 20 === 0) globalThis.gc?.();
    process.send!(outcome);
  });
}
