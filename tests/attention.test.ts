import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AttendInput, AttendOptions, AttendTrace, FloatArray } from '../src/attention/attend.ts';
import { AttendError } from '../src/attention/check.ts';
import { createGpuAttend } from '../src/attention/gpu.ts';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { createSimdAttend } from '../src/attention/simd.ts';
import { attentionBytes } from '../src/model/compile.ts';
import { forms } from './attention-forms.ts';

const STEPS = ['scores', 'scaled', 'capped', 'masked'] as const;
const SEED = 20_251;

type Sizes = Omit<AttendInput, 'q' | 'k' | 'v'>;

/** Independent numbers with mean 0 and variance 1 (Box and Muller's method over a 32-bit generator). */
function normals(seed: number, length: number, factor = 1): Float32Array {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length },
    () => factor * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

function filled(sizes: Sizes, seed: number, factor = 1): AttendInput {
  const { nHeads, nKeyHeads, nQueries, nKeys, headDim, valueDim } = sizes;
  return {
    ...sizes,
    q: normals(seed, nHeads * nQueries * headDim, factor),
    k: normals(seed + 1, nKeyHeads * nKeys * headDim, factor),
    v: normals(seed + 2, nKeyHeads * nKeys * valueDim),
  };
}

function square(n: number, headDim = 6): Sizes {
  return { nHeads: 2, nKeyHeads: 2, nQueries: n, nKeys: n, headDim, valueDim: headDim };
}

/** The largest difference; infinities must agree in place and sign, and a NaN anywhere is infinitely far away. */
function distance(found: FloatArray, expected: FloatArray): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (const [index, value] of expected.entries()) {
    const difference = found[index] === value ? 0 : Math.abs(found[index] - value);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}

function largestFinite(values: FloatArray): number {
  let largest = 1;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Weights and output within a tolerance; the steps before within 1e-6 of their largest entry. */
function expectClose(found: AttendTrace, expected: AttendTrace, tolerance: number): void {
  for (const step of ['weights', 'output'] as const) {
    expect(distance(found[step], expected[step]), step).toBeLessThanOrEqual(tolerance);
  }
  for (const step of STEPS) {
    expect(distance(found[step], expected[step]) / largestFinite(expected[step]), step).toBeLessThanOrEqual(1e-6);
  }
}

/** One of everything that the contract offers. */
const mixed: Sizes = { nHeads: 4, nKeyHeads: 2, nQueries: 3, nKeys: 7, headDim: 5, valueDim: 3 };
const table = mixed.nQueries * mixed.nKeys;
const everySecond = (length: number) => Array.from({ length }, (_, i) => i % 2 === 0);
const slopes = (length: number) => Float64Array.from({ length }, (_, i) => (i % 5 === 4 ? -Infinity : -0.3 * (i % 7)));

const variants: { name: string; sizes?: Partial<Sizes>; options: AttendOptions }[] = [
  { name: 'every default', options: {} },
  { name: 'one key head for all', sizes: { nKeyHeads: 1 }, options: {} },
  { name: 'more queries than keys', sizes: { nQueries: 9 }, options: { causal: true } },
  { name: 'a single query over a cache', sizes: { nQueries: 1 }, options: { causal: true } },
  { name: 'a scale', options: { scale: 0.7 } },
  { name: 'a scale of 1', options: { scale: 1 } },
  { name: 'a negative scale', options: { scale: -0.4 } },
  { name: 'a scale of 0', options: { scale: 0 } },
  { name: 'a softcap', options: { softcap: 0.8 } },
  { name: 'a softcap far above the scores', options: { softcap: 50 } },
  { name: 'the causal rule', options: { causal: true } },
  { name: 'a first position', options: { causal: true, firstPosition: 1 } },
  { name: 'queries before every key', options: { causal: true, firstPosition: -2 } },
  { name: 'a window to the left', options: { window: { left: 2 } } },
  { name: 'a window to the right', options: { window: { right: 1 } } },
  { name: 'a window on both sides', options: { window: { left: 0, right: 1 }, firstPosition: 2 } },
  { name: 'a window beyond every key', options: { window: { left: 1, right: 1 }, firstPosition: 20 } },
  { name: 'a causal rule that is stricter than the window', options: { causal: true, window: { left: 1, right: 3 } } },
  { name: 'a mask of choices', options: { mask: everySecond(table) } },
  { name: 'a mask of choices for each head', options: { mask: everySecond(4 * table) } },
  { name: 'a mask that hides all', options: { mask: Array<boolean>(table).fill(false) } },
  { name: 'a mask to add', options: { mask: slopes(table) } },
  { name: 'a mask to add for each head', options: { mask: slopes(4 * table) } },
  { name: 'cut links', options: { cut: [{ head: 1, query: 0, key: 3 }] } },
  {
    name: 'a row cut off from everything',
    options: { causal: true, cut: Array.from({ length: 7 }, (_, key) => ({ head: 3, query: 2, key })) },
  },
  {
    name: 'a mask for all heads, cut links and a softcap at once',
    options: { mask: slopes(table), cut: [{ head: 2, query: 1, key: 0 }], softcap: 2, causal: true },
  },
];

describe('the reference', () => {
  it('gives what can be worked out by hand', () => {
    // Scores 1 and 0; with a scale of ln 3 the weights are 3 : 1.
    const trace = reference(
      {
        ...{ nHeads: 1, nKeyHeads: 1, nQueries: 1, nKeys: 2, headDim: 2, valueDim: 1 },
        ...{ q: new Float64Array([1, 0]), k: new Float64Array([1, 0, 0, 1]), v: new Float64Array([4, 8]) },
      },
      { scale: Math.log(3) },
    );
    expect([...trace.scores]).toEqual([1, 0]);
    expect([...trace.scaled]).toEqual([Math.log(3), 0]);
    expect(distance(trace.weights, new Float64Array([0.75, 0.25]))).toBeLessThan(1e-15);
    expect(distance(trace.output, new Float64Array([5]))).toBeLessThan(1e-14);
  });

  it('counts past positions in the causal rule and in the window', () => {
    const input = filled({ ...mixed, nHeads: 1, nKeyHeads: 1, nQueries: 2, nKeys: 5 }, 3);
    const seen = (options: AttendOptions) => [...reference(input, options).weights].map((weight) => Number(weight > 0));
    expect(seen({ causal: true })).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1, 1]);
    expect(seen({ causal: true, firstPosition: 0 })).toEqual([1, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
    expect(seen({ window: { left: 1, right: 0 } })).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 1, 1]);
  });
});

describe.each(forms)('$name', async ({ name, open }) => {
  const attend = await open();
  const isGpu = name.startsWith('gpu');
  const numRuns = isGpu ? 30 : 150;
  const check = <T>(property: fc.IAsyncPropertyWithHooks<T>) => fc.assert(property, { seed: SEED, numRuns });

  describe.each([1, 2, 3, 5, 8, 24, 33, 64, 257])('with %i words', (n) => {
    it('gives the reference’s numbers', async () => {
      const input = filled(square(n), n);
      expectClose(await attend(input, { causal: true }), reference(input, { causal: true }), 2e-6);
    });

    it('gives the reference’s numbers for queries and keys twenty times larger', async () => {
      const input = filled(square(n, 7), n, 20);
      expectClose(await attend(input), reference(input), 2e-5);
    });
  });

  it.each(variants)('keeps the contract with $name', async ({ sizes, options }) => {
    const input = filled({ ...mixed, ...sizes }, 7);
    expectClose(await attend(input, options), reference(input, options), 2e-6);
  });

  it('counts far enough for more than a thousand keys', async () => {
    const input = filled({ ...mixed, nQueries: 2, nKeys: 1031, headDim: 3 }, 11);
    expectClose(await attend(input), reference(input), 2e-6);
  });

  it('keeps its digits over two thousand words', async () => {
    const input = filled({ ...square(2048, 5), nHeads: 1, nKeyHeads: 1 }, 12);
    const options: AttendOptions = { causal: true, trace: 'output' };
    expect(distance((await attend(input, options)).output, reference(input, options).output)).toBeLessThan(2e-6);
  });

  it('takes float64 input', async () => {
    const input = filled(mixed, 13);
    const wide = (values: FloatArray) => Float64Array.from(values, (value) => value / 3);
    const inputs = { ...input, q: wide(input.q), k: wide(input.k), v: wide(input.v) };
    expectClose(await attend(inputs), reference(inputs), 2e-6);
  });

  it('keeps only the output when asked to', async () => {
    const input = filled(mixed, 17);
    const trace = await attend(input, { causal: true, trace: 'output' });
    expect([...STEPS, 'weights' as const].map((step) => trace[step].length)).toEqual([0, 0, 0, 0, 0]);
    expect(trace.output).toEqual((await attend(input, { causal: true })).output);
  });

  it('never lets a hidden number leak, whatever it is', async () => {
    const sizes = { ...mixed, nQueries: 7 };
    const input = filled(sizes, 19);
    const options: AttendOptions = {
      causal: true,
      mask: Array.from({ length: 49 }, (_, cell) => cell % 7 !== 6 && Math.floor(cell / 7) !== 0),
    };
    const poisoned = { ...input, q: input.q.slice(), k: input.k.slice(), v: input.v.slice() };
    poisoned.q.fill(Number.NaN, 0, sizes.headDim); // the first query looks at nothing
    poisoned.k.fill(Infinity, 6 * sizes.headDim, 7 * sizes.headDim); // nobody looks at the last key
    poisoned.v.fill(Number.NaN, 6 * sizes.valueDim, 7 * sizes.valueDim);
    const before = await attend(input, options);
    const after = await attend(poisoned, options);
    for (const step of ['masked', 'weights', 'output'] as const) expect(after[step]).toEqual(before[step]);
    expect(after.scores.every(Number.isFinite)).toBe(true);
    expect([...after.output.slice(0, sizes.valueDim)]).toEqual([0, 0, 0]);
    expect(Number.isNaN(poisoned.q[0]), 'the input itself is left alone').toBe(true);
  });

  it('takes a mask of the lowest float32 for the number it is', async () => {
    const input = filled(mixed, 23);
    const lowest = -3.4028234663852886e38;
    const one = Float64Array.from({ length: table }, (_, cell) => (cell % 7 === 2 ? lowest : 0));
    expect((await attend(input, { mask: one })).weights.filter((_, cell) => cell % 7 === 2)).toEqual(
      (await attend(input)).weights.filter((_, cell) => cell % 7 === 2).fill(0),
    );
    const all = await attend(input, { mask: new Float64Array(table).fill(lowest) });
    expect(distance(all.weights, new Float64Array(all.weights.length).fill(1 / 7))).toBeLessThan(1e-6);
  });

  it('takes a mask whose entries are all far from 0, and one that not every float holds', async () => {
    const input = filled(mixed, 25);
    const far = Float64Array.from({ length: table }, (_, cell) => 3e5 - (cell % 7));
    expectClose(await attend(input, { mask: far }), reference(input, { mask: far }), 2e-6);
    const deep = Float64Array.from({ length: table }, (_, cell) => (cell % 7 === 2 ? -1e300 : -0.1 * (cell % 7)));
    const { weights, output } = reference(input, { mask: deep });
    const found = await attend(input, { mask: deep });
    expect(distance(found.weights, weights)).toBeLessThan(2e-6);
    expect(distance(found.output, output)).toBeLessThan(2e-6);
  });

  describe('has the properties', () => {
    const anySizes = fc
      .record({
        nKeyHeads: fc.integer({ min: 1, max: 3 }),
        group: fc.integer({ min: 1, max: 3 }),
        nQueries: fc.integer({ min: 1, max: 6 }),
        nKeys: fc.integer({ min: 1, max: 9 }),
        headDim: fc.integer({ min: 1, max: 9 }),
        valueDim: fc.integer({ min: 1, max: 5 }),
      })
      .map(({ group, ...sizes }): Sizes => ({ ...sizes, nHeads: group * sizes.nKeyHeads }));
    const anySeed = fc.integer({ min: 1, max: 1e6 });

    it('that its numbers are the reference’s, whatever the sizes', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, fc.boolean(), async (sizes, seed, causal) => {
          const larger = {
            ...sizes,
            nQueries: 7 * sizes.nQueries,
            nKeys: 5 * sizes.nKeys,
            valueDim: 3 * sizes.valueDim,
          };
          for (const each of [sizes, larger]) {
            const input = filled(each, seed);
            expectClose(await attend(input, { causal }), reference(input, { causal }), 2e-6);
          }
        }),
      ));

    it('that a row adds up to 1, and to 0 when it may look at nothing', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, fc.integer({ min: -4, max: 8 }), async (sizes, seed, firstPosition) => {
          const { weights } = await attend(filled(sizes, seed), { causal: true, firstPosition });
          for (let row = 0; row < sizes.nHeads * sizes.nQueries; row++) {
            const sum = [...weights.slice(row * sizes.nKeys, (row + 1) * sizes.nKeys)].reduce((a, b) => a + b, 0);
            const expected = firstPosition + (row % sizes.nQueries) < 0 ? 0 : 1;
            expect(Math.abs(sum - expected)).toBeLessThan(1e-6);
          }
        }),
      ));

    it('that a hidden link weighs exactly 0 and reads −Infinity', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, async (sizes, seed) => {
          const cells = sizes.nHeads * sizes.nQueries * sizes.nKeys;
          const mask = [...normals(seed + 9, cells)].map((number) => number > 0);
          const { weights, masked } = await attend(filled(sizes, seed), { mask });
          for (const [cell, isVisible] of mask.entries()) {
            if (isVisible) expect(masked[cell]).toBeGreaterThan(-Infinity);
            else expect([weights[cell], masked[cell]]).toEqual([0, -Infinity]);
          }
        }),
      ));

    it('that a later word never changes an earlier row', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, async (sizes, seed) => {
          const n = sizes.nKeys;
          const input = filled({ ...sizes, nQueries: n }, seed);
          const changed = { ...input, q: input.q.slice(), k: input.k.slice(), v: input.v.slice() };
          const rewriteLast = (values: FloatArray, heads: number, width: number) => {
            for (let head = 0; head < heads; head++)
              values.fill(2.5, ((head + 1) * n - 1) * width, (head + 1) * n * width);
          };
          rewriteLast(changed.q, sizes.nHeads, sizes.headDim);
          rewriteLast(changed.k, sizes.nKeyHeads, sizes.headDim);
          rewriteLast(changed.v, sizes.nKeyHeads, sizes.valueDim);
          const before = await attend(input, { causal: true });
          const after = await attend(changed, { causal: true });
          for (let head = 0; head < sizes.nHeads; head++) {
            for (const [step, width] of [
              ['weights', n],
              ['output', sizes.valueDim],
            ] as const) {
              const earlier = ({ [step]: values }: AttendTrace) =>
                values.slice(head * n * width, ((head + 1) * n - 1) * width);
              expect(earlier(after)).toEqual(earlier(before));
            }
          }
        }),
      ));

    it('that shifting all scores of a row changes nothing', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, fc.double({ min: -60, max: 60, noNaN: true }), async (sizes, seed, by) => {
          const input = filled(sizes, seed);
          const shifts = Float64Array.from(
            { length: sizes.nQueries * sizes.nKeys },
            (_, cell) => by + Math.floor(cell / sizes.nKeys),
          );
          const before = await attend(input);
          const after = await attend(input, { mask: shifts });
          for (const step of ['weights', 'output'] as const) {
            expect(distance(after[step], before[step])).toBeLessThan(2e-6);
          }
        }),
      ));

    it('that reordering keys and values together changes nothing', () =>
      check(
        fc.asyncProperty(anySizes, anySeed, fc.infiniteStream(fc.nat()), async (sizes, seed, draws) => {
          const input = filled(sizes, seed);
          const order = Array.from({ length: sizes.nKeys }, (_, key) => ({ key, rank: draws.next().value as number }))
            .sort((a, b) => a.rank - b.rank || a.key - b.key)
            .map(({ key }) => key);
          const reordered = (values: FloatArray, width: number) =>
            values.map((_, at) => {
              const row = Math.floor(at / width);
              const from = row - (row % sizes.nKeys) + order[row % sizes.nKeys];
              return values[from * width + (at % width)];
            });
          const k = reordered(input.k, sizes.headDim);
          const v = reordered(input.v, sizes.valueDim);
          const before = await attend(input);
          const after = await attend({ ...input, k, v });
          expect(distance(after.weights, reordered(before.weights, 1))).toBeLessThan(2e-6);
          expect(distance(after.output, before.output)).toBeLessThan(2e-6);
        }),
      ));
  });

  describe('says what is wrong', () => {
    const input = filled(mixed, 29);
    const withNaN = (values: FloatArray, at: number) =>
      values.map((value, index) => (index === at ? Number.NaN : value));
    const wrong: [argument: string, expected: string, received: string, Partial<AttendInput>, AttendOptions?][] = [
      ['nQueries', 'a whole number of at least 1', '0', { nQueries: 0, q: new Float32Array(0) }],
      ['nKeys', 'a whole number of at least 1', '0', { nKeys: 0 }],
      ['headDim', 'a whole number of at least 1', '2.5', { headDim: 2.5 }],
      ['valueDim', 'a whole number of at least 1', '-1', { valueDim: -1 }],
      ['nHeads', 'a multiple of nKeyHeads (2)', '3', { nHeads: 3 }],
      ['q', '[nHeads 4, nQueries 3, headDim 5], 60 numbers', '59 numbers', { q: input.q.slice(1) }],
      ['k', '[nKeyHeads 2, nKeys 7, headDim 5], 70 numbers', '0 numbers', { k: new Float32Array(0) }],
      ['v', '[nKeyHeads 2, nKeys 7, valueDim 3], 42 numbers', 'a list of 42', { v: [...input.v] as never }],
      [
        'q[1, 2, 3]',
        'all that is not hidden of [nHeads 4, nQueries 3, headDim 5]',
        'NaN',
        { q: withNaN(input.q, (1 * 3 + 2) * 5 + 3) },
      ],
      ['k[1, 6, 4]', 'a finite number', 'NaN', { k: withNaN(input.k, 69) }],
      ['v[0, 1, 0]', 'a finite number', 'Infinity', { v: input.v.map((value, at) => (at === 3 ? Infinity : value)) }],
      ['scale', 'a finite number', 'NaN', {}, { scale: Number.NaN }],
      ['softcap', 'at least 0', '-1', {}, { softcap: -1 }],
      ['firstPosition', 'a whole number', '0.5', {}, { firstPosition: 0.5 }],
      ['window.left', 'at least 0', '-1', {}, { window: { left: -1 } }],
      ['mask', '[nQueries 3, nKeys 7], 21 entries', '20 entries', {}, { mask: new Float32Array(20) }],
      ['mask[0]', 'true or false', '0', {}, { mask: Array(21).fill(0) as never }],
      ['mask[1, 2]', '−Infinity to hide', 'NaN', {}, { mask: withNaN(new Float32Array(21), 9) }],
      ['cut[0].key', 'from 0 to 6', '7', {}, { cut: [{ head: 0, query: 0, key: 7 }] }],
      ['trace', `'all' or 'output'`, `'none'`, {}, { trace: 'none' as never }],
    ];

    it.each(wrong)('about %s', async (argument, expected, received, change, options) => {
      const error = await (async () => attend({ ...input, ...change }, options))().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(AttendError);
      const { message, ...parts } = error as AttendError;
      expect(parts.argument).toBe(argument);
      expect(parts.expected).toContain(expected);
      expect(parts.received).toContain(received);
      expect(message).toContain(argument);
    });

    it('about scores that its numbers cannot hold', async () => {
      const huge = { ...input, q: new Float64Array(60).fill(1e200), k: new Float64Array(70).fill(1e200) };
      await expect((async () => attend(huge))()).rejects.toThrow(AttendError);
    });
  });
});

describe('attention in WebAssembly', async () => {
  const module = await WebAssembly.compile(await attentionBytes());

  it('has the scores of a few queries in memory at a time when only the output is asked for', async () => {
    const instantiate = vi.spyOn(WebAssembly, 'instantiate');
    const simd = await createSimdAttend(module);
    const instance = (await instantiate.mock.results[0].value) as unknown as WebAssembly.Instance;
    instantiate.mockRestore();
    const { buffer } = instance.exports.memory as WebAssembly.Memory;
    const input = filled(square(2048), 61);
    simd(input, { causal: true, trace: 'output' });
    expect(buffer.byteLength, 'the memory has grown and this view of it is gone').toBe(0);
    const bytes = (instance.exports.memory as WebAssembly.Memory).buffer.byteLength;
    expect(bytes).toBeLessThan(0.1 * 2 * 2048 * 2048 * 4);
  });

  it('leaves rows of large scores to the plain form, and only those', async () => {
    const simd = await createSimdAttend(module);
    const input = filled(square(9), 67);
    const large = { ...input, q: input.q.slice() };
    for (let d = 0; d < 6; d++) large.q[(9 + 4) * 6 + d] *= 1e9; // the fifth word in the second head
    const row = (trace: AttendTrace, head: number, query: number) =>
      STEPS.map((step) => trace[step].slice((head * 9 + query) * 9, (head * 9 + query + 1) * 9));
    const [before, after, exact] = [simd(input), simd(large), plain(large)];
    expect(row(after, 1, 4)).toEqual(row(exact, 1, 4));
    expect(row(after, 1, 3)).toEqual(row(before, 1, 3));
    expect(row(after, 1, 3)).not.toEqual(row(exact, 1, 3));
  });

  it('keeps calls of many sizes apart, in one memory', async () => {
    const simd = await createSimdAttend(module);
    for (const n of [3, 40, 5, 130, 1, 64]) {
      const input = filled(square(n, 1 + (n % 11)), n);
      expectClose(simd(input, { causal: true }), reference(input, { causal: true }), 2e-6);
    }
  });
});

describe('attention on gpu.js', () => {
  it('says which backend it chose and why', async () => {
    const gpu = await createGpuAttend();
    expect(['webgpu', 'webgl2', 'webasm']).toContain(gpu.backend);
    if (gpu.backend === 'webasm') {
      expect(gpu.reason).toContain('webgpu: ');
      expect(gpu.reason).toContain('webgl2: ');
    }
    await gpu.destroy();
  });

  it('says why a backend that was asked for cannot run', async () => {
    // Node draws nothing: there is no WebGL here.
    await expect(createGpuAttend({ backend: 'webgl2' })).rejects.toThrow(
      /backend .* webgl2: WebGL 2 is not offered here/,
    );
    await expect(createGpuAttend({ backend: 'abacus' as never })).rejects.toThrow(/'auto' or one of webgpu/);
  });

  it('takes the next in order where WebAssembly is missing', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const gpu = await createGpuAttend();
    vi.unstubAllGlobals();
    expect(gpu.backend).toBe('cpu');
    expect(gpu.reason).toContain('webasm: WebAssembly is not offered here');
    const input = filled(mixed, 43);
    expectClose(await gpu.attend(input), reference(input), 2e-6);
    await gpu.destroy();
  });

  it('answers in the plain form where gpu.js gives wrong numbers, and says so', async () => {
    const { openEngine } = await import('../src/attention/kernels.ts');
    const spoiled = vi.spyOn(await import('../src/attention/kernels.ts'), 'openEngine');
    spoiled.mockImplementation((library, mode) => {
      const engine = openEngine(library, mode);
      return {
        ...engine,
        run: async (request) => {
          const trace = await engine.run(request);
          trace.output[0] += 0.01;
          return trace;
        },
      };
    });
    const gpu = await createGpuAttend();
    spoiled.mockRestore();
    expect(gpu.backend).toBe('plain');
    expect(gpu.reason).toMatch(/webasm: its output .* away from the plain form/);
    const input = filled(mixed, 47);
    expect(await gpu.attend(input)).toEqual(plain(input));
  });

  it('answers nothing after it is closed', async () => {
    const gpu = await createGpuAttend({ backend: 'webasm' });
    await gpu.destroy();
    await expect(gpu.attend(filled(mixed, 53))).rejects.toThrow(/closed/);
  });

  it('hands out the plain form by name', async () => {
    const gpu = await createGpuAttend({ backend: 'plain' });
    const input = filled(mixed, 31);
    expect(gpu.backend).toBe('plain');
    expect(await gpu.attend(input)).toEqual(plain(input));
  });

  it('keeps calls apart that run at once, and shapes that come back after being thrown away', async () => {
    const gpu = await createGpuAttend({ backend: 'webasm' });
    const inputs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 10, 2].map((n) => filled(square(n), n));
    const traces = await Promise.all(inputs.map((input) => gpu.attend(input)));
    for (const [index, trace] of traces.entries()) expectClose(trace, reference(inputs[index]), 2e-6);
    expect(gpu.backend).toBe('webasm');
    await gpu.destroy();
  });

  it('computes with the numbers as they were when it was called', async () => {
    const gpu = await createGpuAttend({ backend: 'webasm' });
    const input = filled(mixed, 37);
    const mask = new Float32Array(table);
    const expected = reference(input, { mask });
    const promise = gpu.attend(input, { mask });
    input.q.fill(0);
    input.v.fill(0);
    mask.fill(-Infinity);
    expectClose(await promise, expected, 2e-6);
    await gpu.destroy();
  });

  it('gives the same bytes twice', async () => {
    const input = filled(square(24, 16), 41);
    const runs = [];
    for (let run = 0; run < 2; run++) {
      const gpu = await createGpuAttend({ backend: 'webasm' });
      runs.push(await gpu.attend(input, { causal: true }));
      await gpu.destroy();
    }
    expect(runs[1]).toEqual(runs[0]);
  });
});
