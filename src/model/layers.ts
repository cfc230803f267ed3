/**
 * The pieces a layer is made of, each a plain loop: the text-book form, and what the page and the figures run.
 *
 * All arrays are row-major. A result has the precision of the first argument; sums are kept in float64.
 */

import type { FloatArray } from '../attention/attend.ts';

/** A zeroed array of `length` numbers, as precise as `like`. */
export function zerosLike(like: FloatArray, length: number): FloatArray {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/**
 * y = x Wᵀ + bias, the one matrix product a model needs.
 *
 * @param x [n, inputs]
 * @param w [outputs, inputs]: one row for each number that comes out, as GGUF stores it
 * @param bias [outputs], or absent
 * @returns [n, outputs]
 */
export function linear(x: FloatArray, w: FloatArray, inputs: number, outputs: number, bias?: FloatArray): FloatArray {
  const n = x.length / inputs;
  const y = zerosLike(x, n * outputs);
  // four outputs at a time: four sums that do not wait for each other take a third of the time of one
  const whole = outputs - (outputs % 4);
  for (let t = 0; t < n; t++) {
    const xRow = t * inputs;
    for (let o = 0; o < whole; o += 4) {
      let [w0, w1, w2, w3] = [o * inputs, (o + 1) * inputs, (o + 2) * inputs, (o + 3) * inputs];
      let [s0, s1, s2, s3] = bias ? [bias[o], bias[o + 1], bias[o + 2], bias[o + 3]] : [0, 0, 0, 0];
      for (let i = xRow; i < xRow + inputs; i++) {
        const value = x[i];
        s0 += value * w[w0++];
        s1 += value * w[w1++];
        s2 += value * w[w2++];
        s3 += value * w[w3++];
      }
      const place = t * outputs + o;
      y[place] = s0;
      y[place + 1] = s1;
      y[place + 2] = s2;
      y[place + 3] = s3;
    }
    for (let o = whole; o < outputs; o++) {
      let sum = bias ? bias[o] : 0;
      for (let i = 0; i < inputs; i++) sum += x[xRow + i] * w[o * inputs + i];
      y[t * outputs + o] = sum;
    }
  }
  return y;
}

/**
 * Root mean square normalisation: each row divided by the size of its typical entry, then scaled entry by entry.
 * Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467.
 *
 * @param x [n, size]
 * @param scale [size]
 * @returns [n, size]
 */
export function rmsNorm(x: FloatArray, scale: FloatArray, epsilon: number): FloatArray {
  const size = scale.length;
  const y = zerosLike(x, x.length);
  for (let row = 0; row < x.length; row += size) {
    let squares = 0;
    for (let i = 0; i < size; i++) squares += x[row + i] * x[row + i];
    const factor = 1 / Math.sqrt(squares / size + epsilon);
    for (let i = 0; i < size; i++) y[row + i] = x[row + i] * factor * scale[i];
  }
  return y;
}

/** Cosines and sines of the angles by which a rotary embedding turns each pair, both [positions, pairs]. */
export interface RotationTable {
  cos: FloatArray;
  sin: FloatArray;
  pairs: number;
}

/**
 * The angles of a rotary embedding: pair i at position p is turned by p · base^(−2i / rotaryDim).
 * Su et al. 2021, https://arxiv.org/abs/2104.09864.
 */
export function rotationTable(positions: readonly number[], rotaryDim: number, base: number): RotationTable {
  const pairs = rotaryDim / 2;
  const cos = new Float64Array(positions.length * pairs);
  const sin = new Float64Array(positions.length * pairs);
  positions.forEach((position, row) => {
    for (let i = 0; i < pairs; i++) {
      const angle = position * base ** ((-2 * i) / rotaryDim);
      cos[row * pairs + i] = Math.cos(angle);
      sin[row * pairs + i] = Math.sin(angle);
    }
  });
  return { cos, sin, pairs };
}

export interface RotateOptions {
  /**
   * Which entries form a pair: 'neighbours' (2i, 2i+1), as GGUF's `llama` weights are stored, or 'halves'
   * (i, i + pairs), as Hugging Face stores them. ONNX: interleaved = 1 or 0. Default 'neighbours'.
   */
  pairing?: 'neighbours' | 'halves';
  /** −1 turns back: the inverse, and so also the gradient. Default 1. */
  direction?: 1 | -1;
}

/**
 * Turns each pair of entries by the angle of its position. Entries beyond the table's pairs stay as they are (a partial
 * rotary embedding).
 *
 * @param x [heads, n, headDim]
 * @param table row t holds the angles for row t of every head
 * @returns [heads, n, headDim]
 */
export function rotate(x: FloatArray, headDim: number, table: RotationTable, options: RotateOptions = {}): FloatArray {
  const { pairing = 'neighbours', direction = 1 } = options;
  const { cos, sin, pairs } = table;
  const n = cos.length / pairs;
  const y = x.slice();
  for (let row = 0; row < x.length / headDim; row++) {
    const t = row % n;
    for (let i = 0; i < pairs; i++) {
      const first = row * headDim + (pairing === 'neighbours' ? 2 * i : i);
      const second = pairing === 'neighbours' ? first + 1 : first + pairs;
      const c = cos[t * pairs + i];
      const s = sin[t * pairs + i] * direction;
      y[first] = x[first] * c - x[second] * s;
      y[second] = x[first] * s + x[second] * c;
    }
  }
  return y;
}

/** x · sigmoid(sharpness · x): swish, called SiLU when sharpness is 1. */
export function swish(x: number, sharpness = 1): number {
  return x / (1 + Math.exp(-sharpness * x));
}

/** SwiGLU: swish(gate) · up, entry by entry. Shazeer 2020, https://arxiv.org/abs/2002.05202. */
export function gatedUnit(gate: FloatArray, up: FloatArray): FloatArray {
  const y = zerosLike(gate, gate.length);
  for (let i = 0; i < gate.length; i++) y[i] = swish(gate[i]) * up[i];
  return y;
}

/** Softmax of each row of `size` entries. */
export function softmax(x: FloatArray, size: number): FloatArray {
  const y = zerosLike(x, x.length);
  for (let row = 0; row < x.length; row += size) {
    let largest = -Infinity;
    for (let i = 0; i < size; i++) largest = Math.max(largest, x[row + i]);
    let total = 0;
    for (let i = 0; i < size; i++) total += Math.exp(x[row + i] - largest);
    for (let i = 0; i < size; i++) y[row + i] = Math.exp(x[row + i] - largest) / total;
  }
  return y;
}

/** Entry by entry sum. */
export function add(a: FloatArray, b: FloatArray): FloatArray {
  const y = a.slice();
  for (let i = 0; i < y.length; i++) y[i] += b[i];
  return y;
}

/** [n, heads · headDim] → [heads, n, headDim]: each head's columns become a table of their own. */
export function splitHeads(x: FloatArray, heads: number, headDim: number): FloatArray {
  const n = x.length / (heads * headDim);
  const y = zerosLike(x, x.length);
  for (let t = 0; t < n; t++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < headDim; i++) y[(h * n + t) * headDim + i] = x[(t * heads + h) * headDim + i];
    }
  }
  return y;
}

/** [heads, n, headDim] → [n, heads · headDim]: the inverse of {@link splitHeads}, as precise as `like`. */
export function joinHeads(x: FloatArray, heads: number, headDim: number, like: FloatArray): FloatArray {
  const n = x.length / (heads * headDim);
  const y = zerosLike(like, x.length);
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < n; t++) {
      for (let i = 0; i < headDim; i++) y[(t * heads + h) * headDim + i] = x[(h * n + t) * headDim + i];
    }
  }
  return y;
}
