// The product of two matrices, in tiles of 4 rows by 8 columns that stay in registers.
import { at, fused } from './lanes';

// Rows of b that are gone through before the next tile: they stay in the processor's nearest cache.
export const BLOCK: i32 = 256;

// c = a b, or c += a b when `accumulate` is 1.
//   a [rows, inner]: entry (r, k) at a + r·aRow + k·aInner, so that a may also be read transposed
//   b [inner, columns]: row stride bRow        c [rows, columns]: row stride cRow
// rows must be a multiple of 4, columns of 8.
export function matmul(
  rows: i32, columns: i32, inner: i32,
  a: usize, aRow: i32, aInner: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: i32,
): void {
  const aStep = at(0, aInner);
  const bStep = at(0, bRow);
  for (let start = 0; start < inner; start += BLOCK) {
    const length = min(BLOCK, inner - start);
    const keep = accumulate != 0 || start > 0;
    for (let column = 0; column < columns; column += 8) {
      for (let row = 0; row < rows; row += 4) {
        const c0 = at(c, row * cRow + column);
        const c1 = at(c0, cRow);
        const c2 = at(c1, cRow);
        const c3 = at(c2, cRow);
        const zero = f32x4.splat(0);
        let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        if (keep) {
          s00 = v128.load(c0); s01 = v128.load(c0, 16);
          s10 = v128.load(c1); s11 = v128.load(c1, 16);
          s20 = v128.load(c2); s21 = v128.load(c2, 16);
          s30 = v128.load(c3); s31 = v128.load(c3, 16);
        }
        let a0 = at(a, row * aRow + start * aInner);
        let a1 = at(a0, aRow);
        let a2 = at(a1, aRow);
        let a3 = at(a2, aRow);
        let bk = at(b, start * bRow + column);
        for (let k = length; k > 0; k--) {
          const b0 = v128.load(bk);
          const b1 = v128.load(bk, 16);
          let x = v128.load32_splat(a0);
          s00 = fused(x, b0, s00); s01 = fused(x, b1, s01);
          x = v128.load32_splat(a1);
          s10 = fused(x, b0, s10); s11 = fused(x, b1, s11);
          x = v128.load32_splat(a2);
          s20 = fused(x, b0, s20); s21 = fused(x, b1, s21);
          x = v128.load32_splat(a3);
          s30 = fused(x, b0, s30); s31 = fused(x, b1, s31);
          a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
          bk += bStep;
        }
        v128.store(c0, s00); v128.store(c0, s01, 16);
        v128.store(c1, s10); v128.store(c1, s11, 16);
        v128.store(c2, s20); v128.store(c2, s21, 16);
        v128.store(c3, s30); v128.store(c3, s31, 16);
      }
    }
  }
}

// to[j, i] = from[i, j]; from is [rows, columns], to has row stride toRow.
export function transpose(from: usize, to: usize, rows: i32, columns: i32, toRow: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(at(to, j * toRow + i), load<f32>(at(from, i * columns + j)));
  }
}
