/**
 * Figures of the arithmetic of attention: arrows, products, spread, added, and a blend with other weights. Their numbers are
 * held against the sums written out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeOfAdded } from '../src/figures/added.ts';
import { arrowsData, arrowsOf, noticeOfArrows, weigh } from '../src/figures/arrows-data.ts';
import { shareOut, withWeights } from '../src/figures/blend-data.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import type { BaseDeclaration } from '../src/figures/kind.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { softmax } from '../src/figures/list-arithmetic.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { wholePercents } from '../src/figures/numbers.ts';
import { spreadOf } from '../src/figures/spread-data.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld(5, 2);
const { headDim } = world.model.config;
const text = 'there was a beautiful woman with an ugly cat';
const base = { title: 'What goes on in there?', caption: 'A test.' };
const compute = (declaration: object) => {
  const kind = kindByName.get((declaration as BaseDeclaration).kind)!;
  return kind.compute(kind.schema.parse({ ...base, ...declaration }), world, 'fig');
};
const problems = (declaration: object) => {
  const { schema } = kindByName.get((declaration as BaseDeclaration).kind)!;
  return schema.safeParse({ ...base, ...declaration }).error?.issues.map(({ message }) => message);
};
const column = (data: FigureData, id: string, from = 0, to = data.rows.length) => {
  const c = data.columns.findIndex((one) => one.id === id);
  return data.rows.slice(from, to).map((row) => row[c] as number);
};
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const number = fc.double({ min: -2, max: 2, noNaN: true }).map((x) => Math.round(x * 100) / 100 + 0);
const arrow = fc.tuple(number, number);
const arrows = fc.record({
  word: fc.constant('cat'),
  query: arrow,
  keys: fc
    .array(arrow, { minLength: 2, maxLength: 5 })
    .map((lists) => lists.map((list, i) => ({ word: ['a', 'very', 'ugly', 'cat', 'was'][i], list }))),
  temperature: fc.double({ min: 0.1, max: 4, noNaN: true }),
});

describe('softmax', () => {
  it('makes shares of one whole that keep the order, and of one score always 1', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1 }), (scores) => {
        const weights = softmax(scores);
        expect(sum(weights)).toBeCloseTo(1, 10);
        if (scores.length === 1) expect(weights).toEqual([1]);
        scores.forEach((score, i) => {
          if (score < scores[0]) expect(weights[i]).toBeLessThanOrEqual(weights[0]);
        });
      }),
    );
    expect(softmax([3, 1])[0] / softmax([3, 1])[1]).toBeCloseTo(Math.E ** 2, 10);
  });
});

describe('arrows', () => {
  it('are multiplied, added, divided by √2 and shared out', async () => {
    const data = await compute({
      kind: 'arrows',
      query: { cat: [1, 0.5] },
      keys: { ugly: [2, 1], with: [-0.5, 1], an: [0, -1] },
      temperature: 0.5,
    });
    expect(column(data, 'score', 0, 3)).toEqual([2.5, 0, -0.5]);
    const parts = [2.5, 0, -0.5].map((score) => Math.exp(score / Math.SQRT2 / 0.5));
    column(data, 'weight', 0, 3).forEach((weight, k) => {
      expect(weight).toBeCloseTo(parts[k] / sum(parts), 6);
    });
    expect(cellAt(data, 'ugly', 'first')).toBe(2);
    expect(data.notice).toContain('*ugly*');
  });

  it('come back out of their table as they went in', () => {
    fc.assert(
      fc.property(arrows, (all) => {
        expect(arrowsOf(arrowsData(base, all, 'fig'))).toEqual(all);
      }),
    );
  });

  it('say which key gets most and which least, in the percentages of the table', () => {
    fc.assert(
      fc.property(arrows, (all) => {
        const sentence = noticeOfArrows(all);
        expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
        const { weights } = weigh(all);
        const percents = wholePercents(weights);
        const said = [...sentence.matchAll(/(\d+)\u00a0%/g)].map((match) => Number(match[1]));
        expect(said[0]).toBe(Math.max(...percents));
        if (percents.some((p) => p !== percents[0])) {
          expect(sentence).toContain(`*${all.keys[weights.indexOf(Math.max(...weights))].word}*`);
        }
      }),
    );
  });

  it('do not leave the picture, and ask for at least two keys', () => {
    const one = { kind: 'arrows', query: { cat: [1, 0] } };
    expect(problems({ ...one, keys: { ugly: [3, 3], an: [1, 1] } })?.[0]).toMatch(/longer than 2.8/);
    expect(problems({ ...one, keys: { ugly: [1, 1] } })?.[0]).toMatch(/two to five/);
  });
});

describe('products', () => {
  it('of typed lists: the notebook’s numbers, and the weight of a score that is alone', async () => {
    const data = await compute({ kind: 'products', query: [0.952, 0.123, 0.443], key: [0.824, -0.234, 0.385] });
    expect(cellAt(data, 'dot product', 'score')).toBeCloseTo(0.784448 - 0.028782 + 0.170555, 8);
    expect(cellAt(data, 'divided', 'score')).toBeCloseTo(0.926221 / Math.sqrt(3), 8);
    expect(cellAt(data, 'softmax', 'weight')).toBe(1);
    expect(data.series[0].provenance).toBe('hand-made');
  });

  it('of a head add up to its score', async () => {
    const data = await compute({ kind: 'products', text, layer: 2, head: 2, word: 'woman', at: 'was' });
    const trace = await world.run(world.model.tokenizer.encode(text).ids);
    const cell = (10 + 5) * 10 + 2;
    const { to } = data.groups![0];
    expect(to).toBe(headDim);
    expect(sum(column(data, 'product', 0, to))).toBeCloseTo(trace.layers[1].attention.scores[cell], 5);
    expect(cellAt(data, 'divided', 'score')).toBeCloseTo(trace.layers[1].attention.scaled[cell], 6);
    expect(cellAt(data, 'softmax', 'weight')).toBeCloseTo(trace.layers[1].attention.weights[cell], 6);
  });

  it('are refused where a declaration means nothing', async () => {
    expect(problems({ kind: 'products', query: [1, 2], key: [1] })?.[0]).toMatch(/same length/);
    expect(problems({ kind: 'products', query: [1, 2] })?.[0]).toMatch(/a query and a key/);
    const ahead = compute({ kind: 'products', text, layer: 1, head: 1, word: 'woman', at: 'cat' });
    await expect(ahead).rejects.toThrow(/comes after 'woman'/);
  });
});

describe('spread', () => {
  it('grows with the root of the length, and is about 1 when divided by it', () => {
    for (const length of [1, 4, 64]) {
      const { raw, divided } = spreadOf(length, 8, 1000, 3);
      expect(raw / Math.sqrt(length)).toBeGreaterThan(0.9);
      expect(raw / Math.sqrt(length)).toBeLessThan(1.1);
      expect(divided).toBeCloseTo(raw / Math.sqrt(length), 10);
    }
  });

  it('gives the winner more the longer the lists, unless it is divided', () => {
    const [short, long] = [2, 64].map((length) => spreadOf(length, 8, 1000, 3));
    expect(long.undividedWeights[0]).toBeGreaterThan(short.undividedWeights[0] + 0.3);
    expect(Math.abs(long.dividedWeights[0] - short.dividedWeights[0])).toBeLessThan(0.1);
    for (const weights of [short.undividedWeights, long.dividedWeights]) {
      expect(sum(weights)).toBeCloseTo(1, 8);
      expect(weights).toEqual([...weights].sort((a, b) => b - a));
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(spreadOf(4, 3, 20, 9)).toEqual(spreadOf(4, 3, 20, 9));
    expect(spreadOf(4, 3, 20, 9)).not.toEqual(spreadOf(4, 3, 20, 10));
  });
});

describe('added', () => {
  it('is what lies between before and after', async () => {
    const data = await compute({ kind: 'added', word: 'cat', before: [0.1, -0.3, 0], after: [0.5, -0.3, -2] });
    expect(column(data, 'added')).toEqual([0.4, 0, -2]);
    expect(noticeOfAdded([0.1, 0], [0.4, -2], [0.5, -2])).toContain('place 2');
    expect(problems({ kind: 'added', word: 'cat', before: [1], after: [1, 2] })?.[0]).toMatch(/same length/);
  });
});

describe('a blend', () => {
  it.each(['head', 'word'])('with the weights it has is the same figure, in the space of the %s', async (space) => {
    const data = await compute({ kind: 'blend', text, layer: 2, head: 1, word: 'woman', space });
    const same = withWeights(data, column(data, 'weight', 0, 6));
    expect(same.notice).toBe(data.notice);
    same.rows.forEach((row, r) => {
      row.forEach((cell, c) => {
        const other = data.rows[r][c];
        if (typeof cell === 'number') expect(cell).toBeCloseTo(other as number, 6);
        else expect(cell).toBe(other);
      });
    });
  });

  it('that looks at one word alone is that word’s value', async () => {
    const data = await compute({ kind: 'blend', text, layer: 1, head: 2, word: 'woman' });
    const alone = withWeights(data, [0, 0, 0, 0, 1, 0]);
    const { to } = data.groups![0];
    expect(column(alone, 'after', to)).toEqual(column(data, 'value of beautiful', to));
    expect(cellAt(alone, 'beautiful', 'likeness')).toBeCloseTo(1, 6);
    expect(cellAt(alone, 'beautiful', 'share')).toBe(1);
  });

  it('shares out what one weight leaves over, in the proportions there were', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }).map((all) => {
      const whole = sum(all);
      return whole > 0 ? all.map((w) => w / whole) : all.map(() => 1 / all.length);
    });
    fc.assert(
      fc.property(weights, fc.nat(), fc.integer({ min: 0, max: 100 }), (all, pick, percent) => {
        const at = pick % all.length;
        const shared = shareOut(all, at, percent / 100);
        expect(sum(shared)).toBeCloseTo(1, 8);
        if (all.length > 1) expect(shared[at]).toBe(percent / 100);
        for (const weight of shared) expect(weight).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(shareOut([0.5, 0.3, 0.2], 0, 0)).toEqual([0, 0.6, 0.4]);
    expect(shareOut([1, 0, 0], 0, 0.5)).toEqual([0.5, 0.25, 0.25]);
  });
});
