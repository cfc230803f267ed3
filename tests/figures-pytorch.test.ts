/**
 * Ten figures of the guide against PyTorch on the same weights: not our reader, not our layers. Its numbers were written
 * down by `scripts/pytorch.py`, so no Python is needed here.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { FigureData } from '../src/figures/figure-data.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { figureKey, readPages } from '../src/site/make-figures.ts';
import { openReferenceWorld } from '../src/site/worlds.ts';

interface Answer {
  text: string;
  /** weights[i][j]: how much word i looks at word j ≤ i; only where the figure shows a head. */
  weights?: number[][];
  /** After the text, the probability of each word that is not all but impossible. */
  next: Record<string, number>;
}

const root = join(import.meta.dirname, '..');
const { sha256, figures }: { sha256: string; figures: Record<string, Answer> } = JSON.parse(
  readFileSync(join(root, 'tests/fixtures/pytorch.json'), 'utf8'),
);
/** PyTorch's llama norms and its softmax are float32; four digits of a weight are more than any figure says. */
const tolerance = 1e-5;
const again = 'Run scripts/pytorch.py again; its first lines say how.';

const tables = new Map<string, FigureData>();
beforeAll(async () => {
  const weights = createHash('sha256')
    .update(readFileSync(join(root, 'public/model/easel.gguf')))
    .digest('hex');
  if (weights !== sha256) throw new Error(`tests/fixtures/pytorch.json was made for other weights. ${again}`);
  const { world } = openReferenceWorld(root);
  for (const page of readPages(root, world).pages) {
    for (const declared of page.figures) {
      const key = figureKey(page, declared);
      if (!(key in figures)) continue;
      const kind = kindByName.get(declared.declaration.kind)!;
      tables.set(key, await kind.compute(declared.declaration, world, declared.name));
    }
  }
});

/** The numbers of a table with what PyTorch has in their place. */
function pairs({ kind, series, columns, rows, detail }: FigureData, { weights, next }: Answer): [number, number][] {
  const learned = series.filter(({ provenance }) => provenance === 'learned').map(({ id }) => id);
  return rows.flatMap((row, r) =>
    row.flatMap((cell, c): [number, number][] => {
      const { unit, series: of = '' } = columns[c];
      if (typeof cell !== 'number' || !learned.includes(of)) return [];
      if (unit === 'weight')
        return [[cell, kind === 'heatmap' ? weights![r][c - 1] : weights![detail.looking as number][r]]];
      return String(row[0]) in next ? [[cell, next[String(row[0])]]] : [];
    }),
  );
}

it('are ten', () => {
  expect(Object.keys(figures)).toHaveLength(10);
});

it.each(Object.keys(figures))('%s has the numbers of PyTorch', (key) => {
  const data = tables.get(key);
  if (!data)
    throw new Error(`No page declares ${key} any more. Put another in its place in scripts/pytorch.py. ${again}`);
  if (data.detail.text !== figures[key].text) throw new Error(`${key} has another text by now. ${again}`);
  const all = pairs(data, figures[key]);
  expect(all.length).toBeGreaterThanOrEqual(5);
  for (const [ours, theirs] of all) expect(Math.abs(ours - theirs)).toBeLessThan(tolerance);
  // The whole of a row, not a part that happens to agree.
  if (data.kind === 'arcs') {
    const looking = data.detail.looking as number;
    expect(all.slice(0, looking + 1).reduce((sum, [, theirs]) => sum + theirs, 0)).toBeCloseTo(1, 5);
  }
});
