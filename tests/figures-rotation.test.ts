/** Dials that a reader turns: only the distance counts, whatever the places, and what is drawn is what is added up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { productsAt, scoreAt, type Turning, turning } from '../src/figures/rotation-data.ts';
import { angleBetween } from '../src/figures/rotation-picture.ts';
import { curveHtml, dialsHtml, scoresByDistance } from '../src/figures/rotation-turned.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld(5, 2);
const { tokenizer, config } = world.model;
const { ids, words } = tokenizer.encode('there was a beautiful woman with an ugly cat');
const trace = await world.run(ids);
const turn: Turning = turning(trace, ['start', ...words], { layer: 2, head: 2 }, [9, 5], [1, 2], world);
const place = fc.integer({ min: 0, max: 127 });

describe('a query and a key that are moved', () => {
  it('agree as the model says where they stand', () => {
    const n = ids.length;
    const { scores } = trace.layers[1].attention;
    expect(scoreAt(turn, 9, 5)).toBeCloseTo(scores[(n + 9) * n + 5], 4);
  });

  it('keep their score when both move alike, pair by pair, and it is the sum of the pairs', () => {
    fc.assert(
      fc.property(place, place, place, (query, key, further) => {
        const [here, there] = [productsAt(turn, query, key), productsAt(turn, query + further, key + further)];
        expect(here).toHaveLength(config.headDim / 2);
        here.forEach((product, i) => {
          expect(there[i]).toBeCloseTo(product, 5);
        });
        expect(scoreAt(turn, query, key)).toBeCloseTo(
          here.reduce((sum, product) => sum + product, 0),
          9,
        );
      }),
    );
  });

  it('have one score a distance, which at none is that of the lists as they are', () => {
    const scores = scoresByDistance(turn, 127);
    expect(scores).toHaveLength(128);
    expect(scores[4]).toBeCloseTo(scoreAt(turn, 9, 5), 9);
    const { query, key } = turn;
    expect(scores[0]).toBeCloseTo(
      query.reduce((sum, x, i) => sum + x * key[i], 0),
      9,
    );
  });
});

describe('the dials as drawn', () => {
  it('show a dial a pair, with what it adds', () => {
    const html = dialsHtml(turn, { query: 20, key: 4, stopped: false });
    const products = productsAt(turn, 20, 4);
    expect(html.match(/<svg class="hands"/g)).toHaveLength(products.length);
    const said = [...html.matchAll(/<span class="n">([^<]*)</g)].map(([, text]) => Number(text.replace('−', '-')));
    said.forEach((number, i) => {
      expect(Math.abs(number - products[i])).toBeLessThanOrEqual(0.05 + 1e-9);
    });
    expect(html).not.toMatch(/NaN|undefined/);
  });

  it('mark the distance on a line as long as asked, which stopped dials make level', () => {
    const shown = { seen: 63, width: 640, name: 'fig' };
    const scores = scoresByDistance(turn, 127);
    const heights = (stopped: boolean) => {
      const html = curveHtml(scores, { query: 20, key: 4, stopped }, shown);
      expect(Number(/<circle class="at" cx="([\d.]+)"/.exec(html)![1])).toBeCloseTo(4 + (16 / 127) * 632, 0);
      expect(html).toContain('url(#fig-hatch)');
      expect(html).not.toMatch(/NaN|undefined/);
      const points = /<path class="score" d="M([^"]*)"/.exec(html)![1].split('L');
      return points.map((point) => Number(point.split(' ')[1]));
    };
    expect(heights(false)).toHaveLength(128);
    expect(new Set(heights(false)).size).toBeGreaterThan(20);
    expect(new Set(heights(true)).size).toBe(1);
  });

  it('measure an angle the shorter way round', () => {
    expect(angleBetween(350, 10)).toBeCloseTo(-20);
    expect(angleBetween(10, 350)).toBeCloseTo(20);
    expect(angleBetween(720, 0)).toBeCloseTo(0);
    fc.assert(
      fc.property(fc.double({ min: -5000, max: 5000, noNaN: true }), place, (query, key) => {
        expect(Math.abs(angleBetween(query, key))).toBeLessThanOrEqual(180);
        expect(Math.cos((angleBetween(query, key) * Math.PI) / 180)).toBeCloseTo(
          Math.cos(((query - key) * Math.PI) / 180),
          8,
        );
      }),
    );
  });
});
