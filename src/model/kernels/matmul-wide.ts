// The product of two matrices in tiles of 4 rows by 16 columns: the same sums in the same order as in matmul.ts, hence the
// same bytes, for processors with room for such a tile. Sixteen vectors of sums are too many for the sixteen registers of
// an x86 core, but there V8 can pair neighbouring vectors into registers twice as wide. What helps it see the pairs: every
// sum starts from what is in c, and loads and stores stand side by side.
import { at, fused } from './lanes';
import { BLOCK, matmul } from './matmul';

// c = a b, or c += a b when `accumulate` is 1. Arguments as for matmul.
export function matmulWide(
  rows: i32, columns: i32, inner: i32,
  a: usize, aRow: i32, aInner: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: i32,
): void {
  const aStep = at(0, aInner);
  const bStep = at(0, bRow);
  const wide = columns & ~15;
  if (wide < columns) {
    matmul(rows, columns - wide, inner, a, aRow, aInner, at(b, wide), bRow, at(c, wide), cRow, accumulate);
  }
  if (!accumulate) for (let row = 0; row < rows; row++) memory.fill(at(c, row * cRow), 0, at(0, wide));
  for (let start = 0; start < inner; start += BLOCK) {
    const length = min(BLOCK, inner - start);
    for (let column = 0; column < wide; column += 16) {
      for (let row = 0; row < rows; row += 4) {
        const c0 = at(c, row * cRow + column);
        const c1 = at(c0, cRow);
        const c2 = at(c1, cRow);
        const c3 = at(c2, cRow);
        let s00 = v128.load(c0), s01 = v128.load(c0, 16), s02 = v128.load(c0, 32), s03 = v128.load(c0, 48);
        let s10 = v128.load(c1), s11 = v128.load(c1, 16), s12 = v128.load(c1, 32), s13 = v128.load(c1, 48);
        let s20 = v128.load(c2), s21 = v128.load(c2, 16), s22 = v128.load(c2, 32), s23 = v128.load(c2, 48);
        let s30 = v128.load(c3), s31 = v128.load(c3, 16), s32 = v128.load(c3, 32), s33 = v128.load(c3, 48);
        let a0 = at(a, row * aRow + start * aInner);
        let a1 = at(a0, aRow);
        let a2 = at(a1, aRow);
        let a3 = at(a2, aRow);
        let bk = at(b, start * bRow + column);
        for (let k = length; k > 0; k--) {
          const b0 = v128.load(bk), b1 = v128.load(bk, 16), b2 = v128.load(bk, 32), b3 = v128.load(bk, 48);
          let x = v128.load32_splat(a0);
          s00 = fused(x, b0, s00); s01 = fused(x, b1, s01); s02 = fused(x, b2, s02); s03 = fused(x, b3, s03);
          x = v128.load32_splat(a1);
          s10 = fused(x, b0, s10); s11 = fused(x, b1, s11); s12 = fused(x, b2, s12); s13 = fused(x, b3, s13);
          x = v128.load32_splat(a2);
          s20 = fused(x, b0, s20); s21 = fused(x, b1, s21); s22 = fused(x, b2, s22); s23 = fused(x, b3, s23);
          x = v128.load32_splat(a3);
          s30 = fused(x, b0, s30); s31 = fused(x, b1, s31); s32 = fused(x, b2, s32); s33 = fused(x, b3, s33);
          a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
          bk += bStep;
        }
        v128.store(c0, s00); v128.store(c0, s01, 16); v128.store(c0, s02, 32); v128.store(c0, s03, 48);
        v128.store(c1, s10); v128.store(c1, s11, 16); v128.store(c1, s12, 32); v128.store(c1, s13, 48);
        v128.store(c2, s20); v128.store(c2, s21, 16); v128.store(c2, s22, 32); v128.store(c2, s23, 48);
        v128.store(c3, s30); v128.store(c3, s31, 16); v128.store(c3, s32, 32); v128.store(c3, s33, 48);
      }
    }
  }
}
