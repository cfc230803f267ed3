/**
 * How a tensor's numbers lie in a GGUF file: one by one (F32, F16), or in blocks of 32 along a row, small whole numbers
 * that share a scale d (Q8_0, Q4_0) or a scale and a least value m (Q4_1). The layouts are those of ggml:
 * https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h and ggml-quants.c beside it.
 */

import { fromHalf, LARGEST_HALF, toHalf } from './half.ts';

/** Each type's number in the file, how many values make a block, and the bytes of one block. */
export const TENSOR_TYPES = {
  F32: { code: 0, blockSize: 1, blockBytes: 4 },
  F16: { code: 1, blockSize: 1, blockBytes: 2 },
  /** d (F16), then 16 bytes of two nibbles */
  Q4_0: { code: 2, blockSize: 32, blockBytes: 18 },
  /** d, m (F16), then 16 bytes of two nibbles */
  Q4_1: { code: 3, blockSize: 32, blockBytes: 20 },
  /** d (F16), then 32 signed bytes */
  Q8_0: { code: 8, blockSize: 32, blockBytes: 34 },
} as const;
export type TensorType = keyof typeof TENSOR_TYPES;

/** The types that {@link packTensor} can write. */
export type WritableType = 'F32' | 'F16' | 'Q8_0';

/** The bytes that `length` values take; `length` is a whole number of blocks. */
export function packedBytes(type: TensorType, length: number): number {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  return (length / blockSize) * blockBytes;
}

/** The numbers that packed bytes stand for, in float32: exactly, but for Q4_1, whose sums are rounded once. */
export function unpackTensor(type: TensorType, bytes: DataView): Float32Array {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  const values = new Float32Array((bytes.byteLength / blockBytes) * blockSize);
  for (let block = 0, at = 0; at < bytes.byteLength; block++, at += blockBytes) {
    const first = block * blockSize;
    if (type === 'F32') values[first] = bytes.getFloat32(at, true);
    else if (type === 'F16') values[first] = fromHalf(bytes.getUint16(at, true));
    else if (type === 'Q8_0') {
      const d = fromHalf(bytes.getUint16(at, true));
      for (let i = 0; i < 32; i++) values[first + i] = d * bytes.getInt8(at + 2 + i);
    } else {
      // the low nibbles are the first 16 values, the high ones the last; in Q4_0 a nibble of 8 is zero
      const d = fromHalf(bytes.getUint16(at, true));
      const m = type === 'Q4_1' ? fromHalf(bytes.getUint16(at + 2, true)) : -8 * d;
      const nibbles = at + blockBytes - 16;
      for (let i = 0; i < 16; i++) {
        const pair = bytes.getUint8(nibbles + i);
        values[first + i] = d * (pair & 15) + m;
        values[first + i + 16] = d * (pair >> 4) + m;
      }
    }
  }
  return values;
}

/**
 * Packs values into `bytes`, which has room for just these.
 *
 * Q8_0 gives each block of 32 a scale so that its largest value becomes 127, with the arithmetic and the rounding of
 * ggml's own `quantize_row_q8_0_ref`, so that the bytes are the same as llama.cpp would write.
 *
 * @throws RangeError when a value is too large for the type, or no number
 */
export function packTensor(type: WritableType, values: ArrayLike<number>, bytes: DataView): void {
  const largest = { F32: 3.4028234663852886e38, F16: LARGEST_HALF, Q8_0: 127 * LARGEST_HALF }[type];
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i]) <= largest))
      throw new RangeError(`Value ${i} is ${values[i]}, which ${type} cannot hold.`);
  }
  if (type === 'F32') {
    for (let i = 0; i < values.length; i++) bytes.setFloat32(4 * i, values[i], true);
  } else if (type === 'F16') {
    for (let i = 0; i < values.length; i++) bytes.setUint16(2 * i, toHalf(values[i]), true);
  } else {
    for (let first = 0, at = 0; first < values.length; first += 32, at += 34) {
      let most = 0;
      for (let i = first; i < first + 32; i++) most = Math.max(most, Math.abs(Math.fround(values[i])));
      const d = Math.fround(most / 127);
      const inverse = d ? Math.fround(1 / d) : 0;
      bytes.setUint16(at, toHalf(d), true);
      for (let i = 0; i < 32; i++) {
        bytes.setInt8(at + 2 + i, roundAwayFromZero(Math.fround(Math.fround(values[first + i]) * inverse)));
      }
    }
  }
}

/** C's `roundf`: a half goes away from zero. */
function roundAwayFromZero(x: number): number {
  return x < 0 ? -Math.round(-x) : Math.round(x);
}
