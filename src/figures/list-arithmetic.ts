/** What a few kinds of figure compute of lists of numbers, in float64 and of any length. */

/** The dot product: products place by place, added up. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** How nearly two lists point the same way: 1 the same way, 0 nothing in common, −1 the opposite way; 0 if one is all zeros. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/** Shares of one whole, in the order of the scores; the largest is taken off first, which changes nothing but keeps e^x finite. */
export function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - largest));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / whole);
}
