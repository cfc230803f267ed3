/** Training texts, and how they are packed one after another into a batch. */

/** What the loss of one place compares with. */
export type Target =
  /** the word that really follows: nothing else was possible there */
  | 'certain'
  /** no loss at this place */
  | 'none'
  /** the distribution from which the next word was drawn */
  | { ids: ArrayLike<number>; probabilities: ArrayLike<number> };

export interface TrainingText {
  /** Word ids, without the start and end markers. */
  ids: readonly number[];
  /** One for each word and one for the end. */
  targets: readonly Target[];
}

/** Texts packed into one row; each begins with the start marker (id 0) at position 0. */
export interface Batch {
  ids: Int32Array;
  /** Place of each id in its own text. */
  positions: Int32Array;
  /** The id that follows; 0 at the end of a text. */
  following: Int32Array;
  targets: Target[];
  /** How many places are in use. */
  length: number;
  texts: number;
}

/**
 * Packs texts until the next does not fit; that one begins the next batch.
 *
 * @param size places in a batch
 * @param next the next text of the stream
 * @param waiting a text that goes first
 * @returns a function that gives the next batch; it uses the same arrays again each time
 */
export function packer(size: number, next: () => TrainingText, waiting?: TrainingText): () => Batch {
  const batch: Batch = {
    ids: new Int32Array(size),
    positions: new Int32Array(size),
    following: new Int32Array(size),
    targets: new Array<Target>(size),
    length: 0,
    texts: 0,
  };
  return () => {
    batch.length = 0;
    batch.texts = 0;
    for (;;) {
      const text: TrainingText = waiting ?? next();
      waiting = undefined;
      if (text.ids.length + 1 > size) {
        throw new Error(`Expected texts of at most ${size - 1} words but received one of ${text.ids.length}.`);
      }
      if (batch.length + text.ids.length + 1 > size) {
        waiting = text;
        return batch;
      }
      append(batch, text);
    }
  };
}

/** Adds one text to a batch. */
function append(batch: Batch, { ids, targets }: TrainingText): void {
  for (let position = 0; position <= ids.length; position++) {
    const place = batch.length++;
    batch.ids[place] = position === 0 ? 0 : ids[position - 1];
    batch.positions[place] = position;
    batch.following[place] = position < ids.length ? ids[position] : 0;
    batch.targets[place] = targets[position] ?? 'none';
  }
  batch.texts++;
}
