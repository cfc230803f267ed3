/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */

/** The largest finite half. */
export const LARGEST_HALF = 65504;

const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);

/** The bits of the half nearest to x (ties to even); beyond {@link LARGEST_HALF} an infinity. */
export function toHalf(x: number): number {
  number[0] = x;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = bits[0] & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00; // not a number
  if (size >= 0x477ff000) return sign | 0x7c00; // rounds to infinity
  if (size < 0x38800000) {
    // below the smallest normal half: adding ½ lines the fraction up at steps of 2⁻²⁴, and the addition rounds
    number[0] = Math.abs(number[0]) + 0.5;
    return sign | (bits[0] - 0x3f000000);
  }
  const odd = (size >>> 13) & 1;
  return sign | ((size - 0x38000000 + 0xfff + odd) >>> 13);
}

/** The number that these 16 bits stand for, exactly. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
