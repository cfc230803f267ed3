/**
 * All heads of the model, or of some of its layers, as small staircases side by side: what each is in the habit of looking at.
 *
 * ```yaml
 * kind: heads
 * title: Do all heads look the same way?
 * caption: Sixteen heads and one sentence; another sentence would give other pictures.
 * text: there was a beautiful woman with an ugly cat
 * layers: [1, 2]       # absent: all
 * role: adjective      # frames this head; or layer: 2 and head: 1. Absent: none
 * word: woman          # says below each head where this word looks most. Absent: where most words look, if they agree
 * ```
 */
import { z } from 'zod';
import { FigureError } from './figure-error.ts';
import { headsData, headsOfTrace } from './heads-data.ts';
import { drawHeads } from './heads-picture.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { readText, resolveHead } from './pattern.ts';
import { findWord } from './text.ts';

export interface HeadsDeclaration extends BaseDeclaration {
  kind: 'heads';
  text: string;
  layers?: number[];
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
}

export const heads: Kind<HeadsDeclaration> = {
  name: 'heads',
  schema: z.strictObject({
    kind: z.literal('heads'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    layers: z.array(z.number().int().min(1)).min(1).optional(),
    word: z.string().min(1).optional(),
  }),
  async compute(declaration, world, name) {
    const { nLayers } = world.model.config;
    const layers = [...new Set(declaration.layers ?? Array.from({ length: nLayers }, (_, l) => l + 1))];
    layers.forEach((layer, k) => {
      if (layer <= nLayers) return;
      throw new FigureError(`layers: expected 1 to ${nLayers}, but ${layer} came.`, `layers.${k}`);
    });
    const framed = [declaration.role, declaration.layer, declaration.head].some((given) => given !== undefined)
      ? resolveHead(declaration, world)
      : undefined;
    if (framed && !layers.includes(framed.layer)) {
      throw new FigureError(
        `layers: the framed head is in layer ${framed.layer}, which is not shown. Add it, or frame another.`,
        'layers',
      );
    }
    const text = readText(declaration.text, world);
    const looking = declaration.word === undefined ? undefined : findWord(text.words, declaration.word);
    const shown = headsOfTrace(await world.run(text.ids), text, layers, world);
    return headsData(declaration, { words: text.words, shown, framed, looking }, world, name);
  },
  draw: async (data) => drawHeads(data),
  alive: true,
};
