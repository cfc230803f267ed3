/**
 * Figures of what goes on inside a model: heads, vectors, steps, blend, compare and rotation. Their numbers are held against the
 * arithmetic written out, their sentences against the numbers.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeOfBlend } from '../src/figures/blend-data.ts';
import { compareData, differences, nameOf, noticeOfPair } from '../src/figures/compare-data.ts';
import { drawCompare } from '../src/figures/compare-picture.ts';
import type { FigureData } from '../src/figures/figure-data.ts';
import { headsOf, noticeOfHeads } from '../src/figures/heads-data.ts';
import type { BaseDeclaration } from '../src/figures/kind.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { wholePercents } from '../src/figures/numbers.ts';
import type { Pattern } from '../src/figures/pattern.ts';
import { quote } from '../src/figures/quote.ts';
import { noticeOfTurning } from '../src/figures/rotation-data.ts';
import { noticeOfRowSteps } from '../src/figures/steps-data.ts';
import { noticeOfThreads, threadsOf } from '../src/figures/vectors-data.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld(5, 2);
const { nHeads, headDim, width } = world.model.config;
const text = 'there was a beautiful woman with an ugly cat';
const base = { title: 'What goes on in there?', caption: 'A test.', text };
const n = text.split(' ').length + 1;
const trace = await world.run(world.model.tokenizer.encode(text).ids);

const compute = (declaration: object) => {
  const kind = kindByName.get((declaration as BaseDeclaration).kind)!;
  return kind.compute(kind.schema.parse({ ...base, ...declaration }), world, 'fig');
};
const column = (data: FigureData, id: string, from = 0, to = data.rows.length) => {
  const c = data.columns.findIndex((one) => one.id === id);
  return data.rows.slice(from, to).map((row) => row[c] as number);
};
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const close = (found: readonly number[], wanted: ArrayLike<number>) => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted[i], 5);
  });
};

const lexicon = ['cat', 'woman', 'ugly', 'beautiful', 'was', 'a'];
const softmax = (scores: readonly number[]) => {
  const parts = scores.map(Math.exp);
  return parts.map((part) => part / sum(parts));
};
const score = fc.double({ min: -6, max: 4, noNaN: true });
const scores = (length: number) => fc.array(score, { minLength: length, maxLength: length });
/** A text with the start before it. */
const words = fc.array(fc.constantFrom(...lexicon), { minLength: 1, maxLength: 9 }).map((all) => ['start', ...all]);
/** Rows of weights for all words of a text. */
const stairs = (length: number) =>
  fc.tuple(...Array.from({ length }, (_, i) => scores(i + 1))).map((rows) => rows.map(softmax));
const peak = (row: readonly number[]) => row.lastIndexOf(Math.max(...row));
const fine = (sentence: string) => expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
const percentsOf = (sentence: string) => [...sentence.matchAll(/(\d+)\u00a0%/g)].map((match) => Number(match[1]));

describe('heads', () => {
  it('holds the weights of every head, and gives them back', async () => {
    const data = await compute({ kind: 'heads', layer: 2, head: 1 });
    const { shown, framed, words: read } = headsOf(data);
    expect(read).toHaveLength(n);
    expect(framed).toEqual({ layer: 2, head: 1 });
    expect(shown.map(({ layer, head }) => `${layer}.${head}`)).toEqual(['1.1', '1.2', '2.1', '2.2']);
    for (const { layer, head, weights } of shown) {
      const all = trace.layers[layer - 1].attention.weights;
      weights.forEach((row, i) => {
        const from = ((head - 1) * n + i) * n;
        close(row, all.slice(from, from + i + 1));
      });
    }
    expect(cellAt(data, 'cat looks at ugly', 'layer 2, head 1')).toBe(shown[2].weights[9][8]);
  });

  it('is quoted with the percentages of the word that looks', async () => {
    const data = await compute({ kind: 'heads', layers: [2] });
    const row = headsOf(data).shown[0].weights[5];
    const whom = ['start', 'there', 'was', 'a', 'beautiful', 'itself'];
    const said = whom.map((word) => quote(data, `woman looks at ${word}`, 'layer 2, head 1'));
    const percents = wholePercents(row);
    expect(said).toEqual(
      percents.map((percent, j) => (percent === 0 && row[j] > 0 ? 'less than 1\u00a0%' : `${percent}\u00a0%`)),
    );
  });

  const many = words.chain((read) =>
    fc
      .array(stairs(read.length), { minLength: 1, maxLength: 6 })
      .map((all) => ({ words: read, shown: all.map((weights, h) => ({ layer: 1, head: h + 1, weights })) })),
  );

  it('counts habits that are there', () => {
    fc.assert(
      fc.property(many, (heads) => {
        const sentence = noticeOfHeads(heads);
        fine(sentence);
        const asked = heads.words.length - 1;
        const share = (target: (i: number) => number) =>
          heads.shown.filter(({ weights }) => {
            const hits = weights.filter((row, i) => i > 0 && peak(row) === target(i)).length;
            return hits > asked * 0.6;
          }).length;
        const targets: Record<string, (i: number) => number> = {
          'at the place just before': (i) => i - 1,
          'at themselves': (i) => i,
          'at the start': () => 0,
          'two places back': (i) => i - 2,
        };
        for (const [, where, many] of sentence.matchAll(
          /(at the place just before|at themselves|at the start|two places back) in (\d+)/g,
        )) {
          expect(share(targets[where])).toBeGreaterThanOrEqual(Number(many));
        }
        const named = sum([...sentence.matchAll(/ in (\d+)(?= of|,| and|\.)/g)].map((match) => Number(match[1])));
        const left = / In the other(?: (\d+))?,/.exec(sentence);
        if (named > 0) expect(named + (left ? Number(left[1] ?? 1) : 0)).toBe(heads.shown.length);
      }),
    );
  });

  it('says where the one word looks in most of them', () => {
    fc.assert(
      fc.property(many, (heads) => {
        const looking = heads.words.length - 1;
        const sentence = noticeOfHeads({ ...heads, looking });
        fine(sentence);
        const peaks = heads.shown.map(({ weights }) => peak(weights[looking]));
        const most = Math.max(...peaks.map((place) => peaks.filter((other) => other === place).length));
        if (/^In (all|this)/.test(sentence)) expect(most).toBe(peaks.length);
        else if (/^In no two/.test(sentence)) expect(most).toBe(1);
        else expect(Number(/ in (\d+)(?: each)?(?:,|\.)/.exec(sentence)![1])).toBe(most);
      }),
    );
  });
});

describe('vectors', () => {
  it('holds the lists as the model has them', async () => {
    const stream = threadsOf(await compute({ kind: 'vectors', words: ['woman'] }));
    expect(stream.map(({ stage }) => stage)).toEqual(['bare', 'layer 1', 'layer 2']);
    close([...stream[0].values], trace.embedding.slice(5 * width, 6 * width));
    close([...stream[2].values], trace.layers[1].output.slice(5 * width, 6 * width));
    const show = ['query', 'key', 'value'];
    const lists = threadsOf(await compute({ kind: 'vectors', words: ['woman'], show, layer: 1, head: 2 }));
    const [layer] = trace.layers;
    const from = (n + 5) * headDim;
    [layer.queries, layer.keys, layer.values].forEach((all, k) => {
      close([...lists[k].values], all.slice(from, from + headDim));
    });
  });

  const lists = fc
    .integer({ min: 2, max: 6 })
    .chain((length) => fc.array(scores(length), { minLength: 2, maxLength: 4 }))
    .filter((all) => all.every((list) => list.some((x) => Math.abs(x) > 0.01)));

  it('says how far the numbers of a word have come', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const threads = all.map((values, k) => ({ word: 'cat', stage: k === 0 ? 'bare' : `layer ${k}`, values }));
        const sentence = noticeOfThreads(threads);
        fine(sentence);
        const [first, last] = [all[0], all.at(-1)!].map((list) => sum(list.map(Math.abs)) / list.length);
        const said = /([\d.]+) times (as far|nearer)\.$/.exec(sentence);
        const factor = said?.[2] === 'nearer' ? first / last : last / first;
        if (said) expect(Math.abs(Number(said[1]) / factor - 1)).toBeLessThan(0.06);
        else expect(Math.max(first / last, last / first)).toBeLessThan(1.16);
      }),
    );
  });

  it('finds the pair that is most alike, and lists that are the same', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const threads = all.map((values, k) => ({ word: lexicon[k], stage: 'bare', values }));
        const sentence = noticeOfThreads(threads);
        fine(sentence);
        const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((x, i) => x * b[i]));
        const cosine = (a: number, b: number) =>
          dot(all[a], all[b]) / Math.sqrt(dot(all[a], all[a]) * dot(all[b], all[b]));
        const named = [...sentence.matchAll(/bare \*(\w+)\*/g)].map((match) => lexicon.indexOf(match[1]));
        const pairs = all.flatMap((_, a) => all.slice(a + 1).map((_, k) => cosine(a, a + 1 + k)));
        if (sentence.startsWith('Number for number')) expect(all[named[0]]).toEqual(all[named[1]]);
        else expect(cosine(named[0], named[1])).toBeCloseTo(Math.max(...pairs), 9);
      }),
    );
    const same = ['cat', 'cat 2'].map((word) => ({ word, stage: 'bare', values: [1, -2] }));
    expect(noticeOfThreads(same)).toMatch(/^Number for number the same/);
  });
});

describe('steps', () => {
  it('lead from two lists to a blend, each from the one before', async () => {
    const data = await compute({ kind: 'steps', layer: 2, head: 2, word: 'woman', at: 'cat' });
    const [row, opened, mixed, stream] = data.groups!;
    const scoresOf = column(data, 'score', row.from, row.to);
    expect(sum(column(data, 'product', opened.from, opened.to))).toBeCloseTo(scoresOf[9], 5);
    const scaled = column(data, 'scaled', row.from, row.to);
    close(
      scaled,
      scoresOf.map((x) => x / Math.sqrt(headDim)),
    );
    const masked = column(data, 'masked', row.from, row.to);
    expect(masked).toEqual(scaled.map((x, j) => (j <= 5 ? x : null)));
    const weights = column(data, 'weight', row.from, row.to);
    close(weights.slice(0, 6), softmax(masked.slice(0, 6)));
    expect(weights.slice(6)).toEqual([null, null, null, null]);
    const from = (n + 5) * headDim;
    const blend = column(data, 'blend', mixed.from, mixed.to);
    close(blend, trace.layers[1].attention.output.slice(from, from + headDim));
    const parts = ['start', 'there', 'was', 'a', 'beautiful', 'woman'].map((word, j) => {
      const part = column(data, `part of ${word}`, mixed.from, mixed.to);
      const value = (n + j) * headDim;
      close(
        part,
        Array.from(trace.layers[1].values.slice(value, value + headDim), (x) => x * weights[j]),
      );
      return part;
    });
    close(
      blend,
      blend.map((_, c) => sum(parts.map((part) => part[c]))),
    );
    const list = (id: string) => column(data, id, stream.from, stream.to);
    const own = (all: ArrayLike<number>) => Array.from(all).slice(5 * width, 6 * width);
    close(list('taken'), own(trace.layers[0].output));
    close(list('normed'), own(trace.layers[1].attentionNorm));
    close(list('after'), own(trace.layers[1].afterAttention));
    close(
      list('after'),
      list('taken').map((x, c) => x + list('part')[c] + list('others')[c]),
    );
  });

  it('open key and value of the word looked at most, where no other is named', async () => {
    const data = await compute({ kind: 'steps', layer: 2, head: 2, word: 'woman' });
    const weights = column(data, 'weight', 0, 6);
    expect(data.detail.opened).toBe(peak(weights));
  });

  it('says what becomes of the two largest scores, and names a later word only where it would have won', () => {
    fc.assert(
      fc.property(
        words.chain((read) =>
          fc.tuple(fc.constant(read), scores(read.length), fc.integer({ min: 0, max: read.length - 1 })),
        ),
        ([read, all, looking]) => {
          const weights = softmax(all.slice(0, looking + 1));
          const sentence = noticeOfRowSteps({
            ...{ words: read, looking, scores: all, weights },
          });
          fine(sentence);
          if (looking === 0) {
            expect(sentence).toContain('nothing to look at');
            return;
          }
          const order = wholePercents(weights).sort((a, b) => b - a);
          percentsOf(sentence).forEach((percent) => {
            expect([...order, 1]).toContain(percent);
          });
          const later = all.slice(looking + 1);
          const wins = Math.max(Number.NEGATIVE_INFINITY, ...later) > Math.max(...all.slice(0, looking + 1));
          expect(sentence.includes('has not been read yet')).toBe(wins);
        },
      ),
    );
  });
});

describe('blend', () => {
  it('brings weight × size of the value, in the numbers of the head', async () => {
    const data = await compute({ kind: 'blend', layer: 2, head: 1, word: 'cat' });
    const { to } = data.groups![0];
    const [weights, sizes, brought] = ['weight', 'size', 'brought'].map((id) => column(data, id, 0, to));
    close(
      brought,
      weights.map((w, j) => w * sizes[j]),
    );
    const values = trace.layers[1].values.slice(3 * headDim, 4 * headDim);
    expect(sizes[3]).toBeCloseTo(Math.hypot(...values), 5);
    close(
      column(data, 'share', 0, to),
      brought.map((x) => x / sum(brought)),
    );
    const own = 9 * headDim;
    close(column(data, 'before', to), trace.layers[1].values.slice(own, own + headDim));
    close(column(data, 'after', to), trace.layers[1].attention.output.slice(own, own + headDim));
  });

  it('adds to the word, head by head, what the layer adds', async () => {
    const added = new Array<number>(width).fill(0);
    for (let head = 1; head <= nHeads; head++) {
      const data = await compute({ kind: 'blend', layer: 1, head, word: 'ugly', space: 'word' });
      const from = data.groups![1].from;
      const [before, part, after] = ['before', 'added', 'after'].map((id) => column(data, id, from));
      close(before, trace.embedding.slice(8 * width, 9 * width));
      close(
        after,
        before.map((x, c) => x + part[c]),
      );
      part.forEach((x, c) => {
        added[c] += x;
      });
    }
    close(added, trace.layers[0].attentionOutput.slice(8 * width, 9 * width));
  });

  it('tells the most looked at from the one that brings most', () => {
    const rows = words.chain((read) => fc.tuple(fc.constant(read), scores(read.length), scores(read.length)));
    fc.assert(
      fc.property(rows, ([read, first, second]) => {
        const [weights, shares] = [softmax(first), softmax(second)];
        const looking = read.length - 1;
        const place = { words: read, looking, layer: 1, head: 1, space: 'head' as const };
        const sentence = noticeOfBlend(
          { ...place, weights, values: [], sizes: first, before: first, after: first },
          shares,
        );
        fine(sentence);
        if (looking === 0 || sentence.startsWith('But for')) return;
        expect(sentence.includes('it also brings most')).toBe(peak(weights) === peak(shares));
        const said = percentsOf(sentence);
        expect(said[0]).toBe(wholePercents(weights)[peak(weights)]);
      }),
    );
  });
});

describe('compare', () => {
  const other = text.replace('beautiful', 'lovely');

  it('holds the same head on both texts', async () => {
    const data = await compute({ kind: 'compare', other, layer: 2, head: 2, word: 'woman', next: 2 });
    for (const [id, of] of [
      ['weight', text],
      ['other weight', other],
    ]) {
      const alone = await compute({ kind: 'arcs', text: of, layer: 2, head: 2, word: 'woman' });
      expect(column(data, id, 0, n)).toEqual(column(alone, 'weight'));
    }
    const next = await compute({ kind: 'next-word', text: other, columns: ['easel'] });
    const best = String(next.rows[0][0]);
    expect(cellAt(data, best, 'other next')).toBe(cellAt(next, best, 'easel'));
  });

  it('refuses two texts of different length, and twice the same', async () => {
    const ask = { kind: 'compare', layer: 1, head: 1 };
    await expect(compute({ ...ask, other: `${text} was` })).rejects.toThrow(/expected 9 words.*but 10 came/);
    await expect(compute({ ...ask, other: text })).rejects.toThrow(/the two texts are the same/);
    await expect(compute({ ...ask, other: text.replace('cat', 'kat') })).rejects.toThrow(/other: .*'kat'/);
  });

  it('names what differs', () => {
    expect(differences(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'y'])).toEqual([1, 3]);
    expect(nameOf(['a', 'b', 'c', 'd'], [1, 3])).toBe('b … d');
    expect(nameOf(['a', 'b', 'c', 'd'], [1, 2])).toBe('b c');
  });

  it('says where the look goes in either, and that nothing changes for a word that comes before the change', () => {
    const pairs = words.chain((read) =>
      fc.tuple(
        fc.constant(read),
        stairs(read.length),
        stairs(read.length),
        fc.integer({ min: 1, max: read.length - 1 }),
        fc.integer({ min: 0, max: read.length - 1 }),
      ),
    );
    fc.assert(
      fc.property(pairs, ([read, first, second, place, looking]) => {
        const others = read.map((word, i) => (i === place ? 'personality' : word));
        const odds = new Map([
          ['cat', 0.7],
          ['was', 0.3],
        ]);
        const pattern = (of: string[], weights: number[][]): Pattern => ({
          ...{ ids: [], words: of, layer: 1, head: 1, weights, odds },
        });
        const later = place > looking;
        const pair = { first: pattern(read, first), second: pattern(others, later ? first : second), looking };
        const sentence = noticeOfPair(pair, 1);
        fine(sentence);
        expect(sentence.includes('not come yet')).toBe(later);
        expect(sentence).toContain('Likeliest to come next is *cat* in both');
        if (later) return;
        const places = [first, second].map((weights) => peak(weights[looking]));
        expect(sentence.startsWith('In both texts')).toBe(places[0] === places[1]);
        const said = [first, second].map((weights, k) => wholePercents(weights[looking])[places[k]]);
        expect(percentsOf(sentence).slice(0, 2)).toEqual(said);
      }),
    );
  });
});

describe('the next words of a comparison', () => {
  /** What is left after the listed words, as large as it takes for one whole. */
  const odds = fc
    .array(fc.integer({ min: 1, max: 1000 }), { minLength: lexicon.length, maxLength: lexicon.length })
    .map((parts) => new Map(parts.map((part, i) => [lexicon[i], part / sum(parts)])));

  it('have the same percentages in the sentence and in the picture', () => {
    const [read, others] = [
      ['start', 'a', 'cat'],
      ['start', 'a', 'woman'],
    ];
    const weights = [[1], [0.5, 0.5], [0.2, 0.3, 0.5]];
    fc.assert(
      fc.property(odds, odds, fc.integer({ min: 1, max: 4 }), (first, second, next) => {
        const pattern = (of: string[], odds: Pattern['odds']): Pattern => ({
          ...{ ids: [], words: of, layer: 1, head: 1, weights, odds },
        });
        const pair = { first: pattern(read, first), second: pattern(others, second), looking: 2 };
        const data = compareData({ ...base, other: 'a woman', next }, pair, world, 'fig');
        const picture = drawCompare(data).html.split('What it will say next')[1];
        const rows = [...picture.matchAll(/<tr><th[^>]*>([^<]+)<\/th>.*?<\/tr>/g)];
        const shown = new Map(rows.map(([row, word]) => [word, percentsOf(row.replaceAll(/style="[^"]*"/g, ''))]));
        const said = percentsOf(data.notice.split('Likeliest')[1]);
        const best = [first, second].map((all) => [...all].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0]);
        expect(said).toEqual(best.map((word, k) => shown.get(word)![k]));
      }),
    );
  });
});

describe('rotation', () => {
  it('gives at the distance of the two words the dot product that the model computed', async () => {
    const data = await compute({ kind: 'rotation', layer: 2, head: 2, word: 'cat', at: 'woman' });
    const scoresOf = column(data, 'score', data.groups![2].from);
    expect(scoresOf[4]).toBeCloseTo(trace.layers[1].attention.scores[(n + 9) * n + 5], 5);
    close(column(data, 'further', data.groups![2].from), scoresOf);
  });

  it('turns a pair by base to the power of its place in the list, and both hands alike', async () => {
    const data = await compute({ kind: 'rotation', layer: 1, head: 1, pairs: [2] });
    const turned = column(data, 'pair 2', 0, 8);
    const step = (180 / Math.PI) * world.model.config.ropeBase ** (-2 / headDim);
    close(
      turned,
      turned.map((_, place) => place * step),
    );
    const { from, to } = data.groups![1];
    const [query, key, between] = ['query', 'key', 'between'].map((id) => column(data, id, from, to));
    expect(query[1] - query[0]).toBeCloseTo(3 * step, 5);
    expect(key[2] - key[1]).toBeCloseTo(3 * step, 5);
    expect(between[1]).toBeCloseTo(between[0], 5);
    const q = trace.layers[0].queriesBeforeRotation.slice(9 * headDim, 10 * headDim);
    const [x, y] = [q[2], q[3]];
    expect(Math.cos(((query[0] - step) * Math.PI) / 180)).toBeCloseTo(x / Math.hypot(x, y), 5);
  });

  it('names the distance at which the two agree most', () => {
    fc.assert(
      fc.property(scores(8), fc.integer({ min: 0, max: 3 }), (all, apart) => {
        const list = [1, 0, 0, 1];
        const turn = {
          ...{ words: ['start', 'a', 'cat', 'was'], looking: 3, at: 3 - apart, layer: 1, head: 1, pairs: [1, 2] },
          ...{ degrees: [57.3, 0.57], query: list, key: list, ropeBase: 10000 },
        };
        const sentence = noticeOfTurning(
          turn,
          all.map((x) => [x, x] as const),
        );
        fine(sentence);
        expect(sentence).toMatch(/^Pair 1 turns by 57° from one place to the next, pair 2 by \.57°\./);
        const best = all.indexOf(Math.max(...all));
        expect(Number(/agree most at (\d+) place/.exec(sentence)![1])).toBe(best);
        expect(sentence.includes('the distance at which they stand')).toBe(best === apart);
      }),
    );
  });
});

describe('a declaration that cannot be', () => {
  const head = { layer: 1, head: 1 };
  const wrong: [object, RegExp][] = [
    [{ kind: 'heads', layers: [3] }, /layers: expected 1 to 2, but 3 came/],
    [{ kind: 'heads', layers: [1], layer: 2, head: 1 }, /framed head is in layer 2, which is not shown/],
    [{ kind: 'heads', word: 'dog' }, /expected one of start, there/],
    [{ kind: 'vectors', words: ['woman', 'dog'] }, /words, number 2: expected one of start, there/],
    [{ kind: 'vectors', show: ['layer 9'] }, /show, number 1: 'layer 9' is none of them.*layer 1, layer 2/],
    [{ kind: 'vectors', show: ['bare', 'query'], ...head }, /another length/],
    [{ kind: 'vectors', show: ['bare'], ...head }, /a head was named/],
    [{ kind: 'vectors', show: ['key'] }, /say which head is meant/],
    [{ kind: 'steps', ...head, at: 'dog' }, /at: expected one of start, there/],
    [{ kind: 'blend', ...head, word: 'dog' }, /word: expected one of start, there/],
    [{ kind: 'rotation', ...head, word: 'woman', at: 'cat' }, /'cat' comes after 'woman'/],
    [{ kind: 'rotation', ...head, pairs: [1, 5] }, /pairs: expected 1 to 4, but 5 came/],
  ];
  it.each(wrong)('says so: %j', async (declaration, message) => {
    await expect(compute(declaration)).rejects.toThrow(message);
  });
});
