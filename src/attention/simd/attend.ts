// Attention for a block of queries of one head, in three steps: scores, softmax, weighted sum. AssemblyScript.
//
// Keys and values are packed into panels of 8 columns, which the products walk through from front to back:
//   keys    [⌈nKeys / 8⌉, headDim, 8]      values  [⌈valueDim / 8⌉, nKeys, 8]
// Queries are taken four at a time. For each four, `spans` holds the first key that any of them looks at and the one after
// the last: [⌈rows / 4⌉, 2], int32. Nothing outside is computed.
//   scores, and every table that follows from them: [rows, stride], stride a multiple of 8 that is at least nKeys
// All places may be read up to the next whole panel or four rows; what is read beyond the end is never used.
import { at, exp4, largestLane, sumLanes, tanh4, timesPlus } from './lanes';

// lengths [rows] = the Euclidean length of each row of numbers [rows, size]; not finite where an entry is not
export function measure(numbers: usize, lengths: usize, rows: i32, size: i32): void {
  for (let row = 0; row < rows; row++) {
    const start = at(numbers, row * size);
    let squares4 = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= size; i += 4) {
      const x = v128.load(at(start, i));
      squares4 = timesPlus(x, x, squares4);
    }
    let squares = sumLanes(squares4);
    for (; i < size; i++) squares += load<f32>(at(start, i)) * load<f32>(at(start, i));
    store<f32>(at(lengths, row), sqrt<f32>(squares));
  }
}

// keys [nKeys, headDim] → panels
export function packKeys(keys: usize, panels: usize, nKeys: i32, headDim: i32): void {
  const step = at(0, headDim);
  for (let key = 0; key < nKeys; key += 4) {
    let from = at(keys, key * headDim);
    let to = at(panels, (key & ~7) * headDim + (key & 4));
    let d = 0;
    // 4 keys × 4 numbers are turned in registers
    for (; d + 4 <= headDim; d += 4) {
      const a = v128.load(from);
      const b = v128.load(from + step);
      const c = v128.load(from + 2 * step);
      const e = v128.load(from + 3 * step);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ce = v128.shuffle<f32>(c, e, 0, 4, 1, 5);
      const abEnd = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const ceEnd = v128.shuffle<f32>(c, e, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(ab, ce, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(ab, ce, 2, 3, 6, 7), 32);
      v128.store(to, v128.shuffle<f32>(abEnd, ceEnd, 0, 1, 4, 5), 64);
      v128.store(to, v128.shuffle<f32>(abEnd, ceEnd, 2, 3, 6, 7), 96);
      from += 16;
      to += 128;
    }
    for (; d < headDim; d++) {
      for (let i = 0; i < 4; i++) store<f32>(at(to, i), load<f32>(at(from, i * headDim)));
      from += 4;
      to += 32;
    }
  }
}

// values [nKeys, valueDim] → panels
export function packValues(values: usize, panels: usize, nKeys: i32, valueDim: i32): void {
  let to = panels;
  for (let column = 0; column < valueDim; column += 8) {
    let from = at(values, column);
    for (let key = 0; key < nKeys; key++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from = at(from, valueDim);
      to += 32;
    }
  }
}

// c [4, 8] = a [4, inner] · panel [inner, 8]. The eight sums of four stay in registers.
// @ts-ignore: decorator
@inline
function tile(a: usize, aRow: i32, panel: usize, c: usize, cRow: i32, inner: i32): void {
  let a1 = at(a, aRow), a2 = at(a1, aRow), a3 = at(a2, aRow);
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let k = inner; k > 0; k--) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a);
    s00 = timesPlus(x, b0, s00); s01 = timesPlus(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = timesPlus(x, b0, s10); s11 = timesPlus(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = timesPlus(x, b0, s20); s21 = timesPlus(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = timesPlus(x, b0, s30); s31 = timesPlus(x, b1, s31);
    a += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  const c1 = at(c, cRow), c2 = at(c1, cRow), c3 = at(c2, cRow);
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

// scores = queries · keysᵀ, with queries [rows, headDim]. A panel of keys serves all rows while it is in the nearest cache.
export function score(
  queries: usize, keys: usize, scores: usize, spans: usize, rows: i32, nKeys: i32, headDim: i32, stride: i32,
): void {
  for (let key = 0; key < nKeys; key += 8) {
    const panel = at(keys, key * headDim);
    for (let row = 0; row < rows; row += 4) {
      const span = at(spans, row >> 1);
      if (key + 8 <= load<i32>(span) || key >= load<i32>(span, 4)) continue;
      tile(at(queries, row * headDim), headDim, panel, at(scores, row * stride + key), stride, headDim);
    }
  }
}

// From scores to weights, row by row. A row may look at keys from first[row] up to end[row], both int32.
//   tables  scores, scaled, capped, masked, weights lie `step` bytes apart; 0: each takes the place of the one before
//   added   [rows, stride]: the mask less its largest entry in the row, −∞ where a link is hidden; or 0: there is no mask
//   largest [rows]: that largest entry. It changes no weight, and apart from it small differences keep their digits.
export function softmax(
  tables: usize, step: usize, first: usize, end: usize, spans: usize, added: usize, largest: usize,
  rows: i32, stride: i32, scale: f32, softcap: f32,
): void {
  const hidden = f32x4.splat(-Infinity);
  const scale4 = f32x4.splat(scale), softcap4 = f32x4.splat(softcap);
  for (let row = 0; row < rows; row++) {
    const span = at(spans, (row >> 2) << 1);
    const from = load<i32>(span) & ~3, to = load<i32>(span, 4);
    const first4 = i32x4.splat(load<i32>(at(first, row))), end4 = i32x4.splat(load<i32>(at(end, row)));
    const start = at(tables, row * stride);
    let most = hidden;
    for (let key = from; key < to; key += 4) {
      let place = at(start, key);
      let x = f32x4.mul(v128.load(place), scale4);
      v128.store(place += step, x);
      if (softcap > 0) x = f32x4.mul(softcap4, tanh4(f32x4.div(x, softcap4)));
      v128.store(place += step, x);
      const index = i32x4.add(i32x4.splat(key), i32x4(0, 1, 2, 3));
      let isVisible = v128.and(i32x4.ge_s(index, first4), i32x4.lt_s(index, end4));
      if (added !== 0) {
        const bias = v128.load(at(added, row * stride + key));
        isVisible = v128.and(isVisible, f32x4.ne(bias, hidden));
        x = v128.bitselect(f32x4.add(x, bias), hidden, isVisible);
        v128.store(place += step, f32x4.add(x, v128.load32_splat(at(largest, row))));
      } else {
        x = v128.bitselect(x, hidden, isVisible);
        v128.store(place += step, x);
      }
      v128.store(place + step, x);
      most = f32x4.pmax(most, x);
    }
    const most4 = f32x4.splat(largestLane(most));
    const weights = start + 4 * step;
    let total4 = f32x4.splat(0);
    for (let key = from; key < to; key += 4) {
      const power = exp4(f32x4.sub(v128.load(at(weights, key)), most4));
      v128.store(at(weights, key), power);
      total4 = f32x4.add(total4, power);
    }
    const total = sumLanes(total4);
    const share = f32x4.splat(total > 0 ? <f32>1 / total : 0); // nothing left to look at: 0 throughout
    for (let key = from; key < to; key += 4) {
      v128.store(at(weights, key), f32x4.mul(v128.load(at(weights, key)), share));
    }
  }
}

// mixed [rows, ⌈valueDim / 8⌉ · 8] = weights · values
export function mix(
  weights: usize, values: usize, mixed: usize, spans: usize, rows: i32, nKeys: i32, valueDim: i32, stride: i32,
): void {
  const mixedRow = (valueDim + 7) & ~7;
  for (let column = 0; column < valueDim; column += 8) {
    const panel = at(values, column * nKeys);
    for (let row = 0; row < rows; row += 4) {
      const span = at(spans, row >> 1);
      const from = load<i32>(span);
      tile(
        at(weights, row * stride + from), stride, at(panel, 8 * from),
        at(mixed, row * mixedRow + column), mixedRow, load<i32>(span, 4) - from,
      );
    }
  }
}

// to [rows, size] = the first `size` columns of from [rows, stride]
export function trim(from: usize, to: usize, rows: i32, stride: i32, size: i32): void {
  for (let row = 0; row < rows; row++) memory.copy(at(to, row * size), at(from, row * stride), at(0, size));
}
