/** One dot product, opened: two lists downward, their products as bars from one axis, the sum under a rule, and what follows. */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { sayShare, saySigned } from './numbers.ts';
import { sayRoot } from './products-data.ts';
import { sheet } from './sheet.ts';
import { axisOf, barHtml, barMarks } from './signed-bars.ts';
import { escapeHtml } from './text.ts';

interface Shown {
  query: number[];
  key: number[];
  product: number[];
  score: number;
  scaled: number;
  weight: number;
  among: number;
  looking?: string;
  at?: string;
}

function shownOf(data: FigureData): Shown {
  const { to } = data.groups![0];
  const lists = data.rows.slice(0, to) as [string, number, number, number][];
  const [score, scaled, weight] = data.rows.slice(to);
  return {
    query: lists.map((row) => row[1]),
    key: lists.map((row) => row[2]),
    product: lists.map((row) => row[3]),
    score: score[4] as number,
    scaled: scaled[4] as number,
    weight: weight[5] as number,
    ...(data.detail as { among: number; looking?: string; at?: string }),
  };
}

/** A score that is alone has room for a third decimal. */
const decimals = ({ among }: Shown) => (among === 1 ? 3 : 2);

/** What follows from the sum, a step a line: what is done, and what it gives. */
function stepsAfter(shown: Shown): [what: string, gives: string][] {
  const { product, score, scaled, weight, among } = shown;
  const say = (value: number) => saySigned(value, decimals(shown));
  const length = product.length;
  const softmax = among === 1 ? 'Softmax over this one score' : `Softmax over the scores of all ${among} keys in view`;
  return [
    [`Divided by ${sayRoot(length)}, the root of ${length}`, `${say(score)} ÷ ${sayRoot(length)} = ${say(scaled)}`],
    [softmax, among === 1 ? saySigned(weight, 0) : sayShare(weight)],
  ];
}

function productsHtml(shown: Shown): string {
  const { query, key, product, score, looking, at } = shown;
  const axis = axisOf(product);
  const say = (value: number) => saySigned(value, decimals(shown));
  const lines = product.map(
    (value, c) =>
      `<tr><th scope="row" class="vh">${c + 1}</th><td class="num">${say(query[c])}</td><td class="op">×</td><td class="num">${say(key[c])}</td><td class="op">=</td><td class="num">${say(value)}</td><td>${barHtml(value, axis)}</td></tr>`,
  );
  const role = (name: string, word?: string) =>
    `<span class="role ${name}">${name}</span>${word ? ` of <i>${escapeHtml(word)}</i>` : ''}`;
  const head = `<tr><th scope="col" class="vh">Place in the lists</th><th scope="col" class="num">${role('query', looking)}</th><td></td><th scope="col" class="num">${role('key', at)}</th><td></td><th scope="col" class="num">product</th><td></td></tr>`;
  const foot = `<tr><th scope="row" colspan="5">Added up</th><td class="num">${say(score)}</td><td></td></tr>`;
  const after = stepsAfter(shown).map(([what, gives]) => `<div><dt>${what}</dt><dd>${gives}</dd></div>`);
  return `<table class="mul"><thead>${head}</thead><tbody>${lines.join('')}</tbody><tfoot>${foot}</tfoot></table><dl class="after">${after.join('')}</dl>`;
}

/** A line of the two lists, in px. */
const LINE = 24;

/** Page and file of one dot product. */
export function drawProducts(data: FigureData): Drawing {
  const shown = shownOf(data);
  const { query, key, product, score, looking, at } = shown;
  const axis = axisOf(product);
  const say = (value: number) => saySigned(value, decimals(shown));
  const end = (value: string, x: number, y: number, more = '') =>
    `<text class="end${more}" x="${x}" y="${y}">${escapeHtml(value)}</text>`;
  const of = (role: string, word?: string) => (word ? `${role} of ${word}` : role);
  let body = `${end(of('query', looking), 130, 14, ' query')}${end(of('key', at), 270, 14, ' key')}${end('product', 370, 14)}<path class="line strong" d="M0 22H560"/>`;
  product.forEach((value, c) => {
    const y = 22 + c * LINE;
    body += `${end(say(query[c]), 130, y + 17)}<text class="soft" x="150" y="${y + 17}">×</text>${end(say(key[c]), 270, y + 17)}<text class="soft" x="290" y="${y + 17}">=</text>${end(say(value), 370, y + 17)}${barMarks(value, axis, 390, y + 6, 170)}`;
  });
  let y = 22 + product.length * LINE;
  body += `<path class="line strong" d="M0 ${y}H560"/><text x="0" y="${y + 20}">Added up: the dot product</text>${end(say(score), 370, y + 20)}`;
  y += 26;
  for (const [what, gives] of stepsAfter(shown)) {
    body += `<path class="line" d="M0 ${y}H560"/><text x="0" y="${y + 20}">${what}</text>${end(gives, 560, y + 20)}`;
    y += 28;
  }
  return {
    html: `<div class="picture">${productsHtml(shown)}</div>`,
    svg: sheet(data, `<g class="odds">${body}</g>`, y),
  };
}
