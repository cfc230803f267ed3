/** What a narrowing figure says in words. */
import type { Cell } from './figure-data.ts';
import { sayBits, sayShare } from './numbers.ts';

/** What the steps show, said only where it is so. */
export function noticeOfSteps(rows: readonly Cell[][]): string {
  const steps = rows.map(([say, share, bits]) => ({ say: String(say), share: share as number, bits: bits as number }));
  const last = steps.at(-1)!;
  if (steps.length === 1) return `*${capital(last.say)}* by itself fits all of them.`;
  const drops = steps.slice(1).map((step, k) => ({ step, factor: steps[k].share / step.share }));
  const empty = steps.find(({ share }) => share === 0);
  if (empty) return `Nobody is left after *${empty.say}*: no story introduces anyone who fits that.`;
  const largest = drops.reduce((a, b) => (b.factor > a.factor ? b : a));
  const grows = drops.some(({ factor }) => factor < 1 - 1e-6);
  const idle = drops.filter(({ factor }) => Math.abs(factor - 1) < 1e-6);
  let sentence = `After *${last.say}*, ${sayShare(last.share)} are left: ${sayBits(last.bits)} bits, counted as halvings.`;
  if (largest.factor > 1 + 1e-6) {
    const factor = largest.factor < 9.5 ? largest.factor.toFixed(1) : String(Math.round(largest.factor));
    sentence += ` The largest step is *${largest.step.say}*: ${factor} times fewer than before it.`;
  }
  if (!grows && idle.length > 0) {
    sentence += ` *${capital(idle[0].step.say)}* narrows nothing by itself; no step widens.`;
  } else if (!grows) sentence += ' No step widens what is left.';
  return sentence;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
