/**
 * One word's pass through one head, step by step: lists as threads, a line for each word it may look at, one dot product
 * opened, and what is added in the end. In the page sections with tables, as a file one drawing.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { numberButton, openedHtml } from './number-opened.ts';
import type { NumberName, Source, What } from './number-source.ts';
import { saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { called } from './pattern.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { type Axis, axisOf, barHtml, barMarks } from './signed-bars.ts';
import { sayRoot } from './steps-data.ts';
import { escapeHtml, inlineHtml, plainText, START, wordNames } from './text.ts';
import { scaleOf, type Weft, weaveHtml, weaveMarks } from './weave.ts';

/** What the picture needs, read back from the table. */
interface Steps {
  words: readonly string[];
  looking: number;
  layer: number;
  head: number;
  /** Length of the lists. */
  length: number;
  scores: number[];
  scaled: number[];
  weights: number[];
  /** What each word brings: weight × value, [words][length]. */
  parts: number[][];
  blend: number[];
  /** The word whose key and value are shown. */
  at: number;
  query: number[];
  key: number[];
  product: number[];
  value: number[];
  taken: number[];
  normed: number[];
  part: number[];
  others: number[];
  after: number[];
}

function stepsOf(data: FigureData): Steps {
  const { words, looking, layer, head, opened } = data.detail as Record<string, never>;
  const [row, lists, mixed, stream] = data.groups!;
  const column = (id: string, { from, to }: { from: number; to: number }) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return data.rows.slice(from, to).map((row) => row[c] as number);
  };
  const ofLists = (id: string) => column(id, lists);
  const ofStream = (id: string) => column(id, stream);
  return {
    words,
    looking,
    layer,
    head,
    length: lists.to - lists.from,
    scores: column('score', row),
    scaled: column('scaled', row),
    weights: column('weight', { from: 0, to: looking + 1 }),
    parts: mixed.columns!.slice(1, -1).map((id) => column(id, mixed)),
    blend: column('blend', mixed),
    at: opened,
    query: ofLists('query'),
    key: ofLists('key'),
    product: ofLists('product'),
    value: ofLists('value'),
    taken: ofStream('taken'),
    normed: ofStream('normed'),
    part: ofStream('part'),
    others: ofStream('others'),
    after: ofStream('after'),
  };
}

/** The nine steps in words; *word* as ever. */
function inWords({ words, looking, layer, head, length, taken, at }: Steps): [name: string, what: string][] {
  const me = looking === 0 ? `the ${START}` : `*${words[looking]}*`;
  const other = called(words, at, looking);
  const first =
    layer === 1 ? `${me} as it is stored, the same in every text` : `${me} as layer ${layer - 1} hands it on`;
  return [
    [layer === 1 ? 'Embedding' : 'As it comes', `${first}: ${taken.length} numbers`],
    [
      'Standard size',
      'all of them divided by one number, so that long lists do not shout, and each multiplied by a stored one',
    ],
    [
      'Query, key, value',
      `these ${taken.length} through three stored tables, ${length} numbers out of each; here the query of ${me}, and key and value of ${other}, made from that word in the same way`,
    ],
    ['Dot product', `query of ${me} times key of the other word, number by number, added up`],
    [`Divided by ${sayRoot(length)}`, `the root of ${length}, which is how long the lists are`],
    ['Masked', 'words that have not been read yet drop out'],
    ['Softmax', 'what is left is turned into shares of one whole, the weights'],
    ['Blend', 'the value of each word, times its weight, added up'],
    [
      'Output table, and added',
      `the blend through one more stored table makes ${taken.length} numbers, which are added to ${me}; so do those of the other heads. This is head ${head}`,
    ],
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

/** The lists of the other steps: as threads, each with the numbers that it consists of. */
function listRows(
  steps: Steps,
): Record<'taken' | 'normed' | 'made' | 'added', (Weft & { list: [What, word: number] })[]> {
  const { words, looking, layer, head, at, taken, normed, query, key, value, part, others, after } = steps;
  const names = wordNames(words);
  const me = looking === 0 ? START : `*${names[looking]}*`;
  const you = at === 0 ? START : `*${names[at]}*`;
  const isFirst = layer === 1;
  const came: Weft & { list: [What, number] } = {
    label: isFirst ? `${me}, stored` : `${me}, after layer ${layer - 1}`,
    values: taken,
    stored: isFirst,
    list: [isFirst ? 'stored' : 'output', looking],
  };
  return {
    taken: [came],
    normed: [{ label: `${me}, at standard size`, values: normed, list: ['normed', looking] }],
    made: [
      { label: `query of ${me}`, values: query, role: 'query', list: ['query', looking] },
      { label: `key of ${you}`, values: key, role: 'key', list: ['key', at] },
      { label: `value of ${you}`, values: value, role: 'value', list: ['value', at] },
    ],
    added: [
      { ...came, label: `${me}, as it came` },
      { label: `what head ${head} adds`, values: part, list: ['part', looking] },
      { label: 'what the other heads add', values: others, list: ['attended', looking] },
      { label: `${me}, after attention`, values: after, list: ['attended', looking], sum: true },
    ],
  };
}

/** What a page that has come alive adds to the picture. */
export interface LiveSteps {
  /** The number chosen in the picture, and the panel below its step. */
  chosen?: NumberName;
  panel?: string;
}

/** The step under which a number's panel stands. */
function stepOf(what: What): string {
  if (what === 'stored' || what === 'output') return 'taken';
  if (what === 'size' || what === 'normed') return 'normed';
  if (what === 'score' || what === 'scaled' || what === 'weight') return 'row';
  if (what === 'blend') return 'blend';
  return what === 'part' || what === 'attended' ? 'added' : 'made';
}

/** The nine steps for a page, as sections in their order. With `live`, every number is a control. */
export function stepSections(data: FigureData, live?: LiveSteps): string[] {
  const steps = stepsOf(data);
  const { looking, layer, head } = steps;
  const named = inWords(steps);
  const rows = listRows(steps);
  const place = { layer, head, word: looking };
  /** Threads whose every number can be chosen. */
  const weave = (wefts: (Weft & { list?: [What, number] })[], all: readonly Weft[] = wefts) => {
    const shown = wefts.map((weft): Weft => {
      if (!live || !weft.list) return weft;
      const [what, word] = weft.list;
      const list = listName(what, { ...place, word });
      const at = live.chosen && listName(live.chosen.what, live.chosen) === list ? live.chosen.entry : undefined;
      return { ...weft, choose: { list, ...(at !== undefined && { at }) } };
    });
    return weaveHtml(shown, scaleOf(all));
  };
  const opened = (step: string) => {
    if (live) return live.panel && live.chosen && stepOf(live.chosen.what) === step ? live.panel : '';
    return step === 'row' ? openedHtml(dotProduct(steps)) : '';
  };
  const section = (step: string, numbers: number[], body: string) => {
    const said = numbers.map(
      (k) => `<p class="step"><b>${k + 1} ${named[k][0]}.</b> ${capital(inlineHtml(named[k][1]))}.</p>`,
    );
    return `<section data-step="${step}">${said.join('')}${body}${opened(step)}</section>`;
  };
  const blend = blendRows(steps).map((weft) => ({ ...weft, list: ['blend', looking] as [What, number] }));
  return [
    section('taken', [0], weave(rows.taken)),
    section('normed', [1], weave(rows.normed)),
    section('made', [2], weave(rows.made)),
    section('row', [3, 4, 5, 6], rowHtml(steps, live)),
    section('blend', [7], weave(blend)),
    section('added', [8], weave(rows.added)),
  ];
}

/** A list in a page: what its numbers are, without their places. */
function listName(what: What, { layer, head, word }: Pick<NumberName, 'layer' | 'head' | 'word'>): string {
  if (what === 'stored') return `stored-0-0-${word}`;
  if (what === 'output') return `output-${layer - 1}-0-${word}`;
  const inHead = ['query', 'key', 'value', 'blend', 'part'].includes(what);
  return `${what}-${layer}-${inHead ? head : 0}-${word}`;
}

/** A line for each word, a column for each step from the dot product to the weight. */
function rowHtml(steps: Steps, live?: LiveSteps): string {
  const { words, looking, layer, head, scores, scaled, weights, at } = steps;
  const axis = axisOf([...scores, ...scaled]);
  const percents = wholePercents(weights);
  const say = (what: What, entry: number, said: string, strong = false) => {
    const classes = `n${strong ? ' strong' : ''}`;
    if (!live) return `<span class="${classes}">${said}</span>`;
    const isChosen = live.chosen?.what === what && live.chosen.entry === entry;
    return `<span class="${classes}${isChosen ? ' chosen' : ''}">${numberButton({ what, layer, head, word: looking, entry }, said)}</span>`;
  };
  const lines = words.map((word, j) => {
    const later = j > looking;
    const name = j === 0 ? `<span class="say">${word}</span>` : escapeHtml(word);
    const inChip = j === looking ? `<span class="chip">${name}</span>` : name;
    const asked = live
      ? `<button type="button" data-at="${j}" aria-pressed="${j === at}" title="Show its key and value">${inChip}</button>`
      : inChip;
    const percent = percents[j] === 0 ? '&lt; 1\u00a0%' : withPercentSign(percents[j] ?? 0);
    const number = (what: What, value: number) =>
      `<td class="c">${say(what, j, saySigned(value, 2))}<span class="b">${barHtml(value, axis)}</span></td>`;
    const end = later
      ? '<td class="c none" colspan="2"><span class="n">out: not read yet</span></td>'
      : `<td class="c">${say('scaled', j, saySigned(scaled[j], 2))}</td><td class="c">${say('weight', j, percent, percents[j] >= 10)}<span class="b" aria-hidden="true"><span class="bar look" style="inline-size:${px(weights[j] * 100)}%"></span></span></td>`;
    return `<tr${later ? ' class="later"' : ''}><th scope="row"${j === 0 ? '' : ' class="lang"'}>${asked}</th>${number('score', scores[j])}${number('scaled', scaled[j])}${end}</tr>`;
  });
  const heads = inWords(steps)
    .slice(3, 7)
    .map(([name], k) => `<th scope="col"><small>${k + 4}</small>${name}</th>`);
  const label = `The row of ${words[looking]}: one line for each word it may look at`;
  return `<div class="scroll" role="group" tabindex="0" aria-label="${escapeHtml(label)}"><table class="nw chain stages"><thead><tr><th scope="col">Word looked at</th>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** The dot product with the word that is shown, as the table holds it. */
function dotProduct({
  words,
  looking,
  layer,
  head,
  at,
  query,
  key,
  product,
  scores,
  scaled,
  weights,
  length,
}: Steps): Source {
  const names = wordNames(words);
  const say = (j: number) => (j === 0 ? `the ${START}` : `*${names[j]}*`);
  const name: NumberName = { what: 'score', layer, head, word: looking, entry: at };
  const softmax = { say: 'Softmax, with the other words of the row', value: weights[at], name };
  return {
    name,
    value: scores[at],
    called: `the dot product of ${say(looking)} and ${at === looking ? 'itself' : say(at)}`,
    how: `The query of ${say(looking)} and the key of ${at === looking ? 'the same word' : say(at)}, number by number, multiplied and added up.`,
    sum: {
      first: `query of ${say(looking)}`,
      second: `key of ${say(at)}`,
      result: 'product',
      lines: product.map((result, c) => ({ first: { value: query[c] }, second: { value: key[c] }, result })),
      total: scores[at],
    },
    after: [],
    becomes: [
      { say: `Divided by ${sayRoot(length)}, the root of how long the lists are`, value: scaled[at], name },
      ...(at <= looking ? [softmax] : []),
    ],
  };
}

/** A line of the opened dot product, and of the table, in px. */
const OPENED_LINE = 24;
const TABLE_LINE = 30;

function tableMarks(steps: Steps, axis: Axis): { body: string; height: number } {
  const { words, looking, scores, scaled, weights } = steps;
  const percents = wholePercents(weights);
  const x = [128, 316, 504, 580];
  let body = inWords(steps)
    .slice(3, 7)
    .map(([name], k) => `<text class="head" x="${x[k]}" y="14">${k + 4} ${name}</text>`)
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
  const { query, key, product, scores, at } = steps;
  const axis = axisOf(product);
  const end = (value: string, x: number, y: number, more = '') =>
    `<text class="end${more}" x="${x}" y="${y}">${value}</text>`;
  const title = plainText(dotProduct(steps).called);
  let body = `<text class="head" x="0" y="14">4, opened: ${escapeHtml(title)}</text>`;
  body += `${end('query', 70, 42, ' query')}${end('key', 160, 42, ' key')}${end('product', 260, 42)}<path class="line strong" d="M0 50H420"/>`;
  product.forEach((value, c) => {
    const y = 50 + c * OPENED_LINE;
    body += `${end(saySigned(query[c]), 70, y + 17)}<text class="soft" x="84" y="${y + 17}">×</text>${end(saySigned(key[c]), 160, y + 17)}<text class="soft" x="174" y="${y + 17}">=</text>${end(saySigned(value), 260, y + 17)}${barMarks(value, axis, 280, y + 6, 140)}`;
  });
  const y = 50 + product.length * OPENED_LINE;
  body += `<path class="line strong" d="M0 ${y}H420"/><text x="0" y="${y + 20}">Added up</text>${end(saySigned(scores[at]), 260, y + 20)}`;
  return { body, height: y + 28 };
}

/** Page and file of a figure of steps. */
export function drawSteps(data: FigureData): Drawing {
  const steps = stepsOf(data);
  const named = inWords(steps);
  const rows = listRows(steps);
  let y = 0;
  let body = '';
  const say = (...numbers: number[]) => {
    for (const k of numbers) {
      const lines = broken(`${k + 1} ${plainText(named[k][0])}: ${plainText(named[k][1])}.`);
      lines.forEach((line) => {
        body += `<g class="odds" transform="translate(0 ${y})"><text class="soft" x="0" y="12">${escapeHtml(line)}</text></g>`;
        y += 20;
      });
    }
    y += 8;
  };
  const cloth = (wefts: readonly Weft[]) => {
    const { body: marks, height } = weaveMarks(wefts, 210, SHEET_WIDTH);
    body += `<g transform="translate(0 ${y})">${marks}</g>`;
    y += height + 18;
  };
  const place = ({ body: part, height }: { body: string; height: number }) => {
    body += `<g class="odds" transform="translate(0 ${y})">${part}</g>`;
    y += height + 26;
  };
  say(0);
  cloth(rows.taken);
  say(1);
  cloth(rows.normed);
  say(2);
  cloth(rows.made);
  say(3, 4, 5, 6);
  place(tableMarks(steps, axisOf([...steps.scores, ...steps.scaled])));
  place(openedMarks(steps));
  say(7);
  cloth(blendRows(steps));
  say(8);
  cloth(rows.added);
  return { html: `<div class="picture steps-live">${stepSections(data).join('')}</div>`, svg: sheet(data, body, y) };
}

/** Letters that a line of a file holds. */
const LINE_LETTERS = 112;

/** A sentence in lines that fit a file. */
function broken(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length + 1 > LINE_LETTERS) lines.push(`    ${word}`);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

function capital(html: string): string {
  return html.startsWith('<') ? html : html.charAt(0).toUpperCase() + html.slice(1);
}
