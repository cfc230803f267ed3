/**
 * What a reader did to a figure of heads, as short texts for the address of the page: a head is '2.1', a link '2.1.14.4'
 * (layer, head, the place that looks, the place looked at). Layers and heads count from 1, places from 0, which is the start.
 */
import type { Changes, HeadPlace, Link } from '../figures/world.ts';
import type { LlamaConfig } from '../model/llama.ts';

export interface ChangesText {
  cut: string;
  mute: string;
  mask: string;
}

type Heads = Pick<LlamaConfig, 'nLayers' | 'nHeads'>;

export const sayHead = ({ layer, head }: HeadPlace): string => `${layer}.${head}`;

const sayLink = ({ layer, head, query, key }: Link) => `${layer}.${head}.${query}.${key}`;

export const sameHead = (one: HeadPlace, other: HeadPlace): boolean =>
  one.layer === other.layer && one.head === other.head;

export const sameLink = (one: Link, other: Link): boolean => sayLink(one) === sayLink(other);

/** @returns the head, or undefined where the text names none that there is */
export function readHead(text: string | undefined, { nLayers, nHeads }: Heads): HeadPlace | undefined {
  const [layer, head] = (text ?? '').split('.').map(Number);
  return layer >= 1 && layer <= nLayers && head >= 1 && head <= nHeads ? { layer, head } : undefined;
}

/** A place of a text of `words` words, or undefined. */
export function readPlace(text: string | undefined, words: number): number | undefined {
  const place = Number(text || Number.NaN);
  return Number.isInteger(place) && place >= 0 && place < words ? place : undefined;
}

/** The mask is not said where it is as the figure has it. */
export function sayChanges({ cut = [], mute = [], causal = true }: Changes, home: boolean): ChangesText {
  return {
    cut: cut.map(sayLink).join(' '),
    mute: mute.map(sayHead).join(' '),
    mask: causal === home ? '' : causal ? 'on' : 'off',
  };
}

/**
 * Leaves out what does not fit the model or the text.
 * @param words how many places the text has, the start among them
 * @param home whether the figure has its mask on
 */
export function readChanges(
  text: Partial<ChangesText>,
  words: number,
  config: Heads,
  home: boolean,
): Required<Pick<Changes, 'causal'>> & { cut: Link[]; mute: HeadPlace[] } {
  const causal = text.mask === 'on' || text.mask === 'off' ? text.mask === 'on' : home;
  const split = (list = '') => list.split(' ').filter(Boolean);
  return {
    causal,
    mute: split(text.mute).flatMap((one) => readHead(one, config) ?? []),
    cut: split(text.cut).flatMap((one) => {
      const head = readHead(one, config);
      const [query, key] = one.split('.').slice(2);
      const [from, to] = [readPlace(query, words), readPlace(key, words)];
      if (!head || from === undefined || to === undefined || (causal && to > from)) return [];
      return [{ ...head, query: from, key: to }];
    }),
  };
}
