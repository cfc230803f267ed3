/** Numbers that were typed although a figure of the page shows them: found at their place, with the tag to write instead. */
import { describe, expect, it } from 'vitest';
import { checkUses, readPage } from '../src/figures/declarations.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import { valueFor } from '../src/figures/typed-numbers.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld();
const figure = (columns: [id: string, unit: string, provenance: string][], rows: (string | number | null)[][]) =>
  ({
    kind: 'next-word',
    name: 'cat',
    title: 'What?',
    caption: '',
    series: columns.map(([id, , provenance]) => ({ id, label: id, provenance, source: id })),
    columns: [
      { id: 'word', label: 'Word', unit: 'word' },
      ...columns.map(([id, unit]) => ({ id, label: id, unit, series: id })),
    ],
    rows,
    notice: '',
    detail: {},
  }) as unknown as FigureData;

const odds = figure(
  [
    ['hand-made', 'probability', 'hand-made'],
    ['easel', 'probability', 'learned'],
  ],
  [
    ['cat', 0.42, 0.4443],
    ['since', 0.00005, 0],
    ['dog', null, 0.2836],
  ],
);
const bits = figure([['share', 'bits', 'exact']], [['a woman', 3.4567]]);

const cat = `  cat:
    kind: next-word
    title: What?
    caption: One.
    text: there was a cat`;
const mistakesOf = (text: string, data = odds) => {
  const source = `---\ntitle: A page\nfigures:\n${cat}\n---\n\n${text}\n\n<Figure name="cat" />\n`;
  const { page, mistakes } = readPage('lessons/x', 'content/docs/lessons/x.mdx', source, world);
  expect(mistakes).toEqual([]);
  return checkUses(page, new Map([['cat', data]])).map(
    ({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`,
  );
};

describe('a typed number', () => {
  it('that a figure shows is a mistake at its place, with the tag to write', () => {
    expect(mistakesOf('First line.\nIt gives *cat* 44 %, as you see.')).toEqual([
      `content/docs/lessons/x.mdx:12:16  '44 %' is typed, and a figure of the page shows it: write <Value figure="cat" row="cat" column="easel" />, which cannot go stale. If it is another number, write {'44 %'}.`,
    ]);
  });

  it.each(['44%', '44.4 %', '44 per cent', '0.44', '.444', '28 % of all'])('counts as %s', (typed) => {
    expect(mistakesOf(`So much: ${typed}.`)).toHaveLength(1);
  });

  it.each(['42 %', '.42', '0.00005', '45 %', '44', '100 %', '0 %', '1.0', '0.4', '2.44 and 3.444', 'v1.44.2'])(
    'is free as %s: made by hand, another, no share of anything, or too short to know',
    (typed) => {
      expect(mistakesOf(`So much: ${typed}.`)).toEqual([]);
    },
  );

  it.each(['`44 %`', "{'44 %'}", '$$0.444$$', '[link](/x/44%25/)', '\n\n```\n44 %\n```'])(
    'is free in code, formulas, braces and addresses: %s',
    (typed) => {
      expect(mistakesOf(`So much: ${typed}`)).toEqual([]);
    },
  );

  it('is found inside tags and lists, and all of them at once', () => {
    const list = mistakesOf('<Fold title="More">\n\n- one: 44 %\n- two: **28.4 %**\n\n</Fold>');
    expect(list.map((line) => line.slice(0, line.indexOf('  ')))).toEqual([
      'content/docs/lessons/x.mdx:13:8',
      'content/docs/lessons/x.mdx:14:10',
    ]);
    expect(list[1]).toContain('row="dog"');
  });

  it('of bits is known by one decimal, of lists of numbers by two', () => {
    expect(valueFor('3.5', [bits])).toBe('<Value figure="cat" row="a woman" column="share" />');
    expect(valueFor('3.4', [bits])).toBeUndefined();
    const list = figure([['list', 'number', 'learned']], [['woman', -1.284]]);
    expect(valueFor('1.28', [list])).toContain('column="list"');
    expect(valueFor('1.3', [list])).toBeUndefined();
  });

  it('says which of several rows of one name', () => {
    const twice = figure(
      [['weight', 'weight', 'learned']],
      [
        ['was', 0.25],
        ['was', 0.75],
      ],
    );
    expect(valueFor('75 %', [twice])).toBe('<Value figure="cat" row="was 2" column="weight" />');
  });

  it('counts as the strip rounds it, together with the others', () => {
    const thirds = figure(
      [['weight', 'weight', 'learned']],
      [
        ['a', 0.335],
        ['b', 0.335],
        ['c', 0.33],
      ],
    );
    expect(valueFor('34 %', [thirds])).toContain('row="a"');
  });
});
