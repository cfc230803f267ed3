/**
 * A training that can go on: its state and whatever its program wants to remember, as a GGUF file with a checksum behind
 * it. Readers of GGUF pay no heed to the checksum, so the weights in a checkpoint can be looked at with any of them.
 */

import { createHash } from 'node:crypto';
import { readGguf, tensorValues, writeGguf } from './gguf.ts';
import type { TrainingState } from './train.ts';

/** A file that is no checkpoint, or no longer whole. */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

const ARRAYS = ['weights', 'averaged', 'mean', 'square'] as const;
/** Bytes of a SHA-256. */
const HASH_BYTES = 32;

/**
 * The bytes of a checkpoint.
 *
 * @param notes anything that JSON can hold
 */
export function checkpointFile(state: TrainingState, notes: unknown): Uint8Array<ArrayBuffer> {
  const { step, tokens, drawn } = state;
  const file = writeGguf(
    [
      ['general.architecture', 'string', 'training-checkpoint'],
      ['checkpoint.state', 'string', JSON.stringify({ step, tokens, drawn })],
      ['checkpoint.notes', 'string', JSON.stringify(notes)],
    ],
    ARRAYS.map((name) => ({ name, shape: [state[name].length], type: 'F32', values: state[name] })),
  );
  const whole = new Uint8Array(file.length + HASH_BYTES);
  whole.set(file);
  whole.set(hashOf(file), file.length);
  return whole;
}

/**
 * The state and the notes of a checkpoint.
 *
 * @throws CheckpointError when a byte is missing or differs from what was written
 */
export function readCheckpoint(bytes: Uint8Array): { state: TrainingState; notes: unknown } {
  const file = Uint8Array.from(bytes.subarray(0, -HASH_BYTES));
  if (file.length === 0 || !hashOf(file).equals(bytes.subarray(-HASH_BYTES))) {
    throw new CheckpointError('Its checksum is not that of its contents: it is damaged, cut short, or no checkpoint.');
  }
  const { metadata, tensors } = readGguf(file.buffer);
  const [weights, averaged, mean, square] = ARRAYS.map((name) => tensorValues(file.buffer, tensors.get(name)!));
  const counts = JSON.parse(String(metadata.get('checkpoint.state'))) as Pick<
    TrainingState,
    'step' | 'tokens' | 'drawn'
  >;
  return {
    state: { ...counts, weights, averaged, mean, square },
    notes: JSON.parse(String(metadata.get('checkpoint.notes'))),
  };
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
