/**
 * Easel's next words against what llama.cpp says they are by the same files: 50 beginnings, given by token ids. Its answers
 * were written down by `npm run llama`, so no llama.cpp is needed here.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LlamaAnswers } from '../scripts/llama.ts';
import { plain } from '../src/attention/plain.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { openModel } from '../src/model/open.ts';
import { packedBytes, packTensor, unpackTensor } from '../src/model/tensor-types.ts';

const { prompts, files }: LlamaAnswers = JSON.parse(readFileSync('tests/fixtures/llama.json', 'utf8'));

/** Whether what goes into a matrix product is rounded to Q8_0 first, as llama.cpp does where the matrix is Q8_0. */
const rounding = vi.hoisted(() => ({ on: false }));
vi.mock('../src/model/layers.ts', async (original) => {
  const layers = await original<typeof import('../src/model/layers.ts')>();
  const linear: typeof layers.linear = (x, ...rest) => layers.linear(rounding.on ? rounded(x) : x, ...rest);
  return { ...layers, linear };
});
afterEach(() => {
  rounding.on = false;
});

function rounded(x: ArrayLike<number>): Float32Array {
  const bytes = new DataView(new ArrayBuffer(packedBytes('Q8_0', x.length)));
  packTensor('Q8_0', x, bytes);
  return unpackTensor('Q8_0', bytes);
}

interface Difference {
  /** In the logarithm of a token's probability: the largest one. */
  absolute: number;
  /** The same, but in parts of that logarithm where it is below −1. */
  relative: number;
  sameTop: boolean;
}

/** How far the two are apart after each prompt. */
function differences(type: LlamaAnswers['files'][number]['type']): Difference[] {
  const { file, sha256, next } = files.find((one) => one.type === type)!;
  const bytes = new Uint8Array(readFileSync(`public/model/${file}`));
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (hash !== sha256) {
    throw new Error(
      `tests/fixtures/llama.json was made for other weights: public/model/${file} has the SHA-256 ${hash}, ` +
        `llama.cpp was asked about ${sha256}. Run npm run llama.`,
    );
  }
  const model = openModel(bytes.buffer);
  return prompts.map((ids, i) => {
    const { logits } = forward(model, ids, { attend: plain });
    const ours = probabilities(logits, ids.length - 1, model.config.vocabularySize).map(Math.log);
    const theirs = Object.entries(next[i]).map(([id, log]) => ({ id: Number(id), log }));
    const off = theirs.map(({ id, log }) => Math.abs(ours[id] - log));
    const likeliest = theirs.reduce((a, b) => (b.log > a.log ? b : a));
    return {
      absolute: Math.max(...off),
      relative: Math.max(...theirs.map(({ log }, j) => off[j] / Math.max(1, -log))),
      sameTop: ours.every((log) => log <= ours[likeliest.id]),
    };
  });
}

const largest = (numbers: number[]) => Math.max(...numbers);

describe('llama.cpp', () => {
  test('was asked about 50 beginnings, short and long, and about every kind of file', () => {
    expect(prompts).toHaveLength(50);
    expect(new Set(prompts.map(String)).size).toBeGreaterThan(45);
    expect(prompts.every(([first]) => first === 0)).toBe(true);
    expect(largest(prompts.map(({ length }) => length))).toBeGreaterThan(20);
    expect(files.map(({ type }) => type).sort()).toEqual(['F16', 'F32', 'Q8_0']);
    for (const { next } of files) {
      expect(next).toHaveLength(50);
      for (const answer of next) expect(Object.keys(answer).length).toBeGreaterThan(50);
    }
  });

  test('agrees to 1e-4 when the weights of the F16 file are widened, so that it rounds nothing on its way', () => {
    const off = differences('F32');
    expect(largest(off.map(({ absolute }) => absolute))).toBeLessThan(1e-4);
    expect(off.every(({ sameTop }) => sameTop)).toBe(true);
  });

  // It rounds to F16 what it multiplies with an F16 matrix; we do not.
  test('agrees to 1e-2 by the F16 file: in the logit, or in parts of it where the token is unlikely', () => {
    const off = differences('F16');
    expect(largest(off.map(({ relative }) => relative))).toBeLessThan(1e-2);
    expect(off.every(({ sameTop }) => sameTop)).toBe(true);
  });

  // It rounds to 8 bits what it multiplies with a Q8_0 matrix, block by block, which moves a logit by some tenths.
  test('agrees by the Q8_0 file as well as its 8-bit activations let it', () => {
    expect(largest(differences('Q8_0').map(({ absolute }) => absolute))).toBeLessThan(1);
  });

  // Rounded likewise ours agrees as well as in F32, but where a last digit tips a value over to its other neighbour: from
  // there on all later roundings differ.
  test('agrees to 1e-4 by the Q8_0 file when ours rounds its activations too, after nine beginnings in ten', () => {
    rounding.on = true;
    const off = differences('Q8_0').map(({ absolute }) => absolute);
    expect(off.filter((one) => one < 1e-4).length).toBeGreaterThanOrEqual(45);
    expect(largest(off)).toBeLessThan(1);
  });
});
