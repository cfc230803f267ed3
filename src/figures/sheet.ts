/** A picture as a file of its own: its colours for light and dark, its title, and where its numbers come from. */
import type { FigureData } from './figure-data.ts';
import { captions, marks } from './marks.ts';
import { withPalette } from './palette.ts';
import { provenanceWord, sourcesOf } from './shell.ts';
import { escapeHtml, plainText } from './text.ts';

/** Pictures in files are as wide as the figure column of a page, in px, and keep this margin on every side. */
export const SHEET_WIDTH = 736;
const MARGIN = 24;
const HEAD = 44;
const FOOT = 34;
/** How many letters of the sources stand on a line: there is room for more, which a wider face takes that stands in for ours. */
const LONG_LINE = 105;
const SOURCE_LINE = 18;
/** What a line above a picture takes, in px. */
export const LINE = 28;

/**
 * One self-contained SVG.
 * @param body groups of marks from the left upper corner of the picture, painted by the rules in `marks.ts`
 * @param height of the picture, in px
 */
export function sheet(data: FigureData, body: string, height: number): string {
  const W = SHEET_WIDTH + 2 * MARGIN;
  const rules = usedRules(`${marks}\n${captions}`, body);
  const title = `${data.name}-title`;
  const desc = `${data.name}-desc`;
  const provenances = [...new Set(data.series.map((s) => s.provenance))];
  const sources = provenances.map((kind) => `${provenanceWord(kind)}: ${sourcesOf(data, kind).join(', ')}`);
  const from = linesOf([...sources, 'In Context'].join(' · '), LONG_LINE);
  const H = Math.ceil(MARGIN + HEAD + height + FOOT + MARGIN) + (from.length - 1) * SOURCE_LINE;
  const sourceLine = (line: string, k: number) => {
    const y = H - MARGIN - (from.length - 1 - k) * SOURCE_LINE;
    return `<text class="sheet-source" x="${MARGIN}" y="${y}">${escapeHtml(line)}</text>`;
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}" width="${W}" height="${H}" role="img" aria-labelledby="${title} ${desc}">`,
    `<title id="${title}">${escapeHtml(plainText(data.title))}</title>`,
    `<desc id="${desc}">${escapeHtml(`${plainText(data.notice)} ${plainText(data.caption)}`)}</desc>`,
    `<style>\n${withPalette(rules, 'light')}\n@media (prefers-color-scheme: dark) {\n${withPalette(rules, 'dark')}\n}\n</style>`,
    `<rect class="sheet" width="${W}" height="${H}"/>`,
    `<rect class="sheet-rule" x="${MARGIN}" y="${MARGIN}" width="${SHEET_WIDTH}" height="2"/>`,
    `<text class="sheet-title" x="${MARGIN}" y="${MARGIN + 24}">${titleSpans(data.title)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEAD})">${body}</g>`,
    ...from.map(sourceLine),
    '</svg>',
  ].join('\n');
}

/** A quiet line above a picture: which way to read it. Takes {@link LINE} px. */
export function sheetLine(text: string): string {
  return `<g class="odds"><text class="soft" x="0" y="10">${escapeHtml(text)}</text></g>`;
}

/** A text cut at its spaces into lines of at most so many letters; a longer word has a line of its own. */
function linesOf(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (lines[last] === '') lines[last] = word;
    else if (lines[last].length + 1 + word.length <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function titleSpans(title: string): string {
  return escapeHtml(title).replace(/\*([^*\n]+)\*/g, '<tspan class="word">$1</tspan>');
}

/** Only the rules whose classes occur in the body, so that a file carries no colours it does not use. */
function usedRules(css: string, body: string): string {
  const present = new Set(['sheet', 'sheet-rule', 'sheet-title', 'sheet-source', 'word']);
  for (const [, list] of body.matchAll(/class="([^"]*)"/g)) for (const name of list.split(/\s+/)) present.add(name);
  return css
    .split('\n')
    .filter((line) =>
      line
        .slice(0, line.indexOf('{'))
        .split(',')
        .some((selector) => [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => present.has(name))),
    )
    .join('\n');
}
