/** Everything that is known of Easel, out of the files in public/model: for its card, and for the cards of its heads. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { calibrationBins } from '../figures/calibration-bins.ts';
import { readTrainingLog, type TrainingLog } from '../figures/training-log.ts';
import { type LanguageModel, openModel } from '../model/open.ts';

const share = z.number().min(0).max(1);
const place = z.object({ layer: z.number().int().min(1), head: z.number().int().min(1) });
/** The weights that something was measured on. */
const source = z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), seed: z.number() });

const target = z.object({
  statement: z.string(),
  value: z.number(),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
  unit: z.enum(['nats', 'distance', 'share', 'probability']),
  /** null: no bound, only told. */
  met: z.boolean().nullable(),
});
const tested = z.object({ name: z.string(), texts: z.number(), share, right: share, wrong: share });

const qualitySchema = z.object({
  model: source,
  targets: z.array(target),
  gap: z.object({
    loss: z.number(),
    entropy: z.number(),
    gap: z.number(),
    standardError: z.number(),
    texts: z.number(),
  }),
  prefixes: z.object({
    count: z.number(),
    variation: share,
    worst: z.array(z.object({ text: z.string(), variation: share })),
  }),
  prompts: z.array(z.object({ text: z.string(), variation: share })),
  frames: z.array(tested),
  strange: z.array(tested),
  kinds: z.array(z.object({ kind: z.string(), share, entropy: z.number(), divergence: z.number(), texts: z.number() })),
  calibration: calibrationBins,
});

const example = z.object({
  /** Words up to the one that looks. */
  text: z.string(),
  /** Places, from 0: the start. */
  query: z.number().int(),
  key: z.number().int(),
  weight: share,
  expected: z.array(z.number().int()),
});
const scores = z.object({
  gap: z.number(),
  guide: z.record(z.string(), share),
  frames: z.record(z.string(), share),
  names: z.record(z.string(), share),
  senses: z.record(z.string(), share),
});
const check = z.object({ rival: z.string(), measured: z.string(), value: z.number(), refuted: z.boolean() });

const headsSchema = z.object({
  model: source,
  roles: z.record(z.string(), place),
  noHead: z.record(z.string(), z.string()),
  evidence: z.record(
    z.string(),
    place.extend({
      claim: z.string(),
      measured: z.string(),
      value: z.number(),
      checks: z.array(check),
      convincing: z.boolean(),
      alsoConvincing: z.array(place),
    }),
  ),
  scores,
  heads: z.array(
    place.extend({
      looks: z.string(),
      habits: z.array(z.object({ from: z.array(z.string()), to: z.string(), share, sentences: share })).min(1),
      clear: z.boolean(),
      example,
      counterExample: example.nullable(),
      scoresWithout: scores,
    }),
  ),
});

const seedsSchema = z.object({
  models: z.array(source).min(2),
  statements: z.array(
    z.object({
      statement: z.string(),
      values: z.array(z.union([z.number(), z.string()])),
      holds: z.array(z.boolean()),
      holdsInAll: z.boolean(),
    }),
  ),
});

export type Quality = z.infer<typeof qualitySchema>;
export type HeadsReport = z.infer<typeof headsSchema>;
export type SeedsReport = z.infer<typeof seedsSchema>;
export type HeadReport = HeadsReport['heads'][number];
export type HeadExample = z.infer<typeof example>;

/** A file that a reader can take away. */
export interface WeightsFile {
  name: string;
  bytes: number;
  sha256: string;
}

export interface EaselFiles {
  model: LanguageModel;
  weights: WeightsFile;
  /** The same weights in fewer digits. */
  small: WeightsFile;
  training: TrainingLog;
  quality: Quality;
  heads: HeadsReport;
  /** Several trainings compared; absent where only one was measured. */
  seeds?: SeedsReport;
}

const WEIGHTS = 'easel.gguf';
const SMALL = 'easel.q8_0.gguf';

let known: { stamp: string; files: EaselFiles } | undefined;

/**
 * Reads the files and checks that they belong together. They are read again only when one of them has changed.
 *
 * @param folder public/model
 * @throws {Error} naming the file that is missing, damaged, or was measured on other weights, and the command that mends it
 */
export function readEaselFiles(folder: string): EaselFiles {
  const names = [WEIGHTS, SMALL, 'training.json', 'quality.json', 'heads.json', 'seeds.json'];
  const stamp = names
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((stat) => (stat ? `${stat.size} ${stat.mtimeMs}` : 'none'))
    .concat(folder)
    .join();
  if (known?.stamp !== stamp) known = { stamp, files: readAll(folder) };
  return known.files;
}

function readAll(folder: string): EaselFiles {
  const read = (name: string, command: string): Buffer => {
    const file = join(folder, name);
    if (existsSync(file)) return readFileSync(file);
    throw new Error(`There is no ${file}. It belongs to the repository; '${command}' makes it anew.`);
  };
  const bytes = read(WEIGHTS, 'npm run train');
  const model = openModel(new Uint8Array(bytes).buffer);
  const report = <T extends { model: z.infer<typeof source> }>(name: string, schema: z.ZodType<T>): T => {
    const json = parse(read(name, 'npm run evaluate'), join(folder, name), schema);
    refuseOtherWeights(json.model.sha256, bytes, join(folder, name));
    return json;
  };
  const log = join(folder, 'training.json');
  const seedsFile = join(folder, 'seeds.json');
  const seeds = existsSync(seedsFile) ? parse(readFileSync(seedsFile), seedsFile, seedsSchema) : undefined;
  if (seeds) refuseOtherWeights(seeds.models[0].sha256, bytes, seedsFile);
  return {
    model,
    weights: fileOf(WEIGHTS, bytes),
    small: fileOf(SMALL, read(SMALL, 'npm run train')),
    training: readTrainingLog(read('training.json', 'npm run train').toString('utf8'), log, model.metadata),
    quality: report('quality.json', qualitySchema),
    heads: report('heads.json', headsSchema),
    seeds,
  };
}

function fileOf(name: string, bytes: Buffer): WeightsFile {
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function parse<T>(bytes: Buffer, file: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}. 'npm run evaluate' writes it.`);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new Error(
    `${file} is not what it should be; 'npm run evaluate' writes it anew.\n${z.prettifyError(read.error)}`,
  );
}

/**
 * @param sha256 of the weights that a file was measured on; a file that does not say is taken as it is
 * @throws {Error} when they are other weights than these
 */
export function refuseOtherWeights(sha256: string | undefined, weights: Uint8Array, file: string): void {
  const own = createHash('sha256').update(weights).digest('hex');
  if (sha256 === undefined || sha256 === own) return;
  throw new Error(
    `${file} was measured on other weights (SHA-256 ${sha256.slice(0, 12)}…) than those that are here (${own.slice(0, 12)}…). Run npm run evaluate.`,
  );
}
