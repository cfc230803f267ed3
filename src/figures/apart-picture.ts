/** Two hands for each step, as far apart as the two lists; below, the lists themselves, and what either text goes on to say. */
import { sayStage } from './apart-data.ts';
import { nextHtml, nextMarks } from './compare-picture.ts';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { sayAngle } from './numbers.ts';
import { SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml, inlineHtml } from './text.ts';
import { type Weft, weaveHtml, weaveKey, weaveMarks } from './weave.ts';

interface Shown {
  words: string[];
  says: string[];
  stages: string[];
  /** [word][stage] */
  angles: number[][];
  shown: { word: number; stage: number };
  first: number[];
  second: number[];
  difference: number[];
  next: [word: string, first: number, second: number][];
}

function shownOf(data: FigureData): Shown {
  const { words, texts, shown } = data.detail as unknown as Pick<Shown, 'words' | 'shown'> & {
    texts: { say: string }[];
  };
  const [steps, lists, next] = data.groups!.map(({ from, to }) => data.rows.slice(from, to));
  const c = (id: string) => data.columns.findIndex((column) => column.id === id);
  const numbers = (rows: typeof lists, id: string) => rows.map((row) => row[c(id)] as number);
  return {
    words,
    says: texts.map(({ say }) => say),
    stages: steps.map((row) => String(row[0])),
    angles: words.map((word) => numbers(steps, word)),
    shown,
    first: numbers(lists, 'first'),
    second: numbers(lists, 'second'),
    difference: numbers(lists, 'difference'),
    next: next.map((row) => [String(row[0]), row[c('next')] as number, row[c('other next')] as number]),
  };
}

/** A fan's box and the length of its hands, in px. */
const WIDE = 64;
const TALL = 46;
const HAND = 40;

/** Two hands from one point, `angle` degrees apart: whole for the first text, broken for the second. */
function fanMarks(angle: number): string {
  const [x, y] = [WIDE / 2, TALL - 2];
  const end = (turn: number) => {
    const radians = (turn / 180) * Math.PI;
    return `${px(x + HAND * 0.78 * Math.sin(radians))} ${px(y - HAND * Math.cos(radians))}`;
  };
  const [left, right] = [end(-angle / 2), end(angle / 2)];
  const between = angle >= 0.5 ? `<path class="between" d="M${left}L${x} ${y}L${right}z"/>` : '';
  return `${between}<path class="first" d="M${x} ${y}L${left}"/><path class="second" d="M${x} ${y}L${right}"/>`;
}

/** The rows of a grid of fans: after attention, and after the feed-forward step; the bare word before both. */
function gridOf(stages: readonly string[]): { label: string; stages: number[] }[] {
  const of = (part: string) => stages.flatMap((stage, s) => (stage.endsWith(part) ? [s] : []));
  return [
    { label: 'after attention', stages: of('attention') },
    { label: 'after the feed-forward step', stages: of('feed-forward') },
  ];
}

/** A table of fans for each word. `live`: they can be pressed. */
export function fansHtml(data: FigureData, live = false): string {
  const { words, says, stages, angles, shown } = shownOf(data);
  const fan = (word: number, stage: number) => {
    const said = sayAngle(angles[word][stage]);
    const inside = `<svg class="fan" viewBox="0 0 ${WIDE} ${TALL}" aria-hidden="true"><g class="fans">${fanMarks(angles[word][stage])}</g></svg><b>${said}</b>`;
    const isShown = shown.word === word && shown.stage === stage;
    if (!live) return `<td${isShown ? ' class="on"' : ''}>${inside}</td>`;
    const label = `${words[word]}, ${sayStage(stages[stage])}: ${said}`;
    return `<td${isShown ? ' class="on"' : ''}><button type="button" data-fan="${word} ${stage}" aria-pressed="${isShown}" aria-label="${escapeHtml(label)}">${inside}</button></td>`;
  };
  const nLayers = (stages.length - 1) / 2;
  const layers = Array.from({ length: nLayers }, (_, l) => `<th scope="col">layer ${l + 1}</th>`);
  const tables = words.map((word, k) => {
    const rows = gridOf(stages).map(({ label, stages: row }, r) => {
      const bare = r === 0 ? fan(k, 0) : '<td></td>';
      return `<tr class="under"><td></td><th scope="row" colspan="${nLayers}">${label}</th></tr><tr>${bare}${row.map((stage) => fan(k, stage)).join('')}</tr>`;
    });
    return `<table class="apart"><caption class="part">${inlineHtml(`*${word}*`)}</caption><thead><tr><th scope="col">bare word</th>${layers.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  });
  const key = `<p class="axes"><span><b>Whole line:</b> ${escapeHtml(says[0])}. <b>Broken line:</b> ${escapeHtml(says[1])}.</span><span>0°: the same direction. 90°: nothing in common.</span></p>`;
  return `${key}${tables.join('')}`;
}

/** The two lists of a word at one step. */
export function listsHtml(data: FigureData): string {
  const all = shownOf(data);
  const { words, stages, shown } = all;
  const title = `<p class="part">${inlineHtml(`The two lists of *${words[shown.word]}*, ${sayStage(stages[shown.stage])}`)}</p>`;
  return `${title}${weaveHtml(weftsOf(all))}<p class="key">One thread is ${weaveKey}.</p>`;
}

/** What either text goes on to say. */
export function goesOnHtml(data: FigureData): string {
  const { next, says } = shownOf(data);
  return nextHtml(next, says);
}

function weftsOf({ says, first, second, difference }: Shown): Weft[] {
  return [
    { label: says[0], values: first },
    { label: says[1], values: second },
    { label: 'the second less the first', values: difference, sum: true },
  ];
}

/** Page and file of a figure of two texts. */
export function drawApart(data: FigureData): Drawing {
  const all = shownOf(data);
  const { words, says, stages, angles, shown, next } = all;
  const line = `Whole line: ${says[0]}. Broken line: ${says[1]}. 0°: the same direction. 90°: nothing in common.`;
  let body = sheetLine(line);
  let y = 40;
  const step = 112;
  words.forEach((word, k) => {
    body += `<g class="odds" transform="translate(0 ${y})"><text class="word" x="0" y="40">${escapeHtml(word)}</text>`;
    body += `<text class="soft" x="150" y="0">bare word</text>`;
    gridOf(stages)[0].stages.forEach((_, l) => {
      body += `<text class="soft" x="${150 + (l + 1) * step}" y="0">layer ${l + 1}</text>`;
    });
    gridOf(stages).forEach(({ label, stages: row }, r) => {
      const top = 8 + r * 84;
      body += `<text class="soft" x="${150 + step}" y="${top + 72}">${label}</text>`;
      const cells = r === 0 ? [0, ...row] : row;
      cells.forEach((stage, i) => {
        const x = 150 + (i + (r === 0 ? 0 : 1)) * step;
        body += `<g class="fans" transform="translate(${x - 10} ${top})">${fanMarks(angles[k][stage])}</g><text x="${x + 56}" y="${top + 40}">${sayAngle(angles[k][stage])}</text>`;
      });
    });
    body += '</g>';
    y += 196;
  });
  body += `<g class="odds" transform="translate(0 ${y})"><text class="head" x="0" y="14">The two lists of ${escapeHtml(words[shown.word])}, ${sayStage(stages[shown.stage])}</text></g>`;
  y += 26;
  const cloth = weaveMarks(weftsOf(all), 180, SHEET_WIDTH);
  body += `<g transform="translate(0 ${y})">${cloth.body}</g>`;
  y += cloth.height + 20;
  const odds = nextMarks(next, says);
  body += `<g class="odds" transform="translate(0 ${y})">${odds.body}</g>`;
  return {
    html: `<div class="picture"><div class="apart-fans">${fansHtml(data)}</div><div class="apart-lists">${listsHtml(data)}</div><div class="apart-next">${goesOnHtml(data)}</div></div>`,
    svg: sheet(data, body, y + odds.height),
  };
}
