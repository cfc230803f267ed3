/**
 * A small seeded source of random numbers (mulberry32, by Tommy Ettinger, public domain).
 * The same seed gives the same numbers everywhere; nothing in a result may come from `Math.random`.
 * @param seed any integer; its lowest 32 bits count
 * @returns a function that gives the next number in [0, 1)
 */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
