/** Words as places: the plane is the one that keeps most, names never lie over each other, and the sentence counts right. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FigureData } from '../src/figures/figure-data.ts';
import { scatter } from '../src/figures/scatter.ts';
import { mainPlane } from '../src/figures/scatter-axes.ts';
import { overlap, placeLabels } from '../src/figures/scatter-labels.ts';
import { byLikeness } from '../src/figures/scatter-lists.ts';
import { wordClasses } from '../src/figures/scatter-words.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld(4);
const compute = (declaration: object): Promise<FigureData> =>
  scatter.compute(
    scatter.schema.parse({ kind: 'scatter', title: 'Which lie near?', caption: 'A test.', ...declaration }),
    world,
    'near',
  );

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Points that spread unequally, so that the directions are told apart. */
const clouds = fc
  .array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), {
    minLength: 6,
    maxLength: 30,
  })
  .map((points) => points.map((point) => point.map((x, i) => x * [5, 3, 1, 0.5, 0.2][i])))
  .filter((points) => new Set(points.map(String)).size === points.length);

describe('the plane of most spread', () => {
  it('holds the two largest eigenvectors of the dot products between the points', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const { places, kept } = mainPlane(points);
        const mean = points[0].map((_, i) => points.reduce((sum, point) => sum + point[i], 0) / points.length);
        const centred = points.map((point) => point.map((x, i) => x - mean[i]));
        const products = centred.map((a) => centred.map((b) => dot(a, b)));
        const spread = products.reduce((sum, row, i) => sum + row[i], 0);
        const [first, second] = [0, 1].map((k) => places.map((place) => place[k]));
        for (const [along, share] of [
          [first, kept[0]],
          [second, kept[1]],
        ] as const) {
          // K x = λ x, and the places' own spread is λ
          products.forEach((row, i) => {
            expect(dot(row, along)).toBeCloseTo(share * spread * along[i], 6);
          });
          expect(dot(along, along)).toBeCloseTo(share * spread, 6);
          expect(Math.max(...along)).toBe(Math.max(...along.map(Math.abs)));
        }
        expect(dot(first, second)).toBeCloseTo(0, 6);
        expect(kept[0]).toBeGreaterThanOrEqual(kept[1]);
        // No direction spreads more than the first: tried along every axis and every point.
        for (const direction of [...centred, ...mean.map((_, i) => mean.map((__, j) => (i === j ? 1 : 0)))]) {
          const length = dot(direction, direction);
          if (length < 1e-9) continue;
          const along = centred.reduce((sum, point) => sum + dot(point, direction) ** 2, 0) / length;
          expect(along).toBeLessThanOrEqual(kept[0] * spread * (1 + 1e-9));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same, but for the sign of nothing, when all points are mirrored', () => {
    const points = fc.sample(clouds, { numRuns: 1, seed: 3 })[0];
    const mirrored = mainPlane(points.map((point) => point.map((x) => -x)));
    const farthest = (places: number[]) => Math.max(...places.map(Math.abs));
    [0, 1].forEach((k) => {
      const [own, other] = [mainPlane(points), mirrored].map(({ places }) => places.map((place) => place[k]));
      expect(farthest(own)).toBeCloseTo(farthest(other), 9);
      expect(Math.max(...other)).toBeCloseTo(farthest(other), 9);
    });
  });
});

describe('names of points', () => {
  it('lie over no other name and no other point, inside the frame', () => {
    const point = fc.record({
      x: fc.double({ min: 80, max: 620, noNaN: true }),
      y: fc.double({ min: 20, max: 480, noNaN: true }),
      width: fc.double({ min: 20, max: 90, noNaN: true }),
      height: fc.constant(17),
    });
    // Two points in one place could be told apart by nobody, whatever their names do.
    const cloud = fc
      .array(point, { minLength: 3, maxLength: 45 })
      .map((all) => all.filter(({ x, y }, i) => all.slice(0, i).every((o) => Math.hypot(o.x - x, o.y - y) > 14)));
    fc.assert(
      fc.property(cloud, (points) => {
        const labels = placeLabels(points, { width: 700, height: 500 });
        if (!labels) return points.length > 12; // a crowd may need a larger frame; a few never do
        labels.forEach((label, i) => {
          expect(label.x >= 0 && label.y >= 0 && label.x + label.width <= 700 && label.y + label.height <= 500).toBe(
            true,
          );
          labels.slice(i + 1).forEach((other) => {
            expect(overlap(label, other)).toBe(false);
          });
          points.forEach(({ x, y }, j) => {
            if (j !== i) expect(overlap(label, { x: x - 4, y: y - 4, width: 8, height: 8 })).toBe(false);
          });
        });
        return true;
      }),
      { numRuns: 60 },
    );
  });
});

describe('a scatter figure', () => {
  it('says of each word which is nearest in all its numbers, and counts those of its own kind', async () => {
    const data = await compute({ classes: ['people', 'colours'], words: ['since'] });
    expect(data.rows).toHaveLength(wordClasses.people.length + wordClasses.colours.length + 1);
    const { width } = world.model.config;
    const vector = (word: unknown) => {
      const id = vocabulary.indexOf(String(word));
      return [...world.model.weights.tokenEmbedding.slice(id * width, (id + 1) * width)];
    };
    const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    for (const [word, , , , nearest, likeness] of data.rows) {
      const others = data.rows.map(([other]) => other).filter((other) => other !== word);
      const best = Math.max(...others.map((other) => cosine(vector(word), vector(other))));
      expect(likeness).toBeCloseTo(best, 6);
      expect(cosine(vector(word), vector(nearest))).toBeCloseTo(best, 6);
    }
    const kind = new Map(data.rows.map(([word, group]) => [word, group]));
    const own = data.rows.filter(([, group, , , nearest]) => kind.get(nearest) === group).length;
    expect(data.notice).toContain(`of its own kind for ${own} of ${data.rows.length} words`);
  });

  it('of one kind names the two that are most alike', async () => {
    const data = await compute({ words: ['cat', 'dog', 'king', 'queen', 'red'] });
    const most = data.rows.reduce((a, b) => ((b[5] as number) > (a[5] as number) ? b : a));
    expect(data.notice).toContain(`than *${most[0]}* and *${most[4]}*`);
    expect(data.detail.groups).toEqual(['words']);
  });

  it('draws every word once in each picture, with a mark of its own for each kind', async () => {
    const data = await compute({ classes: ['animals', 'sizes', 'colours'] });
    const { html, svg } = await scatter.draw(data);
    for (const picture of [svg, ...html.split('<svg class="plot ').filter((part) => /^(wide|narrow)/.test(part))]) {
      for (const [word] of data.rows) expect(picture.split(`>${word}</text>`).length - 1, `${word}`).toBe(1);
    }
    expect(html.match(/class="plot mark"/g)).toHaveLength(3);
  });

  it('says how alike each word is to one that was asked for, as a page works it out for all words', async () => {
    const data = await compute({ words: ['cat', 'dog', 'king', 'queen'], near: 'king' });
    const likeness = new Map(byLikeness('king', world).map((one) => [one.word, one.likeness]));
    expect(likeness.size).toBe(vocabulary.filter((word) => !word.startsWith('<')).length - 1);
    expect(data.columns.at(-1)).toMatchObject({ id: 'near', label: 'Likeness to king' });
    for (const row of data.rows) {
      if (row[0] === 'king') expect(row.at(-1)).toBeNull();
      else expect(row.at(-1)).toBeCloseTo(likeness.get(String(row[0]))!, 6);
    }
    await expect(compute({ words: ['cat', 'dog', 'king'], near: 'queen' })).rejects.toThrow(/near: .*'queen' came/);
  });

  it('tells the page where each word and its name stand, in both drawings', async () => {
    const data = await compute({ classes: ['animals', 'colours'] });
    const { html, svg } = await scatter.draw(data);
    const drawings = html.split('<svg class="plot ').filter((part) => /^(wide|narrow)/.test(part));
    expect(drawings).toHaveLength(2);
    for (const drawing of drawings) {
      const places = [...drawing.matchAll(/<rect data-word="([^"]*)" data-x="([\d.]+)" data-y="([\d.]+)"/g)];
      expect(places.map(([, word]) => word)).toEqual(data.rows.map(([word]) => word));
    }
    expect(svg).not.toContain('data-word');
  });

  it('answers words it does not know, words there twice, and too few or too many', async () => {
    await expect(compute({ words: ['cat', 'wizzard', 'king'] })).rejects.toThrow(/'wizzard'. Did you mean 'wizard'/);
    await expect(compute({ classes: ['animals'], words: ['cat'] })).rejects.toThrow(/'cat' is there twice/);
    await expect(compute({ words: ['cat', 'dog'] })).rejects.toThrow(/3 to 60 words.* 2 came/);
    await expect(compute({ classes: ['people', 'animals', 'natures', 'touch', 'colours'] })).rejects.toThrow(
      /3 to 60 words.* came/,
    );
    expect(scatter.schema.safeParse({ kind: 'scatter', title: 'x?', caption: 'x', classes: ['animal'] }).success).toBe(
      false,
    );
  });

  it('of one word in two texts starts both paths at one list and says when they are least alike', async () => {
    const texts = [
      { say: 'by <the> river', text: 'anna sat by the river . she saw the bank' },
      { say: 'money', text: 'anna needed money . she saw the bank' },
    ];
    const data = await compute({ word: 'bank', texts });
    const { nLayers, width } = world.model.config;
    expect(data.rows).toHaveLength(1 + 2 * nLayers);
    const traces = await Promise.all(texts.map(({ text }) => world.run(world.model.tokenizer.encode(text).ids)));
    const likeness = Array.from({ length: nLayers }, (_, layer) => {
      const [a, b] = traces.map(({ layers }) => [...layers[layer].output.slice(-width)]);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    });
    for (const part of [0, nLayers]) {
      expect(data.rows.slice(1 + part, 1 + part + nLayers).map((row) => row[4])).toEqual(
        likeness.map((value) => expect.closeTo(value, 6)),
      );
    }
    const least = 1 + likeness.indexOf(Math.min(...likeness));
    expect(data.notice).toContain(`After layer ${least} the two are least alike`);
    const { html, svg } = await scatter.draw(data);
    for (const picture of [html, svg]) {
      expect(picture).not.toMatch(/NaN|undefined|<the>/);
      expect(picture.match(/class="truth"/g)!.length).toBeGreaterThan(0);
    }
    const other = await compute({ word: 'bank', texts: texts.toReversed() });
    expect(other.rows[1][4]).toBeCloseTo(data.rows[1][4] as number, 9);
  });

  it('shows words, or one word in two texts, and not both', async () => {
    const asked = { kind: 'scatter', title: 'x?', caption: 'x' };
    const texts = [
      { say: 'a', text: 'there was a cat' },
      { say: 'b', text: 'there was a dog with a cat' },
    ];
    const wrong = (declaration: object) =>
      scatter.schema.safeParse({ ...asked, ...declaration }).error?.issues.map(({ path }) => path.join('.'));
    expect(wrong({ texts })).toEqual(['texts']);
    expect(wrong({ word: 'cat' })).toEqual(['word']);
    expect(wrong({ word: 'cat', texts, words: ['cat'] })).toEqual(['texts']);
    expect(wrong({ word: 'cat', texts: [texts[0], { ...texts[1], say: 'a' }] })).toEqual(['texts']);
    expect(wrong({ word: 'cat', texts: [texts[0]] })).toEqual(['texts']);
    await expect(compute({ word: 'dog', texts })).rejects.toThrow(/expected one of start, there, was, a, cat/);
  });

  it('knows classes of words that Easel knows, and no word in two of them', () => {
    const words = Object.values(wordClasses).flat();
    expect(words.filter((word) => !vocabulary.includes(word))).toEqual([]);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  });
});
