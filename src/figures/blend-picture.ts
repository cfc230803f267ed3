/**
 * Looked at, and what came of it: a line for each word with its weight, the size of its value and what it brings, and the
 * word's numbers before and after as threads.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml, inlineHtml, plainText } from './text.ts';
import { type Weft, weaveHtml, weaveKey, weaveMarks } from './weave.ts';

interface Line {
  word: string;
  looking: boolean;
  start: boolean;
  weight: string;
  size: string;
  brought: string;
  /** Lengths of the three bars, as parts of the longest each may be. */
  parts: [weight: number, size: number, brought: number];
}

function linesOf(data: FigureData): Line[] {
  const { words, looking } = data.detail as { words: string[]; looking: number };
  const rows = data.rows.slice(0, data.groups![0].to);
  const column = (id: string) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return rows.map((row) => row[c] as number);
  };
  const [weights, sizes, shares] = ['weight', 'size', 'share'].map(column);
  const longest = Math.max(...sizes, Number.MIN_VALUE);
  // One axis for both shares, so that their bars can be held against each other.
  const largest = Math.max(...weights, ...shares);
  const [looked, brings] = [wholePercents(weights), wholePercents(shares)];
  const say = (percent: number) => (percent === 0 ? '< 1\u00a0%' : withPercentSign(percent));
  return rows.map((_, j) => ({
    word: words[j],
    looking: j === looking,
    start: j === 0,
    weight: say(looked[j]),
    size: saySigned(sizes[j], 2),
    brought: say(brings[j]),
    parts: [weights[j] / largest, sizes[j] / longest, shares[j] / largest],
  }));
}

/** The word's numbers, before and after. */
function clothOf(data: FigureData): Weft[] {
  const { words, looking, space } = data.detail as { words: string[]; looking: number; space: 'head' | 'word' };
  const rows = data.rows.slice(data.groups![1].from);
  const list = (id: string) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return rows.map((row) => row[c] as number);
  };
  const word = looking === 0 ? 'the start' : `*${words[looking]}*`;
  if (space === 'head') {
    return [
      { label: `before: ${word}, own value`, values: list('before'), role: 'value' },
      { label: 'after: the blend', values: list('after'), role: 'value' },
    ];
  }
  return [
    { label: `before: ${word}`, values: list('before') },
    { label: 'what this head adds', values: list('added'), role: 'value' },
    { label: `after: ${word} with it`, values: list('after'), sum: true },
  ];
}

/** How to read it; *word* as ever. */
function inWords(data: FigureData): [name: string, what: string][] {
  const { space } = data.detail as { space: 'head' | 'word' };
  return [
    ['Looked at', 'the weight'],
    ['Size', `how long the list of its value is${space === 'word' ? ', brought into the word’s numbers' : ''}`],
    ['Brought', 'weight × size, as a share of all that is brought'],
    ['Thread', weaveKey],
  ];
}

/** What stands over the threads. */
function clothInWords(data: FigureData): string {
  return data.detail.space === 'head'
    ? 'Before and after, in the head’s own numbers'
    : 'Before and after, in the numbers of the word';
}

function blendHtml(data: FigureData): string {
  const key = inWords(data).map(([name, what]) => `<span><b>${name}:</b> ${inlineHtml(what)}</span>`);
  const lines = linesOf(data).map((line) => {
    const name = line.start ? `<span class="say">${line.word}</span>` : escapeHtml(line.word);
    const cells = [line.weight, line.size, line.brought].map((said, k) => {
      const paint = ['look', 'size', 'brought'][k];
      return `<td class="c"><span class="n">${escapeHtml(said)}</span><span class="b" aria-hidden="true"><span class="bar ${paint}" style="inline-size:${px(line.parts[k] * 100)}%"></span></span></td>`;
    });
    return `<tr><th scope="row"${line.start ? '' : ' class="lang"'}>${line.looking ? `<span class="chip">${name}</span>` : name}</th>${cells.join('')}</tr>`;
  });
  const heads = ['Looked at', '× size', '= brought'].map((head) => `<th scope="col">${head}</th>`);
  const label = `${plainText(data.title)} Word by word`;
  const table = `<div class="scroll" role="group" tabindex="0" aria-label="${escapeHtml(label)}"><table class="nw chain"><thead><tr><th scope="col">Word looked at</th>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
  return `<p class="axes">${key.join('')}</p>${table}<p class="part">${clothInWords(data)}</p>${weaveHtml(clothOf(data))}`;
}

/** Page and file of a blend. */
export function drawBlend(data: FigureData): Drawing {
  const [looked, size, brought, thread] = inWords(data).map(([name, what]) => `${name}: ${what}.`);
  const how = [`${looked} ${size}`, `${brought}`, thread];
  let body = how.map((text, k) => `<text class="soft" x="0" y="${12 + k * 20}">${escapeHtml(text)}</text>`).join('');
  const x = [136, 352, 544];
  const widths = [140, 110, 130];
  let y = how.length * 20 + 24;
  body += `<text class="head" x="0" y="${y}">Word looked at</text>`;
  ['Looked at', '× size', '= brought'].forEach((head, k) => {
    body += `<text class="head" x="${x[k]}" y="${y}">${head}</text>`;
  });
  y += 10;
  body += `<path class="line strong" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  for (const line of linesOf(data)) {
    body += `<text class="${line.start ? 'soft' : 'word'}${line.looking ? ' here' : ''}" x="0" y="${y + 20}">${escapeHtml(line.word)}</text>`;
    [line.weight, line.size, line.brought].forEach((said, k) => {
      body += `<text class="end" x="${x[k] + 46}" y="${y + 20}">${escapeHtml(said)}</text>`;
      body += `<rect class="${['paint', 'size', 'brought'][k]}" x="${x[k] + 56}" y="${y + 9}" width="${px(Math.max(0.5, line.parts[k] * widths[k]))}" height="12"/>`;
    });
    y += 30;
    body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  }
  y += 34;
  body += `<text class="head" x="0" y="${y}">${escapeHtml(clothInWords(data))}</text>`;
  y += 8;
  const cloth = weaveMarks(clothOf(data), 190, SHEET_WIDTH);
  return {
    html: `<div class="picture">${blendHtml(data)}</div>`,
    svg: sheet(data, `<g class="odds">${body}</g><g transform="translate(0 ${y})">${cloth.body}</g>`, y + cloth.height),
  };
}
