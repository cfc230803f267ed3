/** The narrowing figure: one bar a phrase, its numbers beside it. Drawn by the build, and by the page when words change. */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px, wordWidth } from './measure.ts';
import { sayBits, sayShare } from './numbers.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml } from './text.ts';

interface Step {
  say: string;
  share: number;
  /** null where nobody is left. */
  bits: number | null;
}

const PHRASE_SIZE = 17;
/** As wide as the smallest phone allows, so that letters never shrink. */
const NARROW_WIDTH = 288;
/** What the numbers beside a bar take. */
const NUMBERS = 128;

function stepsOf(data: FigureData): Step[] {
  return data.rows.map(([say, share, bits]) => ({
    say: String(say),
    share: share as number,
    bits: bits as number | null,
  }));
}

function phraseWidth(phrase: string): number {
  const words = phrase.split(' ');
  return words.reduce((sum, word) => sum + wordWidth(word, PHRASE_SIZE), 0) + (words.length - 1) * 5;
}

function sayStep({ share, bits }: Step): string {
  if (bits === null) return 'nobody is left';
  return `${sayShare(share)}${bits > 0 ? `, ${sayBits(bits)} bits` : ''}`;
}

interface Marks {
  body: string;
  width: number;
  height: number;
}

/** Wide: phrase, bar and numbers on one line. Narrow, or where a phrase is long: the phrase above them. */
function marks(steps: readonly Step[], width: number): Marks {
  const longest = Math.ceil(Math.max(...steps.map(({ say }) => phraseWidth(say)))) + 20;
  const above = longest > width / 2;
  const line = above ? 58 : 42;
  const left = above ? 0 : longest;
  const right = NUMBERS - (above ? 16 : 0);
  const whole = width - left - right;
  const body = steps.map((step, i) => {
    const y = i * line;
    const [top, height] = above ? [y + 34, 14] : [y + 13, 16];
    const middle = top + height / 2;
    // Never thinner than a hairline: what is left is little, not nothing.
    const long = step.share === 0 ? 0 : Math.max(step.share * whole, 1.5);
    const phrase = above
      ? `<text class="phrase" x="0" y="${y + 23}">${escapeHtml(step.say)}</text>`
      : `<text class="phrase end" x="${left - 16}" y="${middle + 6}">${escapeHtml(step.say)}</text>`;
    const bar = `<rect class="all" x="${left}" y="${top}" width="${px(whole)}" height="${height}"/>${long === 0 ? '' : `<rect class="fits" x="${left}" y="${top}" width="${px(long)}" height="${height}"/>`}`;
    const said = `<text class="said" x="${px(left + whole + 12)}" y="${middle + 5}">${escapeHtml(sayStep(step))}</text>`;
    return phrase + bar + said;
  });
  return { body: body.join(''), width, height: steps.length * line };
}

/** The picture of a page at two widths; which is shown, the figure's own width says. */
export function narrowingHtml(data: FigureData): string {
  const steps = stepsOf(data);
  const label = steps.map((step) => `${step.say}: ${sayStep(step)}`).join('; ');
  const svg = ({ body, width, height }: Marks, name: string) =>
    `<svg class="steps ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}.">${body}</svg>`;
  return `<div class="picture">${svg(marks(steps, SHEET_WIDTH), 'wide')}${svg(marks(steps, NARROW_WIDTH), 'narrow')}</div>`;
}

/** Page and file of a narrowing figure. */
export function drawNarrowing(data: FigureData): Drawing {
  const wide = marks(stepsOf(data), SHEET_WIDTH);
  const axes = `<p class="axes"><span><b>Bar:</b> the share of all introductions of a <i>${escapeHtml(String(data.detail.noun))}</i> that still fit</span></p>`;
  return { html: axes + narrowingHtml(data), svg: sheet(data, `<g class="steps">${wide.body}</g>`, wide.height) };
}
