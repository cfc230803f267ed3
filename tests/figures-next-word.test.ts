/** From odds to a word: the sampler, what a published model said, and a table that goes on standing for printed words. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturedFor, oddsCaptured, readCaptured } from '../src/figures/captured.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { exactColumn, modelColumn, nextWordData, type OddsColumn } from '../src/figures/next-word-data.ts';
import type { Odds } from '../src/figures/odds.ts';
import { chancesOf, NEUTRAL, throwOf, wordAt } from '../src/figures/odds-sampler.ts';
import { chancesHtml, lineHtml } from '../src/figures/odds-sampler-picture.ts';
import { nextWordHtml } from '../src/figures/odds-table.ts';
import { columnSum } from '../src/figures/shell.ts';
import { OTHER_WORDS } from '../src/figures/text.ts';
import { untrainedWorld } from './untrained.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('content/captured/*.json', { cwd: root });
const captured = files.map((file) => readCaptured(readFileSync(join(root, file), 'utf8'), file));

/** Odds over some words. */
const odds = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 })
  .map((parts): Odds => {
    const sum = parts.reduce((a, b) => a + b, 0);
    return new Map(parts.map((part, i) => [`w${i}`, part / sum]));
  });
const sumOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe('the sampler', () => {
  it('leaves the odds as they are when no knob is turned', () => {
    fc.assert(
      fc.property(odds, (all) => {
        for (const { word, chance } of chancesOf(all, NEUTRAL)) expect(chance).toBeCloseTo(all.get(word)!, 12);
      }),
    );
  });

  it('gives chances that add up to 1 and keep the order of the odds, whatever the knobs', () => {
    const settings = fc.record({
      temperature: fc.double({ min: 0, max: 3, noNaN: true }),
      topK: fc.integer({ min: 0, max: 40 }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(odds, settings, (all, knobs) => {
        const chances = chancesOf(all, knobs).map(({ chance }) => chance);
        expect(sumOf(chances)).toBeCloseTo(1, 9);
        expect(chances.every((chance, i) => i === 0 || chance <= chances[i - 1])).toBe(true);
        if (knobs.topK > 0) expect(chances.filter((chance) => chance > 0).length).toBeLessThanOrEqual(knobs.topK);
      }),
    );
  });

  it('takes the likeliest at temperature 0, gains for it below 1 and loses above', () => {
    const all: Odds = new Map([
      ['cat', 0.5],
      ['dog', 0.3],
      ['hat', 0.2],
    ]);
    const first = (temperature: number) => chancesOf(all, { ...NEUTRAL, temperature })[0].chance;
    expect(first(0)).toBe(1);
    expect(first(0.5)).toBeCloseTo(0.25 / (0.25 + 0.09 + 0.04), 12);
    expect(first(2)).toBeCloseTo(Math.sqrt(0.5) / (Math.sqrt(0.5) + Math.sqrt(0.3) + Math.sqrt(0.2)), 12);
  });

  it('keeps by top-p the fewest words that make the share, and scales them up', () => {
    fc.assert(
      fc.property(odds, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (all, topP) => {
        const sorted = [...all.values()].sort((a, b) => b - a);
        const kept = chancesOf(all, { ...NEUTRAL, topP }).filter(({ chance }) => chance > 0);
        expect(sumOf(sorted.slice(0, kept.length))).toBeGreaterThanOrEqual(topP - 1e-8);
        expect(sumOf(sorted.slice(0, kept.length - 1))).toBeLessThan(topP);
        expect(kept[0].chance).toBeCloseTo(sorted[0] / sumOf(sorted.slice(0, kept.length)), 9);
      }),
    );
  });

  it('draws the word on which the throw falls', () => {
    fc.assert(
      fc.property(odds, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (all, at) => {
        const chances = chancesOf(all, NEUTRAL);
        const place = chances.findIndex(({ word }) => word === wordAt(chances, at));
        const before = sumOf(chances.slice(0, place).map(({ chance }) => chance));
        expect(before).toBeLessThanOrEqual(at + 1e-9);
        expect(before + chances[place].chance).toBeGreaterThan(at - 1e-9);
      }),
    );
  });

  it('draws often what is likely: the same throws everywhere, and as many of each word as there should be', () => {
    expect(throwOf(2, 0)).toBe(throwOf(2, 0));
    expect(throwOf(2, 0)).not.toBe(throwOf(2, 1));
    const chances = chancesOf(
      new Map([
        ['cat', 0.7],
        ['dog', 0.3],
      ]),
      NEUTRAL,
    );
    const cats = Array.from({ length: 2000 }, (_, i) => wordAt(chances, throwOf(5, i))).filter((w) => w === 'cat');
    // Five standard deviations of 2,000 throws.
    expect(Math.abs(cats.length / 2000 - 0.7)).toBeLessThan(5 * Math.sqrt((0.7 * 0.3) / 2000));
  });

  it('is drawn as a line of 100 % and a table of 100 %', () => {
    fc.assert(
      fc.property(odds, fc.integer({ min: 0, max: 8 }), (all, topK) => {
        const chances = chancesOf(all, { ...NEUTRAL, topK });
        const widths = [...lineHtml(chances).matchAll(/inline-size:([\d.]+)%/g)].map(([, width]) => Number(width));
        expect(sumOf(widths)).toBeCloseTo(100, 0);
        const percents = [...chancesHtml(chances, 'Easel').matchAll(/(\d+)\u00a0%/g)].map(([, p]) => Number(p));
        const unsaid = (chancesHtml(chances, 'Easel').match(/&lt; 1/g) ?? []).length;
        expect(sumOf(percents) - unsaid).toBe(200);
      }),
    );
  });

  it('marks the stretch on which the throw fell, also where it has no name', () => {
    const all: Odds = new Map(Array.from({ length: 20 }, (_, i) => [`w${i}`, 0.05]));
    const chances = chancesOf(all, NEUTRAL);
    expect(lineHtml(chances)).not.toMatch(/hit|dart/);
    expect(lineHtml(chances, { at: 0.02, word: 'w0' })).toMatch(/^<div[^>]*><span class="stretch hit"/);
    expect(lineHtml(chances, { at: 0.99, word: 'w9' })).toMatch(/stretch others hit/);
  });
});

describe('what a published model said', () => {
  it('is kept with model, file, hash and day', () => {
    expect(captured.map(({ model }) => model)).toContain('SmolLM2-135M');
    for (const one of captured) {
      expect(sumOf([...oddsCaptured(one).values()])).toBeLessThan(1);
      expect(one.file).toMatch(/\.gguf$/);
    }
  });

  it('is found by its text, however that is written', () => {
    expect(capturedFor(captured, ' there was a  beautiful woman with an ugly ')?.model).toBe('SmolLM2-135M');
    expect(capturedFor(captured, 'there was a beautiful woman')).toBeUndefined();
  });

  it('is refused where it cannot be so', () => {
    const text = readFileSync(join(root, files[0]), 'utf8');
    const change = (more: object) => () => readCaptured(JSON.stringify({ ...JSON.parse(text), ...more }), 'x.json');
    expect(change({ sha256: 'b179' })).toThrow(/x\.json.*sha256/s);
    expect(change({ odds: { cat: 0.6, dog: 0.5 } })).toThrow(/add up to 1\.1/);
    expect(change({ inPieces: { face: ['fa', 'ce'] } })).toThrow(/'face'.*in pieces/);
  });

  const text = 'there was a beautiful woman with an ugly';
  const declaration = {
    kind: 'next-word',
    title: 'What could come next?',
    caption: 'A test.',
    text,
    columns: ['hand-made', 'exact', 'easel', 'published'],
    words: ['smile', 'since', 'moustache'],
    handMade: { cat: 0.42, since: 0.00005 },
  };
  const compute = (asked: object) => {
    const kind = kindByName.get('next-word')!;
    return kind.compute(kind.schema.parse(asked), { ...untrainedWorld(), captured }, 'fig');
  };

  it('stands in a column of its own, beside words that are unknown, in pieces or not captured', async () => {
    const data = await compute({ ...declaration, words: [...declaration.words, 'king'] });
    expect(cellAt(data, 'face', 'published')).toBeCloseTo(0.44297, 5);
    expect(cellAt(data, 'smile', 'exact')).toBeNull();
    expect(cellAt(data, 'moustache', 'published')).toBe('in pieces');
    expect(cellAt(data, 'king', 'published')).toBeNull();
    expect(columnSum(data, 4)).toBe(1);
    expect(data.notice).toContain('SmolLM2-135M puts *face* first, with .443, and gives *cat* .001.');
    expect(data.series.at(-1)).toMatchObject({ provenance: 'published model' });
    expect(data.series.at(-1)!.source).toMatch(/\.gguf, as captured on 24 November 2026/);
    expect(nextWordHtml(data)).toContain('49,152 entries');
  });

  it('is asked for with a text that was captured, or there is a mistake', async () => {
    await expect(compute({ ...declaration, text: 'there was a' })).rejects.toThrow(
      /columns: nothing is kept.*'There was a beautiful woman with an ugly'/,
    );
  });
});

describe('a table with a reader’s own words', () => {
  const stands: OddsColumn = {
    id: 'hand-made',
    label: 'A made-up table',
    provenance: 'hand-made',
    source: 'an author',
    empty: 'not printed',
    odds: new Map([
      ['cat', 0.42],
      ['since', 0.00005],
    ]),
    stands: true,
  };
  const ask = { title: 'What?', caption: '', text: 'a', rows: 2, words: ['cat', 'since', 'smile'] };
  const easel = modelColumn(
    new Map([
      ['king', 0.6],
      ['cat', 0.3],
      ['since', 0.1],
    ]),
    'Easel',
  );

  it('keeps the standing columns and says which they are', () => {
    const data = nextWordData(ask, [stands, easel], 'fig');
    expect(data.rows.map((row) => row[0])).toEqual(['king', 'cat', 'since', 'smile', OTHER_WORDS]);
    expect(data.groups?.map(({ label }) => label)).toEqual([
      undefined,
      'The other words of the printed table',
      'Words that nobody here knows',
      undefined,
    ]);
    expect(cellAt(data, 'cat', 'hand-made')).toBe(0.42);
    expect(data.detail.stands).toEqual(['hand-made']);
    expect(nextWordHtml(data).match(/for the printed words/g)).toHaveLength(1);
    expect(data.notice).not.toContain('.420');
  });

  it('has no number, and no sum, where the language never says such a thing', () => {
    const data = nextWordData(ask, [exactColumn(new Map()), easel], 'fig');
    expect(data.rows.every((row) => row[1] === null)).toBe(true);
    expect(data.detail.order).toBe('easel');
    expect(nextWordHtml(data)).toContain('never said');
    expect(data.notice).toBe('*King* is likeliest, with .600 of the 1 that 3 words share.');
  });
});
