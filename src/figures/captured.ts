/**
 * What a published model said once, kept in `content/captured/`: such a model is too large for this repository, and what it
 * says of one text is small. Whoever reads a number can have the file it came from, by its hash.
 */
import { z } from 'zod';
import type { Odds } from './odds.ts';

const schema = z.strictObject({
  /** As a reader sees it. */
  model: z.string().min(1),
  /** The file of weights, and its SHA-256. */
  file: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string().min(1),
  /** The day on which it was asked. */
  captured: z.iso.date(),
  /** What computed the numbers. */
  by: z.string().min(1),
  /** Entries in its vocabulary, whole words and pieces of words. */
  vocabulary: z.number().int().positive(),
  text: z.string().min(1),
  /** Word → probability of coming next; words that are one entry of its vocabulary, and not all of those. */
  odds: z.record(z.string(), z.number().positive().max(1)),
  /** Words that are several entries of its vocabulary, with these. */
  inPieces: z.record(z.string(), z.array(z.string()).min(2)),
});

/** One model's answer to one text. */
export type Captured = z.infer<typeof schema>;

/**
 * @param text JSON
 * @param file its name, for messages
 * @throws {Error} that says what is not as it should be
 */
export function readCaptured(text: string, file: string): Captured {
  const read = schema.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`${file} is not what a model said:\n${z.prettifyError(read.error)}`);
  const { odds, inPieces } = read.data;
  const sum = Object.values(odds).reduce((total, p) => total + p, 0);
  if (sum > 1) throw new Error(`${file}: its probabilities add up to ${sum}, which is more than 1.`);
  const both = Object.keys(inPieces).find((word) => word in odds);
  if (both) throw new Error(`${file}: '${both}' has a probability and is said to be in pieces.`);
  return read.data;
}

/** The answer to a text, however it is written: what stands there counts, not capitals and spaces. */
export function capturedFor(all: readonly Captured[], text: string): Captured | undefined {
  const plain = (words: string) => words.toLowerCase().trim().replace(/\s+/g, ' ');
  return all.find((one) => plain(one.text) === plain(text));
}

/** Its odds as those of any model; a word it was not asked about has none. */
export function oddsCaptured({ odds }: Captured): Odds {
  return new Map(Object.entries(odds));
}
