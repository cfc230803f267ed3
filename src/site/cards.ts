/**
 * The picture that a link to a page shows elsewhere: the mark, the page's title, and its first strip, or else the first figure
 * that it has.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { FigureData } from '../figures/figure-data.ts';
import { kindByName } from '../figures/kinds.ts';
import { captions, marks } from '../figures/marks.ts';
import { palette, withPalette } from '../figures/palette.ts';
import { drawStrip, rowOf } from '../figures/strip.ts';
import { escapeHtml } from '../figures/text.ts';
import { pageId, readFigure } from './make-figures.ts';
import { pngOf } from './picture.ts';
import { wordmark } from './wordmark.ts';

const width = 1200;
const height = 630;
const margin = 64;
const titleSize = 66;

/** Where a page's card stands below the site's root. */
export function cardPath(id: string): string {
  return `/cards/${id}.png`;
}

/**
 * Write a card for every page of content/docs into a built site.
 *
 * @param root the project's folder
 * @param dist the built site's
 * @returns how many
 */
export async function writeCards(root: string, dist: string): Promise<number> {
  const files = globSync('content/docs/**/*.mdx', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  const pages = files.filter((file) => !file.endsWith('/404.mdx'));
  for (const file of pages) {
    const [, frontmatter = ''] = readFileSync(join(root, file), 'utf8').split(/^\uFEFF?---$/m);
    const { title, figures = {} } = parse(frontmatter) as { title: string; figures?: Record<string, { kind: string }> };
    const id = pageId(file);
    const names = Object.keys(figures);
    const shown = names.find((name) => figures[name].kind === 'arcs') ?? names[0];
    const data = shown === undefined ? undefined : readFigure(join(root, 'public/figures'), id, shown);
    const target = join(dist, cardPath(id));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await pngOf(await drawCard(title, data)));
  }
  return pages.length;
}

/** One card as SVG, drawn at half its size, since pictures are rasterised at twice theirs. */
export async function drawCard(title: string, data?: FigureData): Promise<string> {
  const { ink, paper, attention } = palette.light;
  const lines = linesOf(title);
  const words = lines.map(
    (line, i) => `<tspan x="${margin - 3}" dy="${i === 0 ? 0 : titleSize * 1.12}">${escapeHtml(line)}</tspan>`,
  );
  const top = 206 + (lines.length - 1) * titleSize * 1.12 + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width / 2}" height="${height / 2}" viewBox="0 0 ${width} ${height}">
<style>${withPalette(`${marks}\n${captions}`, 'light')}</style>
<rect width="${width}" height="${height}" fill="${paper}"/>
<g transform="translate(${margin - 2} 50) scale(1.3)"><path d="${wordmark.look}" fill="${attention}"/><path d="${wordmark.words}" fill="${ink}"/></g>
<rect x="${margin}" y="118" width="${width - 2 * margin}" height="3" fill="${ink}"/>
<text x="${margin}" y="206" font-family="Literata" font-size="${titleSize}" letter-spacing="-1.2" fill="${ink}">${words.join('')}</text>
${data ? await pictureOf(data, top) : ''}
</svg>`;
}

/**
 * The strip of a figure, or what its own picture shows below the title, as wide as the card has room. What is too high runs
 * out over the lower edge.
 */
async function pictureOf(data: FigureData, top: number): Promise<string> {
  const svg = data.kind === 'arcs' ? drawStrip(rowOf(data)) : await partOfSheet(data);
  const box = svg.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/);
  if (!box) return '';
  const w = width - 2 * margin;
  const h = (Number(box[2]) * w) / Number(box[1]);
  const y = Math.max(top, height - margin * 0.6 - h);
  return svg.replace('<svg ', `<svg x="${margin}" y="${y.toFixed(1)}" width="${w}" height="${h.toFixed(1)}" `);
}

/** The picture of a figure's file without what stands around it: rule, title and source. */
async function partOfSheet(data: FigureData): Promise<string> {
  const { svg } = await kindByName.get(data.kind)!.draw(data);
  const [, translate, body] = /<g transform="translate\(([\d. ]+)\)">([\s\S]*)<\/g>\n<text class="sheet-source"/.exec(
    svg,
  )!;
  const [x, y] = translate.split(' ').map(Number);
  const [, w, h] = / width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  return `<svg viewBox="0 0 ${w - 2 * x} ${h - y - x}">${body}</svg>`;
}

/** A title on one line or two: about 32 letters fit one. */
function linesOf(title: string): string[] {
  if (title.length <= 32) return [title];
  const words = title.split(' ');
  let first = '';
  while (words.length > 1 && `${first} ${words[0]}`.trim().length <= Math.max(32, title.length / 2 + 4)) {
    first = `${first} ${words.shift()}`.trim();
  }
  return [first, words.join(' ')];
}
