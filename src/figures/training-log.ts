/** What training leaves behind beside the weights: `public/model/training.json`, as `npm run train` writes it. */
import { z } from 'zod';

const row = z.object({
  step: z.number().int().min(0),
  /** Words read so far, the warm-up lists among them. */
  tokens: z.number().int().min(0),
  /** Nats a place of the texts it was training on, mean since the row before. */
  loss: z.number().min(0),
  /** Nats a word above the language's entropy, on texts kept apart from training. */
  gap: z.number(),
});

const log = z.object({
  /** How many texts were kept apart. */
  heldOutTexts: z.number().int().min(1),
  /** Of the language on these texts, in nats a word: nobody can need less. */
  entropy: z.number().positive(),
  rows: z.array(row).min(2),
});

export type TrainingLog = z.infer<typeof log>;

/**
 * Reads a training log.
 *
 * @param text of the file
 * @param file for messages
 * @param metadata of the weights that the log should belong to
 * @throws {Error} when the file is not such a log, or is the log of another training
 */
export function readTrainingLog(text: string, file: string, metadata: ReadonlyMap<string, unknown>): TrainingLog {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}. 'npm run train' writes it.`);
  }
  const read = log.safeParse(json);
  if (!read.success) {
    throw new Error(`${file} is not a training log; 'npm run train' writes one.\n${z.prettifyError(read.error)}`);
  }
  const { rows, entropy } = read.data;
  const last = rows.at(-1)!;
  const own: [what: string, there: number, here: unknown, slack: number][] = [
    ['steps', last.step, metadata.get('easel.training.steps'), 0],
    ['words read', last.tokens, metadata.get('easel.training.tokens'), 0],
    ['entropy', entropy, metadata.get('easel.quality.entropy_nats'), 1e-4],
    ['gap', last.gap, metadata.get('easel.quality.gap_nats'), 1e-4],
  ];
  for (const [what, there, here, slack] of own) {
    if (typeof here === 'number' && Math.abs(there - here) <= slack) continue;
    throw new Error(
      `${file} is the log of another training: it ends with ${there} (${what}), where the weights say ${here}. 'npm run train' writes both.`,
    );
  }
  return read.data;
}
