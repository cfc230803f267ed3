/** Numbers above and below zero as bars on one axis: filled to the right of zero, open to the left of it. */
import { px } from './measure.ts';

/** From the smallest number to the largest, zero always among them. */
export interface Axis {
  from: number;
  to: number;
}

export function axisOf(numbers: readonly number[]): Axis {
  const [from, to] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  return from === to ? { from, to: from + 1 } : { from, to };
}

/** Where a number lies on its axis: 0 at the left end, 1 at the right. */
const along = (value: number, { from, to }: Axis) => (value - from) / (to - from);

/** For a page. */
export function barHtml(value: number, axis: Axis): string {
  const [zero, end] = [along(0, axis), along(value, axis)];
  const percent = (part: number) => `${px(part * 100)}%`;
  const bar = `<i class="${value < 0 ? 'minus' : 'plus'}" style="inset-inline-start:${percent(Math.min(zero, end))};inline-size:${percent(Math.abs(end - zero))}"></i>`;
  return `<span class="signed" aria-hidden="true" style="--zero:${percent(zero)}">${bar}</span>`;
}

/** For a file: `width` px from x, 12 px high. */
export function barMarks(value: number, axis: Axis, x: number, y: number, width: number): string {
  const [zero, end] = [along(0, axis) * width, along(value, axis) * width];
  const bar = `<rect class="${value < 0 ? 'minus' : 'plus'}" x="${px(x + Math.min(zero, end))}" y="${y}" width="${px(Math.max(0.5, Math.abs(end - zero)))}" height="12"/>`;
  return `<path class="zero" d="M${px(x + zero)} ${y - 5}v22"/>${bar}`;
}
