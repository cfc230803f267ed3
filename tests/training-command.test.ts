/** `npm run train`, as a program: what it writes, how it stops, how it goes on, and what it refuses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { checkpointFile, readCheckpoint } from '../src/model/checkpoint.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'easel-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command; `watch` sees all it has said each time it says more. */
function command(options: string[], watch?: (child: ChildProcess, said: string) => void): Promise<Run> {
  // no shell and no npm between: the signal has to reach this very process
  const child = spawn(process.execPath, ['scripts/train.ts', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
    watch?.(child, said.out);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

/** Sends a signal once a line about this step was read. */
const at = (step: number, signal: 'SIGINT' | 'SIGTERM') => {
  let sent = false;
  return (child: ChildProcess, said: string) => {
    if (sent || !said.includes(`step ${step} `)) return;
    sent = child.kill(signal);
  };
};

const OPTIONS = [
  ...['--steps', '12', '--seed', '7', '--plant', '0', '--texts', '2', '--report', '1', '--moments', '5'],
  ...['--checkpoint', '5'],
];
/** Everything a training leaves that a reader gets, as hashes. */
const results = (out: string) =>
  Object.fromEntries(
    ['easel.gguf', 'easel.q8_0.gguf', 'training.json', ...readdirSync(join(out, 'moments')).map((f) => `moments/${f}`)]
      .sort()
      .map((name) => [name, hash('sha256', readFileSync(join(out, name)))]),
  );
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe.for([
  [1, 'SIGTERM'],
  [2, 'SIGINT'],
] as const)('`npm run train` with %d thread(s)', ([threads, signal]) => {
  const straight = join(folder, `straight-${threads}`);
  const options = [...OPTIONS, '--threads', String(threads)];
  let run: Run;
  beforeAll(async () => {
    run = await command([...options, '--out', straight]);
  });

  test('says how it fares in plain lines where there is no terminal, and writes its files', () => {
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
    expect(run.out).not.toContain('\u001b');
    expect(run.out).toMatch(/\nstep 2 {2}loss \d+\.\d{4} {2}gap \d+\.\d{4} nats {2}[\d,]+ tokens\/s {2}\d+ s left\n/);
    expect(readdirSync(straight).sort()).toEqual([
      ...['easel.checkpoint.gguf', 'easel.gguf', 'easel.q8_0.gguf', 'moments', 'training.json'],
    ]);
    const { metadata } = openModel(new Uint8Array(readFileSync(join(straight, 'easel.gguf'))).buffer);
    expect(metadata.get('general.name')).toBe('Easel');
    expect(metadata.get('easel.training.seed')).toBe(7);
    expect(metadata.get('easel.training.steps')).toBe(12);
    expect(metadata.get('easel.training.command')).toMatch(/npm run train -- --steps 12 --seed 7 .*--rope-base 10000/);
    expect(metadata.get('easel.training.start')).toMatch(/no head was given a job/);
  });

  test('keeps a log of the training with a row for each report', () => {
    const { rows, entropy } = json(join(straight, 'training.json'));
    expect(rows.map(({ step }: { step: number }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(entropy).toBeGreaterThan(0.5);
    for (const { tokens, step, loss, gap, rate } of rows) {
      expect(tokens).toBeGreaterThan(1900 * step);
      expect(tokens).toBeLessThanOrEqual(2048 * step);
      expect(loss).toBeGreaterThan(0);
      expect(gap).toBeGreaterThan(0);
      expect(rate).toBeCloseTo(3e-5 * step, 9); // it still warms up
    }
    expect(rows[11].gap).toBeLessThan(rows[0].gap);
  });

  test('keeps snapshots that open one at a time, from the random start to the end', () => {
    const { moments } = json(join(straight, 'moments/index.json'));
    expect(moments.map(({ step }: { step: number }) => step)).toEqual([0, 2, 5, 12]);
    const models: LanguageModel[] = moments.map(({ file, bytes }: { file: string; bytes: number }) => {
      const contents = new Uint8Array(readFileSync(join(straight, 'moments', file)));
      expect(contents.length).toBe(bytes);
      return openModel(contents.buffer);
    });
    expect(models[1].name).toBe('Easel after 2 steps');
    const last = openModel(new Uint8Array(readFileSync(join(straight, 'easel.q8_0.gguf'))).buffer);
    expect(models[3].weights).toEqual(last.weights);
    expect(models[0].weights).not.toEqual(last.weights);
    for (const model of models) {
      const { ids } = model.tokenizer.encode('there was a');
      const { logits } = forward(model, ids, { attend: plain });
      const row = probabilities(logits, ids.length - 1, model.config.vocabularySize);
      expect(Array.from(row).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  test(`stops on ${signal} with a good checkpoint, and goes on to the same bytes`, async () => {
    const out = join(folder, `stopped-${threads}`);
    const first = await command([...options, '--out', out], at(3, signal));
    expect(first.err).toBe('');
    expect(first.code).toBe(130);
    expect(first.out).toMatch(/Stopped after step \d+ of 12; everything is in .*easel\.checkpoint\.gguf/);
    expect(first.out).toContain(`npm run train -- --resume ${join(out, 'easel.checkpoint.gguf')}`);
    expect(readdirSync(out).sort()).toEqual(['easel.checkpoint.gguf', 'moments.part']);
    const { state } = readCheckpoint(readFileSync(join(out, 'easel.checkpoint.gguf')));
    expect(state.step).toBeGreaterThanOrEqual(3);
    expect(state.step).toBeLessThan(12);

    // and once more, unless it is done before the signal comes
    const second = await command(['--resume', '--out', out], at(Math.max(8, state.step + 1), signal));
    expect(second.out).toContain(`Going on after step ${state.step}`);
    const third = second.code === 130 ? await command(['--resume', '--out', out]) : second;
    expect(third.err).toBe('');
    expect(third.code).toBe(0);
    expect(results(out)).toEqual(results(straight));
  });
});

describe('`npm run train -- --resume`', () => {
  const out = join(folder, 'begun');
  const checkpoint = join(out, 'easel.checkpoint.gguf');
  beforeAll(async () => {
    await command([...OPTIONS, '--threads', '1', '--out', out], at(2, 'SIGINT'));
  });
  const refused = async (options: string[], code: number, why: RegExp) => {
    const run = await command(options);
    expect(run.err).toMatch(why);
    expect(run.err).not.toMatch(/\n\s+at /); // a sentence, not a stack
    expect(run.code).toBe(code);
    expect(run.out).toBe('');
  };

  test('refuses other options than it was begun with, and takes the same again', async () => {
    const other = /begun with --seed 7, so it cannot go on with 8\. Leave the option out/;
    await refused(['--resume', checkpoint, '--seed', '8'], 2, other);
    await refused(['--resume', checkpoint, '--out', join(folder, 'x')], 2, /writes to .*begun, not to .*x/);
    const run = await command(['--resume', checkpoint, '--seed', '7'], at(4, 'SIGINT'));
    expect(run.err).toBe('');
  });

  test('refuses a checkpoint that is damaged, cut short, not there, or of another language', async () => {
    const copy = join(folder, 'copy.gguf');
    const bytes = readFileSync(checkpoint);
    writeFileSync(copy, bytes.subarray(0, bytes.length - 1000));
    await refused(['--resume', copy], 1, /Cannot go on from .*copy\.gguf\. Its checksum .* cut short.* Start over/);
    bytes[bytes.length >> 1] ^= 4;
    writeFileSync(copy, bytes);
    await refused(['--resume', copy], 1, /Its checksum is not that of its contents: it is damaged/);
    await refused(['--resume', join(folder, 'nowhere')], 2, /There is no checkpoint .*nowhere/);

    const { state, notes } = readCheckpoint(readFileSync(checkpoint));
    const { plan } = notes as { plan: { recipe: object } };
    const withPlan = (changed: object) =>
      writeFileSync(copy, checkpointFile(state, { ...(notes as object), plan: { ...plan, ...changed } }));
    withPlan({ language: 'another' });
    await refused(['--resume', copy], 2, /The vocabulary or the grammar has changed since .*copy\.gguf was written/);
    withPlan({ recipe: { ...plan.recipe, clip: 2 } });
    await refused(['--resume', copy], 2, /The recipe of this training has changed from .*"clip":2.* to .*"clip":1/);
  });

  test('says when a snapshot was taken away', async () => {
    const maimed = join(folder, 'maimed');
    cpSync(out, maimed, { recursive: true });
    rmSync(join(out, 'moments.part'), { recursive: true });
    await refused(['--resume', checkpoint], 1, /moments\.part.* is gone/);
    rmSync(out, { recursive: true });
    cpSync(maimed, out, { recursive: true });
  });
});

describe('`npm run train` says no with code 2', () => {
  test.for([
    [['--stepz', '3'], /unknown option '--stepz'\n\(Did you mean --steps\?\)/],
    [['--steps', '0'], /whole number from 1 up/],
    [['--rope-base', '1'], /number above 1/],
    [['--out', 'x.gguf'], /--out to be a folder but received x\.gguf/],
    [['--steps', '100000', '--report', '1'], /at most 5,000 rows .* gives 100,000/],
  ] as const)('to %j', async ([options, why]) => {
    const run = await command([...options]);
    expect(run.err).toMatch(why);
    expect(run.code).toBe(2);
    expect(existsSync('x.gguf')).toBe(false);
  });

  test('but tells all about itself with code 0', async () => {
    const run = await command(['--help']);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(/--resume \[path\]/);
  });
});
