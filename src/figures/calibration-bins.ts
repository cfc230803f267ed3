/** What a model says beside what is true, in bins: a part of `public/model/quality.json`, as `npm run evaluate` writes it. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** All words at all places to which the model gave a probability from `from` up to below `to`. */
const bin = z.object({
  from: share,
  to: share,
  count: z.number().int().min(1),
  /** Means over the bin: what the model says, what is true, and how often such a word did follow. */
  predicted: share,
  truth: share,
  observed: share,
});

export const calibrationBins = z.array(bin).min(2);

export type CalibrationBin = z.infer<typeof bin>;
