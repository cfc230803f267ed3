/** The kinds of figure there are. */
import { added } from './added.ts';
import { apart } from './apart.ts';
import { arcs } from './arcs.ts';
import { arrows } from './arrows.ts';
import { blend } from './blend.ts';
import { calibration } from './calibration.ts';
import { compare } from './compare.ts';
import { heads } from './heads.ts';
import { heatmap } from './heatmap.ts';
import type { Kind } from './kind.ts';
import { moments } from './moments.ts';
import { narrowing } from './narrowing.ts';
import { nextWord } from './next-word.ts';
import { products } from './products.ts';
import { pupil } from './pupil.ts';
import { resolution } from './resolution.ts';
import { rotation } from './rotation.ts';
import { scatter } from './scatter.ts';
import { spread } from './spread.ts';
import { steps } from './steps.ts';
import { training } from './training.ts';
import { vectors } from './vectors.ts';

export const kinds: readonly Kind[] = [
  apart,
  arcs,
  heatmap,
  heads,
  blend,
  compare,
  nextWord,
  narrowing,
  resolution,
  rotation,
  scatter,
  steps,
  vectors,
  training,
  moments,
  pupil,
  calibration,
  arrows,
  products,
  spread,
  added,
];

/** Each kind by its name. */
export const kindByName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind]));
