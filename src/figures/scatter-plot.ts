/** The scatter figure, drawn by Observable Plot: a mark a word, its name beside it, equal distances for equal differences. */
import * as Plot from '@observablehq/plot';
import type { FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { NARROW_WIDTH, px, wordWidth } from './measure.ts';
import { saySigned } from './numbers.ts';
import { type Plotted, plotHtml, plotted } from './plot.ts';
import { type Label, placeLabels } from './scatter-labels.ts';
import { LINE, SHEET_WIDTH, sheet, sheetLine } from './sheet.ts';
import { escapeHtml } from './text.ts';

/** Each kind of word has a mark of its own: a shape, filled or open. */
const SYMBOLS = [
  { symbol: 'circle', paint: 'full' },
  { symbol: 'circle', paint: 'open' },
  { symbol: 'square', paint: 'full' },
  { symbol: 'square', paint: 'open' },
  { symbol: 'triangle', paint: 'full' },
  { symbol: 'triangle', paint: 'open' },
  { symbol: 'times', paint: 'open' },
] as const;

/** Size of the names and radius of the marks, in px. */
const NAME_SIZE = 15;
const PADDING = 2;
const RADIUS = 4;
/** Room above and below the marks, and the height at which a picture gives up looking for room, in px. */
const EDGE = 24;
const HIGHEST = 3000;

interface Point {
  name: string;
  /** Whether its name is a word of the language. */
  lang: boolean;
  group: number;
  x: number;
  y: number;
}

/** A cloud, and where each of its names found its place. */
interface Cloud extends Plotted {
  points: readonly Point[];
  labels: readonly Label[];
}

/** Words by their two places, in the units of the lists; of one word in two texts, its stops after each layer. */
function pointsOf(data: FigureData): Point[] {
  const groups = data.detail.groups as string[];
  const bare = data.detail.word as string | undefined;
  return data.rows.map(([name, group, first, second], i) => ({
    name: bare === undefined ? String(name) : i === 0 ? bare : `${((i - 1) % layersOf(data)) + 1}`,
    lang: bare === undefined || i === 0,
    group: Math.max(0, groups.indexOf(String(group))),
    x: first as number,
    y: second as number,
  }));
}

/** How many stops each of the two paths has. */
const layersOf = (data: FigureData) => (data.rows.length - 1) / 2;

/** The steps of both paths, from the bare word on; none where words are shown by themselves. */
function stepsOf(points: readonly Point[], data: FigureData): { from: Point; to: Point }[] {
  if (data.detail.word === undefined) return [];
  return points.slice(1).map((to, i) => ({ from: points[i % layersOf(data) === 0 ? 0 : i], to }));
}

/**
 * The cloud in a box of this width, as high as its names need. The first direction, in which words differ most, runs along
 * the longer side: across in a wide picture, down in a narrow one. A wide picture has one scale for both directions, so
 * that a distance means the same in each; a narrow one is stretched downwards for the names.
 */
function cloud(data: FigureData, width: number, narrow: boolean): Cloud {
  const points = pointsOf(data).map((p) => (narrow ? { ...p, x: p.y, y: p.x } : { ...p, y: -p.y }));
  const sizes = points.map(({ name }) => ({
    width: wordWidth(name, NAME_SIZE) + 2 * PADDING,
    height: NAME_SIZE + PADDING,
  }));
  const [x, y] = [extent(points.map((point) => point.x)), extent(points.map((point) => point.y))];
  const side = narrow ? 40 : 76;
  for (let height = 400; height < HIGHEST; height *= 1.12) {
    const [across, down] = [(width - 2 * side) / x.size, (height - 2 * EDGE) / y.size];
    const scale = narrow ? { x: across, y: down } : { x: Math.min(across, down), y: Math.min(across, down) };
    const inPx = points.map((point, i) => ({
      ...point,
      ...sizes[i],
      x: width / 2 + (point.x - x.middle) * scale.x,
      y: height / 2 + (point.y - y.middle) * scale.y,
    }));
    const labels = placeLabels(inPx, { width, height });
    if (labels) return paint(inPx, labels, stepsOf(inPx, data), width, Math.ceil(height));
  }
  throw new Error(`${data.name}: the names of ${points.length} words find no room. Show fewer words.`);
}

/** Middle and size of the span that these numbers cover; a span of no size counts as 1. */
function extent(values: readonly number[]): { middle: number; size: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { middle: (least + most) / 2, size: most - least || 1 };
}

function paint(
  points: readonly Point[],
  labels: readonly Label[],
  steps: readonly { from: Point; to: Point }[],
  width: number,
  height: number,
): Cloud {
  const leaders = labels.flatMap(({ leader }) => leader ?? []);
  const names = labels.map((label, i) => ({
    x: label.x + PADDING,
    y: label.y + label.height / 2,
    name: points[i].name,
    lang: points[i].lang,
  }));
  const picture = plotted({
    width,
    height,
    margin: 0,
    axis: null,
    x: { domain: [0, width], range: [0, width] },
    y: { domain: [0, height], range: [0, height] },
    marks: [
      Plot.link(steps, {
        x1: ({ from }: { from: Point }) => from.x,
        y1: ({ from }: { from: Point }) => from.y,
        x2: ({ to }: { to: Point }) => to.x,
        y2: ({ to }: { to: Point }) => to.y,
        className: 'truth',
      } as Plot.LinkOptions),
      Plot.link(leaders, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', className: 'leader' } as Plot.LinkOptions),
      ...SYMBOLS.map(({ symbol, paint }, group) =>
        Plot.dot(
          points.filter((point) => point.group === group),
          { x: 'x', y: 'y', r: RADIUS, symbol, className: paint } as Plot.DotOptions,
        ),
      ),
      ...[true, false].map((lang) =>
        Plot.text(
          names.filter((name) => name.lang === lang),
          { x: 'x', y: 'y', text: 'name', textAnchor: 'start', className: lang ? 'lang' : 'name' } as Plot.TextOptions,
        ),
      ),
    ],
  });
  return { ...picture, points, labels };
}

/** Where each word and its name stand, for the page's script: nothing that is seen. */
function placesHtml({ points, labels }: Cloud): string {
  const rects = labels.map(({ x, y, width, height }, i) => {
    const { name, x: pointX, y: pointY } = points[i];
    return `<rect data-word="${escapeHtml(name)}" data-x="${px(pointX)}" data-y="${px(pointY)}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="none"/>`;
  });
  return `<g class="places">${rects.join('')}</g>`;
}

/** One mark, 12 by 12. */
function markOf(group: number): string {
  const { symbol, paint } = SYMBOLS[group];
  return plotted({
    width: 12,
    height: 12,
    margin: 0,
    axis: null,
    x: { domain: [0, 12], range: [0, 12] },
    y: { domain: [0, 12], range: [0, 12] },
    marks: [Plot.dot([{}], { x: 6, y: 6, r: RADIUS, symbol, className: paint } as Plot.DotOptions)],
  }).body;
}

/** Which mark stands for which kind of word, as a line above the picture; none where there is one kind only. */
function keyOf(data: FigureData): { html: string; body: string } {
  const groups = data.detail.groups as string[];
  if (groups.length < 2) return { html: '', body: '' };
  const html = groups.map(
    (group, i) =>
      `<span><svg class="plot mark" viewBox="0 0 12 12" aria-hidden="true">${markOf(i)}</svg>${escapeHtml(group)}</span>`,
  );
  let x = 0;
  const body = groups.map((group, i) => {
    const at = x;
    x += 22 + group.length * 7.4 + 20;
    return `<g transform="translate(${at} 0)">${markOf(i)}<g class="name"><text x="18" y="11">${escapeHtml(group)}</text></g></g>`;
  });
  return { html: `<p class="axes">${html.join('')}</p>`, body: body.join('') };
}

/** Which words lie where, for those who hear it: the nearest neighbour of each, since places alone say little. */
function aloud(data: FigureData): string {
  const groups = data.detail.groups as string[];
  if (data.detail.word !== undefined) {
    const stages = data.rows.slice(1, 1 + layersOf(data)).map(([, , , , likeness], i) => {
      return `after layer ${i + 1} ${saySigned(likeness as number)}`;
    });
    return `Two paths from the bare word ${data.detail.word}, ${groups.join(' and ')}. How alike they are: ${stages.join('; ')}.`;
  }
  const lines = data.rows.map(([word, , , , nearest]) => `${word}, nearest ${nearest}`);
  const of = groups.length < 2 ? '' : ` of ${groups.length} kinds: ${groups.join(', ')}`;
  return `A cloud of ${data.rows.length} words${of}. Each with its nearest neighbour: ${lines.join('; ')}.`;
}

/** Page and file of a scatter figure. */
export function drawScatter(data: FigureData): Drawing {
  const wide = cloud(data, SHEET_WIDTH, false);
  const key = keyOf(data);
  const { columns } = data.axes!;
  const axes =
    data.detail.word === undefined
      ? `Near in the picture: alike, as far as ${columns} show it.`
      : `Near: alike, in ${columns}. Numbers: after that layer.`;
  const keyHeight = key.body ? LINE : 0;
  // Of one word in two texts there is nothing to choose.
  const inPage = (picture: Cloud) =>
    data.detail.word === undefined ? { ...picture, body: picture.body + placesHtml(picture) } : picture;
  const both = plotHtml(inPage(wide), inPage(cloud(data, NARROW_WIDTH, true)), 'plot', escapeHtml(aloud(data)));
  return {
    html: `<p class="axes"><span>${escapeHtml(axes)}</span></p>${key.html}${both}`,
    svg: sheet(
      data,
      `${sheetLine(axes)}<g class="plot" transform="translate(0 ${LINE})">${key.body}<g transform="translate(0 ${keyHeight})">${wide.body}</g></g>`,
      LINE + keyHeight + wide.height,
    ),
  };
}
