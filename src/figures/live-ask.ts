/** What a page's script needs of a figure to compute it again, with other words or another head. */
import type { FigureData } from './figure-data.ts';
import { arcsData, heatmapData, type Pattern, type Tool } from './pattern.ts';
import { nextOf } from './strip.ts';
import type { World } from './world.ts';

export interface LiveAsk {
  kind: 'arcs' | 'heatmap';
  name: string;
  title: string;
  caption: string;
  text: string;
  /** Counted from 1. */
  layer: number;
  head: number;
  /** The word that looks, counted from the start, which is 0; absent: none is framed. */
  place?: number;
  /** How many next words stand beside the sentence; absent: none. */
  next?: number;
  numbers?: 'none' | 'row' | 'all';
  /** False: without the mask. */
  causal?: boolean;
  tools?: readonly Tool[];
}

/** From a figure of a kind that can come alive. */
export function liveAsk(data: FigureData): LiveAsk {
  const { text, layer, head, looking, numbers, causal, tools } = data.detail as Record<string, never>;
  const next = data.kind === 'arcs' ? nextOf(data) : undefined;
  return {
    kind: data.kind as LiveAsk['kind'],
    name: data.name,
    title: data.title,
    caption: data.caption,
    text,
    layer,
    head,
    ...(looking !== undefined && { place: looking }),
    // The last row stands for all other words.
    ...(next && { next: next.length - 1 }),
    ...(numbers !== undefined && { numbers }),
    ...(causal !== undefined && { causal }),
    ...(tools !== undefined && { tools }),
  };
}

/** The figure again, from what was asked and what the model answered. */
export function liveData(ask: LiveAsk, pattern: Pattern, world: World): FigureData {
  return (ask.kind === 'arcs' ? arcsData : heatmapData)(ask, pattern, world, ask.name);
}
