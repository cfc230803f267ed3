// The other steps of a layer, four numbers at a time, with their gradients. Sizes are multiples of 4.
import { at, exp4, largestLane, sumLanes } from './lanes';

// x [n, width] = the rows of table that ids [n] (int32) name.
export function embed(ids: usize, table: usize, x: usize, n: i32, width: i32): void {
  for (let t = 0; t < n; t++) copy(at(table, load<i32>(at(ids, t)) * width), at(x, t * width), width);
}

// dTable += the gradient of embed, from dx.
export function embedBackward(ids: usize, dx: usize, dTable: usize, n: i32, width: i32): void {
  for (let t = 0; t < n; t++) {
    const row = at(dTable, load<i32>(at(ids, t)) * width);
    for (let i = 0; i < width; i += 4) {
      v128.store(at(row, i), f32x4.add(v128.load(at(row, i)), v128.load(at(dx, t * width + i))));
    }
  }
}

// y = x / rms(x) · scale for each of n rows; factor [n] keeps 1 / rms for the way back.
export function rmsNorm(x: usize, scale: usize, y: usize, factor: usize, n: i32, size: i32, epsilon: f32): void {
  for (let t = 0; t < n; t++) {
    const xRow = at(x, t * size);
    const yRow = at(y, t * size);
    let squares = f32x4.splat(0);
    for (let i = 0; i < size; i += 4) {
      const value = v128.load(at(xRow, i));
      squares = f32x4.add(squares, f32x4.mul(value, value));
    }
    const f: f32 = <f32>1.0 / sqrt<f32>(sumLanes(squares) / <f32>size + epsilon);
    store<f32>(at(factor, t), f);
    const f4 = f32x4.splat(f);
    for (let i = 0; i < size; i += 4) {
      v128.store(at(yRow, i), f32x4.mul(f32x4.mul(v128.load(at(xRow, i)), f4), v128.load(at(scale, i))));
    }
  }
}

// dx += and dScale += the gradients of rmsNorm, from dy.
export function rmsNormBackward(
  x: usize, scale: usize, factor: usize, dy: usize, dx: usize, dScale: usize, n: i32, size: i32,
): void {
  for (let t = 0; t < n; t++) {
    const xRow = at(x, t * size);
    const dyRow = at(dy, t * size);
    const dxRow = at(dx, t * size);
    const f = load<f32>(at(factor, t));
    let dot = f32x4.splat(0);
    for (let i = 0; i < size; i += 4) {
      const scaled = f32x4.mul(v128.load(at(dyRow, i)), v128.load(at(scale, i)));
      dot = f32x4.add(dot, f32x4.mul(scaled, v128.load(at(xRow, i))));
    }
    const along = f32x4.splat((sumLanes(dot) * f * f * f) / <f32>size);
    const f4 = f32x4.splat(f);
    for (let i = 0; i < size; i += 4) {
      const value = v128.load(at(xRow, i));
      const d = f32x4.mul(v128.load(at(dyRow, i)), f4);
      const dScaleAt = at(dScale, i);
      v128.store(dScaleAt, f32x4.add(v128.load(dScaleAt), f32x4.mul(d, value)));
      const change = f32x4.sub(f32x4.mul(d, v128.load(at(scale, i))), f32x4.mul(value, along));
      v128.store(at(dxRow, i), f32x4.add(v128.load(at(dxRow, i)), change));
    }
  }
}

// Turns the queries and keys in qkv [n, 3·width] by the angles of their positions; direction −1 turns back.
//   table [context, 2, headDim]: for each position the cosines (each twice), then the sines with the sign of their place
export function rotate(qkv: usize, table: usize, position: usize, n: i32, width: i32, headDim: i32, direction: f32): void {
  const sign = f32x4.splat(direction);
  for (let t = 0; t < n; t++) {
    const angles = at(table, load<i32>(at(position, t)) * 2 * headDim);
    const row = at(qkv, t * 3 * width);
    for (let i = 0; i < 2 * width; i += 4) {
      const cos = at(angles, i % headDim);
      const sin = v128.load(at(cos, headDim));
      const x = v128.load(at(row, i));
      const swapped = v128.shuffle<f32>(x, x, 1, 0, 3, 2);
      v128.store(at(row, i), f32x4.add(f32x4.mul(x, v128.load(cos)), f32x4.mul(swapped, f32x4.mul(sign, sin))));
    }
  }
}

// x += bias for each of n rows
export function addBias(x: usize, bias: usize, n: i32, size: i32): void {
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < size; i += 4) {
      const place = at(x, t * size + i);
      v128.store(place, f32x4.add(v128.load(place), v128.load(at(bias, i))));
    }
  }
}

// dBias += the sum of the n rows of dx
export function addBiasBackward(dx: usize, dBias: usize, n: i32, size: i32): void {
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < size; i += 4) {
      const place = at(dBias, i);
      v128.store(place, f32x4.add(v128.load(place), v128.load(at(dx, t * size + i))));
    }
  }
}

// 1 / (1 + e⁻ˣ)
// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

// The gated unit goes eight numbers at a time, so that V8 may pair two vectors.

// hidden [n, size] = swish(gate) · up, where gateUp [n, 2·size] holds gate and up side by side
export function gatedUnit(gateUp: usize, hidden: usize, n: i32, size: i32): void {
  for (let t = 0; t < n; t++) {
    const gateRow = at(gateUp, t * 2 * size);
    const upRow = at(gateRow, size);
    const hiddenRow = at(hidden, t * size);
    for (let i = 0; i < size; i += 8) {
      const gate = at(gateRow, i);
      const up = at(upRow, i);
      const g0 = v128.load(gate), g1 = v128.load(gate, 16);
      const u0 = v128.load(up), u1 = v128.load(up, 16);
      const h0 = f32x4.mul(f32x4.mul(g0, sigmoid(g0)), u0);
      const h1 = f32x4.mul(f32x4.mul(g1, sigmoid(g1)), u1);
      v128.store(at(hiddenRow, i), h0); v128.store(at(hiddenRow, i), h1, 16);
    }
  }
}

// The slope of swish, x · sigmoid(x), where s = sigmoid(x)
// @ts-ignore: decorator
@inline
function swishSlope(x: v128, s: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
}

// dGateUp = the gradient of gatedUnit, from dHidden
export function gatedUnitBackward(gateUp: usize, dHidden: usize, dGateUp: usize, n: i32, size: i32): void {
  for (let t = 0; t < n; t++) {
    const gateRow = at(gateUp, t * 2 * size);
    const upRow = at(gateRow, size);
    const dGateRow = at(dGateUp, t * 2 * size);
    const dUpRow = at(dGateRow, size);
    const dRow = at(dHidden, t * size);
    for (let i = 0; i < size; i += 8) {
      const gate = at(gateRow, i);
      const up = at(upRow, i);
      const d = at(dRow, i);
      const g0 = v128.load(gate), g1 = v128.load(gate, 16);
      const u0 = v128.load(up), u1 = v128.load(up, 16);
      const d0 = v128.load(d), d1 = v128.load(d, 16);
      const s0 = sigmoid(g0), s1 = sigmoid(g1);
      const dGate0 = f32x4.mul(f32x4.mul(d0, u0), swishSlope(g0, s0));
      const dGate1 = f32x4.mul(f32x4.mul(d1, u1), swishSlope(g1, s1));
      const dUp0 = f32x4.mul(f32x4.mul(d0, g0), s0);
      const dUp1 = f32x4.mul(f32x4.mul(d1, g1), s1);
      v128.store(at(dGateRow, i), dGate0); v128.store(at(dGateRow, i), dGate1, 16);
      v128.store(at(dUpRow, i), dUp0); v128.store(at(dUpRow, i), dUp1, 16);
    }
  }
}

// Softmax of each of n rows of `size` numbers, in place; the row stride is `stride`, a multiple of 8, and what lies between
// becomes 0.
export function softmax(x: usize, n: i32, size: i32, stride: i32): void {
  for (let t = 0; t < n; t++) {
    const row = at(x, t * stride);
    for (let i = size; i < stride; i++) store<f32>(at(row, i), -1e30);
    let most = f32x4.splat(-1e30);
    for (let i = 0; i < stride; i += 4) most = f32x4.pmax(most, v128.load(at(row, i)));
    const largest = f32x4.splat(largestLane(most));
    let total0 = f32x4.splat(0), total1 = total0;
    for (let i = 0; i < stride; i += 8) {
      const place = at(row, i);
      const x0 = v128.load(place), x1 = v128.load(place, 16);
      const e0 = exp4(f32x4.sub(x0, largest)), e1 = exp4(f32x4.sub(x1, largest));
      v128.store(place, e0); v128.store(place, e1, 16);
      total0 = f32x4.add(total0, e0); total1 = f32x4.add(total1, e1);
    }
    const share = f32x4.splat(<f32>1.0 / sumLanes(f32x4.add(total0, total1)));
    for (let i = 0; i < stride; i += 8) {
      const place = at(row, i);
      const e0 = v128.load(place), e1 = v128.load(place, 16);
      v128.store(place, f32x4.mul(e0, share)); v128.store(place, f32x4.mul(e1, share), 16);
    }
    for (let i = size; i < stride; i++) store<f32>(at(row, i), 0);
  }
}

// x [size] = 0, and to [size] = from: an array that threads share is slow to fill and copy from JavaScript.
export function zero(x: usize, size: i32): void {
  memory.fill(x, 0, at(0, size));
}

export function copy(from: usize, to: usize, size: i32): void {
  memory.copy(to, from, at(0, size));
}
