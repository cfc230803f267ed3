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
/** From one line of a phrase to the next. */
const LINE = 24;
/** As wide as the smallest phone allows, so that letters never shrink. */
const NARROW_WIDTH = 288;
/** From this width on, a phrase stands beside its bar, unless it takes more than this part of it. */
const WIDE = 480;
const MOST_FOR_PHRASE = 0.56;
/** What the numbers beside a bar take. */
const NUMBERS = 120;

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

/** A phrase in lines of at most `width` px. */
function lines(phrase: string, width: number): string[] {
  const out: string[] = [];
  for (const word of phrase.split(' ')) {
    const longer = `${out.at(-1)} ${word}`;
    if (out.length > 0 && phraseWidth(longer) <= width) out[out.length - 1] = longer;
    else out.push(word);
  }
  return out;
}

/** Wide: phrase, bar and numbers on one line. Narrow, or where a phrase is long: the phrase above them. */
function marks(steps: readonly Step[], width: number): Marks {
  const longest = Math.ceil(Math.max(...steps.map(({ say }) => phraseWidth(say)))) + 20;
  const above = width < WIDE || longest > MOST_FOR_PHRASE * width;
  const left = above ? 0 : longest;
  const whole = width - left - NUMBERS;
  let y = 0;
  const body = steps.map((step) => {
    const said = above ? lines(step.say, width) : [step.say];
    const top = above ? y + 10 + said.length * LINE : y + 13;
    const height = above ? 14 : 16;
    const phrase = said.map((line, i) =>
      above
        ? `<text class="phrase" x="0" y="${y + 23 + i * LINE}">${escapeHtml(line)}</text>`
        : `<text class="phrase end" x="${left - 16}" y="${top + 14}">${escapeHtml(line)}</text>`,
    );
    y = top + height + (above ? 10 : 13);
    // Never thinner than a hairline: what is left is little, not nothing.
    const long = step.share === 0 ? 0 : Math.max(step.share * whole, 1.5);
    const fits = long === 0 ? '' : `<rect class="fits" x="${left}" y="${top}" width="${px(long)}" height="${height}"/>`;
    const bar = `<rect class="all" x="${left}" y="${top}" width="${px(whole)}" height="${height}"/>${fits}`;
    const numbers = `<text class="share" x="${px(left + whole + 12)}" y="${top + height / 2 + 5}">${escapeHtml(sayStep(step))}</text>`;
    return phrase.join('') + bar + numbers;
  });
  return { body: body.join(''), width, height: y };
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
