/** The odds for the next word before and after something was changed in the model. */
import { wholePercents, withPercentSign } from '../figures/numbers.ts';
import { type Odds, remainder, topWords } from '../figures/odds.ts';
import { oddsPairs } from '../figures/odds-picture.ts';
import { OTHER_WORDS } from '../figures/text.ts';

/** Rows that are shown even where hardly anything is on them. */
const LEAST = 3;

/**
 * The likeliest words of before and of now, the likeliest now first.
 * @param count how many of each
 */
export function beforeAndNow(before: Odds, now: Odds, count: number): string {
  const words = new Set([...topWords(now, count).top, ...topWords(before, count).top].map(([word]) => word));
  const rows = [...words].map((word): [string, number, number] => [word, before.get(word) ?? 0, now.get(word) ?? 0]);
  rows.sort((a, b) => b[2] - a[2]);
  // Below half a per cent either way there is nothing to see.
  while (rows.length > LEAST && Math.max(rows.at(-1)![1], rows.at(-1)![2]) < 0.005) rows.pop();
  const rest = [1, 2].map((k) => remainder(rows.map((row) => row[k] as number)));
  rows.push([OTHER_WORDS, rest[0], rest[1]]);
  return `<p class="part">What it will say next</p>${oddsPairs(rows, ['before', 'now'])}<p class="key">Dashed: before. Filled: now. Highlighted: moved by two points or more.</p>`;
}

/** The word that moved most, in one sentence for those who listen. */
export function sayMove(before: Odds, now: Odds): string {
  let [most, by] = ['', 0];
  for (const [word, p] of now) {
    const moved = Math.abs(p - (before.get(word) ?? 0));
    if (moved > by) [most, by] = [word, moved];
  }
  if (by < 0.005) return 'The next word stays as it was.';
  const [was, is] = [before, now].map((odds) => withPercentSign(wholePercents([odds.get(most) ?? 0])[0]));
  return `Next word ${most}: ${was} before, ${is} now.`;
}
