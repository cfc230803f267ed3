/** Figures nobody thought of: random texts, heads and titles give tables that add up and files that other programs read. */
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { readPage } from '../src/figures/declarations.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import { csvOf, jsonOf } from '../src/figures/files.ts';
import { kindByName, kinds } from '../src/figures/kinds.ts';
import { noticeHtml, tableHtml } from '../src/figures/shell.ts';
import { compareTables } from '../src/figures/tolerance.ts';
import { createWorld } from '../src/figures/world.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { inventedCalibration, inventedLog, inventedMoments, untrainedRoles, untrainedWorld } from './untrained.ts';

/** Sure of itself, so that small shares and large ones both come up. */
const { model } = untrainedWorld(1, 2);
const parts = {
  model,
  heads: untrainedRoles,
  training: inventedLog,
  calibration: inventedCalibration,
  moments: inventedMoments,
};
const inFloat64 = createWorld({ ...parts, attend: reference, precision: 'float64' });
const inFloat32 = createWorld({ ...parts, attend: plain });

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

/** Made-up numbers, as an author might type them. */
const numbers = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => Math.round(100 * Math.sin(seed + 7 * i)) / 50);

/** For kinds that ask for no text. */
const noText = { text: undefined };

/** What a kind asks for besides a question, a caption and a text, out of the same few random parts. */
const fields: Record<string, (parts: { words: string[]; head: object; pick: number; few: number }) => object> = {
  added: ({ words, pick, few }) => ({
    ...noText,
    word: words[pick % words.length],
    before: numbers(pick, few),
    after: numbers(few, few),
  }),
  apart: ({ words, pick, few }) => ({
    ...noText,
    words: [words[pick % words.length]],
    texts: [
      { say: 'as it is', text: words.join(' ') },
      { say: 'turned around', text: words.toReversed().join(' ') },
    ],
    next: few,
  }),
  arrows: ({ words, pick, few }) => {
    const others = [...new Set([...words, 'a', 'the', 'was'])].slice(0, 2 + (few % 3));
    return {
      ...noText,
      query: { [words[0]]: numbers(pick, 2) },
      keys: Object.fromEntries(others.map((word, i) => [word, numbers(few + i, 2)])),
      temperature: few / 2,
    };
  },
  calibration: () => noText,
  moments: ({ head, few }) => ({ ...head, next: few }),
  narrowing: ({ pick, few }) => {
    const order = ['a', 'beautiful'].slice(0, few % 3);
    const steps = order.map((word, i) => ({ say: `${i} ${word}`, modifiers: order.slice(0, i + 1) }));
    return {
      ...noText,
      noun: ['woman', 'man', 'cat', 'dog'][pick % 4],
      steps: [{ say: 'all' }, { say: 'still' }, ...steps],
    };
  },
  products: ({ words, head, pick, few }) =>
    few > 3
      ? { ...noText, query: numbers(pick, few), key: numbers(few, few) }
      : { ...head, word: words.at(-1), at: words[pick % words.length] },
  pupil: ({ pick, few }) => ({
    ...noText,
    sentence: 'there was a tall woman with a cat . one was',
    seed: 1 + (pick % 999),
    steps: 4 * few,
  }),
  resolution: ({ few }) => ({ ...noText, sprites: [16 * few, 96 + 16 * few] }),
  scatter: ({ words, pick, few }) =>
    few > 3
      ? { ...noText, classes: [['people', 'animals', 'colours'][few % 3]], ...(few > 4 && { words: ['was', 'the'] }) }
      : {
          ...noText,
          word: words[pick % words.length],
          texts: [
            { say: 'as it is', text: words.join(' ') },
            { say: 'turned around', text: words.toReversed().join(' ') },
          ],
        },
  spread: ({ pick, few }) => ({
    ...noText,
    lengths: [2, 3 + (pick % 60)],
    keys: 1 + few,
    draws: 10 * few,
    seed: pick % 1000,
  }),
  training: ({ few }) => ({ ...noText, show: few > 3 ? 'loss' : 'gap', ...(few < 3 && { aim: few / 100 }) }),
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

it('any declaration is one of any kind', () => {
  expect(Object.keys(fields).sort()).toEqual(kinds.map(({ name }) => name).sort());
});

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
      const { document } = parseHTML(
        `<main>${html}${noticeHtml(data)}<div id="the-table">${tableHtml(data)}</div></main>`,
      );
      // Bold is what we set in bold, and nothing that a title brought along.
      const plainer = await kind.draw({ ...data, title: 'Why?', caption: 'So.' });
      const bold = (text: string) => text.split('<b>').length;
      expect(bold(html)).toBe(bold(plainer.html));
      expect(bold(svg)).toBe(1);
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rows = [...document.querySelectorAll('#the-table tbody:not(.total) tr:not(.sub)')];
      expect(rows.length).toBe(data.rows.length);
    }),
    { seed: 11, numRuns: 220 },
  );
});
