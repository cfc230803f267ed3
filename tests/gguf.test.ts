import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createMutants, tryToOpen } from '../scripts/mutants.ts';
import { GGUF_LIMITS, type GgufEntry, GgufError, readGguf, tensorValues, writeGguf } from '../src/model/gguf.ts';
import { fromHalf, toHalf } from '../src/model/half.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import { flatLength, type LlamaConfig } from '../src/model/parameters.ts';
import { packedBytes, packTensor, TENSOR_TYPES, type TensorType, unpackTensor } from '../src/model/tensor-types.ts';

const tiny: LlamaConfig = {
  vocabularySize: 5,
  width: 4,
  nLayers: 1,
  nHeads: 2,
  nKeyHeads: 1,
  headDim: 2,
  feedForward: 3,
  contextLength: 8,
  ropeBase: 1000,
  epsilon: 1e-5,
  qkvBias: true,
};
const words = ['<end>', '.', 'cat', 'ugly', '__proto__'];

/** Numbers in [0, 1) that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function tinyFile(): Uint8Array<ArrayBuffer> {
  const random = numbers(3);
  const flat = Float32Array.from({ length: flatLength(tiny) }, () => random() - 0.5);
  return modelFile(tiny, flat, words, [
    ['general.name', 'string', 'Tiny'],
    ['general.license', 'string', 'mit'],
  ]);
}

describe('half precision', () => {
  test('goes there and back for every half', () => {
    const lost: number[] = [];
    for (let half = 0; half < 0x10000; half++) {
      const value = fromHalf(half);
      const back = toHalf(value);
      if (Number.isNaN(value) ? !Number.isNaN(fromHalf(back)) : back !== half) lost.push(half);
    }
    expect(lost).toEqual([]);
  });

  test('takes the nearest half, ties to even', () => {
    expect(fromHalf(toHalf(1 + 2 ** -11))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(fromHalf(toHalf(1 + 2 ** -11 + 2 ** -20))).toBe(1 + 2 ** -10);
    expect(fromHalf(toHalf(0.1))).toBe(0.0999755859375);
    expect(fromHalf(toHalf(65519))).toBe(65504);
    expect(fromHalf(toHalf(65520))).toBe(Infinity);
    expect(fromHalf(toHalf(-(2 ** -25)))).toBe(-0);
    expect(fromHalf(toHalf(2 ** -25 * 1.01))).toBe(2 ** -24);
  });
});

describe('packed numbers', () => {
  interface Block {
    bytes: string;
    values: number[];
  }
  const { types, quantized }: { types: Record<string, { blocks: Block[] }>; quantized: { Q8_0: Block[] } } = JSON.parse(
    readFileSync('tests/fixtures/gguf-blocks.json', 'utf8'),
  );
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  test.for(['F16', 'Q8_0', 'Q4_0', 'Q4_1'] as TensorType[])('of type %s are what the gguf package says', (type) => {
    expect(types[type].blocks.length).toBeGreaterThan(0);
    for (const { bytes, values } of types[type].blocks) {
      const packed = Buffer.from(bytes, 'base64');
      expect(packed.length).toBe(packedBytes(type, 32));
      expect([...unpackTensor(type, view(packed))]).toEqual(values);
    }
  });

  test('of type Q8_0 are packed to the bytes that the gguf package makes', () => {
    expect(quantized.Q8_0.length).toBeGreaterThan(3);
    for (const { bytes, values } of quantized.Q8_0) {
      const packed = new Uint8Array(packedBytes('Q8_0', 32));
      packTensor('Q8_0', values, view(packed));
      expect([...packed]).toEqual([...Buffer.from(bytes, 'base64')]);
    }
  });

  test('of type Q8_0 are at most half a step off, and each block has a step of its own', () => {
    const random = numbers(5);
    const values = Float32Array.from({ length: 96 }, (_, i) => (random() - 0.5) * 10 ** (Math.floor(i / 32) - 1));
    values.fill(0, 64); // the last block has nothing in it
    const bytes = new Uint8Array(packedBytes('Q8_0', 96));
    packTensor('Q8_0', values, view(bytes));
    const back = unpackTensor('Q8_0', view(bytes));
    for (let block = 0; block < 2; block++) {
      const before = values.subarray(32 * block, 32 * (block + 1));
      const step = Math.max(...before.map(Math.abs)) / 127;
      // the scale is a half: 2^-11 of it may be lost, 127 times over
      before.forEach((value, i) => {
        expect(Math.abs(back[32 * block + i] - value)).toBeLessThan(step * (0.5 + 127 / 2048));
      });
    }
    expect([...back.subarray(64)]).toEqual(new Array(32).fill(0));
  });

  test('are refused when the type cannot hold them', () => {
    const room = new DataView(new ArrayBuffer(128));
    const one = (value: number) => Float64Array.from({ length: 32 }, (_, i) => (i === 7 ? value : 0));
    for (const [type, value] of [
      ['F16', 65505],
      ['F16', Number.NaN],
      ['Q8_0', 127 * 65505],
      ['Q8_0', -Infinity],
      ['F32', 1e39],
    ] as const) {
      expect(() => packTensor(type, one(value), room)).toThrow(`Value 7 is ${value}, which ${type} cannot hold.`);
    }
  });
});

describe('a GGUF file', () => {
  test('is read as it was written', () => {
    const matrix = [1, 2, 3, 4, 5, 6.5];
    const bytes = writeGguf(
      [
        ['general.architecture', 'string', 'llama'],
        ['a.count', 'uint32', 7],
        ['a.sign', 'int8', -3],
        ['a.big', 'uint64', 2 ** 40],
        ['a.yes', 'bool', true],
        ['a.third', 'float64', 1 / 3],
        ['a.words', 'string[]', ['héron', '']],
        ['a.numbers', 'int32[]', [1, -2]],
        ['__proto__', 'string', 'a key like any other'],
      ],
      [
        { name: 'm', shape: [2, 3], type: 'F16', values: matrix },
        { name: 'v', shape: [2], type: 'F32', values: [0.1, -0.2] },
      ],
    );
    const file = readGguf(bytes.buffer);
    expect(file.version).toBe(3);
    expect([...file.metadata]).toEqual([
      ['general.architecture', 'llama'],
      ['a.count', 7],
      ['a.sign', -3],
      ['a.big', 2 ** 40],
      ['a.yes', true],
      ['a.third', 1 / 3],
      ['a.words', ['héron', '']],
      ['a.numbers', [1, -2]],
      ['__proto__', 'a key like any other'],
    ]);
    const [m, v] = [...file.tensors.values()];
    expect(m).toMatchObject({ name: 'm', shape: [2, 3], type: 'F16' });
    expect([...tensorValues(bytes.buffer, m)]).toEqual(matrix);
    expect([...tensorValues(bytes.buffer, v)]).toEqual([Math.fround(0.1), Math.fround(-0.2)]);
  });

  test('has the layout of the specification', () => {
    // magic, version 3, 1 tensor, 1 entry; "k" of type 4 (uint32) = 9; tensor "t", 2 dimensions 3 and 2 (fastest
    // first), type 0 (F32), offset 0; numbers at the next multiple of 32
    const file = writeGguf(
      [['k', 'uint32', 9]],
      [{ name: 't', shape: [2, 3], type: 'F32', values: [1, 2, 3, 4, 5, 6] }],
    );
    const u32 = (n: number) => [n, 0, 0, 0];
    const u64 = (n: number) => [n, 0, 0, 0, 0, 0, 0, 0];
    const head = [
      ...[0x47, 0x47, 0x55, 0x46, ...u32(3), ...u64(1), ...u64(1)],
      ...[...u64(1), 0x6b, ...u32(4), ...u32(9)],
      ...[...u64(1), 0x74, ...u32(2), ...u64(3), ...u64(2), ...u32(0), ...u64(0)],
    ];
    expect([...file.subarray(0, head.length)]).toEqual(head);
    const start = Math.ceil(head.length / 32) * 32;
    expect(new DataView(file.buffer).getFloat32(start + 20, true)).toBe(6);
    expect(file.length).toBe(start + 32);
  });

  test('gives a model back', () => {
    const bytes = tinyFile();
    const model = openModel(bytes.buffer);
    expect(model.config).toEqual({ ...tiny, epsilon: Math.fround(tiny.epsilon) });
    expect(model.name).toBe('Tiny');
    expect(model.tokenizer.vocabulary).toEqual(words);
    expect(model.metadata.get('general.license')).toBe('mit');
    const random = numbers(3);
    expect(model.weights.tokenEmbedding[0]).toBe(fromHalf(toHalf(random() - 0.5)));
    expect(model.weights.layers[0].queryBias).toHaveLength(4);
    expect(model.weights.layers[0].keyBias).toHaveLength(2);
    expect(modelFile(tiny, new Float32Array(flatLength(tiny)), words, [])).toEqual(
      modelFile(tiny, new Float32Array(flatLength(tiny)), words, []),
    );
  });

  test('packs the matrices of a model as Q8_0 when asked to', () => {
    const config = { ...tiny, width: 32, headDim: 16, feedForward: 64 };
    const random = numbers(4);
    const flat = Float32Array.from({ length: flatLength(config) }, () => random() - 0.5);
    const bytes = modelFile(config, flat, words, [], { type: 'Q8_0' });
    expect(bytes).toEqual(modelFile(config, flat, words, [], { type: 'Q8_0' }));
    const file = readGguf(bytes.buffer);
    expect(file.metadata.get('general.file_type')).toBe(7);
    for (const { name, type, byteLength, shape } of file.tensors.values()) {
      expect(type, name).toBe(shape.length > 1 ? 'Q8_0' : 'F32');
      const { blockSize, blockBytes } = TENSOR_TYPES[type];
      expect(byteLength).toBe((shape.reduce((a, b) => a * b, 1) / blockSize) * blockBytes);
    }
    const [rounded, exact] = [openModel(bytes.buffer), openModel(modelFile(config, flat, words, []).buffer)];
    expect(rounded.config).toEqual(exact.config);
    expect(rounded.weights.outputNorm).toEqual(exact.weights.outputNorm);
    rounded.weights.layers[0].down.forEach((value, i) => {
      expect(Math.abs(value - exact.weights.layers[0].down[i])).toBeLessThan(0.5 / 127);
    });
    expect(() => modelFile(tiny, new Float32Array(flatLength(tiny)), words, [], { type: 'Q8_0' })).toThrow(
      /token_embd.weight: Q8_0 needs rows of a multiple of 32 values but they have 4/,
    );
  });

  test('does not take a weight that F16 cannot hold', () => {
    const flat = new Float32Array(flatLength(tiny));
    flat[3] = 1e6;
    expect(() => modelFile(tiny, flat, words, [])).toThrow(/token_embd.weight: Value 3 is 1000000/);
  });
});

describe('a damaged GGUF file', () => {
  const good = tinyFile();
  /** The file with a few bytes changed. */
  const changed = (change: (view: DataView) => void) => {
    const copy = good.slice();
    change(new DataView(copy.buffer));
    return copy.buffer;
  };
  const expectError = (buffer: ArrayBuffer, field: RegExp) => {
    let caught: unknown;
    try {
      openModel(buffer);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(GgufError);
    expect((caught as GgufError).field).toMatch(field);
    expect((caught as GgufError).message).toMatch(/expected .* but found /);
    return caught as GgufError;
  };

  test('is told by its first bytes, version and counts', () => {
    expectError(new ArrayBuffer(0), /first four bytes/);
    expectError(
      changed((view) => view.setUint8(0, 0x48)),
      /first four bytes/,
    );
    expectError(
      changed((view) => view.setUint32(4, 1, true)),
      /version/,
    );
    expect(
      expectError(
        changed((view) => view.setUint32(8, 10001, true)),
        /number of tensors/,
      ).limit,
    ).toBe(GGUF_LIMITS.tensors);
    // within the limit, but more than fit into the bytes that are left
    expectError(
      changed((view) => view.setUint32(8, 9999, true)),
      /number of tensors/,
    );
    expectError(
      changed((view) => view.setBigUint64(16, 2n ** 63n, true)),
      /number of metadata entries/,
    );
  });

  test('cut off anywhere says so', () => {
    // the last 16 bytes only fill up
    for (let length = 0; length < good.length - 16; length += 7) {
      expect(() => openModel(good.buffer.slice(0, length)), `${length} bytes`).toThrow(GgufError);
    }
  });

  const tensor = (name: string, shape: number[]) => ({
    name,
    shape,
    type: 'F32' as const,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });

  test('with a huge string, array, dimension, offset or alignment is refused before anything is allocated', () => {
    const bytes = writeGguf([['k', 'string[]', ['a']]], [tensor('t', [4])]);
    const at = (offset: number, value: bigint) => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setBigUint64(offset, value, true);
      return copy.buffer;
    };
    // header 24, key 8 + 1, type 4, entry type 4, array length 8, string length 8 + 1, name 8 + 1, dimensions 4, 4
    expect(() => readGguf(at(24, 2n ** 32n))).toThrow(/the length of the key of metadata entry 1/);
    expect(() => readGguf(at(41, 2n ** 20n))).toThrow(/the length of the metadata entry "k"/);
    expect(() => readGguf(at(41, 2n ** 60n))).toThrow(/the length of the metadata entry "k"/);
    expect(() => readGguf(at(49, 1n << 21n))).toThrow(/the length of entry 1/);
    expect(() => readGguf(at(71, 1n << 40n))).toThrow(/dimension 1 of tensor "t"/);
    expect(() => readGguf(at(71, 0n))).toThrow(/dimension 1 of tensor "t"/);
    expect(() => readGguf(at(83, 3n))).toThrow(/a multiple of 32/);
    expect(() => readGguf(at(83, 32n))).toThrow(/the last byte of tensor "t"/);
    expect(() => readGguf(at(83, 2n ** 53n - 32n))).toThrow(GgufError);
    for (const alignment of [0, 3, 48, 2 ** 31]) {
      expect(() => readGguf(writeGguf([['general.alignment', 'uint32', alignment]], []).buffer)).toThrow(
        /power of two/,
      );
    }
    expect(() => readGguf(writeGguf([['general.alignment', 'string', 'x']], []).buffer)).toThrow(/power of two/);
  });

  test('with names twice, tensors over each other or an unknown type is refused', () => {
    const twice = writeGguf(
      [
        ['k', 'uint8', 1],
        ['k', 'uint8', 2],
      ],
      [],
    );
    expect(() => readGguf(twice.buffer)).toThrow(/every metadata key/);
    expect(() => readGguf(writeGguf([], [tensor('t', [2]), tensor('t', [2])]).buffer)).toThrow(/every tensor name/);
    const over = writeGguf([], [tensor('a', [8]), tensor('b', [8])]);
    const view = new DataView(over.buffer);
    view.setUint32(24 + 33 + 25, 0, true); // b's offset
    expect(() => readGguf(over.buffer)).toThrow(/first byte of tensor "b"/);
    view.setUint32(24 + 21, 99, true); // a's type
    expect(() => readGguf(over.buffer)).toThrow(/the type of tensor "a"/);
  });

  test('of another family, or with weights that are not numbers, is no model', () => {
    const about = (key: string, type: 'string' | 'uint32', value: string | number) =>
      modelFile(tiny, new Float32Array(flatLength(tiny)), words, [[key, type, value]]).buffer;
    expectError(about('general.architecture', 'string', 'gpt2'), /every metadata key/);
    expectError(writeGguf([['general.architecture', 'string', 'gpt2']], []).buffer, /general.architecture/);
    expectError(writeGguf([['general.architecture', 'string', 'llama']], []).buffer, /llama\.embedding_length/);
    const { tensors } = readGguf(good.buffer);
    const start = (name: string) => tensors.get(name)!.start;
    const nan = changed((view) => view.setUint16(start('token_embd.weight') + 6, 0x7e00, true));
    const infinite = changed((view) => view.setFloat32(start('output_norm.weight'), Infinity, true));
    expectError(nan, /value 3 of tensor "token_embd.weight"/);
    expectError(infinite, /value 0 of tensor "output_norm.weight"/);
  });

  test('with a vocabulary that is not a list of words is refused', () => {
    const withTokens = (tokens: (string | number)[], kind = 'bert') => {
      const about: GgufEntry[] = [...readGguf(good.buffer).metadata].flatMap(([key, value]): GgufEntry[] => {
        if (key === 'tokenizer.ggml.model') return [[key, 'string', kind]];
        if (key === 'tokenizer.ggml.tokens') {
          return [[key, typeof tokens[0] === 'number' ? 'int32[]' : 'string[]', tokens]];
        }
        if (typeof value === 'string') return [[key, 'string', value]];
        return typeof value === 'number' ? [[key, Number.isInteger(value) ? 'uint32' : 'float32', value]] : [];
      });
      return writeGguf(about, []).buffer;
    };
    expectError(withTokens(['<end>', '▁a'], 'gpt2'), /tokenizer.ggml.model/);
    expectError(withTokens([]), /tokenizer.ggml.tokens/);
    expectError(withTokens([1, 2]), /token 0/);
    expectError(withTokens(['<end>', '▁a', '##n']), /token 2/);
    expectError(withTokens(['<end>', '▁a', '▁']), /token 2/);
    expectError(withTokens(['<end>', '▁a', '▁b', '▁a']), /different words/);
    expectError(withTokens(['<end>', '▁a', '▁b']), /llama.vocab_size/);
  });

  // npm run fuzz tries 100,000, and measures time and memory
  test('gives a typed error or a working model, 2,000 times at random', () => {
    const mutants = createMutants(
      1,
      ['easel.gguf', 'easel.q8_0.gguf'].map((name) => readFileSync(`public/model/${name}`)),
    );
    const errors = new Set<string>();
    let opened = 0;
    for (let index = 0; index < 2000; index++) {
      const result = tryToOpen(mutants.make(index)); // throws what is neither
      if (result instanceof GgufError) errors.add(result.field.replace(/".*?"|\d+/g, '…'));
      else opened++;
    }
    expect(opened).toBeGreaterThan(200);
    // they get everywhere: from the first four bytes to the last weight
    expect(errors.size).toBeGreaterThan(50);
    expect(mutants.make(1234)).toEqual(mutants.make(1234));
  });

  test('is refused for what only looks like a number, or would run over', () => {
    for (const alignment of [32.5, Number.NaN, -32]) {
      const file = writeGguf([['general.alignment', 'float64', alignment]], [tensor('t', [8])]);
      expect(() => readGguf(file.buffer)).toThrow(/power of two from 8 to 65536 but found/);
    }
    const far = writeGguf([['k', 'int64', 0]], []);
    new DataView(far.buffer).setBigInt64(24 + 8 + 1 + 4, -(2n ** 60n), true);
    expect(() => readGguf(far.buffer)).toThrow(/"k" to be within ±\(2\^53 − 1\) but found -1152921504606846976/);
    expect(() => readGguf(writeGguf([['k'.repeat(2 ** 16), 'uint8', 1]], []).buffer)).toThrow(/at most 65535/);
    expect(() => readGguf(writeGguf([], [tensor('t'.repeat(65), [8])]).buffer)).toThrow(/at most 64 but found 65/);
    const flat = new Float32Array(flatLength(tiny));
    flat[flat.length - 1] = 1e30; // of the last norm, which is F32
    const model = modelFile(tiny, flat, words, []);
    expectError(model.buffer, /value 3 of tensor "output_norm.weight"/);
  });
});
