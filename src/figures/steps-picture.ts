/**
 * One word's row, step by step: a line for each word it may look at, the blend as threads below, and one dot product opened
 * where it was asked for. In the page tables, as a file one drawing.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { called } from './pattern.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { type Axis, axisOf, barHtml, barMarks } from './signed-bars.ts';
import { sayRoot } from './steps-data.ts';
import { escapeHtml, inlineHtml, plainText } from './text.ts';
import { type Weft, weaveHtml, weaveMarks } from './weave.ts';

/** What the picture needs, read back from the table. */
interface Steps {
  words: readonly string[];
  looking: number;
  /** Length of the lists. */
  length: number;
  scores: number[];
  scaled: number[];
  weights: number[];
  /** What each word brings: weight × value, [words][length]. */
  parts: number[][];
  blend: number[];
  opened?: { at: number; query: number[]; key: number[]; product: number[] };
}

function stepsOf(data: FigureData): Steps {
  const { words, looking, opened } = data.detail as { words: string[]; looking: number; opened?: number };
  const groups = data.groups!;
  const column = (id: string, from: number, to: number) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return data.rows.slice(from, to).map((row) => row[c] as number);
  };
  const last = groups.at(-1)!;
  const ids = last.columns!.slice(1, -1);
  const middle = groups[1];
  return {
    words,
    looking,
    length: last.to - last.from,
    scores: column('score', 0, words.length),
    scaled: column('scaled', 0, words.length),
    weights: column('weight', 0, looking + 1),
    parts: ids.map((id) => column(id, last.from, last.to)),
    blend: column('blend', last.from, last.to),
    ...(opened !== undefined && {
      opened: {
        at: opened,
        query: column('query', middle.from, middle.to),
        key: column('key', middle.from, middle.to),
        product: column('product', middle.from, middle.to),
      },
    }),
  };
}

/** The five steps in words; *word* as ever. */
function inWords({ words, looking, length }: Steps): [name: string, what: string][] {
  return [
    ['Dot product', `query of *${words[looking]}* times key of the other word, number by number, added up`],
    [`Divided by ${sayRoot(length)}`, `the root of ${length}, which is how long the lists are`],
    ['Masked', 'words that have not been read yet drop out'],
    ['Softmax', 'what is left is turned into shares of one whole, the weights'],
    ['Blend', 'the value of each word, times its weight, added up'],
  ];
}

/** The rows of the blend: what the three heaviest words bring, what the rest bring, and the sum. */
function blendRows({ words, looking, weights, parts, blend }: Steps): Weft[] {
  const percents = wholePercents(weights);
  const order = weights.map((w, j) => ({ w, j })).sort((a, b) => b.w - a.w || b.j - a.j);
  const say = (percent: number) => (percent === 0 ? 'under 1\u00a0%' : withPercentSign(percent));
  const whose = (j: number) => (j === looking ? 'own value' : `value of ${called(words, j, looking)}`);
  const rows = order.slice(0, 3).map(({ j }): Weft => {
    return { label: `${say(percents[j])} × ${whose(j)}`, values: parts[j], role: 'value' };
  });
  const rest = order.slice(3).map(({ j }) => j);
  if (rest.length > 0) {
    const percent = rest.reduce((sum, j) => sum + percents[j], 0);
    const label = `${say(percent)} for ${rest.length === 1 ? 'the one other' : `the ${rest.length} others`}`;
    const values = blend.map((_, c) => rest.reduce((sum, j) => sum + parts[j][c], 0));
    rows.push({ label, values, role: 'value' });
  }
  return [...rows, { label: 'the blend', values: blend, role: 'value', sum: true }];
}

function stepsHtml(steps: Steps): string {
  const { words, looking, scores, scaled, weights, opened } = steps;
  const axis = axisOf([...scores, ...scaled]);
  const percents = wholePercents(weights);
  const number = (value: number, bar: string) =>
    `<td class="c"><span class="n">${saySigned(value, 2)}</span><span class="b">${bar}</span></td>`;
  const lines = words.map((word, j) => {
    const later = j > looking;
    const name = j === 0 ? `<span class="say">${word}</span>` : escapeHtml(word);
    const head = `<th scope="row"${j === 0 ? '' : ' class="lang"'}>${j === looking ? `<span class="chip">${name}</span>` : name}</th>`;
    const end = later
      ? '<td class="c none" colspan="2"><span class="n">out: not read yet</span></td>'
      : `<td class="c"><span class="n">${saySigned(scaled[j], 2)}</span></td><td class="c"><span class="n${percents[j] >= 10 ? ' strong' : ''}">${percents[j] === 0 ? '&lt; 1\u00a0%' : withPercentSign(percents[j])}</span><span class="b" aria-hidden="true"><span class="bar look" style="inline-size:${px(weights[j] * 100)}%"></span></span></td>`;
    return `<tr${later ? ' class="later"' : ''}>${head}${number(scores[j], barHtml(scores[j], axis))}${number(scaled[j], barHtml(scaled[j], axis))}${end}</tr>`;
  });
  const names = inWords(steps);
  const heads = names.slice(0, 4).map(([name], k) => `<th scope="col"><small>${k + 1}</small>${name}</th>`);
  const how = names.map(([name, what]) => `<li><b>${name}:</b> ${inlineHtml(what)}</li>`);
  const label = `The numbers of ${words[looking]}, step by step`;
  const table = `<div class="scroll" role="group" tabindex="0" aria-label="${escapeHtml(label)}"><table class="nw chain stages"><thead><tr><th scope="col">Word looked at</th>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
  const blend = `<p class="part">5 Blend: value × weight, added up</p>${weaveHtml(blendRows(steps))}`;
  return `<ol class="how">${how.join('')}</ol>${table}${blend}${opened ? openedHtml(steps) : ''}`;
}

/** The heading of an opened dot product. */
function openedInWords({ words, looking, opened }: Steps): string {
  const at = called(words, opened!.at, looking);
  return `1, opened: the dot product of *${words[looking]}* and ${at}`;
}

function openedHtml(steps: Steps): string {
  const { opened, scores } = steps;
  const { at, query, key, product } = opened!;
  const axis = axisOf(product);
  const say = (value: number) => saySigned(value, 2);
  const lines = product.map(
    (value, c) =>
      `<tr><th scope="row" class="vh">${c + 1}</th><td class="num">${say(query[c])}</td><td class="op">×</td><td class="num">${say(key[c])}</td><td class="op">=</td><td class="num">${say(value)}</td><td>${barHtml(value, axis)}</td></tr>`,
  );
  const role = (name: string) => `<span class="role ${name}">${name}</span>`;
  const head = `<tr><th scope="col" class="vh">Place in the lists</th><th scope="col" class="num">${role('query')}</th><td></td><th scope="col" class="num">${role('key')}</th><td></td><th scope="col" class="num">product</th><td></td></tr>`;
  const foot = `<tr><th scope="row" colspan="5">Added up</th><td class="num">${say(scores[at])}</td><td></td></tr>`;
  return `<p class="part">${inlineHtml(openedInWords(steps))}</p><table class="mul"><thead>${head}</thead><tbody>${lines.join('')}</tbody><tfoot>${foot}</tfoot></table>`;
}

/** A line of the opened dot product, and of the table, in px. */
const OPENED_LINE = 24;
const TABLE_LINE = 30;

function tableMarks(steps: Steps, axis: Axis): { body: string; height: number } {
  const { words, looking, scores, scaled, weights } = steps;
  const percents = wholePercents(weights);
  const x = [128, 316, 504, 580];
  let body = inWords(steps)
    .slice(0, 4)
    .map(([name], k) => `<text class="head" x="${x[k]}" y="14">${k + 1} ${name}</text>`)
    .join('');
  body += `<text class="head" x="0" y="14">Word looked at</text><path class="line strong" d="M0 24H${SHEET_WIDTH}"/>`;
  words.forEach((word, j) => {
    const y = 24 + j * TABLE_LINE;
    const later = j > looking;
    const number = (value: number, left: number, width: number) => {
      const text = `<text class="end" x="${left + 52}" y="${y + 20}">${saySigned(value, 2)}</text>`;
      return width > 0 ? `${text}${barMarks(value, axis, left + 62, y + 9, width)}` : text;
    };
    body += `<text class="${j === 0 ? 'soft' : 'word'}${j === looking ? ' here' : ''}" x="0" y="${y + 20}">${escapeHtml(word)}</text>`;
    body += number(scores[j], x[0], 112) + number(scaled[j], x[1], 112);
    body += later
      ? `<text class="none" x="${x[2]}" y="${y + 20}">out: not read yet</text>`
      : `${number(scaled[j], x[2], 0)}<text class="end" x="${x[3] + 44}" y="${y + 20}">${percents[j] === 0 ? '&lt; 1\u00a0%' : withPercentSign(percents[j])}</text><rect class="paint" x="${x[3] + 54}" y="${y + 9}" width="${px(Math.max(0.5, weights[j] * 100))}" height="12"/>`;
    body += `<path class="line" d="M0 ${y + TABLE_LINE}H${SHEET_WIDTH}"/>`;
  });
  return { body, height: 24 + words.length * TABLE_LINE };
}

function openedMarks(steps: Steps): { body: string; height: number } {
  const { opened, scores } = steps;
  const { at, query, key, product } = opened!;
  const axis = axisOf(product);
  const end = (value: string, x: number, y: number, more = '') =>
    `<text class="end${more}" x="${x}" y="${y}">${value}</text>`;
  let body = `<text class="head" x="0" y="14">${escapeHtml(plainText(openedInWords(steps)))}</text>`;
  body += `${end('query', 70, 42, ' query')}${end('key', 160, 42, ' key')}${end('product', 260, 42)}<path class="line strong" d="M0 50H420"/>`;
  product.forEach((value, c) => {
    const y = 50 + c * OPENED_LINE;
    body += `${end(saySigned(query[c], 2), 70, y + 17)}<text class="soft" x="84" y="${y + 17}">×</text>${end(saySigned(key[c], 2), 160, y + 17)}<text class="soft" x="174" y="${y + 17}">=</text>${end(saySigned(value, 2), 260, y + 17)}${barMarks(value, axis, 280, y + 6, 140)}`;
  });
  const y = 50 + product.length * OPENED_LINE;
  body += `<path class="line strong" d="M0 ${y}H420"/><text x="0" y="${y + 20}">Added up</text>${end(saySigned(scores[at], 2), 260, y + 20)}`;
  return { body, height: y + 28 };
}

/** Page and file of a figure of steps. */
export function drawSteps(data: FigureData): Drawing {
  const steps = stepsOf(data);
  const how = inWords(steps).map(
    ([name, what], k) =>
      `<text class="soft" x="0" y="${12 + k * 20}">${escapeHtml(plainText(`${k + 1} ${name}: ${what}.`))}</text>`,
  );
  let y = how.length * 20 + 14;
  let body = `<g class="odds">${how.join('')}</g>`;
  const place = (part: string, height: number) => {
    body += `<g class="odds" transform="translate(0 ${y})">${part}</g>`;
    y += height + 26;
  };
  const table = tableMarks(steps, axisOf([...steps.scores, ...steps.scaled]));
  place(table.body, table.height);
  const cloth = weaveMarks(blendRows(steps), 210, SHEET_WIDTH);
  place(`<text class="head" x="0" y="14">5 Blend: value × weight, added up</text>`, 2);
  body += `<g transform="translate(0 ${y})">${cloth.body}</g>`;
  y += cloth.height;
  if (steps.opened) {
    y += 26;
    const opened = openedMarks(steps);
    place(opened.body, opened.height);
    y -= 26;
  }
  return { html: `<div class="picture">${stepsHtml(steps)}</div>`, svg: sheet(data, body, y) };
}
