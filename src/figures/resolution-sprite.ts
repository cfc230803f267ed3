/** The picture of the resolution figure as few points of four tones, by sharp. */
import sharp from 'sharp';
import { DRAWING, drawing, spriteTones } from './resolution-drawing.ts';

/** How light a colour is, as sharp's greyscale has it: 0 to 255. */
async function lightness(colour: string): Promise<number> {
  const [grey] = await sharp({ create: { width: 1, height: 1, channels: 3, background: colour } })
    .greyscale()
    .raw()
    .toBuffer();
  return grey;
}

/**
 * The drawing as `width` points across, 9/16 as many down.
 * @returns a line of digits for each row of points: 0 the lightest tone, 3 the darkest
 */
export async function spriteOf(width: number): Promise<string[]> {
  const { width: W, height: H } = DRAWING;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}" width="${W}" height="${H}">${drawing()}</svg>`;
  const height = Math.round((width / W) * H);
  const greys = await sharp(Buffer.from(svg)).resize(width, height, { kernel: 'cubic' }).greyscale().raw().toBuffer();
  const tones = await Promise.all(spriteTones.map(lightness));
  const nearest = (grey: number) =>
    tones.reduce((best, tone, k) => (Math.abs(tone - grey) < Math.abs(tones[best] - grey) ? k : best), 0);
  return Array.from({ length: height }, (_, y) =>
    Array.from(greys.subarray(y * width, (y + 1) * width), nearest).join(''),
  );
}
