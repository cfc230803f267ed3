/** What every picture must be, whatever its numbers: whole, named, free of holes, and telling what its table tells. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { addedData } from '../src/figures/added.ts';
import { apartData, stagesOf } from '../src/figures/apart-data.ts';
import { arrowsData } from '../src/figures/arrows-data.ts';
import { blendData } from '../src/figures/blend-data.ts';
import { compareData } from '../src/figures/compare-data.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import { headsData } from '../src/figures/heads-data.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { marks } from '../src/figures/marks.ts';
import { nextWordData } from '../src/figures/next-word-data.ts';
import { wholePercents } from '../src/figures/numbers.ts';
import type { Odds } from '../src/figures/odds.ts';
import { palette, withPalette } from '../src/figures/palette.ts';
import { arcsData, headSeries, heatmapData, type Pattern } from '../src/figures/pattern.ts';
import { handMadeProducts, productsData } from '../src/figures/products-data.ts';
import { badgeHtml, groupsOf, noticeHtml, tableHtml } from '../src/figures/shell.ts';
import { spreadData, spreadOf } from '../src/figures/spread-data.ts';
import { stepsData } from '../src/figures/steps-data.ts';
import { vectorsData } from '../src/figures/vectors-data.ts';
import type { World } from '../src/figures/world.ts';
import { expectWholePicture } from './picture.ts';

const world = { model: { name: 'Easel', config: { nLayers: 4, nHeads: 4 } } } as unknown as World;
const seriesOfHead = [headSeries('weight', world, { layer: 2, head: 3 })];
const lexicon = ['cat', 'woman', 'ugly', 'beautiful', 'was', 'a', 'the', 'with', '.', 'personality'];

const softmax = (scores: number[]) => {
  const parts = scores.map(Math.exp);
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
};
const scores = (length: number) =>
  fc.array(fc.double({ min: -9, max: 4, noNaN: true }), { minLength: length, maxLength: length });

/** A head's made-up look over a made-up text. */
const patterns: fc.Arbitrary<Pattern> = fc
  .array(fc.constantFrom(...lexicon), { minLength: 1, maxLength: 18 })
  .chain((words) =>
    fc.tuple(scores(lexicon.length), ...words.map((_, i) => scores(i + 2))).map(([odds, ...rows]) => ({
      ids: [0, ...words.map((word) => lexicon.indexOf(word) + 1)],
      words: ['start', ...words],
      layer: 2,
      head: 3,
      weights: [[1], ...rows.map(softmax)],
      odds: new Map(softmax(odds).map((p, i) => [lexicon[i], p])),
    })),
  );

const ask = { title: 'Where does *was* look?', caption: 'One head & no other <of> many.', text: 'as it may be' };
const name = 'some-figure';

/** Lists of numbers that are anything but alike, some of them 0, out of a row of weights. */
const listOf = (row: readonly number[], length = 8) =>
  Array.from({ length }, (_, i) => (i === 3 ? 0 : Math.log(row[i % row.length]) * (-1) ** i));

/** What one head does with one word, made up: the steps of its row and what it blends. */
function insideOf({ words, weights }: Pattern) {
  const looking = Math.floor(words.length / 2);
  const row = weights[looking];
  const lists = words.map((_, i) => listOf([...row, (i + 1) / (words.length + 2)]));
  const place = { words, layer: 2, head: 3, looking };
  const scores = words.map((_, i) => 3 - i * 1.5);
  const blend = lists[0].map((_, c) => row.reduce((sum, w, j) => sum + w * lists[j][c], 0));
  const [before, after] = [lists[looking], blend];
  return {
    steps: {
      ...{ ...place, query: lists[0], keys: lists, values: lists, scores, scaled: scores, weights: row, blend },
      ...{ taken: lists[0], normed: blend, part: blend, others: lists[0], after: blend },
    },
    blend: {
      ...place,
      space: 'head' as const,
      weights: row,
      sizes: row.map((w) => w * 3),
      values: lists.slice(0, row.length),
      before,
      after,
    },
  };
}

/** A query and up to five keys on a circle, as long as their words are looked at. */
function arrowsOfWeights(words: readonly string[], weights: readonly number[]) {
  const keys = words.slice(0, 5).map((word, i) => {
    const length = 2.5 * (weights[i] ?? 0);
    return { word, list: [length * Math.cos(i), length * Math.sin(i)] as const };
  });
  return { word: words.at(-1)!, query: [1.5, -0.5] as const, keys, temperature: 1 };
}

/** A made-up word in two made-up texts. */
function partedOf({ weights, odds }: Pattern): FigureData {
  const stages = stagesOf(2);
  const lists = [0, 1].map((text) =>
    stages.map((_, s) => Float64Array.from(listOf(weights.at(-1)!), (x) => x + text * s)),
  );
  const texts = ['here & now', 'there'].map((say) => ({ say, text: 'as it may be' }));
  const apart = {
    words: ['was'],
    stages,
    lists: [lists],
    angles: [stages.map((_, s) => 40 * s)],
    odds: [odds, odds] as [Odds, Odds],
  };
  return apartData({ ...ask, words: ['was'], texts }, apart, { next: 3, shown: { word: 0, stage: 2 } }, world, name);
}

/** A figure of every kind, from one pattern. */
function figuresOf(pattern: Pattern): FigureData[] {
  const { words, weights } = pattern;
  const place = { layer: 1, head: 2 };
  const other = { ...pattern, words: [...words.slice(0, -1), words.at(-1) === 'cat' ? 'was' : 'cat'] };
  const both = { first: pattern, second: other, looking: words.length - 1 };
  const shown = [1, 2].map((head) => ({ layer: 1, head, weights }));
  const inside = insideOf(pattern);
  const stages = ['bare', 'layer 1'].map((stage, k) => ({ word: 'cat', stage, values: listOf(weights.at(-1 - k)!) }));
  const truth = [...pattern.odds].map(([word, p], i): [string, number] => [word, i === 0 ? 0 : p]);
  const left = truth.reduce((sum, [, p]) => sum + p, 0);
  const exact = new Map(truth.map(([word, p]) => [word, p / left]));
  return [
    headsData(ask, { words, shown, framed: place }, world, name),
    headsData(ask, { words, shown, looking: 1 }, world, name),
    vectorsData(ask, stages, 'Easel', name),
    vectorsData(ask, [{ word: 'cat', stage: 'query', values: stages[0].values }], 'Easel', name),
    stepsData(ask, inside.steps, undefined, world, name),
    stepsData(ask, inside.steps, 0, world, name),
    blendData(ask, inside.blend, seriesOfHead, name),
    blendData(ask, { ...inside.blend, space: 'word', added: inside.blend.after }, seriesOfHead, name),
    arrowsData(ask, arrowsOfWeights(words, weights.at(-1)!), name),
    productsData(ask, handMadeProducts(stages[0].values, stages[1].values), name),
    spreadData({ ...ask, keys: 3, draws: 5, seed: words.length }, [spreadOf(2, 3, 5, words.length)], name),
    addedData({ ...ask, word: words.at(-1)!, before: stages[0].values, after: stages[1].values }, name),
    partedOf(pattern),
    compareData({ ...ask, other: 'as it is' }, both, world, name),
    compareData({ ...ask, other: 'as it is', next: 3 }, { ...both, looking: 0 }, world, name),
    arcsData(ask, pattern, world, name),
    arcsData({ ...ask, word: 'start', next: 3 }, pattern, world, name),
    heatmapData({ ...ask, numbers: 'all' }, pattern, world, name),
    nextWordData(
      { ...ask, words: ['unheard'], rows: 4 },
      [
        {
          id: 'hand-made',
          label: 'Made up',
          provenance: 'hand-made',
          source: 'an author',
          empty: 'not listed',
          odds: new Map([
            ['cat', 0.5],
            ['with', 0.00002],
          ]),
        },
        { id: 'exact', label: 'L', provenance: 'exact', source: 'L', empty: 'unknown word', odds: exact },
        {
          id: 'easel',
          label: 'Easel',
          provenance: 'learned',
          source: 'Easel',
          empty: 'unknown word',
          odds: pattern.odds,
        },
      ],
      name,
    ),
    {
      kind: 'narrowing',
      name,
      title: 'How many *women* are left?',
      caption: 'A bit is one halving.',
      series: [{ id: 'share', label: 'L', provenance: 'exact', source: 'the grammar' }],
      columns: [
        { id: 'phrase', label: 'Said', unit: 'word' },
        { id: 'share', label: 'Share', unit: 'share', series: 'share' },
        { id: 'bits', label: 'Bits', unit: 'bits', series: 'share' },
      ],
      rows: pattern.weights.at(-1)!.map((w, i) => [`phrase ${i}`, w, -Math.log2(w)]),
      notice: 'It narrows.',
      detail: { noun: 'woman' },
    },
    {
      kind: 'scatter',
      name,
      title: 'Which *words* lie near?',
      caption: 'Two directions of many.',
      series: [{ id: 'words', label: 'Easel', provenance: 'learned', source: 'Easel, stored lists' }],
      axes: { rows: 'a word', columns: 'two directions' },
      columns: [
        { id: 'word', label: 'Word', unit: 'word' },
        { id: 'group', label: 'Kind', unit: 'text' },
        { id: 'first', label: 'First', unit: 'number', series: 'words' },
        { id: 'second', label: 'Second', unit: 'number', series: 'words' },
        { id: 'nearest', label: 'Nearest', unit: 'word' },
        { id: 'cosine', label: 'Likeness', unit: 'number', series: 'words' },
      ],
      rows: [...pattern.odds].map(([word, p], i) => [word, i % 2 ? 'these' : 'those', p, p * p - i, lexicon[0], p]),
      notice: 'They lie about.',
      detail: { groups: ['these', 'those'] },
    },
  ];
}

const draw = (data: FigureData) => kindByName.get(data.kind)!.draw(data);
const few = { numRuns: 25 };

describe('a picture file', () => {
  it('is whole, has a title and a description, colours for light and dark, and no hole', async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        for (const data of figuresOf(pattern)) {
          const { svg } = await draw(data);
          expectWholePicture(svg, data);
        }
      }),
      few,
    );
  });

  it('is XML that a strict reader takes, and draws to its size', async () => {
    const [pattern] = fc.sample(patterns, { numRuns: 1, seed: 5 });
    for (const data of figuresOf(pattern)) {
      const { svg } = await draw(data);
      const { width, height } = await sharp(Buffer.from(svg)).metadata();
      expect([width, height]).toEqual(/width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1).map(Number));
    }
  });

  it('is the same for the same data', async () => {
    const [pattern] = fc.sample(patterns, { numRuns: 1, seed: 6 });
    for (const data of figuresOf(pattern)) expect(await draw(data)).toEqual(await draw(structuredClone(data)));
  });
});

describe('a picture in a page', () => {
  it('has no hole, and ids of its own', async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        for (const data of figuresOf(pattern)) {
          const { html } = await draw(data);
          expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
          const { document } = parseHTML(`<html><body>${html}</body></html>`);
          const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) expect(id.startsWith(`${name}-`), id).toBe(true);
          for (const image of document.querySelectorAll('svg[role=img]')) {
            expect(image.getAttribute('aria-label')!.length).toBeGreaterThan(20);
          }
          for (const button of document.querySelectorAll('[role=button], [tabindex]')) {
            expect(button.classList.contains('scroll'), 'a control that would do nothing without a script').toBe(true);
          }
        }
      }),
      few,
    );
  });

  it('says the same percentages in strip and column, and they add up to 100', async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        const data = arcsData(ask, pattern, world, name);
        const { document } = parseHTML(`<html><body>${(await draw(data)).html}</body></html>`);
        const row = pattern.weights.at(-1)!;
        const expected = wholePercents(row).filter((percent) => percent > 0);
        for (const svg of document.querySelectorAll('svg.strip')) {
          const said = [...svg.querySelectorAll('.pct')].flatMap((text) => /^\d+/.exec(text.textContent!.trim()) ?? []);
          expect(said.map(Number)).toEqual(expected);
          expect(expected.reduce((a, b) => a + b, 0)).toBe(100);
          const arcs = svg.querySelectorAll('.arc').length;
          expect(arcs).toBe(wholePercents(row).filter((percent, i) => percent > 0 && i < row.length - 1).length);
        }
      }),
      few,
    );
  });

  it('keeps a text that is too long for one line as a column, never shrunk', async () => {
    const long = Array.from({ length: 30 }, () => 'beautiful');
    const weights = ['start', ...long].map((_, i) => Array.from({ length: i + 1 }, () => 1 / (i + 1)));
    const pattern = { ids: [], words: ['start', ...long], layer: 1, head: 1, weights, odds: new Map([['a', 1]]) };
    const { html } = await draw(arcsData(ask, pattern, world, name));
    expect(html).not.toContain('strip wide');
    expect(html).toContain('class="picture long"');
  });
});

describe('the table of a figure', () => {
  it('adds up to 1 in every column of weights or probabilities', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        for (const data of figuresOf(pattern)) {
          data.columns.forEach(({ unit, id }, c) => {
            if ((unit !== 'weight' && unit !== 'probability') || data.kind === 'heatmap') return;
            let from = 0;
            for (const { to, total, columns } of groupsOf(data)) {
              if (!total) continue;
              const rows = data.rows.slice(from, to);
              from = to;
              if (columns && !columns.includes(id)) continue;
              const sum = rows.reduce((all, row) => all + (typeof row[c] === 'number' ? row[c] : 0), 0);
              expect(sum, `${data.kind}, column ${id}`).toBeCloseTo(1, 6);
            }
          });
          if (data.kind !== 'heatmap') continue;
          for (const row of data.rows) {
            const numbers = row.filter((cell): cell is number => typeof cell === 'number');
            expect(numbers.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
          }
        }
      }),
      few,
    );
  });

  it('is a real table with a head for every row and column, and says what is missing', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        for (const data of figuresOf(pattern)) {
          const { document } = parseHTML(`<html><body>${tableHtml(data)}</body></html>`);
          const rows = [...document.querySelectorAll('tbody:not(.total) tr:not(.sub)')];
          expect(rows.length).toBe(data.rows.length);
          for (const row of rows) expect(row.firstElementChild!.getAttribute('scope')).toBe('row');
          for (const head of document.querySelectorAll('thead th')) expect(head.getAttribute('scope')).toBe('col');
          for (const cell of document.querySelectorAll('td.none')) expect(cell.textContent).toMatch(/not |unknown /);
        }
      }),
      few,
    );
  });

  it('never says 0 of a word that is not known', () => {
    const [pattern] = fc.sample(patterns, { numRuns: 1, seed: 7 });
    const data = figuresOf(pattern).find(({ kind }) => kind === 'next-word')!;
    const unheard = data.rows.find(([word]) => word === 'unheard')!;
    expect(unheard.slice(1)).toEqual([null, null, null]);
    expect(data.columns.slice(1).map(({ empty }) => empty)).toEqual(['not listed', 'unknown word', 'unknown word']);
  });
});

describe('what stands around a picture', () => {
  it('escapes text and sets *words* in italics', () => {
    const [pattern] = fc.sample(patterns, { numRuns: 1, seed: 8 });
    const data = { ...arcsData(ask, pattern, world, name), notice: 'Look at *was* <b>.' };
    expect(noticeHtml(data)).toContain('Look at <i>was</i> &lt;b&gt;.');
    expect(badgeHtml(data, () => undefined)).toContain('<b>Learned</b> · Easel, layer 2, head 3');
    const linked = badgeHtml(data, (word) => `/glossary/#${word}`);
    expect(linked).toContain('<b><a href="/glossary/#Learned">Learned</a></b> · Easel, layer 2, head 3');
  });
});

describe('colours', () => {
  const styles = join(import.meta.dirname, '../src/styles');

  it('of files are those of pages', () => {
    const css = readFileSync(join(styles, 'tokens.css'), 'utf8');
    const dark = css.indexOf(':root[data-theme="dark"] {');
    const print = css.indexOf('@media print');
    const parts = {
      light: css.slice(0, dark),
      dark: css.slice(dark, print > dark ? print : undefined),
    };
    for (const theme of ['light', 'dark'] as const) {
      for (const [variable, colour] of Object.entries(palette[theme])) {
        if (variable.startsWith('font-')) continue;
        expect(parts[theme], `--${variable} in the ${theme} theme`).toContain(`--${variable}: ${colour};`);
      }
    }
  });

  it('and rules of marks are one list, in styles/figures/marks.css and in files', () => {
    const css = readFileSync(join(styles, 'figures/marks.css'), 'utf8');
    const squeeze = (text: string) => text.replace(/\s+/g, ' ').replace(/, /g, ',').trim();
    const from = css.indexOf('compares the two. */') + 'compares the two. */'.length;
    expect(squeeze(css.slice(from))).toBe(squeeze(marks));
  });

  it('that a palette lacks are not let through', () => {
    expect(withPalette('a { fill: var(--ink) }', 'dark')).toBe('a { fill: #e9eee9 }');
    expect(() => withPalette('a { fill: var(--rainbow) }', 'light')).toThrow('No colour --rainbow');
  });
});
