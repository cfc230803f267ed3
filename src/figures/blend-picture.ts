/**
 * Looked at, and what came of it: a line for each word with its weight, its value as threads and what it brings, which is
 * the same cloth shrunk by the weight; and below, the word's numbers before and after.
 */

import { rowOf } from './blend-data.ts';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml, inlineHtml, plainText, START } from './text.ts';
import { HALF, PITCH, threadMarks, type Weft, weaveHtml, weaveKey, weaveMarks, weftAloud } from './weave.ts';

interface Line {
  word: string;
  looking: boolean;
  start: boolean;
  weight: number;
  looked: string;
  size: string;
  brings: string;
  value: number[];
  brought: number[];
}

interface Shown {
  words: readonly string[];
  looking: number;
  space: 'head' | 'word';
  lines: Line[];
  /** The word's numbers before and after. */
  cloth: Weft[];
  /** Words by how like their value the blend is, the likest first, with the likeness. */
  leans: [word: string, likeness: number][];
  /** The largest entry that any weights could bring about, so that the scale stays when weights change. */
  scale: number;
}

function shownOf(data: FigureData): Shown {
  const { words, looking, layer, space, weights, sizes, values, before, added, after } = rowOf(data);
  const rows = data.rows.slice(0, weights.length);
  const column = (id: string) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return rows.map((row) => row[c] as number);
  };
  const [looked, brings] = [wholePercents(weights), wholePercents(column('share'))];
  const likeness = column('likeness');
  const say = (percent: number) => (percent === 0 ? '< 1\u00a0%' : withPercentSign(percent));
  const lines = weights.map((weight, j) => ({
    word: words[j],
    looking: j === looking,
    start: j === 0,
    weight,
    looked: say(looked[j]),
    size: saySigned(sizes[j], 2),
    brings: say(brings[j]),
    value: values[j],
    brought: values[j].map((x) => x * weight),
  }));
  const largest = before.map(
    (x, c) => (space === 'head' ? 0 : Math.abs(x)) + Math.max(...values.map((v) => Math.abs(v[c]))),
  );
  const word = looking === 0 ? 'the start' : `*${words[looking]}*`;
  const cloth: Weft[] =
    space === 'head'
      ? [
          { label: `before: ${word}, own value`, values: before, role: 'value' },
          { label: 'after: the blend', values: after, role: 'value' },
        ]
      : [
          // A word comes into the first layer as it is stored.
          layer === 1
            ? { label: `before: ${word}, bare`, values: before, stored: true }
            : { label: `before: ${word}`, values: before },
          { label: 'what this head adds', values: added!, role: 'value' },
          { label: `after: ${word} with it`, values: after, sum: true },
        ];
  const leans = rows.map((row, j): [string, number] => [String(row[0]), likeness[j]]).sort((a, b) => b[1] - a[1]);
  return { words, looking, space, lines, cloth, leans, scale: Math.max(...largest, Number.MIN_VALUE) };
}

/** How to read it; *word* as ever. */
function inWords({ space }: Shown): [name: string, what: string][] {
  return [
    ['Looked at', 'the weight, in per cent'],
    ['Value', `what a word carries${space === 'word' ? ', brought into the word’s numbers' : ''}`],
    ['Size', 'how far the numbers of a value lie from zero, all taken together'],
    ['Brings', 'its value, shrunk to its weight, as a share of all that is brought'],
    ['Thread', weaveKey],
  ];
}

/** What stands over the threads. */
const clothInWords = ({ space }: Shown) =>
  space === 'head'
    ? 'Added up: before and after, in the head’s own numbers'
    : 'Added up: before and after, in the numbers of the word';

/** What the blend leans towards. */
const leansInWords = ({ space }: Shown) =>
  `Which value is ${space === 'head' ? 'the blend' : 'what is added'} most like? 1 is the same direction, 0 nothing in common`;

/** Threads in a cell of the table. */
function cellSvg(label: string, values: readonly number[], scale: number): string {
  return `<svg class="weave-row" viewBox="0 0 ${values.length * PITCH} ${HALF * 2 + 4}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(weftAloud({ label, values }))}"><g class="threads value">${threadMarks(values, scale)}</g></svg>`;
}

function blendHtml(shown: Shown, title: string): string {
  const { lines, cloth, leans, scale } = shown;
  const key = inWords(shown).map(([what, how]) => `<span><b>${what}:</b> ${inlineHtml(how)}</span>`);
  const rows = lines.map((line) => {
    const word = line.start ? `<span class="say">${line.word}</span>` : escapeHtml(line.word);
    const strong = Number.parseInt(line.looked, 10) >= 10 ? ' strong' : '';
    const cells = [
      `<td role="cell" class="c looked"><span class="n${strong}">${escapeHtml(line.looked)}</span><span class="b" aria-hidden="true"><span class="bar look" style="inline-size:${px(line.weight * 100)}%"></span></span></td>`,
      `<td role="cell" class="cloth">${cellSvg(`value of ${line.word}`, line.value, scale)}<small>value, size ${line.size}</small></td>`,
      `<td role="cell" class="cloth">${cellSvg(`what ${line.word} brings`, line.brought, scale)}<small>brings ${escapeHtml(line.brings)}</small></td>`,
    ];
    return `<tr role="row"><th role="rowheader" scope="row"${line.start ? '' : ' class="lang"'}>${line.looking ? `<span class="chip">${word}</span>` : word}</th>${cells.join('')}</tr>`;
  });
  const heads = ['Looked at', '× <span class="role value">value</span>', '= what it brings'].map(
    (head) => `<th role="columnheader" scope="col">${head}</th>`,
  );
  const table = `<table role="table" class="nw chain mixing" aria-label="${escapeHtml(`${plainText(title)} Word by word`)}"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Word</th>${heads.join('')}</tr></thead><tbody role="rowgroup">${rows.join('')}</tbody></table>`;
  const most = leans.map(
    ([word, likeness], k) =>
      `<li${k === 0 ? ' class="most"' : ''}>${word === START ? word : `<i>${escapeHtml(word)}</i>`} ${saySigned(likeness, 2)}</li>`,
  );
  return `<p class="axes">${key.join('')}</p>${table}<p class="part">${clothInWords(shown)}</p>${weaveHtml(cloth, scale)}<p class="key">${leansInWords(shown)}:</p><ul class="leans">${most.join('')}</ul>`;
}

/** The picture of a page. */
export function blendPicture(data: FigureData): string {
  return `<div class="picture">${blendHtml(shownOf(data), data.title)}</div>`;
}

/** Page and file of a blend. */
export function drawBlend(data: FigureData): Drawing {
  const shown = shownOf(data);
  const { lines, cloth, leans, scale } = shown;
  const how = inWords(shown).map(([name, what]) => `${name}: ${what}.`);
  let body = how.map((text, k) => `<text class="soft" x="0" y="${12 + k * 20}">${escapeHtml(text)}</text>`).join('');
  const x = [112, 270, 510];
  const wide = 220;
  let y = how.length * 20 + 24;
  body += `<text class="head" x="0" y="${y}">Word</text>`;
  ['Looked at', '× value', '= what it brings'].forEach((head, k) => {
    body += `<text class="head" x="${x[k]}" y="${y}">${head}</text>`;
  });
  y += 10;
  body += `<path class="line strong" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  let threads = '';
  for (const line of lines) {
    body += `<text class="${line.start ? 'soft' : 'word'}${line.looking ? ' here' : ''}" x="0" y="${y + 42}">${escapeHtml(line.word)}</text>`;
    body += `<text class="end" x="${x[0] + 40}" y="${y + 42}">${escapeHtml(line.looked)}</text><rect class="paint" x="${x[0] + 48}" y="${y + 31}" width="${px(Math.max(0.5, line.weight * 90))}" height="12"/>`;
    [line.value, line.brought].forEach((values, k) => {
      const stretch = Math.round((wide / (values.length * PITCH)) * 1e4) / 1e4;
      threads += `<g class="threads value" transform="translate(${x[k + 1]} ${y + 2}) scale(${stretch} 1)">${threadMarks(values, scale)}</g>`;
    });
    body += `<text class="soft" x="${x[1]}" y="${y + 80}">value, size ${line.size}</text><text class="soft" x="${x[2]}" y="${y + 80}">brings ${escapeHtml(line.brings)}</text>`;
    y += 88;
    body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  }
  y += 34;
  body += `<text class="head" x="0" y="${y}">${escapeHtml(clothInWords(shown))}</text>`;
  y += 8;
  const sum = weaveMarks(cloth, 190, SHEET_WIDTH, scale);
  const below = y + sum.height + 14;
  body += `<text class="soft" x="0" y="${below}">${escapeHtml(leansInWords(shown))}:</text>`;
  body += `<text x="0" y="${below + 24}">${escapeHtml(leans.map(([word, likeness]) => `${word} ${saySigned(likeness, 2)}`).join(', '))}</text>`;
  return {
    html: blendPicture(data),
    svg: sheet(
      data,
      `<g class="odds">${body}</g>${threads}<g transform="translate(0 ${y})">${sum.body}</g>`,
      below + 32,
    ),
  };
}
