// Causal attention over texts packed one after another, for heads of 16 numbers (four vectors), with its gradient.
//   qkv [n, 3·width]: queries, keys and values side by side     position [n]: place of each row in its own text (int32)
//   weights [n, heads, context]: row = the word that looks      output [n, width]
import { at, exp4, largestLane, sumLanes } from './lanes';

const HEAD: i32 = 16;
const LOWEST: f32 = -1e30;

export function attend(
  qkv: usize, weights: usize, output: usize, position: usize,
  n: i32, width: i32, heads: i32, context: i32, scale: f32,
): void {
  const row = 3 * width;
  const step = at(0, row);
  for (let t = 0; t < n; t++) {
    const visible = load<i32>(at(position, t)) + 1;
    const first = t + 1 - visible;
    for (let h = 0; h < heads; h++) {
      const q = at(qkv, t * row + h * HEAD);
      const w = at(weights, (t * heads + h) * context);
      const q0 = v128.load(q), q1 = v128.load(q, 16), q2 = v128.load(q, 32), q3 = v128.load(q, 48);
      // scores
      let k = at(qkv, first * row + width + h * HEAD);
      for (let j = 0; j < visible; j++) {
        const s = f32x4.add(
          f32x4.add(f32x4.mul(q0, v128.load(k)), f32x4.mul(q1, v128.load(k, 16))),
          f32x4.add(f32x4.mul(q2, v128.load(k, 32)), f32x4.mul(q3, v128.load(k, 48))),
        );
        store<f32>(at(w, j), sumLanes(s) * scale);
        k += step;
      }
      // softmax, four entries at a time: the last vector is filled up with entries that come out as 0
      const rounded = (visible + 3) & ~3;
      for (let j = visible; j < rounded; j++) store<f32>(at(w, j), LOWEST);
      let most = f32x4.splat(LOWEST);
      for (let j = 0; j < rounded; j += 4) most = f32x4.max(most, v128.load(at(w, j)));
      const largest = f32x4.splat(largestLane(most));
      let total = f32x4.splat(0);
      for (let j = 0; j < rounded; j += 4) {
        const e = exp4(f32x4.sub(v128.load(at(w, j)), largest));
        v128.store(at(w, j), e);
        total = f32x4.add(total, e);
      }
      const share = f32x4.splat(<f32>1.0 / sumLanes(total));
      for (let j = 0; j < rounded; j += 4) v128.store(at(w, j), f32x4.mul(v128.load(at(w, j)), share));
      // weights × values
      let o0 = f32x4.splat(0), o1 = o0, o2 = o0, o3 = o0;
      let v = at(qkv, first * row + 2 * width + h * HEAD);
      for (let j = 0; j < visible; j++) {
        const p = v128.load32_splat(at(w, j));
        o0 = f32x4.add(o0, f32x4.mul(p, v128.load(v)));
        o1 = f32x4.add(o1, f32x4.mul(p, v128.load(v, 16)));
        o2 = f32x4.add(o2, f32x4.mul(p, v128.load(v, 32)));
        o3 = f32x4.add(o3, f32x4.mul(p, v128.load(v, 48)));
        v += step;
      }
      const o = at(output, t * width + h * HEAD);
      v128.store(o, o0); v128.store(o, o1, 16); v128.store(o, o2, 32); v128.store(o, o3, 48);
    }
  }
}

// dQkv += the gradient with respect to qkv, from dOutput. scratch: room for `context` numbers.
export function attendBackward(
  qkv: usize, weights: usize, dOutput: usize, dQkv: usize, scratch: usize, position: usize,
  n: i32, width: i32, heads: i32, context: i32, scale: f32,
): void {
  const row = 3 * width;
  const step = at(0, row);
  for (let t = 0; t < n; t++) {
    const visible = load<i32>(at(position, t)) + 1;
    const first = t + 1 - visible;
    for (let h = 0; h < heads; h++) {
      const w = at(weights, (t * heads + h) * context);
      const o = at(dOutput, t * width + h * HEAD);
      const o0 = v128.load(o), o1 = v128.load(o, 16), o2 = v128.load(o, 32), o3 = v128.load(o, 48);
      // d weight = dOutput · value, kept in scratch; d value += weight · dOutput; mean = Σ weight · d weight
      let offset = at(0, first * row + 2 * width + h * HEAD);
      let mean: f32 = 0;
      for (let j = 0; j < visible; j++) {
        const v = qkv + offset;
        const dv = dQkv + offset;
        const weight = load<f32>(at(w, j));
        const p = f32x4.splat(weight);
        const d = sumLanes(f32x4.add(
          f32x4.add(f32x4.mul(o0, v128.load(v)), f32x4.mul(o1, v128.load(v, 16))),
          f32x4.add(f32x4.mul(o2, v128.load(v, 32)), f32x4.mul(o3, v128.load(v, 48))),
        ));
        v128.store(dv, f32x4.add(v128.load(dv), f32x4.mul(p, o0)));
        v128.store(dv, f32x4.add(v128.load(dv, 16), f32x4.mul(p, o1)), 16);
        v128.store(dv, f32x4.add(v128.load(dv, 32), f32x4.mul(p, o2)), 32);
        v128.store(dv, f32x4.add(v128.load(dv, 48), f32x4.mul(p, o3)), 48);
        store<f32>(at(scratch, j), d);
        mean += d * weight;
        offset += step;
      }
      // d score = weight · (d weight − mean) · scale; d query += d score · key; d key += d score · query
      const q = at(qkv, t * row + h * HEAD);
      const dq = at(dQkv, t * row + h * HEAD);
      const q0 = v128.load(q), q1 = v128.load(q, 16), q2 = v128.load(q, 32), q3 = v128.load(q, 48);
      let g0 = v128.load(dq), g1 = v128.load(dq, 16), g2 = v128.load(dq, 32), g3 = v128.load(dq, 48);
      offset = at(0, first * row + width + h * HEAD);
      for (let j = 0; j < visible; j++) {
        const g = f32x4.splat(load<f32>(at(w, j)) * (load<f32>(at(scratch, j)) - mean) * scale);
        const k = qkv + offset;
        const dk = dQkv + offset;
        g0 = f32x4.add(g0, f32x4.mul(g, v128.load(k)));
        g1 = f32x4.add(g1, f32x4.mul(g, v128.load(k, 16)));
        g2 = f32x4.add(g2, f32x4.mul(g, v128.load(k, 32)));
        g3 = f32x4.add(g3, f32x4.mul(g, v128.load(k, 48)));
        v128.store(dk, f32x4.add(v128.load(dk), f32x4.mul(g, q0)));
        v128.store(dk, f32x4.add(v128.load(dk, 16), f32x4.mul(g, q1)), 16);
        v128.store(dk, f32x4.add(v128.load(dk, 32), f32x4.mul(g, q2)), 32);
        v128.store(dk, f32x4.add(v128.load(dk, 48), f32x4.mul(g, q3)), 48);
        offset += step;
      }
      v128.store(dq, g0); v128.store(dq, g1, 16); v128.store(dq, g2, 32); v128.store(dq, g3, 48);
    }
  }
}
