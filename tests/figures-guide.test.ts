/** Every picture of the guide, as its pages declare it: whole, inside its sheet, and at peace with its neighbours. */
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindByName } from '../src/figures/kinds.ts';
import { type ComputedFigure, computeFigures, readPages } from '../src/site/make-figures.ts';
import { pngOf } from '../src/site/picture.ts';
import { openWorlds, type Worlds } from '../src/site/worlds.ts';
import { expectWholePicture } from './picture.ts';

const root = join(import.meta.dirname, '..');
/** Half the margin of a sheet: here is nothing but paper. */
const edge = 12;

let worlds: Worlds;
let figures: ComputedFigure[];
const draw = ({ data }: ComputedFigure) => kindByName.get(data.kind)!.draw(data);

beforeAll(async () => {
  worlds = await openWorlds(root, 'plain');
  const { pages } = readPages(root, worlds.gpu);
  const declared = pages.flatMap((page) => page.figures.map((one) => ({ page, declared: one })));
  figures = (await computeFigures(declared, worlds)).figures;
});
afterAll(() => worlds.close());

it('they are there', () => {
  expect(figures.length).toBeGreaterThan(20);
  expect(new Set(figures.map(({ data }) => data.kind)).size).toBeGreaterThan(7);
});

it('each file is whole, and names its title, what to notice and what was simplified', async () => {
  for (const figure of figures) {
    const { svg } = await draw(figure);
    expectWholePicture(svg, figure.data);
  }
});

it('nothing runs over the edge of its sheet', async () => {
  const over: string[] = [];
  for (const figure of figures) {
    const { data, info } = await sharp(await pngOf((await draw(figure)).svg))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const isPaper = (x: number, y: number) => {
      const at = (y * width + x) * channels;
      return data.subarray(at, at + channels).equals(data.subarray(0, channels));
    };
    const columns = Array.from({ length: edge }, (_, x) => [x, width - 1 - x]).flat();
    const rows = Array.from({ length: height }, (_, y) => y);
    if (!columns.every((x) => rows.every((y) => isPaper(x, y)))) over.push(figure.key);
  }
  expect(over).toEqual([]);
});

it('the figures of a page share no id, and each of their drawings can be read aloud', async () => {
  for (const page of new Set(figures.map((one) => one.page))) {
    const own = figures.filter((one) => one.page === page);
    const html = (await Promise.all(own.map(draw))).map((drawing) => drawing.html).join('');
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
    const { document } = parseHTML(`<html><body>${html}</body></html>`);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const image of document.querySelectorAll('svg[role=img]')) {
      expect(image.getAttribute('aria-label')!.length).toBeGreaterThan(20);
    }
  }
});
