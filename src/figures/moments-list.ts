/** The model as it was while it was trained: `public/model/moments/index.json` and its files, as `npm run train` leaves them. */
import { z } from 'zod';
import type { LanguageModel } from '../model/open.ts';

const entry = z.object({
  step: z.number().int().min(0),
  /** Words read so far, the warm-up texts among them. */
  tokens: z.number().int().min(0),
  /** Nats a word above the language's entropy, on texts kept apart from training. */
  gap: z.number(),
  file: z.string().regex(/^[\w-]+\.gguf$/),
  bytes: z.number().int().min(1),
});

const list = z.object({
  moments: z
    .array(entry)
    .min(2)
    .refine(([{ step }]) => step === 0, 'the first moment is step 0: before training')
    .refine((all) => all.every(({ step }, i) => i === 0 || step > all[i - 1].step), 'steps grow'),
});

/** What a model was reading when a moment was kept. */
export type Reading = 'pairs' | 'lists and stories' | 'stories';

export interface MomentFacts extends z.infer<typeof entry> {
  /** What the step before it read; absent before training, and where the weights do not say. */
  reading?: Reading;
}

export interface Moment extends MomentFacts {
  /** Opens its file. */
  open(): Promise<LanguageModel>;
}

/**
 * Reads the list of moments.
 *
 * @param text of index.json
 * @param file for messages
 * @param metadata of the weights whose training it should be
 * @throws {Error} when the file is no such list, or the list of another training
 */
export function readMomentList(text: string, file: string, metadata: ReadonlyMap<string, unknown>): MomentFacts[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}. 'npm run train' writes it.`);
  }
  const read = list.safeParse(json);
  if (!read.success) {
    throw new Error(
      `${file} is no list of moments of a training; 'npm run train' writes one.\n${z.prettifyError(read.error)}`,
    );
  }
  const { moments } = read.data;
  const { step, tokens } = moments.at(-1)!;
  const [steps, all] = ['steps', 'tokens'].map((key) => metadata.get(`easel.training.${key}`));
  if (step !== steps || tokens !== all) {
    throw new Error(
      `${file} tells of another training: it ends after ${step} steps and ${tokens} words, where the weights say ${steps} and ${all}. 'npm run train' writes both.`,
    );
  }
  const command = String(metadata.get('easel.training.command') ?? '');
  const [pairs, lists] = ['pairs', 'lists'].map((kind) => new RegExp(`--${kind}-until (\\d+)`).exec(command)?.[1]);
  if (!pairs || !lists) return moments;
  const readingAt = (last: number): Reading =>
    last < Number(pairs) ? 'pairs' : last < Number(lists) ? 'lists and stories' : 'stories';
  return moments.map((moment) => (moment.step === 0 ? moment : { ...moment, reading: readingAt(moment.step - 1) }));
}
