/** A short list of next words with bars: beside a sentence, or under it. */
import { px } from './measure.ts';
import { wholePercents, withPercentSign } from './numbers.ts';
import { END_OF_TEXT, escapeHtml, OTHER_WORDS } from './text.ts';

type Rows = readonly (readonly [word: string, probability: number])[];

/** The last row stands for all other words, so that the percentages add up to 100. */
function parts(rows: Rows) {
  const percents = wholePercents(rows.map(([, p]) => p));
  const most = Math.max(...rows.slice(0, -1).map(([, p]) => p), 1e-9);
  return rows.map(([word, p], i) => ({
    word,
    machine: i === rows.length - 1 || word === END_OF_TEXT,
    rest: i === rows.length - 1,
    percent: percents[i] === 0 && p > 0 ? `< 1\u00a0%` : withPercentSign(percents[i]),
    part: Math.min(1, p / most),
  }));
}

/** HTML: word, bar, percentage. `heading` names the list. */
export function oddsList(rows: Rows, heading = 'What it will say next'): string {
  const items = parts(rows).map(({ word, machine, rest, percent, part }) => {
    const bar = rest ? '' : `<span class="bar" style="inline-size:${px(part * 100)}%"></span>`;
    return `<li${rest ? ' class="rest"' : ''}><span class="${machine ? 'say' : 'lang'}">${escapeHtml(word)}</span><span class="track" aria-hidden="true">${bar}</span><span class="num">${escapeHtml(percent)}</span></li>`;
  });
  return `<div class="next"><p class="next-head">${escapeHtml(heading)}</p><ul role="list">${items.join('')}</ul></div>`;
}

/** The same as marks for a file. */
export function oddsMarks(rows: Rows): { body: string; width: number; height: number } {
  const line = 30;
  const body = parts(rows).map(({ word, machine, rest, percent, part }, i) => {
    const y = 22 + i * line;
    const text = `<text class="${machine ? 'soft' : 'word'}" x="0" y="${y + 20}">${escapeHtml(word)}</text>`;
    const bar = rest
      ? ''
      : `<rect class="filled" x="132" y="${y + 8}" width="${px(Math.max(1, part * 150))}" height="14"/>`;
    return `${text}${bar}<text class="end" x="344" y="${y + 20}">${escapeHtml(percent)}</text>`;
  });
  return {
    body: `<text class="soft" x="0" y="12">What it will say next</text>${body.join('')}`,
    width: 344,
    height: 22 + rows.length * line,
  };
}

/**
 * The same words by two odds, as a table: dashed for the first, filled for the second, marked where they lie two points or
 * more apart. The last row stands for all other words.
 * @param heads names of the two columns, as HTML
 */
export function oddsPairs(
  rows: readonly [word: string, first: number, second: number][],
  heads: readonly string[],
): string {
  const most = Math.max(...rows.slice(0, -1).flatMap(([, p, q]) => [p, q]), 1e-9);
  const [firsts, seconds] = [rows.map(([, p]) => p), rows.map(([, , q]) => q)].map(wholePercents);
  const say = (percent: number, p: number) => (percent === 0 && p > 0 ? '&lt; 1\u00a0%' : withPercentSign(percent));
  const lines = rows.map(([word, p, q], i) => {
    const machine = word === OTHER_WORDS || word === END_OF_TEXT;
    const bar = (paint: string, share: number) =>
      `<span class="bar ${paint}" style="inline-size:${px((share / most) * 100)}%"></span>`;
    const bars = word === OTHER_WORDS ? '' : bar('was', p) + bar('model', q);
    const moved = Math.abs(firsts[i] - seconds[i]) >= 2 ? ' class="changed"' : '';
    return `<tr><th scope="row"${machine ? '' : ' class="lang"'}>${escapeHtml(word)}</th><td class="two" aria-hidden="true">${bars}</td><td class="num">${say(firsts[i], p)}</td><td class="num"><span${moved}>${say(seconds[i], q)}</span></td></tr>`;
  });
  const names = heads.map((head) => `<th scope="col" class="num">${head}</th>`);
  return `<table class="ba"><thead><tr><th scope="col">Next word</th><td></td>${names.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}
