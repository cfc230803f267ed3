/**
 * Query and keys as arrows from one point, with the line beyond which dot products are below zero, and beside them a line
 * for each key: two products, their sum, divided, and the weight.
 */
import { type Arrow, type Arrows, arrowsOf, ROOT, sayTemperature, weigh } from './arrows-data.ts';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px, wordWidth } from './measure.ts';
import { saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml } from './text.ts';

/** The plane is this wide and high, in px, its zero in the middle, and shows this much either way. */
const PLANE = 340;
export const REACH = 3.2;
/** Px for 1. */
const UNIT = PLANE / (2 * REACH);

const LETTERS = 16;

/** Where the end of an arrow lies on the plane, in px. */
const endOf = ([across, up]: Arrow) => [PLANE / 2 + across * UNIT, PLANE / 2 - up * UNIT] as const;

/** A shaft and a head of two strokes; nothing where the arrow has no length. */
function arrowMarks(list: Arrow, role: 'query' | 'key'): string {
  const [x, y] = endOf(list);
  const length = Math.hypot(...list) * UNIT;
  if (length < 2) return '';
  const back = Math.min(11, length * 0.6);
  const angle = Math.atan2(list[1], list[0]);
  const barb = (turn: number) => `${px(x - back * Math.cos(angle + turn))} ${px(y + back * Math.sin(angle + turn))}`;
  return `<path class="${role}" d="M${PLANE / 2} ${PLANE / 2}L${px(x)} ${px(y)}"/><path class="${role} tip" d="M${barb(0.45)}L${px(x)} ${px(y)}L${barb(-0.45)}"/>`;
}

/** Its word, just beyond the end, inside the plane. */
function nameMarks(list: Arrow, word: string, role: 'query' | 'key'): string {
  const [x, y] = endOf(list);
  const angle = Math.atan2(list[1], list[0]);
  const half = wordWidth(word, LETTERS) / 2;
  const beyond = 17 + half * Math.abs(Math.cos(angle));
  const left = Math.max(half + 2, Math.min(PLANE - half - 2, x + beyond * Math.cos(angle)));
  const top = Math.max(LETTERS, Math.min(PLANE - 4, y - 20 * Math.sin(angle) + 5));
  return `<text class="${role}" x="${px(left)}" y="${px(top)}">${escapeHtml(word)}</text>`;
}

/** The line across the query: a key on it has a dot product of zero. */
function zeroMarks(query: Arrow): string {
  if (Math.hypot(...query) < 0.05) return '';
  const middle = PLANE / 2;
  const angle = Math.atan2(query[1], query[0]);
  const [dx, dy] = [-Math.sin(angle) * middle * 1.5, -Math.cos(angle) * middle * 1.5];
  // What it says stands where the line leaves a circle that fits the plane, on the side of less than zero.
  const side = query[0] >= 0 ? 1 : -1;
  const reach = middle * 0.86;
  const x = middle + side * Math.sin(angle) * reach - Math.cos(angle) * 16;
  const y = middle + side * Math.cos(angle) * reach + Math.sin(angle) * 16;
  const end = x > middle ? ' end' : '';
  const left = Math.max(4, Math.min(PLANE - 4, x));
  const top = Math.max(14, Math.min(PLANE - 6, y));
  return `<path class="divide" d="M${px(middle + dx)} ${px(middle + dy)}L${px(middle - dx)} ${px(middle - dy)}"/><text class="side${end}" x="${px(left)}" y="${px(top)}">below 0</text>`;
}

/** What a reader can take hold of: the ends of the arrows, as sliders that turn and lengthen. */
function gripMarks({ word, query, keys }: Arrows): string {
  const grip = (role: 'query' | 'key', of: string, list: Arrow) => {
    const [x, y] = endOf(list);
    return `<g class="grip ${role}" role="slider" tabindex="0" aria-label="${role} of ${escapeHtml(of)}" aria-valuemin="0" aria-valuemax="359" aria-valuenow="${degreesOf(list)}" aria-valuetext="${sayArrow(list)}" transform="translate(${px(x)} ${px(y)})"><circle class="hit" r="22"/><circle class="knob" r="7"/></g>`;
  };
  return [grip('query', word, query), ...keys.map((key) => grip('key', key.word, key.list))].join('');
}

/** A grip that was drawn before, for an arrow that has moved since. */
export function moveGrip(grip: Element, list: Arrow): void {
  const [x, y] = endOf(list);
  grip.setAttribute('transform', `translate(${px(x)} ${px(y)})`);
  grip.setAttribute('aria-valuenow', String(degreesOf(list)));
  grip.setAttribute('aria-valuetext', sayArrow(list));
}

/** Counter-clockwise from the right, 0 to 359. */
export const degreesOf = ([across, up]: Arrow) => (Math.round((Math.atan2(up, across) / Math.PI) * 180) + 360) % 360;

/** An arrow for those who hear it. */
export const sayArrow = (list: Arrow) =>
  `length ${saySigned(Math.hypot(...list), 1)}, at ${degreesOf(list)} degrees, numbers ${saySigned(list[0], 1)} and ${saySigned(list[1], 1)}`;

/** Everything on the plane but what can be taken hold of. */
export function planeMarks(arrows: Arrows): string {
  const middle = PLANE / 2;
  const ticks = [-3, -2, -1, 1, 2, 3]
    .map((n) => `M${px(middle + n * UNIT)} ${middle - 3}v6M${middle - 3} ${px(middle - n * UNIT)}h6`)
    .join('');
  const { word, query, keys } = arrows;
  const shafts = keys.map(({ list }) => arrowMarks(list, 'key')).join('') + arrowMarks(query, 'query');
  const names =
    keys.map((key) => nameMarks(key.list, key.word, 'key')).join('') + nameMarks(query, `${word}?`, 'query');
  return `<rect class="ground" width="${PLANE}" height="${PLANE}"/><path class="axis" d="M0 ${middle}H${PLANE}M${middle} 0V${PLANE}${ticks}"/>${zeroMarks(query)}${shafts}${names}`;
}

/** The arrows, for a page. `alive`: their ends can be taken hold of. */
export function planeSvg(arrows: Arrows, alive = false): string {
  const list = (of: Arrow) => `${saySigned(of[0], 1)} and ${saySigned(of[1], 1)}`;
  const keys = arrows.keys.map((key) => `${key.word} ${list(key.list)}`).join(', ');
  const aloud = `Arrows from one point. The query of ${arrows.word}: ${list(arrows.query)}. Keys: ${keys}.`;
  return `<svg class="plane" viewBox="0 0 ${PLANE} ${PLANE}" role="${alive ? 'group' : 'img'}" aria-label="${escapeHtml(aloud)}"><g class="drawn">${planeMarks(arrows)}</g>${alive ? gripMarks(arrows) : ''}</svg>`;
}

/** What the last step is called. */
const lastStep = (temperature: number) =>
  temperature === 1 ? 'Weight' : `Weight at temperature ${sayTemperature(temperature)}`;

/** 'a + b', or 'a − b' where b is below zero. */
const sum = (a: number, b: number) => `${saySigned(a, 2)} ${b < 0 ? '−' : '+'} ${saySigned(Math.abs(b), 2)}`;

/** A line for each key, for a page. */
export function weighingHtml(arrows: Arrows): string {
  const { query, keys, temperature, word } = arrows;
  const { scores, scaled, weights } = weigh(arrows);
  const percents = wholePercents(weights);
  const lines = keys.map(({ word: key, list }, k) => {
    const share = percents[k] === 0 ? '&lt; 1\u00a0%' : withPercentSign(percents[k]);
    const number = (text: string, more = '') => `<td class="num${more}">${text}</td>`;
    return `<tr><th scope="row" class="lang">${escapeHtml(key)}</th>${number(sum(query[0] * list[0], query[1] * list[1]), ' products')}${number(saySigned(scores[k], 2))}${number(saySigned(scaled[k], 2))}<td class="c"><span class="n${percents[k] >= 10 ? ' strong' : ''}">${share}</span><span class="b" aria-hidden="true"><span class="bar look" style="inline-size:${px(weights[k] * 100)}%"></span></span></td></tr>`;
  });
  const heads = ['Two products', 'Dot product', `÷ ${saySigned(ROOT, 2)}`].map(
    (head, k) => `<th scope="col" class="num${k === 0 ? ' products' : ''}">${head}</th>`,
  );
  return `<div class="scroll" role="group" tabindex="0" aria-label="From the keys to the weights, with the query of ${escapeHtml(word)}"><table class="nw chain weighing"><thead><tr><th scope="col"><span class="role key">Key</span> of</th>${heads.join('')}<th scope="col">${lastStep(temperature)}</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

const READ = 'the first number goes to the right, the second up';
const ZERO = 'at a right angle to the query; a key that lies on it has a dot product of 0';

/** Page and file of a figure of arrows. */
export function drawArrows(data: FigureData): Drawing {
  const arrows = arrowsOf(data);
  const { query, keys, temperature } = arrows;
  const { scores, scaled, weights } = weigh(arrows);
  const percents = wholePercents(weights);
  const role = (name: string) => `<span class="role ${name}">${name}</span>`;
  const key = `<p class="axes"><span><b>Arrow:</b> a list of two numbers; ${READ}</span><span>Dotted and with a question mark: the ${role('query')}. Dashed: the ${role('key')} of each word</span><span><b>Grey line:</b> ${ZERO}</span></p>`;
  const left = PLANE + 24;
  const x = [left + 178, left + 236, left + 294];
  let table = `<text class="head" x="${left}" y="34">Key of</text>`;
  ['Two products', 'Sum', `÷ ${saySigned(ROOT, 2)}`].forEach((head, k) => {
    table += `<text class="head end" x="${x[k]}" y="34">${head}</text>`;
  });
  table += `<text class="head" x="${left + 306}" y="34">Weight</text><path class="line strong" d="M${left} 44H${SHEET_WIDTH}"/>`;
  keys.forEach(({ word, list }, k) => {
    const y = 44 + k * 40;
    const share = percents[k] === 0 ? '&lt; 1\u00a0%' : withPercentSign(percents[k]);
    table += `<text class="word" x="${left}" y="${y + 22}">${escapeHtml(word)}</text><text class="end" x="${x[0]}" y="${y + 22}">${sum(query[0] * list[0], query[1] * list[1])}</text><text class="end" x="${x[1]}" y="${y + 22}">${saySigned(scores[k], 2)}</text><text class="end" x="${x[2]}" y="${y + 22}">${saySigned(scaled[k], 2)}</text><text x="${left + 306}" y="${y + 22}">${share}</text><rect class="paint" x="${left + 306}" y="${y + 28}" width="${px(Math.max(0.5, weights[k] * (SHEET_WIDTH - left - 306)))}" height="6"/><path class="line" d="M${left} ${y + 40}H${SHEET_WIDTH}"/>`;
  });
  const end = `<text class="soft" x="${left}" y="${44 + keys.length * 40 + 26}">${temperature === 1 ? 'The weights make one whole.' : `At temperature ${sayTemperature(temperature)}; the weights make one whole.`}</text>`;
  const lines = [`Arrow: a list of two numbers; ${READ}. Dotted: the query. Dashed: keys.`, `Grey line: ${ZERO}.`].map(
    (line, k) => `<text class="soft" x="0" y="${10 + k * 20}">${escapeHtml(line)}</text>`,
  );
  const top = 10 + lines.length * 20;
  const svg = `<g class="odds">${lines.join('')}<g transform="translate(0 ${top})">${table}${end}</g></g><g class="plane" transform="translate(0 ${top})"><svg width="${PLANE}" height="${PLANE}" viewBox="0 0 ${PLANE} ${PLANE}">${planeMarks(arrows)}</svg></g>`;
  return {
    html: `${key}<div class="picture"><div class="weigh">${planeSvg(arrows)}${weighingHtml(arrows)}</div></div>`,
    svg: sheet(data, svg, PLANE + top),
  };
}
