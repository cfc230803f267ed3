/** What a figure may ask: a model, what its heads do, and a way to run it. Who computes is the caller's choice. */
import type { AsyncAttend, Attend } from '../attention/attend.ts';
import { type ForwardTrace, forwardAsync } from '../model/llama.ts';
import type { LanguageModel } from '../model/open.ts';

/** One head; layer and head count from 1, as people count. */
export interface HeadPlace {
  layer: number;
  head: number;
}

/** Links taken away and heads silenced; layer and head from 1, positions from 0 (0 is the start). */
export interface Changes {
  cut?: { layer: number; head: number; query: number; key: number }[];
  mute?: HeadPlace[];
}

export interface World {
  model: LanguageModel;
  /** Which head does which job, as `npm run evaluate` found it. */
  heads: Readonly<Record<string, HeadPlace>>;
  run(ids: readonly number[], changes?: Changes): Promise<ForwardTrace>;
}

/**
 * A world from a model and a form of attention: gpu.js in the script, `reference` with float64 in the check, `plain` in a
 * page. Everything else is the same code.
 */
export function createWorld(parts: {
  model: LanguageModel;
  heads?: Readonly<Record<string, HeadPlace>>;
  attend: Attend | AsyncAttend;
  precision?: 'float32' | 'float64';
}): World {
  const { model, heads = {}, precision = 'float32' } = parts;
  const attend: AsyncAttend = async (input, options) => parts.attend(input, options);
  return {
    model,
    heads,
    run: (ids, changes = {}) =>
      forwardAsync(model, ids, {
        attend,
        precision,
        cut: changes.cut?.map((c) => ({ ...c, layer: c.layer - 1, head: c.head - 1 })),
        mute: changes.mute?.map((m) => ({ layer: m.layer - 1, head: m.head - 1 })),
      }),
  };
}
