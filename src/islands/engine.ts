/** Easel in a page: fetched once for all figures, run on the processor, and on the graphics chip when a reader asks. */
import attentionModule from 'wasm:attention';
import type { AsyncAttend, Attend } from '../attention/attend.ts';
import type { Backend } from '../attention/gpu.ts';
import { plain } from '../attention/plain.ts';
import { createSimdAttend } from '../attention/simd.ts';
import { oddsOfModel } from '../figures/odds.ts';
import { type Changes, createWorld, type World } from '../figures/world.ts';
import type { ForwardTrace } from '../model/llama.ts';
import { openModel } from '../model/open.ts';
import { fetchBytes } from './island.ts';

const MODEL = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/model/easel.gguf`;

/**
 * The form of attention that a page computes with. `simd` answers four times as fast as `plain` at 24 words and five times
 * at 64 (a whole pass of Easel, of which attention is a small part, 7 and 15 % faster), and its 3 KB come while the model does.
 */
export interface PageForm {
  form: 'simd' | 'plain';
  /** Why it is not `simd`; '' where it is. */
  obstacle: string;
}

export type PageWorld = World & PageForm;

let opening: Promise<PageWorld> | undefined;

/**
 * The model with the fastest form of attention that runs here.
 * @throws Error when it cannot be fetched or read; the next call tries again
 */
export function openWorld(): Promise<PageWorld> {
  opening ??= fetchWorld().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function fetchWorld(): Promise<PageWorld> {
  const [model, { attend, ...form }] = await Promise.all([fetchBytes(MODEL).then(openModel), openForm()]);
  return { ...createWorld({ model, attend }), ...form };
}

async function openForm(): Promise<PageForm & { attend: Attend }> {
  try {
    if (typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not offered here');
    const module = await WebAssembly.compile(await fetchBytes(attentionModule));
    return { form: 'simd', obstacle: '', attend: await createSimdAttend(module) };
  } catch (error) {
    return { form: 'plain', obstacle: error instanceof Error ? error.message : String(error), attend: plain };
  }
}

/** What came of running a text on the graphics chip. */
export interface ChipRun {
  backend: Backend;
  /** Why it is this one. */
  reason: string;
  /** Milliseconds of one pass, when everything is warm: there, and by the page's own form. */
  milliseconds: number;
  ownMilliseconds: number;
  /** The largest difference from the page's own form among all weights of all heads and all next-word probabilities. */
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
export async function runOnChip(
  world: World,
  ids: readonly number[],
  wanted: 'auto' | Backend,
  changes: Changes = {},
): Promise<ChipRun> {
  const chip = await openChip(wanted);
  const chipWorld = createWorld({ model: world.model, attend: chip.attend });
  await chipWorld.run(ids, changes); // The first pass of a length builds its kernels.
  const [trace, milliseconds] = await timed(() => chipWorld.run(ids, changes));
  const [ownTrace, ownMilliseconds] = await timed(() => world.run(ids, changes));
  return {
    backend: chip.backend,
    reason: chip.reason,
    milliseconds,
    ownMilliseconds,
    difference: largestDifference(trace, ownTrace, world),
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
