/** Trains the small model in a thread of its own, so that the page stays free. It goes on only when it is asked for more. */
import { measurePupil, type PupilPoint, trainPupil } from '../figures/pupil-training.ts';
import { fetchBytes } from './island.ts';

/** What starts it. */
export interface PupilTask {
  seed: number;
  steps: number;
  /** Address of the kernels. */
  kernels: string;
}

/** What it sends after every few steps; it then waits for the word 'more'. */
export interface PupilReport {
  point: PupilPoint;
  averaged: Float32Array;
  form: 'wasm' | 'plain';
  /** Why it is not WebAssembly; '' where it is. */
  obstacle: string;
  /** Milliseconds of work so far, without waiting. */
  worked: number;
}

export type PupilNews = PupilReport | { failed: string };

let goOn = () => {};

addEventListener('message', ({ data }: MessageEvent<PupilTask | 'more'>) => {
  if (data === 'more') goOn();
  else run(data).catch((error: unknown) => tell({ failed: error instanceof Error ? error.message : String(error) }));
});

async function run({ seed, steps, kernels }: PupilTask): Promise<void> {
  const { module, obstacle } = await openKernels(kernels);
  let worked = 0;
  let since = performance.now();
  await trainPupil(seed, steps, module, async (step, averaged) => {
    worked += performance.now() - since;
    const asked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    tell({
      point: measurePupil(averaged, step),
      averaged: averaged.slice(),
      form: module ? 'wasm' : 'plain',
      obstacle,
      worked,
    });
    await asked;
    since = performance.now();
  });
}

async function openKernels(address: string): Promise<{ module?: WebAssembly.Module; obstacle: string }> {
  try {
    if (typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not offered here');
    return { module: await WebAssembly.compile(await fetchBytes(address)), obstacle: '' };
  } catch (error) {
    return { obstacle: error instanceof Error ? error.message : String(error) };
  }
}

function tell(news: PupilNews): void {
  postMessage(news);
}
