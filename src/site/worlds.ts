/** The model file, opened for the figure script, the build and the dev server: once on gpu.js and once in float64. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AsyncAttend } from '../attention/attend.ts';
import { createGpuAttend, type GpuAttend } from '../attention/gpu.ts';
import { reference } from '../attention/reference.ts';
import { calibrationBins } from '../figures/calibration-bins.ts';
import { readCaptured } from '../figures/captured.ts';
import { type Moment, readMomentList } from '../figures/moments-list.ts';
import { readTrainingLog } from '../figures/training-log.ts';
import { createWorld, type HeadPlace, type World } from '../figures/world.ts';
import { compileKernels } from '../model/compile.ts';
import { type LanguageModel, openModel } from '../model/open.ts';
import { refuseOtherWeights } from './easel-files.ts';

export interface Worlds {
  /** Attention by gpu.js, float32: what is written. */
  gpu: World;
  /** Everything in float64, attention by the reference form: what it is held against. */
  reference: World;
  backend: GpuAttend['backend'];
  /** Why this backend. */
  reason: string;
  /** What attention on this backend has been asked so far, and how long it took. */
  attention: { calls: number; milliseconds: number };
  /** Changes when the model or the roles of its heads do. */
  fingerprint: string;
  close(): Promise<void>;
}

/**
 * Open the model of this project.
 *
 * @param root the project's folder.
 * @param backend one of gpu.js's modes, 'plain', or 'auto'.
 * @throws {Error} when there is no model yet, or the backend does not run here.
 */
export async function openWorlds(root: string, backend: 'auto' | GpuAttend['backend'] = 'auto'): Promise<Worlds> {
  const { fingerprint, ...parts } = openFiles(root);
  const gpu = await createGpuAttend({ backend });
  const attention = { calls: 0, milliseconds: 0 };
  const attend: AsyncAttend = async (input, options) => {
    const start = performance.now();
    const trace = await gpu.attend(input, options);
    attention.calls += 1;
    attention.milliseconds += performance.now() - start;
    return trace;
  };
  return {
    gpu: createWorld({ ...parts, attend }),
    attention,
    reference: createWorld({ ...parts, attend: reference, precision: 'float64' }),
    get backend() {
      return gpu.backend;
    },
    get reason() {
      return gpu.reason;
    },
    fingerprint,
    close: async () => gpu.destroy(),
  };
}

/** The same without gpu.js: enough to check what pages declare. */
export function openReferenceWorld(root: string): { world: World; fingerprint: string } {
  const { fingerprint, ...parts } = openFiles(root);
  return { world: createWorld({ ...parts, attend: reference, precision: 'float64' }), fingerprint };
}

function openFiles(root: string) {
  const modelFile = join(root, 'public/model/easel.gguf');
  const headsFile = join(root, 'public/model/heads.json');
  if (!existsSync(modelFile)) {
    throw new Error(`There is no model at ${modelFile}. It belongs to the repository; 'npm run train' makes it anew.`);
  }
  const bytes = readFileSync(modelFile);
  if (!existsSync(headsFile)) {
    throw new Error(`There is no ${headsFile}. It belongs to the repository; 'npm run evaluate' makes it anew.`);
  }
  const headsText = readFileSync(headsFile, 'utf8');
  const headsReport = JSON.parse(headsText);
  const heads: Record<string, HeadPlace> = headsReport.roles ?? {};
  refuseOtherWeights(headsReport.model?.sha256, bytes, headsFile);
  const model = openBytes(bytes);
  const { nLayers, nHeads } = model.config;
  for (const [role, { layer, head }] of Object.entries(heads)) {
    if (layer >= 1 && layer <= nLayers && head >= 1 && head <= nHeads) continue;
    throw new Error(
      `${headsFile} gives the role '${role}' to layer ${layer}, head ${head}, but ${model.name} has ${nLayers} layers of ${nHeads} heads. Run npm run evaluate.`,
    );
  }
  const [log, quality] = ['training.json', 'quality.json'].map((name) => {
    const file = join(root, 'public/model', name);
    return existsSync(file) ? { file, text: readFileSync(file, 'utf8') } : undefined;
  });
  const captured = globSync('content/captured/*.json', { cwd: root })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  const fingerprint = createHash('sha256').update(bytes);
  for (const { text } of captured) fingerprint.update(text);
  const momentsFile = join(root, 'public/model/moments/index.json');
  const momentsText = existsSync(momentsFile) ? readFileSync(momentsFile, 'utf8') : undefined;
  for (const text of [headsText, log?.text ?? '', quality?.text ?? '', momentsText ?? '']) fingerprint.update(text);
  return {
    model,
    heads,
    moments: momentsText === undefined ? undefined : openMoments(momentsText, momentsFile, model),
    kernels: pageKernels,
    training: log && readTrainingLog(log.text, log.file, model.metadata),
    calibration: quality && readCalibration(quality.text, quality.file, bytes),
    captured: captured.map(({ file, text }) => readCaptured(text, file)),
    fingerprint: fingerprint.digest('hex'),
  };
}

function openMoments(text: string, list: string, model: LanguageModel): Moment[] {
  return readMomentList(text, list, model.metadata).map((facts) => {
    let opened: LanguageModel | undefined;
    const open = async () => {
      opened ??= openBytes(readFileSync(join(dirname(list), facts.file)));
      return opened;
    };
    return { ...facts, open };
  });
}

function openBytes(bytes: Buffer): LanguageModel {
  return openModel(new Uint8Array(bytes).buffer);
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels that a page gets, so that what a build trains has the bytes of what a page trains. */
function pageKernels(): Promise<WebAssembly.Module> {
  compiled ??= compileKernels({ wide: false, shared: false, relaxed: false });
  return compiled;
}

function readCalibration(text: string, file: string, weights: Uint8Array) {
  const quality = JSON.parse(text);
  refuseOtherWeights(quality.model?.sha256, weights, file);
  const read = calibrationBins.safeParse(quality.calibration);
  if (read.success) return read.data;
  throw new Error(`${file} holds no calibration; 'npm run evaluate' writes it.\n${z.prettifyError(read.error)}`);
}
