/** How far a word in one text is from the same word in another, held against a pass by other hands and against geometry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../src/attention/reference.ts';
import { apart } from '../src/figures/apart.ts';
import { angleBetween, noticeOfApart, readApart, stagesOf } from '../src/figures/apart-data.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { quote } from '../src/figures/quote.ts';
import { createWorld } from '../src/figures/world.ts';
import { openModel } from '../src/model/open.ts';
import { openByOtherHands } from './recompute.ts';
import { untrainedWorld } from './untrained.ts';

const list = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 });

describe('the angle between two lists', () => {
  it('is that of the law of cosines, whatever the lengths of the lists', () => {
    fc.assert(
      fc.property(list, list, fc.double({ min: 0.1, max: 9, noNaN: true }), (a, b, factor) => {
        const length = (x: number[]) => Math.sqrt(x.reduce((sum, y) => sum + y * y, 0));
        fc.pre(length(a) > 0.1 && length(b) > 0.1);
        const cosine = a.reduce((sum, x, i) => sum + x * b[i], 0) / (length(a) * length(b));
        const found = angleBetween(a, b);
        expect(Math.cos((found * Math.PI) / 180)).toBeCloseTo(cosine, 9);
        expect(
          angleBetween(
            a.map((x) => x * factor),
            b,
          ),
        ).toBeCloseTo(found, 6);
      }),
    );
  });

  it('is 0 for the same list, 90 across and 180 the other way', () => {
    expect(angleBetween([0.1, 0.7, -3], [0.1, 0.7, -3])).toBe(0);
    expect(angleBetween([1, 0], [0, 2])).toBeCloseTo(90, 12);
    expect(angleBetween([1, 2], [-2, -4])).toBeCloseTo(180, 12);
    expect(angleBetween([0, 0], [1, 1])).toBe(0);
  });
});

const base = { kind: 'apart', title: 'How far apart?', caption: 'A test.' };
const texts = [
  { say: 'by the river', text: 'anna sat by the river . the bank was' },
  { say: 'short of money', text: 'anna needed money . the bank was' },
];
const compute = (declaration: object, world = untrainedWorld(5, 2)) =>
  apart.compute(apart.schema.parse({ ...base, texts, ...declaration }), world, 'fig');

describe('the figure', () => {
  it('has the angles, the lists and the odds of the two passes', async () => {
    const bytes = readFileSync(join(import.meta.dirname, '../public/model/easel.gguf'));
    const model = openModel(new Uint8Array(bytes).buffer);
    const world = createWorld({ model, attend: reference, precision: 'float64' });
    const data = await compute({ words: ['bank', 'was'], show: 'layer 2, attention' }, world);
    expect(data.rows.slice(0, 9).map((row) => row[0])).toEqual(stagesOf(model.config.nLayers));
    const other = openByOtherHands(bytes);
    const runs = texts.map(({ text }) => {
      const words = text.split(' ');
      return { words, ...other.run([0, ...words.map((word) => other.tokens.indexOf(word))]) };
    });
    for (const word of ['bank', 'was']) {
      expect(cellAt(data, 'bare', word)).toBe(0);
      stagesOf(model.config.nLayers).forEach((stage, s) => {
        const [a, b] = runs.map(({ words, streams }) => streams[s][words.lastIndexOf(word) + 1]);
        expect(cellAt(data, stage, word)).toBeCloseTo(angleBetween(a, b), 6);
      });
    }
    const { from, to } = data.groups![1];
    const first = data.columns.findIndex(({ id }) => id === 'first');
    const place = runs[0].words.lastIndexOf('bank') + 1;
    data.rows.slice(from, to).forEach((row, c) => {
      expect(row[first]).toBeCloseTo(runs[0].streams[3][place][c], 6);
      expect(row[first + 2]).toBeCloseTo((row[first + 1] as number) - (row[first] as number), 6);
    });
    const best = String(data.rows[data.groups![2].from][0]);
    expect(cellAt(data, best, 'next')).toBeCloseTo(runs[0].next.at(-1)![other.tokens.indexOf(best)], 6);
    expect(quote(data, 'layer 2, attention', 'was')).toMatch(/^\d+(\.\d)?°$/);
  });

  it('parts no word by a feed-forward step alone: before anything was looked at, the two are one', async () => {
    const world = untrainedWorld(7, 2);
    const read = await readApart({ words: ['bank'], texts }, world);
    expect(read.angles[0][0]).toBe(0);
    expect(read.angles[0][1]).toBeGreaterThan(0);
    // Words before the first difference have seen the same words, and stay the same to the end.
    const same = await readApart({ words: ['anna'], texts }, world);
    expect(Math.max(...same.angles[0])).toBe(0);
    expect(noticeOfApart(same, ['a', 'b'])).toContain('*anna* stays the same list in both texts.');
  });

  it('refuses a word that one text lacks, a step that there is none, and one name for two texts', async () => {
    await expect(compute({ words: ['river'] })).rejects.toThrow(
      /words: expected one of start, anna, needed.*both texts/,
    );
    await expect(compute({ words: ['bank'], show: 'layer 9, attention' })).rejects.toThrow(
      /there is no 'layer 9, attention'/,
    );
    const problems = apart.schema.safeParse({ ...base, words: ['a', 'a'], texts: [texts[0], texts[0]] }).error!.issues;
    expect(problems.map(({ message }) => message)).toEqual(['need two different names (say)', 'names a word twice']);
  });
});

describe('what is said of it', () => {
  it('names the first step at which they part, the widest, and the end', () => {
    const angles = fc.array(fc.double({ min: 0, max: 90, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(angles, (after) => {
        const row = [0, ...after];
        const odds = new Map([
          ['cat', 0.6],
          ['was', 0.4],
        ]);
        const stages = stagesOf(2);
        const said = noticeOfApart({ words: ['bank'], stages, angles: [row], odds: [odds, odds] }, ['here', 'there']);
        expect(said).not.toMatch(/undefined|NaN/);
        expect(said).toContain('*cat* in both texts');
        const most = Math.max(...row);
        expect(said.includes('stays the same list')).toBe(most < 0.05);
        if (most < 0.05) return;
        const first = stages[row.findIndex((angle) => angle >= 0.05)];
        expect(said).toContain(
          `first part after ${first.endsWith('attention') ? 'attention in' : 'the feed-forward step of'} ${first.slice(0, 7)}`,
        );
        expect(said.includes('lie farthest apart')).toBe(most - row[4] >= 5);
      }),
    );
  });
});
