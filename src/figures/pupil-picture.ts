/** A small model while it is trained: its one head on a text, what could come next, and the curve of its surprise so far. */
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { NARROW_WIDTH, px } from './measure.ts';
import { saySigned } from './numbers.ts';
import { oddsList, oddsMarks } from './odds-picture.ts';
import { type Pupil, pupilOf } from './pupil-data.ts';
import { pupilEntropy } from './pupil-training.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { drawColumn, drawStrip, type Marks, stripMarks } from './strip.ts';
import { escapeHtml } from './text.ts';

/** The curve is cut off above: before training the surprise is twice as high, and what matters happens below. */
const HIGHEST = 2.2;

function curveMarks({ curve, steps }: Pupil, width: number): Marks {
  const height = 216;
  const [left, right, top, bottom] = [34, 8, 10, 34];
  const x = (step: number) => left + (step / steps) * (width - left - right);
  const y = (nats: number) => top + (1 - nats / HIGHEST) * (height - top - bottom);
  const path = (read: (point: Pupil['curve'][number]) => number) => {
    const below = curve.findLastIndex((point) => read(point) >= HIGHEST) + 1;
    const seen = curve.slice(below).map((point) => `${px(x(point.step))} ${px(y(read(point)))}`);
    if (below === 0 || seen.length === 0) return seen.length > 0 ? `M${seen.join('L')}` : '';
    // From where it comes into the picture.
    const [from, to] = [curve[below - 1], curve[below]];
    const part = (read(from) - HIGHEST) / (read(from) - read(to));
    return `M${px(x(from.step + part * (to.step - from.step)))} ${px(y(HIGHEST))}L${seen.join('L')}`;
  };
  const text = (at: [number, number], said: string, style: string, name = 'soft') =>
    `<text class="${name}" style="font-size:13px;${style}" x="${px(at[0])}" y="${px(at[1])}">${escapeHtml(said)}</text>`;
  let body = `<path class="line strong" style="fill:none" d="M${left} ${y(0)}H${width - right}"/>`;
  for (const nats of [0, 1, 2]) body += text([left - 10, y(nats) + 4.5], String(nats), 'text-anchor:end');
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const step = Math.round(share * steps);
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    body += text([x(step), height - bottom + 20], String(step), `text-anchor:${anchor}`);
  }
  const six = Math.log(6);
  for (const nats of [pupilEntropy, six]) body += `<path class="dashed" d="M${left} ${px(y(nats))}H${width - right}"/>`;
  body += `<path class="curve" d="${path(({ loss }) => loss)}"/><path class="curve last" d="${path(({ last }) => last)}"/>`;
  const over = (nats: number, said: string) =>
    text([width - right, y(nats) - 7], `${said}: ${saySigned(nats, 2)}`, 'text-anchor:end', 'soft over');
  // On a phone the longer name would lie across the curves.
  body += over(pupilEntropy, width < 480 ? 'The least' : 'The least there can be') + over(six, 'One of six at random');
  const now = curve[curve.length - 1];
  for (const nats of [now.loss, now.last]) {
    if (nats < HIGHEST) body += `<circle class="filled" cx="${px(x(now.step))}" cy="${px(y(nats))}" r="4"/>`;
  }
  return { body, width, height };
}

/** The curve, for those who hear it. */
function curveAloud({ curve }: Pupil): string {
  const few = [...new Set([0, 0.1, 0.25, 0.5, 1].map((part) => Math.round(part * (curve.length - 1))))];
  const said = few.map(
    (i) =>
      `after ${curve[i].step} steps ${saySigned(curve[i].loss, 2)}, at the last word ${saySigned(curve[i].last, 2)}`,
  );
  return `Surprise at a word, in nats: ${said.join('; ')}. The least there can be is ${saySigned(pupilEntropy, 2)} over all words, and 0 at the last.`;
}

const KEY = 'broad at the word looked at, thin at the word that looks';
const CURVE = 'surprise at a word, in nats, step by step';

/** Words, head and odds as they are now. */
export function pupilLookHtml(data: FigureData): string {
  const { words, now } = pupilOf(data);
  const row = { words, looking: words.length - 1, weights: now.weights };
  return `<div class="sides"><div class="sentence">${drawStrip(row, { slot: true })}${drawColumn(row)}</div>${oddsList([...now.odds])}</div>`;
}

/** The curve so far. */
export function pupilCurveHtml(data: FigureData): string {
  const pupil = pupilOf(data);
  const label = escapeHtml(curveAloud(pupil));
  return [SHEET_WIDTH, NARROW_WIDTH]
    .map((width) => {
      const { body, height } = curveMarks(pupil, width);
      const name = width === SHEET_WIDTH ? 'wide' : 'narrow';
      return `<svg class="plot ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><g class="odds">${body}</g></svg>`;
    })
    .join('');
}

/** Page and file. */
export function drawPupil(data: FigureData): Drawing {
  const pupil = pupilOf(data);
  const { words, now } = pupil;
  const curveKey = `<p class="axes"><span><b>Curve:</b> ${CURVE}</span><span><b>Broad:</b> all words</span><span><b>Thin:</b> the last word alone</span></p>`;
  const html = `<div class="picture pupil with-next"><p class="axes"><span><b>Stroke:</b> ${KEY}</span></p><div class="look">${pupilLookHtml(data)}</div>${curveKey}<div class="course">${pupilCurveHtml(data)}</div></div>`;
  const strip = stripMarks({ words, looking: words.length - 1, weights: now.weights }, SHEET_WIDTH, { slot: true });
  let body = sheetLine(`Stroke: ${KEY}.`);
  let y = LINE;
  if (strip) {
    body += `<g class="strip wide" transform="translate(0 ${y})">${strip.body}</g>`;
    y += strip.height + 24;
  }
  const list = oddsMarks([...now.odds]);
  body += `<g class="odds" transform="translate(0 ${px(y)})">${list.body}</g>`;
  y += list.height + 28;
  body += `<g transform="translate(0 ${px(y)})">${sheetLine(`Curve: ${CURVE}. Broad: all words. Thin: the last word alone.`)}</g>`;
  y += LINE;
  const curve = curveMarks(pupil, SHEET_WIDTH);
  body += `<g class="odds" transform="translate(0 ${px(y)})">${curve.body}</g>`;
  return { html, svg: sheet(data, body, y + curve.height) };
}
