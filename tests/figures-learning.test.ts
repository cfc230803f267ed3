/** Figures of a model that is being trained: one text at moments of Easel's training, and the small model of a page. */
import { describe, expect, it } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { cellAt } from '../src/figures/look-up.ts';
import { moments } from '../src/figures/moments.ts';
import { type Look, looksOf, momentsData, noticeOfMoments } from '../src/figures/moments-data.ts';
import { type MomentFacts, readMomentList } from '../src/figures/moments-list.ts';
import { drawMoments, momentHtml, momentsGridHtml } from '../src/figures/moments-picture.ts';
import { pupil } from '../src/figures/pupil.ts';
import { noticeOfPupil, pupilOf } from '../src/figures/pupil-data.ts';
import {
  measurePupil,
  moveAdjective,
  newPupil,
  pupilEntropy,
  pupilModel,
  pupilTexts,
  trainPupil,
} from '../src/figures/pupil-training.ts';
import { createWorld } from '../src/figures/world.ts';
import { compileKernels } from '../src/model/compile.ts';
import { inventedMoments, untrainedWorld } from './untrained.ts';

const base = { title: 'When did it begin?', caption: 'A test.' };

describe('the list of moments', () => {
  const entry = (step: number) => ({ step, tokens: 2000 * step, gap: 1, file: `step-${step}.gguf`, bytes: 9 });
  const text = (...steps: number[]) => JSON.stringify({ about: 'x', moments: steps.map(entry) });
  const weights = (more: [string, unknown][] = []) =>
    new Map<string, unknown>([['easel.training.steps', 900], ['easel.training.tokens', 1_800_000], ...more]);

  it('says what was read when each was kept, where the command does', () => {
    const command = 'npm run train -- --pairs-until 100 --lists-until 500 --lists-grow 5';
    const read = readMomentList(text(0, 100, 101, 500, 900), 'f', weights([['easel.training.command', command]]));
    const readings = [undefined, 'pairs', 'lists and stories', 'lists and stories', 'stories'];
    expect(read.map(({ reading }) => reading)).toEqual(readings);
    expect(readMomentList(text(0, 900), 'f', weights()).every(({ reading }) => !reading)).toBe(true);
  });

  it('is refused when it belongs to another training, or is none', () => {
    expect(() => readMomentList(text(0, 800), 'f.json', weights())).toThrow(/f\.json.*800 steps .* 900/);
    expect(() => readMomentList(text(5, 900), 'f.json', weights())).toThrow(/step 0/);
    expect(() => readMomentList(text(0, 900, 900), 'f.json', weights())).toThrow(/steps grow/);
    expect(() => readMomentList('{', 'f.json', weights())).toThrow(/f\.json is not JSON.*npm run train/);
    const outside = text(0, 900).replace('step-0.gguf', '../step-0.gguf');
    expect(() => readMomentList(outside, 'f.json', weights())).toThrow(/moments/);
  });
});

describe('a text at moments of a training', () => {
  const facts = (n: number): MomentFacts[] =>
    Array.from({ length: n }, (_, i) => ({ step: 10 * i, tokens: 100 * i, gap: 3 - i, file: `${i}.gguf`, bytes: 1 }));
  const look = (weights: number[], odds: Record<string, number>): Look => ({
    weights,
    odds: new Map(Object.entries(odds)),
  });
  const words = ['start', 'a', 'tall', 'cat'];
  const four = [
    look([0.25, 0.25, 0.25, 0.25], { cat: 1 }),
    look([0.1, 0.5, 0.3, 0.1], { cat: 0.4, tall: 0.6 }),
    look([0.1, 0.1, 0.7, 0.1], { ran: 0.5, sat: 0.5 }),
    look([0.05, 0.05, 0.9, 0], { ran: 0.6, sat: 0.4 }),
  ];
  const seen = (looks: (Look | undefined)[]) => ({ words, layer: 1, head: 1, moments: facts(4), looks });

  it('is told as it went', () => {
    expect(noticeOfMoments(seen(four))).toBe(
      'Before training, *cat* gave *tall* 25\u00a0%; at the end it gives 90\u00a0%, its most from 20 steps on. Likeliest to come next: *cat* (100\u00a0%) before training, *ran* (60\u00a0%) at the end, and *ran* at each moment since 20 steps.',
    );
    expect(noticeOfMoments(seen([undefined, four[1], undefined, undefined]))).toBe(
      'After 10 steps, *cat* looks most at *a*: 50\u00a0%. Likeliest to come next: *tall* (60\u00a0%).',
    );
    expect(noticeOfMoments(seen([four[2], four[3], undefined, undefined]))).toContain('*ran* at every moment');
    expect(noticeOfMoments(seen([undefined, undefined, undefined, undefined]))).toMatch(/^No moment/);
  });

  it('keeps what it knows in its table, and gaps where nothing was fetched', () => {
    const ask = { ...base, text: 'a tall cat', next: 1, words: ['tall'] };
    const data = momentsData(ask, seen([four[0], undefined, four[2], four[3]]), 'Easel', 'fig');
    expect(cellAt(data, 'tall', 'the end')).toBe(0.9);
    expect(data.rows[2].slice(0, 6)).toEqual(['tall', 2, 0.25, null, 0.7, 0.9]);
    expect(cellAt(data, 'cat', 'next before')).toBe(1);
    // the likeliest at the end, what once had a fifth, what was asked for, and the rest
    expect(data.rows.slice(4).map(([word]) => word)).toEqual(['ran', 'cat', 'tall', 'every other word']);
    expect(cellAt(data, 'every other word', 'next the end')).toBe(0.4);
    expect(looksOf(data).looks[3]!.weights).toEqual(four[3].weights);
    expect(looksOf(data).looks[1]).toBeUndefined();
    for (const html of [momentHtml(data, { chosen: 1 }), momentsGridHtml(data, { chosen: 1 }), drawMoments(data).svg]) {
      expect(html).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(momentsGridHtml(data, { chosen: 1, alive: true }).match(/data-moment/g)).toHaveLength(8);
  });

  it('is computed with the model of each moment', async () => {
    const world = { ...untrainedWorld(), moments: inventedMoments };
    const ask = { kind: 'moments' as const, ...base, text: 'there was a', layer: 1, head: 2 };
    const data = await moments.compute(ask, world, 'fig');
    for (const [i, id] of ['before', 'step 150', 'the end'].entries()) {
      const model = await inventedMoments[i].open();
      const trace = await world.with(model).run(model.tokenizer.encode(ask.text).ids);
      const row = trace.layers[0].attention.weights.slice(16 + 12, 16 + 16);
      data.rows.slice(0, 4).forEach((cells, j) => {
        expect(cells[2 + i]).toBeCloseTo(row[j], 8);
      });
      expect(data.columns[2 + i].id).toBe(id);
    }
    expect(data.series.map(({ provenance }) => provenance)).toContain('random');
    await expect(moments.compute({ ...ask, words: ['zebra'] }, world, 'fig')).rejects.toThrow(/'zebra'/);
    await expect(moments.compute(ask, untrainedWorld(), 'fig')).rejects.toThrow(/no moments.*npm run train/);
  });
});

describe('the small model', async () => {
  const module = await compileKernels({ wide: false, shared: false, relaxed: false });

  it('finds the adjective, wherever it stands, and comes down to what nobody can do without', async () => {
    const { averaged } = await trainPupil(3, 300, module);
    const end = measurePupil(averaged, 300);
    expect(end.last).toBeLessThan(0.05);
    expect(end.loss).toBeGreaterThan(pupilEntropy);
    expect(end.loss).toBeLessThan(pupilEntropy + 0.01);
    const before = measurePupil(newPupil(3).averaged, 0);
    expect(before.last).toBeGreaterThan(Math.log(6));

    const model = pupilModel(averaged);
    const world = createWorld({ model, attend: plain });
    const text = 'there was a beautiful woman with a cat . one was';
    for (const [asked, place] of [
      [text, 4],
      [moveAdjective(text), 7],
    ] as const) {
      const { ids, words } = model.tokenizer.encode(asked);
      expect(words[place - 1]).toBe('beautiful');
      const { attention } = (await world.run(ids)).layers[0];
      expect(attention.weights[ids.length * ids.length - ids.length + place]).toBeGreaterThan(0.7);
    }
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const run = async (seed: number) => (await trainPupil(seed, 20, module)).averaged;
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual(first);
  });

  it('reports while it learns, and stops when it is asked to', async () => {
    const steps: number[] = [];
    const stop = new AbortController();
    const report = (step: number) => {
      steps.push(step);
      if (step === 12) stop.abort();
    };
    expect((await trainPupil(1, 40, module, report, stop.signal)).step).toBe(12);
    expect(steps).toEqual([4, 8, 12]);
  });

  it('moves the adjective there and back', () => {
    const text = 'there was a tall queen with a dog . one was';
    expect(moveAdjective(text)).toBe('there was a queen with a tall dog . one was');
    expect(moveAdjective(moveAdjective(text))).toBe(text);
    expect(pupilTexts).toBe(2 * 6 ** 3);
  });

  it('is a figure that says what its training did', async () => {
    const ask = { kind: 'pupil' as const, ...base, sentence: 'there was a tall queen with a dog . one was', steps: 8 };
    const data = await pupil.compute(ask, { ...untrainedWorld(), kernels: async () => module }, 'fig');
    const read = pupilOf(data);
    expect(read.curve.map(({ step }) => step)).toEqual([0, 4, 8]);
    const { averaged } = await trainPupil(1, 8, module);
    expect(cellAt(data, 'step 8', 'last')).toBeCloseTo(measurePupil(averaged, 8).last, 6);
    expect(noticeOfPupil(read)).toMatch(/^At the end, \*was\* gives \d+\s% of its weight to .* from \d\.\d\d\.$/);
    expect((await pupil.draw(data)).svg).not.toMatch(/NaN|undefined|Infinity/);
    await expect(pupil.compute({ ...ask, sentence: 'there was an elephant' }, untrainedWorld(), 'fig')).rejects.toThrow(
      /sentence: .*'elephant'/,
    );
  });
});
