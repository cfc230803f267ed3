/** What a figure may ask: a model, what its heads do, and a way to run it. Who computes is the caller's choice. */
import type { AsyncAttend, Attend } from '../attention/attend.ts';
import { type ForwardTrace, forwardAsync } from '../model/llama.ts';
import type { LanguageModel } from '../model/open.ts';
import type { CalibrationBin } from './calibration-bins.ts';
import type { Captured } from './captured.ts';
import type { Moment } from './moments-list.ts';
import type { TrainingLog } from './training-log.ts';

/** One head; layer and head count from 1, as people count. */
export interface HeadPlace {
  layer: number;
  head: number;
}

/** One link from a word that looks to a word looked at; positions from 0, which is the start. */
export interface Link extends HeadPlace {
  query: number;
  key: number;
}

/** Links taken away, heads silenced, and the mask: false takes it off, so that words look at those after them too. */
export interface Changes {
  cut?: readonly Link[];
  mute?: readonly HeadPlace[];
  causal?: boolean;
}

export interface World {
  model: LanguageModel;
  /** Which head does which job, as `npm run evaluate` found it. */
  heads: Readonly<Record<string, HeadPlace>>;
  /** How its training went; absent where nobody asks, as in a page. */
  training?: TrainingLog;
  /** What it says beside what is true, in bins; absent where nobody asks. */
  calibration?: readonly CalibrationBin[];
  /** What published models said; absent where nobody asks. */
  captured?: readonly Captured[];
  /** The model at some moments of its training, from before the first step to the last; absent where nobody asks. */
  moments?: readonly Moment[];
  /** The kernels of training, as a page gets them; absent: what trains a model does so in plain TypeScript. */
  kernels?: () => Promise<WebAssembly.Module>;
  /** Another model, computed in the same way. */
  with(model: LanguageModel): World;
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
  training?: TrainingLog;
  calibration?: readonly CalibrationBin[];
  captured?: readonly Captured[];
  moments?: readonly Moment[];
  kernels?: () => Promise<WebAssembly.Module>;
}): World {
  const { model, heads = {}, precision = 'float32', training, calibration, captured, moments, kernels } = parts;
  const attend: AsyncAttend = async (input, options) => parts.attend(input, options);
  return {
    model,
    heads,
    training,
    calibration,
    captured,
    moments,
    kernels,
    with: (other) => createWorld({ ...parts, model: other }),
    run: (ids, changes = {}) =>
      forwardAsync(model, ids, {
        attend,
        precision,
        cut: changes.cut?.map((c) => ({ ...c, layer: c.layer - 1, head: c.head - 1 })),
        mute: changes.mute?.map((m) => ({ layer: m.layer - 1, head: m.head - 1 })),
        causal: changes.causal,
      }),
  };
}
