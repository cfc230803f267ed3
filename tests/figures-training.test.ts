/** Figures of what training left behind: its log, and how right the model is. Sentences that are true of their rows. */
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { calibration, noticeOfCalibration } from '../src/figures/calibration.ts';
import type { Cell, FigureData } from '../src/figures/figure-data.ts';
import type { Kind } from '../src/figures/kind.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { sayShare } from '../src/figures/numbers.ts';
import { quote } from '../src/figures/quote.ts';
import { noticeOfTraining, training } from '../src/figures/training.ts';
import { readTrainingLog } from '../src/figures/training-log.ts';
import { inventedCalibration, inventedLog, untrainedWorld } from './untrained.ts';

const bare = untrainedWorld();
const world = { ...bare, training: inventedLog, calibration: inventedCalibration };
const compute = <D extends { kind: string; title: string; caption: string }>(
  kind: Kind<D>,
  more: object = {},
  on = world,
): Promise<FigureData> =>
  kind.compute(
    kind.schema.parse({ kind: kind.name, title: 'How good is it?', caption: 'A test.', ...more }),
    on,
    'fig',
  );

/** A picture must not say NaN, nor draw a point outside itself. */
function expectSound(html: string) {
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
  const { document } = parseHTML(`<main>${html}</main>`);
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    const [, , width, height] = svg.getAttribute('viewBox')!.split(' ').map(Number);
    for (const dot of svg.querySelectorAll('.full > *, .open > *')) {
      const [x, y] = /translate\(([\d.-]+),([\d.-]+)\)/
        .exec(dot.getAttribute('transform') ?? '')
        ?.slice(1)
        .map(Number) ?? [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))];
      expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
    }
  }
}

describe('a figure of the training', () => {
  it('adds the gap to the entropy of the language, and ends with a row that prose can name', async () => {
    const data = await compute(training);
    for (const [i, { tokens, gap, loss }] of inventedLog.rows.entries()) {
      expect(data.rows[i].slice(1)).toEqual([
        tokens,
        expect.closeTo(1.1 + gap, 8),
        1.1,
        expect.closeTo(gap, 8),
        expect.closeTo(loss, 8),
      ]);
    }
    expect(data.rows[1][0]).toBe('step 100');
    expect(cellAt(data, 'the end', 'gap')).toBeCloseTo(4 / 3 ** 5, 8);
    expect(quote(data, 'the end', 'gap')).toBe('.016');
    expect(quote(data, 'the end', 'tokens')).toBe('1,024,000');
    expect(data.series.map(({ provenance }) => provenance)).toEqual(['learned', 'exact']);
  });

  it('is drawn with the language beside the model, or with the aim beside the gap', async () => {
    const loss = await training.draw(await compute(training));
    const gap = await training.draw(await compute(training, { show: 'gap', aim: 0.05 }));
    for (const { html, svg } of [loss, gap]) {
      expectSound(html);
      expectSound(svg);
      expect(html.match(/<g class="model"|class="model"/g)!.length).toBeGreaterThanOrEqual(2);
    }
    expect(loss.html).toContain('The language itself: 1.100');
    expect(gap.html).toContain('The aim: 0.05');
    expect(gap.html).toContain('Easel: .016 at the end');
  });

  it('says when the gap was small for good, and how unsure the model is', () => {
    const rows = fc
      .array(fc.double({ min: 0.001, max: 6, noNaN: true }), { minLength: 2, maxLength: 30 })
      .map((gaps) => gaps.map((gap, i): Cell[] => ['x', 1_000_000 * (i + 1), 1 + gap, 1, gap]));
    fc.assert(
      fc.property(rows, (rows) => {
        const sentence = noticeOfTraining(rows, 'gap');
        for (const [, mark, millions] of sentence.matchAll(/below ([\d.]+) for good by ([\d.]+)\u00a0million/g)) {
          const from = Number(millions) - 1;
          expect(rows.slice(from).every(([, , , , gap]) => (gap as number) < Number(mark))).toBe(true);
          expect(rows[from - 1][4]).toBeGreaterThanOrEqual(Number(mark));
        }
        const said = noticeOfTraining(rows, 'loss');
        const last = rows.at(-1)!;
        expect(said).toContain(`among ${Math.exp(last[2] as number).toFixed(2)} equally likely`);
        const gaps = rows.map(([, , , , gap]) => gap as number);
        const half = /Half of the way is behind it after ([\d.]+)\u00a0million/.exec(said);
        const middle = (gaps[0] + gaps.at(-1)!) / 2;
        if (half) expect(gaps.slice(Number(half[1]) - 1).every((gap) => gap <= middle)).toBe(true);
        const worse = /gets worse at these texts, until ([\d.]+)\u00a0million/.exec(said);
        if (worse) {
          expect(gaps[Number(worse[1]) - 1]).toBe(Math.max(...gaps));
          expect(Math.max(...gaps)).toBeGreaterThan(gaps[0]);
        }
      }),
    );
  });

  it('marks an aim only where a gap is shown, and says what is missing', async () => {
    const asked = { kind: 'training', title: 'x?', caption: 'x', aim: 0.02 };
    expect(training.schema.safeParse(asked).error?.issues[0].path).toEqual(['aim']);
    expect(training.schema.safeParse({ ...asked, show: 'gap' }).success).toBe(true);
    await expect(compute(training, {}, bare as typeof world)).rejects.toThrow(/no log of the training.*npm run train/);
    await expect(compute(calibration, {}, bare as typeof world)).rejects.toThrow(/quality.json.*npm run evaluate/);
  });
});

describe('a training log', () => {
  const metadata = new Map<string, unknown>([
    ['easel.training.steps', 500],
    ['easel.training.tokens', 1_024_000],
    ['easel.quality.entropy_nats', Math.fround(1.10003)],
    ['easel.quality.gap_nats', Math.fround(0.01646)],
  ]);
  const text = JSON.stringify({ about: 'x', ...inventedLog });

  it('is read where it belongs to the weights', () => {
    expect(readTrainingLog(text, 'training.json', metadata).rows).toHaveLength(6);
  });

  it('of another training, or of none, is refused with a reason', () => {
    for (const [key, value] of metadata) {
      const other = new Map(metadata).set(key, (value as number) * 1.01);
      expect(() => readTrainingLog(text, 'training.json', other)).toThrow(
        /training.json is the log of another training/,
      );
    }
    expect(() => readTrainingLog(text, 'training.json', new Map())).toThrow(/the weights say undefined/);
    expect(() => readTrainingLog('{', 'training.json', metadata)).toThrow(/training.json is not JSON/);
    expect(() => readTrainingLog('{"entropy": 1}', 'training.json', metadata)).toThrow(/rows/);
  });
});

describe('a figure of calibration', () => {
  it('holds a dot for every bin, at what is said and what is true', async () => {
    const data = await compute(calibration);
    expect(data.rows.map((row) => row.slice(1, 4))).toEqual(
      inventedCalibration.map(({ predicted, truth, observed }) => [predicted, truth, observed]),
    );
    expect(data.rows[0][0]).toBe('0\u00a0% to 0.1\u00a0%');
    const { html, svg } = await calibration.draw(data);
    expectSound(html);
    expectSound(svg);
    const { document } = parseHTML(html);
    for (const picture of document.querySelectorAll('svg[role=img]')) {
      expect(picture.querySelectorAll('.full circle')).toHaveLength(4);
      // All but the last lie where their two numbers put them, on one scale for both axes.
      const dots = [...picture.querySelectorAll('.full circle')].map((dot) => ({
        x: Number(dot.getAttribute('cx')),
        y: Number(dot.getAttribute('cy')),
      }));
      const across = (a: number, b: number) =>
        (dots[b].x - dots[a].x) / Math.log((data.rows[b][1] as number) / (data.rows[a][1] as number));
      const up = (a: number, b: number) =>
        (dots[a].y - dots[b].y) / Math.log((data.rows[b][2] as number) / (data.rows[a][2] as number));
      expect(across(0, 3)).toBeCloseTo(across(1, 2), 6);
      expect(up(0, 3)).toBeCloseTo(across(0, 3), 6);
    }
  });

  it('puts what never happens on the edge, as an open dot', async () => {
    const never = inventedCalibration.map((bin, i) => (i === 0 ? { ...bin, truth: 0 } : bin));
    const { html, svg } = await calibration.draw(await compute(calibration, {}, { ...world, calibration: never }));
    expectSound(html);
    expectSound(svg);
    expect(parseHTML(html).document.querySelectorAll('svg[role=img] .open circle')).toHaveLength(2);
  });

  it('names the dot that is farthest off, and the rare words it is most wrong about', () => {
    const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
    const bins = fc
      .array(fc.record({ predicted: share, truth: share }), { minLength: 2, maxLength: 12 })
      .map((pairs) =>
        pairs.map(({ predicted, truth }) => ({ from: predicted, to: 1, count: 5, predicted, truth, observed: truth })),
      );
    fc.assert(
      fc.property(bins, (bins) => {
        const sentence = noticeOfCalibration(bins, 'Easel');
        const widest = Math.max(...bins.map(({ predicted, truth }) => Math.abs(predicted - truth)));
        const named = bins.filter(({ predicted, truth }) =>
          sentence.includes(`Easel says ${sayShare(predicted)}, it is ${sayShare(truth)}`),
        );
        expect(named.some(({ predicted, truth }) => Math.abs(predicted - truth) === widest)).toBe(true);
        const rare = /gives (\S+\s%): it expects them ([\d.]+) times (more|less)/.exec(sentence);
        if (!rare) return;
        const factor = Number(rare[2]);
        const bin = bins.filter(({ from, predicted }) => from < 0.01 && sayShare(predicted) === rare[1]);
        expect(
          bin.some(({ predicted, truth }) => {
            const times = rare[3] === 'more' ? predicted / truth : truth / predicted;
            return Math.abs(times - factor) <= 0.051;
          }),
        ).toBe(true);
      }),
    );
  });
});
