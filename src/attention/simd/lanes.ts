// Functions of four numbers at once. AssemblyScript. A pointer is in bytes; a stride, size or index in numbers (float32).

// @ts-ignore: decorator
@inline
export function at(pointer: usize, index: i32): usize {
  return pointer + ((<usize>index) << 2);
}

// @ts-ignore: decorator
@inline
export function sumLanes(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

// @ts-ignore: decorator
@inline
export function largestLane(a: v128): f32 {
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

// a · b + c. Rounded twice on purpose: a product and a sum are the same on every processor, while the instruction that
// rounds once is missing in Safari. It would make attention a quarter faster.
// @ts-ignore: decorator
@inline
export function timesPlus(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

// Constants of exp4 and tanh4, kept in memory: to read and spread a number is one instruction, to build it takes four.
const EXP = memory.data<f32>([
  -87.0, 1.44269504, 12582912.0, -0.693359375, 2.1219444e-4,
  1.3888889e-3, 8.3333333e-3, 4.1666667e-2, 0.16666667, 0.5, 1.0,
]);
const TANH = memory.data<f32>([
  -7.90531110763549805, 7.90531110763549805,
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
  1.19825839466702e-6, 1.18534705686654e-4, 2.26843463243900e-3, 4.89352518554385e-3,
]);

// @ts-ignore: decorator
@inline
function constant(table: usize, index: i32): v128 {
  return v128.load32_splat(at(table, index));
}

// eˣ for x ≤ 0, and exactly 0 below −87 (as for −∞ and NaN). x = k·ln 2 + r, a polynomial in r of degree 6, then k is added
// to the exponent bits. Adding 1.5·2²³ rounds to a whole number k and leaves it in the lowest bits. ln 2 is taken away in
// two parts so that r keeps its last bits. Relative error below 2e-7. pmax is max where no number is NaN.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const inRange = f32x4.ge(x, constant(EXP, 0));
  x = f32x4.pmax(constant(EXP, 0), x);
  const shifted = timesPlus(x, constant(EXP, 1), constant(EXP, 2));
  const k = f32x4.sub(shifted, constant(EXP, 2));
  let r = timesPlus(k, constant(EXP, 3), x);
  r = timesPlus(k, constant(EXP, 4), r);
  let p = constant(EXP, 5);
  p = timesPlus(p, r, constant(EXP, 6));
  p = timesPlus(p, r, constant(EXP, 7));
  p = timesPlus(p, r, constant(EXP, 8));
  p = timesPlus(p, r, constant(EXP, 9));
  p = timesPlus(p, r, constant(EXP, 10));
  p = timesPlus(p, r, constant(EXP, 10));
  return v128.and(i32x4.add(p, i32x4.shl(shifted, 23)), inRange);
}

// tanh x: beyond ±7.9 it is ±1 in float32, within a quotient of two polynomials, as Eigen's ptanh_float has it
// (https://gitlab.com/libeigen/eigen). Error below 3e-7 of tanh x.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  x = f32x4.pmin(constant(TANH, 1), f32x4.pmax(constant(TANH, 0), x));
  const square = f32x4.mul(x, x);
  let above = constant(TANH, 2);
  for (let i = 3; i <= 8; i++) above = timesPlus(above, square, constant(TANH, i));
  let below = constant(TANH, 9);
  for (let i = 10; i <= 12; i++) below = timesPlus(below, square, constant(TANH, i));
  return f32x4.div(f32x4.mul(x, above), below);
}
