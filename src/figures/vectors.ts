/**
 * Lists of numbers as a weave: the words of a text as they come out of the model's layers, or the queries, keys and values
 * of one head.
 *
 * ```yaml
 * kind: vectors
 * title: What happens to *woman* on its way through?
 * caption: Sixty-four numbers say little one by one; look at the cloth.
 * text: there was a beautiful woman
 * words: [woman]                        # whose numbers. Absent: the last word of the text
 * show: [bare, layer 1, layer 4]        # which of them. Absent: bare, and after each layer
 * ```
 *
 * `bare` is the word as it is stored, `layer 2` what it is after layer 2. `show: [query, key, value]` asks for those of one
 * head, named by `role` or by `layer` and `head`; query and key as they are compared, turned by their positions.
 */
import { z } from 'zod';
import type { ForwardTrace } from '../model/llama.ts';
import { choices } from './choices.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, headFields, type Kind } from './kind.ts';
import { rounded } from './numbers.ts';
import { readText, resolveHead } from './pattern.ts';
import { findWord, wordNames } from './text.ts';
import { type Thread, vectorsData } from './vectors-data.ts';
import { drawVectors } from './weave.ts';
import type { HeadPlace, World } from './world.ts';

export interface VectorsDeclaration extends BaseDeclaration {
  kind: 'vectors';
  text: string;
  words?: string[];
  show?: string[];
  role?: string;
  layer?: number;
  head?: number;
}

const ofOneHead = ['query', 'key', 'value'];

export const vectors: Kind<VectorsDeclaration> = {
  name: 'vectors',
  schema: z.strictObject({
    kind: z.literal('vectors'),
    ...baseFields,
    ...headFields,
    text: z.string().min(1),
    words: z.array(z.string().min(1)).min(1).max(8).optional(),
    show: z.array(z.string().min(1)).min(1).max(40).optional(),
  }),
  async compute(declaration, world, name) {
    const text = readText(declaration.text, world);
    const places = declaration.words?.map((word, k) => {
      try {
        return findWord(text.words, word);
      } catch (error) {
        throw new FigureError((error as Error).message.replace(/^word:/, `words, number ${k + 1}:`), `words.${k}`);
      }
    }) ?? [text.words.length - 1];
    const layers = Array.from({ length: world.model.config.nLayers }, (_, l) => `layer ${l + 1}`);
    const show = declaration.show ?? ['bare', ...layers];
    show.forEach((stage, k) => {
      const valid = ['bare', ...layers, ...ofOneHead];
      if (valid.includes(stage)) return;
      throw new FigureError(`show, number ${k + 1}: '${stage}' is none of them. ${choices(stage, valid)}`, `show.${k}`);
    });
    const inHead = show.filter((stage) => ofOneHead.includes(stage));
    if (inHead.length > 0 && inHead.length < show.length) {
      throw new FigureError(
        `show: ${inHead.join(', ')} of a head cannot stand beside a word as a whole, whose list has another length. Make two figures.`,
        'show',
      );
    }
    const given = [declaration.role, declaration.layer, declaration.head].some((field) => field !== undefined);
    if (inHead.length === 0 && given) {
      throw new FigureError(
        `show: a head was named, but none of its lists: add one of ${ofOneHead.join(', ')}, or leave the head out.`,
        'show',
      );
    }
    const place = inHead.length > 0 ? resolveHead(declaration, world) : undefined;
    const trace = await world.run(text.ids);
    const names = wordNames(text.words);
    const threads = places.flatMap((at) =>
      show.map((stage): Thread => ({ word: names[at], stage, values: listOf(trace, at, stage, place, world) })),
    );
    const source = place ? `${world.model.name}, layer ${place.layer}, head ${place.head}` : world.model.name;
    return vectorsData(declaration, threads, source, name);
  },
  draw: async (data) => drawVectors(data),
  alive: false,
};

/** One list: `stage` as in `show`, `at` the word's place in the text. */
function listOf(
  trace: ForwardTrace,
  at: number,
  stage: string,
  place: HeadPlace | undefined,
  { model }: World,
): number[] {
  const { width, headDim, nHeads, nKeyHeads } = model.config;
  const n = trace.ids.length;
  const row = (all: Float32Array | Float64Array, start: number, length: number) =>
    Array.from(all.subarray(start * length, (start + 1) * length), rounded);
  if (place) {
    const layer = trace.layers[place.layer - 1];
    const keyHead = Math.floor(((place.head - 1) * nKeyHeads) / nHeads);
    if (stage === 'query') return row(layer.queries, (place.head - 1) * n + at, headDim);
    return row(stage === 'key' ? layer.keys : layer.values, keyHead * n + at, headDim);
  }
  if (stage === 'bare') return row(trace.embedding, at, width);
  return row(trace.layers[Number(stage.slice('layer '.length)) - 1].output, at, width);
}
