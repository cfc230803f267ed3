/** Guess, then see: what a figure's numbers say about a question with a few words to choose from. */
import type { FigureData, ProvenanceKind } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { cellAt } from './look-up.ts';
import { quote } from './quote.ts';

export interface Choice {
  word: string;
  /** Its number, as prose says it. */
  said: string;
  value: number;
}

export interface GuessData {
  choices: Choice[];
  /** The choice with the largest number. */
  best: Choice;
  /** Whose numbers they are: 'the model', 'the language'. */
  who: string;
}

const speakers: Record<ProvenanceKind, string> = {
  exact: 'the language',
  learned: 'the model',
  'published model': 'the model',
  'hand-made': 'the table',
  random: 'the untrained model',
};

/**
 * The choices with their numbers, in the order of the author.
 *
 * @param column id of the column that judges; left out, where a row has only one number.
 * @throws {FigureError} when a choice has no number, two share the lead, or a word that is not offered has more than any.
 */
export function guessData(data: FigureData, words: readonly string[], column?: string): GuessData {
  if (words.length < 2) throw new FigureError('A guess needs at least two choices.', 'choices');
  const choices = words.map((word): Choice => {
    const value = cellAt(data, word, column);
    return { word, said: quote(data, word, column), value: value as number };
  });
  const ranked = [...choices].sort((a, b) => b.value - a.value);
  const [best, second] = ranked;
  if (best.value === second.value) {
    throw new FigureError(
      `'${best.word}' and '${second.word}' share the lead with ${best.said}: there is no answer.`,
      'choices',
    );
  }
  const columns = data.columns.flatMap((c, i) =>
    (column ? c.id === column || c.label === column : c.series) ? [i] : [],
  );
  const at = columns.find((c) => data.rows.some((row) => row[c] === best.value)) ?? columns[0];
  const larger = data.rows.find(
    (row) => typeof row[at] === 'number' && row[at] > best.value && row[0] !== 'every other word',
  );
  if (larger) {
    throw new FigureError(
      `'${larger[0]}' has more than any of the choices. Offer it too, or ask something else.`,
      'choices',
    );
  }
  const series = data.series.find(({ id }) => id === data.columns[at].series);
  return { choices, best, who: speakers[series?.provenance ?? 'learned'] };
}
