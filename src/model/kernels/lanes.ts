// What the kernels share: sums over the four lanes of a vector, and a fast exponential.
// AssemblyScript. Everywhere in this folder a pointer is in bytes and a stride or size in numbers (float32).

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

// a · b + c, rounded once where the processor can (all of today's x86 and ARM cores do); twice in a build for pages, since
// Safari lacks the instruction
// @ts-ignore: decorator
@inline
export function fused(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

// What exp4 needs, kept in memory: to read and spread a number is one instruction, to build it in a register takes four.
const EXP = memory.data<f32>([
  87.0, -87.0, 1.44269504, 12582912.0, -0.693359375, 2.1219444e-4,
  1.3888889e-3, 8.3333333e-3, 4.1666667e-2, 0.16666667, 0.5, 1.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: i32): v128 {
  return v128.load32_splat(EXP + (<usize>index << 2));
}

// eˣ in each lane: x = k·ln 2 + r, a polynomial in r of degree 6, then k is added to the exponent bits.
// Adding 1.5·2²³ rounds to a whole number k and leaves it in the lowest bits. ln 2 is taken away in two parts so that r
// keeps its last bits. Relative error below 2e-7; x is held to ±87.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(1));
  const shifted = fused(x, constant(2), constant(3));
  const k = f32x4.sub(shifted, constant(3));
  let r = fused(k, constant(4), x);
  r = fused(k, constant(5), r);
  let p = constant(6);
  p = fused(p, r, constant(7));
  p = fused(p, r, constant(8));
  p = fused(p, r, constant(9));
  p = fused(p, r, constant(10));
  p = fused(p, r, constant(11));
  p = fused(p, r, constant(11));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}
