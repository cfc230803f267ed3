/** Figures nobody thought of: random texts, heads and titles give tables that add up and files that other programs read. */
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { readPage } from '../src/figures/declarations.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import { csvOf, jsonOf } from '../src/figures/files.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { noticeHtml, tableHtml } from '../src/figures/shell.ts';
import { compareTables } from '../src/figures/tolerance.ts';
import { createWorld } from '../src/figures/world.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { untrainedRoles, untrainedWorld } from './untrained.ts';

/** Sure of itself, so that small shares and large ones both come up. */
const inFloat64 = untrainedWorld(1, 2);
const inFloat32 = createWorld({ model: inFloat64.model, heads: untrainedRoles, attend: plain });

const words = vocabulary.slice(1).filter((word) => /^[a-z]+$/.test(word));
const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 });
/** Titles and captions with everything that HTML, YAML and CSV find special. */
const odd = fc.array(fc.constantFrom('a', ' ', '<b>', '&', '"', "'", ',', '*w*', '*', ']]>', '–', '%', '{', '#'), {
  maxLength: 8,
});
const head = fc.oneof(
  fc.record({ role: fc.constantFrom(...Object.keys(untrainedRoles)) }),
  fc.record({ layer: fc.integer({ min: 1, max: 2 }), head: fc.integer({ min: 1, max: 2 }) }),
);

/** What a kind asks for besides a question, a caption and a text, out of the same few random parts. */
const fields: Record<string, (parts: { words: string[]; head: object; pick: number; few: number }) => object> = {
  arcs: ({ words, head, pick, few }) => ({ ...head, word: words[pick % words.length], ...(few > 1 && { next: few }) }),
  heatmap: ({ words, head, pick, few }) => ({
    ...head,
    word: words[pick % words.length],
    numbers: ['none', 'row', 'all'][few % 3],
  }),
  'next-word': () => ({ columns: ['easel'] }),
  heads: ({ words, pick, few }) => ({
    ...(few > 3 && { word: words[pick % words.length] }),
    ...(few % 2 === 0 && { layer: 1 + (pick % 2), head: 2 }),
    ...(few % 2 === 1 && { layers: [1 + (pick % 2)] }),
  }),
  vectors: ({ words, head, pick, few }) => ({
    ...(few % 2 === 0 && { words: [words[pick % words.length], words[few % words.length]] }),
    ...(few > 3 ? { ...head, show: ['query', 'key', 'value'].slice(few % 3) } : { show: ['bare', 'layer 2'] }),
  }),
  steps: ({ words, head, pick, few }) => ({
    ...head,
    word: words[pick % words.length],
    ...(few > 2 && { at: words[few % words.length] }),
  }),
  blend: ({ words, head, pick, few }) => ({
    ...head,
    word: words[pick % words.length],
    space: few % 2 === 0 ? 'head' : 'word',
  }),
  rotation: ({ words, head, pick, few }) => ({
    ...head,
    word: words.at(-1),
    ...(few % 2 === 0 && { at: words[pick % words.length] }),
    ...(few % 3 === 0 && { pairs: [1 + (pick % 4)] }),
  }),
  compare: ({ words, head, pick, few }) => ({
    ...head,
    word: words[few % words.length],
    other: words.map((word, i) => (i === pick % words.length ? (word === 'cat' ? 'dog' : 'cat') : word)).join(' '),
    ...(few > 2 && { next: few }),
  }),
};

const declaration = fc
  .record({
    kind: fc.constantFrom(...Object.keys(fields)),
    words: text,
    odd,
    head,
    pick: fc.nat(),
    few: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ kind, odd, ...parts }) => ({
    kind,
    title: `Why ${odd.join('')}?`,
    caption: `So ${odd.toReversed().join('')}.`,
    text: parts.words.join(' '),
    ...fields[kind](parts),
  }));

/** A page that declares it; JSON is YAML. */
const page = (one: object) => `---\ntitle: x\nfigures:\n  it: ${JSON.stringify(one)}\n---\n\n<Figure name="it" />\n`;

/** Weights and probabilities that should be 1 together: the rows of a total, or each row of a table that has none. */
function wholes(data: FigureData): number[][] {
  const numbers = (cells: unknown[]) => cells.filter((cell) => typeof cell === 'number');
  const shares = data.columns.flatMap(({ unit }, c) => (unit === 'weight' || unit === 'probability' ? [c] : []));
  const ends = (data.groups ?? []).flatMap(({ total, to }) => (total ? [to] : []));
  if (shares.length === 0) return [];
  if (ends.length === 0) return data.rows.map((row) => numbers(shares.map((c) => row[c])));
  const spans = ends.map((to, k) => data.rows.slice(ends[k - 1] ?? 0, to));
  return spans.flatMap((rows) => shares.map((c) => numbers(rows.map((row) => row[c])))).filter((all) => all.length > 0);
}

it('any declaration gives a table that adds up, the same in float32, and files that parse', async () => {
  await fc.assert(
    fc.asyncProperty(declaration, async (one) => {
      const { page: found, mistakes } = readPage('x', 'x.mdx', page(one), inFloat64);
      expect(mistakes).toEqual([]);
      const kind = kindByName.get(one.kind)!;
      const data = await kind.compute(found.figures[0].declaration, inFloat32, 'it');
      const reference = await kind.compute(found.figures[0].declaration, inFloat64, 'it');
      expect(compareTables(data, reference).outside).toEqual([]);
      for (const whole of wholes(data)) {
        expect(whole.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 6);
      }
      expect(JSON.parse(jsonOf(data))).toEqual(data);
      expect(csvOf(data).split('\r\n')).toHaveLength(data.rows.length + 2);

      const { html, svg } = await kind.draw(data);
      const { width } = await sharp(Buffer.from(svg)).metadata(); // throws where it is not XML
      expect(width).toBeGreaterThan(300);
      const { document } = parseHTML(`<main>${html}${noticeHtml(data)}${tableHtml(data)}</main>`);
      // Bold is what we set in bold, and nothing that a title brought along.
      const bold = [...document.querySelectorAll('b')];
      expect(bold.length).toBeGreaterThan(0);
      expect(bold.filter((b) => !b.closest('.notice, .axes, .how, .all-heads'))).toEqual([]);
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rows = [...document.querySelectorAll('table.numbers tbody:not(.total) tr:not(.sub)')];
      expect(rows).toHaveLength(data.rows.length);
    }),
    { seed: 11, numRuns: 160 },
  );
});
