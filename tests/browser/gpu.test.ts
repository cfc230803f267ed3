/**
 * Attention on gpu.js out of the built, minified site: every mode that a browser is offered gives the reference's numbers.
 * Minifiers rewrite the source that gpu.js reads its kernels from, so the tests in Node say nothing about this.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from '../../scripts/browser.ts';
import type { AttendInput, AttendOptions, AttendTrace } from '../../src/attention/attend.ts';
import type { Backend } from '../../src/attention/gpu.ts';
import { reference } from '../../src/attention/reference.ts';
import { mulberry32 } from '../../src/language/random.ts';

const site = inject('site');

/** The chunk that a page loads when its reader asks for the graphics chip: the one that exports `createGpuAttend`. */
function gpuChunk(): string {
  const folder = inject('siteFolder');
  const chunks = globSync('_astro/*.js', { cwd: folder }).filter((file) =>
    /export\s*\{[^}]*\bcreateGpuAttend\b/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(chunks, 'one chunk exports createGpuAttend').toHaveLength(1);
  const code = readFileSync(join(folder, chunks[0]), 'utf8');
  expect(code.length / code.split('\n').length, 'letters a line: few lines but those of the kernels').toBeGreaterThan(
    100,
  );
  return chunks[0].replaceAll('\\', '/');
}

/** Normal numbers by Box and Muller, the same ones every time. */
function normal(length: number, seed: number, factor = 1): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length }, () => {
    return factor * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  });
}

interface Case {
  name: string;
  input: AttendInput;
  options: AttendOptions;
  tolerance: number;
}

function attentionCase(name: string, n: number, factor: number, options: AttendOptions, nKeyHeads = 4): Case {
  const shape = { nHeads: 4, nKeyHeads, nQueries: n, nKeys: n, headDim: 16, valueDim: 12 };
  return {
    name,
    input: {
      ...shape,
      q: normal(4 * n * 16, 1, factor),
      k: normal(nKeyHeads * n * 16, 2, factor),
      v: normal(nKeyHeads * n * 12, 3),
    },
    options,
    tolerance: factor > 1 ? 2e-5 : 2e-6,
  };
}

const cases: Case[] = [
  attentionCase('one word', 1, 1, { causal: true }),
  attentionCase('a sentence of 14 words', 14, 1, { causal: true }),
  attentionCase('a cut link and grouped heads', 14, 1, { causal: true, cut: [{ head: 2, query: 9, key: 4 }] }, 2),
  attentionCase('a softcap and a window', 33, 1, { softcap: 3, window: { left: 5, right: 2 } }),
  attentionCase('queries and keys twenty times larger', 33, 20, { causal: true }),
];

const steps = ['scores', 'weights', 'output'] as const;

interface Answer {
  backend: string;
  reason: string;
  traces: Record<(typeof steps)[number], number[]>[];
}

/** Runs in the page: opens the chunk's attention in one mode and computes every case with it. */
async function askPage(page: Page, chunk: string, backend: 'auto' | Backend): Promise<Answer> {
  const asked = cases.map(({ input, options }) => ({
    options,
    input: { ...input, q: [...input.q], k: [...input.k], v: [...input.v] },
  }));
  // As text, since the test's own bundler would rewrite an import() inside a function.
  await page.evaluate(`import('${site}${chunk}').then((chunk) => Object.assign(globalThis, { chunk }))`);
  return page.evaluate(
    async ({ backend, asked, steps }) => {
      const { createGpuAttend } = (globalThis as unknown as { chunk: typeof import('../../src/attention/gpu.ts') })
        .chunk;
      const gpu = await createGpuAttend({ backend });
      const traces: Answer['traces'] = [];
      for (const { input, options } of asked) {
        const { q, k, v } = input;
        const floats = { q: Float32Array.from(q), k: Float32Array.from(k), v: Float32Array.from(v) };
        const trace: AttendTrace = await gpu.attend({ ...input, ...floats }, options);
        traces.push(Object.fromEntries(steps.map((step) => [step, [...trace[step]]])) as Answer['traces'][number]);
      }
      const answer = { backend: gpu.backend, reason: gpu.reason, traces };
      await gpu.destroy();
      return answer;
    },
    { backend, asked, steps: [...steps] },
  );
}

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!site)('the minified attention on gpu.js', () => {
  it.for(['webgpu', 'webgl2', 'webasm', 'plain'] as const)('gives the reference’s numbers on %s', async (mode) => {
    const { page, close } = await openPage(browser);
    await page.goto(`${site}404.html`);
    const { backend, traces } = await askPage(page, gpuChunk(), mode);
    expect(backend).toBe(mode);
    for (const [index, { name, input, options, tolerance }] of cases.entries()) {
      const expected = reference(input, options);
      for (const step of steps) {
        const largest = step === 'scores' ? Math.max(1, ...expected.scores.map(Math.abs)) : 1;
        const found = traces[index][step];
        expect(found, `${name}: ${step}`).toHaveLength(expected[step].length);
        const off = found.reduce(
          (worst, value, i) => Math.max(worst, Math.abs(value - expected[step][i]) / largest),
          0,
        );
        expect(off, `${name}: ${step}`).toBeLessThanOrEqual(tolerance);
      }
    }
    await close();
  });

  it('passes over a chip that is imitated in software when nobody asks for it', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(`${site}404.html`);
    const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter())?.info.isFallbackAdapter);
    const { backend, reason } = await askPage(page, gpuChunk(), 'auto');
    if (adapter === false) expect(backend).toBe('webgpu');
    else expect(backend).toBe('webasm');
    expect(reason).not.toBe('');
    await close();
  });
});
