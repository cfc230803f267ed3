/** Easel in a page: fetched once for all figures, run by the plain form, and on the graphics chip when a reader asks. */
import type { AsyncAttend } from '../attention/attend.ts';
import type { Backend } from '../attention/gpu.ts';
import { plain } from '../attention/plain.ts';
import { oddsOfModel } from '../figures/odds.ts';
import { createWorld, type World } from '../figures/world.ts';
import type { ForwardTrace } from '../model/llama.ts';
import { openModel } from '../model/open.ts';

const MODEL = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/model/easel.gguf`;

let opening: Promise<World> | undefined;

/**
 * The model with the plain form of attention.
 * @throws Error when it cannot be fetched or read; the next call tries again
 */
export function openWorld(): Promise<World> {
  opening ??= fetchWorld().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function fetchWorld(): Promise<World> {
  const answer = await fetch(MODEL);
  if (!answer.ok) throw new Error(`${MODEL} answered ${answer.status}`);
  return createWorld({ model: openModel(await answer.arrayBuffer()), attend: plain });
}

/** What came of running a text on the graphics chip. */
export interface ChipRun {
  backend: Backend;
  /** Why it is this one. */
  reason: string;
  /** Milliseconds of one pass, when everything is warm: there, and by the plain form. */
  milliseconds: number;
  plainMilliseconds: number;
  /** The largest difference from the plain form among all weights of all heads and all next-word probabilities. */
  difference: number;
  trace: ForwardTrace;
}

interface Chip {
  attend: AsyncAttend;
  readonly backend: Backend;
  readonly reason: string;
}

const chips = new Map<string, Promise<Chip>>();

/**
 * Runs a text on gpu.js, which is fetched here and nowhere before.
 * @param wanted 'auto', or one backend alone
 * @throws Error when the backend asked for does not run here
 */
export async function runOnChip(world: World, ids: readonly number[], wanted: 'auto' | Backend): Promise<ChipRun> {
  const chip = await openChip(wanted);
  const chipWorld = createWorld({ model: world.model, attend: chip.attend });
  await chipWorld.run(ids); // The first pass of a length builds its kernels.
  const [trace, milliseconds] = await timed(() => chipWorld.run(ids));
  const [plainTrace, plainMilliseconds] = await timed(() => world.run(ids));
  return {
    backend: chip.backend,
    reason: chip.reason,
    milliseconds,
    plainMilliseconds,
    difference: largestDifference(trace, plainTrace, world),
    trace,
  };
}

function openChip(wanted: 'auto' | Backend): Promise<Chip> {
  const known = chips.get(wanted);
  if (known) return known;
  const opened = import('../attention/gpu.ts').then(({ createGpuAttend }) => createGpuAttend({ backend: wanted }));
  chips.set(wanted, opened);
  opened.catch(() => chips.delete(wanted));
  return opened;
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await run();
  return [result, performance.now() - start];
}

function largestDifference(one: ForwardTrace, other: ForwardTrace, world: World): number {
  let most = 0;
  one.layers.forEach(({ attention }, layer) => {
    const weights = other.layers[layer].attention.weights;
    for (let i = 0; i < weights.length; i++) most = Math.max(most, Math.abs(attention.weights[i] - weights[i]));
  });
  const odds = oddsOfModel(other, world);
  for (const [word, p] of oddsOfModel(one, world)) most = Math.max(most, Math.abs(p - odds.get(word)!));
  return most;
}
