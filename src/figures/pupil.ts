/**
 * A small model before and after its training, and how its surprise fell: the same training that a reader can run in the page.
 *
 * ```yaml
 * kind: pupil
 * title: What does a model with one head learn?
 * caption: It knows 24 words.
 * sentence: there was a beautiful woman with a cat . one was
 * seed: 1              # of its random numbers. Absent: 1
 * steps: 300           # Absent: 300
 * ```
 */
import { z } from 'zod';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { readLook } from './moments-data.ts';
import { readText } from './pattern.ts';
import { pupilData } from './pupil-data.ts';
import { drawPupil } from './pupil-picture.ts';
import { measurePupil, newPupil, PUPIL_STEPS, type PupilPoint, pupilModel, trainPupil } from './pupil-training.ts';
import type { World } from './world.ts';

export interface PupilDeclaration extends BaseDeclaration {
  kind: 'pupil';
  sentence: string;
  seed?: number;
  steps?: number;
}

export const pupil: Kind<PupilDeclaration> = {
  name: 'pupil',
  schema: z.strictObject({
    kind: z.literal('pupil'),
    ...baseFields,
    sentence: z.string().min(1),
    seed: z.number().int().min(1).max(999).optional(),
    steps: z.number().int().min(4).max(2000).multipleOf(4).optional(),
  }),
  async compute(declaration, world, name) {
    const { seed = 1, steps = PUPIL_STEPS } = declaration;
    const { start, end, curve } = await trained(seed, steps, world.kernels);
    const { ids, words } = readText(declaration.sentence, world.with(pupilModel(start)), 'sentence');
    const look = (flat: Float32Array) => readLook(ids, { layer: 1, head: 1 }, world.with(pupilModel(flat)));
    const looks = { before: await look(start), now: await look(end) };
    return pupilData(declaration, { words, seed, steps, curve, ...looks }, name);
  },
  draw: async (data) => drawPupil(data),
  alive: true,
};

interface Trained {
  start: Float32Array;
  end: Float32Array;
  curve: PupilPoint[];
}

const known = new Map<string, Promise<Trained>>();

/** The same training for both precisions: they compute the looks anew, not the weights. */
function trained(seed: number, steps: number, kernels: World['kernels']): Promise<Trained> {
  const key = `${seed} ${steps} ${kernels !== undefined}`;
  const done = known.get(key) ?? trainOnce(seed, steps, kernels);
  known.set(key, done);
  done.catch(() => known.delete(key));
  return done;
}

async function trainOnce(seed: number, steps: number, kernels: World['kernels']): Promise<Trained> {
  const start = newPupil(seed).averaged;
  const curve = [measurePupil(start, 0)];
  const report = (step: number, averaged: Float32Array) => void curve.push(measurePupil(averaged, step));
  const { averaged } = await trainPupil(seed, steps, await kernels?.(), report);
  return { start, end: averaged, curve };
}
