/** The record of every figure's numbers, the tolerance against float64, and the files that carry a table. */
import { describe, expect, it } from 'vitest';
import type { FigureData } from '../src/figures/figure-data.ts';
import { csvOf, jsonOf } from '../src/figures/files.ts';
import { guessData } from '../src/figures/guess.ts';
import { quote } from '../src/figures/quote.ts';
import { compareRecord, recordFigure, writeRecord } from '../src/figures/record.ts';
import { compareTables, tolerance } from '../src/figures/tolerance.ts';

function figure(rows: FigureData['rows']): FigureData {
  return {
    kind: 'arcs',
    name: 'was',
    title: 'Where does *was* look?',
    caption: 'One head.',
    series: [{ id: 'weight', label: 'Weight', provenance: 'learned', source: 'Easel, layer 1, head 1' }],
    columns: [
      { id: 'word', label: 'Word', unit: 'word' },
      { id: 'weight', label: 'Weight', unit: 'weight', series: 'weight', empty: 'not read yet' },
      { id: 'bits', label: 'Bits', unit: 'bits' },
    ],
    rows,
    notice: 'Look.',
    detail: {},
  };
}

const rows: FigureData['rows'] = [
  ['beautiful', 0.734, 120],
  ['ugly', 0.086, 3],
  ['cat', 0.176, 4],
  ['the', 0.004, 0],
  ['woman', null, null],
];
const was = figure(rows);
const withCell = (row: number, column: number, value: FigureData['rows'][0][0]) =>
  figure(rows.map((cells, r) => cells.map((cell, c) => (r === row && c === column ? value : cell))));

describe('the tolerance', () => {
  it('is absolute for weights, and of the largest entry for anything else', () => {
    expect(compareTables(was, was)).toEqual({ largest: 0, outside: [] });
    expect(compareTables(withCell(0, 1, 0.734 + 0.9 * tolerance), was).outside).toEqual([]);
    expect(compareTables(withCell(0, 1, 0.734 + 1.1 * tolerance), was).outside).toHaveLength(1);
    expect(compareTables(withCell(1, 2, 3 + 110 * tolerance), was).outside).toEqual([]);
    expect(compareTables(withCell(1, 2, 3 + 130 * tolerance), was).outside).toHaveLength(1);
  });

  it('has no room for other words, other rows, or what is not a number', () => {
    expect(compareTables(withCell(2, 0, 'dog'), was).outside).toEqual([expect.stringContaining("'dog'")]);
    expect(compareTables(figure(rows.slice(1)), was).outside).toHaveLength(1);
    expect(compareTables(withCell(0, 1, Number.NaN), was).outside).toHaveLength(1);
    expect(compareTables(withCell(4, 1, 0), was).outside).toHaveLength(1);
  });
});

describe('the record', () => {
  const record = { 'lessons/x#was': recordFigure(was) };
  const moved = (data: FigureData) => compareRecord(record, new Map([['lessons/x#was', data]]), true);

  it('holds four decimals, a line for each row, and reads back as it was', () => {
    const text = writeRecord(record);
    expect(JSON.parse(text)).toEqual(record);
    expect(text.split('\n').filter((line) => /^ {6}\[/.test(line))).toHaveLength(rows.length);
    expect(recordFigure(withCell(0, 1, 0.73404)).rows[0][1]).toBe(0.734);
  });

  it('is content with what rounds to the same', () => {
    expect(moved(was)).toEqual([]);
    expect(moved(withCell(0, 1, 0.73404))).toEqual([]);
  });

  it('says which figure moved, and by how much', () => {
    const [line, ...more] = moved(withCell(0, 1, 0.7361));
    expect(line).toBe("lessons/x#was moved in 1 number; it is 'beautiful', weight: 0.7340 → 0.7361 (+0.0021)");
    expect(more).toEqual([]);
  });

  it('says when words, rows, columns or figures changed', () => {
    expect(moved(withCell(2, 0, 'dog'))).toEqual([expect.stringMatching(/row 3 was cat.*is now dog/)]);
    expect(moved(figure(rows.slice(1)))).toEqual([expect.stringMatching(/had 5 rows, has now 4/)]);
    expect(compareRecord(record, new Map(), true)).toEqual([expect.stringMatching(/no page declares it/)]);
    expect(compareRecord({}, new Map([['lessons/x#was', was]]), true)).toEqual([
      expect.stringMatching(/not in the record/),
    ]);
  });
});

describe('files', () => {
  it('are CSV as RFC 4180 has it', () => {
    const odd = figure([['a "word", so', 1, null]]);
    expect(csvOf(odd)).toBe('word,weight,bits\r\n"a ""word"", so",1,\r\n');
  });

  it('are JSON that holds the whole value', () => {
    expect(JSON.parse(jsonOf(was))).toEqual(was);
  });
});

describe('prose', () => {
  it('says a number as the picture does: percentages that add up', () => {
    const percents = ['beautiful', 'ugly', 'cat', 'the'].map((word) => quote(was, word, 'weight'));
    expect(percents).toEqual(['73\u00a0%', '9\u00a0%', '18\u00a0%', 'less than 1\u00a0%']);
    expect(quote(was, 'cat', 'weight', 'decimal')).toBe('.176');
    expect(quote(was, 'cat', 'bits')).toBe('4.0');
  });

  it('cannot quote what is not there', () => {
    expect(() => quote(was, 'dog', 'weight')).toThrow(/no row 'dog'/);
    expect(() => quote(was, 'woman', 'weight')).toThrow(/not read yet/);
  });
});

describe('a guess', () => {
  it('is judged by the numbers, and says whose they are', () => {
    const { choices, best, who } = guessData(was, { choices: ['ugly', 'beautiful'] });
    expect(choices.map(({ word, said }) => `${word} ${said}`)).toEqual(['ugly 9\u00a0%', 'beautiful 73\u00a0%']);
    expect([best.word, who]).toEqual(['beautiful', 'the model']);
  });

  it('says bits as bits', () => {
    expect(guessData(was, { choices: ['cat', 'beautiful'], column: 'bits' }).choices[0].said).toBe('4.0\u00a0bits');
  });

  it('may offer a word that has no number', () => {
    const { choices, best } = guessData(was, { choices: ['woman', 'beautiful'], column: 'weight' });
    expect(choices[0].said).toBe('nothing (not read yet)');
    expect(best.word).toBe('beautiful');
  });

  it('can be judged by a row of a square table', () => {
    const columns = ['start', 'very', 'lovely'].map((id) => ({
      id,
      label: id,
      unit: 'weight' as const,
      series: 'weight',
      empty: 'not read yet',
    }));
    const square: FigureData = {
      ...was,
      columns: [{ id: 'word', label: 'Word that looks', unit: 'word' }, ...columns],
      rows: [
        ['start', 1, null, null],
        ['very', 0.6, 0.4, null],
        ['lovely', 0.2, 0.5, 0.3],
      ],
    };
    expect(guessData(square, { row: 'lovely', choices: ['start', 'very'] }).best.word).toBe('very');
    expect(guessData(square, { row: 'very', choices: ['start', 'lovely'] }).choices.map(({ said }) => said)).toEqual([
      '60\u00a0%',
      'nothing (not read yet)',
    ]);
    expect(() => guessData(square, { row: 'very', choices: ['very', 'lovely'] })).toThrow(/'start' has more/);
  });

  it('offers the right answer', () => {
    expect(() => guessData(was, { choices: ['ugly', 'cat'] })).toThrow(/'beautiful' has more/);
    expect(() => guessData(withCell(1, 1, 0.734), { choices: ['ugly', 'beautiful'] })).toThrow(/share the lead/);
  });
});
