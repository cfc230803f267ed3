/** How numbers are said: percentages that add up, digits that are earned, and sentences that are true of their rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeOfSteps } from '../src/figures/narrowing-notice.ts';
import { noticeOfOdds, type OddsColumn } from '../src/figures/next-word-data.ts';
import { rounded, sayDecimal, sayPerMillion, sayShare, wholePercents } from '../src/figures/numbers.ts';
import { noticeOfPattern, noticeOfRow } from '../src/figures/pattern.ts';
import { findWord, wordNames } from '../src/figures/text.ts';

/** Positive parts of 1, some of them tiny, as a softmax gives them. */
const shares = (most: number) =>
  fc.array(fc.double({ min: -9, max: 4, noNaN: true }), { minLength: 1, maxLength: most }).map((scores) => {
    const parts = scores.map(Math.exp);
    const sum = parts.reduce((a, b) => a + b, 0);
    return parts.map((part) => part / sum);
  });

const lexicon = ['cat', 'woman', 'ugly', 'beautiful', 'was', 'a', 'the', 'with'];
/** A text with the start before it, and a row of weights for its last word. */
const rows = shares(12)
  .filter((row) => row.length > 1)
  .chain((row) =>
    fc
      .array(fc.constantFrom(...lexicon), { minLength: row.length - 1, maxLength: row.length - 1 })
      .map((words) => ({ words: ['start', ...words], row })),
  );

describe('percentages shown together', () => {
  it('add up to 100, and none is a point off', () => {
    fc.assert(
      fc.property(shares(30), (row) => {
        const percents = wholePercents(row);
        expect(percents.reduce((a, b) => a + b, 0)).toBe(100);
        percents.forEach((percent, i) => {
          expect(Math.abs(percent - row[i] * 100)).toBeLessThan(1);
        });
      }),
    );
  });

  it('keep the order of the shares', () => {
    fc.assert(
      fc.property(shares(30), (row) => {
        const percents = wholePercents(row);
        for (let i = 1; i < row.length; i++) {
          if (row[i] > row[i - 1]) expect(percents[i]).toBeGreaterThanOrEqual(percents[i - 1]);
        }
      }),
    );
  });

  it('lift the largest fractions', () => {
    expect(wholePercents([0.335, 0.335, 0.33])).toEqual([34, 33, 33]);
    expect(wholePercents([0.006, 0.994])).toEqual([1, 99]);
    expect(wholePercents([1])).toEqual([100]);
    expect(wholePercents([])).toEqual([]);
  });
});

describe('a number by itself', () => {
  it('has three decimals in tables, and never reads as nothing', () => {
    expect([0.42, 1, 0, 0.0004, 0.0006, 0.9996].map(sayDecimal)).toEqual(['.420', '1', '0', 'below .001', '.001', '1']);
  });

  it('counts the rare in parts per million', () => {
    expect([0.0002, 3e-6, 2e-7, 1e-9, 0].map(sayPerMillion)).toEqual(['200', '3', '0.2', 'below 0.1', '0']);
  });

  it('says a share with the digits it deserves', () => {
    expect([1, 0.75, 0.0771, 0.00062, 0, 0.99999, 0.997].map(sayShare)).toEqual(
      ['100', '75', '7.7', '0.062', '0', 'above 99.9', '99.7'].map((digits) => `${digits}\u00a0%`),
    );
  });

  it('is written to eight decimals without a minus zero', () => {
    expect(rounded(0.123456789)).toBe(0.12345679);
    expect(Object.is(rounded(-1e-12), 0)).toBe(true);
  });
});

describe('words of a text', () => {
  it('are counted where they come back', () => {
    expect(wordNames(['was', 'a', 'was'])).toEqual(['was 1', 'a', 'was 2']);
  });

  it('are found by name: the last, or the one that is counted', () => {
    const words = ['start', 'was', 'a', 'was'];
    expect([findWord(words, 'was'), findWord(words, 'was 1'), findWord(words, 'start')]).toEqual([3, 1, 0]);
    expect(() => findWord(words, 'cat')).toThrow("expected one of start, was 1, a, was 2, but 'cat' came");
    expect(() => findWord(words, 'was 3')).toThrow(/expected one of/);
  });
});

/** 'X %' for every percentage that a sentence quotes. */
const quoted = (sentence: string) => [...sentence.matchAll(/(\d+)\u00a0%/g)].map((match) => Number(match[1]));

describe('what a row shows', () => {
  it('is true of the row', () => {
    fc.assert(
      fc.property(rows, ({ words, row }) => {
        const sentence = noticeOfRow(words, row);
        const percents = wholePercents(row);
        const most = Math.max(...row);
        for (const percent of quoted(sentence)) {
          expect(sentence.includes('less than 1') || percents.includes(percent)).toBe(true);
        }
        if (sentence.startsWith('All of')) expect(most).toBeGreaterThan(0.99);
        else if (sentence.startsWith('Nearly all')) expect(most).toBeGreaterThan(0.89);
        else if (sentence.startsWith('More than half')) expect(most).toBeGreaterThan(0.5);
        else if (sentence.startsWith('Half')) expect(Math.abs(most - 0.5)).toBeLessThan(0.01);
        else if (sentence.startsWith('No word wins')) {
          const sorted = [...row].sort((a, b) => b - a);
          expect(sorted[0] - sorted[1]).toBeLessThan(0.07);
        } else {
          expect(sentence).toMatch(/^The largest share .* Nothing has more than half\./);
          expect(most).toBeLessThan(0.5);
        }
        const back = /stands (\d+) places back/.exec(sentence);
        if (back) expect(row[row.length - 1 - Number(back[1])]).toBe(most);
        expect(sentence).not.toMatch(/undefined|NaN/);
      }),
    );
  });

  it('has nothing to choose at the start', () => {
    expect(noticeOfRow(['start'], [1])).toContain('100\u00a0%');
  });
});

describe('what a staircase shows', () => {
  const patterns = fc
    .array(fc.constantFrom(...lexicon), { minLength: 1, maxLength: 8 })
    .chain((words) =>
      fc
        .tuple(
          ...Array.from({ length: words.length + 1 }, (_, i) => shares(i + 1).filter((row) => row.length === i + 1)),
        )
        .map((weights) => ({ words: ['start', ...words], weights })),
    );

  it('counts what it says it counts', () => {
    fc.assert(
      fc.property(patterns, ({ words, weights }) => {
        const sentence = noticeOfPattern(words, weights, words.length - 1);
        const peak = (row: number[]) => row.lastIndexOf(Math.max(...row));
        const counted =
          /^(\d+) of these (\d+) words look most at (themselves|the place just before them|the start|the second place before them)/.exec(
            sentence,
          );
        if (counted) {
          expect(Number(counted[2])).toBe(words.length - 1);
          const target = (i: number) =>
            ({
              themselves: i,
              'the place just before them': i - 1,
              'the start': 0,
              'the second place before them': i - 2,
            })[counted[3]];
          const many = weights.filter((row, i) => i > 0 && peak(row) === target(i)).length;
          expect(many).toBe(Number(counted[1]));
        }
        expect(sentence).toContain(`${wholePercents(weights.at(-1)!)[peak(weights.at(-1)!)]}\u00a0%`);
        expect(sentence).not.toMatch(/undefined|NaN/);
      }),
    );
  });
});

describe('what odds show', () => {
  const column = (id: string, provenance: 'exact' | 'learned', odds: number[]): OddsColumn => ({
    id,
    label: id,
    provenance,
    source: id,
    empty: 'unknown word',
    odds: new Map(odds.map((p, i) => [lexicon[i], p])),
  });
  const odds = shares(8).filter((row) => row.length === 8);

  it('names the right first word and the widest gap', () => {
    fc.assert(
      fc.property(odds, odds, (truth, model) => {
        const sentence = noticeOfOdds(
          [column('truth', 'exact', truth), column('Easel', 'learned', model)],
          lexicon,
          [],
        );
        const first = (row: number[]) => lexicon[row.indexOf(Math.max(...row))];
        expect(sentence).toContain(`*${first(model)}*`);
        expect(sentence.includes('puts first what the language puts first')).toBe(first(model) === first(truth));
        const widest = /widest gap of the words shown is at \*(\w+)\*/.exec(sentence);
        if (widest) {
          const gaps = truth.map((p, i) => Math.abs(p - model[i]));
          expect(gaps[lexicon.indexOf(widest[1])]).toBe(Math.max(...gaps));
        }
      }),
    );
  });
});

describe('what narrowing shows', () => {
  it('names the largest step, and never claims a fall that is none', () => {
    const steps = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(steps, (factors) => {
        let share = 1;
        const table = [['woman', 1, 0] as (string | number)[]];
        factors.forEach((factor, i) => {
          share *= factor;
          table.push([`step ${i}`, share, -Math.log2(share)]);
        });
        const sentence = noticeOfSteps(table);
        const smallest = Math.min(...factors);
        const named = /largest step is \*step (\d+)\*/.exec(sentence);
        if (named) expect(factors[Number(named[1])]).toBeCloseTo(smallest, 9);
        else expect(smallest).toBeGreaterThan(1 - 1e-6);
        expect(sentence).toContain(sayShare(share));
      }),
    );
  });

  it('says so when a step narrows nothing', () => {
    const sentence = noticeOfSteps([
      ['woman', 1, 0],
      ['a woman', 1, 0],
      ['an ugly woman', 0.25, 2],
    ]);
    expect(sentence).toContain('*A woman* narrows nothing by itself');
    expect(sentence).toContain('4.0 times fewer');
  });

  it('counts no halvings where nobody is left, and none where nothing was said', () => {
    expect(
      noticeOfSteps([
        ['woman', 1, 0],
        ['a very old beautiful woman', 0, null],
      ]),
    ).toBe('Nobody is left after *a very old beautiful woman*: no story introduces anyone who fits that.');
    expect(noticeOfSteps([['woman', 1, 0]])).toBe('*Woman* by itself fits all of them.');
  });
});
