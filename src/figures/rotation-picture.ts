/**
 * Pairs of numbers as hands of dials: how fast each turns from place to place, how the angle between query and key stays
 * when both go on, and what the score becomes at each distance.
 */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { saySigned } from './numbers.ts';
import { called } from './pattern.ts';
import { FURTHER, sayDegrees } from './rotation-data.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { axisOf, barHtml, barMarks } from './signed-bars.ts';
import { escapeHtml, inlineHtml, plainText } from './text.ts';

interface Shown {
  words: readonly string[];
  looking: number;
  at: number;
  /** [pair][place], in degrees. */
  dials: { pair: number; turned: number[] }[];
  hands: { where: string; query: number; key: number }[];
  scores: { distance: number; score: number; further: number }[];
}

function shownOf(data: FigureData): Shown {
  const { words, looking, at, pairs } = data.detail as unknown as Shown & { pairs: number[] };
  const [first, second, third] = data.groups!.map(({ from, to }) => data.rows.slice(from, to));
  const c = (id: string) => data.columns.findIndex((column) => column.id === id);
  return {
    words,
    looking,
    at,
    dials: pairs.map((pair, k) => ({ pair, turned: first.map((row) => row[k + 1] as number) })),
    hands: second.map((row) => ({
      where: String(row[0]),
      query: row[c('query')] as number,
      key: row[c('key')] as number,
    })),
    scores: third.map((row, distance) => ({
      distance,
      score: row[c('score')] as number,
      further: row[c('further')] as number,
    })),
  };
}

/** A point on a circle, clockwise from the top. */
function onCircle(x: number, y: number, r: number, degrees: number): string {
  const angle = (degrees / 180) * Math.PI;
  return `${px(x + r * Math.sin(angle))} ${px(y - r * Math.cos(angle))}`;
}

const STEP = 36;
const RADIUS = 14;

/** One pair at all places, STEP units each. */
function rowMarks(turned: readonly number[]): string {
  return turned
    .map((degrees, k) => {
      const [x, y] = [k * STEP + STEP / 2, STEP / 2];
      return `<circle class="dial" cx="${x}" cy="${y}" r="${RADIUS}"/><path class="top" d="M${x} ${y - RADIUS}v4"/><path class="hand" d="M${x} ${y}L${onCircle(x, y, RADIUS - 2, degrees)}"/>`;
    })
    .join('');
}

/** A label such as 'pair 1, 57° a place'. */
function speed({ pair, turned }: Shown['dials'][number]): string {
  return `pair ${pair}: ${sayDegrees(turned[1])} a place`;
}

function placeMarks(count: number): string {
  return Array.from({ length: count }, (_, k) => `<text x="${k * STEP + STEP / 2}" y="14">${k}</text>`).join('');
}

const WIDE = 96;
const HAND = 38;

/** The angle from the key's hand to the query's, the shorter way round: −180 to 180 degrees. */
export function angleBetween(query: number, key: number): number {
  return ((((query - key) % 360) + 540) % 360) - 180;
}

/** Query and key of one pair as two hands, and the angle between them; 96 by 88. */
export function twoHands(query: number, key: number): string {
  const [x, y, r] = [WIDE / 2, 44, HAND];
  const between = angleBetween(query, key);
  const wedge = `<path class="wedge" d="M${x} ${y}L${onCircle(x, y, r * 0.6, key)}A${px(r * 0.6)} ${px(r * 0.6)} 0 0 ${between > 0 ? 1 : 0} ${onCircle(x, y, r * 0.6, key + between)}Z"/>`;
  const [tipX, tipY] = onCircle(x, y, r - 6, query).split(' ');
  return `${wedge}<circle class="dial" cx="${x}" cy="${y}" r="${r}"/><path class="top" d="M${x} ${y - r}v5"/><path class="key" d="M${x} ${y}L${onCircle(x, y, r * 0.6, key)}"/><path class="query" d="M${x} ${y}L${onCircle(x, y, r - 9, query)}"/><circle class="tip" cx="${tipX}" cy="${tipY}" r="3.5"/>`;
}

/** Where the two stand, in two lines. */
const placesSaid = ({ where }: Shown['hands'][number]) => where.split(', ').map(escapeHtml);

/** How to tell the hands apart. */
export const handsKey = (role: (name: string) => string) =>
  `Thin, with a dot: ${role('query')}. Broad and short: ${role('key')}. Shaded: the angle between them.`;

/** The three parts, each with what it says; *word* as ever. */
function headings({ words, looking, at, dials, hands }: Shown): [string, string, string] {
  const asker = looking === 0 ? 'the start' : `*${words[looking]}*`;
  const other = at === looking ? 'its own key' : `the key of ${called(words, at, looking)}`;
  const between = angleBetween(hands[0].query, hands[0].key);
  return [
    'Each pair turns with its place, at a speed of its own',
    `Pair ${dials[0].pair} of the query of ${asker} and of ${other}. Move both, and the angle between them stays ${sayDegrees(Math.abs(between))}; move one, and it changes`,
    'The dot product, by how far the two words stand apart',
  ];
}

const KEY = 'a pair of numbers as a hand: where the first points up, the second to the right';

function rotationHtml(shown: Shown): string {
  const { dials, hands, scores, looking, at } = shown;
  const [first, second, third] = headings(shown);
  const count = dials[0].turned.length;
  const places = `<div><dt class="quiet-label">place</dt><dd><svg class="dials" viewBox="0 0 ${count * STEP} 18" aria-hidden="true">${placeMarks(count)}</svg></dd></div>`;
  const rows = dials.map((dial) => {
    const aloud = `Pair ${dial.pair} turns by ${sayDegrees(dial.turned[1])} from one place to the next; at place ${count - 1} it has turned by ${sayDegrees(dial.turned[count - 1])}.`;
    return `<div><dt>${speed(dial)}</dt><dd><svg class="dials" viewBox="0 0 ${count * STEP} ${STEP}" role="img" aria-label="${aloud}">${rowMarks(dial.turned)}</svg></dd></div>`;
  });
  const pairs = hands.map((hand) => {
    const between = sayDegrees(Math.abs(angleBetween(hand.query, hand.key)));
    const aloud = `A dial with two hands: ${hand.where}. Between them ${between}.`;
    return `<li><svg class="hands" viewBox="0 0 ${WIDE} 88" role="img" aria-label="${aloud}">${twoHands(hand.query, hand.key)}</svg><span>${placesSaid(hand).join('<br>')}</span></li>`;
  });
  const axis = axisOf(scores.map(({ score }) => score));
  const lines = scores.map(({ distance, score, further }) => {
    const here = distance === looking - at;
    const name = here ? `<span class="chip">${distance}</span>` : String(distance);
    return `<tr><th scope="row">${name}${here ? ' <small>here</small>' : ''}</th><td class="c"><span class="n">${saySigned(score, 2)}</span><span class="b">${barHtml(score, axis)}</span></td><td class="c"><span class="n">${saySigned(further, 2)}</span></td></tr>`;
  });
  const table = `<table class="nw chain distances"><thead><tr><th scope="col">Places apart</th><th scope="col">Dot product</th><th scope="col">both ${FURTHER} places on</th></tr></thead><tbody>${lines.join('')}</tbody></table>`;
  const role = (name: string) => `<span class="role ${name}">${name}</span>`;
  return `<p class="axes"><span><b>Dial:</b> ${KEY}</span></p><p class="part">${first}</p><dl class="weave turns">${places}${rows.join('')}</dl><p class="part">${inlineHtml(second)}</p><p class="key">${handsKey(role)}</p><ul class="moves">${pairs.join('')}</ul><p class="part">${third}</p>${table}`;
}

/** Page and file of a figure of rotary positions. */
export function drawRotation(data: FigureData): Drawing {
  const shown = shownOf(data);
  const { dials, hands, scores, looking, at } = shown;
  const titles = headings(shown).map(plainText);
  const count = dials[0].turned.length;
  let body = `<text class="soft" x="0" y="12">${escapeHtml(`Dial: ${KEY}.`)}</text>`;
  let y = 46;
  const title = (text: string) => {
    const [first, ...more] = text.split(/(?<=\.) /);
    body += `<text class="head" x="0" y="${y}">${escapeHtml(first)}</text>`;
    for (const sentence of more) {
      y += 20;
      body += `<text class="head" x="0" y="${y}">${escapeHtml(sentence)}</text>`;
    }
    y += 12;
  };
  title(titles[0]);
  body += `<text class="soft" x="0" y="${y + 14}">place</text><g class="dials" transform="translate(180 ${y})">${placeMarks(count)}</g>`;
  y += 20;
  for (const dial of dials) {
    body += `<text x="0" y="${y + STEP / 2 + 5}">${speed(dial)}</text><g class="dials" transform="translate(180 ${y})">${rowMarks(dial.turned)}</g>`;
    y += STEP;
  }
  y += 34;
  title(titles[1]);
  body += `<text class="soft" x="0" y="${y + 14}">${handsKey((name) => name)}</text>`;
  y += 28;
  body += hands
    .map((hand, k) => {
      const lines = placesSaid(hand).map((text, l) => `<text x="${WIDE / 2}" y="${104 + l * 17}">${text}</text>`);
      return `<g class="hands" transform="translate(${k * (WIDE + 40)} ${y})">${twoHands(hand.query, hand.key)}${lines.join('')}</g>`;
    })
    .join('');
  y += 160;
  title(titles[2]);
  y += 20;
  body += `<text class="head" x="0" y="${y}">Places apart</text><text class="head" x="140" y="${y}">Dot product</text><text class="head" x="420" y="${y}">both ${FURTHER} places on</text>`;
  y += 10;
  body += `<path class="line strong" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  const axis = axisOf(scores.map(({ score }) => score));
  for (const { distance, score, further } of scores) {
    const here = distance === looking - at;
    body += `<text class="${here ? 'here' : ''}" x="0" y="${y + 20}">${distance}${here ? ', here' : ''}</text><text class="end" x="190" y="${y + 20}">${saySigned(score, 2)}</text>${barMarks(score, axis, 206, y + 9, 180)}<text class="end" x="472" y="${y + 20}">${saySigned(further, 2)}</text>`;
    y += 30;
    body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  }
  return {
    html: `<div class="picture">${rotationHtml(shown)}</div>`,
    svg: sheet(data, `<g class="odds">${body}</g>`, y),
  };
}
