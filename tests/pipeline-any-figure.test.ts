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

const declaration = fc
  .record({
    kind: fc.constantFrom('arcs', 'heatmap', 'next-word'),
    text,
    odd,
    head,
    pick: fc.nat(),
    next: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    numbers: fc.constantFrom('none', 'row', 'all'),
  })
  .map(({ kind, text, odd, head, pick, next, numbers }) => ({
    kind,
    title: `Why ${odd.join('')}?`,
    caption: `So ${odd.toReversed().join('')}.`,
    text: text.join(' '),
    ...(kind === 'next-word' ? { columns: ['easel'] } : { ...head, word: text[pick % text.length] }),
    ...(kind === 'arcs' && next ? { next } : {}),
    ...(kind === 'heatmap' ? { numbers } : {}),
  }));

/** A page that declares it; JSON is YAML. */
const page = (one: object) => `---\ntitle: x\nfigures:\n  it: ${JSON.stringify(one)}\n---\n\n<Figure name="it" />\n`;

/** Rows of numbers that should be 1 together. */
function wholes(data: FigureData): number[][] {
  const numbers = (cells: unknown[]) => cells.filter((cell) => typeof cell === 'number');
  if (data.kind === 'heatmap') return data.rows.map((row) => numbers(row.slice(1)));
  return data.columns.flatMap(({ series }, c) => (series ? [numbers(data.rows.map((row) => row[c]))] : []));
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
      expect(document.querySelector('b')?.closest('.notice, .axes')).not.toBe(null); // none that a title brought along
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rows = [...document.querySelectorAll('table.numbers tbody:not(.total) tr:not(.sub)')];
      expect(rows).toHaveLength(data.rows.length);
    }),
    { seed: 11, numRuns: 60 },
  );
});
