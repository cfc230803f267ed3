/** Every kind of figure from its declaration to its numbers, on a small untrained model, in both precisions. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import type { BaseDeclaration } from '../src/figures/kind.ts';
import { kindByName, kinds } from '../src/figures/kinds.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { arcsData, heatmapData, readPattern } from '../src/figures/pattern.ts';
import { createWorld } from '../src/figures/world.ts';
import { trueNextWord } from '../src/language/language.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { openModel } from '../src/model/open.ts';
import { inventedCalibration, inventedLog, inventedMoments, untrainedModel, untrainedRoles } from './untrained.ts';

const model = openModel(untrainedModel(3).buffer);
const heads = { adjective: { layer: 2, head: 1 } };
const parts = { model, heads, training: inventedLog, calibration: inventedCalibration, moments: inventedMoments };
const world = createWorld({ ...parts, attend: plain });
const exactWorld = createWorld({ ...parts, attend: reference, precision: 'float64' });

const text = 'there was a beautiful woman with an ugly';
const base = { title: 'What could come next?', caption: 'A test.' };
const declarations = {
  apart: {
    kind: 'apart',
    ...base,
    words: ['bank', 'was'],
    texts: [
      { say: 'by the river', text: 'anna sat by the river . the bank was' },
      { say: 'short of money', text: 'anna needed money . the bank was' },
    ],
  },
  arcs: { kind: 'arcs', ...base, text, role: 'adjective', word: 'woman', next: 4 },
  heatmap: { kind: 'heatmap', ...base, text, layer: 1, head: 2, word: 'ugly' },
  heads: { kind: 'heads', ...base, text, role: 'adjective', word: 'woman' },
  vectors: { kind: 'vectors', ...base, text, words: ['woman', 'ugly'], show: ['bare', 'layer 2'] },
  steps: { kind: 'steps', ...base, text, role: 'adjective', word: 'woman', at: 'beautiful' },
  blend: { kind: 'blend', ...base, text, layer: 1, head: 2, space: 'word' },
  arrows: { kind: 'arrows', ...base, query: { cat: [1, 0.5] }, keys: { ugly: [1.5, 1], with: [-0.2, 1] } },
  products: { kind: 'products', ...base, text, role: 'adjective', word: 'woman', at: 'beautiful' },
  spread: { kind: 'spread', ...base, lengths: [2, 16], draws: 50 },
  added: { kind: 'added', ...base, word: 'cat', before: [0.1, -0.2], after: [0.4, 0.3] },
  resolution: { kind: 'resolution', ...base, sprites: [32, 48] },
  rotation: { kind: 'rotation', ...base, text, role: 'adjective', word: 'woman', at: 'there' },
  compare: { kind: 'compare', ...base, text, other: text.replace('woman', 'man'), role: 'adjective', next: 3 },
  'next-word': {
    kind: 'next-word',
    ...base,
    text,
    columns: ['hand-made', 'exact', 'easel'],
    words: ['since'],
    handMade: { cat: 0.42, dog: 0.28, since: 0.00005 },
  },
  training: { kind: 'training', ...base, show: 'gap', aim: 0.02 },
  moments: { kind: 'moments', ...base, text, role: 'adjective', next: 2, words: ['ugly'] },
  pupil: { kind: 'pupil', ...base, sentence: 'there was a tall woman with a cat . one was', steps: 8 },
  calibration: { kind: 'calibration', ...base },
  scatter: { kind: 'scatter', ...base, classes: ['animals', 'colours'], words: ['woman', 'man'] },
  narrowing: {
    kind: 'narrowing',
    ...base,
    noun: 'woman',
    steps: [
      { say: 'woman' },
      { say: 'a beautiful woman', modifiers: ['a', 'beautiful'] },
      { say: 'a very beautiful woman', modifiers: ['a', 'very beautiful'] },
    ],
  },
} as const;

const compute = (declaration: unknown, on = world) => {
  const kind = kindByName.get((declaration as BaseDeclaration).kind)!;
  return kind.compute(kind.schema.parse(declaration), on, 'fig');
};

describe('every kind', () => {
  it('has a declaration in this test', () => {
    expect(kinds.map(({ name }) => name).sort()).toEqual(Object.keys(declarations).sort());
  });

  it('has an island where it says so, and nowhere else', () => {
    const islands = globSync('*.ts', { cwd: join(import.meta.dirname, '../src/islands/kinds') });
    expect(islands.sort()).toEqual(kinds.flatMap(({ name, alive }) => (alive ? [`${name}.ts`] : [])).sort());
  });

  it('has an example in the page for authors, which can be computed', async () => {
    const page = readFileSync(join(import.meta.dirname, '../content/docs/reference/writing-a-lesson.mdx'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n(figures:\n[\s\S]*?)^```$/gm)].map(([, yaml]) => yaml);
    const examples = blocks.flatMap((yaml) => Object.values(parse(yaml).figures as Record<string, BaseDeclaration>));
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(kinds.map(({ name }) => name).sort());
    for (const example of examples)
      await compute(example, createWorld({ ...parts, heads: untrainedRoles, attend: plain }));
  });

  it.each(Object.keys(declarations) as (keyof typeof declarations)[])('%s is strict about its fields', (name) => {
    const { schema } = kindByName.get(name)!;
    expect(schema.safeParse(declarations[name]).success).toBe(true);
    expect(schema.safeParse({ ...declarations[name], colour: 'red' }).success).toBe(false);
    expect(schema.safeParse({ ...declarations[name], title: 'No question' }).success).toBe(false);
  });

  it.each(Object.keys(declarations) as (keyof typeof declarations)[])(
    '%s gives JSON with the same numbers in float32 and float64',
    async (name) => {
      const [single, double] = [await compute(declarations[name]), await compute(declarations[name], exactWorld)];
      expect(JSON.parse(JSON.stringify(single))).toEqual(single);
      expect(single.rows.length).toBe(double.rows.length);
      single.rows.forEach((row, r) => {
        expect(row.length).toBe(single.columns.length);
        row.forEach((cell, c) => {
          const other = double.rows[r][c];
          if (typeof cell === 'number') expect(Math.abs(cell - (other as number))).toBeLessThan(1e-5);
          else expect(cell).toBe(other);
        });
      });
      expect(single.columns.every(({ series }) => !series || single.series.some(({ id }) => id === series))).toBe(true);
      expect(single.notice.length).toBeGreaterThan(20);
    },
  );
});

describe('arcs', () => {
  it('holds the row of the head that the model computed', async () => {
    const data = await compute(declarations.arcs);
    const { ids } = model.tokenizer.encode(text);
    const trace = await world.run(ids);
    const n = ids.length;
    const row = trace.layers[1].attention.weights.slice(5 * n, 5 * n + 6);
    data.rows.slice(0, 6).forEach((cells, i) => {
      expect(cells[2]).toBeCloseTo(row[i], 6);
    });
    expect(data.rows.slice(6, n).every((cells) => cells[2] === null)).toBe(true);
    expect(data.rows[0][0]).toBe('start');
    expect(data.detail).toMatchObject({ looking: 5, layer: 2, head: 1 });
    expect(cellAt(data, 'beautiful', 'weight')).toBe(data.rows[4][2]);
  });

  it('and heatmap are the same numbers', async () => {
    const ask = { ...base, text, role: 'adjective' };
    const pattern = await readPattern(ask, world);
    const [strip, stairs] = [arcsData(ask, pattern, world, 'a'), heatmapData(ask, pattern, world, 'b')];
    expect(stairs.rows.at(-1)!.slice(1)).toEqual(strip.rows.map((row) => row[2]));
  });
});

describe('next-word', () => {
  it('holds what the language says, and 0 for a word that cannot come', async () => {
    const truth = trueNextWord(text.split(' '));
    const never = vocabulary.find((word, id) => id > 0 && !truth.has(word))!;
    const data = await compute({ ...declarations['next-word'], words: ['since', never] });
    for (const word of ['cat', 'dog', 'since', never]) {
      expect(cellAt(data, word, 'exact')).toBeCloseTo(truth.get(word) ?? 0, 8);
      expect(cellAt(data, word, 'easel')).toBeGreaterThan(0);
    }
    expect(cellAt(data, never, 'exact')).toBe(0);
    expect(cellAt(data, never, 'hand-made')).toBe(null);
    expect(cellAt(data, 'cat', 'hand-made')).toBe(0.42);
    expect(data.detail.vocabulary).toEqual({ exact: vocabulary.length, easel: vocabulary.length });
  });
});

describe('narrowing', () => {
  it('starts at everyone and never widens', async () => {
    const data = await compute(declarations.narrowing);
    const shares = data.rows.map((row) => row[1] as number);
    expect(shares[0]).toBe(1);
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeLessThan(shares[i - 1]);
    data.rows.forEach(([, share, bits]) => {
      expect(2 ** -(bits as number)).toBeCloseTo(share as number, 6);
    });
  });
});

describe('a declaration that cannot be', () => {
  const wrong: [string, object, RegExp][] = [
    ['an unknown word', { ...declarations.arcs, text: 'there was a beautifull woman' }, /'beautifull'.*beautiful/],
    ['an unknown role', { ...declarations.arcs, role: 'chef' }, /expected one of adjective, but 'chef' came/],
    ['a role and numbers', { ...declarations.arcs, layer: 1, head: 1 }, /not both/],
    ['no head', { ...declarations.arcs, role: undefined }, /by its role or by layer and head/],
    ['a head too many', { ...declarations.heatmap, head: 3 }, /expected 1 to 2, but 3 came/],
    ['a word that is not in the text', { ...declarations.arcs, word: 'dog' }, /expected one of start, there, was/],
    ['a text that is too long', { ...declarations.heatmap, text: 'a '.repeat(40) }, /at most 31 words, but 40 came/],
    ['a text outside the language', { ...declarations['next-word'], text: 'ugly ugly since' }, /never says/],
    [
      'a modifier that is none',
      { ...declarations.narrowing, steps: [{ say: 'woman' }, { say: 'x', modifiers: ['since'] }] },
      /number 2.*no modifier/,
    ],
    [
      'a modifier that is nearly one',
      { ...declarations.narrowing, steps: [{ say: 'woman' }, { say: 'x', modifiers: ['beutiful'] }] },
      /number 2.*Did you mean 'beautiful'\?/,
    ],
    ['a noun that nobody describes', { ...declarations.narrowing, noun: 'womn' }, /noun.*Did you mean 'woman'\?/],
  ];
  it.each(wrong)('says so: %s', async (_, declaration, message) => {
    await expect(compute(declaration)).rejects.toThrow(message);
  });

  it('is caught by the schema: numbers above 1, a column without its numbers', () => {
    const { schema } = kindByName.get('next-word')!;
    const problems = (declaration: object) =>
      schema.safeParse(declaration).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    const nextWord = declarations['next-word'];
    expect(problems({ ...nextWord, handMade: { cat: 0.7, dog: 0.6 } })?.[0]).toMatch(/handMade adds up to 1.29/);
    expect(problems({ ...nextWord, handMade: undefined })?.[0]).toMatch(/handMade is missing/);
    expect(problems({ ...nextWord, columns: ['easel'] })?.[0]).toMatch(/columns must list 'hand-made'/);
  });
});
