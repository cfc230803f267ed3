/** How wide words stand, and how numbers of px are written. */
import { START } from './text.ts';

/** A narrow picture is as wide as the smallest phone allows, in px, so that its letters never shrink. */
export const NARROW_WIDTH = 288;

/** Advance widths of the serif in ems; slots are centred, so that another face still lines up. */
const ADVANCE: Record<string, number> = {
  a: 0.54,
  b: 0.611,
  c: 0.501,
  d: 0.616,
  e: 0.521,
  f: 0.387,
  g: 0.561,
  h: 0.661,
  i: 0.334,
  j: 0.31,
  k: 0.609,
  l: 0.335,
  m: 0.968,
  n: 0.661,
  o: 0.588,
  p: 0.62,
  q: 0.603,
  r: 0.477,
  s: 0.454,
  t: 0.403,
  u: 0.635,
  v: 0.587,
  w: 0.855,
  x: 0.568,
  y: 0.574,
  z: 0.488,
  '.': 0.332,
};

/** How wide a word stands in the serif at this size, in px. */
export function wordWidth(word: string, size: number): number {
  if (word === START) return Math.max(35, size * 1.7);
  return [...word].reduce((sum, letter) => sum + (ADVANCE[letter] ?? 0.6), 0) * size;
}

/** A number of px or a factor, to a tenth: enough for an eye, short in a file. */
export const px = (x: number): string => String(Math.round(x * 10) / 10);
