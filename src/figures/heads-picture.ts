/**
 * Heads side by side: each a staircase without words, in the tones of the large one. In the page they are a list, a row a
 * layer; as a file they are one drawing.
 */
import type { FigureData } from './figure-data.ts';
import { type Head, type Heads, headsOf, layersOf } from './heads-data.ts';
import type { Drawing } from './kind.ts';
import { staircaseAxes, tone } from './matrix.ts';
import { px } from './measure.ts';
import { sayTenthPercent } from './numbers.ts';
import { type Habit, habitOf, habits, peakOf } from './pattern.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml, wordNames } from './text.ts';
import type { HeadPlace } from './world.ts';

/** Below a head, where it has a habit. */
const short: Record<Habit, string> = { before: 'one back', second: 'two back', self: 'itself', start: 'start' };

/** A staircase of n by n units: the tones of equal neighbours in one stroke, the faintest as one ground below them. */
function thumbMarks({ weights }: Head, looking?: number): string {
  const n = weights.length;
  const runs: string[] = Array.from({ length: 11 }, () => '');
  weights.forEach((row, i) => {
    for (let j = 0; j <= i; ) {
      const step = tone(row[j]);
      let end = j + 1;
      while (end <= i && tone(row[end]) === step) end += 1;
      runs[step] += `M${j} ${i}h${end - j}v1h-${end - j}z`;
      j = end;
    }
  });
  const tones = runs.map((d, step) => (d && step > 0 ? `<path class="w${step}" d="${d}"/>` : ''));
  const mark = looking === undefined ? '' : `<path class="rowmark thin" d="M0 ${looking}H${looking + 1}v1H0z"/>`;
  return `<path class="w0" d="M0 0${'h1v1'.repeat(n)}H0z"/>${tones.join('')}${mark}`;
}

/** The word below a head: what its habit is, or where the one word looks. */
function below({ words, looking }: Heads, { weights }: Head): { says: string; machine: boolean } | undefined {
  if (looking !== undefined) {
    const peak = peakOf(weights[looking]);
    return peak === looking ? { says: 'itself', machine: true } : { says: wordNames(words)[peak], machine: peak === 0 };
  }
  const habit = habitOf(weights);
  return habit && { says: short[habit.is], machine: true };
}

/** What one head does, for those who hear it. */
export function headAloud({ words, looking }: Heads, { layer, head, weights }: Head): string {
  const name = `Layer ${layer}, head ${head}`;
  const look = (i: number) => {
    const peak = peakOf(weights[i]);
    return `${words[i]} looks most at ${peak === i ? 'itself' : words[peak]}, ${sayTenthPercent(weights[i][peak])}.`;
  };
  if (looking !== undefined) return `${name}: ${look(looking)}`;
  const habit = habitOf(weights);
  if (habit) return `${name}: ${habit.many} of ${words.length - 1} words look most at ${habits[habit.is].each}.`;
  const sharpness = weights.map((row) => row[peakOf(row)]);
  return `${name}: no one habit. Sharpest: ${look(1 + peakOf(sharpness.slice(1)))}`;
}

/** One head as SVG, to be sized by its place. */
export function drawThumb(heads: Heads, head: Head): string {
  const n = heads.words.length;
  return `<svg class="thumb" viewBox="0 0 ${n} ${n}" role="img" aria-label="${escapeHtml(headAloud(heads, head))}"><g class="matrix">${thumbMarks(head, heads.looking)}</g></svg>`;
}

function byLayer(heads: Heads): { layer: number; row: Head[] }[] {
  return layersOf(heads).map((layer) => ({ layer, row: heads.shown.filter((head) => head.layer === layer) }));
}

const isFramed = ({ framed }: Heads, { layer, head }: Head) => layer === framed?.layer && head === framed.head;

/** What stands below the heads, as a sentence. */
function belowInWords({ words, looking }: Heads): [what: string, says: string] {
  if (looking === undefined) return ['Below a head:', 'where most words look, if they agree'];
  return ['Below a head:', `where *${words[looking]}*, the outlined row, looks most`];
}

/**
 * The heads as rows of a page, one a layer.
 * @param alive where a reader may choose a head: which one has the tab stop, and which ones are muted
 */
export function headsHtml(heads: Heads, alive?: { chosen: HeadPlace; muted: readonly HeadPlace[] }): string {
  const rows = byLayer(heads).map(({ layer, row }) => {
    const items = row.map((head) => {
      const word = below(heads, head);
      const says = word ? `<span class="${word.machine ? 'say' : 'lang'}">${escapeHtml(word.says)}</span>` : '';
      if (alive) {
        const same = (one: HeadPlace) => one.layer === head.layer && one.head === head.head;
        const muted = alive.muted.some(same);
        return `<li${isFramed(heads, head) ? ' class="framed"' : ''}><button type="button" class="one${muted ? ' muted' : ''}" data-layer="${head.layer}" data-head="${head.head}" tabindex="${same(alive.chosen) ? 0 : -1}" aria-pressed="${isFramed(heads, head)}">${drawThumb(heads, head)}<span class="below"><b>${head.head}</b>${muted ? '<span class="say">muted</span>' : says}</span></button></li>`;
      }
      return `<li${isFramed(heads, head) ? ' class="framed"' : ''}>${drawThumb(heads, head)}<p><b>${head.head}</b>${says}</p></li>`;
    });
    return `<p class="layer">Layer ${layer}</p><ol class="heads-row" style="--heads:${Math.min(8, row.length)}">${items.join('')}</ol>`;
  });
  const [what, says] = belowInWords(heads);
  const key = `<p class="axes"><span><b>${what}</b> ${escapeHtml(says).replace(/\*(.*)\*/, '<i>$1</i>')}</span></p>`;
  return `<p class="said">${escapeHtml(heads.words.slice(1).join(' '))}</p>${staircaseAxes()}${key}<div class="all-heads">${rows.join('')}</div>`;
}

/** Page and file of a figure of heads. */
export function drawHeads(data: FigureData): Drawing {
  const heads = headsOf(data);
  const n = heads.words.length;
  const label = 76;
  const gap = 16;
  const most = Math.max(...byLayer(heads).map(({ row }) => row.length));
  const size = Math.min(150, (SHEET_WIDTH - label - 6 - gap * (most - 1)) / most);
  let body = '';
  let y = 0;
  for (const { layer, row } of byLayer(heads)) {
    body += `<text class="head" x="0" y="${y + 14}">Layer ${layer}</text>`;
    row.forEach((head, k) => {
      const x = label + k * (size + gap);
      const word = below(heads, head);
      const frame = isFramed(heads, head) ? 'framed' : 'frame';
      body += `<g class="matrix" transform="translate(${px(x)} ${y}) scale(${Math.round((size / n) * 1e4) / 1e4})">${thumbMarks(head, heads.looking)}</g>`;
      body += `<rect class="${frame}" x="${px(x - 3)}" y="${y - 3}" width="${px(size + 6)}" height="${px(size + 6)}"/>`;
      body += `<text class="head" x="${px(x - 3)}" y="${px(y + size + 22)}">${head.head}</text>`;
      if (word) {
        body += `<text class="${word.machine ? 'soft' : 'word'}" x="${px(x + 13)}" y="${px(y + size + 22)}">${escapeHtml(word.says)}</text>`;
      }
    });
    y += Math.ceil(size) + 42;
  }
  const lines = [
    'Each square is a head. Row: the word that looks. Column: the word looked at. Stronger colour: more weight.',
    `${belowInWords(heads).join(' ').replaceAll('*', '')}.`,
  ];
  const above = lines.map((line, k) => `<g transform="translate(0 ${26 + k * 20})">${sheetLine(line)}</g>`).join('');
  const text = `<g class="odds"><text class="word" x="0" y="12">${escapeHtml(heads.words.slice(1).join(' '))}</text></g>`;
  const top = LINE + 54;
  return {
    html: `<div class="picture">${headsHtml(heads)}</div>`,
    svg: sheet(data, `${text}${above}<g class="odds" transform="translate(3 ${top})">${body}</g>`, top + y),
  };
}
