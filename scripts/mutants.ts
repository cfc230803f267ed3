/**
 * Damaged and odd GGUF files, to try the reader on. Each is made from a number alone, so that one that shows a mistake can
 * be made again.
 */

import { plain } from '../src/attention/plain.ts';
import { mulberry32 } from '../src/language/random.ts';
import { GGUF_LIMITS, type GgufEntry, GgufError, readGguf, writeGguf } from '../src/model/gguf.ts';
import { LARGEST_HALF } from '../src/model/half.ts';
import { forward } from '../src/model/llama.ts';
import { type LanguageModel, modelFile, openModel } from '../src/model/open.ts';
import { flatLength, type LlamaConfig, tensorPlaces } from '../src/model/parameters.ts';

/** A file to start from, and where its fields are. */
interface Seed {
  bytes: Uint8Array<ArrayBuffer>;
  /** First bytes of numbers in the head: counts, lengths, kinds, dimensions, offsets, values. */
  fields: number[];
  /** Where the tensors begin. */
  head: number;
}

/** Makes file after file. */
export interface Mutants {
  /** The index-th file. Now and then, and with index 0, it is a good one. */
  make(index: number): Uint8Array<ArrayBuffer>;
}

/** Files of a few hundred bytes, so that what changes is mostly structure. */
const TINY: LlamaConfig = {
  ...{ vocabularySize: 5, width: 4, nLayers: 1, nHeads: 2, nKeyHeads: 1, headDim: 2, feedForward: 3 },
  ...{ contextLength: 8, ropeBase: 1000, epsilon: 1e-5, qkvBias: true },
};
const WORDS = ['<end>', '.', 'cat', 'ugly', '__proto__'];
/** Rows of 32, so that they fit into blocks. */
const BLOCKS: LlamaConfig = { ...TINY, width: 32, nKeyHeads: 2, headDim: 16, feedForward: 32 };

/** One file in so many is made from one of the large ones, which take longer. */
const LARGE_SHARE = 0.1;

/**
 * @param seed another seed, other files
 * @param large files to damage besides the tiny ones made here
 */
export function createMutants(seed: number, large: readonly Uint8Array[]): Mutants {
  const random = mulberry32(seed);
  const flat = (config: LlamaConfig) => Float32Array.from({ length: flatLength(config) }, () => random() - 0.5);
  const about: GgufEntry[] = [
    ['general.name', 'string', 'Tiny'],
    ['a.list', 'uint16[]', [1, 2, 3]],
    ['a.sign', 'int64', -5],
  ];
  const tiny = [
    modelFile(TINY, flat(TINY), WORDS, about),
    modelFile({ ...TINY, qkvBias: false }, flat({ ...TINY, qkvBias: false }), WORDS, [], { type: 'F32' }),
    modelFile(BLOCKS, flat(BLOCKS), WORDS, about, { type: 'Q8_0' }),
    // two values instead of a whole model: the shortest way through the reader
    writeGguf([['k', 'string[]', ['a']]], [{ name: 't', shape: [2], type: 'F32', values: [1, 2] }]),
  ].map(toSeed);
  const big = large.map((bytes) => toSeed(new Uint8Array(bytes)));
  return {
    make(index) {
      const draw = createDraw(mulberry32(seed + 0x9e3779b9 * (index + 1)));
      if (index === 0) return tiny[0].bytes.slice();
      if (draw.chance(0.1)) return oddFile(draw);
      const seeds = big.length > 0 && draw.chance(LARGE_SHARE) ? big : tiny;
      const start = draw.one(seeds);
      let bytes = start.bytes.slice();
      const changes = draw.below(5); // 0: as it was
      for (let i = 0; i < changes; i++) bytes = draw.one(CHANGES)(bytes, start, draw.one(tiny), draw);
      return bytes;
    },
  };
}

type Draw = ReturnType<typeof createDraw>;

function createDraw(random: () => number) {
  const below = (n: number) => Math.floor(random() * n);
  return {
    below,
    chance: (share: number) => random() < share,
    one: <T>(list: readonly T[]): T => list[below(list.length)],
  };
}

type Change = (bytes: Uint8Array<ArrayBuffer>, start: Seed, other: Seed, draw: Draw) => Uint8Array<ArrayBuffer>;

/** Numbers that are apt to be mishandled, as 64 bits. */
const NUMBERS = [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 255, 256, 1000, 1001, 10000, 10001, 65535, 65536]
  .map(BigInt)
  .concat([20n, 24n, 31n, 32n, 33n, 53n, 62n, 63n].flatMap((bit) => [2n ** bit - 1n, 2n ** bit, 2n ** bit + 1n]))
  .concat([2n ** 64n - 1n, 2n ** 64n - 32n, 2n ** 64n - 2n ** 31n]);

const CHANGES: readonly Change[] = [
  function flipBit(bytes, start, _other, draw) {
    // mostly in the head, where the meaning is
    const where = draw.below(draw.chance(0.8) ? Math.min(start.head, bytes.length) : bytes.length);
    if (where < bytes.length) bytes[where] ^= 1 << draw.below(8);
    return bytes;
  },
  function setByte(bytes, start, _other, draw) {
    const where = draw.below(start.head);
    if (where < bytes.length) bytes[where] = draw.one([0, 1, 0x7f, 0x80, 0xff, draw.below(256)]);
    return bytes;
  },
  function setField(bytes, start, _other, draw) {
    const view = new DataView(bytes.buffer);
    const where = draw.one(start.fields);
    const value = draw.one(NUMBERS);
    if (draw.chance(0.5) && where + 8 <= bytes.length) view.setBigUint64(where, value, true);
    else if (where + 4 <= bytes.length) view.setUint32(where, Number(value & 0xffffffffn), true);
    return bytes;
  },
  /** A number that is almost the one that was there. */
  function nudgeField(bytes, start, _other, draw) {
    const view = new DataView(bytes.buffer);
    const where = draw.one(start.fields);
    if (where + 4 > bytes.length) return bytes;
    view.setUint32(where, view.getUint32(where, true) + draw.one([-32, -8, -4, -1, 1, 4, 8, 32]), true);
    return bytes;
  },
  /** Another kind of value, or of tensor, where a kind stands (and elsewhere). */
  function setKind(bytes, start, _other, draw) {
    const where = draw.one(start.fields);
    if (where + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(where, draw.below(40), true);
    return bytes;
  },
  function swapFields(bytes, start, _other, draw) {
    const [a, b] = [draw.one(start.fields), draw.one(start.fields)];
    const size = draw.one([4, 8]);
    if (Math.max(a, b) + size > bytes.length) return bytes;
    const first = bytes.slice(a, a + size);
    bytes.copyWithin(a, b, b + size);
    bytes.set(first, b);
    return bytes;
  },
  function cutOff(bytes, start, _other, draw) {
    return bytes.slice(0, draw.below(draw.chance(0.5) ? Math.min(start.head, bytes.length) : bytes.length));
  },
  function addZeros(bytes, _start, _other, draw) {
    const longer = new Uint8Array(bytes.length + draw.below(5000));
    longer.set(bytes);
    return longer;
  },
  /** A piece goes, comes twice, or comes from another file. */
  function splice(bytes, start, other, draw) {
    const from = draw.below(Math.min(start.head, bytes.length) + 1);
    const out = draw.one([0, 1, 4, 8, draw.below(100)]);
    const source = draw.chance(0.5) ? bytes : other.bytes;
    const begin = draw.below(source.length + 1);
    const piece = source.subarray(begin, begin + draw.one([0, 1, 4, 8, draw.below(300)]));
    return joined(bytes.subarray(0, from), piece, bytes.subarray(from + out));
  },
  /** One file's head before another's tensors. */
  function cross(bytes, start, other) {
    return joined(bytes.subarray(0, start.head), other.bytes.subarray(other.head));
  },
];

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Files that the writer can write and that are unlike any that a program would. */
function oddFile(draw: Draw): Uint8Array<ArrayBuffer> {
  const config: LlamaConfig = {
    ...draw.one([TINY, BLOCKS]),
    nLayers: draw.one([1, 2, 30]),
    contextLength: draw.one([1, 2, 2 ** 20, 2 ** 20 + 1]),
    ropeBase: draw.one([1e-45, 1e-9, 1, 3e38, Number.NaN, Infinity, -1, 0]),
    epsilon: draw.one([1e-45, 1e-5, 3e38, Number.NaN, 0]),
  };
  if (draw.chance(0.7)) Object.assign(config, { ropeBase: 1e4, epsilon: 1e-5 });
  const words = draw.one([
    WORDS,
    ['', 'constructor', 'toString', '__proto__', 'hasOwnProperty'],
    ['<end>', '\u0000', '\u{1f600}', 'a'.repeat(draw.one([100, 100_000])), ' '],
    ['a', 'b', 'a', 'b', 'a'],
    WORDS.slice(0, 4),
  ]);
  const strange: GgufEntry[] = [
    ['__proto__', 'string', 'a key like any other'],
    ['constructor', 'uint8', 1],
    ['general.name', 'string[]', ['not', 'one', 'name']],
    ['general.alignment', 'uint32', draw.one([0, 1, 8, 16, 32, 33, 64, 2 ** 16, 2 ** 17, 2 ** 31])],
    ['general.alignment', 'float64', draw.one([32.5, Number.NaN, 64])],
    ['k'.repeat(draw.one([1, 2 ** 16 - 1, 2 ** 16])), 'bool', true],
    ['', 'float32', Number.NaN],
    ['a.text', 'string', 'é'.repeat(draw.one([10, 2 ** 19, 2 ** 19 + 1]))],
    ['a.numbers', 'float64[]', new Array(draw.one([0, 10_000])).fill(1e300)],
    ['a.texts', 'string[]', new Array(draw.one([0, 10_000])).fill('')],
    ['a.far', 'int64', -(2 ** 53) + 1],
    ['general.name', 'string', '\u0000\ud7ff'],
    ['llama.rope.dimension_count', 'uint32', 0],
    ['llama.block_count', 'uint32', 511],
  ];
  const about = Array.from({ length: draw.below(4) }, () => draw.one(strange));
  if (draw.chance(0.05)) for (let i = 0; i < draw.one([900, 1001]); i++) about.push([`k${i}`, 'uint8', i % 256]);
  const size = draw.one([0, 1e-30, 0.5, 60000]);
  const weights = Float32Array.from({ length: flatLength(config) }, () => size * (draw.below(201) / 100 - 1));
  // norms and biases stand in the file as float32: they, too, may be too large
  if (draw.chance(0.2)) {
    const norm = tensorPlaces(config).find(({ shape }) => shape.length === 1)!;
    weights[norm.offset] = draw.one([1e5, 3e38, -3e38]);
  }
  return modelFile(config, weights, words, about, { type: config.width === 32 && draw.chance(0.5) ? 'Q8_0' : 'F16' });
}

/** Finds the fields of a good file by looking for its names. */
function toSeed(bytes: Uint8Array<ArrayBuffer>): Seed {
  const { metadata, tensors } = readGguf(bytes.buffer);
  const fields = [4, 8, 16];
  let head = 24;
  // before a name its length, after it: kind and value, or dimensions, kind and offset
  for (const name of [...metadata.keys(), ...tensors.keys()]) {
    const text = new TextEncoder().encode(name);
    const start = Buffer.from(bytes.buffer).indexOf(text, head);
    if (start < 0) throw new Error(`"${name}" is not in the file.`);
    head = start + text.length;
    fields.push(start - 8, ...[0, 4, 8, 12, 16, 20, 24].map((offset) => head + offset));
  }
  head = Math.min(...[...tensors.values()].map(({ start }) => start));
  return { bytes, fields: fields.filter((where) => where < head), head };
}

/**
 * Opens a file as a page would, and sees whether what comes of it is as it should be.
 *
 * @returns the error that says why it could not be opened, or the model
 * @throws whatever else came of it
 */
export function tryToOpen(bytes: Uint8Array<ArrayBuffer>): GgufError | LanguageModel {
  let model: LanguageModel;
  try {
    model = openModel(bytes.buffer);
  } catch (error) {
    if (!(error instanceof GgufError)) throw error;
    const { field, limit, message } = error;
    if (!field || limit === undefined || !message.includes(' but found ') || message.length > 600) {
      throw new Error(`A message that does not say enough, or says too much: ${message}`);
    }
    return error;
  }
  const { config, weights, tokenizer } = model;
  const wrong = (what: string) => new Error(`Opened, but ${what}.`);
  if (tokenizer.vocabulary.length !== config.vocabularySize) throw wrong('words are missing');
  if (weights.tokenEmbedding.length !== config.vocabularySize * config.width) throw wrong('embeddings are missing');
  if (weights.layers.length !== config.nLayers) throw wrong('layers are missing');
  if (weights.layers.length > GGUF_LIMITS.tensors) throw wrong('there are too many layers');
  for (const values of [weights.tokenEmbedding, weights.outputNorm, ...weights.layers.flatMap(Object.values)]) {
    if (!values.every((value: number) => Math.abs(value) <= LARGEST_HALF)) throw wrong('a weight is not a number');
  }
  const ids = [0, config.vocabularySize - 1].slice(0, config.contextLength);
  if (!forward(model, ids, { attend: plain }).logits.every(Number.isFinite))
    throw wrong('it does not answer in numbers');
  return model;
}
