/** From a figure's SVG file to a PNG, on a machine that may have no fonts at all. */
import { buildFonts } from './fonts.ts';

type Sharp = typeof import('sharp').default;

/** Pixels of the picture for one of the drawing. */
const pixelRatio = 2;
/** Dots per inch at which sharp draws one pixel for one. */
const plainDensity = 72;
/** A media query with the rules in it. */
const mediaQuery = /@media[^{]*\{(?:[^{}]|\{[^{}]*\})*\}/g;

let opened: Promise<Sharp> | undefined;

/**
 * Rasterise an SVG that carries its own colours, in its light ones.
 *
 * @param svg whose dark colours stand in a media query, which the rasteriser would take for the dark of this machine
 * @returns PNG bytes, the same ones for the same drawing
 */
export async function pngOf(svg: string): Promise<Buffer> {
  opened ??= openSharp();
  const sharp = await opened;
  return sharp(Buffer.from(svg.replace(mediaQuery, '')), { density: plainDensity * pixelRatio })
    .png({ compressionLevel: 9, palette: true, quality: 100 })
    .toBuffer();
}

async function openSharp(): Promise<Sharp> {
  // fontconfig reads this once, when the first text is drawn.
  process.env.FONTCONFIG_FILE = (await buildFonts()).fontconfig;
  return (await import('sharp')).default;
}
