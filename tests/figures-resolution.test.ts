/** One picture in many numbers and in few: what is counted, and what the sprites are. */
import { describe, expect, it } from 'vitest';
import { resolution } from '../src/figures/resolution.ts';
import { spriteOf } from '../src/figures/resolution-sprite.ts';
import type { World } from '../src/figures/world.ts';

const ask = { kind: 'resolution' as const, title: 'How many numbers?', caption: 'A picture.' };
const compute = (sprites?: number[]) => resolution.compute({ ...ask, sprites }, {} as World, 'fig');

describe('resolution', () => {
  it('counts the numbers of each picture', async () => {
    const { rows, notice } = await compute([48, 32]);
    expect(rows).toEqual([
      ['8K', 7680, 4320, 3, 256, 99_532_800, 99_532_800],
      ['sprite of 48', 48, 27, 1, 4, 1296, 324],
      ['sprite of 32', 32, 18, 1, 4, 576, 144],
    ]);
    expect(notice).toContain('99,532,800 numbers; as a sprite of 32 points it is 576, 172,800 times fewer');
  });

  it('makes sprites of the size that was asked for, in four tones, the same each time', async () => {
    const sprite = await spriteOf(48);
    expect(sprite).toHaveLength(27);
    for (const line of sprite) expect(line).toMatch(/^[0-3]{48}$/);
    expect(new Set(sprite.join(''))).toEqual(new Set('0123'));
    expect(await spriteOf(48)).toEqual(sprite);
  });

  it('draws the picture once and every sprite point by point', async () => {
    const data = await compute();
    const [sprite] = data.detail.sprites as string[][];
    const { html, svg } = await resolution.draw(data);
    for (const picture of [html, svg]) {
      expect(picture.match(/ id="[^"]*-picture"/g)).toHaveLength(1);
      expect(picture.match(/<use href="#[^"]*-picture"/g)).toHaveLength(1);
      const runs = sprite.reduce((sum, line) => sum + line.match(/(\d)\1*/g)!.length, 0);
      // Twice: the whole, and the spot that is enlarged.
      const long = [...picture.matchAll(/M\d+ \d+h(\d+)v1h-\1z/g)].map(([, length]) => Number(length));
      expect(long).toHaveLength(2 * runs);
      expect(long.reduce((a, b) => a + b, 0)).toBe(2 * 48 * 27);
    }
  });

  it('refuses sizes that are no whole number of points down', () => {
    const { error } = resolution.schema.safeParse({ ...ask, sprites: [50] });
    expect(error?.issues[0].message).toContain('a multiple of 16');
  });
});
