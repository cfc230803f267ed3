/** Where figures stand besides their lessons: the gallery, and the cards of links. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plain } from '../src/attention/plain.ts';
import { kindByName, kinds } from '../src/figures/kinds.ts';
import { createWorld } from '../src/figures/world.ts';
import { drawCard } from '../src/site/cards.ts';
import { galleryOf, whatKindsShow } from '../src/site/gallery.ts';
import { pngOf } from '../src/site/picture.ts';
import { untrainedRoles, untrainedWorld } from './untrained.ts';

const authors = readFileSync(join(import.meta.dirname, '../content/docs/reference/writing-a-lesson.mdx'), 'utf8');
const world = createWorld({ model: untrainedWorld().model, heads: untrainedRoles, attend: plain });

it('the gallery has every figure once, kind by kind', () => {
  const figure = (kind: string) => ({ kind, title: `What is ${kind}?` });
  const pages = [
    {
      filePath: 'content/docs/lessons/b.mdx',
      data: { title: 'B', figures: { two: figure('heatmap'), one: figure('arcs') } },
    },
    { filePath: 'content/docs/index.mdx', data: { title: 'Start', figures: { one: figure('arcs') } } },
    { filePath: 'content/docs/reference/c.mdx', data: { title: 'C' } },
  ];
  expect(galleryOf(pages)).toEqual([
    {
      kind: 'arcs',
      figures: [
        { page: 'lessons/b', pageTitle: 'B', name: 'one', title: 'What is arcs?' },
        { page: 'index', pageTitle: 'Start', name: 'one', title: 'What is arcs?' },
      ],
    },
    { kind: 'heatmap', figures: [{ page: 'lessons/b', pageTitle: 'B', name: 'two', title: 'What is heatmap?' }] },
  ]);
});

it('the table for authors says what each kind shows', () => {
  expect(whatKindsShow(authors).arcs).toBe('how one word looks at the words before it');
  expect(() => whatKindsShow(authors.replace('| `heads` |', '| `hats` |'))).toThrow(/no row for heads\./);
  expect(kinds.filter(({ name }) => !whatKindsShow(authors)[name])).toEqual([]);
});

it('a card shows the picture of a figure of any kind, below a title of one line or two', async () => {
  const base = { title: 'Why?', caption: 'So.', text: 'there was a beautiful woman with an ugly cat' };
  for (const declaration of [
    { ...base, kind: 'arcs', role: 'adjective' },
    { ...base, kind: 'heatmap', role: 'adjective' },
    { ...base, kind: 'next-word', columns: ['exact', 'easel'] },
  ]) {
    const kind = kindByName.get(declaration.kind)!;
    const data = await kind.compute(kind.schema.parse(declaration), world, 'it');
    for (const title of ['Short', 'A title that is far too long for a single line of a card']) {
      const svg = await drawCard(title, data);
      expect(svg).toMatch(/>[^<]*woman/);
      expect(svg).not.toMatch(/NaN|undefined|var\(--/);
      const [, x, y, width] = /<svg x="(\d+)" y="([\d.]+)" width="(\d+)"/.exec(svg)!.map(Number);
      expect([x, width]).toEqual([64, 1072]);
      // Below the title, whose last line ends here.
      expect(y).toBeGreaterThanOrEqual(title.length > 32 ? 300 : 230);
      const png = await pngOf(svg);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
    }
  }
  expect(await drawCard('No figure')).not.toContain('<svg x=');
});
