/** The picture that a link to a page shows elsewhere: the mark, the page's title, and its first strip, if it has one. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { FigureData } from '../figures/figure-data.ts';
import { marks } from '../figures/marks.ts';
import { palette, withPalette } from '../figures/palette.ts';
import { drawStrip, rowOf } from '../figures/strip.ts';
import { escapeHtml } from '../figures/text.ts';
import { pageId } from './make-figures.ts';
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
    const arcs = Object.keys(figures).find((name) => figures[name].kind === 'arcs');
    const table = arcs && join(root, 'public/figures', id, `${arcs}.json`);
    const data: FigureData | undefined =
      table && existsSync(table) ? JSON.parse(readFileSync(table, 'utf8')) : undefined;
    const target = join(dist, cardPath(id));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await pngOf(drawCard(title, data)));
  }
  return pages.length;
}

/** One card as SVG, drawn at half its size, since pictures are rasterised at twice theirs. */
export function drawCard(title: string, data?: FigureData): string {
  const { ink, paper, attention } = palette.light;
  const lines = linesOf(title);
  const words = lines.map(
    (line, i) => `<tspan x="${margin - 3}" dy="${i === 0 ? 0 : titleSize * 1.12}">${escapeHtml(line)}</tspan>`,
  );
  const top = 206 + (lines.length - 1) * titleSize * 1.12 + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width / 2}" height="${height / 2}" viewBox="0 0 ${width} ${height}">
<style>${withPalette(marks, 'light')}</style>
<rect width="${width}" height="${height}" fill="${paper}"/>
<g transform="translate(${margin - 2} 50) scale(1.3)"><path d="${wordmark.look}" fill="${attention}"/><path d="${wordmark.words}" fill="${ink}"/></g>
<rect x="${margin}" y="118" width="${width - 2 * margin}" height="3" fill="${ink}"/>
<text x="${margin}" y="206" font-family="Literata" font-size="${titleSize}" letter-spacing="-1.2" fill="${ink}">${words.join('')}</text>
${data ? placed(data, top) : ''}
</svg>`;
}

/** The strip of a figure, as large as the room below the title allows. */
function placed(data: FigureData, top: number): string {
  const strip = drawStrip(rowOf(data));
  const box = strip.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/);
  if (!box) return '';
  const scale = Math.min((width - 2 * margin) / Number(box[1]), (height - margin * 0.6 - top) / Number(box[2]));
  const [w, h] = [Number(box[1]) * scale, Number(box[2]) * scale];
  const place = `x="${margin}" y="${Math.round(height - margin * 0.6 - h)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"`;
  return strip.replace('<svg ', `<svg ${place} `);
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
