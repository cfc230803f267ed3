/**
 * One picture in many numbers and in few: at 8K, and as sprites of four tones. The picture is drawn for this guide; sharp
 * makes the sprites of it.
 *
 * ```yaml
 * kind: resolution
 * title: How many numbers does a picture need?
 * caption: Photographs are usually kept in fewer, since much of them can be guessed from the rest.
 * sprites: [48]        # widths in points, multiples of 16. Absent: 48
 * ```
 */
import { z } from 'zod';
import type { Cell, FigureData } from './figure-data.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { drawResolution } from './resolution-picture.ts';

export interface ResolutionDeclaration extends BaseDeclaration {
  kind: 'resolution';
  sprites?: number[];
}

/** A picture as a grid of points. */
interface Version {
  name: string;
  width: number;
  height: number;
  /** Red, green and blue are three numbers a point; a tone is one. */
  numbersEach: number;
  /** From how many values each number is chosen, as bits. */
  bits: number;
}

/** What televisions and cameras call 8K: https://www.itu.int/rec/R-REC-BT.2020. */
const EIGHT_K: Version = { name: '8K', width: 7680, height: 4320, numbersEach: 3, bits: 8 };

export const resolution: Kind<ResolutionDeclaration> = {
  name: 'resolution',
  schema: z.strictObject({
    kind: z.literal('resolution'),
    ...baseFields,
    sprites: z
      .array(z.number().int().min(16).max(320).multipleOf(16, 'is in points, a multiple of 16: 32, 48 or 96, say'))
      .min(1)
      .max(3)
      .optional(),
  }),
  async compute(declaration, _world, name): Promise<FigureData> {
    const widths = [...new Set(declaration.sprites ?? [48])];
    // sharp is fetched only where a figure of this kind is made, which is never in a page.
    const { spriteOf } = await import('./resolution-sprite.ts');
    const sprites = await Promise.all(widths.map(spriteOf));
    const versions: Version[] = [
      EIGHT_K,
      ...widths.map((width) => ({
        name: `sprite of ${width}`,
        width,
        height: (width / 16) * 9,
        numbersEach: 1,
        bits: 2,
      })),
    ];
    const rows: Cell[][] = versions.map(({ name, width, height, numbersEach, bits }) => {
      const numbers = width * height * numbersEach;
      return [name, width, height, numbersEach, 2 ** bits, numbers, (numbers * bits) / 8];
    });
    return {
      kind: 'resolution',
      name,
      title: declaration.title,
      caption: declaration.caption,
      series: [
        { id: 'picture', label: 'The picture', provenance: 'hand-made', source: 'drawn for this guide' },
        { id: 'counts', label: 'Counts', provenance: 'exact', source: 'points times numbers a point' },
      ],
      axes: { rows: 'a picture', columns: 'how many numbers it is' },
      columns: [
        { id: 'picture', label: 'Picture', unit: 'text' },
        { id: 'width', label: 'Points across', unit: 'count', series: 'counts' },
        { id: 'height', label: 'Points down', unit: 'count', series: 'counts' },
        { id: 'each', label: 'Numbers a point', unit: 'count', series: 'counts' },
        { id: 'values', label: 'Values that a number may have', unit: 'count', series: 'counts' },
        { id: 'numbers', label: 'Numbers in all', unit: 'count', series: 'counts' },
        { id: 'bytes', label: 'Bytes', unit: 'count', series: 'counts' },
      ],
      rows,
      notice: noticeOfVersions(rows),
      detail: { sprites },
    };
  },
  draw: async (data) => drawResolution(data),
  alive: false,
};

/** How far the largest and the smallest are apart. */
export function noticeOfVersions(rows: readonly Cell[][]): string {
  const numbers = (row: readonly Cell[]) => row[5] as number;
  const sorted = [...rows].sort((a, b) => numbers(b) - numbers(a));
  const [most, least] = [sorted[0], sorted.at(-1)!];
  const say = (n: number) => n.toLocaleString('en');
  const times = Math.round(numbers(most) / numbers(least));
  return `At ${most[0]}, the picture is ${say(numbers(most))} numbers; as a ${least[0]} points it is ${say(numbers(least))}, ${say(times)} times fewer.`;
}
