/**
 * GGUF, the file format of llama.cpp: a header, metadata, a directory of tensors, then their numbers.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
 *
 * The reader trusts nothing: every count, length, dimension and offset is held against a limit and against the bytes
 * that are really there before anything is allocated, so that a damaged or hostile file gives a {@link GgufError}.
 */

import {
  packedBytes,
  packTensor,
  TENSOR_TYPES,
  type TensorType,
  unpackTensor,
  type WritableType,
} from './tensor-types.ts';

/** The kinds of metadata values, in the order of their numbers in the file. */
const VALUE_TYPES = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const;
type ScalarType = Exclude<(typeof VALUE_TYPES)[number], 'array'>;

const SCALAR_BYTES: Record<ScalarType, number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 8, // at least: its length
  uint64: 8,
  int64: 8,
  float64: 8,
};

/** What a real file stays below. */
export const GGUF_LIMITS = {
  metadataEntries: 1000,
  tensors: 10000,
  /** Entries of an array: a vocabulary of a million words, or its merges. */
  arrayLength: 1 << 20,
  /** Bytes of a string: a chat template is long, a book is not metadata. */
  stringBytes: 1 << 20,
  /** Bytes of a metadata key, by the specification. */
  keyBytes: (1 << 16) - 1,
  /** Bytes of a tensor's name, by the specification. */
  nameBytes: 64,
  dimensions: 4,
  /** The largest dimension of a tensor is a vocabulary. */
  dimension: 1 << 20,
  alignment: 1 << 16,
} as const;

const KNOWN_TYPES = Object.entries(TENSOR_TYPES)
  .map(([type, { code }]) => `${code} (${type})`)
  .join(' or ');

export type GgufScalar = string | number | boolean;
export type GgufValue = GgufScalar | GgufScalar[];

export interface GgufTensor {
  name: string;
  /** Slowest dimension first: [outputs, inputs] for a matrix. (The file lists them the other way round.) */
  shape: number[];
  type: TensorType;
  /** From the beginning of the file. */
  start: number;
  byteLength: number;
}

export interface GgufFile {
  version: number;
  /** Keyed by what the file says, so a map: a key may be called anything, `__proto__` too. */
  metadata: Map<string, GgufValue>;
  tensors: Map<string, GgufTensor>;
}

/** Something in a GGUF file that cannot be right, or that this reader does not handle. */
export class GgufError extends Error {
  override name = 'GgufError';
  readonly field: string;
  readonly value: unknown;
  readonly limit: unknown;

  /**
   * @param field which part of the file
   * @param value what was found there
   * @param limit what would have been right
   */
  constructor(field: string, value: unknown, limit: string | number) {
    super(
      `GGUF: expected ${field} to be ${typeof limit === 'number' ? `at most ${limit}` : limit} but found ${shown(value)}.`,
    );
    this.field = field;
    this.value = value;
    this.limit = limit;
  }
}

/**
 * Reads header, metadata and tensor directory.
 *
 * @throws GgufError naming the field, the value found and the limit
 */
export function readGguf(buffer: ArrayBuffer): GgufFile {
  const cursor = createCursor(buffer);
  const magic = cursor.bytes('the first four bytes', 4);
  if (String.fromCharCode(...magic) !== 'GGUF') throw new GgufError('the first four bytes', [...magic], '"GGUF"');
  const version = cursor.scalar('uint32', 'the version') as number;
  if (version !== 2 && version !== 3) throw new GgufError('the version', version, '2 or 3');
  const tensorCount = cursor.count('the number of tensors', GGUF_LIMITS.tensors, 24);
  const metadataCount = cursor.count('the number of metadata entries', GGUF_LIMITS.metadataEntries, 13);

  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.string(`the key of metadata entry ${i + 1}`, GGUF_LIMITS.keyBytes);
    if (metadata.has(key)) throw new GgufError('every metadata key', key, 'there once');
    metadata.set(key, cursor.value(`the metadata entry ${shown(key)}`));
  }

  const directory: { name: string; shape: number[]; type: TensorType; offset: number; byteLength: number }[] = [];
  for (let i = 0; i < tensorCount; i++) {
    const name = cursor.string(`the name of tensor ${i + 1}`, GGUF_LIMITS.nameBytes);
    const of = `of tensor ${shown(name)}`;
    const dimensions = cursor.scalar('uint32', `the number of dimensions ${of}`) as number;
    if (dimensions < 1 || dimensions > GGUF_LIMITS.dimensions) {
      throw new GgufError(`the number of dimensions ${of}`, dimensions, `from 1 to ${GGUF_LIMITS.dimensions}`);
    }
    const shape: number[] = [];
    let values = 1;
    for (let d = 0; d < dimensions; d++) {
      const size = cursor.scalar('uint64', `dimension ${d + 1} ${of}`) as number;
      if (size < 1 || size > GGUF_LIMITS.dimension) {
        throw new GgufError(`dimension ${d + 1} ${of}`, size, `from 1 to ${GGUF_LIMITS.dimension}`);
      }
      shape.unshift(size);
      values *= size;
      if (!Number.isSafeInteger(values * 4)) throw new GgufError(`the size ${of}`, values, Number.MAX_SAFE_INTEGER);
    }
    const code = cursor.scalar('uint32', `the type ${of}`) as number;
    const type = (Object.keys(TENSOR_TYPES) as TensorType[]).find((known) => TENSOR_TYPES[known].code === code);
    if (!type) throw new GgufError(`the type ${of}`, code, KNOWN_TYPES);
    const { blockSize } = TENSOR_TYPES[type];
    if (shape.at(-1)! % blockSize !== 0) {
      throw new GgufError(`dimension 1 ${of}`, shape.at(-1), `a multiple of ${blockSize}, the block of ${type}`);
    }
    const offset = cursor.scalar('uint64', `the offset ${of}`) as number;
    directory.push({ name, shape, type, offset, byteLength: packedBytes(type, values) });
  }

  const alignment = metadata.get('general.alignment') ?? 32;
  if (
    typeof alignment !== 'number' ||
    !Number.isInteger(alignment) ||
    alignment < 8 ||
    alignment > GGUF_LIMITS.alignment ||
    (alignment & (alignment - 1)) !== 0
  ) {
    throw new GgufError('general.alignment', alignment, `a power of two from 8 to ${GGUF_LIMITS.alignment}`);
  }
  const data = Math.ceil(cursor.position() / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { name, offset, ...rest } of directory) {
    const of = `of tensor ${shown(name)}`;
    if (tensors.has(name)) throw new GgufError('every tensor name', name, 'there once');
    if (offset % alignment !== 0) throw new GgufError(`the offset ${of}`, offset, `a multiple of ${alignment}`);
    const start = data + offset;
    if (start + rest.byteLength > buffer.byteLength) {
      throw new GgufError(`the last byte ${of}`, start + rest.byteLength, buffer.byteLength);
    }
    tensors.set(name, { name, ...rest, start });
  }
  let end = data;
  for (const tensor of [...tensors.values()].sort((a, b) => a.start - b.start)) {
    if (tensor.start < end) {
      throw new GgufError(
        `the first byte of tensor ${shown(tensor.name)}`,
        tensor.start,
        `at least ${end}, where another ends`,
      );
    }
    end = tensor.start + tensor.byteLength;
  }
  return { version, metadata, tensors };
}

/** A tensor's numbers, unpacked to float32. */
export function tensorValues(buffer: ArrayBuffer, { type, start, byteLength }: GgufTensor): Float32Array {
  return unpackTensor(type, new DataView(buffer, start, byteLength));
}

/** A metadata entry to write: its key, the kind of value (`string[]` and the like for an array), the value. */
export type GgufEntry = [key: string, type: ScalarType | `${ScalarType}[]`, value: GgufValue];

/** A tensor to write; shape as in {@link GgufTensor}. */
export interface GgufTensorToWrite {
  name: string;
  shape: number[];
  type: WritableType;
  values: ArrayLike<number>;
}

/**
 * A GGUF file, version 3: the same input gives the same bytes.
 *
 * @throws TypeError when an entry or a shape does not fit its values
 * @throws RangeError when a value does not fit the type of its tensor
 */
export function writeGguf(
  metadata: readonly GgufEntry[],
  tensors: readonly GgufTensorToWrite[],
): Uint8Array<ArrayBuffer> {
  const alignment = 32;
  const head: number[] = [];
  const scratch = new DataView(new ArrayBuffer(8));
  const scalar = (type: ScalarType, value: GgufScalar) => {
    if (type === 'string') {
      const text = new TextEncoder().encode(String(value));
      scalar('uint64', text.length);
      for (const byte of text) head.push(byte);
      return;
    }
    writeScalar(scratch, type, value);
    for (let i = 0; i < SCALAR_BYTES[type]; i++) head.push(scratch.getUint8(i));
  };
  for (const letter of 'GGUF') scalar('uint8', letter.charCodeAt(0));
  scalar('uint32', 3);
  scalar('uint64', tensors.length);
  scalar('uint64', metadata.length);
  for (const [key, type, value] of metadata) {
    scalar('string', key);
    const kind = type.replace('[]', '') as ScalarType;
    if (Array.isArray(value) !== type.endsWith('[]')) throw new TypeError(`${key}: ${type} does not fit its value.`);
    if (Array.isArray(value)) {
      scalar('uint32', VALUE_TYPES.indexOf('array'));
      scalar('uint32', VALUE_TYPES.indexOf(kind));
      scalar('uint64', value.length);
      for (const one of value) scalar(kind, one);
    } else {
      scalar('uint32', VALUE_TYPES.indexOf(kind));
      scalar(kind, value);
    }
  }
  let offset = 0;
  const offsets = tensors.map(({ name, shape, type, values }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length)
      throw new TypeError(`${name}: shape ${shape.join(' × ')} has not ${values.length} values.`);
    const { blockSize } = TENSOR_TYPES[type];
    if (shape.at(-1)! % blockSize !== 0) {
      throw new TypeError(
        `${name}: ${type} needs rows of a multiple of ${blockSize} values but they have ${shape.at(-1)}.`,
      );
    }
    scalar('string', name);
    scalar('uint32', shape.length);
    for (const length of shape.toReversed()) scalar('uint64', length);
    scalar('uint32', TENSOR_TYPES[type].code);
    scalar('uint64', offset);
    const start = offset;
    offset = Math.ceil((offset + packedBytes(type, size)) / alignment) * alignment;
    return start;
  });
  const data = Math.ceil(head.length / alignment) * alignment;
  const file = new Uint8Array(data + offset);
  file.set(head);
  tensors.forEach(({ name, type, values }, index) => {
    const bytes = new DataView(file.buffer, data + offsets[index], packedBytes(type, values.length));
    try {
      packTensor(type, values, bytes);
    } catch (error) {
      throw new RangeError(`${name}: ${(error as Error).message}`);
    }
  });
  return file;
}

/** Walks through the bytes and refuses to step past their end. */
function createCursor(buffer: ArrayBuffer) {
  const view = new DataView(buffer);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let position = 0;

  const take = (field: string, length: number): number => {
    const left = buffer.byteLength - position;
    if (length > left) throw new GgufError(`the bytes of ${field}`, length, left);
    position += length;
    return position - length;
  };
  const bytes = (field: string, length: number) => new Uint8Array(buffer, take(field, length), length);

  /** A count of things that take at least `eachBytes` each: more than fit in the file cannot be there. */
  const count = (field: string, limit: number, eachBytes: number): number => {
    const value = scalar('uint64', field) as number;
    if (value > limit) throw new GgufError(field, value, limit);
    const most = Math.floor((buffer.byteLength - position) / eachBytes);
    if (value > most) throw new GgufError(field, value, most);
    return value;
  };
  const string = (field: string, most: number = GGUF_LIMITS.stringBytes): string => {
    const text = bytes(field, count(`the length of ${field}`, most, 1));
    try {
      return decoder.decode(text);
    } catch {
      throw new GgufError(field, `${text.length} bytes that are not`, 'UTF-8 text');
    }
  };
  const scalar = (type: ScalarType, field: string): GgufScalar => {
    if (type === 'string') return string(field);
    return readScalar(view, take(field, SCALAR_BYTES[type]), type, field);
  };
  const valueType = (field: string): (typeof VALUE_TYPES)[number] => {
    const code = scalar('uint32', `the type of ${field}`) as number;
    if (code >= VALUE_TYPES.length) throw new GgufError(`the type of ${field}`, code, VALUE_TYPES.length - 1);
    return VALUE_TYPES[code];
  };
  const value = (field: string): GgufValue => {
    const type = valueType(field);
    if (type !== 'array') return scalar(type, field);
    const kind = valueType(`the entries of ${field}`);
    if (kind === 'array') throw new GgufError(`the entries of ${field}`, 'arrays', 'plain values');
    const length = count(`the length of ${field}`, GGUF_LIMITS.arrayLength, SCALAR_BYTES[kind]);
    return Array.from({ length }, (_, i) => scalar(kind, `entry ${i + 1} of ${field}`));
  };
  return { bytes, count, string, scalar, value, position: () => position };
}

function readScalar(view: DataView, at: number, type: Exclude<ScalarType, 'string'>, field: string): GgufScalar {
  switch (type) {
    case 'uint8':
      return view.getUint8(at);
    case 'int8':
      return view.getInt8(at);
    case 'uint16':
      return view.getUint16(at, true);
    case 'int16':
      return view.getInt16(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'float32':
      return view.getFloat32(at, true);
    case 'float64':
      return view.getFloat64(at, true);
    case 'bool': {
      const byte = view.getUint8(at);
      if (byte > 1) throw new GgufError(field, byte, '0 or 1');
      return byte === 1;
    }
    default: {
      const big = type === 'uint64' ? view.getBigUint64(at, true) : view.getBigInt64(at, true);
      const value = Number(big);
      if (!Number.isSafeInteger(value)) throw new GgufError(field, big, 'within ±(2^53 − 1)');
      return value;
    }
  }
}

function writeScalar(view: DataView, type: Exclude<ScalarType, 'string'>, value: GgufScalar): void {
  const n = Number(value);
  if (type === 'uint8' || type === 'bool') view.setUint8(0, n);
  else if (type === 'int8') view.setInt8(0, n);
  else if (type === 'uint16') view.setUint16(0, n, true);
  else if (type === 'int16') view.setInt16(0, n, true);
  else if (type === 'uint32') view.setUint32(0, n, true);
  else if (type === 'int32') view.setInt32(0, n, true);
  else if (type === 'float32') view.setFloat32(0, n, true);
  else if (type === 'float64') view.setFloat64(0, n, true);
  else if (type === 'uint64') view.setBigUint64(0, BigInt(n), true);
  else view.setBigInt64(0, BigInt(n), true);
}

/** A value for an error message: short, whatever a file has in it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
