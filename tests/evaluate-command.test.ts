/** `npm run evaluate`, as a program: what it writes, that it writes the same again, and what it refuses. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { vocabulary } from '../src/language/language.ts';
import { mulberry32 } from '../src/language/random.ts';
import { EASEL } from '../src/model/easel.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { modelFile } from '../src/model/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FEW = ['--texts', '20', '--prefixes', '30', '--scenes', '10', '--few', '10'];
const run = (...options: string[]) =>
  spawnSync(process.execPath, ['scripts/evaluate.ts', ...FEW, ...options], { encoding: 'utf8' });

/** A model with random weights and this vocabulary. */
function untrained(name: string, words: readonly string[]): string {
  const config = { vocabularySize: words.length, ...EASEL };
  const path = join(folder, name);
  writeFileSync(path, modelFile(config, initialWeights(config, EASEL_START, mulberry32(1)), words, []));
  return path;
}

test('compares trainings, writes three reports, and the same ones again', () => {
  const random = untrained('random.gguf', vocabulary);
  const models = ['--model', 'public/model/easel.gguf', '--model', random];
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  const { status, stdout, stderr } = run(...models, '--out', one);
  expect(stderr).toContain('done in');
  expect(status).toBe(0); // missed targets are told, not an error
  expect(stdout).toMatch(/[✓✗] +[\d.]+ {2}\(at most 0\.0200\) {2}nats a word above the language's entropy/);
  expect(stdout).toContain('In 2 trainings:');
  run(...models, '--out', two);
  for (const name of ['quality.json', 'heads.json', 'seeds.json']) {
    expect(readFileSync(join(two, name)), name).toEqual(readFileSync(join(one, name)));
  }
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  const seeds = JSON.parse(readFileSync(join(one, 'seeds.json'), 'utf8'));
  expect(seeds.models.map(({ sha256 }: { sha256: string }) => sha256)).toEqual([
    hash('public/model/easel.gguf'),
    hash(random),
  ]);
  // random weights bind nothing
  const names = seeds.statements.find(({ statement }: { statement: string }) =>
    statement.startsWith('right name: surname'),
  );
  expect(names.holds).toEqual([true, false]);
  expect(names.holdsInAll).toBe(false);
}, 120_000);

test('with --check writes nothing, and ends with 1 when a target is missed', () => {
  const out = join(folder, 'none');
  const { status, stdout } = run('--model', untrained('bad.gguf', vocabulary), '--out', out, '--check');
  expect(status).toBe(1);
  expect(stdout).toMatch(/\d+ targets are missed\./);
  expect(existsSync(out)).toBe(false);
}, 60_000);

test('refuses a model that was trained on other words', () => {
  const path = untrained('other.gguf', [...vocabulary.slice(0, -1), 'xylophone']);
  const { status, stderr } = run('--model', path, '--out', join(folder, 'none'));
  expect(status).toBe(1);
  expect(stderr).toContain('trained on other words');
  expect(existsSync(join(folder, 'none'))).toBe(false);
}, 60_000);
