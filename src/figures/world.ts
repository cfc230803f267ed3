/** What a figure may ask: a model, what its heads do, and a way to run it. Who computes is the caller's choice. */
import type { AsyncAttend, Attend } from '../attention/attend.ts';
import { type ForwardTrace, forwardAsync } from '../model/llama.ts';
import type { LanguageModel } from '../model/open.ts';
import type { CalibrationBin } from './calibration-bins.ts';
import type { TrainingLog } from './training-log.ts';

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
  /** How its training went; absent where nobody asks, as in a page. */
  training?: TrainingLog;
  /** What it says beside what is true, in bins; absent where nobody asks. */
  calibration?: readonly CalibrationBin[];
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
}): World {
  const { model, heads = {}, precision = 'float32', training, calibration } = parts;
  const attend: AsyncAttend = async (input, options) => parts.attend(input, options);
  return {
    model,
    heads,
    training,
    calibration,
    run: (ids, changes = {}) =>
      forwardAsync(model, ids, {
        attend,
        precision,
        cut: changes.cut?.map((c) => ({ ...c, layer: c.layer - 1, head: c.head - 1 })),
        mute: changes.mute?.map((m) => ({ layer: m.layer - 1, head: m.head - 1 })),
      }),
  };
}
