/** Figures of a head whose mask is off or whose links are cut, on a small untrained model. */
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { arcs } from '../src/figures/arcs.ts';
import { heatmap } from '../src/figures/heatmap.ts';
import { drawStaircase } from '../src/figures/matrix.ts';
import { readPattern } from '../src/figures/pattern.ts';
import { drawColumn, drawStrip, rowOf } from '../src/figures/strip.ts';
import { createWorld } from '../src/figures/world.ts';
import { openModel } from '../src/model/open.ts';
import { untrainedModel } from './untrained.ts';

const world = createWorld({ model: openModel(untrainedModel(3).buffer), attend: plain });
const text = 'there was a beautiful woman with an ugly cat';
const n = text.split(' ').length + 1;
const base = { title: 'Who looks?', caption: 'A test.', text, layer: 1, head: 2 };
const sum = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);
const svg = (source: string) => parseHTML(`<body>${source}</body>`).document;

describe('without the mask', () => {
  it('each word has a weight for every word, and they add up to 1', async () => {
    const { weights } = await readPattern(base, world, { causal: false });
    for (const row of weights) {
      expect(row).toHaveLength(n);
      expect(sum(row)).toBeCloseTo(1, 6);
    }
  });

  it('nothing changes for the last word of the first layer, and something for every other', async () => {
    const [on, off] = await Promise.all([readPattern(base, world), readPattern(base, world, { causal: false })]);
    off.weights.at(-1)!.forEach((w, j) => {
      expect(w).toBeCloseTo(on.weights.at(-1)![j], 6);
    });
    for (let i = 0; i < n - 1; i++) expect(off.weights[i][0]).toBeLessThan(on.weights[i][0]);
  });

  it('the table is square, is drawn whole, and its sentence counts what looks ahead', async () => {
    const data = await heatmap.compute({ kind: 'heatmap', ...base, causal: false }, world, 'square');
    expect(data.rows.flat().filter((cell) => cell === null)).toEqual([]);
    const { html } = await heatmap.draw(data);
    const { document } = parseHTML(`<body>${html}</body>`);
    expect(document.querySelectorAll('.cell').length).toBe(n * n);
    expect(document.querySelector('.never')).toBeNull();
    const rows = data.rows.slice(0, -1).map((row) => row.slice(1) as number[]);
    const ahead = rows.filter((row, i) => row.lastIndexOf(Math.max(...row)) > i).length;
    expect(data.notice).toContain(`Of the ${n - 1} places with something ahead of them, `);
    expect(data.notice).toContain(ahead === 0 ? 'none looks' : ahead === 1 ? 'one looks' : `${ahead} look`);
    expect(data.series[0].source).toContain('without its mask');
  });

  it('a strip draws links to later words, and none of them is called unread', async () => {
    const data = await arcs.compute({ kind: 'arcs', ...base, word: 'woman', causal: false }, world, 'strip');
    expect(rowOf(data).weights).toHaveLength(n);
    for (const drawn of [drawStrip(rowOf(data)), drawColumn(rowOf(data))]) {
      expect(svg(drawn).querySelectorAll('.later').length).toBe(0);
      expect(drawn).not.toContain('not read yet');
    }
  });
});

describe('a cut link', () => {
  const link = { layer: 1, head: 2, query: 5, key: 4 };

  it('leaves its share to the others of the row, in their proportions', async () => {
    const [whole, cut] = await Promise.all([readPattern(base, world), readPattern(base, world, { cut: [link] })]);
    expect(cut.weights[5][4]).toBe(0);
    cut.weights[5].forEach((w, j) => {
      if (j !== 4) expect(w).toBeCloseTo(whole.weights[5][j] / (1 - whole.weights[5][4]), 6);
    });
  });

  it('is struck, dashed and called cut, in strip, column and staircase', async () => {
    const { words, weights } = await readPattern(base, world, { cut: [link] });
    const row = { words, looking: 5, weights: weights[5], cut: [4] };
    for (const drawn of [drawStrip(row), drawColumn(row)]) {
      const document = svg(drawn);
      expect(document.querySelector('.is-cut')?.textContent?.replace(/\s+/g, ' ')).toBe('beautiful cut');
      expect(document.querySelectorAll('path.cut').length).toBe(1);
    }
    const stair = svg(drawStaircase({ words, weights, cut: [[5, 4]] }, 'cut'));
    expect(stair.querySelectorAll('.cutcell').length).toBe(1);
    expect(stair.querySelector('.cell:has(.cutcell) title')?.textContent).toBe('woman looks at beautiful: cut');
  });

  it('may be the last one: then nothing is looked at, and the sentence says so', async () => {
    const cut = Array.from({ length: 6 }, (_, key) => ({ ...link, key }));
    const pattern = await readPattern(base, world, { cut });
    expect(sum(pattern.weights[5])).toBe(0);
    const { noticeOfRow, noticeOfPattern } = await import('../src/figures/pattern.ts');
    expect(noticeOfRow(pattern.words, pattern.weights[5])).toContain('Every link of *woman* is cut');
    expect(noticeOfPattern(pattern.words, pattern.weights, 5)).not.toContain('adds up');
  });
});
