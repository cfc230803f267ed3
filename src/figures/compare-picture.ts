/**
 * Two strips that line up, one under the other; where it is narrow or the text is long, one column of words with the links
 * of either text on its own side.
 */
import { differences, nameOf } from './compare-data.ts';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px, wordWidth } from './measure.ts';
import { wholePercents, withPercentSign } from './numbers.ts';
import { oddsPairs } from './odds-picture.ts';
import { LINE as SHEET_LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { groupsOf } from './shell.ts';
import { drawStrip, letterWeight, type Row, rowAloud, stripMarks, stroke, tone } from './strip.ts';
import { END_OF_TEXT, escapeHtml, inlineHtml, OTHER_WORDS, plainText, START } from './text.ts';

/** The two rows that a figure's table holds. */
function rowsOf(data: FigureData): [Row, Row] {
  const { words, others, looking } = data.detail as { words: string[]; others: string[]; looking: number };
  const column = (id: string) => {
    const c = data.columns.findIndex((one) => one.id === id);
    return data.rows.slice(0, looking + 1).map((row) => row[c] as number);
  };
  return [
    { words, looking, weights: column('weight') },
    { words: others, looking, weights: column('other weight') },
  ];
}

/** The next words that its table holds, if it has any. */
function nextOf(data: FigureData): [word: string, first: number, second: number][] | undefined {
  const group = groupsOf(data).find(({ columns }) => columns?.includes('next'));
  return (
    group && data.rows.slice(group.from, group.to).map((row) => [String(row[0]), row[5] as number, row[6] as number])
  );
}

const SIZE = 17;
const LINE = 40;
const WIDTH = 328;
/** Room for the strokes of one text, and for its percentages beside them. */
const GUTTER = 56;
const PERCENT = 46;

/** One side of the column: strokes and percentages, as if it were the left one. */
function sideMarks({ looking, weights }: Row): string {
  const percents = wholePercents(weights);
  const y = (i: number) => i * LINE + LINE / 2;
  const far = Math.max(LINE, ...weights.map((_, j) => (percents[j] > 0 ? (looking - j) * LINE : 0)));
  const span = Math.min(60, 26 + far * 0.14);
  const rise = (distance: number) => 16 + (span - 16) * (distance / far) ** 0.9;
  return weights
    .map((w, j) => ({ w, j }))
    .sort((a, b) => a.w - b.w)
    .filter(({ j }) => percents[j] > 0 && j !== looking)
    .map(({ w, j }) => {
      const mark = stroke(y(looking), y(j), GUTTER, w, rise((looking - j) * LINE), false, 12);
      return `<g class="arc" style="opacity:${tone(w)}">${mark}</g>`;
    })
    .join('');
}

/** Both texts as one column: the first to the left, the second to the right. */
function bothMarks(rows: [Row, Row]): { body: string; height: number } {
  const [first, second] = rows;
  const { words, looking } = first;
  const changed = differences(words, second.words);
  const names = rows.map((row) => nameOf(row.words, changed));
  const head = 30;
  const y = (i: number) => head + i * LINE + LINE / 2;
  const middle = WIDTH / 2;
  let body = `<text class="pct" x="0" y="14">with ${escapeHtml(names[0])}</text><text class="pct end" x="${WIDTH}" y="14">with ${escapeHtml(names[1])}</text>`;
  body += `<g class="arcs" transform="translate(0 ${head})">${sideMarks(first)}</g>`;
  body += `<g class="arcs" transform="translate(${WIDTH} ${head}) scale(-1 1)">${sideMarks(second)}</g>`;
  const shares = rows.map(({ weights }) => wholePercents(weights));
  words.forEach((word, i) => {
    const later = i > looking;
    const heaviest = later ? 0 : Math.max(first.weights[i], second.weights[i]);
    const classes = ['word', i === looking && 'looking', later && 'later', i === 0 && 'start']
      .filter(Boolean)
      .join(' ');
    const differs = changed.includes(i);
    const widest = Math.max(wordWidth(word, SIZE), wordWidth(second.words[i], SIZE));
    const room = WIDTH - 2 * (GUTTER + PERCENT);
    body += `<g class="${classes}">`;
    if (differs) {
      body += `<rect class="differs" x="${GUTTER + PERCENT - 4}" y="${y(i) - 20}" width="${room + 8}" height="40"/>`;
    }
    if (i === looking) {
      const wide = differs ? room : widest + 14;
      body += `<rect class="chip" x="${px(middle - wide / 2)}" y="${y(i) - (differs ? 18 : 14)}" width="${px(wide)}" height="${differs ? 36 : 28}" rx="3"/>`;
    }
    const weight = i === looking ? 500 : letterWeight(heaviest);
    const style = (size: number) => `style="font-size:${size}px;font-weight:${weight}"`;
    if (i === 0) body += `<text class="tag" x="${middle}" y="${y(i) + 4}">${START}</text>`;
    else if (differs) {
      const edge = GUTTER + PERCENT + 2;
      body += `<text class="from" x="${edge}" y="${y(i) - 3}" ${style(SIZE - 1)}>${escapeHtml(word)}</text>`;
      body += `<text class="to" x="${WIDTH - edge}" y="${y(i) + 15}" ${style(SIZE - 1)}>${escapeHtml(second.words[i])}</text>`;
    } else body += `<text x="${middle}" y="${y(i) + 6}" ${style(SIZE)}>${escapeHtml(word)}</text>`;
    shares.forEach((percents, side) => {
      if (later || percents[i] === 0) return;
      const x = side === 0 ? GUTTER + PERCENT - 6 : WIDTH - GUTTER - PERCENT + 6;
      const strong = percents[i] >= 10 ? ' strong' : '';
      body += `<text class="pct${strong}${side === 0 ? ' end' : ''}" x="${x}" y="${y(i) + 5}"> ${percents[i]}\u00a0<tspan class="unit">%</tspan></text>`;
    });
    if (i === looking + 1)
      body += `<text class="pct" x="${WIDTH - GUTTER - PERCENT + 6}" y="${y(i) + 5}">not read yet</text>`;
    body += '</g>';
  });
  return { body, height: head + words.length * LINE };
}

/** What the two rows show, for those who hear them. */
function aloud(rows: [Row, Row]): string {
  const changed = differences(rows[0].words, rows[1].words);
  return rows.map((row) => `With ${nameOf(row.words, changed)}: ${rowAloud(row)}`).join(' ');
}

/**
 * The next words of two texts: dashed for the first, filled for the second, marked where two points or more apart.
 * @param names of the texts: 'with woman', 'by the river'
 */
export function nextHtml(next: [string, number, number][], names: readonly string[]): string {
  const heads = names.map(inlineHtml);
  return `<p class="part">What it will say next</p>${oddsPairs(next, heads)}<p class="key">Dashed: ${heads[0]}. Filled: ${heads[1]}. Highlighted: two points or more apart.</p>`;
}

/** The same as marks for a file. */
export function nextMarks(
  next: [string, number, number][],
  names: readonly string[],
): { body: string; height: number } {
  const most = Math.max(...next.slice(0, -1).flatMap(([, p, q]) => [p, q]), 1e-9);
  const percents = [next.map(([, p]) => p), next.map(([, , q]) => q)].map(wholePercents);
  const ends = [470, 640];
  let body = '<text class="head" x="0" y="14">What it will say next</text>';
  names.forEach((word, k) => {
    body += `<text class="end" x="${ends[k]}" y="14">${escapeHtml(plainText(word))}</text>`;
  });
  body += `<path class="line strong" d="M0 24H640"/>`;
  next.forEach(([word, p, q], i) => {
    const y = 24 + i * 34;
    const machine = word === OTHER_WORDS || word === END_OF_TEXT;
    body += `<text class="${machine ? 'soft' : 'word'}" x="0" y="${y + 22}">${escapeHtml(word)}</text>`;
    if (word !== OTHER_WORDS) {
      body += `<rect class="dashed" x="140" y="${y + 6}" width="${px((p / most) * 200)}" height="9"/><rect class="filled" x="140" y="${y + 19}" width="${px(Math.max(0.5, (q / most) * 200))}" height="9"/>`;
    }
    [p, q].forEach((share, k) => {
      const percent = percents[k][i];
      const moved = k === 1 && Math.abs(percents[0][i] - percent) >= 2;
      if (moved) body += `<rect class="differs" x="${ends[k] - 52}" y="${y + 6}" width="56" height="22"/>`;
      body += `<text class="end" x="${ends[k]}" y="${y + 22}">${percent === 0 && share > 0 ? '&lt; 1\u00a0%' : withPercentSign(percent)}</text>`;
    });
    body += `<path class="line" d="M0 ${y + 34}H640"/>`;
  });
  const y = 24 + next.length * 34;
  const [first, second] = names.map(plainText);
  const key = `Dashed: ${first}. Filled: ${second}. Highlighted: two points or more apart.`;
  body += `<text class="soft" x="0" y="${y + 22}">${escapeHtml(key)}</text>`;
  return { body, height: y + 30 };
}

const KEY = 'broad at the word looked at, thin at the word that looks';

/** Page and file of a comparison. */
export function drawCompare(data: FigureData): Drawing {
  const rows = rowsOf(data);
  const next = nextOf(data);
  const changed = differences(rows[0].words, rows[1].words);
  const names = rows.map(({ words }) => nameOf(words, changed));
  const withNames = names.map((word) => `with *${word}*`);
  const options = rows.map((_, k) => ({ changed, beside: rows[1 - k].words }));
  const both = bothMarks(rows);
  const strips = rows.map((row, k) => drawStrip(row, options[k]));
  const long = strips.includes('');
  const pair = long
    ? ''
    : `<div class="two-strips">${strips.map((strip, k) => `<p class="part">With <i>${escapeHtml(names[k])}</i></p>${strip}`).join('')}</div>`;
  const column = `<svg class="strip narrow both" viewBox="0 0 ${WIDTH} ${both.height}" role="img" aria-label="${escapeHtml(aloud(rows))}">${both.body}</svg>`;
  const key = `<p class="axes"><span><b>Stroke:</b> ${KEY}</span><span><b>Highlighted:</b> what differs between the two texts</span></p>`;
  const html = `<div class="picture${long ? ' long' : ''}">${key}<div class="sentence">${pair}${column}</div>${next ? nextHtml(next, withNames) : ''}</div>`;

  let body = sheetLine(`Stroke: ${KEY}. Highlighted: what differs between the two texts.`);
  let y = SHEET_LINE;
  if (long) {
    body += `<g class="strip narrow both" transform="translate(0 ${y})">${both.body}</g>`;
    y += both.height;
  } else {
    rows.forEach((row, k) => {
      const strip = stripMarks(row, SHEET_WIDTH, options[k])!;
      body += `<g class="odds"><text class="head" x="0" y="${px(y + 14)}">With ${escapeHtml(names[k])}</text></g>`;
      body += `<g class="strip wide" transform="translate(0 ${px(y + 8)})">${strip.body}</g>`;
      y += strip.height + 22;
    });
  }
  if (next) {
    const list = nextMarks(next, withNames);
    body += `<g class="odds" transform="translate(0 ${px(y + 16)})">${list.body}</g>`;
    y += 16 + list.height;
  }
  return { html, svg: sheet(data, body, y) };
}
